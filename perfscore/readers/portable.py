"""Pdf: ruled tables, tables without lines, and the text around them, page by page."""

import io
import itertools
import logging
import re
from dataclasses import dataclass, field
from functools import partial

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from perfscore.errors import ReadError
from perfscore.readers.alignment import AlignedTable, TextLine, tables_of
from perfscore.readers.blocks import Block, Document, Line
from perfscore.readers.drawing import is_drawn_by_cell, pieces_of
from perfscore.readers.limits import MAX_PAGES
from perfscore.readers.marks import Glyph, Marks, lines_of, marks_of, spell_line
from perfscore.readers.rulings import ruled_tables

__all__ = ["read"]

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it warns of every oddity of every font, thousands a file

USE_OCR = "疑为扫描件，请先用文字识别（OCR）软件转换，或向编制单位索取 docx、xlsx"
SAVE_AGAIN = "请用阅读器打开核对，另存为新的 pdf 再读"
SAVE_AS_TABLE = "请换用原来的 docx、xlsx 文件，或把表格加上框线另存为 pdf 再读"
WAIT = 8
"""Pages that may wait in memory for one that shows in which order the file is drawn."""
_PAGE_NO = re.compile(r"[-—–·]*第?\d{1,4}页?[-—–·]*(?:[共/]第?\d{1,4}页?)?")
FEW = 10
"""Glyphs: a scanned page may still carry a printed page number."""


def read(data: bytes, name: str) -> Document:
    """Read a pdf: grids and lines of every page from top to bottom.

    A table over a page break gives a grid on each page; joining them is left to whoever knows what they hold.

    Raises
    ------
    ReadError : encrypted, broken, or no text in it
    """
    reader = _Reader()
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for number, page in enumerate(pdf.pages[:MAX_PAGES], 1):
                try:
                    reader.take(marks_of(page), number)
                except Exception as error:  # one broken page must not take the others with it
                    reader.broken(number, error)
                page.close()
            reader.finish()
            if len(pdf.pages) > MAX_PAGES:
                reader.problems.append((MAX_PAGES + 1, f"只读前 {MAX_PAGES} 页，后面的页没有读", "请拆分后再读"))
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect):
            raise ReadError("pdf 已加密，需要口令", "请用口令打开，另存为不加密的文件再读") from error
        raise ReadError("pdf 不完整或已损坏", SAVE_AGAIN) from error
    if not reader.blocks and not reader.problems:
        raise ReadError("pdf 没有文字", USE_OCR)
    return Document(name, tuple(reader.blocks), _grouped(reader.problems))


@dataclass
class _Reader:
    blocks: list[Block] = field(default_factory=list)
    problems: list[tuple[int, str, str]] = field(default_factory=list)
    last: AlignedTable | None = None
    by_cell: bool = False
    waiting: list[tuple[Marks, int]] = field(default_factory=list)

    def take(self, marks: Marks, number: int) -> None:
        """Read a page, once it is known whether the file is drawn cell by cell: some pages do not show it."""
        self.waiting.append((marks, number))
        self.by_cell = self.by_cell or is_drawn_by_cell(pieces_of(marks.glyphs))
        if self.by_cell or len(self.waiting) > WAIT:
            self.finish()

    def finish(self) -> None:
        """Read the pages that still wait."""
        waiting, self.waiting = self.waiting, []
        for marks, number in waiting:
            try:
                self.page(marks, number)
            except Exception as error:  # one broken page must not take the others with it
                self.broken(number, error)

    def broken(self, number: int, error: Exception) -> None:
        """Note a page that cannot be read."""
        self.problems.append((number, f"页面读不出（{type(error).__name__}）", SAVE_AGAIN))

    def page(self, marks: Marks, number: int) -> None:
        """Add the blocks of a page from top to bottom, and note what of it could not be read."""
        if marks.has_image and sum(not glyph.text.isspace() for glyph in marks.glyphs) < FEW:
            self.problems.append((number, "页面是图像，没有文字层", USE_OCR))
        if marks.broken:
            self.problems.append((number, f"有 {marks.broken} 个字的字体没有编码，以 � 代替", USE_OCR))
        try:
            tables = ruled_tables(marks.rules)
        except ReadError as error:
            tables = []
            self.problems.append((number, error.reason, error.advice))
        inside: list[list[Glyph]] = [[] for _ in tables]
        outside: list[Glyph] = []
        for glyph in marks.glyphs:
            holder = next((index for index, table in enumerate(tables) if table.holds(glyph)), None)
            (outside if holder is None else inside[holder]).append(glyph)
        before, self.last = self.last, None
        outside, foot = _without_page_number(outside)
        tops = [float("-inf"), *sorted(table.ys[0] for table in tables), float("inf")]
        drawn = sorted(zip(tables, inside, strict=True), key=lambda pair: pair[0].ys[0])
        names = (f"第{number}页 表{count}" for count in itertools.count(1))
        for index, (above, below) in enumerate(itertools.pairwise(tops)):
            if index:
                self.last = None
                table, held = drawn[index - 1]
                place = next(names)
                self.blocks.append(table.grid(held, place, partial(_address, place)))
            between = [glyph for glyph in outside if above <= glyph.middle < below]
            for item in tables_of(between, self.by_cell, before if index == 0 else None):
                if isinstance(item, TextLine):
                    self.blocks.append(Line(spell_line(item.glyphs), f"第{number}页"))
                    before = None  # a table below a line of text does not go on with one that was not read
                    continue
                place = next(names)
                grid = item.grid(place, partial(_address, place))
                torn = before is not None and not before.sound and len(item.gutters) == len(before.gutters)
                sound = item.sound and not torn and not any("\t" in cell.text for row in grid.rows for cell in row)
                self.last = item._replace(sound=sound)
                if sound:
                    self.blocks.append(grid)
                else:
                    self.problems.append((number, "没有框线的表，行列分不清，没有读", SAVE_AS_TABLE))
        if foot:
            self.blocks.append(Line(spell_line(foot), f"第{number}页"))


def _without_page_number(glyphs: list[Glyph]) -> tuple[list[Glyph], list[Glyph]]:
    """Part a page number at the foot of a page from the text above it, wherever in the file it is drawn."""
    lines = lines_of(glyph for glyph in glyphs if not glyph.text.isspace())
    if len(lines) < 2 or not _PAGE_NO.fullmatch("".join(glyph.text for glyph in lines[-1])):
        return glyphs, []
    floor = max(glyph.bottom for glyph in lines[-2])
    if min(glyph.top for glyph in lines[-1]) - floor < lines[-1][0].height:
        return glyphs, []
    foot = [glyph for glyph in glyphs if glyph.middle > floor]
    return [glyph for glyph in glyphs if glyph.middle <= floor], sorted(foot, key=lambda glyph: glyph.x0)


def _address(place: str, row: int, column: int) -> str:
    return f"{place} 第{row + 1}行第{column + 1}列"


def _grouped(problems: list[tuple[int, str, str]]) -> tuple[tuple[str, str, str], ...]:
    """Say once what holds for several pages in a row."""
    found = []
    for (reason, advice, _), group in itertools.groupby(
        enumerate(problems), key=lambda item: (item[1][1], item[1][2], item[1][0] - item[0])
    ):
        pages = [problem[0] for _, problem in group]
        found.append((f"第{pages[0]}页" if len(pages) == 1 else f"第{pages[0]}-{pages[-1]}页", reason, advice))
    return tuple(found)
