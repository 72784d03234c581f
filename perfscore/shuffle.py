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
from perfscore.exports import NUMBERS, TEXTS, keyed, known, prepared, require, tables
from perfscore.project_keys import PROJECT, YEAR, dated, filled, lacks, named, of_years, with_ids
from perfscore.readers import Source
from perfscore.results import TWICE
from perfscore.rowfiles import files_of, no_rows, roles, runs, to_frame
from perfscore.schema import INDICATORS, PROJECTS, UNREAD, conform
from perfscore.similar import numbered
from perfscore.threads import ahead

__all__ = ["cut", "load"]

_BESIDE = ("doc", "deleted", "backup")
_LINE = ["source", "doc", "key", "project_no", "project_id"]


@dataclass(frozen=True, eq=False)
class _Plan:
    """Which project stands in which part.

    Attributes
    ----------
    lines : what names a project in a file a line: ``source`` (position of the file), ``doc``, ``key``, ``project_no``,
        ``project_id``, ``part``
    unread : UNREAD
    several : for each file the ids that its rows of several years bear
    """

    lines: pd.DataFrame
    unread: pd.DataFrame
    several: dict[int, set[str]]


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
    several: dict[int, set[str]] = {}
    unread: list[tuple[str, str, str, str]] = []
    for number, source in enumerate(sources):
        try:
            if number in damaged:
                raise damaged[number]
            lines, several[number] = _lines(source)
            if len(lines):
                found.append(lines.assign(source=number))
        except (ReadError, SchemaError, ValueError) as error:
            unread.append((source.name, *no_rows(error)))
    if not found:
        empty = pd.DataFrame(columns=[*_LINE, "part"])
        return _Plan(empty, conform(pd.DataFrame(unread, columns=list(UNREAD)), UNREAD), several)
    every: pd.DataFrame = pd.concat(found, ignore_index=True)
    holder = every.drop_duplicates("project_id").set_index("project_id")["source"]
    again = every["source"].to_numpy() != holder.reindex(every["project_id"]).to_numpy()
    twice = every[again].drop_duplicates(["source", "project_id"])
    unread += [(sources[at].name, name, *TWICE) for at, name in zip(twice["source"], twice["project_id"], strict=True)]
    count = every[~again].groupby("project_id")["rows"].sum()
    part = (np.cumsum(count) - count) // size
    part[:] = pd.factorize(part)[0]
    of_line = np.where(again, -1, part.reindex(every["project_id"]).to_numpy(np.int64))
    told = conform(pd.DataFrame(unread, columns=list(UNREAD)), UNREAD)
    return _Plan(every.assign(part=of_line)[[*_LINE, "part"]], told, several)


def _lines(source: Source) -> tuple[pd.DataFrame, set[str]]:
    """The documents and projects of a table in order of appearance, with their rows counted; ids of several years."""
    names = roles(source)
    require(names)
    telling = [name for name in PROJECT if name in names]
    if telling[0] == PROJECT[0] and YEAR not in names and _is_full(source):
        telling = telling[:1]
    chosen = [name for name in names if name in {*telling, YEAR, *_BESIDE}]
    seen = [
        rows.groupby(list(rows), sort=False, dropna=False).size().rename("rows").reset_index()
        for rows in _runs(source, chosen)
    ]
    if not seen:
        return pd.DataFrame(), set()
    every: pd.DataFrame = pd.concat(seen, ignore_index=True)
    several = of_years(every)
    once = keyed(dated(every, several), source.name)
    # Grouped without sorting, projects stand in the order in which they appear; all rows of one bear its id, or none.
    groups = once.groupby(["doc", "key"], sort=False)
    told = {"rows": "sum"} | ({"project_id": "first"} if "project_id" in once else {})
    return with_ids(groups.agg(told).reset_index()), several


def _is_full(source: Source) -> bool:
    """Whether a table says of itself that no project_id is blank."""
    for file in files_of(source):
        metadata = pq.read_metadata(file.path)
        column = next((one for one, name in known(pq.read_schema(file.path).names).items() if name == PROJECT[0]), None)
        for group in map(metadata.row_group, range(metadata.num_row_groups)):
            cells = {group.column(at).path_in_schema: group.column(at).statistics for at in range(group.num_columns)}
            said = cells.get(column)
            if not (said and said.has_min_max and said.null_count == 0 and str(said.min).strip()):
                return False
    return True


def _runs(source: Source, names: list[str]) -> Iterator[pd.DataFrame]:
    """Read a table a run of rows at a time; a project told once for several rows is filled down over them."""
    above = None
    for rows in runs(source, names):
        if lacks(rows):
            before = rows.iloc[:0] if above is None else above
            rows = filled(pd.concat([before, rows], ignore_index=True)).iloc[len(before) :].reset_index(drop=True)
        above = rows.iloc[-1:]
        yield rows


def _spill(sources: Sequence[Source], planned: _Plan, folder: Path) -> dict[int, ReadError]:
    """Write the parts, or return what is wrong with a table that could not be read to its end."""
    lines_of = {at: planned.lines[planned.lines["source"] == at] for at in range(len(sources))}
    lines_of = {at: lines for at, lines in lines_of.items() if (lines["part"] >= 0).any()}
    names_of = {at: roles(sources[at]) for at in lines_of}
    columns = list(dict.fromkeys(name for names in names_of.values() for name in names))
    with ExitStack() as open_files:
        files: dict[int, pa.ipc.RecordBatchStreamWriter] = {}
        for number, lines in lines_of.items():
            try:
                for part, held in _pieces(
                    _prepared(sources[number], names_of[number], planned.several[number]), lines, columns
                ):
                    if part not in files:
                        files[part] = open_files.enter_context(_stream(folder / f"{part}.arrow", held.schema))
                    files[part].write_table(held)
            except ReadError as error:
                return {number: error}
    return {}


def _prepared(source: Source, names: list[str], several: set[str]) -> Iterator[pd.DataFrame]:
    return (prepared(dated(rows, several), source.name) for rows in _runs(source, names))


def _pieces(
    found: Iterator[pd.DataFrame], lines: pd.DataFrame, columns: Sequence[str]
) -> Iterator[tuple[int, pa.Table]]:
    """Cut each run of the rows of a table into what belongs to each part.

    A part may hold rows of several files, so all have the columns of all.
    """
    index = pd.Index(named(lines))
    for rows in ahead(found):
        number, first = numbered(*(pd.factorize(rows[name])[0] for name in ("doc", "key")))
        line = index.get_indexer(pd.Index(named(rows[["doc", "key"]].take(first))))[number]
        if (line < 0).any():
            raise RuntimeError(f"{rows['doc'].iloc[0]}: rows of a project that was not planned")
        part = lines["part"].to_numpy(np.int64)[line]
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


def load(path: Path, coded: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return PROJECTS and INDICATORS of a part, in the order of ``project_id`` and row.

    Parameters
    ----------
    coded : leave what the rows say numbered as it lies in the file, for who looks at each distinct text once
    """
    with pa.ipc.open_stream(path) as stream:
        table = stream.read_all()
    owner, _ = pd.factorize(table["project_id"].cast(pa.string()).to_pandas(), sort=True)
    by_project = np.argsort(owner, kind="stable")
    table = table.take(by_project)  # while its texts are numbers still
    told, blank = table, pa.nulls(len(table), pa.string())
    texts = [name for name in INDICATORS if name in table.column_names and pa.types.is_dictionary(table[name].type)]
    left = [name for name in texts if coded and name not in PROJECTS]
    for name in texts:  # of all others a project needs one cell
        spelt = blank if name in left else table[name].cast(pa.string())
        told = told.set_column(told.column_names.index(name), name, spelt)
    projects, indicators = tables(to_frame(told))
    indicators = indicators.assign(**table.select(left).to_pandas(types_mapper=pd.ArrowDtype))
    place = owner[by_project] * (len(owner) + 1) + indicators["row_no"].to_numpy(np.int64)
    if (np.diff(place) < 0).any():
        indicators = indicators.take(np.argsort(place)).reset_index(drop=True)
    return projects, indicators
