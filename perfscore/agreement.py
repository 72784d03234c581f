"""How far project scores agree with those of careful readers: rank and distance, with intervals."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import kendalltau

from perfscore.labels import astray, matched, named, numbers

if TYPE_CHECKING:
    from perfscore.scorecard import Scorecard

__all__ = ["DRAWS", "LABELLED", "LEVEL", "SEED", "Agreement", "Figures", "agreement", "compare", "interval"]

LEVEL = 0.95  # of every interval
DRAWS = 2000
SEED = 20150088
Figures = NDArray[np.float64]
LABELLED = ["project_id", "project_name", "labelled_score", "score", "off_by", "labelled_grade", "grade"]


class Agreement(NamedTuple):
    """Scores against labelled scores: how many projects, Kendall's tau-b with its interval, mean absolute difference."""

    n: int
    tau_b: float
    tau_low: float
    tau_high: float
    mad: float


def compare(scorecard: "Scorecard", projects: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put labelled scores beside those of a scorecard; several labels of one project count as their mean.

    Parameters
    ----------
    scorecard : what ``score`` returned
    projects : labels of projects, as ``evaluate`` takes them

    Returns
    -------
    The frames ``labelled`` and ``unmatched`` of an ``Evaluation``

    Raises
    ------
    SchemaError
        a column is missing
    """
    labels = named(projects)
    labels["labelled_score"] = numbers(labels, "score")
    places = matched(labels, scorecard.projects)
    off_scale = places["why_not"].eq("") & ~labels["labelled_score"].between(0, 100)
    places.loc[off_scale, "why_not"] = "得分不是 0 到 100 之间的数"
    unrated = places["project_id"].isin(scorecard.projects.loc[scorecard.projects["score"].isna(), "project_id"])
    places.loc[unrated & places["why_not"].eq(""), "why_not"] = "这个项目未评，没有得分可比"
    good = places["why_not"].eq("")
    labels = labels.assign(project_id=places["project_id"], labelled_grade=labels.get("grade", ""))
    means = (
        labels[good].groupby("project_id", as_index=False).agg({"labelled_score": "mean", "labelled_grade": "first"})
    )
    labelled = means.merge(scorecard.projects[["project_id", "project_name", "score", "grade"]], on="project_id")
    labelled["off_by"] = (labelled["score"] - labelled["labelled_score"]).round(2)
    return labelled[LABELLED], astray(named(projects), places["why_not"])


def agreement(labelled: pd.Series, scored: pd.Series) -> Agreement:
    """Measure how far scores (0-100) agree with labelled ones, project by project.

    Examples
    --------
    >>> agreement(pd.Series([20, 50, 80]), pd.Series([30, 50, 90])).tau_b
    1.0
    """
    a, b = labelled.to_numpy(float), scored.to_numpy(float)
    nothing = float("nan")
    if len(a) < 2:
        return Agreement(len(a), nothing, nothing, nothing, float(np.abs(a - b).mean()) if len(a) else nothing)
    low, high = interval(_drawn_again(a, b)[:, None])
    return Agreement(
        len(a), float(kendalltau(a, b).statistic), float(low[0]), float(high[0]), float(np.abs(a - b).mean())
    )


def _drawn_again(a: Figures, b: Figures) -> Figures:
    """Return tau-b of ``DRAWS`` samples of the projects, drawn with replacement.

    With the signs s of all differences and w the times each project was drawn, tau-b is w'(s_a s_b)w over the root of
    w'|s_a|w times w'|s_b|w.
    """
    times = np.random.default_rng(SEED).multinomial(len(a), np.full(len(a), 1 / len(a)), size=DRAWS).astype(float)
    signs = [np.sign(scores[:, None] - scores) for scores in (a, b)]
    both, first, second = (
        np.einsum("ij,ij->i", times @ pairs, times) for pairs in (signs[0] * signs[1], *map(np.abs, signs))
    )
    base = np.sqrt(first * second)
    drawn: Figures = np.divide(both, base, out=np.full(DRAWS, np.nan), where=base > 0)
    return drawn


def interval(drawn: Figures) -> tuple[Figures, Figures]:
    """Return the lower and upper ends of the interval of each column (draws, figures), leaving out what is undefined."""
    tail = (1 - LEVEL) / 2
    empty = np.isnan(drawn).all(axis=0)
    ends = np.full((2, drawn.shape[1]), np.nan)
    if not empty.all():
        ends[:, ~empty] = np.nanquantile(drawn[:, ~empty], [tail, 1 - tail], axis=0)
    return ends[0], ends[1]
