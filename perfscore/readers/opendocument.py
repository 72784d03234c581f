"""OpenDocument spreadsheets (ods). The file holds the text that each cell shows, so nothing is formatted again."""

from zipfile import BadZipFile

from perfscore.errors import ReadError
from perfscore.readers.archive import open_zip, read_part
from perfscore.readers.blocks import Document, Grid
from perfscore.readers.canvas import Canvas
from perfscore.readers.limits import MAX_SPAN
from perfscore.readers.markup import Element, attribute, find, inside, local, parse_xml
from perfscore.readers.workbook import column_letters

__all__ = ["read"]

GROUPS = {"table-row-group", "table-header-rows", "table-rows"}
SPACES = {"tab": "\t", "line-break": "\n"}


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
            raise ReadError(
                f"ods 损坏或已加密（{error}）", "请用 LibreOffice 或 WPS 打开核对，去掉口令后另存再读"
            ) from error
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
                blocks.append(_grid(table, place))
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


def _grid(table: Element, place: str) -> Grid:
    hidden_rows: set[int] = set()
    canvas = Canvas(
        lambda row, column: f"{place} / {column_letters(column)}{row + 1}{'（隐藏行）' if row in hidden_rows else ''}"
    )
    row = 0
    for line in _rows(table):
        times = int(attribute(line, "number-rows-repeated", "1"))
        filled = [item for item in _cells(line) if item[1] or item[2:] != (1, 1)]
        for repeat in range(row, row + times) if filled else ():
            if attribute(line, "visibility", "visible") != "visible":
                hidden_rows.add(repeat)
            for column, text, n_rows, n_columns in filled:
                canvas.put(repeat, column, text, n_rows, n_columns)
        row += times
    return canvas.grid(place)


def _cells(row: Element) -> list[tuple[int, str, int, int]]:
    """Return column, text, rows and columns covered of every filled cell of a row, repeated ones each time."""
    found: list[tuple[int, str, int, int]] = []
    column = 0
    for cell in row:
        times = int(attribute(cell, "number-columns-repeated", "1"))
        if local(cell) == "table-cell":
            text = "\n".join(_text(part) for part in cell if local(part) == "p")
            n_rows = min(int(attribute(cell, "number-rows-spanned", "1")), MAX_SPAN)
            n_columns = min(int(attribute(cell, "number-columns-spanned", "1")), MAX_SPAN)
            if text or n_rows * n_columns > 1:
                found += [(column + number, text, n_rows, n_columns) for number in range(min(times, MAX_SPAN))]
        column += times
    return found


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
