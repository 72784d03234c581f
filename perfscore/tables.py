"""From the lines and grids of one document to its projects and indicator rows. One assembler serves every format.

A table is recognised by its header words; what stands above it is its head, what stands below are its rows until the next
title, head or header. What looks like a row and cannot be placed is reported, never dropped.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from perfscore import flow
from perfscore.headers import Columns, clean, find_header, fold, label, role
from perfscore.heads import MONEY, Head, find_title, heading_name, money, year_of
from perfscore.readers.blocks import Cell, Document, Grid, Line
from perfscore.rows import Layout, Record, settle_levels

__all__ = ["Extract", "assemble"]

Unread = tuple[str, str, str]
_PAGE_NO = re.compile(r"[-—–\s]*第?\s*\d{1,4}\s*页?[-—–\s]*(?:[共/]\s*\d+\s*页?)?")
_FOOT = re.compile(
    r"^(?:注|备注|说明|填表|填报|制表|审核|单位负责人|财务负责人|联系人|联系电话|合计|总计|总分|小计|负责人|主管部门审核|财政部门审核)"
)
_GLUED = re.compile("一级(?:绩效)?指标(?:名称)?二级(?:绩效)?指标(?:名称)?三级(?:绩效)?指标")
_PLACEHOLDER = re.compile(r"[*＊]{2}|[×xX]{2,}|…|\.{3,}|_{2,}|＿|^[≥≤><＞＜=＝]+\s*[%％]?$")
_IDENTITY = ("project_name", "project_code")


@dataclass(frozen=True, slots=True)
class Extract:
    """What was read from one document: records of PROJECTS and INDICATORS, what was not read, and rows seen and understood."""

    doc: str
    projects: list[dict[str, Any]]
    indicators: list[dict[str, Any]]
    unread: list[Unread]
    seen: int
    understood: int


@dataclass
class _Table:
    head: Head
    place: str
    heading: str = ""
    layout: Layout | None = None
    records: list[Record] = field(default_factory=list)
    slots: int = 0


def assemble(document: Document) -> Extract:
    """Assemble the target tables of one document.

    Examples
    --------
    >>> from perfscore.readers.plain import read_text
    >>> text = "1、清淤费绩效目标表\\n一级指标\\t二级指标\\t三级指标\\t指标值\\n产出指标\\t数量指标\\t清淤长度\\t≥3公里\\n"
    >>> extract = assemble(read_text(text, "a.txt"))
    >>> extract.projects[0]["project_name"], extract.indicators[0]["value"]
    ('清淤费', '≥3公里')
    """
    return _Assembler(document).run()


class _Assembler:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.blocks = flow.tables(document.blocks)
        self.known = _whole_texts(self.blocks)
        self.tables: list[_Table] = []
        self.now: _Table | None = None
        self.heading = ""
        self.apart = False
        self.unread: list[Unread] = list(document.unread)
        self.seen = self.understood = 0

    def run(self) -> Extract:
        for block in self.blocks:
            if isinstance(block, Line):
                self._line(block)
            else:
                self._grid(block)
        self._close()
        return self._finish()

    # -- blocks -------------------------------------------------------------------------------------------------

    def _line(self, line: Line) -> None:
        text = line.text
        if not text.strip() or _PAGE_NO.fullmatch(text.strip()):
            return
        title = find_title(text)
        if title:
            self._open(Head(title=title), line.place)
            return
        self.apart = True
        if _GLUED.search(fold(text)):
            self.unread.append((line.place, "表格的文字连成一片，分不出列", "请换成原来的文件，或在单元格之间加上分隔"))
        titled = self.now is not None and self.now.head.title is not None
        if self.now and not self.now.layout and (titled or not heading_name(text)):
            if self.now.head.add_caption(text) or self.now.head.add_text(text) or len(text) <= 60:
                return
        elif not self.now:
            table = _Table(Head(), line.place, self.heading)
            if table.head.add_caption(text):
                self.now = table
                return
        elif len(text) <= 60 and not heading_name(text):
            return
        self._close()
        self.heading = text if len(text) <= 60 else ""

    def _grid(self, grid: Grid) -> None:
        rows = [[cell.text for cell in row] for row in grid.rows]
        self._first_of_grid(grid, rows)
        at = 0
        while at < len(rows):
            header = find_header(rows, at)
            if header:
                self._header(header[0], grid, at)
                at += header[1]
                continue
            self._row(grid, at, rows[at])
            at += 1
        self.apart = False

    def _first_of_grid(self, grid: Grid, rows: Sequence[Sequence[str]]) -> None:
        """A grid without header goes on with the table above only if its rows look like it."""
        if not self.now or not self.now.layout:
            return
        if any(find_header(rows, at) for at in range(min(len(rows), 12))):
            return
        if self.apart and not any(self.now.layout.has_label(row) for row in rows):
            self._close()
        elif sum(self.now.layout.fits(row) for row in rows) * 2 < len(rows):
            self._close()

    def _header(self, columns: Columns, grid: Grid, at: int) -> None:
        if self.now is None:
            self._open(Head(), grid.place)
        assert self.now is not None
        self.now.layout = Layout.of(columns, self.now.head.period)
        self.now.layout.after_break = bool(self.now.records)
        for i, name in enumerate(columns.names):
            if name.strip() and not self.now.layout.used[i]:
                self.unread.append(
                    (
                        _at(grid.rows[at][i], grid),
                        f"没有认出的列“{clean(name)}”，列中内容未读",
                        "请在 headers.tsv 中补上这个表头",
                    )
                )

    def _row(self, grid: Grid, at: int, texts: Sequence[str]) -> None:
        cells = grid.rows[at]
        words = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
        if not words:
            return
        title = find_title(words[0]) if len(words) == 1 else None
        if title:
            self._open(Head(title=title), _at(cells[0], grid))
        elif self.now and self.now.layout:
            self._row_below(grid, at, cells, texts, words)
        else:
            self._head_row(grid, cells, texts, words)

    def _head_row(self, grid: Grid, cells: Sequence[Cell], texts: Sequence[str], words: Sequence[str]) -> None:
        table = self.now or _Table(Head(), grid.place, self.heading)
        took = table.head.add_row(cells, texts)
        if len(words) <= 3 and not took:
            took = any([table.head.add_caption(word) for word in words])
        if took and self.now is None:
            self.now = table

    def _row_below(
        self, grid: Grid, at: int, cells: Sequence[Cell], texts: Sequence[str], words: Sequence[str]
    ) -> None:
        now = self.now
        assert now is not None and now.layout is not None
        first = role(words[0], "head") or role(words[0].split("：")[0].split(":")[0], "head")
        if first and not now.layout.fits(texts):
            fresh = Head()
            fresh.add_row(cells, texts)
            if _starts_new(now.head, fresh):
                self._open(fresh, _at(cells[0], grid))
            else:
                now.head.add_row(cells, texts)
            return
        self.seen += 1
        if _FOOT.match(words[0]) and not any(label(word) for word in words):
            self.understood += 1
            return
        for record in now.layout.records(cells, self.known, _at(cells[0], grid)):
            self._record(now, record, words)

    def _record(self, now: _Table, record: Record, words: Sequence[str]) -> None:
        layout = now.layout
        assert layout is not None
        if layout.restarts(now.records, record) and not now.head.title:
            self._open(Head(), record.place)
            assert self.now is not None
            self.now.layout, now = layout, self.now
        if record.is_project_of_its_own(now.records):
            self._open(Head(), record.place)
            assert self.now is not None
            self.now.layout, now = layout, self.now
        if record.is_slot():
            now.slots += 1
            now.records.append(record)
        elif layout.after_break and now.records and record.is_torn_off():
            now.records[-1].extend(record)
        elif record.name or (record.value and record.description):
            now.records.append(record)
        else:
            self.unread.append((record.place, f"像指标行但放不进表：{' | '.join(words)[:80]}", "请核对原文这一行"))
            self.understood -= 1
        layout.after_break = False
        self.understood += 1

    # -- tables -------------------------------------------------------------------------------------------------

    def _open(self, head: Head, place: str) -> None:
        heading = self.heading
        self._close()
        self.now = _Table(head, place, heading)
        self.apart = False

    def _close(self) -> None:
        if self.now and (self.now.layout or self.now.head):
            self.tables.append(self.now)
        self.now, self.heading = None, ""

    def _finish(self) -> Extract:
        projects: list[dict[str, Any]] = []
        indicators: list[dict[str, Any]] = []
        tables = [table for table in self.tables if self._is_target_table(table)]
        settle_levels([table.records for table in tables])
        year = _document_year(self.document)
        plain = _plain_unit(tables)
        for number, table in enumerate(tables, 1):
            key = {"doc": self.document.name, "project_no": number, "project_id": f"{self.document.name}#{number}"}
            project = self._project(table, year, plain)
            rows = [record for record in table.records if not record.is_slot()]
            if {record.period for record in rows} == {"年度"}:
                for record in rows:
                    record.period = None  # the form has no other half
            projects.append({**key, **project, "place": table.place, "n_rows": len(rows)})
            indicators += [{**key, "row_no": i, **record.cells()} for i, record in enumerate(rows, 1)]
        return Extract(self.document.name, projects, indicators, self.unread, self.seen, self.understood)

    def _is_target_table(self, table: _Table) -> bool:
        """A library of indicators and a blank form are recognised, reported and left out."""
        title = table.head.title
        real = [record for record in table.records if not record.is_slot()]
        if title and title.kind == "library" and table.layout:
            self.unread.append((table.place, "这是供选用的指标库，不是项目绩效目标表，不评分", ""))
            return False
        if table.layout and (not real or all(_PLACEHOLDER.search(record.value) for record in real)):
            self.unread.append((table.place, "空白表样：表中没有填写的指标，不评分", "请换成填好的表"))
            return False
        if not table.layout:
            if title:
                self.unread.append(
                    (table.place, f"有标题“{title.name or '绩效目标表'}”但没有读到指标行", "请核对原文的表格是否完整")
                )
            return False
        return True

    def _project(self, table: _Table, year: int | None, plain: bool) -> dict[str, Any]:
        head, title = table.head, table.head.title
        for key, value in table.records[0].project.items():
            head.pieces.setdefault(key, [[value]])
        printed = head.text("project_name", self.known)
        heading = title.name if title else heading_name(table.heading)
        cut = any(len(pieces) > 1 for pieces in head.pieces.get("project_name", []))
        values: dict[str, Any] = {
            "project_name": heading if cut and heading else printed or heading,
            "project_code": re.sub(r"\s", "", head.text("project_code")),
            "agency": head.text("unit_name") or head.text("agency"),
            "agency_code": head.text("agency_code"),
            "division": head.text("division"),
            "purpose": head.text("purpose", self.known | {heading}),
            "goal": head.lines("goal", self.known | {heading}) or head.lines("long_goal", self.known),
            "plan": head.plan(),
            "year": year_of(head.text("year")) or year,
        }
        for key in MONEY:
            values[key.removesuffix("_money")] = self._money(head, key, plain, table.place)
        code = re.match(r"[\[【(（]?([0-9A-Za-z]{3,})[\]】)）]?[-—]?(?=[\u4e00-\u9fff])", values["agency"] or "")
        if code:
            values["agency"], values["agency_code"] = values["agency"][code.end() :], code[1]
        return values

    def _money(self, head: Head, key: str, plain: bool, place: str) -> float | None:
        text = head.text(key)
        amount = money(text, head.unit or ("元" if plain else ""))
        if amount is None and money(text, "元") is not None and key == "budget":
            self.unread.append((place, f"金额 {text} 没有写明单位（元或万元）", "请核对原文"))
        return amount


def _at(cell: Cell, grid: Grid) -> str:
    return (
        cell.place
        if not grid.place or cell.place.startswith(grid.place)
        else " ".join(filter(None, (grid.place, cell.place)))
    )


def _starts_new(head: Head, fresh: Head) -> bool:
    """A label that the head already holds opens the next project, unless it says the same (a head repeated over a page)."""
    for key in (*_IDENTITY, "goal", "budget"):
        if fresh.text(key) and head.text(key):
            return fresh.text(key) != head.text(key)
    return any(fresh.text(key) for key in _IDENTITY)


def _whole_texts(blocks: Iterable[Line | Grid]) -> frozenset[str]:
    texts = {clean(cell.text) for block in blocks if isinstance(block, Grid) for row in block.rows for cell in row}
    return frozenset(text for text in texts if len(text) >= 4)


def _document_year(document: Document) -> int | None:
    """The budget year of the whole document: named with 预算 or 绩效 in its first lines, else in its file name."""
    for text in islice(_opening(document), 12):
        match = re.search(r"(20[0-4]\d)\s*年度?[^。]{0,30}(?:预算|绩效|自评)", text)
        if match:
            return int(match[1])
    return year_of(document.name)


def _opening(document: Document) -> Iterator[str]:
    for block in document:
        rows = [[block.text]] if isinstance(block, Line) else [[cell.text for cell in row] for row in block.rows]
        yield from (row[0] for row in rows if row and row[0].strip())


def _plain_unit(tables: Sequence[_Table]) -> bool:
    """No unit printed anywhere: amounts of ten thousand and more for every project can only be 元."""
    if any(table.head.unit for table in tables):
        return False
    amounts = [money(table.head.text("budget"), "元") for table in tables]
    stated = [amount for amount in amounts if amount]
    return bool(stated) and min(stated) >= 10_000
