"""Fit the points of a rubric profile to scores that a bureau gave itself, and test on projects left out whether that helps.

The fit moves few numbers: the points of each visible sub-item (never above what the official form gives it), the shares a
major and a minor defect cost, and the share of rows at which a defect costs its full points. It minimises
``sum((score - label)^2) / READER^2 + sum(log(value / shipped)^2) / LEEWAY^2``: labels are trusted as far as careful readers
agree with each other, and a number leaves its shipped value only as far as the labels pay for it. Rules, gates and cut-offs
stay as they are.

Source: sub-items of the review form of 财预〔2015〕88号; penalised least squares as in any ridge regression.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

from perfscore.agreement import SEED, Agreement, agreement, compare
from perfscore.errors import PerfscoreError
from perfscore.grading import price
from perfscore.profile import Profile
from perfscore.scorecard import Scorecard

__all__ = ["LEAST", "Calibration", "calibrate"]

LEAST = 20  # labelled projects, below which ten numbers cannot be told from noise
FOLDS = 5
READER = 5.0  # points by which the scores of two careful readers differ, as one standard deviation
LEEWAY = 0.2  # standard deviation of the logarithm of a fitted number: about a fifth up or down
# Points of the sub-items in the official form; to be checked like those of the profile itself.
OFFICIAL = {
    "规范完整性": 10,
    "明确清晰性": 10,
    "目标相关性": 10,
    "指标科学性": 10,
    "绩效合理性": 15,
    "资金匹配性": 15,
    "实现可能性": 15,
}
NEAR = 1e-3  # relative change at which the fit ends: its numbers are rounded far more coarsely
SLACK = 0.02  # tau-b that may be lost where the distance gains: two neighbours of twenty that change places
STEP = 0.02  # of a value, for derivatives: points are rounded to 0.01, so a smaller step would see nothing


@dataclass(frozen=True, eq=False, repr=False)
class Calibration:
    """What ``calibrate`` returns.

    Attributes
    ----------
    profile : the profile to use: the fitted one if it helped, else the one that was given
    fitted : the profile fitted to all labelled projects
    helped : whether projects left out of the fit came nearer to their labels by more than one standard error, and tau-b
        did not fall by more than ``SLACK``
    before, after : agreement on the projects left out, with the given profile and with the one fitted without them
    folds : one row a fold: ``left_out`` (a document, or the number of a group), ``n``, ``before`` and ``after`` (mean
        absolute difference)
    points : one row a fitted number: ``item``, ``before``, ``after``
    unmatched : labels that stand beside nothing, and ``why_not``
    """

    profile: Profile
    fitted: Profile
    helped: bool
    before: Agreement
    after: Agreement
    folds: pd.DataFrame
    points: pd.DataFrame
    unmatched: pd.DataFrame

    def __repr__(self) -> str:
        gain = f"{self.before.mad:.2f} -> {self.after.mad:.2f}"
        return f"<Calibration: {self.before.n} projects, held-out difference {gain}, helped: {self.helped}>"


def calibrate(scorecard: Scorecard, projects: pd.DataFrame, profile: Profile) -> Calibration:
    """Fit a profile to labelled project scores, and cross-validate.

    Left out in turn are whole documents where the labels cover at least three, else ``FOLDS`` groups of projects.

    Parameters
    ----------
    scorecard : what ``score`` returned for the documents the labels speak of
    projects : one row a labelled project: ``doc`` and ``project_no`` (or another key), and ``score`` 0-100
    profile : where the fit starts and what it is held to

    Raises
    ------
    PerfscoreError
        fewer than ``LEAST`` labelled projects could be matched, or all have the same score
    SchemaError
        a column is missing

    Examples
    --------
    >>> from perfscore import Config, load_sample, score
    >>> card, shipped = score(load_sample()), Config().profile
    >>> labels = card.projects[["project_id", "score"]].assign(score=lambda frame: frame["score"] * 0.9)
    >>> result = calibrate(card, labels, shipped)
    >>> result.after.mad < result.before.mad
    True
    """
    labelled, unmatched = compare(scorecard, projects)
    if len(labelled) < LEAST:
        raise PerfscoreError(
            f"对得上的已评分项目只有 {len(labelled)} 个，至少要 {LEAST} 个才能校准"
            f"（另有 {len(unmatched)} 条标注没有对上）；请补充评分，或沿用现有分值"
        )
    if labelled["labelled_score"].nunique() == 1:
        raise PerfscoreError("全部项目的评分相同，看不出哪些问题更重，无法校准；请给出有高有低的评分")
    fit = _Fit(scorecard, labelled, profile)
    docs = labelled["project_id"].map(scorecard.projects.set_index("project_id")["doc"])
    before, after = fit.scores(profile), np.empty(len(labelled))
    folds = []
    for name, out in _folds(docs):
        after[out] = fit.scores(fit.run(~out))[out]
        far = [float(np.abs(scores - fit.labels)[out].mean()) for scores in (before, after)]
        folds.append((name, int(out.sum()), *far))
    agreed = [agreement(labelled["labelled_score"], pd.Series(scores)) for scores in (before, after)]
    gain = np.abs(before - fit.labels) - np.abs(after - fit.labels)
    helped = bool(gain.mean() > gain.std(ddof=1) / np.sqrt(len(gain))) and agreed[1].tau_b >= agreed[0].tau_b - SLACK
    fitted = fit.run(np.ones(len(labelled), bool))
    points = [_numbers(one) for one in (profile, fitted)]
    return Calibration(
        profile=fitted if helped else profile,
        fitted=fitted,
        helped=helped,
        before=agreed[0],
        after=agreed[1],
        folds=pd.DataFrame(folds, columns=["left_out", "n", "before", "after"]),
        points=pd.DataFrame({"item": list(points[0]), "before": points[0].values(), "after": points[1].values()}),
        unmatched=unmatched,
    )


def _folds(docs: pd.Series) -> Iterator[tuple[str, np.ndarray]]:
    """Yield, for each fold, its name and which projects are left out."""
    if docs.nunique() >= 3:
        for doc in sorted(docs.unique()):
            yield doc, docs.eq(doc).to_numpy()
        return
    group = np.random.default_rng(SEED).permutation(len(docs)) % FOLDS
    for number in range(FOLDS):
        yield f"{number + 1}", group == number


class _Fit:
    """Scores of the labelled projects under any profile, and the profile that fits some of them best."""

    def __init__(self, scorecard: Scorecard, labelled: pd.DataFrame, profile: Profile) -> None:
        self.ids, self.labels, self.base = labelled["project_id"], labelled["labelled_score"].to_numpy(float), profile
        self.findings = scorecard.findings[scorecard.findings["project_id"].isin(self.ids)]
        self.n_rows = scorecard.indicators.query("judged").groupby("project_id").size()
        shipped = profile.criteria
        share, minor = profile.severity["major"], profile.severity["minor"] / profile.severity["major"]
        # Factors of the shipped values, in the order of ``profile``.
        self.lowest = np.array([*(1 / points for points in shipped.values()), 0.2, 0.2, 0.3])
        tops = [max(OFFICIAL.get(name, 0), points) / points for name, points in shipped.items()]
        self.highest = np.array([*tops, 1 / share, 1 / minor, 1 / profile.full_share])

    def scores(self, profile: Profile) -> np.ndarray:
        """Return the scores (0-100) of the labelled projects."""
        points = price(self.findings, self.n_rows, profile).groupby("project_id")["points"].sum()
        return 100 - self.ids.map(points).fillna(0.0).to_numpy(float)

    def profile(self, factors: np.ndarray) -> Profile:
        """Return the shipped profile with its numbers multiplied: those of the sub-items, major, minor, full share."""
        *criteria, major, minor, full_share = factors
        share = self.base.severity["major"] * major
        return replace(
            self.base,
            criteria={
                name: points * by for (name, points), by in zip(self.base.criteria.items(), criteria, strict=True)
            },
            # A minor defect is reckoned on a major one, so that it never costs more.
            severity={**self.base.severity, "major": share, "minor": self.base.severity["minor"] * major * minor},
            full_share=self.base.full_share * full_share,
        )

    def run(self, used: np.ndarray) -> Profile:
        """Return the profile fitted to the projects used, its numbers rounded as a person would write them."""

        def misfit(factors: np.ndarray) -> np.ndarray:
            off = (self.scores(self.profile(factors)) - self.labels)[used]
            return np.concatenate([off / READER, np.log(factors) / LEEWAY])

        start = np.clip(np.ones(len(self.lowest)), self.lowest, self.highest)
        best = least_squares(
            misfit, start, bounds=(self.lowest, self.highest + 1e-9), diff_step=STEP, ftol=NEAR, xtol=NEAR
        ).x
        return _rounded(self.profile(best), int(used.sum()))


def _rounded(profile: Profile, n: int) -> Profile:
    return replace(
        profile,
        name="calibrated",
        title=f"{profile.title}，分值按 {n} 个项目的评分校准",
        verified=False,
        criteria={name: round(points * 2) / 2 for name, points in profile.criteria.items()},
        severity={name: round(share * 20) / 20 for name, share in profile.severity.items()},
        full_share=round(profile.full_share * 20) / 20,
    )


def _numbers(profile: Profile) -> dict[str, float]:
    return {
        **profile.criteria,
        "share_major": profile.severity["major"],
        "share_minor": profile.severity["minor"],
        "full_share": profile.full_share,
    }
