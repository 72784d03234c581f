"""Parquet tables of indicator rows: a file, or a folder of files that a data platform wrote as one table.

Such a folder holds its parts (``part-00000.parquet``), in which a project may go on from one file to the next, and may part
them by what a column says (``year=2024/region=甲县/part-0.parquet``), which is left out of the files then. Each file is
brought under the names of ``schema`` by itself: their headers and types may differ.
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
from perfscore.exports import known, standard
from perfscore.readers import Source, list_sources

__all__ = [
    "column_names",
    "count_rows",
    "files_of",
    "is_parquet",
    "no_rows",
    "read_rows",
    "read_whole",
    "roles",
    "runs",
    "to_frame",
    "together",
]

RUN = 1 << 16  # rows read at a time
BLANK = "__HIVE_DEFAULT_PARTITION__"  # the folder of rows in which the column is blank
_PART = re.compile(r"part[-._]\d+|data_\d{1,3}\.", re.IGNORECASE)  # not data_2024.parquet, which is a year's table
_MARK = "_SUCCESS"
_DAMAGE = (OSError, UnicodeDecodeError, pa.ArrowException)


def together(sources: Iterable[Source]) -> Iterator[Source]:
    """Yield the sources with the files of a folder that is one table as one source: that folder."""
    sources = list(sources)
    wholes = _wholes(sources)
    seen: set[Path] = set()
    for source in sources:
        whole = next((parent for parent in source.path.parents if parent in wholes), None)
        if whole is None:
            yield source
        elif whole not in seen:
            seen.add(whole)
            name = whole.relative_to(source.folder).as_posix() if source.folder else "."
            yield source._replace(path=whole, name=whole.resolve().name if name == "." else name)


def _wholes(sources: list[Source]) -> set[Path]:
    """The outermost folders, from those given on, that are one table: all files in them are parquet, and bear its marks."""
    held: dict[Path, list[Source]] = {}
    for source in sources:
        folder = source.folder
        for parent in source.path.parents if folder else ():
            held.setdefault(parent, []).append(source)
            if parent == folder:
                break
    found = {folder for folder, files in held.items() if all(map(is_parquet, files)) and _is_marked(folder, files)}
    return {folder for folder in found if not found.intersection(folder.parents)}


def _is_marked(folder: Path, files: list[Source]) -> bool:
    """Whether a platform says that a folder is one table: by a file, by its folders, or by the names of all its files."""
    below = [file.path.relative_to(folder).parts for file in files]
    return (
        (folder / _MARK).exists()
        or all(len(parts) > 1 and "=" in parts[0] for parts in below)
        or all(len(parts) == 1 and _PART.match(parts[0]) for parts in below)
    )


def is_parquet(source: Source) -> bool:
    """Tell whether a source is a parquet file, or a folder of them."""
    return source.path.is_dir() or source.path.suffix.lower() == ".parquet"


def files_of(source: Source) -> list[Source]:
    """The files of a table, in their order: part 2 before part 10."""
    if not source.path.is_dir():
        return [source]
    return sorted(list_sources(source.path), key=lambda file: [*map(_counted, re.split(r"(\d+)", file.name))])


def _counted(piece: str) -> tuple[int, str]:
    return (int(piece), "") if piece.isdecimal() else (0, piece)


def count_rows(source: Source) -> int:
    """How many rows a table has; what cannot be read has none."""
    try:
        return sum(pq.read_metadata(file.path).num_rows for file in files_of(source))
    except _DAMAGE:  # what is wrong with it is said when it is read
        return 0


def column_names(source: Source) -> list[str]:
    """Return the names of the columns of a table, in the order in which they appear.

    Raises
    ------
    ReadError
        a file is damaged
    """
    names: dict[str, None] = {}
    for file in files_of(source):
        with _sound(file, source):
            names |= dict.fromkeys(_named(pq.read_schema(file.path), file))
    return list(names)


def roles(source: Source) -> list[str]:
    """Return the names in ``schema`` of the columns of a table.

    Raises
    ------
    ReadError
        a file is damaged
    SchemaError
        a column that should hold text or numbers holds lists or the like
    """
    found = {}
    for file in files_of(source):
        with _sound(file, source):
            schema = pq.read_schema(file.path)
        kinds = dict(zip(schema.names, schema.types, strict=True))
        for column, name in known(_named(schema, file)).items():
            if column in kinds and pa.types.is_nested(kinds[column]):
                raise SchemaError(f"列 {column} 的类型是 {kinds[column]}，应为文本或数字；请展开成一行一个指标")
            found[name] = column
    return list(found)


def read_rows(source: Source) -> pd.DataFrame:
    """Return all rows of a table, as ``exports.standard`` makes them; errors as in ``roles``."""
    names = roles(source)
    found = list(runs(source, names))
    return pd.concat(found, ignore_index=True) if found else standard(pd.DataFrame(columns=names))


def read_whole(source: Source) -> pd.DataFrame:
    """Return a table as it is, under its own names; errors as in ``column_names``."""
    frames = []
    for file in files_of(source):
        with _sound(file, source):
            frames.append(to_frame(pq.read_table(file.path, partitioning=None)))
    return pd.concat(frames, ignore_index=True)


def runs(source: Source, names: list[str]) -> Iterator[pd.DataFrame]:
    """Read some columns of a table by their names in ``schema``, some rows at a time, as ``exports.standard`` makes them.

    A file that lacks a column has it blank.

    Raises
    ------
    ReadError
        a file is damaged
    """
    for file in files_of(source):
        told = _told(file)
        with _sound(file, source), pq.ParquetFile(file.path) as opened:
            schema = opened.schema_arrow
            wanted = [column for column, name in known(_named(schema, file)).items() if name in names]
            own = [column for column in wanted if column in schema.names]
            for batch in opened.iter_batches(RUN, columns=own):
                rows = pa.Table.from_batches([batch]).select([batch.schema.names.index(column) for column in own])
                for column in wanted:
                    if column not in own:
                        rows = rows.append_column(column, pa.array([told[column]] * len(rows), pa.string()))
                if len(batch):
                    yield _standard(rows, names)


def _standard(rows: pa.Table, names: list[str]) -> pd.DataFrame:
    for name, column in zip(rows.column_names, rows.columns, strict=True):
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            raise ReadError(f"列 {name} 中有不是 UTF-8 的文字", "请按 UTF-8 重新导出") from None
    try:
        frame = standard(to_frame(rows))
    except (ValueError, OverflowError) as error:
        raise ReadError("有超出范围的日期或数字", "请改正后重新导出") from error
    lacking = {name: pd.Series(None, frame.index, dtype="str") for name in names if name not in frame}
    return frame.assign(**lacking)[names]


@contextmanager
def _sound(file: Source, table: Source) -> Iterator[None]:
    """Say of a file of a table that it is damaged, if reading it fails."""
    try:
        yield
    except _DAMAGE as error:
        raise ReadError("不是完好的 parquet 文件", "请重新导出或下载", "" if file is table else file.name) from error


def _named(schema: pa.Schema, file: Source) -> list[str]:
    """The names of the columns of a file, and then those that its folders tell."""
    return list(dict.fromkeys([*schema.names, *_told(file)]))


def _told(file: Source) -> dict[str, str | None]:
    """What the folders between the table and a file of it tell, by column."""
    folders = file.path.relative_to(file.folder).parent.parts if file.folder else ()
    pairs = [folder.split("=", 1) for folder in folders if "=" in folder]
    return {unquote(name): None if value == BLANK else unquote(value) for name, value in pairs}


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Rows as a frame; whole numbers stay whole where some are missing, and an index is a column as others are."""
    whole = {kind: pd.Int64Dtype() for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64())}
    frame: pd.DataFrame = table.to_pandas(types_mapper=whole.get, ignore_metadata=True)
    return frame


def no_rows(error: Exception) -> tuple[str, str, str]:
    """Place, reason and advice for a table that holds no rows of indicators."""
    if isinstance(error, ReadError):
        return error.place or "全文", error.reason, error.advice
    return "全文", f"不是指标表：{error}", "请核对列名"
