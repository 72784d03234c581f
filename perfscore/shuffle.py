"""Tables of indicator rows too large for memory, cut into parts of whole projects.

The files are read twice, a run of rows at a time: first the columns that tell projects apart, which gives every project
its number and its part, then all columns, which are appended to a file for each part. Parts follow each other in the
order of ``project_id``, so what is made of them one after another is in that order however large they are.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from perfscore.columnar import coded, compact
from perfscore.errors import ReadError, SchemaError
from perfscore.exports import NUMBERS, PROJECT, TEXTS, blank, filled, keyed, known, prepared, require, tables
from perfscore.readers import Source
from perfscore.results import TWICE
from perfscore.rowfiles import column_names, files_of, no_rows, runs, to_frame
from perfscore.schema import UNREAD, conform
from perfscore.similar import numbered
from perfscore.threads import ahead

__all__ = ["cut", "load"]

RUN = 1 << 16  # rows read at a time
_LINE = ["source", "doc", "key", "project_no", "project_id"]


@dataclass(frozen=True, eq=False)
class _Plan:
    """Which project stands in which part.

    Attributes
    ----------
    lines : what names a project in a file a line: ``source`` (position of the file), ``doc``, ``key``, ``project_no``,
        ``project_id``, ``part``
    unread : UNREAD
    """

    lines: pd.DataFrame
    unread: pd.DataFrame


def cut(sources: Sequence[Source], size: int, folder: Path) -> pd.DataFrame:
    """Write the rows of each part into a file of its own, and return UNREAD.

    Parameters
    ----------
    sources : parquet tables of indicator rows; a project that two of them give belongs to the first
    size : rows of a part, about
    folder : an empty folder; part 3 is written to ``3.arrow``
    """
    damaged: dict[int, ReadError] = {}
    while True:
        planned = _plan(sources, size, damaged)
        found = _spill(sources, planned, folder)
        if not found:
            return planned.unread
        damaged |= found  # only now seen, so that all is done again without it
        for file in folder.iterdir():
            file.unlink()


def _plan(sources: Sequence[Source], size: int, damaged: dict[int, ReadError]) -> _Plan:
    """Say which projects the tables hold, but for the damaged ones, and in which part each stands."""
    found: list[pd.DataFrame] = []
    unread: list[tuple[str, str, str, str]] = []
    for number, source in enumerate(sources):
        try:
            if number in damaged:
                raise damaged[number]
            found.append(_lines(source).assign(source=number))
        except (ReadError, SchemaError, ValueError) as error:
            unread.append((source.name, *no_rows(error)))
    if not found:
        empty = pd.DataFrame(columns=[*_LINE, "part"])
        return _Plan(empty, conform(pd.DataFrame(unread, columns=list(UNREAD)), UNREAD))
    lines: pd.DataFrame = pd.concat(found, ignore_index=True)
    holder = lines.drop_duplicates("project_id").set_index("project_id")["source"]
    again = lines["source"].to_numpy() != holder.reindex(lines["project_id"]).to_numpy()
    twice = lines[again].drop_duplicates(["source", "project_id"])
    unread += [(sources[at].name, name, *TWICE) for at, name in zip(twice["source"], twice["project_id"], strict=True)]
    lines = lines[~again]
    count = lines.groupby("project_id")["rows"].sum()
    part = (np.cumsum(count) - count) // size
    part[:] = pd.factorize(part)[0]
    lines = lines.assign(part=part.reindex(lines["project_id"]).to_numpy())[[*_LINE, "part"]]
    return _Plan(lines, conform(pd.DataFrame(unread, columns=list(UNREAD)), UNREAD))


def _lines(source: Source) -> pd.DataFrame:
    """The documents and projects of a file in order of appearance, with their rows counted."""
    columns = known(column_names(source))
    require(columns.values())
    named = [name for name in PROJECT if name in columns.values()]
    if named[0] in PROJECT[:2] and _is_full(source, next(key for key, name in columns.items() if name == named[0])):
        named = named[:1]
    chosen = {*named, "doc", "deleted", "backup"}
    seen = []
    for frame in _runs(source, [column for column, name in columns.items() if name in chosen]):
        said = frame.rename(columns=columns)
        once = said.groupby(list(said), sort=False, dropna=False).size().rename("rows").reset_index()
        rows = keyed(once, source.name)
        seen.append(rows[["doc", "key", "rows"]])
    if not seen:
        return pd.DataFrame(columns=["doc", "key", "rows", "project_no", "project_id"])
    # Grouped without sorting, projects stand in the order in which they appear.
    lines = pd.concat(seen).groupby(["doc", "key"], sort=False)["rows"].sum().reset_index()
    lines["project_no"] = lines.groupby("doc", sort=False).cumcount() + 1
    position = lines["doc"] + "#" + lines["project_no"].astype("str")
    return lines.assign(
        project_id=lines["key"].mask(lines["key"] == "", position) if named[0] == PROJECT[0] else position
    )


def _is_full(source: Source, column: str) -> bool:
    """Whether a table says of itself that no cell of a column is blank."""
    for file in files_of(source):
        metadata = pq.read_metadata(file.path)
        if column not in metadata.schema.names:  # a folder tells it, or nothing does
            return False
        at = metadata.schema.names.index(column)
        told = [metadata.row_group(group).column(at).statistics for group in range(metadata.num_row_groups)]
        if not all(said and said.has_min_max and said.null_count == 0 and said.min != "" for said in told):
            return False
    return True


def _runs(source: Source, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
    """Read a file a run of rows at a time; a project told once for several rows is filled down over them."""
    above = None
    for frame in runs(source, RUN, columns):
        goes_on = above is not None and blank(frame.iloc[:1]).all()
        rows = filled(pd.concat([above, frame], ignore_index=True) if goes_on else frame)
        above = rows.iloc[-1:]
        yield rows.iloc[len(rows) - len(frame) :].reset_index(drop=True)


def _spill(sources: Sequence[Source], planned: _Plan, folder: Path) -> dict[int, ReadError]:
    """Write the parts, or return what is wrong with a table that could not be read to its end."""
    lines_of = {at: planned.lines[planned.lines["source"] == at] for at in range(len(sources))}
    lines_of = {at: lines for at, lines in lines_of.items() if len(lines)}
    columns = list(dict.fromkeys(name for at in lines_of for name in known(column_names(sources[at])).values()))
    with ExitStack() as open_files:
        files: dict[int, pa.ipc.RecordBatchStreamWriter] = {}
        for number, lines in lines_of.items():
            try:
                for part, held in _pieces(sources[number], lines, columns):
                    if part not in files:
                        files[part] = open_files.enter_context(_stream(folder / f"{part}.arrow", held.schema))
                    files[part].write_table(held)
            except ReadError as error:
                return {number: error}
    return {}


def _pieces(source: Source, lines: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[int, pa.Table]]:
    """Read a file a run of rows at a time, and cut each run into what belongs to each part.

    A part may hold rows of several files, so all have the columns of all.
    """
    index = pd.Index(lines["doc"] + "\x1f" + lines["key"])
    for rows in ahead(prepared(frame, source.name) for frame in _runs(source)):
        number, first = numbered(*(pd.factorize(rows[name])[0] for name in ("doc", "key")))
        named = rows[["doc", "key"]].take(first)
        line = index.get_indexer(pd.Index(named["doc"] + "\x1f" + named["key"]))[number]
        part = np.append(lines["part"].to_numpy(np.int64), -1)[line]
        at = lines[["project_no", "project_id"]].take(line).set_axis(rows.index)
        rows = rows.drop(columns=["key", "project_id", "project_no"], errors="ignore").join(at)
        order = np.argsort(part, kind="stable")
        table = coded(_with_all(rows.take(order[part[order] >= 0]), columns))
        numbers, counts = np.unique(part[part >= 0], return_counts=True)
        begins = np.cumsum(counts) - counts
        for piece, begin, count in zip(numbers.tolist(), begins.tolist(), counts.tolist(), strict=True):
            yield piece, compact(table.slice(begin, count))


def _with_all(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The same rows with all columns that are kept, in one order."""
    texts, numbers = ([name for name in columns if name in kinds and name not in rows] for kinds in (TEXTS, NUMBERS))
    if texts or numbers:
        blank_texts = {name: pd.Series(None, rows.index, dtype="str") for name in texts}
        rows = rows.assign(**blank_texts, **dict.fromkeys(numbers, np.nan))
    return rows[sorted(map(str, rows))]


def _stream(path: Path, schema: pa.Schema) -> pa.ipc.RecordBatchStreamWriter:
    return pa.ipc.new_stream(path, schema, options=pa.ipc.IpcWriteOptions(compression="lz4"))


def load(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return PROJECTS and INDICATORS of a part, in the order of ``project_id`` and row."""
    with pa.ipc.open_stream(path) as stream:
        table = stream.read_all()
    owner, _ = pd.factorize(table["project_id"].cast(pa.string()).to_pandas(), sort=True)
    by_project = np.argsort(owner, kind="stable")
    table = table.take(by_project)  # while its texts are numbers still
    plain = [column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column for column in table.columns]
    projects, indicators = tables(to_frame(pa.table(plain, names=table.column_names)))
    place = owner[by_project] * (len(owner) + 1) + indicators["row_no"].to_numpy(np.int64)
    if (np.diff(place) < 0).any():
        indicators = indicators.take(np.argsort(place)).reset_index(drop=True)
    return projects, indicators
