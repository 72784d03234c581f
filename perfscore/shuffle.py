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
from perfscore.errors import SchemaError
from perfscore.exports import PROJECT, blank, filled, keyed, known, prepared, require, tables
from perfscore.readers import Source
from perfscore.results import TWICE
from perfscore.rowfiles import column_names, no_rows, runs, to_frame
from perfscore.schema import UNREAD, conform
from perfscore.similar import numbered
from perfscore.threads import ahead

__all__ = ["Plan", "load", "plan", "spill"]

RUN = 1 << 16  # rows read at a time
_LINE = ["source", "doc", "key", "project_no", "project_id"]


@dataclass(frozen=True, eq=False)
class Plan:
    """Which project stands in which part.

    Attributes
    ----------
    lines : what names a project in a file a line: ``source`` (position of the file), ``doc``, ``key``, ``project_no``,
        ``project_id``, ``part``
    unread : UNREAD
    """

    lines: pd.DataFrame
    unread: pd.DataFrame


def plan(sources: Sequence[Source], size: int) -> Plan:
    """Say which projects the files hold and cut them into parts.

    Parameters
    ----------
    sources : parquet files of indicator rows; a project that two of them give belongs to the first
    size : rows of a part, about
    """
    found: list[pd.DataFrame] = []
    unread: list[tuple[str, str, str, str]] = []
    for number, source in enumerate(sources):
        try:
            found.append(_lines(source).assign(source=number))
        except (SchemaError, OSError, ValueError) as error:
            unread.append((source.name, *no_rows(error)))
    if not found:
        empty = pd.DataFrame(columns=[*_LINE, "part"])
        return Plan(empty, conform(pd.DataFrame(unread, columns=list(UNREAD)), UNREAD))
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
    return Plan(lines, conform(pd.DataFrame(unread, columns=list(UNREAD)), UNREAD))


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
    # Grouped without sorting, projects stand in the order in which they appear.
    lines = pd.concat(seen).groupby(["doc", "key"], sort=False)["rows"].sum().reset_index()
    lines["project_no"] = lines.groupby("doc", sort=False).cumcount() + 1
    position = lines["doc"] + "#" + lines["project_no"].astype("str")
    return lines.assign(
        project_id=lines["key"].mask(lines["key"] == "", position) if named[0] == PROJECT[0] else position
    )


def _is_full(source: Source, column: str) -> bool:
    """Whether the file says of itself that no cell of a column is blank."""
    metadata = pq.read_metadata(source.path)
    if column not in metadata.schema.names:  # a folder tells it
        return False
    at = metadata.schema.names.index(column)
    told = [metadata.row_group(group).column(at).statistics for group in range(metadata.num_row_groups)]
    return all(said is not None and said.has_min_max and said.null_count == 0 and said.min != "" for said in told)


def _runs(source: Source, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
    """Read a file a run of rows at a time; a project told once for several rows is filled down over them."""
    above = None
    for frame in runs(source, RUN, columns):
        goes_on = above is not None and blank(frame.iloc[:1]).all()
        rows = filled(pd.concat([above, frame], ignore_index=True) if goes_on else frame)
        above = rows.iloc[-1:]
        yield rows.iloc[len(rows) - len(frame) :].reset_index(drop=True)


def spill(sources: Sequence[Source], planned: Plan, folder: Path) -> None:
    """Write the rows of each part into a file of its own.

    Parameters
    ----------
    folder : an empty folder; part 3 is written to ``3.arrow``
    """
    with ExitStack() as open_files:
        files: dict[int, pa.ipc.RecordBatchStreamWriter] = {}
        for number, source in enumerate(sources):
            lines = planned.lines[planned.lines["source"] == number]
            if lines.empty:
                continue
            for part, held in _pieces(source, lines):
                if part not in files:
                    files[part] = open_files.enter_context(_stream(folder / f"{part}.arrow", held.schema))
                files[part].write_table(held)


def _pieces(source: Source, lines: pd.DataFrame) -> Iterator[tuple[int, pa.Table]]:
    """Read a file a run of rows at a time, and cut each run into what belongs to each part."""
    index = pd.Index(lines["doc"] + "\x1f" + lines["key"])
    for rows in ahead(prepared(frame, source.name) for frame in _runs(source)):
        number, first = numbered(*(pd.factorize(rows[name])[0] for name in ("doc", "key")))
        named = rows[["doc", "key"]].take(first)
        line = index.get_indexer(pd.Index(named["doc"] + "\x1f" + named["key"]))[number]
        part = np.append(lines["part"].to_numpy(np.int64), -1)[line]
        at = lines[["project_no", "project_id"]].take(line).set_axis(rows.index)
        rows = rows.drop(columns=["key", "project_id", "project_no"], errors="ignore").join(at)
        order = np.argsort(part, kind="stable")
        table = coded(rows.take(order[part[order] >= 0]))
        numbers, counts = np.unique(part[part >= 0], return_counts=True)
        begins = np.cumsum(counts) - counts
        for piece, begin, count in zip(numbers.tolist(), begins.tolist(), counts.tolist(), strict=True):
            yield piece, compact(table.slice(begin, count))


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
