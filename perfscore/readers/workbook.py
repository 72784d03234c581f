"""Workbooks: xlsx, xlsm, xls, xlsb. One grid a sheet, every value as a person sees it in the cell."""

import io

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from perfscore.errors import ReadError
from perfscore.readers.blocks import Document, Grid
from perfscore.readers.canvas import Canvas
from perfscore.readers.numberformat import show

__all__ = ["column_letters", "read"]


def read(data: bytes, name: str) -> Document:
    """Read every worksheet of a workbook, hidden ones included and marked in their place.

    Raises
    ------
    ReadError : encrypted, broken, or too large
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise ReadError("工作簿已加密", "请用口令打开，去掉口令后另存再读") from error
    blocks, unread = [], []
    for sheet in workbook.sheets_metadata:
        if sheet.typ is not SheetTypeEnum.WorkSheet:
            continue
        hidden = "" if sheet.visible is SheetVisibleEnum.Visible else "（隐藏）"
        place = f"工作表 {sheet.name}{hidden}"
        try:
            blocks.append(_grid(workbook.get_sheet_by_name(sheet.name), place))
        except ReadError as error:
            unread.append((place, error.reason, error.advice))
    return Document(name, tuple(blocks), tuple(unread))


def _grid(sheet: CalamineSheet, place: str) -> Grid:
    canvas = Canvas(lambda row, column: f"{place} / {column_letters(column)}{row + 1}")
    values = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        text = show(values[top][left]) if top < len(values) and left < len(values[top]) else ""
        canvas.put(top, left, text, bottom - top + 1, right - left + 1)
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            if value != "" and canvas.at(row, column) is None:
                canvas.put(row, column, show(value))
    return canvas.grid(place)


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
