"""Parquet tables of indicator rows: a file, or a folder of files that a data platform wrote as one table.

Such a folder holds its parts (``part-00000.parquet``), in which a project may go on from one file to the next, and may part
them by what a column says (``year=2024/region=甲县/part-0.parquet``), which is left out of the files then.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from perfscore.errors import ReadError, SchemaError
from perfscore.exports import as_text, known
from perfscore.readers import Source, list_sources

__all__ = [
    "column_names",
    "count_rows",
    "files_of",
    "is_parquet",
    "no_rows",
    "read_rows",
    "runs",
    "to_frame",
    "together",
]

BLANK = "__HIVE_DEFAULT_PARTITION__"  # the folder of rows in which the column is blank
_PART = re.compile(r"part[-.]\d+", re.IGNORECASE)
_MARK = "_SUCCESS"


def together(sources: Iterable[Source]) -> Iterator[Source]:
    """Yield the sources with the files of a folder that is one table as one source: that folder."""
    sources = list(sources)
    others = {parent for source in sources if not is_parquet(source) for parent in source.path.parents}
    seen: set[Path] = set()
    for source in sources:
        whole = _whole(source) if is_parquet(source) else None
        if whole is None or whole in others:
            yield source
        elif whole not in seen:
            seen.add(whole)
            name = whole.relative_to(source.folder).as_posix() if source.folder else "."
            yield source._replace(path=whole, name=whole.resolve().name if name == "." else name)


def _whole(source: Source) -> Path | None:
    """The outermost folder, from the given one on, that by its marks is one table with this file in it."""
    if source.folder is None:
        return None
    below = source.path.relative_to(source.folder).parts
    folders = [source.folder.joinpath(*below[:depth]) for depth in range(len(below))]
    return next((at for at, name in zip(folders, below, strict=True) if _is_marked(at, name)), None)


def _is_marked(folder: Path, name: str) -> bool:
    return "=" in name or _PART.match(name) is not None or (folder / _MARK).exists()


def is_parquet(source: Source) -> bool:
    """Tell whether a source is a parquet file, or a folder of them."""
    return source.path.is_dir() or source.path.suffix.lower() == ".parquet"


def files_of(source: Source) -> list[Source]:
    """The files of a table, in their order."""
    return list_sources(source.path) if source.path.is_dir() else [source]


def count_rows(source: Source) -> int:
    """How many rows a table has; what cannot be read has none."""
    try:
        return sum(pq.read_metadata(file.path).num_rows for file in files_of(source))
    except (OSError, pa.ArrowInvalid):  # what is wrong with it is said when it is read
        return 0


def column_names(source: Source) -> list[str]:
    """Return the names of the columns of a table, in the order in which they appear; those that folders tell come last.

    Raises
    ------
    ReadError
        a file is damaged
    SchemaError
        a column that should hold text or numbers holds lists or the like
    """
    files, fields = files_of(source), []
    for file in files:
        with _sound(file, source):
            fields += list(pq.read_schema(file.path))
    named = known(field.name for field in fields)
    for field in fields:
        if field.name in named and pa.types.is_nested(field.type):
            raise SchemaError(f"列 {field.name} 的类型是 {field.type}，应为文本或数字；请展开成一行一个指标")
    return list(dict.fromkeys([*(field.name for field in fields), *(name for file in files for name in _told(file))]))


def read_rows(source: Source) -> pd.DataFrame:
    """Return all rows of a table.

    Raises
    ------
    ReadError, SchemaError
        as in ``column_names``
    """
    names, frames = column_names(source), []
    for file in files_of(source):
        with _sound(file, source):
            frames.append(to_frame(_with_told(pq.read_table(file.path, partitioning=None), file)))
    if len(frames) == 1:
        return frames[0]
    kinds = {name: {str(frame[name].dtype) for frame in frames if name in frame} for name in names}
    unlike = [name for name, found in kinds.items() if len(found) > 1]
    frames = [frame.assign(**{name: as_text(frame[name]) for name in unlike if name in frame}) for frame in frames]
    return pd.concat([frame.reindex(columns=names) for frame in frames if len(frame)] or frames, ignore_index=True)


def runs(source: Source, size: int, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
    """Read a table some rows at a time, all columns or those named; a file that lacks one has it blank.

    Raises
    ------
    ReadError, SchemaError
        as in ``column_names``
    """
    names = column_names(source) if columns is None else columns
    for file in files_of(source):
        with _sound(file, source), pq.ParquetFile(file.path) as opened:
            for batch in opened.iter_batches(size, columns=columns):
                frame = to_frame(_with_told(pa.Table.from_batches([batch]), file))
                if frame.empty:
                    continue
                yield frame if list(frame) == names else frame.reindex(columns=names)


@contextmanager
def _sound(file: Source, table: Source) -> Iterator[None]:
    """Say of a file of a table that it is damaged, if reading it fails."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise ReadError("不是完好的 parquet 文件", "请重新导出或下载", "" if file is table else file.name) from error


def _told(file: Source) -> dict[str, str | None]:
    """What the folders between the table and a file of it tell, by column."""
    folders = file.path.relative_to(file.folder).parent.parts if file.folder else ()
    pairs = [folder.split("=", 1) for folder in folders if "=" in folder]
    return {unquote(name): None if value == BLANK else unquote(value) for name, value in pairs}


def _with_told(rows: pa.Table, file: Source) -> pa.Table:
    for name, value in _told(file).items():
        if name not in pq.read_schema(file.path).names:
            rows = rows.append_column(name, pa.array([value] * len(rows), pa.string()))
    return rows


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Rows of a parquet file as a frame; whole numbers stay whole where some are missing."""
    whole = {kind: pd.Int64Dtype() for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64())}
    frame: pd.DataFrame = table.to_pandas(types_mapper=whole.get)
    return frame


def no_rows(error: Exception) -> tuple[str, str, str]:
    """Place, reason and advice for a table that holds no rows of indicators."""
    if isinstance(error, ReadError):
        return error.place or "全文", error.reason, error.advice
    return "全文", f"不是指标表：{error}", "请核对列名"
