"""The score as a replayable fold over findings, the gates that cap a grade, and 未评.

Every finding costs the points of its sub-item times its severity; a finding on a row costs its row's share of that,
reckoned on ``full_share`` of the rows, so that the length of a table does not matter. Two caps follow, each easy to redo
by hand: in one row a family is paid once (its dearest finding), and a dimension loses no more than it has. Points are on
the scale of 0-100 of what a table can show, so ``score = 100 - sum(points)``.

Sources: dimensions and sub-items of 财预〔2015〕88号, grades of 财预〔2020〕10号; see the profile for the figures.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfscore.config import Config
from perfscore.official import CRITERIA, SEVERITIES
from perfscore.official import GRADES as BEST_FIRST
from perfscore.profile import Profile
from perfscore.rules.registry import catalogue
from perfscore.schema import GRADES, conform
from perfscore.similar import firsts, numbered

__all__ = ["grade", "price", "rank"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

UNRATED = "未评"

DIMENSIONS = {
    "完整性": "lost_completeness",
    "相关性": "lost_relevance",
    "适当性": "lost_appropriateness",
    "可行性": "lost_feasibility",
}


def price(findings: pd.DataFrame, n_rows: pd.Series, profile: Profile) -> pd.DataFrame:
    """Fill in the points of every finding.

    Parameters
    ----------
    findings : FINDINGS
    n_rows : rows judged in each project, indexed by project_id
    profile : rubric that says what a sub-item and a severity are worth

    Returns
    -------
    FINDINGS in the order of project, code and row, with ``points`` rounded to 0.01
    """
    findings = _ordered(findings)
    if findings.empty:
        return findings
    row_no = _row_no(findings)
    dimension = {rule.code: CRITERIA[rule.criterion] for rule in catalogue()}
    points = {name: 100 * visible / profile.visible for name, visible in profile.criteria.items()}
    worth = _per_value(findings["code"], {rule.code: points.get(rule.criterion, 0.0) for rule in catalogue()}, 0.0)
    full = worth * _per_value(findings["severity"], profile.severity, 0.0)
    project, ids = _numbered(findings["project_id"])
    rows = n_rows.reindex(ids).fillna(0).to_numpy(float)[project]
    share = np.divide(full, rows * profile.full_share, out=full.copy(), where=(row_no > 0) & (rows > 0))
    code, names = _numbered(findings["code"])
    family, families = pd.factorize(np.array([name[:3] for name in names], object))
    cost = _dearest_of_family(share, project * len(families) + family[code], row_no)
    whole = {name: sum(points[item] for item in points if CRITERIA[item] == name) for name in DIMENSIONS}
    caps = {code: whole[name] for code, name in dimension.items()}
    places = {code: list(DIMENSIONS).index(name) for code, name in dimension.items()}
    group = project * len(DIMENSIONS) + _per_value(findings["code"], places, 0).astype(np.int64)
    cost = _capped(cost, _per_value(findings["code"], caps, 0.0), group)
    return findings.assign(points=np.round(cost, 2))


def _ordered(findings: pd.DataFrame) -> pd.DataFrame:
    """Put FINDINGS in the order of project, code and row, those on the whole table first."""
    project, code, row_no = _ranks(findings["project_id"]), _ranks(findings["code"]), _row_no(findings)
    place = (project * (code.max(initial=0) + 1) + code) * (row_no.max(initial=0) + 1) + row_no
    if (np.diff(place) >= 0).all():
        return findings.reset_index(drop=True)
    return findings.take(np.argsort(place, kind="stable")).reset_index(drop=True)


def _row_no(findings: pd.DataFrame) -> Ints:
    """Rows are counted from 1; 0 is the whole table."""
    return findings["row_no"].fillna(0).to_numpy(np.int64)


def _numbered(column: pd.Series) -> tuple[Ints, Texts]:
    """Number the cells of a column by its distinct texts, which a category knows already; -1 for a missing one."""
    coded = isinstance(column.dtype, pd.CategoricalDtype)
    codes, distinct = (column.cat.codes, column.cat.categories) if coded else pd.factorize(column)
    return np.asarray(codes, np.int64), np.asarray(distinct, np.object_)


def _ranks(column: pd.Series) -> Ints:
    """Number the cells of a column in the order of their texts."""
    codes, distinct = _numbered(column)
    return np.argsort(np.argsort(distinct))[codes]


def _owner(projects: "pd.Index[Any]", column: pd.Series) -> Ints:
    """Position of the project of each cell."""
    codes, ids = _numbered(column)
    return projects.get_indexer(pd.Index(ids))[codes].astype(np.int64)


def _per_value(column: pd.Series, answers: Mapping[str, float], otherwise: float) -> Floats:
    """What a table says of each cell, looked up once per distinct cell."""
    codes, distinct = _numbered(column)
    return np.array([*(answers.get(value, otherwise) for value in distinct), otherwise], float)[codes]


def _dearest_of_family(cost: Floats, family: Ints, row_no: Ints) -> Floats:
    """Keep in each row only the dearest finding of each family of a project, the first of equals."""
    kept = np.where(row_no > 0, 0.0, cost)  # a finding on the whole table belongs to no row, so it stands alone
    on_row = np.flatnonzero(row_no > 0)
    group, first = numbered(family[on_row], row_no[on_row])
    most = np.zeros(len(first))
    np.maximum.at(most, group, cost[on_row])
    equal = np.flatnonzero(cost[on_row] == most[group])
    dearest = on_row[equal[firsts(group[equal])]]
    kept[dearest] = cost[dearest]
    return kept


def _capped(cost: Floats, cap: Floats, group: Ints) -> Floats:
    """Let the costs of a group add up to no more than its cap: first come, first paid."""
    before = pd.Series(cost).groupby(group).cumsum().to_numpy(float) - cost
    return np.asarray(np.minimum(np.maximum(cap - before, 0.0), cost))


def grade(projects: pd.DataFrame, indicators: pd.DataFrame, findings: pd.DataFrame, config: Config) -> pd.DataFrame:
    """Turn priced findings into GRADES, not ranked yet: of any projects, with all their rows and findings.

    Parameters
    ----------
    projects : PROJECTS
    indicators : INDICATORS with the columns ``left_out`` (on purpose) and ``judged`` (whether the row could be judged)
    findings : FINDINGS with points, as ``price`` returns them
    config : settings; the profile holds cut-offs and gates
    """
    profile, count = config.profile, len(projects)
    ids = pd.Index(projects["project_id"])
    owner = _owner(ids, indicators["project_id"])
    printed = np.bincount(owner, minlength=count)
    judged = indicators["judged"].to_numpy(bool) & ~indicators["left_out"].to_numpy(bool)
    asked = np.bincount(owner[~indicators["left_out"].to_numpy(bool)], minlength=count)
    n_rows = np.bincount(owner[judged], minlength=count)
    assessable = n_rows / np.where(asked > 0, asked, 1)
    project = _owner(ids, findings["project_id"])
    points = findings["points"].to_numpy(float)
    score = np.round(100 - np.bincount(project, points, count), 2)
    rated = (n_rows > 0) & (assessable >= config.min_assessable)
    cap, reasons = _gates(findings, project, n_rows, profile)
    lowest = np.array([profile.cutoffs[name] for name in BEST_FIRST[:-1]], float)
    by_score = (score[:, None] < lowest[None, :]).sum(axis=1)
    final = np.array(BEST_FIRST, object)[np.maximum(by_score, cap)]
    dimension = {rule.code: list(DIMENSIONS.values()).index(DIMENSIONS[rule.dimension]) for rule in catalogue()}
    lost = project * len(DIMENSIONS) + _per_value(findings["code"], dimension, 0).astype(np.int64)
    lost_in = np.round(np.bincount(lost, points, count * len(DIMENSIONS)).reshape(count, len(DIMENSIONS)), 2)
    graded = projects.reset_index(drop=True).assign(
        n_rows=printed,
        score=np.where(rated, score, np.nan),
        grade=pd.Series(np.where(rated, final, UNRATED), dtype="str"),
        gates=pd.Series(np.where(rated & (cap > by_score), reasons, ""), dtype="str"),
        visible=profile.visible,
        assessable=np.round(assessable, 4),
        reason=pd.Series(_reasons(printed, assessable, rated, config), dtype="str"),
        n_findings=np.bincount(project, minlength=count),
        **{column: np.where(rated, lost_in[:, place], np.nan) for place, column in enumerate(DIMENSIONS.values())},
    )
    return conform(graded, GRADES)


def rank(graded: pd.DataFrame) -> pd.DataFrame:
    """Put GRADES in order and number them: the worst grade first, in a grade the lowest score, 未评 last.

    Equals share a rank: the number of projects before them, and one.
    """
    place = {name: -at for at, name in enumerate(BEST_FIRST)} | {UNRATED: 1}
    worst, score = _per_value(graded["grade"], place, 1), graded["score"].to_numpy(float)
    order = np.lexsort((pd.factorize(graded["project_id"], sort=True)[0], score, worst))
    graded, worst, score = graded.take(order).reset_index(drop=True), worst[order], score[order]
    first = np.append(True, (np.diff(worst) != 0) | (np.diff(score) != 0))[: len(graded)]
    before = np.maximum.accumulate(np.where(first, np.arange(len(graded)), 0))
    ranks = pd.Series(before + 1, dtype="Int64").where(graded["grade"] != UNRATED)
    return graded.assign(rank=ranks)


def _reasons(n_rows: Ints, assessable: Floats, rated: Marks, config: Config) -> Texts:
    reasons = np.where(n_rows > 0, "", "没有读到指标行").astype(object)
    few = np.flatnonzero(~rated & (n_rows > 0))
    reasons[few] = [f"能判读的指标行只占{assessable[at]:.0%}，低于{config.min_assessable:.0%}" for at in few]
    return reasons


def _gates(findings: pd.DataFrame, project: Ints, n_rows: Ints, profile: Profile) -> tuple[Ints, Texts]:
    """Return, for each project, the place of the worst cap in BEST_FIRST and the reasons of all gates that closed."""
    caps = np.zeros(len(n_rows), np.int64)
    reasons = np.full(len(n_rows), "", object)
    row_no = _row_no(findings)
    slight = _per_value(findings["severity"], {name: place for place, name in enumerate(SEVERITIES)}, len(SEVERITIES))
    code, names = _numbered(findings["code"])
    for gate in profile.gates:
        hit = np.flatnonzero((names == gate["code"])[code] & (slight <= SEVERITIES.index(gate["severity"])))
        once = hit[numbered(project[hit], row_no[hit])[1]]
        on_rows = np.bincount(project[once[row_no[once] > 0]], minlength=len(n_rows))
        met = np.bincount(project[hit], minlength=len(n_rows)) > 0
        closed = met & (on_rows >= gate["share"] * np.maximum(1, n_rows))
        caps[closed] = np.maximum(caps[closed], BEST_FIRST.index(gate["cap"]))
        more = np.where(reasons[closed] == "", "", "；")
        reasons[closed] += more.astype(object) + f"{gate['reason']}，最高评{gate['cap']}"
    return caps, reasons
