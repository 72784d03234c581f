"""Columns by their distinct texts, and tables as parquet: the same rows give the same bytes, however they were cut into pieces."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

__all__ = ["GROUP", "TableWriter", "coded", "compact", "each_distinct", "mapped", "write_mapped"]

GROUP = 1 << 17  # rows of a row group


class TableWriter:
    """Write frames one after another into one parquet file; it appears under its name when all is written.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "rows.parquet"
    >>> with TableWriter(file) as writer:
    ...     writer.write(pd.DataFrame({"name": ["植树"], "n": [1]}))
    ...     writer.write(pd.DataFrame({"name": ["修路"], "n": [2]}))
    >>> pd.read_parquet(file)["name"].tolist()
    ['植树', '修路']
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.part")
        self._file: pq.ParquetWriter | None = None
        self._kinds: dict[bytes, bytes] = {}
        self._waiting: list[pa.Table] = []
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush(1)
        if self._file is not None:
            self._file.add_key_value_metadata(self._kinds)
            self._file.close()
        if kind is None:
            self._draft.replace(self._path)
        else:
            self._draft.unlink(missing_ok=True)

    def write(self, rows: pd.DataFrame | pa.Table) -> None:
        """Add rows, all with the same columns; text may be coded (``coded``) already."""
        table = rows if isinstance(rows, pa.Table) else coded(rows)
        if self._file is None:
            # Without the Arrow schema: text is text to whoever reads the file, not a category.
            # Of the least and greatest cells of a group, those of its projects serve to find one; the rest would take time.
            settings = {
                "compression": "zstd",
                "compression_level": 1,
                "store_schema": False,
                "write_statistics": ["project_id"],
            }
            self._file = pq.ParquetWriter(self._draft, table.schema, **settings)
            self._kinds = table.schema.metadata
        self.rows += len(table)
        self._waiting.append(table)
        self._flush(GROUP)

    def _flush(self, least: int) -> None:
        """Write as many full row groups as there are, and what is left if ``least`` says so."""
        count = sum(map(len, self._waiting))
        if self._file is None or count < least:
            return
        table = pa.concat_tables(self._waiting)
        whole = count - count % GROUP if least > 1 else count
        for first in range(0, whole, GROUP):
            self._file.write_table(compact(table.slice(first, min(GROUP, whole - first))), GROUP)
        self._waiting = [table.slice(whole)]


def coded(frame: pd.DataFrame) -> pa.Table:
    """Return a frame as Arrow, each distinct text once."""
    kinds = tuple((name, "str" if _is_text(dtype) else dtype) for name, dtype in frame.dtypes.items())
    schema = _schema(kinds)
    columns = []
    for (name, dtype), kind in zip(kinds, schema.types, strict=True):
        column = pa.chunked_array(pa.array(frame[name], from_pandas=True))
        if dtype == "str":
            column, kind = _texts(column), pa.dictionary(pa.int32(), pa.string())
        columns.append((pa.field(name, kind), column))
    fields = [field for field, _ in columns]
    return pa.table([column for _, column in columns], pa.schema(fields, schema.metadata))


def _is_text(dtype: Any) -> bool:
    return isinstance(dtype, (pd.CategoricalDtype, pd.StringDtype))


@lru_cache(maxsize=16)
def _schema(kinds: tuple[tuple[Any, Any], ...]) -> pa.Schema:
    """The types of columns and what pandas notes of them: the same for every part, and slow to make."""
    frame = pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in kinds})
    return pa.Schema.from_pandas(frame, preserve_index=False)


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column)
    return column.cast(pa.dictionary(pa.int32(), pa.string()))


def compact(table: pa.Table) -> pa.Table:
    """The same rows with the texts of each column in the order in which they appear, and no others."""
    columns: Iterable[pa.ChunkedArray] = (
        _in_order(column) if pa.types.is_dictionary(column.type) else column.combine_chunks()
        for column in table.columns
    )
    return pa.table(list(columns), table.schema)


def _in_order(column: pa.ChunkedArray) -> pa.Array:
    whole = column.unify_dictionaries().combine_chunks()
    whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    codes = whole.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    lines, size = len(codes), len(whole.dictionary)
    first = np.full(size + 1, lines)  # the last entry is that of missing cells
    first[codes[::-1]] = np.arange(lines)[::-1]  # written last, the first place stays
    used = np.flatnonzero(first[:-1] < lines)
    used = used[np.argsort(first[used])]
    number = np.full(size + 1, -1, np.int32)
    number[used] = np.arange(len(used))
    numbers = pa.array(number[codes], mask=codes < 0 if whole.null_count else None)
    return pa.DictionaryArray.from_arrays(numbers, whole.dictionary.take(pa.array(used)))


def mapped(file: Path) -> pa.Table:
    """An Arrow table as it lies in the file: what is not asked for stays there."""
    return pa.ipc.open_file(pa.memory_map(str(file))).read_all()


def write_mapped(table: pa.Table, file: Path) -> None:
    """Write a table so that ``mapped`` can leave it where it lies: not compressed."""
    with pa.ipc.new_file(file, table.schema) as to:
        to.write_table(table)


def each_distinct(texts: pd.Series, change: Callable[[str], Any], dtype: str = "str") -> pd.Series:
    """Change texts, each distinct one once; missing stays missing.

    Examples
    --------
    >>> each_distinct(pd.Series(["≥3", None, "≥3"]), len, "float64").tolist()
    [2.0, nan, 2.0]
    """
    codes, distinct = pd.factorize(texts)
    changed = pd.Series([*map(change, distinct.tolist()), None], dtype=dtype)
    return changed.take(codes).set_axis(texts.index)
