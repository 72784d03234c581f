"""SpreadsheetML 2003: the XML workbooks that many systems export under the name ``.xls``."""

import datetime as dt

from perfscore.errors import ReadError
from perfscore.readers.blocks import Document, Grid
from perfscore.readers.canvas import Canvas
from perfscore.readers.limits import MAX_SPAN
from perfscore.readers.markup import Element, attribute, find, inside, local, parse_xml
from perfscore.readers.numberformat import show
from perfscore.readers.sniff import decode
from perfscore.readers.workbook import column_letters

__all__ = ["read"]


def read(data: bytes, name: str) -> Document:
    """Read every worksheet; numbers and dates are shown in the format of their style.

    Raises
    ------
    ReadError : the text cannot be decoded
    """
    text = decode(data).text.lstrip("\ufeff \r\n\t")
    if text.startswith("<?xml"):
        text = text.partition("?>")[2]  # its encoding no longer holds
    book = parse_xml(text.encode())
    codes = {
        attribute(style, "ID"): attribute(find(style, "NumberFormat"), "Format") for style in inside(book, "Styles")
    }
    blocks: list[Grid] = []
    unread: list[tuple[str, str, str]] = []
    for sheet in book:
        if local(sheet) == "Worksheet":
            visible = find(sheet, "WorksheetOptions", "Visible")
            place = f"工作表 {attribute(sheet, 'Name')}" + ("" if visible is None else "（隐藏）")
            try:
                blocks.append(_grid(sheet, place, codes))
            except ReadError as error:
                unread.append((place, error.reason, error.advice))
    return Document(name, tuple(blocks), tuple(unread))


def _grid(sheet: Element, place: str, codes: dict[str, str]) -> Grid:
    hidden: set[int] = set()
    canvas = Canvas(
        lambda row, column: f"{place} / {column_letters(column)}{row + 1}{'（隐藏行）' if row in hidden else ''}"
    )
    row = -1
    for line in inside(sheet, "Table"):
        if local(line) != "Row":
            continue
        row = int(attribute(line, "Index", str(row + 2))) - 1
        if attribute(line, "Hidden") == "1":
            hidden.add(row)
        column = 0
        for cell in line:
            if local(cell) != "Cell":
                continue
            column = int(attribute(cell, "Index", "0")) - 1 if attribute(cell, "Index") else canvas.free(row, column)
            down, across = (min(int(attribute(cell, f"Merge{way}", "0")), MAX_SPAN) for way in ("Down", "Across"))
            style = attribute(cell, "StyleID") or attribute(line, "StyleID")
            canvas.put(row, column, _shown(cell, codes.get(style, "")), down + 1, across + 1)
            column += across + 1
    return canvas.grid(place)


def _shown(cell: Element, code: str) -> str:
    data = find(cell, "Data")
    if data is None:
        return ""
    text, kind = "".join(data.itertext()), attribute(data, "Type")
    try:
        if kind == "Number":
            return show(float(text), code)
        if kind == "DateTime":
            return show(dt.datetime.fromisoformat(text), code)
    except ValueError:
        return text
    return {"1": "TRUE", "0": "FALSE"}.get(text, text) if kind == "Boolean" else text
