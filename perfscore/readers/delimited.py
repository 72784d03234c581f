"""Comma, semicolon, tab and bar separated text."""

import csv
import io
from collections import Counter

from perfscore.errors import ReadError
from perfscore.readers.blocks import Document
from perfscore.readers.canvas import Canvas
from perfscore.readers.sniff import decode

__all__ = ["read"]

SEPARATORS = ",\t;|"
SAMPLE_ROWS = 50


def read(data: bytes, name: str) -> Document:
    """Read a separated text as one grid; the separator is the one that gives the most even rows.

    Raises
    ------
    ReadError : the text cannot be decoded, a quoted field never ends, or the table is too large

    Examples
    --------
    >>> document = read("三级指标;指标值\\n\\"接件;受理\\";≥50件\\n".encode("gb18030"), "a.csv")
    >>> [[cell.text for cell in row] for row in document.blocks[0].rows]
    [['三级指标', '指标值'], ['接件;受理', '≥50件']]
    """
    text = decode(data).text.removeprefix("\ufeff")
    canvas = Canvas(lambda row, column: f"第{row + 1}行第{column + 1}列")
    try:
        for row, fields in enumerate(_rows(text, separator(text))):
            for column, field in enumerate(fields or [""]):
                canvas.put(row, column, field)
    except csv.Error as error:
        raise ReadError("分隔文本不完整", "请核对引号是否成对，或另存为 xlsx") from error
    return Document(name, (canvas.grid(""),))


def _rows(text: str, delimiter: str) -> "csv._reader":  # type: ignore[name-defined]
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def separator(text: str) -> str:
    """Return the character that cuts the first rows most evenly into more than one field; a comma if none does."""

    def evenness(delimiter: str) -> tuple[float, int]:
        try:
            widths = Counter(len(fields) for fields, _ in zip(_rows(text, delimiter), range(SAMPLE_ROWS), strict=False))
        except csv.Error:
            return 0.0, 0
        total = sum(widths.values())
        width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]), default=(0, 0))
        return (count / total, width) if width > 1 else (0.0, 0)

    return max(SEPARATORS, key=evenness)
