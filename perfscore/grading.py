"""The score as a replayable fold over findings, the gates that cap a grade, and 未评.

Every finding costs the points of its sub-item times its severity; a finding on a row costs its row's share of that,
reckoned on ``full_share`` of the rows, so that the length of a table does not matter. Two caps follow, each easy to redo
by hand: in one row a family is paid once (its dearest finding), and a dimension loses no more than it has. Points are on
the scale of 0-100 of what a table can show, so ``score = 100 - sum(points)``.

Sources: dimensions and sub-items of 财预〔2015〕88号, grades of 财预〔2020〕10号; see the profile for the figures.
"""

import numpy as np
import pandas as pd

from perfscore.config import Config, Profile
from perfscore.official import CRITERIA, SEVERITIES
from perfscore.official import GRADES as BEST_FIRST
from perfscore.rules.registry import catalogue
from perfscore.schema import GRADES, conform

__all__ = ["grade", "price"]

DIMENSIONS = {
    "完整性": "lost_completeness",
    "相关性": "lost_relevance",
    "适当性": "lost_appropriateness",
    "可行性": "lost_feasibility",
}
KEYS = ["project_id", "code", "row_no"]


def price(findings: pd.DataFrame, n_rows: pd.Series, profile: Profile) -> pd.DataFrame:
    """Fill in the points of every finding.

    Parameters
    ----------
    findings : FINDINGS, in any order
    n_rows : rows judged in each project, indexed by project_id
    profile : rubric that says what a sub-item and a severity are worth

    Returns
    -------
    FINDINGS in the order of project, code and row, with ``points`` rounded to 0.01
    """
    findings = findings.sort_values(KEYS, kind="stable", na_position="first").reset_index(drop=True)
    if findings.empty:
        return findings
    criterion = findings["code"].map({rule.code: rule.criterion for rule in catalogue()})
    dimension = criterion.map(CRITERIA)
    points = {name: 100 * visible / profile.visible for name, visible in profile.criteria.items()}
    worth = criterion.map(points).fillna(0.0)
    full = worth * findings["severity"].map(dict(profile.severity)).fillna(0.0)
    rows = findings["project_id"].map(n_rows).astype(float)
    on_row = findings["row_no"].notna()
    cost = full.where(~on_row, full / (rows * profile.full_share)).where(rows > 0, full).to_numpy(float)
    cost = _dearest_of_family(findings, cost)
    whole = {name: sum(points[item] for item in points if CRITERIA[item] == name) for name in DIMENSIONS}
    cost = _capped(cost, dimension.map(whole).fillna(0.0).to_numpy(float), [findings["project_id"], dimension])
    return findings.assign(points=np.round(cost, 2))


def _dearest_of_family(findings: pd.DataFrame, cost: np.ndarray) -> np.ndarray:
    keys = findings["project_id"] + "\t" + findings["code"].str[:3] + "\t" + findings["row_no"].astype("str")
    # A finding on the whole table belongs to no row, so it stands alone.
    alone = pd.Series([f"\t{place}" for place in range(len(findings))], index=findings.index)
    keys = keys.where(findings["row_no"].notna(), alone)
    order = np.lexsort((np.arange(len(cost)), -cost))
    first = ~keys.iloc[order].duplicated().to_numpy()
    kept = np.zeros(len(cost), bool)
    kept[order[first]] = True
    return np.where(kept, cost, 0.0)


def _capped(cost: np.ndarray, cap: np.ndarray, keys: list[pd.Series]) -> np.ndarray:
    """Let the costs of a group add up to no more than its cap: first come, first paid."""
    before: np.ndarray = pd.Series(cost).groupby([key.to_numpy() for key in keys]).cumsum().to_numpy(float) - cost
    left: np.ndarray = np.maximum(cap - before, 0.0)
    return np.asarray(np.minimum(left, cost))


def grade(projects: pd.DataFrame, indicators: pd.DataFrame, findings: pd.DataFrame, config: Config) -> pd.DataFrame:
    """Turn priced findings into GRADES: the worst grade first, in a grade the lowest score, 未评 last.

    Parameters
    ----------
    projects : PROJECTS
    indicators : INDICATORS with the columns ``left_out`` (on purpose) and ``judged`` (whether the row could be judged)
    findings : FINDINGS with points, as ``price`` returns them
    config : settings; the profile holds cut-offs and gates
    """
    profile = config.profile
    ids = projects["project_id"]
    printed = ids.map(indicators.groupby("project_id").size()).fillna(0).astype(int)
    rows = indicators[~indicators["left_out"]].groupby("project_id", sort=False)["judged"]
    n_rows = ids.map(rows.sum()).fillna(0).astype(int)
    assessable = ids.map(rows.mean()).fillna(0.0).astype(float)
    lost = findings["points"].groupby(findings["project_id"]).sum()
    score = (100 - ids.map(lost).fillna(0.0).astype(float)).round(2)
    rated = (n_rows > 0) & (assessable >= config.min_assessable)
    caps, reasons = _gates(findings, n_rows.set_axis(ids), profile)
    cap = ids.map(caps).fillna(0).astype(int)
    by_score = score.map(lambda value: BEST_FIRST.index(profile.grade(value)))
    final = np.maximum(by_score, cap)
    graded = projects.assign(
        n_rows=printed,
        score=score.where(rated),
        grade=pd.Series([BEST_FIRST[place] for place in final], index=projects.index).where(rated, "未评"),
        gates=ids.map(reasons).where(cap > by_score, "").where(rated, "").fillna(""),
        visible=profile.visible,
        assessable=assessable.round(4),
        reason=_reasons(printed, assessable, rated, config),
        n_findings=ids.map(findings.groupby("project_id").size()).fillna(0).astype(int),
        **_lost_by_dimension(ids, findings),
    )
    graded["worst"] = pd.Series(-final, index=projects.index).where(rated)
    graded = graded.sort_values(["worst", "score", "project_id"], na_position="last", kind="stable")
    # Equals share a rank: the number of projects before them, and one.
    firsts = pd.Series(range(1, len(graded) + 1), index=graded.index)
    graded["rank"] = firsts.groupby([graded["worst"], graded["score"]]).transform("min").astype("Int64")
    return conform(graded, GRADES)


def _reasons(n_rows: pd.Series, assessable: pd.Series, rated: pd.Series, config: Config) -> pd.Series:
    few = assessable.map(lambda share: f"能判读的指标行只占{share:.0%}，低于{config.min_assessable:.0%}")
    return few.where(n_rows > 0, "没有读到指标行").where(~rated, "")


def _lost_by_dimension(ids: pd.Series, findings: pd.DataFrame) -> dict[str, pd.Series]:
    dimension = findings["code"].map({rule.code: CRITERIA[rule.criterion] for rule in catalogue()})
    lost = findings["points"].groupby([findings["project_id"], dimension]).sum()
    return {
        column: ids.map(lost.xs(name, level=1) if name in lost.index.get_level_values(1) else {}).fillna(0.0).round(2)
        for name, column in DIMENSIONS.items()
    }


def _gates(findings: pd.DataFrame, n_rows: pd.Series, profile: Profile) -> tuple[pd.Series, pd.Series]:
    """Return, by project_id, the place of the worst cap in BEST_FIRST and the reasons of all gates that closed."""
    caps: dict[str, int] = {}
    reasons: dict[str, list[str]] = {}
    for gate in profile.gates:
        serious = SEVERITIES[: SEVERITIES.index(gate["severity"]) + 1]
        hit = findings[(findings["code"] == gate["code"]) & findings["severity"].isin(serious)]
        counts = hit.groupby("project_id")["row_no"].agg(["nunique", "size"])
        for project_id, (on_rows, _) in zip(counts.index, counts.to_numpy(), strict=True):
            if on_rows >= gate["share"] * max(1, n_rows.get(project_id, 0)):
                caps[project_id] = max(caps.get(project_id, 0), BEST_FIRST.index(gate["cap"]))
                reasons.setdefault(project_id, []).append(f"{gate['reason']}，最高评{gate['cap']}")
    joined = {project_id: "；".join(texts) for project_id, texts in reasons.items()}
    return pd.Series(caps, dtype=float), pd.Series(joined, dtype="str")
