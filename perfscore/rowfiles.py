"""Parquet files of indicator rows: what they hold, and what the names of the folders they stand in tell besides.

Data platforms part a table by the value of a column into folders (``year=2024/region=甲县/part-0.parquet``) and leave that
column out of the files.
"""

from collections.abc import Iterator
from urllib.parse import unquote

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from perfscore.readers import Source

__all__ = ["column_names", "no_rows", "read_rows", "runs", "to_frame"]

BLANK = "__HIVE_DEFAULT_PARTITION__"  # the folder of rows in which the column is blank


def column_names(source: Source) -> list[str]:
    """Return the names of the columns of a file, last those that its folders tell."""
    own: list[str] = pq.read_schema(source.path).names
    return own + [name for name in _told(source) if name not in own]


def read_rows(source: Source) -> pd.DataFrame:
    """Return all rows of a file."""
    return to_frame(_with_told(pq.read_table(source.path, partitioning=None), source))


def runs(source: Source, size: int, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
    """Read a file some rows at a time, all columns or those named."""
    with pq.ParquetFile(source.path) as file:
        for batch in file.iter_batches(size, columns=columns):
            rows = _with_told(pa.Table.from_batches([batch]), source)
            yield to_frame(rows if columns is None else rows.select(columns))


def _told(source: Source) -> dict[str, str | None]:
    """What the folders between the one that was given and the file tell, by column."""
    folders = source.path.relative_to(source.folder).parent.parts if source.folder else ()
    pairs = [folder.split("=", 1) for folder in folders if "=" in folder]
    return {unquote(name): None if value == BLANK else unquote(value) for name, value in pairs}


def _with_told(rows: pa.Table, source: Source) -> pa.Table:
    for name, value in _told(source).items():
        if name not in pq.read_schema(source.path).names:
            rows = rows.append_column(name, pa.array([value] * len(rows), pa.string()))
    return rows


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Rows of a parquet file as a frame; whole numbers stay whole where some are missing."""
    whole = {kind: pd.Int64Dtype() for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64())}
    frame: pd.DataFrame = table.to_pandas(types_mapper=whole.get)
    return frame


def no_rows(error: Exception) -> tuple[str, str, str]:
    """Place, reason and advice for a file that holds no rows of indicators."""
    if isinstance(error, (OSError, pa.ArrowException)):
        return "全文", "不是完好的 parquet 文件", "请重新导出或下载"
    return "全文", f"不是指标表：{error}", "请核对列名"
