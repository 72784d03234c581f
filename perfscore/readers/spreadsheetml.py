"""SpreadsheetML 2003: the XML workbooks that many systems export under the name ``.xls``."""

import datetime as dt

from perfscore.errors import ReadError
from perfscore.readers.addresses import column_letters
from perfscore.readers.blocks import Document, Grid
from perfscore.readers.canvas import Canvas
from perfscore.readers.formulas import Formulas
from perfscore.readers.limits import MAX_SPAN
from perfscore.readers.markup import Element, attribute, find, inside, local, parse_xml
from perfscore.readers.numberformat import show
from perfscore.readers.sniff import decode

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
                formulas = Formulas()
                blocks.append(_grid(sheet, place, codes, formulas))
                unread += formulas.notes(place)
            except ReadError as error:
                unread.append((place, error.reason, error.advice))
    return Document(name, tuple(blocks), tuple(unread))


def _grid(sheet: Element, place: str, codes: dict[str, str], formulas: Formulas) -> Grid:
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
            data = find(cell, "Data")
            if attribute(data, "Type") == "Error":
                formulas.errors.append((row, column))
            elif data is None and attribute(cell, "Formula"):
                formulas.uncomputed.append((row, column))
            canvas.put(row, column, _shown(data, codes.get(style, "")), down + 1, across + 1)
            column += across + 1
    return canvas.grid(place)


def _shown(data: Element | None, code: str) -> str:
    kind = attribute(data, "Type")
    if data is None or kind == "Error":
        return ""
    text = "".join(data.itertext())
    try:
        if kind == "Number":
            return show(float(text), code)
        if kind == "DateTime":
            return show(dt.datetime.fromisoformat(text), code)
    except ValueError:
        return text
    return {"1": "TRUE", "0": "FALSE"}.get(text, text) if kind == "Boolean" else text
