"""OpenDocument spreadsheets (ods). The file holds the text that each cell shows, so nothing is formatted again."""

from zipfile import BadZipFile

from perfscore.errors import ReadError
from perfscore.readers.addresses import column_letters
from perfscore.readers.archive import open_zip, read_part
from perfscore.readers.blocks import Document, Grid
from perfscore.readers.canvas import Canvas
from perfscore.readers.formulas import Formulas
from perfscore.readers.limits import MAX_SPAN
from perfscore.readers.markup import Element, attribute, find, inside, local, parse_xml
from perfscore.readers.numberformat import show

__all__ = ["read"]

GROUPS = {"table-row-group", "table-header-rows", "table-rows"}
SPACES = {"tab": "\t", "line-break": "\n"}
VALUES = ("string-value", "date-value", "time-value", "value")


def read(data: bytes, name: str) -> Document:
    """Read every sheet of an ods, hidden ones included and marked in their place.

    Raises
    ------
    ReadError : encrypted, broken, or too large
    """
    with open_zip(data) as archive:
        try:
            content = parse_xml(read_part(archive, "content.xml"))
        except (BadZipFile, RuntimeError, SyntaxError) as error:
            raise ReadError("ods 损坏或已加密", "请用 LibreOffice 或 WPS 打开核对，去掉口令后另存再读") from error
    hidden = {
        attribute(style, "name")
        for style in inside(content, "automatic-styles")
        if attribute(find(style, "table-properties"), "display") == "false"
    }
    blocks: list[Grid] = []
    unread: list[tuple[str, str, str]] = []
    for table in inside(content, "body", "spreadsheet"):
        if local(table) == "table":
            mark = "（隐藏）" if attribute(table, "style-name") in hidden else ""
            place = f"工作表 {attribute(table, 'name')}{mark}"
            try:
                formulas = Formulas()
                blocks.append(_grid(table, place, formulas))
                unread += formulas.notes(place)
            except ReadError as error:
                unread.append((place, error.reason, error.advice))
    return Document(name, tuple(blocks), tuple(unread))


def _rows(container: Element) -> list[Element]:
    found = []
    for child in container:
        if local(child) == "table-row":
            found.append(child)
        elif local(child) in GROUPS:
            found += _rows(child)
    return found


def _grid(table: Element, place: str, formulas: Formulas) -> Grid:
    hidden_rows: set[int] = set()
    canvas = Canvas(
        lambda row, column: f"{place} / {column_letters(column)}{row + 1}{'（隐藏行）' if row in hidden_rows else ''}"
    )
    row = 0
    for line in _rows(table):
        times = int(attribute(line, "number-rows-repeated", "1"))
        filled = _cells(line, row, formulas)
        for repeat in range(row, row + times) if filled else ():
            if attribute(line, "visibility", "visible") != "visible":
                hidden_rows.add(repeat)
            for column, text, n_rows, n_columns in filled:
                canvas.put(repeat, column, text, n_rows, n_columns)
        row += times
    return canvas.grid(place)


def _cells(line: Element, row: int, formulas: Formulas) -> list[tuple[int, str, int, int]]:
    """Return column, text, rows and columns covered of every filled cell of a row, repeated ones each time."""
    found: list[tuple[int, str, int, int]] = []
    column = 0
    for cell in line:
        times = int(attribute(cell, "number-columns-repeated", "1"))
        if local(cell) == "table-cell":
            text = _shown(cell)
            if _is_error(cell):
                formulas.errors.append((row, column))
                text = ""
            elif attribute(cell, "formula") and not attribute(cell, "value-type") and find(cell, "p") is None:
                formulas.uncomputed.append((row, column))
            n_rows = min(int(attribute(cell, "number-rows-spanned", "1")), MAX_SPAN)
            n_columns = min(int(attribute(cell, "number-columns-spanned", "1")), MAX_SPAN)
            if text or n_rows * n_columns > 1:
                found += [(column + number, text, n_rows, n_columns) for number in range(min(times, MAX_SPAN))]
        column += times
    return found


def _shown(cell: Element) -> str:
    """The text in a cell; where a program wrote none, its value."""
    paragraphs = [_text(part) for part in cell if local(part) == "p"]
    if paragraphs:
        return "\n".join(paragraphs)
    if attribute(cell, "value-type") == "percentage":
        return show(float(attribute(cell, "value")), "0.##%")
    return next((text for name in VALUES if (text := attribute(cell, name))), "")


def _is_error(cell: Element) -> bool:
    return any(value == "error" for name, value in cell.attrib.items() if name.endswith("}value-type"))


def _text(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        name = local(child)
        if name == "s":
            parts.append(" " * min(int(attribute(child, "c", "1")), MAX_SPAN))
        elif name in SPACES:
            parts.append(SPACES[name])
        elif name not in {"annotation", "note"}:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
