"""From the lines and grids of one document to its projects and indicator rows. One assembler serves every format.

A table is recognised by its header words; what stands above it is its head, what stands below are its rows until the
next title, head or header. What looks like a row and cannot be placed is reported, never dropped.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from perfscore import abreast, flow, pages
from perfscore.headers import SIGNS, Columns, clean, find_header, fold, headers_down, is_amount, label, role
from perfscore.heads import Head, Title, find_title, heading_name, label_and_value
from perfscore.levels import settle_levels
from perfscore.projects import Table, budget_year, describe, not_a_target_table, plain_unit, words_left_out
from perfscore.readers.blocks import Cell, Document, Grid, Line
from perfscore.results import TWICE
from perfscore.rows import Layout, Record

__all__ = ["Extract", "assemble"]

Unread = tuple[str, str, str]
_FOOT = re.compile(
    r"(?:注|备注|说明|填[表报]\w{0,4}|制表\w?|审核\w{0,2}|联系\w{1,2}|\w{0,4}负责人)[\d（）()盖章签字]*[:：].*"
    r"|(?:(?:合|总|小)\s*计|总\s*分)(?:[（(][^（()）]*[)）])?"
)
_GLUED = re.compile("一级(?:绩效)?指标(?:名称)?二级(?:绩效)?指标(?:名称)?三级(?:绩效)?指标")
_IDENTITY = ("project_name", "project_code")


@dataclass(frozen=True, slots=True)
class Extract:
    """What was read from one document: its projects and rows, what was not read, rows seen and understood."""

    doc: str
    projects: list[dict[str, Any]]
    indicators: list[dict[str, Any]]
    unread: list[Unread]
    seen: int
    understood: int

    def ids(self) -> list[str]:
        """The projects of the document."""
        return [str(project["project_id"]) for project in self.projects]

    def without(self, ids: Sequence[str]) -> "Extract":
        """The same document without some projects; it says so in ``unread``."""
        projects, rows = (
            [record for record in records if record["project_id"] not in ids]
            for records in (self.projects, self.indicators)
        )
        left_out = [(one, *TWICE) for one in ids]
        return replace(self, projects=projects, indicators=rows, unread=[*self.unread, *left_out])


def assemble(document: Document) -> Extract:
    """Assemble the target tables of one document.

    Examples
    --------
    >>> from perfscore.readers.plain import read_text
    >>> text = "1、清淤费绩效目标表\\n一级指标\\t二级指标\\t三级指标\\t指标值\\n产出\\t数量\\t清淤长度\\t≥3公里\\n"
    >>> extract = assemble(read_text(text, "a.txt"))
    >>> extract.projects[0]["project_name"], extract.indicators[0]["value"]
    ('清淤费', '≥3公里')
    """
    return _Assembler(document).run()


class _Assembler:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.edges = pages.repeated(document.blocks)
        blocks, unclear = abreast.parted(pages.whole(document.blocks, self.edges))
        self.blocks, doubtful = flow.tables(blocks)
        self.known = _whole_texts(self.blocks)
        self.tables: list[Table] = []
        self.now: Table | None = None
        self.heading = ""
        self.apart = False
        self.after_head = False
        self.above: tuple[Sequence[Cell], str, int] | None = None
        self.unread: list[Unread] = [*document.unread, *unclear]
        self.strange: list[Unread] = []
        self.torn: dict[tuple[str, str], str] = {}
        self.seen, self.understood = 0, -len(doubtful)
        if doubtful:
            reason = f"{len(doubtful)} 行的单元格可能切错：换行的位置不像同一列的文字"
            self.unread.append((doubtful[0], reason, "请核对这些行，或换用原来的 docx、xlsx、pdf 文件"))

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
        if not text.strip() or pages.PAGE_NO.fullmatch(text.strip()):
            return
        title = find_title(text)
        if title:
            self._titled(title, line.place)
            return
        running = self.edges.get(line, False)
        self.apart = self.apart or not running
        if _GLUED.search(fold(text)):
            self.unread.append((line.place, "表格的文字连成一片，分不出列", "请换成原来的文件，或在单元格之间加上分隔"))
        titled = self.now is not None and self.now.head.title is not None
        if self.now and not self.now.layout and (titled or not heading_name(text)):
            if self.now.head.add_caption(text) or running:
                return
            if self.now.head.add_text(text):
                if line in self.edges:
                    reason = f"页首或页脚的文字当作绩效目标的一部分读了：{clean(text)[:80]}"
                    self.unread.append((line.place, reason, "另有几页也有这行文字，请核对它是不是目标的内容"))
                return
            if len(text) <= 60:
                return
        elif not self.now:
            table = Table(Head(), line.place, self.heading)
            if table.head.add_caption(text):
                self.now = table
                return
        elif len(text) <= 60 and not heading_name(text):
            return
        if not running:
            self._close()
            self.heading = text if len(text) <= 60 else ""

    def _grid(self, grid: Grid) -> None:
        rows = [[cell.text for cell in row] for row in grid.rows]
        if turned := headers_down(rows):
            self._close()
            self.seen += turned
            reason = f"表头竖排在左边一列，每一列才是一条指标（共 {turned} 条），没有读"
            self.unread.append(
                (_at(grid.rows[0][0], grid), reason, "请把表转置（复制后选择性粘贴，勾选“转置”），使表头成为一行，再读")
            )
            return
        self._first_of_grid(grid, rows)
        at, understood, strange = 0, True, ""
        lost: list[int] = []
        while at < len(rows):
            header = find_header(rows, at)
            if header:
                strange = ""
                self._header(header[0], grid, at)
                at += header[1]
                continue
            words = _words(rows[at])
            if strange and not find_title(" ".join(words)):
                lost += [at] if words else []
            elif (self.now and self.now.layout) or not _is_strange_header(rows[at]):
                strange = ""
                understood = self._row(grid, at, rows[at])
                if not understood and not (self.now and self.now.layout) and _like_a_row(rows[at]):
                    lost.append(at)
            else:
                strange = " | ".join(words)[:80]
            at += 1
        if lost:
            self.seen += len(lost)
            reason = f"{len(lost)} 行像指标行，但上面没有认得的表头" + (f"，只有“{strange}”" if strange else "")
            self.unread.append((_at(grid.rows[lost[0]][0], grid), reason, "请核对表头；需要时在 headers.tsv 中补上"))
        self.apart = False
        if self.now and not self.now.layout and not self.now.head.title and not understood:
            self._close()  # a table of another kind, which only began like a head

    def _first_of_grid(self, grid: Grid, rows: Sequence[Sequence[str]]) -> None:
        """A grid without header goes on with the table above only if its rows look like it."""
        if not self.now or not self.now.layout:
            return
        layout = self.now.layout
        layout.after_break = bool(self.above and pages.over_page(self.above[1], grid.place))
        if any(find_header(rows, at) for at in range(min(len(rows), 12))):
            return
        rest = layout.after_break and self.above and layout.is_rest(rows[0], _texts(self.above[0]))
        own = [row for row in rows[1 if rest else 0 :] if (words := _words(row))[1:] and not _FOOT.fullmatch(words[0])]
        strange = self.apart and not any(layout.has_label(row) for row in own)
        if strange or sum(layout.fits(row) for row in own) * 2 < len(own):
            self._close()

    def _header(self, columns: Columns, grid: Grid, at: int) -> None:
        now = self.now or self._open(Head(), grid.place)
        now.layout = Layout.of(columns, now.head.period)
        self.after_head = False
        now.layout.after_break = now.layout.repeated = bool(now.records)
        if now.layout.is_guessed and not {"goal", "long_goal"} <= now.head.pieces.keys():
            reason = "左右并列的两组指标没有写明哪组是总体（实施期）、哪组是年度：左边按总体读，右边按年度读"
            advice = "请核对；如是两个项目，请把各项目的表分开再读"
            self.unread.append((_at(grid.rows[at][0], grid), reason, advice))
        for i, (cell, name, used) in enumerate(zip(grid.rows[at], columns.names, now.layout.used, strict=False)):
            if name.strip() and not used:
                reason = f"没有读的列“{clean(name)}”：不认识这个表头，或同样的列已有一个"
                note = (_at(cell, grid), reason, "需要这一列时，请在 headers.tsv 中补上表头")
                below = [clean(row[i].text) for row in grid.rows[at + 1 :] if i < len(row)]
                says = any(text in SIGNS.values() or (is_amount(text) and not text.isdigit()) for text in below)
                missed = says or role(name, "table") or role(name, "head") or "value" not in columns.roles
                (self.unread if missed else self.strange).append(note)

    def _row(self, grid: Grid, at: int, texts: Sequence[str]) -> bool:
        """Take a row below or above a header; say whether it was understood."""
        cells = grid.rows[at]
        words = _words(texts)
        if not words:
            return True
        title = find_title(words[0]) if len(words) == 1 else None
        if title:
            self._titled(title, _at(cells[0], grid))
            return True
        if self.now and self.now.layout:
            # labels are merged from above: a row is where its name is
            own = self.now.layout.halves[0][1]["name"][0]
            return self._row_below(self.now, self.now.layout, cells, texts, _at(cells[min(own, len(cells) - 1)], grid))
        table = self.now or Table(Head(), grid.place, self.heading)
        took = table.head.add_row(cells, texts)
        if len(words) <= 3 and not took:
            for word in words:
                took = table.head.add_caption(word) or took
        self.now = table if took else self.now
        return took

    def _row_below(self, now: Table, layout: Layout, cells: Sequence[Cell], texts: Sequence[str], place: str) -> bool:
        words = [text.strip() for text in texts if text.strip()]
        goes_on, self.after_head = self.after_head and not (texts[0].strip() or layout.fits(texts)), False
        if goes_on and now.head.add_row(cells, texts):  # a goal of several rows between the rows of two periods
            self.after_head = True
            return True
        if label_and_value(words[0])[0] and not (layout.fits(texts) or layout.starts_at_name(texts)):
            fresh = Head()
            fresh.add_row(cells, texts)
            if _starts_new(now.head, fresh):
                self._open(fresh, place)
            else:
                now.head.add_row(cells, texts)
                self.after_head = True
            return True
        if layout.runs_across(texts) or _FOOT.fullmatch(words[0]):
            return True  # a line of text across the table, or a total
        if layout.is_bare_name(texts):
            self.seen += 1
            reason = f"只有一格文字，分不清是指标还是说明，没有读：{words[0][:80]}"
            self.unread.append((place, reason, "如是指标，请写明指标值；如只是说明，不必处理"))
            return False
        over, layout.after_break = layout.after_break and not layout.repeated, False
        if (over or layout.repeated) and now.records and self.above and layout.is_rest(texts, _texts(self.above[0])):
            cells, place, over = *self._mended(layout, cells), False
        else:
            self.seen += 1
        placed = [self._record(layout, record, over) for record in layout.records(cells, self.known, place)]
        self.above = (cells, place, len(placed)) if all(placed) else None
        beyond = [text for text in texts[len(layout.roles) :] if text.strip()]
        if all(placed) and not beyond:
            self.understood += 1
            return True
        reason = (
            f"比表头多出单元格：{' | '.join(beyond)[:80]}"
            if beyond
            else f"像指标行但放不进表：{' | '.join(words)[:80]}"
        )
        self.unread.append((place, reason, "请核对原文这一行"))
        return False

    def _record(self, layout: Layout, record: Record, over: bool) -> bool:
        """Add a record to the table it belongs to; say whether it could be placed."""
        now = self.now
        assert now is not None
        self._name_whole([record])
        if over and now.records and record.may_go_on(now.records):
            self._mend_project(now, record)
        another = record.is_project_of_its_own(now.records)
        if another or (layout.restarts(now.records, record) and not now.head.title):
            now = self._open(Head(), record.place)
            now.layout = layout
        layout.repeated = False
        if record.is_slot() or record.name or (record.value and record.description):
            now.records.append(record)
        else:
            return False
        return True

    def _mended(self, layout: Layout, rest: Sequence[Cell]) -> tuple[list[Cell], str]:
        """Take back the row above a page break, and return its cells and place with what the break tore off."""
        assert self.now is not None
        assert self.above is not None
        cells, place, taken = self.above
        del self.now.records[len(self.now.records) - taken :]
        if not self.now.records and not self.now.head and self.tables and self.tables[-1].layout is self.now.layout:
            self.now = self.tables.pop()  # it seemed another project, for the break tore its name
        self.understood -= 1
        whole = pages.whole_cells(cells, rest)
        for at, key in layout.project_columns().items():
            if at < len(cells) and at < len(rest) and rest[at].text.strip():
                for torn in (cells[at], rest[at]):
                    self.torn[key, torn.text.strip()] = whole[at].text
        self._name_whole(self.now.records)
        return whole, place

    def _name_whole(self, records: Iterable[Record]) -> None:
        for record in records:
            record.project = {key: self.torn.get((key, text), text) for key, text in record.project.items()}

    def _mend_project(self, now: Table, record: Record) -> None:
        """Join what is named beside the rows above a page break with what goes on below it, in all of these rows."""
        last = now.records[-1].project
        rest = {key: text for key, text in record.project.items() if text and last.get(key) and text != last[key]}
        whole = {**last, **{key: pages.whole_text(last[key], text) for key, text in rest.items()}}
        self.torn = {(key, text): whole[key] for key, text in rest.items()}
        for row in (*now.records, record):
            row.project = dict(whole)
        if rest:
            read = "；".join(clean(whole[key]) for key in rest)[:80]
            self.unread.append((record.place, f"分页处断开的项目栏按接着写的读：{read}", "请核对是不是同一个项目"))

    # -- tables -------------------------------------------------------------------------------------------------

    def _titled(self, title: Title, place: str) -> None:
        """Open a table, unless the title only says which period the next part of this one is for."""
        now = self.now
        if now and title.period and now.head.period != title.period and (now.head.period or not now.records):
            now.head.period = title.period
        else:
            self._open(Head(title=title, period=title.period), place)

    def _open(self, head: Head, place: str) -> Table:
        heading = self.heading
        self._close()
        self.now = table = Table(head, place, heading)
        self.apart = False
        return table

    def _close(self) -> None:
        if self.now and (self.now.layout or self.now.head):
            self.tables.append(self.now)
        self.now, self.heading = None, ""

    def _finish(self) -> Extract:
        projects: list[dict[str, Any]] = []
        indicators: list[dict[str, Any]] = []
        tables = [table for table in self.tables if table.layout and not not_a_target_table(table)]
        settle_levels([table.records for table in tables])
        left_out = [found for table in self.tables for found in words_left_out(table)]
        self.unread += left_out
        self.understood -= len({place for place, _, _ in left_out})
        if self.seen > self.understood:  # otherwise a column such as 联系人, which says nothing of a target
            self.unread = [*self.strange, *self.unread]
        self.unread += [(table.place, *reason) for table in self.tables if (reason := not_a_target_table(table))]
        known = self.known | {table.head.title.name for table in tables if table.head.title}
        year, unit = budget_year(self.document), plain_unit(tables)
        for number, table in enumerate(tables, 1):
            key = {"doc": self.document.name, "project_no": number, "project_id": f"{self.document.name}#{number}"}
            project, rows = describe(table, known, unit), table.rows()
            if project["budget"] is None and table.head.amount("budget", "元") is not None:
                self.unread.append((table.place, "预算金额没有写明单位（元或万元），未读", "请核对原文"))
            project["year"] = project["year"] or year
            projects.append({**key, **project, "place": table.place, "n_rows": len(rows)})
            indicators += [{**key, "row_no": i, **record.cells()} for i, record in enumerate(rows, 1)]
        unread = list(dict.fromkeys(self.unread))  # a merged cell is met at every place that it covers
        return Extract(self.document.name, projects, indicators, unread, self.seen, self.understood)


def _at(cell: Cell, grid: Grid) -> str:
    inside = not grid.place or cell.place.startswith(grid.place)
    return cell.place if inside else f"{grid.place} {cell.place}".strip()


def _texts(cells: Iterable[Cell]) -> list[str]:
    return [cell.text for cell in cells]


def _words(texts: Iterable[str]) -> list[str]:
    """The distinct texts of a row."""
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _is_strange_header(texts: Iterable[str]) -> bool:
    """Say whether a row names indicators and what else is told of them, though it is no header we know."""
    words = _words(texts)
    return any("指标" in word and role(word, "table").startswith("name") for word in words) and (
        sum(bool(role(word, "table") or role(word, "head")) for word in words) > 2
    )


def _like_a_row(texts: Iterable[str]) -> bool:
    """Say whether a row has a level label and an amount."""
    words = [clean(text) for text in texts]
    return any(label(word) for word in words) and any(is_amount(word) for word in words)


def _starts_new(head: Head, fresh: Head) -> bool:
    """A label that the head already holds opens the next project, unless it says the same (repeated on a page)."""
    for key in (*_IDENTITY, "goal", "overall_goal", "annual_goal", "budget"):
        if fresh.text(key) and head.text(key):
            return fresh.text(key) != head.text(key)
    return any(fresh.text(key) for key in _IDENTITY)


def _whole_texts(blocks: Iterable[Line | Grid]) -> frozenset[str]:
    texts = {clean(cell.text) for block in blocks if isinstance(block, Grid) for row in block.rows for cell in row}
    return frozenset(text for text in texts if len(text) >= 4)
