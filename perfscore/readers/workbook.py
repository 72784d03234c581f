"""Workbooks: xlsx, xlsm, xls (et) and xlsb. One grid a sheet, every value as a person sees it in the cell."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from zipfile import BadZipFile

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from perfscore.errors import ReadError
from perfscore.readers import appearance, sniff
from perfscore.readers.addresses import column_letters
from perfscore.readers.appearance import Appearance
from perfscore.readers.archive import open_zip
from perfscore.readers.binary import of_xlsb
from perfscore.readers.blocks import Document, Grid
from perfscore.readers.canvas import Canvas
from perfscore.readers.limits import MAX_CELLS, MAX_SPAN
from perfscore.readers.numberformat import show

__all__ = ["read"]

UNKNOWN_FORMATS = ("读不到数字格式，百分比可能成了小数（如 95% 成了 0.95）", "请另存为 xlsx 后再读")


def read(data: bytes, name: str) -> Document:
    """Read every worksheet of a workbook, hidden ones included and marked in their place.

    Values come from calamine. It does not tell number formats, so these are read separately; where they are unknown and
    a sheet holds fractions, ``unread`` says that percentages may look like fractions.

    Raises
    ------
    ReadError : encrypted, broken, or too large
    """
    looks = _appearances(data)
    try:
        with _told():
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise ReadError("工作簿已加密", "请用口令打开，去掉口令后另存再读") from error
    blocks: list[Grid] = []
    unread: list[tuple[str, str, str]] = []
    for sheet in workbook.sheets_metadata:
        if sheet.typ is not SheetTypeEnum.WorkSheet:
            continue
        look = looks.get(sheet.name)
        place = f"工作表 {sheet.name}" + ("" if sheet.visible is SheetVisibleEnum.Visible else "（隐藏）")
        try:
            _refuse_large(look.area if look else 0)
            with _told():
                grid, guessed = _grid(workbook.get_sheet_by_name(sheet.name), place, look)
        except ReadError as error:
            unread.append((place, error.reason, error.advice))
            continue
        blocks.append(grid)
        if guessed:
            unread.append((place, *UNKNOWN_FORMATS))
        unread += look.formulas.notes(place) if look else ()
    return Document(name, tuple(blocks), tuple(unread))


@contextmanager
def _told() -> Iterator[None]:
    """Say of a damage on which calamine panics that it is one: a panic is no ``Exception``, and would end the batch."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise ReadError("工作簿损坏", "请用 Office 或 WPS 打开核对，另存后再读") from None


def _appearances(data: bytes) -> dict[str, Appearance]:
    """Return how the sheets look; nothing where the formatting of an old workbook cannot be read."""
    if data.startswith(sniff.OLE):
        try:
            return appearance.of_xls(data)
        except Exception:  # damaged or odd formatting must not keep the values from being read
            return {}
    with open_zip(data) as archive:  # unpack once in bounds: the packed sizes that the limits rest on may be lies
        try:
            broken = archive.testzip()
        except BadZipFile as error:
            broken = str(error)
        if broken:
            raise ReadError(f"工作簿损坏（{broken}）", "请用 Office 或 WPS 打开核对，另存后再读")
        if "xl/workbook.bin" in archive.namelist():
            return of_xlsb(archive)
    return appearance.of_xlsx(data)


def _refuse_large(area: int) -> None:
    if area > MAX_CELLS:
        raise ReadError(
            f"工作表超过{MAX_CELLS}个单元格", "请删去远处的零散单元格，或用 pandas 读成 DataFrame 再交给 perfscore"
        )


def _grid(sheet: CalamineSheet, place: str, look: Appearance | None) -> tuple[Grid, bool]:
    """Return the grid of a sheet, and whether it holds fractions whose number format is unknown."""
    _refuse_large(sheet.total_height * sheet.total_width)
    known = look or Appearance()

    def address(row: int, column: int) -> str:
        hidden = "（隐藏行）" if row in known.hidden_rows else "（隐藏列）" if column in known.hidden_columns else ""
        return f"{place} / {column_letters(column)}{row + 1}{hidden}"

    canvas = Canvas(address)
    values = sheet.to_python(skip_empty_area=False)
    corners = {start: end for start, end in sheet.merged_cell_ranges or known.merged if start[0] < len(values)}
    width = max(map(len, values), default=0)
    fractions = False
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            bottom, right = corners.get((row, column), (row, column))
            merged = (bottom, right) != (row, column)
            if (value == "" and not merged) or canvas.at(row, column) is not None:
                continue
            fractions = fractions or (isinstance(value, float) and 0 < value < 1)
            text = show(value, known.formats.get((row, column), ""), epoch_1904=known.epoch_1904)
            rows = min(bottom - row + 1, max(len(values) - row, MAX_SPAN))
            columns = min(right - column + 1, max(width - column, MAX_SPAN))
            canvas.put(row, column, text, rows, columns)
    return canvas.grid(place), fractions and not (look and look.is_formatted)
