"""How the sheets of an xlsb look: what its fast reader does not tell, and how far they reach before it fills the memory."""

from collections.abc import Iterator
from zipfile import ZipFile

from perfscore.errors import ReadError
from perfscore.readers.appearance import PLAIN_FORMATS, Appearance
from perfscore.readers.archive import read_part
from perfscore.readers.markup import links_of
from perfscore.readers.numberformat import BUILTIN

__all__ = ["of_xlsb"]

MAIN = "xl/workbook.bin"
ROW, COLUMNS, MERGED, SHEET, WORKBOOK = 0, 60, 176, 156, 153
FORMAT, STYLE, STYLES_BEGIN, STYLES_END = 44, 47, 617, 618
CELLS, NUMBERS, ERRORS, SHORT = range(2, 12), {2, 5, 9}, {3, 11}, range(12, 19)
"""Types of records (MS-XLSB 2.3). Cells from 2 on hold something; short ones leave out their column."""
LONGEST_ROW = 16_384
SHORT_CELLS = ("单元格用了读不出的简写", "请用 Excel 或 WPS 另存为 xlsx 后再读")


def of_xlsb(archive: ZipFile) -> dict[str, Appearance]:
    """Return the appearance of every worksheet, by sheet name.

    Raises
    ------
    ReadError : cells are written in a way that the reader of their values passes over
    """
    links = links_of(archive, MAIN)
    part = next((part for kind, part in links.values() if kind == "styles"), None)
    codes = _codes(read_part(archive, part)) if part else []
    found: dict[str, Appearance] = {}
    epoch_1904 = False
    book = read_part(archive, MAIN)
    for kind, start in _records(book):
        if kind == WORKBOOK:
            epoch_1904 = bool(book[start] & 1)
        elif kind == SHEET:
            link, at = _text(book, start + 8)
            part = links.get(link, ("", ""))[1]
            if part in archive.namelist():
                found[_text(book, at)[0]] = _sheet(read_part(archive, part), codes, epoch_1904)
    return found


def _codes(styles: bytes) -> list[str]:
    """Return the format code of every cell style."""
    own: dict[int, str] = {}
    ids: list[int] = []
    inside = False
    for kind, start in _records(styles):
        if kind == FORMAT:
            own[_integer(styles, start, 2)] = _text(styles, start + 2)[0]
        elif kind in (STYLES_BEGIN, STYLES_END):
            inside = kind == STYLES_BEGIN
        elif kind == STYLE and inside:
            ids.append(_integer(styles, start + 2, 2))
    return [own.get(number) or BUILTIN.get(number, "") for number in ids]


def _sheet(data: bytes, codes: list[str], epoch_1904: bool) -> Appearance:
    look = Appearance(epoch_1904=epoch_1904)
    row = 0
    rows: set[int] = set()
    columns: set[int] = set()
    for kind, start in _records(data):
        first = _integer(data, start, 4)
        if kind == ROW:
            row = first
            if _integer(data, start + 11, 1) & 0x10:
                look.hidden_rows.add(row)
        elif kind == COLUMNS and _integer(data, start + 16, 2) & 1:
            look.hidden_columns |= set(range(first, min(_integer(data, start + 4, 4) + 1, LONGEST_ROW)))
        elif kind == MERGED:
            last, left, right = (_integer(data, start + at, 4) for at in (4, 8, 12))
            look.merged.append(((first, left), (last, right)))
        elif kind in SHORT:
            raise ReadError(*SHORT_CELLS)
        elif kind in CELLS:
            rows.add(row)
            columns.add(first)
            style = _integer(data, start + 4, 3)
            code = codes[style] if kind in NUMBERS and style < len(codes) else ""
            if code not in PLAIN_FORMATS:
                look.formats[row, first] = code
            if kind in ERRORS:
                look.formulas.errors.append((row, first))
    look.area = (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) if rows else 0
    return look


def _records(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the type of every record and where its content starts; types and sizes have seven bits a byte."""
    at = 0
    while at < len(data):
        kind, at = _number(data, at, 2)
        size, at = _number(data, at, 4)
        yield kind, at
        at += size


def _number(data: bytes, at: int, longest: int) -> tuple[int, int]:
    number = 0
    for place in range(longest):
        byte = data[at] if at < len(data) else 0
        number |= (byte & 0x7F) << 7 * place
        at += 1
        if not byte & 0x80:
            break
    return number, at


def _integer(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")


def _text(data: bytes, at: int) -> tuple[str, int]:
    """Return a text and where it ends: its number of characters, then UTF-16."""
    end = at + 4 + 2 * _integer(data, at, 4)
    return data[at + 4 : end].decode("utf-16-le", "replace"), end
