"""Json and parquet: records become a grid with a header row. Large ones belong in a DataFrame."""

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow.parquet

from perfscore.errors import ReadError
from perfscore.readers.blocks import Document, Grid
from perfscore.readers.canvas import Canvas
from perfscore.readers.limits import MAX_CELLS
from perfscore.readers.numberformat import show
from perfscore.readers.sniff import decode

__all__ = ["read"]

Record = dict[str, Any]
NOT_RECORDS = ("json 中没有可成表的记录", '应为记录的列表 [{…}, {…}]，或 {"columns": […], "data": [[…]]}')


def read(data: bytes, name: str) -> Document:
    """Read records as one grid.

    Json may be a list of records, one record a line, ``{"columns": …, "data": …}``, a list of rows, an object of records
    or of columns, or any of these inside objects. Where a record holds a list of records (a project its indicators), each
    of these becomes a row, and the fields around them are cells merged over those rows.

    Raises
    ------
    ReadError : not json, no records in it, or too large

    Examples
    --------
    >>> text = '[{"项目名称": "甲", "指标": [{"名称": "接件", "指标值": 50}, {"名称": "办结", "指标值": "≥95%"}]}]'
    >>> [[cell.text for cell in row] for row in read(text.encode(), "a.json").blocks[0].rows]
    [['项目名称', '名称', '指标值'], ['甲', '接件', '50'], ['甲', '办结', '≥95%']]
    """
    if data.startswith(b"PAR1"):
        return Document(name, (_parquet(data),))
    text = decode(data).text.removeprefix("\ufeff")
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        content = _lines(text, error)
    except RecursionError as error:
        raise ReadError("json 嵌套过深", "请核对文件来源") from error
    rows = _find_rows(content)
    return Document(name, (_rows(rows) if rows else _records(_find_records(content)),))


def _lines(text: str, error: json.JSONDecodeError) -> list[Any]:
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        return [json.loads(line) for line in lines]
    except (json.JSONDecodeError, RecursionError):
        raise ReadError(
            f"不是完整的 json（第{error.lineno}行第{error.colno}个字符处读不下去）", "请核对文件是否导出完整"
        ) from error


def _find_rows(content: Any) -> list[list[Any]]:
    """Rows of cells, the first of them the names of the columns: two columns may have one name."""
    if isinstance(content, dict) and isinstance(content.get("columns"), list) and isinstance(content.get("data"), list):
        content = [content["columns"], *content["data"]]
    are_rows = isinstance(content, list) and len(content) > 1 and all(isinstance(row, list) for row in content)
    return content if are_rows else []


def _rows(rows: list[list[Any]]) -> Grid:
    canvas = Canvas(lambda row, column: f"第{row}条" if row else "字段名")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            canvas.put(number, column, _shown(value))
    return canvas.grid("")


def _find_records(content: Any) -> list[Record]:
    if isinstance(content, dict):
        parts = list(content.values())
        if len(parts) > 1 and all(isinstance(part, dict) for part in parts):
            if all(key.isdigit() for key in content):
                return parts
            if all(key.isdigit() for part in parts for key in part):
                numbers = dict.fromkeys(key for part in parts for key in part)
                return [{field: part.get(number) for field, part in content.items()} for number in numbers]
        inner = [value for value in content.values() if _are_records(value)]
        return [content] if len(inner) < len(content) else [record for records in inner for record in records]
    if isinstance(content, list):
        return [record for record in content if isinstance(record, dict)]
    return []


def _are_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _records(records: Iterable[Record]) -> Grid:
    """Lay records out under their field names, in the order in which these first appear."""
    canvas = Canvas(lambda row, column: f"第{row}条" if row else "字段名")
    columns: dict[str, int] = {}
    row = 1
    for record in records:
        height = _put(canvas, columns, record, row)
        row += height
    if not columns:
        raise ReadError(*NOT_RECORDS)
    for field, column in columns.items():
        canvas.put(0, column, field)
    return canvas.grid("")


def _put(canvas: Canvas, columns: dict[str, int], record: Record, row: int) -> int:
    """Put one record and those inside it; return the number of rows they take."""
    own: Record = {}
    groups: list[list[Record]] = []
    for field, value in _flat(record):
        if _are_records(value):
            groups.append(value)
        else:
            own.setdefault(field, value)
    for field in own:
        columns.setdefault(field, len(columns))
    height = 0
    for inner in [item for group in groups for item in group]:
        height += _put(canvas, columns, inner, row + height)
    for field, value in own.items():
        canvas.put(row, columns[field], _shown(value), max(height, 1))
    return max(height, 1)


def _flat(record: Record) -> Iterator[tuple[str, Any]]:
    """The fields of a record, and after them those of the objects inside it; a name that comes again is passed over."""
    inside = [value for value in record.values() if isinstance(value, dict)]
    yield from ((field, value) for field, value in record.items() if not isinstance(value, dict))
    for value in inside:
        yield from _flat(value)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return show(value)


def _parquet(data: bytes) -> Grid:
    file = pyarrow.parquet.ParquetFile(io.BytesIO(data))
    if file.metadata.num_rows * file.metadata.num_columns > MAX_CELLS:
        raise ReadError(f"parquet 超过{MAX_CELLS}个单元格", "请用 pandas 读成 DataFrame 再读")
    return _records(file.read().to_pylist())
