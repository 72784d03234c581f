"""What a fast workbook reader does not tell: number formats, hidden rows and columns, the extent of filled cells."""

import io
from dataclasses import dataclass, field
from zipfile import ZipFile

import xlrd

from perfscore.errors import ReadError
from perfscore.readers.archive import open_zip, read_part
from perfscore.readers.formulas import Formulas
from perfscore.readers.markup import (
    Element,
    attribute,
    find,
    inside,
    links_of,
    local,
    main_part,
    parse_xml,
    stream_elements,
)
from perfscore.readers.numberformat import BUILTIN

__all__ = ["Appearance", "of_xls", "of_xlsx"]

TEXT_TYPES = {"s", "str", "inlineStr", "b", "e"}
PLAIN_FORMATS = {"", "General", "GENERAL", "@"}


@dataclass
class Appearance:
    """How the cells of one sheet look; rows and columns count from 0.

    ``formats`` holds the format code of every number that is not shown plainly; ``area`` counts the cells of the
    rectangle from the first cell of the sheet to the last filled one; ``formulas`` those that left nothing to read;
    ``is_formatted`` is false where the formats could not be read; ``merged`` holds first and last cell of merged ones,
    where the fast reader does not tell them.
    """

    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: Formulas = field(default_factory=Formulas)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    area: int = 0
    epoch_1904: bool = False
    is_formatted: bool = True


def of_xlsx(data: bytes) -> dict[str, Appearance]:
    """Return the appearance of every worksheet of an xlsx or xlsm, by sheet name."""
    with open_zip(data) as archive:
        main = main_part(archive, "officeDocument")
        book = parse_xml(read_part(archive, main))
        links = links_of(archive, main)
        try:
            part = next((part for kind, part in links.values() if kind == "styles"), None)
            codes = _codes(parse_xml(read_part(archive, part))) if part else []
        except (ReadError, ValueError, SyntaxError):
            codes = None
        epoch_1904 = attribute(find(book, "workbookPr"), "date1904") in {"1", "true"}
        found = {}
        for sheet in inside(book, "sheets"):
            kind, part = links.get(attribute(sheet, "id"), ("", ""))
            if kind == "worksheet" and part in archive.namelist():
                found[str(sheet.get("name"))] = _sheet(archive, part, codes, epoch_1904)
        return found


def _codes(styles: Element) -> list[str]:
    """Return the format code of every cell style of a stylesheet."""
    own = {item.get("numFmtId"): item.get("formatCode", "") for item in inside(styles, "numFmts")}
    ids = [item.get("numFmtId", "0") for item in inside(styles, "cellXfs")]
    return [own.get(number) or BUILTIN.get(int(number), "") for number in ids]


def _sheet(archive: ZipFile, part: str, codes: list[str] | None, epoch_1904: bool) -> Appearance:
    look = Appearance(epoch_1904=epoch_1904, is_formatted=codes is not None)
    height = width = row = 0
    with archive.open(part) as stream:
        for element in stream_elements(stream, "col", "row"):
            if local(element) == "col":
                if element.get("hidden") in {"1", "true"}:
                    look.hidden_columns |= set(range(int(element.get("min")) - 1, min(int(element.get("max")), 16384)))
                continue
            row = int(element.get("r", row + 1))
            if element.get("hidden") in {"1", "true"}:
                look.hidden_rows.add(row - 1)
            column = 0
            for cell in element:
                column = _column(cell.get("r", "")) or column + 1
                if len(cell) == 0:
                    continue
                height, width = max(height, row), max(width, column)
                if _is_uncomputed(cell):
                    look.formulas.uncomputed.append((row - 1, column - 1))
                if cell.get("t") == "e":
                    look.formulas.errors.append((row - 1, column - 1))
                style = int(cell.get("s", "0"))
                code = codes[style] if codes and style < len(codes) else ""
                if code not in PLAIN_FORMATS and cell.get("t", "n") not in TEXT_TYPES:
                    look.formats[row - 1, column - 1] = code
    look.area = height * width
    return look


def _is_uncomputed(cell: Element) -> bool:
    """Tell whether a cell holds a formula without result; a result that is an empty text has the type ``str``."""
    if local(cell[0]) != "f" or cell.get("t") == "str":
        return False
    return not any(local(part) == "v" and part.text for part in cell)


def _column(address: str) -> int:
    """Return the column of a cell address, counted from 1; 0 without an address."""
    column = 0
    for letter in address:
        if not letter.isalpha():
            break
        column = column * 26 + ord(letter.upper()) - ord("A") + 1
    return column


def of_xls(data: bytes) -> dict[str, Appearance]:
    """Return the appearance of every worksheet of an xls (or et), by sheet name."""
    found = {}
    with xlrd.open_workbook(file_contents=data, formatting_info=True, on_demand=True, logfile=io.StringIO()) as book:
        for index, name in enumerate(book.sheet_names()):
            sheet = book.sheet_by_index(index)
            look = Appearance(area=sheet.nrows * sheet.ncols, epoch_1904=book.datemode == 1)
            look.hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
            look.hidden_columns = {column for column, info in sheet.colinfo_map.items() if info.hidden}
            for row in range(sheet.nrows):
                for column, kind in enumerate(sheet.row_types(row)):
                    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                        style = book.xf_list[sheet.cell_xf_index(row, column)]
                        code = book.format_map[style.format_key].format_str
                        if code not in PLAIN_FORMATS:
                            look.formats[row, column] = BUILTIN.get(style.format_key, code)
                    elif kind == xlrd.XL_CELL_ERROR:
                        look.formulas.errors.append((row, column))
            found[name] = look
            book.unload_sheet(index)
    return found
