"""How far findings and scores agree with the labels of careful readers, and how sure one can be of the figures.

A label says which defects a row has, or what a table deserves. Per defect: precision tp/(tp+fp), recall tp/(tp+fn) and
F1 = 2tp/(2tp+fp+fn) over the labelled rows; their mean over defects with at least ``ENOUGH`` labels (macro F1), the F1 of
all row labels together (micro F1); Kendall's tau-b and the mean absolute difference between project scores.

The interval of an F1 is the wider, on either side, of two 95 % intervals. One draws whole projects again (rows of one
table are not independent); the other, of Wilson, keeps a rule that made no mistake in a few rows from looking certain: F1
grows with J = tp/(tp+fp+fn), a plain proportion, as F1 = 2J/(1+J).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from perfscore.agreement import DRAWS, LABELLED, LEVEL, SEED, Agreement, Figures, agreement, compare, interval
from perfscore.errors import SchemaError
from perfscore.labels import astray, matched, named, need, numbers
from perfscore.rules.registry import catalogue
from perfscore.suggest import nearest

if TYPE_CHECKING:
    from perfscore.scorecard import Lang, Scorecard

__all__ = ["ENOUGH", "SUFFIXES", "TABLES", "Evaluation", "evaluate"]

ENOUGH = 5  # labels a defect must have for its F1 to count in the mean
SUFFIXES = (".html", ".xlsx")
TABLES = ("per_defect", "confusions", "labelled", "unmatched", "unmeasured")
ROW = ["project_id", "row_no"]
HOW = "缺陷应写规则编号（如 PS104）、规则名称（描述与名称相同）或英文名（tautology）"
_NAMED = 3


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """What ``evaluate`` returns.

    Attributes
    ----------
    per_defect : one row a defect with labels: ``defect``, ``code``, ``rule`` (title), ``labels``, ``found``, ``precision``
        (missing if nothing was found), ``recall``, ``f1``, ``f1_low``, ``f1_high``, ``enough`` (at least ``ENOUGH`` labels)
    confusions : one row a wrong call: ``defect``, ``call`` (false or missed), the row with its text, and the ``message``
    labelled : one row a project with a labelled score: ``labelled_score``, ``score``, ``off_by``, and both grades
    unmatched : labels that stand beside nothing: the label, and ``why_not``
    unmeasured : defects found in the labelled rows that no label names: ``defect``, ``found``; the labels may not look
        for them, so they count neither for nor against
    macro_f1, micro_f1 : 0-1; missing without labels
    agreement : of the project scores; ``None`` without labelled scores
    n_rows, n_projects : rows that carry labels (or the label that nothing is wrong), and projects they stand in
    """

    per_defect: pd.DataFrame
    confusions: pd.DataFrame
    labelled: pd.DataFrame
    unmatched: pd.DataFrame
    unmeasured: pd.DataFrame
    macro_f1: float
    micro_f1: float
    agreement: Agreement | None
    n_rows: int
    n_projects: int

    def __repr__(self) -> str:
        return f"<Evaluation: {self.n_rows} rows, macro F1 {self.macro_f1:.3f}, {len(self.unmatched)} labels unmatched>"

    def to_frames(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name."""
        return {name: getattr(self, name) for name in TABLES}

    def save(self, path: str | Path, lang: "Lang" = "zh") -> Path:
        """Write the page (``.html``), the workbook (``.xlsx``), or one CSV file a table into a folder.

        Raises
        ------
        ConfigError
            the suffix is none of these
        PerfscoreError
            the file is open elsewhere and cannot be written
        """
        from perfscore.reporting import frames, measures, workbook

        target = Path(path)
        first = frames.outputs(target, TABLES, SUFFIXES)[0]
        with frames.saving(first):
            if first != target:
                frames.write_folder(self.to_frames(), target, "csv")
            elif target.suffix.lower() == ".xlsx":
                workbook.write_sheets(self.to_frames(), target, lang)
            else:
                target.write_text(measures.page(self, lang), encoding="utf-8", newline="\n")
        return target


def evaluate(scorecard: "Scorecard", rows: pd.DataFrame, projects: pd.DataFrame | None = None) -> Evaluation:
    """Measure a scorecard against labels.

    Parameters
    ----------
    scorecard : what ``score`` returned for the documents the labels speak of
    rows : one row a labelled row: ``doc`` and ``project_no`` (or ``project_id``), ``row_no``, ``labels`` (defect slugs, or
        codes or titles of rules, several joined by ``|``; empty if nothing is wrong); headers may be Chinese
    projects : one row a labelled project: ``score`` 0-100, and ``grade`` if there is one

    Raises
    ------
    SchemaError
        a column is missing, or no defect that the labels name is known

    Notes
    -----
    A label whose document or project was not scored is listed in ``unmatched`` and not counted; where only the row was
    not read, its defects count as missed.

    Examples
    --------
    >>> from perfscore import load_sample, score
    >>> card = score(load_sample())
    >>> row = card.findings[card.findings["code"] == "PS301"].iloc[0]
    >>> labels = pd.DataFrame({"project_id": [row.project_id], "row_no": [row.row_no], "labels": ["no_quantity"]})
    >>> evaluate(card, labels).per_defect[["defect", "labels", "found", "f1"]].values.tolist()
    [['no_quantity', 1, 1, 1.0]]
    """
    keys, wanted, lost = _wanted(named(rows), scorecard)
    every = pd.concat([scorecard.findings, scorecard.accepted])  # what a reviewer accepts was found all the same
    found = every[[*ROW, "defect"]].dropna().drop_duplicates().merge(keys, on=ROW)
    asked = found["defect"].isin(wanted["defect"])
    calls = wanted.merge(found[asked], on=[*ROW, "defect"], how="outer", indicator="call")
    calls["call"] = calls["call"].astype("str").map({"both": "right", "left_only": "missed", "right_only": "false"})
    per_defect = _per_defect(calls, keys["project_id"].nunique())
    right, wrong = (calls["call"] == "right").sum(), (calls["call"] != "right").sum()
    labelled, astray = (
        (pd.DataFrame(columns=LABELLED), lost.iloc[:0]) if projects is None else compare(scorecard, projects)
    )
    unmeasured = found.loc[~asked, "defect"].value_counts().rename_axis("defect").reset_index(name="found")
    return Evaluation(
        per_defect=per_defect,
        confusions=_confusions(calls, every, scorecard),
        labelled=labelled,
        unmatched=pd.concat([lost, astray], ignore_index=True),
        unmeasured=unmeasured.sort_values(["found", "defect"], ascending=[False, True], ignore_index=True),
        macro_f1=float(per_defect.loc[per_defect["enough"], "f1"].mean()),
        micro_f1=float(2 * right / (2 * right + wrong)) if len(calls) else float("nan"),
        agreement=None if projects is None else agreement(labelled["labelled_score"], labelled["score"]),
        n_rows=len(keys),
        n_projects=keys["project_id"].nunique(),
    )


def _wanted(labels: pd.DataFrame, scorecard: "Scorecard") -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the labelled rows, their defects one a line, and what stands beside nothing."""
    row_no = numbers(labels, "row_no")
    need(labels, "labels")
    places = matched(labels, scorecard.projects)
    places.loc[places["why_not"].eq("") & (row_no.isna() | (row_no % 1 != 0)), "why_not"] = "行号不是整数"
    good = places["why_not"].eq("")
    rows = places.assign(row_no=row_no.astype("Int64"), labels=labels["labels"].astype("str").fillna(""))[good]
    known = pd.MultiIndex.from_frame(scorecard.indicators[ROW])
    unread = ~pd.MultiIndex.from_frame(rows[ROW]).isin(known)
    places.loc[rows.index[unread], "why_not"] = "没有读到这一行；标出的缺陷计为漏判"
    names = _short(rows["labels"]).str.split(r"[|,，、;；\s]+")
    each = rows[ROW].assign(label=names).explode("label")
    each = each[each["label"] != ""]
    defects = _defects()
    each["defect"] = pd.Series([defects.get(name.lower()) for name in each["label"]], index=each.index, dtype="str")
    strange = each.loc[each["defect"].isna(), "label"].value_counts(sort=False)
    if len(each) and each["defect"].isna().all():
        raise SchemaError(f"标注里的缺陷都不认识：{'、'.join(strange.index[:_NAMED])}；{HOW}")
    known_names = sorted({*defects, *(rule.title for rule in catalogue())})
    unknown = pd.DataFrame(
        {
            "label": [f"{name}（{count} 行）" for name, count in strange.items()],
            "why_not": [
                f"没有查这种缺陷的规则{nearest(name, known_names) or f'；{HOW}'}；不计入" for name in strange.index
            ],
        },
        dtype="str",
    )
    wanted = each.dropna(subset="defect")[[*ROW, "defect"]].drop_duplicates()
    lost = pd.concat([astray(labels, places["why_not"]), unknown], ignore_index=True)
    return rows[ROW].drop_duplicates(), wanted, lost


def _defects() -> dict[str, str]:
    """Return name -> defect for the short ways to name a defect: its slug, or the code of a rule, in small letters."""
    return {name: rule.defect for rule in catalogue() for name in (rule.defect, rule.code.lower())}


def _short(labels: pd.Series) -> pd.Series:
    """Write the slug for each title of a rule, in which there may be commas."""
    for rule in sorted(catalogue(), key=lambda rule: -len(rule.title)):
        labels = labels.str.replace(rule.title, f"|{rule.defect}|", regex=False)
    return labels


def _per_defect(calls: pd.DataFrame, n_projects: int) -> pd.DataFrame:
    """Return precision, recall and F1 of each defect with their intervals, in the order of the rule codes."""
    columns = ["right", "false", "missed"]
    defects = [one for one in dict.fromkeys(_defects().values()) if calls["defect"].eq(one).any()]
    clusters = calls["project_id"].drop_duplicates().sort_values()
    # counts[kind][project, defect]
    counts = {
        kind: pd.crosstab(some["project_id"], some["defect"])
        .reindex(index=clusters, columns=defects, fill_value=0)
        .to_numpy(float)
        for kind in columns
        for some in [calls[calls["call"] == kind]]
    }
    right, false, missed = (counts[kind].sum(axis=0) for kind in columns)
    spread = max(n_projects, 1)
    draws = np.random.default_rng(SEED).multinomial(spread, np.full(spread, 1 / spread), size=DRAWS)[:, : len(clusters)]
    low, high = interval(_f1(*(draws @ counts[kind] for kind in columns)))
    wilson = [_wilson(int(tp), int(tp + fp + fn)) for tp, fp, fn in zip(right, false, missed, strict=True)]
    rules = catalogue()
    return pd.DataFrame(
        {
            "defect": pd.Series(defects, dtype="str"),
            "code": ["、".join(rule.code for rule in rules if rule.defect == one) for one in defects],
            "rule": [next(rule.title for rule in rules if rule.defect == one) for one in defects],
            "labels": (right + missed).astype(int),
            "found": (right + false).astype(int),
            "precision": _ratio(right, right + false),
            "recall": _ratio(right, right + missed),
            "f1": _f1(right, false, missed),
            "f1_low": [min(pair) for pair in zip(low, (one[0] for one in wilson), strict=True)],
            "f1_high": [max(pair) for pair in zip(high, (one[1] for one in wilson), strict=True)],
            "enough": right + missed >= ENOUGH,
        }
    )


def _ratio(part: Figures, whole: Figures) -> Figures:
    ratio: Figures = np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)
    return ratio


def _f1(right: Figures, false: Figures, missed: Figures) -> Figures:
    return _ratio(2 * right, 2 * right + false + missed)


def _wilson(right: int, calls: int) -> tuple[float, float]:
    """Return the interval of Wilson of J = tp/(tp+fp+fn), turned into F1."""
    found = binomtest(right, calls).proportion_ci(LEVEL, method="wilson")
    return 2 * found.low / (1 + found.low), 2 * found.high / (1 + found.high)


def _confusions(calls: pd.DataFrame, found: pd.DataFrame, scorecard: "Scorecard") -> pd.DataFrame:
    """Return the wrong calls with the text of their rows, and what the rule said where it found something."""
    said = found.dropna(subset=ROW).drop_duplicates([*ROW, "defect"])[[*ROW, "defect", "message"]]
    texts = scorecard.indicators[[*ROW, "level2", "name", "description", "value", "basis"]]
    wrong = (
        calls[calls["call"] != "right"].merge(texts, on=ROW, how="left").merge(said, on=[*ROW, "defect"], how="left")
    )
    columns = ["defect", "call", *texts, "message"]
    return wrong.sort_values(["defect", "call", *ROW], ignore_index=True)[columns]
