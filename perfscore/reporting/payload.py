"""The scorecard as one compact JSON for the page: every distinct text once, tables as columns of numbers.

Most rows of a county are copies of each other, so a pool of texts makes the page several times smaller.
"""

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from perfscore.reporting import summary
from perfscore.reporting.messages import method_text, opinion_texts, texts
from perfscore.reporting.plain import printable
from perfscore.rules.registry import catalogue

if TYPE_CHECKING:
    from perfscore.scorecard import Lang, Scorecard

__all__ = ["embed", "payload"]

_PROJECTS = (
    "project_id project_name project_code agency doc place purpose goal plan grade gates reason year budget rank score "
    "lost_completeness lost_relevance lost_appropriateness lost_feasibility visible assessable"
)
_INDICATORS = "row_no level1 level2 name description value basis weight place category kind"
_FINDINGS = "row_no code severity field start end evidence message advice points peer opinion"
_COPIES = "group size similarity similarity_masked kind scope difference"
_TOP_VALUES = 8  # values listed of an agency


class _Pool:
    """Distinct texts in order of first appearance."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))

    def column(self, column: pd.Series) -> list[Any]:
        """Texts as numbers of the pool, -1 for missing; numbers as they are, ``None`` for missing."""
        if not pd.api.types.is_string_dtype(column):
            return column.astype(object).where(column.notna(), None).tolist()
        codes, distinct = pd.factorize(column)
        # Same length, so that the marks of a finding stay where they are.
        numbers = [self.number(printable(text, "\ufffd")) for text in distinct]
        return [numbers[code] if code >= 0 else -1 for code in codes.tolist()]

    def columns(self, frame: pd.DataFrame, names: str = "") -> dict[str, list[Any]]:
        """The named columns that the frame has, all of them without names."""
        wanted = names.split() or list(frame.columns)
        return {name: self.column(frame[name]) for name in wanted if name in frame.columns}


def payload(scorecard: "Scorecard", lang: "Lang" = "zh") -> dict[str, Any]:
    """Return what the page's script draws from.

    Returns
    -------
    dict with ``texts`` (the pool), ``projects``, ``indicators``, ``findings``, ``copies``, ``unread``, ``agencies`` and
    ``values`` as columns (text as position in the pool, -1 for missing), ``rows_from`` and ``findings_from`` (where the
    rows of project ``i`` begin), ``unjudged`` (row -> why it was left out), ``rules``, ``method``, ``labels``
    """
    pool = _Pool()
    projects = scorecard.projects.assign(agency=scorecard.projects["agency"].fillna(""))
    position = pd.Series(range(len(projects)), index=projects["project_id"])
    rows, rows_from = _by_project(scorecard.indicators, position)
    findings, findings_from = _by_project(scorecard.findings, position)
    codes = {text: opinion_texts(text, lang) for text in findings["opinion"].dropna().unique()}
    copies = scorecard.copies
    values = summary.values(scorecard)
    titles = summary.titles_in(lang)
    return {
        "projects": pool.columns(projects, _PROJECTS),
        "indicators": pool.columns(rows, _INDICATORS),
        "rows_from": rows_from,
        "unjudged": summary.unjudged(rows, lang),
        "findings": pool.columns(findings.assign(opinion=findings["opinion"].map(codes)), _FINDINGS),
        "findings_from": findings_from,
        "copies": {
            **pool.columns(copies, _COPIES),
            "project": _positions(copies["project_id"], position),
            "representative": _positions(copies["representative"], position),
        },
        "unread": pool.columns(scorecard.unread),
        "agencies": pool.columns(summary.agencies(scorecard)),
        "values": pool.columns(values.groupby("agency", sort=False).head(_TOP_VALUES)),
        "rules": {rule.code: [titles[rule.code], rule.family] for rule in catalogue()},
        "method": [(key, method_text(text, lang)) for key, text in scorecard.method.items()],
        "labels": texts(lang),
        "lang": lang,
        "texts": list(pool.texts),
    }


def _by_project(frame: pd.DataFrame, position: pd.Series) -> tuple[pd.DataFrame, list[int]]:
    """Sort rows into the order of the ranking; return them with the first row of each project, and the end."""
    where = frame["project_id"].map(position)
    ordered = frame.assign(where=where).dropna(subset=["where"]).sort_values(["where", "row_no"], na_position="first")
    counts = ordered["where"].astype(int).value_counts().reindex(range(len(position)), fill_value=0)
    return ordered, [0, *counts.cumsum().tolist()]


def _positions(ids: pd.Series, position: pd.Series) -> list[int]:
    return ids.map(position).fillna(-1).astype(int).tolist()


def embed(data: dict[str, Any]) -> str:
    """Return JSON that no text in it can break out of when it stands inside a ``<script>`` element.

    Examples
    --------
    >>> embed({"a": "</script><!--"})
    '{"a":"\\\\u003c/script\\\\u003e\\\\u003c!--"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text
