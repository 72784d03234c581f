"""The workbook for reviewers: sheets to filter and print, offending cells coloured, with notes."""

from collections.abc import Iterable, Mapping
from copy import copy
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from perfscore.reporting.archive import settled
from perfscore.reporting.messages import label
from perfscore.reporting.plain import clip, printable, width
from perfscore.reporting.sheets import NOTES, Finding, Sheet, sheets

if TYPE_CHECKING:
    from perfscore.scorecard import Lang, Scorecard

__all__ = ["FILLS", "write_sheets", "write_workbook"]

# Severity is also written in words beside the cell, so colour is never the only sign.
FILLS = {"critical": "F8CBAD", "major": "FFE0A3", "minor": "FFF8C9", "info": "DDEBF7"}
_LONGEST = 32_000  # a cell of an xlsx holds 32,767 UTF-16 units
_NARROWEST, _WIDEST = 6, 24
_WIDER = {
    "reasons": 40,
    "note": 30,
    "message": 36,
    "advice": 36,
    "issues": 46,
    "difference": 46,
    "content": 90,
    "reason": 40,
}
_CENTRED = ("rank", "grade", "year", "row_no", "severity", "code", "group", "size")
_TALLEST = 12  # lines shown of a cell; the rest is in the cell all the same
_LINE = 16.5  # points; Chinese fonts stand higher than the default one
_SAMPLE = 2_000  # rows looked at for the width of a column
_FORMATS = {
    "budget": "#,##0.00",
    "score": "0.0",
    "points": "0.00",
    "share": "0.0%",
    "similarity": "0.0%",
    "similarity_masked": "0.0%",
    "assessable": "0%",
    **{f"lost_{name}": "0.00" for name in ("completeness", "relevance", "appropriateness", "feasibility")},
}
_EDGE = Side(style="thin", color="BFBFBF")


def write_workbook(scorecard: "Scorecard", path: Path, lang: "Lang" = "zh") -> None:
    """Write the workbook of a scorecard; the same scorecard gives the same bytes."""
    _save(sheets(scorecard, lang), path, lang)


def write_sheets(frames: Mapping[str, pd.DataFrame], path: Path, lang: "Lang" = "zh") -> None:
    """Write plain tables, one sheet each, with the same care for a stranger's text."""
    _save((Sheet(label(name, lang), frame) for name, frame in frames.items()), path, lang)


def _save(content: Iterable[Sheet], path: Path, lang: "Lang") -> None:
    book = Workbook(write_only=True)
    for sheet in content:
        _write(book, sheet, lang)
    written = BytesIO()
    book.save(written)
    path.write_bytes(settled(written.getvalue()))


def _write(book: Workbook, sheet: Sheet, lang: "Lang") -> None:
    target = book.create_sheet(sheet.title)
    names = list(sheet.frame.columns)
    heads = [label(name, lang) for name in names]
    columns = [_cleaned(sheet.frame[name]) for name in names]
    widths = [_width(name, head, column) for name, head, column in zip(names, heads, columns, strict=True)]
    _set_up(target, widths, len(sheet.frame), sheet.printed or len(names))
    target.append([_head(target, head) for head in heads])
    kinds = {name: pd.api.types.is_string_dtype(sheet.frame[name]) for name in names}
    cells = {name: _body(target, name, is_text) for name, is_text in kinds.items()}
    filled = {(name, severity): _body(target, name, kinds[name], severity) for name in names for severity in FILLS}
    notes = 0
    heights = [max(lines) for lines in zip(*map(_lines, columns, widths), strict=True)]
    for place, row in enumerate(zip(*columns, strict=True)):
        if heights[place] > 1:
            target.row_dimensions[place + 2].height = _LINE * heights[place]
        written = []
        for name, value in zip(names, row, strict=True):
            found = sheet.marks.get((place, name))
            cell = filled[name, _worst(found)] if found else cells[name]
            _put(cell, value)
            if found and notes < NOTES:
                cell = copy(cell)
                cell.comment = _note(found)
                notes += 1
            written.append(cell)
        target.append(written)


def _set_up(target: Any, widths: list[float], n_rows: int, printed: int) -> None:
    """Widths, filter, frozen head and the printed page; a write-only sheet wants them before its first row."""
    target.freeze_panes = "A2"
    target.auto_filter.ref = f"A1:{get_column_letter(len(widths))}{n_rows + 1}"
    target.print_area = f"A1:{get_column_letter(printed)}{n_rows + 1}"
    target.print_title_rows = "1:1"
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = 9  # A4
    target.page_setup.fitToHeight = 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.oddFooter.center.text = "&A  &P / &N"
    for number, columns in enumerate(widths, start=1):
        target.column_dimensions[get_column_letter(number)].width = columns


def _cleaned(column: pd.Series) -> list[Any]:
    """The cells of a column, text fit for a cell, missing as ``None``; each distinct text is cleaned once."""
    if pd.api.types.is_string_dtype(column):
        fit = {text: clip(printable(text), _LONGEST) or None for text in column.dropna().unique()}
        return [fit.get(text) if isinstance(text, str) else None for text in column]
    return column.astype(object).where(column.notna(), None).tolist()


def _width(name: str, head: str, column: list[Any]) -> float:
    lengths = [max(map(width, text.split("\n"))) for text in column[:_SAMPLE] if isinstance(text, str)]
    lengths += [len(f"{number:,.2f}") for number in column[:_SAMPLE] if isinstance(number, float)]
    # The filter's button needs room beside the heading.
    return min(_WIDER.get(name, _WIDEST), max(_NARROWEST, width(head) + 4, *(length + 2 for length in lengths), 0))


def _lines(column: list[Any], room: float) -> list[int]:
    """Lines each cell of a column takes; not every spreadsheet works them out itself when it opens a file."""
    lines = {
        text: min(_TALLEST, sum(1 + int(width(line) // (room - 1)) for line in text.split("\n")))
        for text in {value: None for value in column if isinstance(value, str)}
    }
    return [lines.get(value, 1) for value in column]


def _head(target: Any, text: str) -> Cell:
    cell = WriteOnlyCell(target, text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="D9E1F2")
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    cell.border = Border(bottom=_EDGE)
    return cell


def _body(target: Any, name: str, is_text: bool, severity: str = "") -> Cell:
    cell = WriteOnlyCell(target)
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="center" if name in _CENTRED else None)
    cell.border = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
    # The text format keeps "=…" a text also when a reviewer edits the cell.
    cell.number_format = "@" if is_text else _FORMATS.get(name, "General")
    if severity:
        cell.fill = PatternFill("solid", fgColor=FILLS[severity])
    return cell


def _put(cell: Cell, value: Any) -> None:
    """Set the value; text stays text, whatever it begins with."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def _worst(found: list[Finding]) -> str:
    return next((severity for severity in FILLS if any(finding["severity"] == severity for finding in found)), "info")


def _note(found: list[Finding]) -> Comment:
    text = "\n".join(f"{finding['code']} {finding['message']}\n→ {finding['advice']}" for finding in found)
    return Comment(printable(text), "perfscore", height=30 + 40 * len(found), width=320)
