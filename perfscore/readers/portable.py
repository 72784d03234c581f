"""Pdf: ruled tables, tables without lines, and the text around them, page by page."""

import io
import logging
from collections.abc import Callable
from itertools import groupby

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from perfscore.errors import ReadError
from perfscore.readers.alignment import AlignedTable, aligned_tables, text_lines
from perfscore.readers.blocks import Block, Document, Line
from perfscore.readers.limits import MAX_PAGES
from perfscore.readers.marks import Glyph, Marks, lines_of, marks_of, spell_line
from perfscore.readers.rulings import ruled_tables

__all__ = ["read"]

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it warns of every oddity of every font, thousands a file

SCANNED = "页面是图像，没有文字层"
USE_OCR = "疑为扫描件，请先用文字识别（OCR）软件转换，或向编制单位索取 docx、xlsx"


def read(data: bytes, name: str) -> Document:
    """Read a pdf: grids and lines of every page from top to bottom.

    A table over a page break gives a grid on each page; joining them is left to whoever knows what they hold.

    Raises
    ------
    ReadError : encrypted, broken, or no text in it
    """
    blocks: list[Block] = []
    problems: list[tuple[int, str, str]] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for number, page in enumerate(pdf.pages[:MAX_PAGES], 1):
                try:
                    found, problem = _page(marks_of(page), number)
                except Exception as error:  # one broken page must not take the others with it
                    found, problem = (
                        [],
                        (f"页面读不出（{type(error).__name__}）", "请另存为新的 pdf，或用 docx、xlsx 再读"),
                    )
                blocks += found
                if problem is not None:
                    problems.append((number, *problem))
                page.close()
            n_pages = len(pdf.pages)
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect):
            raise ReadError("pdf 已加密，需要口令", "请用口令打开，另存为不加密的文件再读") from error
        raise ReadError(f"pdf 损坏（{error}）", "请重新下载，或用阅读器打开后另存再读") from error
    if n_pages > MAX_PAGES:
        problems.append((n_pages, f"只读了前 {MAX_PAGES} 页", "请拆分后再读"))
    if not blocks and not problems:
        raise ReadError("pdf 是空白的，没有文字", "请核对文件是否完整")
    return Document(name, tuple(blocks), _grouped(problems))


def _page(marks: Marks, number: int) -> tuple[list[Block], tuple[str, str] | None]:
    """Return the blocks of a page from top to bottom, and what of it could not be read."""
    place = f"第{number}页"
    problem = None
    inked = sum(not glyph.text.isspace() for glyph in marks.glyphs)
    if marks.has_image and inked < 10:
        problem = (SCANNED, USE_OCR)
    elif marks.broken:
        problem = (f"有 {marks.broken} 个字的字体没有编码，以 � 代替", USE_OCR)
    try:
        tables = ruled_tables(marks.rules)
    except ReadError as error:
        tables, problem = [], (error.reason, error.advice)
    inside: list[list[Glyph]] = [[] for _ in tables]
    outside: list[Glyph] = []
    for glyph in marks.glyphs:
        holder = next((index for index, table in enumerate(tables) if table.holds(glyph)), None)
        (outside if holder is None else inside[holder]).append(glyph)
    drawn = sorted(zip(tables, inside, strict=True), key=lambda pair: (pair[0].ys[0], pair[0].xs[0]))
    blocks: list[Block] = []
    count = 0
    for index in range(len(drawn) + 1):
        above = drawn[index - 1][0].ys[0] if index else float("-inf")
        below = drawn[index][0].ys[0] if index < len(drawn) else float("inf")
        between = [glyph for glyph in outside if above <= glyph.middle < below]
        for item in aligned_tables(text_lines(lines_of(between))):
            if isinstance(item, AlignedTable):
                count += 1
                where = f"{place} 表{count}"
                blocks.append(item.grid(where, _address(where)))
            else:
                blocks.append(Line(spell_line(item.glyphs), place))
        if index < len(drawn):
            count += 1
            where = f"{place} 表{count}"
            blocks.append(drawn[index][0].grid(drawn[index][1], where, _address(where)))
    return blocks, problem


def _address(place: str) -> Callable[[int, int], str]:
    return lambda row, column: f"{place} 第{row + 1}行第{column + 1}列"


def _grouped(problems: list[tuple[int, str, str]]) -> tuple[tuple[str, str, str], ...]:
    """Say once what holds for several pages in a row."""
    found = []
    for (reason, advice, _), group in groupby(
        enumerate(problems), key=lambda item: (item[1][1], item[1][2], item[1][0] - item[0])
    ):
        pages = [problem[0] for _, problem in group]
        found.append((f"第{pages[0]}页" if len(pages) == 1 else f"第{pages[0]}-{pages[-1]}页", reason, advice))
    return tuple(found)
