"""Read whatever holds target tables into the tables at the doors: files, folders, archives, frames."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from perfscore.errors import ConfigError, ReadError, SchemaError
from perfscore.extracts import Parts, from_document, from_table, kind_of, of_rows, put_together
from perfscore.lexicon import overlay
from perfscore.readers import Source, list_sources, read_one
from perfscore.readers.blocks import Document
from perfscore.results import SKIPPED
from perfscore.rowfiles import column_names, is_parquet, no_rows, read_rows, read_whole, together
from perfscore.schema import INDICATORS, PROJECTS, UNREAD, Table, conform
from perfscore.stamps import read_stamp
from perfscore.tables import Extract, assemble
from perfscore.threads import available

__all__ = ["Progress", "Targets", "read", "sources_of"]

Progress = Callable[[str], None]
Given = str | os.PathLike[str] | pd.DataFrame
Folder = str | Path | None
_GIVEN = (str, os.PathLike, pd.DataFrame)
_FEW_BYTES = 4_000_000
_STAMPED = (".docx", ".xlsx", ".xlsm")


@dataclass(frozen=True)
class Targets:
    """Target tables, read.

    Parameters
    ----------
    projects, indicators, unread : frames with the columns of ``perfscore.schema``
    coverage : one row a document: ``doc``, ``seen`` (rows below a header of indicators) and ``understood`` (of those,
        read as indicators or known to hold none)
    """

    projects: pd.DataFrame
    indicators: pd.DataFrame
    unread: pd.DataFrame
    coverage: pd.DataFrame

    def _repr_html_(self) -> str:
        """Show the projects in a notebook, escaped, and what could not be read."""
        parts = [f"<p>{len(self.projects)} 个项目，{len(self.indicators)} 行指标，{len(self.unread)} 处未能读取</p>"]
        shown = self.projects[["project_name", "agency", "budget", "n_rows", "doc", "place"]]
        parts.append(shown.to_html(max_rows=20, index=False, na_rep=""))
        if len(self.unread):
            parts.append(self.unread.to_html(max_rows=20, index=False, na_rep=""))
        return "\n".join(parts)


def read(
    source: Given | Iterable[Given],
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    lexicons: Folder = None,
) -> Targets:
    """Read target tables from a file, a folder, several of these, or a frame.

    The result does not depend on the order in which files are given. An error in one file never stops the others: it
    becomes a row of ``unread``. So does a project that another file has already given; documents go before tables.

    What perfscore itself has written is no document: its reports are never read, and its tables (of ``extract``, or of
    ``score`` into a folder) only where their path is given, or a folder that holds nothing but them. Among documents
    they are passed over, with ``results.SKIPPED`` in ``unread``. So is a copy with its comments beside the document that
    it was made of (known by its name), unless someone has changed the copy since.

    Parameters
    ----------
    source : path of a file, folder or archive; a frame with the columns of ``schema.INDICATORS`` or their synonyms in
        exports (``headers.tsv``); or several of these
    workers : number of processes; left out, one for a few small files and one for each processor it may use for more
    progress : called with the name of each file when it is done
    lexicons : folder of own word lists, laid over the shipped ones, as in ``Config``

    Raises
    ------
    ReadError
        nothing exists at a path, or what is given is neither path nor frame
    ConfigError
        ``workers`` is no positive number
    LexiconError
        there is no such folder of word lists, or one of them is wrong
    SchemaError
        a frame lacks a column without which there is no indicator

    Examples
    --------
    >>> rows = pd.DataFrame({"project_id": ["p1"], "三级指标": ["清淤长度"], "指标值": ["≥3公里"]})
    >>> read(rows).indicators[["project_id", "name", "value"]].values.tolist()
    [['p1', '清淤长度', '≥3公里']]
    """
    if workers is not None and (not isinstance(workers, int) or workers < 1):
        raise ConfigError(f"workers（进程数）应为正整数，得到 {workers!r}")
    given = _given(source)
    frames = [one for one in given if isinstance(one, pd.DataFrame)]
    with overlay(lexicons):
        parts = [from_table(frame, "frame" if len(frames) == 1 else f"frame{i}") for i, frame in enumerate(frames, 1)]
    together: dict[Path, list[Extract | Parts]] = {}
    sources = sources_of([one for one in given if not isinstance(one, pd.DataFrame)])
    contents: list[tuple[Source, _Content]] = []
    for file, content in _read_files(sources, workers, partial(_read_file, lexicons=lexicons)):
        contents.append((file, content))
        if progress:
            progress(file.name)
    for file, found in _without_copies(contents):
        together.setdefault(file.folder or file.path, []).extend(found)
    read_files = [one for found in together.values() for one in _without_results(found)]
    extracts = list(_once([one for one in read_files if isinstance(one, Extract)], set()))
    taken = {project["project_id"] for one in extracts for project in one.projects}
    return _gather(extracts, list(_once([*parts, *(one for one in read_files if isinstance(one, Parts))], taken)))


class _Content(NamedTuple):
    """What was read of a file, and the name of the document that it is our copy of, with comments; "" if it is none."""

    found: list[Extract | Parts]
    made_of: str = ""


def _without_copies(contents: list[tuple[Source, _Content]]) -> Iterator[tuple[Source, list[Extract | Parts]]]:
    """Leave out the copies with our comments, as we wrote them, of documents that were read too."""
    there = {file.path.name for file, content in contents if not content.made_of and _has_projects(content.found)}
    for file, content in contents:
        yield file, [_passed_over(file.name)] if content.made_of in there else content.found


def _made_of(path: Path) -> str:
    """Name of the document that a copy with our comments was made of; "" if it is none, or was changed since."""
    stamp = read_stamp(path.read_bytes()) if path.suffix.lower() in _STAMPED and path.is_file() else None
    return stamp.source if stamp and stamp.untouched else ""


def _has_projects(found: Iterable[Extract | Parts]) -> bool:
    return any(isinstance(one, Extract) and one.projects for one in found)


def _passed_over(doc: str) -> Extract:
    return Extract(doc, [], [], [("全文", *SKIPPED)], 0, 0)


def _without_results(found: list[Extract | Parts]) -> list[Extract | Parts]:
    """Leave out the tables that perfscore wrote, and of which only the documents beside them tell, if there are any."""
    if not _has_projects(found):
        return found
    return [_passed_over(one.doc) if isinstance(one, Parts) and one.own else one for one in found]


T = TypeVar("T", Extract, Parts)


def _once(found: list[T], taken: set[str]) -> Iterator[T]:
    """Yield what was read, without the projects that something before it has already given."""
    for one in found:
        ids = one.ids()
        twice = [name for name in ids if name in taken]
        yield one.without(twice) if twice else one
        taken.update(ids)


def _given(source: Given | Iterable[Given]) -> list[Given]:
    one = isinstance(source, _GIVEN) or not isinstance(source, Iterable)
    given: list[Any] = [source] if one else list(source)  # type: ignore[arg-type]
    for item in given:
        if not isinstance(item, _GIVEN):
            raise ReadError(
                f"不能读取 {type(item).__name__} 类型的 {str(item)[:40]}", "请给出路径、DataFrame，或它们的列表"
            )
    return given


def sources_of(paths: Iterable[str | os.PathLike[str]]) -> list[Source]:
    """The files and whole tables of all paths, each once, sorted; a name met twice gets the folder it stands in."""
    found: dict[Path, Source] = {}
    for path in paths:
        for source in together(list_sources(path)):
            found.setdefault(source.path.resolve(), source)
    wholes = {path for path in found if path.is_dir()}
    found = {path: source for path, source in found.items() if not wholes.intersection(path.parents)}
    count = Counter(source.name for source in found.values())
    named = [
        source if count[source.name] == 1 else source._replace(name=full.as_posix()) for full, source in found.items()
    ]
    return sorted(named, key=lambda source: source.name)


def _read_files(
    sources: list[Source], workers: int | None, read_file: Callable[[Source], _Content]
) -> Iterator[tuple[Source, _Content]]:
    if workers is None:
        small = sum(_size(source.path) for source in sources) < _FEW_BYTES
        workers = 1 if small else min(available(), len(sources))
    if workers == 1 or len(sources) < 2:
        yield from zip(sources, map(read_file, sources), strict=True)
        return
    with ProcessPoolExecutor(workers) as pool:
        futures = [pool.submit(read_file, source) for source in sources]
        for source, future in zip(sources, futures, strict=True):
            try:
                yield source, future.result()
            except BrokenProcessPool:
                yield source, _read_apart(source, read_file)


def _read_apart(source: Source, read_file: Callable[[Source], _Content]) -> _Content:
    """Read a file in a process of its own: some file, perhaps this one, ended a process that others shared."""
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(read_file, source).result()
        except BrokenProcessPool:
            reason = ("全文", "读取这个文件的进程意外结束，多半是内存不足", "请拆分或另存后单独读取")
            return _Content([Extract(source.name, [], [], [reason], 0, 0)])


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _read_file(source: Source, lexicons: Folder) -> _Content:
    with overlay(lexicons):  # here, for a process that was not forked from this one has no lists laid over
        if is_parquet(source):
            return _Content([_read_parquet(source)])
        found: list[Extract | Parts] = [_assemble(document) for document in read_one(source)]
        # A file that was refused, for its size or rights, is not opened once more.
        return _Content(found, _made_of(source.path) if _has_projects(found) else "")


def _read_parquet(source: Source) -> Extract | Parts:
    try:
        kind = kind_of(column_names(source))
        if kind in ("", "indicators"):
            return of_rows(read_rows(source), source.name, kind != "")
        return from_table(read_whole(source), source.name)
    except (ReadError, SchemaError, ValueError) as error:
        return Extract(source.name, [], [], [no_rows(error)], 0, 0)


def _assemble(document: Document) -> Extract | Parts:
    try:
        return from_document(document) or assemble(document)
    except Exception as error:  # a stranger's table may be drawn in any way, and must not end the batch
        reason = f"表格无法整理（{type(error).__name__}: {str(error)[:200]}）"
        return Extract(
            document.name, [], [], [*document.unread, ("全文", reason, "请核对文件，并把它报告给维护者")], 0, 0
        )


def _gather(extracts: list[Extract], parts: list[Parts]) -> Targets:
    given = put_together(parts)
    reasons = [dict(zip(UNREAD, (one.doc, *entry), strict=True)) for one in extracts for entry in _reasons(one)]
    coverage = [(one.doc, one.seen, one.understood) for one in extracts]
    coverage += [(str(doc), n, n) for doc, n in given.indicators["doc"].value_counts(sort=False).items()]
    return Targets(
        _table([row for one in extracts for row in one.projects], PROJECTS, given.projects),
        _table([row for one in extracts for row in one.indicators], INDICATORS, given.indicators),
        _table(reasons, UNREAD, given.unread),
        pd.DataFrame(coverage, columns=["doc", "seen", "understood"]),
    )


def _reasons(extract: Extract) -> list[tuple[str, str, str]]:
    """What was not read; a document without any table says so, unless it already says why."""
    if extract.projects or extract.unread:
        return list(extract.unread)
    return [("全文", "没有找到绩效目标表", "请核对文件；表中应有“三级指标”“指标值”等表头")]


def _table(rows: Sequence[Mapping[str, object]], table: Table, more: pd.DataFrame) -> pd.DataFrame:
    frame = conform(pd.DataFrame(rows, columns=list(table)), table)
    return conform(pd.concat([frame, more], ignore_index=True), table) if len(more) else frame
