"""Score tables that are larger than memory: part by part, in several processes or on a cluster, and always the same bytes.

A few functions of a part make the result (``stages``): learn a part, gather what is common, judge a share of the
distinct rows, judge the projects of a part. Each leaves its result in a work folder beside the output, whole or not
at all, so a run that was stopped is taken up where it was, and a lost worker costs only what it was doing. Parts are
runs of projects in the order of ``project_id``; written one after another they give files that do not depend on the
size of the parts, the number of workers or the order of the rows.

Examples of well-set indicators of other projects are not cited here: who cites whom would depend on all rows at once.
"""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from perfscore import __version__, acceptance, lexicon
from perfscore.columnar import GROUP, TableWriter
from perfscore.config import Config
from perfscore.engine import accepting, chosen, method, score
from perfscore.errors import ConfigError, ReadError, SchemaError
from perfscore.extracts import kind_of
from perfscore.grading import rank
from perfscore.readers import Source
from perfscore.rowfiles import column_names, count_rows, files_of, is_parquet
from perfscore.schema import INDICATORS, PROJECTS, conform
from perfscore.stages import JUDGED, Job, give_back, lean
from perfscore.targets import Targets, sources_of
from perfscore.threads import available
from perfscore.workers import FORKS, Workers

__all__ = ["MEMORY", "Outcome", "Progress", "row_tables", "score_files"]

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

MEMORY = 2 << 30  # bytes
_BASE = 350 << 20  # bytes of a process before it holds any row
_WORKER = (200 if FORKS else 350) << 20  # bytes of a further one; forked, it shares what is made ready
_PER_ROW = 3_500  # bytes of a row while it is judged
_RANKING = {"project_id": "str", "project_name": "str", "project_code": "str", "grade": "str", "score": "float64"}
_LEAST, _MOST = 5_000, 40_000  # rows of a part


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run says when its files are written.

    Attributes
    ----------
    projects : the ranking: ``project_id``, ``project_name``, ``project_code``, ``grade``, ``score``, ``rank``
    findings, accepted : how many findings there are, and how many the settings accept
    new, renewed : how many findings the baseline did not have, and how many projects they are of; None without a baseline
    unread : UNREAD
    method : how the scores were made
    """

    projects: pd.DataFrame
    findings: int
    accepted: int
    new: int | None
    renewed: int | None
    unread: pd.DataFrame
    method: dict[str, str]


def row_tables(paths: Sequence[str | Path]) -> list[Source]:
    """Return what paths name if all of it is parquet tables of indicator rows; else none.

    Raises
    ------
    ReadError
        nothing exists at a path
    """
    sources = sources_of(paths)
    return sources if sources and all(map(_is_row_table, sources)) else []


def _is_row_table(source: Source) -> bool:
    if not is_parquet(source):
        return False
    try:
        return kind_of(column_names(source)) in ("", "indicators")
    except ReadError:
        return True  # what is wrong with it is said when it is read


def score_files(
    paths: Sequence[str | Path],
    output: str | Path,
    config: Config | None = None,
    *,
    corpus: str | Path | None = None,
    memory: int = MEMORY,
    workers: Workers | None = None,
    progress: Progress | None = None,
    say: Callable[[str], None] | None = None,
) -> Outcome:
    """Score parquet tables of indicator rows into a folder of parquet tables, under a ceiling of memory.

    The files are those of ``score(read(paths), config.replace(examples=0)).save(output, "parquet")``, to the byte.

    Parameters
    ----------
    paths : parquet files of indicator rows, or folders of them
    output : folder for the tables of ``Scorecard``
    config : settings; ``examples`` and ``embedder`` are not used
    corpus : folder of a corpus to compare with besides
    memory : bytes that all processes together may take; what is common to all projects needs about 300 MB a million rows
    workers : where parts are judged; left out, in a process for each processor, as far as the memory goes, or in this one
        where there are few rows; a script that has several calls this under ``if __name__ == "__main__":``
    progress, say : told what is being done, and what a person should know

    Raises
    ------
    ConfigError
        the memory is too little for one process, or a setting is wrong
    LexiconError
        there is no folder of own word lists, or a file in it has the name of no list
    SchemaError
        there is no folder of the corpus
    PerfscoreError
        workers are lost again and again
    """
    config = (config or Config()).replace(examples=0, embedder=None)
    _check(config, corpus)
    sources, target = sources_of(paths), Path(output).absolute()
    if not target.name:
        raise ConfigError(f"输出应为一个文件夹，得到 {output}；请换一个位置")
    rows = sum(map(count_rows, sources))
    workers, progress = workers or _fitting(memory, rows), progress or _silent
    size = _evenly(_part_size(memory, workers), rows, workers)
    target.mkdir(parents=True, exist_ok=True)
    peers = None if corpus is None else Path(corpus)
    name = f".{target.name}-{_fingerprint(sources, config, peers, size)}"
    job = Job(target.with_name(name), tuple(sources), size, config, peers)
    if (job.work / "plan").exists() and say:
        parts = len(job.parts)
        say(f"接着上次没有做完的运行：共 {parts} 份，已评分 {parts - len(job.left('judged', job.parts))} 份")
    _do("读取", job.prepare, "plan", range(1), job, Workers(), progress)  # while those who share the work make ready
    if job.parts:
        _do("分析", job.learn, "learnt", job.parts, job, workers, progress)
        _do("比对", job.compare, "common", range(len(job.parts) + 1), job, workers, progress)
        _do("汇总", job.bind, "rowbook", range(1), job, workers, progress)
        with lean():
            outcome = _judge(job, workers, target, progress)
    else:
        outcome = _nothing(job.unread(), config, target)
    give_back()
    shutil.rmtree(job.work, ignore_errors=True)
    return outcome


def _check(config: Config, corpus: str | Path | None) -> None:
    """Say what is wrong with the settings before anything is read or written."""
    with lexicon.overlay(config.lexicons):
        chosen(config)
    if corpus is not None and not Path(corpus).is_dir():
        raise SchemaError(f"语料文件夹不存在：{corpus}；应为 perfscore corpus build 建立的文件夹")


def _do(
    stage: str,
    task: Callable[[int], None],
    folder: str,
    numbers: range,
    job: Job,
    workers: Workers,
    progress: Progress,
) -> None:
    """Do what a stage has left to do; what is done once is done in a process that gives its memory back."""
    done = len(numbers) - len(left := job.left(folder, numbers))
    for count, _ in enumerate(workers.done(task, left, apart=len(numbers) == 1), done + 1):
        progress(stage, count, len(numbers))


def _silent(stage: str, done: int, total: int) -> None:
    pass


def _fitting(memory: int, rows: int) -> Workers:
    """A process for each processor, as far as the memory goes; this one alone where little is to be read."""
    if rows < _MOST:
        return Workers()
    counts = (count for count in range(available(), 1, -1) if _rows_under(memory, count) >= _LEAST)
    return Workers(next(counts, 1))


def _rows_under(memory: int, processes: int) -> int:
    """Rows that each of some processes can hold, beside the one that writes."""
    return (memory - _fixed(processes)) // (_PER_ROW * processes)


def _fixed(processes: int) -> int:
    """Bytes that some processes hold before there is any row, with the one that writes."""
    return _BASE + (_WORKER * processes if processes > 1 else 0)


def _part_size(memory: int, workers: Workers) -> int:
    """Rows of a part so that all processes of this machine together stay under a ceiling."""
    processes = 1 if workers.scheduler else workers.processes
    size = _rows_under(memory, processes)
    if size < _LEAST:
        least = _fixed(processes) + _LEAST * _PER_ROW * processes
        raise ConfigError(
            f"内存上限 {memory >> 20}MiB 不够 {processes} 个进程用；请用 --memory 给出 {-(-least >> 20)}MiB 以上，或减少 --workers"
        )
    return min(size, _MOST)


def _evenly(size: int, rows: int, workers: Workers) -> int:
    """Rows of a part, up to so many, so that the processes of this machine end at about the same time."""
    if workers.scheduler:
        return size
    parts = max(1, -(-rows // (size * workers.processes))) * workers.processes
    return min(size, max(_LEAST, -(-rows // parts)))


def _fingerprint(sources: Iterable[Source], config: Config, peers: Path | None, size: int) -> str:
    """Name a run by what it reads and how; another version, file or setting makes another run."""
    folders = [Path(folder) for folder in (config.lexicons, peers) if folder]
    files = [file.path for source in sources for file in files_of(source)]
    files += [Path(config.baseline)] if config.baseline else []
    files += [file for folder in folders for file in sorted(folder.iterdir())]
    named = [(source.name, str(source.path.resolve()), str(source.folder)) for source in sources]
    said = json.dumps([__version__, size, named, [*map(_stamp, files)], config.to_dict()], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _stamp(file: Path) -> tuple[str, int, int]:
    try:
        stat = file.stat()
    except OSError:  # why it cannot be read is said when it is read
        return str(file), -1, 0
    return str(file.resolve()), stat.st_size, stat.st_mtime_ns


def _nothing(unread: pd.DataFrame, config: Config, target: Path) -> Outcome:
    """Write empty tables where no file holds a project."""
    projects, indicators = (conform(pd.DataFrame(columns=list(table)), table) for table in (PROJECTS, INDICATORS))
    card = score(Targets(projects, indicators, unread, pd.DataFrame()), config)
    card.save(target, "parquet")
    return Outcome(card.projects, 0, 0, None, None, unread, dict(card.method))


def _judge(job: Job, workers: Workers, target: Path, progress: Progress) -> Outcome:
    """Judge the parts, and write each as soon as all before it are written."""
    config = job.config
    graded: list[pa.Table] = []
    met = np.zeros(len(config.accept), bool)
    unread = job.unread()
    reasons: Counter[str] = Counter()
    new = renewed = 0
    with ExitStack() as files:
        names = (*JUDGED, "copies", "unread")
        to = {name: files.enter_context(TableWriter(target / f"{name}.parquet")) for name in names}
        to["copies"].write(job.copies())
        to["unread"].write(unread)
        for part in _in_order(job, workers, progress):
            graded.append(job.judged(part, "projects"))
            for name in JUDGED[1:]:
                to[name].write(table := job.judged(part, name))
                if name == "findings" and config.baseline:
                    fresh = table.filter(table["new"])
                    new += len(fresh)
                    renewed += pc.count_distinct(fresh["project_id"].cast(pa.string())).as_py()
                elif name == "accepted":
                    reasons.update(table["reason"].to_pylist())
            met |= np.array(job.met(part), bool)
        projects = _ranked(pa.concat_tables(graded).unify_dictionaries(), to["projects"])
    unmet = acceptance.unmet(config.accept, met, projects)
    return Outcome(
        projects,
        to["findings"].rows,
        to["accepted"].rows,
        new if config.baseline else None,
        renewed if config.baseline else None,
        unread,
        method(config, chosen(config)) | accepting(reasons, unmet),
    )


def _ranked(graded: pa.Table, to: TableWriter) -> pd.DataFrame:
    """Write the projects in the order of their rank, some at a time, and return the ranking."""
    frame = graded.select(list(_RANKING)).to_pandas().astype(_RANKING)
    ranking = rank(frame.assign(at=np.arange(len(frame))))
    column = graded.schema.get_field_index("rank")
    for first in range(0, len(ranking), GROUP):
        some = ranking.iloc[first : first + GROUP]
        table = graded.take(pa.array(some["at"]))
        to.write(table.set_column(column, graded.schema.field(column), pa.array(some["rank"])))
    return ranking.drop(columns="at")


def _in_order(job: Job, workers: Workers, progress: Progress) -> Iterator[int]:
    """Yield the parts one after another as they are judged."""
    left = job.left("judged", job.parts)
    judged = set(job.parts) - set(left)
    news = workers.done(job.judge, left)
    for part in job.parts:
        while part not in judged:
            judged.add(next(news))
        progress("评分", len(judged), len(job.parts))
        yield part
