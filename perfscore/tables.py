"""From the lines and grids of one document to its projects and indicator rows. One assembler serves every format.

A table is recognised by its header words; what stands above it is its head, what stands below are its rows until the
next title, head or header. What looks like a row and cannot be placed is reported, never dropped.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from perfscore import abreast, flow, pages
from perfscore.body import FOOT, Body, place_of, words_of
from perfscore.columns import find_header, headers_down
from perfscore.head_cells import is_labelled
from perfscore.headers import clean, fold, is_amount, label, role
from perfscore.heads import Head
from perfscore.levels import settle_levels
from perfscore.projects import (
    Table,
    budget_year,
    describe,
    named_by_lines,
    not_a_target_table,
    plain_unit,
    words_left_out,
)
from perfscore.readers.blocks import Document, Grid, Line
from perfscore.reading import Reading, Unread
from perfscore.reprinted import rejoined
from perfscore.results import TWICE
from perfscore.titles import find_title, heading_name, line_name, starts_section

__all__ = ["Extract", "assemble"]

_GLUED = re.compile("一级(?:绩效)?指标(?:名称)?二级(?:绩效)?指标(?:名称)?三级(?:绩效)?指标")


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
        self.reading = Reading(unread=[*document.unread, *unclear], understood=-len(doubtful))
        self.body = Body(self.reading, self.known, budget_year(document))
        if doubtful:
            reason = f"{len(doubtful)} 行的单元格可能切错：换行的位置不像同一列的文字"
            self.reading.report(doubtful[0], reason, "请核对这些行，或换用原来的 docx、xlsx、pdf 文件")

    def run(self) -> Extract:
        for block in self.blocks:
            if isinstance(block, Line):
                self._line(block)
            else:
                self._grid(block)
        self.reading.close()
        return self._finish()

    def _line(self, line: Line) -> None:
        reading = self.reading
        text = line.text
        if not text.strip() or pages.PAGE_NO.fullmatch(text.strip()):
            return
        title = find_title(text)
        if title:
            reading.titled(title, line.place)
            return
        level = label(text)
        if level and level.category in ("", level.level1):
            reading.level1 = level.text
            return
        running = self.edges.get(line, False)
        reading.apart = reading.apart or not running
        if _GLUED.search(fold(text)):
            reading.report(line.place, "表格的文字连成一片，分不出列", "请换成原来的文件，或在单元格之间加上分隔")
        now = reading.now
        took = self._below(now, line) if now and now.layout else self._above(now, line)
        if not took and not running:
            reading.close()
            reading.heading = text if len(text) <= 60 else ""

    def _above(self, now: Table | None, line: Line) -> bool:
        """Take a line above a table, and below its title if it has one; say whether it may belong to the table."""
        reading, text = self.reading, line.text
        if not now:
            table = Table(Head(), line.place, reading.heading)
            if table.head.add_caption(text):
                reading.now = table
            return bool(reading.now or (reading.heading and is_labelled(text)))
        fresh = Head()
        if fresh.add_caption(text) and now.head.names_another(fresh):
            reading.open(fresh, line.place)  # the project above has no table
            return True
        opens = heading_name(text) or (now.head.tells() and line_name(text) and starts_section(text))
        if opens and not now.head.title:
            return False
        if now.head.add_caption(text) or self.edges.get(line, False):
            return True
        if now.head.add_text(text):
            if line in self.edges:
                reason = f"页首或页脚的文字当作绩效目标的一部分读了：{clean(text)[:80]}"
                reading.report(line.place, reason, "另有几页也有这行文字，请核对它是不是目标的内容")
            return True
        now.heading = text if line_name(text) else now.heading
        return len(text) <= 60 or is_labelled(text)

    def _below(self, now: Table, line: Line) -> bool:
        """Take a line below a table, which may belong to the next one; say whether the table may yet go on."""
        reading, text = self.reading, line.text
        fresh = Head()
        if fresh.add_caption(text):
            if now.head.differs(fresh) or (reading.heading and fresh.tells()):
                reading.open(fresh, line.place)
            elif now.head.period and fresh.period not in ("", now.head.period):
                now.head.add_caption(text)  # the goal of the other period, whose table comes
            return True
        if heading_name(text) or len(text) > 60:
            return bool(reading.heading and is_labelled(text))
        if line_name(text) and not self.edges.get(line, False) and not FOOT.fullmatch(text.strip()):
            reading.heading = text
        return True

    def _grid(self, grid: Grid) -> None:
        reading = self.reading
        rows = [[cell.text for cell in row] for row in grid.rows]
        if turned := headers_down(rows):
            reading.close()
            reading.seen += turned
            reason = f"表头竖排在左边一列，每一列才是一条指标（共 {turned} 条），没有读"
            advice = "请把表转置（复制后选择性粘贴，勾选“转置”），使表头成为一行，再读"
            reading.report(place_of(grid.rows[0][0], grid), reason, advice)
            return
        if self._lacks_names(grid, rows):
            return
        self.body.begin_grid(grid, rows)
        at, understood, strange = 0, True, ""
        lost: list[int] = []
        while at < len(rows):
            header = find_header(rows, at)
            if header:
                strange = ""
                self.body.header(header[0], grid, at)
                at += header[1]
                continue
            words = words_of(rows[at])
            if self._named_above_header(rows, at, words):
                strange = ""
            elif strange and not find_title(" ".join(words)):
                lost += [at] if words else []
            elif reading.has_header or not _is_strange_header(rows[at]):
                strange = ""
                understood = self._row(grid, at, rows[at])
                if not understood and not reading.has_header and _like_a_row(rows[at]):
                    lost.append(at)
            else:
                strange = " | ".join(words)[:80]
            at += 1
        if lost:
            reading.seen += len(lost)
            reason = f"{len(lost)} 行像指标行，但上面没有认得的表头" + (f"，只有“{strange}”" if strange else "")
            reading.report(place_of(grid.rows[lost[0]][0], grid), reason, "请核对表头；需要时在 headers.tsv 中补上")
        reading.apart, reading.heading, reading.level1 = False, "", ""
        if reading.now and not reading.now.layout and not reading.now.head.title and not understood:
            reading.close()  # a table of another kind, which only began like a head

    def _named_above_header(self, rows: Sequence[Sequence[str]], at: int, words: Sequence[str]) -> bool:
        """Take a word alone in the row above a header as a line there would be taken: it may name the next project."""
        reading = self.reading
        if len(words) != 1 or not rows[at][0].strip() or not line_name(words[0]) or find_title(words[0]):
            return False
        if at + 1 == len(rows) or not find_header(rows, at + 1):
            return False
        if reading.now and not reading.now.layout:
            if reading.now.head.tells():
                return False  # the goal may go on here
            reading.now.heading = words[0]
        else:
            reading.heading = words[0]
        return True

    def _lacks_names(self, grid: Grid, rows: Sequence[Sequence[str]]) -> bool:
        """Report the columns of a table whose others stand in the grid above, if that cannot be told row by row."""
        now, at = self.reading.now, pages.columns_alone(rows)
        if at is None or not (now and now.layout) or "value" in now.layout.roles:
            return False
        lost = sum(bool(words_of(row)) for row in rows[at + 1 :])
        self.reading.seen += lost
        reason = f"表的右边几列（{'、'.join(words_of(rows[at]))[:60]}）与指标名称分开印，行数对不上，{lost} 行没有读"
        self.reading.report(grid.place, reason, "请把打印设置改为“将所有列打印在一页”，或换用原来的 Excel 文件再读")
        return True

    def _row(self, grid: Grid, at: int, texts: Sequence[str]) -> bool:
        """Take a row below or above a header; say whether it was understood."""
        reading = self.reading
        cells = grid.rows[at]
        words = words_of(texts)
        if not words:
            return True
        title = find_title(words[0]) if len(words) == 1 else None
        if title:
            reading.titled(title, place_of(cells[0], grid))
            return True
        if reading.now and reading.now.layout:
            return self.body.row(reading.now, reading.now.layout, grid, at)
        table = reading.now or Table(Head(), grid.place, reading.heading)
        took = table.head.add_row(cells, texts)
        if len(words) <= 3 and not took:
            for word in words:
                took = table.head.add_caption(word) or took
        reading.now = table if took else reading.now
        return took

    def _finish(self) -> Extract:
        reading = self.reading
        projects: list[dict[str, Any]] = []
        indicators: list[dict[str, Any]] = []
        reading.tables = rejoined(reading.tables)
        tables = [table for table in reading.tables if table.layout and not not_a_target_table(table)]
        settle_levels([table.records for table in tables])
        left_out = [found for table in reading.tables for found in words_left_out(table)]
        reading.unread += left_out
        reading.understood -= len({place for place, _, _ in left_out})
        if reading.seen > reading.understood:  # otherwise a column such as 联系人, which says nothing of a target
            reading.unread = [*reading.minor, *reading.unread]
        reading.unread += [(table.place, *reason) for table in reading.tables if (reason := not_a_target_table(table))]
        known = self.known | {table.head.title.name for table in tables if table.head.title}
        year, unit, by_lines = budget_year(self.document), plain_unit(tables), named_by_lines(tables)
        for number, table in enumerate(tables, 1):
            key = {"doc": self.document.name, "project_no": number, "project_id": f"{self.document.name}#{number}"}
            project, rows = describe(table, known, unit, year, by_lines), table.rows()
            if project["budget"] is None and table.head.amount("budget", "元") is not None:
                reading.report(table.place, "预算金额没有写明单位（元或万元），未读", "请核对原文")
            projects.append({**key, **project, "place": table.place, "n_rows": len(rows)})
            indicators += [{**key, "row_no": i, **record.cells()} for i, record in enumerate(rows, 1)]
        unread = list(dict.fromkeys(reading.unread))  # a merged cell is met at every place that it covers
        return Extract(self.document.name, projects, indicators, unread, reading.seen, reading.understood)


def _is_strange_header(texts: Iterable[str]) -> bool:
    """Say whether a row names indicators and what else is told of them, though it is no header we know."""
    words = words_of(texts)
    return any("指标" in word and role(word, "table").startswith("name") for word in words) and (
        sum(bool(role(word, "table") or role(word, "head")) for word in words) > 2
    )


def _like_a_row(texts: Iterable[str]) -> bool:
    """Say whether a row has a level label and an amount."""
    words = [clean(text) for text in texts]
    return any(label(word) for word in words) and any(is_amount(word) for word in words)


def _whole_texts(blocks: Iterable[Line | Grid]) -> frozenset[str]:
    texts = {clean(cell.text) for block in blocks if isinstance(block, Grid) for row in block.rows for cell in row}
    return frozenset(text for text in texts if len(text) >= 4)
