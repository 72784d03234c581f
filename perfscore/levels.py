"""Give every row of a table its level labels: fill merged labels, put centred ones where they belong.

A merged label stands on the first row of its group or, where labels are centred, on any row of it. Centred labels are
told by a table whose first row has none; then the second-level label decides which first level a row has. Nothing is
carried from one table to another.
"""

from collections.abc import Sequence
from itertools import groupby, pairwise

from perfscore.headers import Label, label
from perfscore.rows import Record

__all__ = ["settle_levels"]


def settle_levels(tables: Sequence[Sequence[Record]]) -> None:
    """Fill ``level1`` and ``level2`` of the records of one document, in place; a column the form lacks stays missing.

    Examples
    --------
    >>> rows = [Record("产出指标", "数量指标", "甲"), Record("", "", "乙"), Record("", "质量指标", "丙")]
    >>> settle_levels([rows])
    >>> [(row.level1, row.level2) for row in rows]
    [('产出指标', '数量指标'), ('产出指标', '数量指标'), ('产出指标', '质量指标')]
    """
    centred = any(rows and rows[0].level1 == "" and label(rows[0].level2 or "") for rows in tables)
    spelling = _spelling(tables)
    for rows in tables:
        _mend(rows)
        printed = {found.level1: row.level1 or "" for row in rows if (found := label(row.level1 or ""))}
        last: dict[str | None, Record] = {}
        above: Record | None = None
        for row in rows:
            if _is_stray(row):
                continue
            above = last.get(row.period, above)  # halves side by side each go on with their own
            known = label(row.level2 or "")
            if row.is_torn and known:
                row.level2 = spelling.get(known.category, row.level2)
            if above and row.level2 == "" and row.level1 in ("", above.level1):
                row.level2 = above.level2
            if row.level1 is not None and centred:
                row.level1 = _centred(row, printed, above)
            elif above and row.level1 == "":
                row.level1 = above.level1
            above = last[row.period] = row


def _is_stray(row: Record) -> bool:
    """Say whether nothing stands in a row but a word that is no first-level label: the rows below it are not of its class."""
    text = row.level1 or ""
    return bool(text) and not row.level2 and row.is_slot() and not (label(text) or text.endswith("指标"))


def _mend(rows: Sequence[Record]) -> None:
    """Make a merged label whole that a page break tore in two: the lower part is no label, together they are one."""
    for key in ("level1", "level2"):
        parts = [list(group) for _, group in groupby(rows, key=lambda row: getattr(row, key) or "")]
        for upper, lower in pairwise(parts):
            first, second = getattr(upper[0], key) or "", getattr(lower[0], key) or ""
            whole = first if first.endswith(second) else first + second
            if second and not label(second) and label(whole):
                for row in (*upper, *lower):
                    setattr(row, key, whole)


def _centred(row: Record, printed: dict[str, str], above: Record | None) -> str:
    """The first-level label of a row whose group may show it on another row, or shows it broken by recognition."""
    text, known = row.level1 or "", label(row.level2 or "")
    if label(text) or text.endswith("指标"):
        return text
    if not known:
        return text or (above.level1 if above else "") or ""
    if known.category == "成本" and "成本" not in printed:
        return printed.get("产出", "产出指标")
    return printed.get(known.level1, f"{known.level1}指标")


def _spelling(tables: Sequence[Sequence[Record]]) -> dict[str, str]:
    """How this document spells each category in full, for labels that lost their end."""
    spelling: dict[str, str] = {}
    for rows in tables:
        for row in rows:
            known: Label | None = label(row.level2 or "")
            if known and known.category and not row.is_torn:
                spelling.setdefault(known.category, row.level2 or "")
    return spelling
