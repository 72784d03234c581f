"""One assembled table to one record of PROJECTS, and what is no project's target table at all."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from perfscore.head_cells import split_code, split_project_code
from perfscore.headers import label, role
from perfscore.heads import Head
from perfscore.layout import Layout
from perfscore.quantity import parse
from perfscore.readers.blocks import Document, Line
from perfscore.rows import Record
from perfscore.titles import heading_name, line_name, year_of

__all__ = ["Table", "budget_year", "describe", "named_by_lines", "not_a_target_table", "plain_unit", "words_left_out"]

_PRINTED = re.compile(  # what a form prints where nothing is filled in
    r"(?:三级)?指标\s*[\d一二三]*[:：]?|[.…·\s]*|(?:备注|说明|填[表报]\w{0,4}|制表\w?|审核\w?|联系\w{1,2}|\w{0,4}负责人)[:：]?"
)


@dataclass
class Table:
    """A table while it is put together: its head, the heading above it, its columns once known, its records."""

    head: Head
    place: str
    heading: str = ""
    layout: Layout | None = None
    records: list[Record] = field(default_factory=list)

    def rows(self) -> list[Record]:
        """The records that hold an indicator; a period is told only where the form has two."""
        rows = [record for record in self.records if not record.is_slot()]
        if len({record.period for record in rows}) == 1:
            for record in rows:
                record.period = None
        return rows


def not_a_target_table(table: Table) -> tuple[str, str] | None:
    """Return reason and advice if a table is a library of indicators, a blank form or has no rows; else None."""
    title = table.head.title
    real = [record for record in table.records if not record.is_slot()]
    if not table.layout:
        name = title.name or "绩效目标表" if title else ""
        return (f"有标题“{name}”但没有读到指标行", "请核对原文的表格是否完整") if title else None
    nameless = not (title or table.head or table.heading)
    if (title and title.kind == "library") or (nameless and "library" in table.layout.roles):
        return "这是供选用的指标库，不是项目绩效目标表，不评分", ""
    # □ is what recognition could not read, not a place to fill in
    if all(parse(record.value).kind == "placeholder" and "□" not in record.value for record in real):
        return "空白表样：表中没有填写的指标，不评分", "请换成填好的表"
    return None


def words_left_out(table: Table) -> Iterator[tuple[str, str, str]]:
    """Yield place, reason and advice for words that stand alone in the columns of labels and are none.

    Their rows are taken for places of the form that were left unfilled, so no row of the table shows them. A label, a
    number or dots that the form prints there, and what heads a column or a note, are no such words.
    """
    shown = {text for row in table.records if not row.is_slot() for text in (row.level1, row.level2)}
    for row in filter(Record.is_slot, table.records):
        words = dict.fromkeys(word for word in (row.level1, row.level2) if word and word not in shown)
        strange = " | ".join(word for word in words if not _is_printed(word))
        if strange:
            reason = f"只有一、二级指标栏有字，又不是认得的类别（如产出指标、数量指标），这一行没有读：{strange[:80]}"
            advice = "如是指标，请填在三级指标栏并写明指标值；如是类别，请换用规范的名称；如只是说明，不必处理"
            yield row.place, reason, advice


def _is_printed(word: str) -> bool:
    nothing = parse(word).kind == "placeholder" and "□" not in word
    return bool(nothing or label(word) or role(word, "table") or role(word, "head") or _PRINTED.fullmatch(word))


def named_by_lines(tables: Sequence[Table]) -> bool:
    """Say whether the lines above the tables of a document name their projects: another line stands above another table."""
    return len({name for table in tables if (name := line_name(table.heading))}) > 1


def describe(
    table: Table, known: frozenset[str], unit: str, year: int | None = None, by_lines: bool = False
) -> dict[str, Any]:
    """Return the columns of PROJECTS that the head of a table holds.

    Parameters
    ----------
    table : a table with at least one record
    known : texts that stand whole elsewhere in the document, for mending cut cells
    unit : unit of money where the head states none ("" if that cannot be told)
    year : the budget year of the document, where the head states none
    by_lines : whether a plain line above a table names its project
    """
    head, title = table.head, table.head.title
    for key, value in table.records[0].project.items():
        head.pieces.setdefault(key, [[value]])
    printed = head.text("project_name", known)
    line = line_name(table.heading)
    numbered = heading_name(table.heading) if line or not title else ""
    heading = (title.name if title else "") or numbered or (line if by_lines else "")
    torn = any(len(pieces) > 1 for pieces in head.pieces.get("project_name", []))
    year = head.year() or year
    project_code, name = split_project_code(heading if torn and heading else printed or heading)
    code, agency = split_code(head.text("unit_name") or head.text("agency"))
    return {
        "project_name": name,
        "project_code": re.sub(r"\s", "", head.text("project_code")) or project_code,
        "agency": agency,
        "agency_code": code or head.text("agency_code"),
        "division": head.text("division"),
        "year": year,
        "budget": head.amount("budget", unit, year),
        "fiscal": head.amount("fiscal", unit, year),
        "other": head.amount("other_money", unit, year),
        "purpose": head.text("purpose", known),
        "goal": head.goal(known),
        "plan": head.plan(),
    }


def budget_year(document: Document) -> int | None:
    """The budget year of the whole document: printed as 预算年度 or named with 预算 or 绩效 in its first lines, else in its name."""
    for text in islice(_opening(document), 40):
        match = re.search(r"预算年度\s*[:：]?\s*(20[0-4]\d)|(20[0-4]\d)\s*年度?[^。]{0,30}(?:预算|绩效|自评)", text)
        if match:
            return int(match[1] or match[2])
    return year_of(document.name)


def _opening(document: Document) -> Iterator[str]:
    for block in document:
        cells = [block] if isinstance(block, Line) else [cell for row in block.rows for cell in row]
        yield from (cell.text for cell in cells if cell.text.strip())


def plain_unit(tables: Sequence[Table]) -> str:
    """元 if no unit is printed anywhere and every budget is ten thousand and more (a hundred million, were it 万元)."""
    amounts = [amount for table in tables if (amount := table.head.amount("budget", "元")) is not None]
    if amounts and min(amounts) >= 10_000 and not any(table.head.unit for table in tables):
        return "元"
    return ""
