"""How far the sheets of an xlsb reach, told before the fast reader lays a whole sheet out in memory."""

from collections.abc import Iterator
from zipfile import ZipFile

from perfscore.readers.archive import read_part

__all__ = ["largest_area"]

ROW, CELLS = 0, range(2, 12)
"""Types of records (MS-XLSB 2.3): the start of a row, and the cells that hold something (1 is a blank cell)."""


def largest_area(archive: ZipFile) -> int:
    """Return the number of cells in the rectangle around the filled cells of the largest sheet."""
    parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".bin")]
    return max((_area(read_part(archive, part)) for part in parts), default=0)


def _area(data: bytes) -> int:
    row = 0
    rows: set[int] = set()
    columns: set[int] = set()
    for kind, start in _records(data):
        number = int.from_bytes(data[start : start + 4], "little")
        if kind == ROW:
            row = number
        elif kind in CELLS:
            rows.add(row)
            columns.add(number)
    return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) if rows else 0


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
