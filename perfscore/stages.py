"""The functions of a part that make a large result: learn what it holds, gather what is common, judge it by that.

Distinct rows are judged once for all parts: dealt out by name while the parts are learnt, a share at a time.

Each leaves its result in a folder of the work folder, whole or not at all: what is there need not be done again. A task is
known by its number only, so it can be handed to any process that sees the folder.
"""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

import pandas as pd
import pyarrow as pa

from perfscore import lexicon
from perfscore.columnar import coded
from perfscore.common import Common
from perfscore.config import Config
from perfscore.corpus import Corpus
from perfscore.engine import chosen, judge, uncollected
from perfscore.project_names import Names
from perfscore.readers import Source
from perfscore.rowbook import Rowbook, bind, deal, judge_share
from perfscore.schema import COPIES, UNREAD, conform
from perfscore.shuffle import cut, load
from perfscore.storage import TABLES
from perfscore.thresholds import Settings

__all__ = ["JUDGED", "Job", "give_back", "lean"]

JUDGED = ("projects", "findings", "indicators", "accepted")
_HEADS = ["project_id", "doc", "project_name", "project_code", "agency", "purpose"]
_ONE_AT_A_TIME = Lock()  # for workers of several threads: memory is reckoned by processes


@dataclass(frozen=True, slots=True)
class Job:
    """One run.

    Parameters
    ----------
    work : folder for its results until all are there
    sources : files it reads
    size : rows of a part, about
    config : settings
    reference : folder of a corpus to compare with besides
    """

    work: Path
    sources: tuple[Source, ...]
    size: int
    config: Config
    reference: Path | None = None

    def prepare(self, number: int) -> None:
        """Cut the files into parts."""
        with self._alone():
            with _whole(self.work / "rows") as folder:
                unread = cut(self.sources, self.size, folder)
            with _whole(self.work / "plan" / str(number)) as folder:
                unread.to_parquet(folder / "unread.parquet")

    def unread(self) -> pd.DataFrame:
        """UNREAD, which ``prepare`` left."""
        return conform(pd.read_parquet(self.work / "plan" / "0" / "unread.parquet"), UNREAD)

    @property
    def parts(self) -> range:
        """The numbers of the parts."""
        return range(len(list((self.work / "rows").iterdir())))

    def left(self, stage: str, numbers: Iterable[int]) -> list[int]:
        """The parts for which a stage has left no result yet."""
        return [number for number in numbers if not (self.work / stage / str(number)).exists()]

    def learn(self, part: int) -> None:
        """Make the corpus of a part."""
        with self._alone():
            projects, indicators = self._load(part, coded=True)
            with _whole(self.work / "learnt" / str(part)) as folder:
                corpus = Corpus.partial(projects, indicators, near=self.config.near)
                for name in TABLES:
                    getattr(corpus, name).to_feather(folder / name)
                projects[_HEADS].to_feather(folder / "heads")
                deal(indicators, len(self.parts), folder)

    @property
    def _learnt(self) -> list[Path]:
        return [self.work / "learnt" / str(part) for part in self.parts]

    def corpora(self) -> Iterator[Corpus]:
        """The corpora that ``learn`` left, one after another."""
        for learnt in self._learnt:
            projects, tables, rows, strings, goals = (pd.read_feather(learnt / name) for name in TABLES)
            yield Corpus(projects, tables, rows, strings, goals, Settings(near=self.config.near))

    def compare(self, number: int) -> None:
        """Gather what is common (0), or judge a share of the distinct rows (from 1 on)."""
        with self._alone(), _whole(self.work / "common" / str(number)) as folder:
            if number:
                judge_share(chosen(self.config), self._learnt, number - 1, self.config, folder)
            else:
                self._gather(folder)

    def _gather(self, folder: Path) -> None:
        """Put all corpora together and keep what is common: what a part must know of the others, and the copies."""
        corpus = Corpus.merge_all(self.corpora())
        if self.reference:
            corpus = Corpus.load(self.reference).with_submission(corpus)
        give_back()
        heads = pd.concat([pd.read_feather(learnt / "heads") for learnt in self._learnt], ignore_index=True)
        copies = corpus.copies(heads) if self.reference else corpus.copies()
        give_back()
        Common.of(heads, corpus, copies, self.config).save(folder / "tables")
        _keep(conform(copies, COPIES), folder / "copies.arrow")

    def bind(self, number: int) -> None:
        """Put together what is said of the distinct rows."""
        with self._alone(), _whole(self.work / "rowbook" / str(number)) as folder:
            bind([self.work / "common" / str(1 + share) for share in self.parts], folder)

    def judge(self, part: int) -> None:
        """Judge the projects of a part."""
        with self._alone():
            projects, indicators = self._load(part)
            folder = self.work / "common" / "0" / "tables"
            common = Common.load(folder, projects["project_id"], _names(folder / "names.parquet"))
            rowbook = Rowbook(self.work / "rowbook" / "0", self._learnt[part])
            judged = judge(projects, indicators, common, self.config, rowbook)
            with _whole(self.work / "judged" / str(part)) as folder:
                for name in JUDGED:
                    _keep(getattr(judged, name), folder / f"{name}.arrow")
                (folder / "met.json").write_text(json.dumps(judged.met))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Do one thing at a time, by the lists of the settings."""
        with _ONE_AT_A_TIME, lexicon.overlay(self.config.lexicons), lean():
            yield

    def _load(self, part: int, coded: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
        return load(self.work / "rows" / f"{part}.arrow", coded)

    def judged(self, part: int, name: str) -> pa.Table:
        """A table that ``judge`` left."""
        return _kept(self.work / "judged" / str(part) / f"{name}.arrow")

    def met(self, part: int) -> list[bool]:
        """Which entries of the settings accepted a finding of a part."""
        found: list[bool] = json.loads((self.work / "judged" / str(part) / "met.json").read_text())
        return found

    def copies(self) -> pa.Table:
        """COPIES, which ``gather`` left."""
        return _kept(self.work / "common" / "0" / "copies.arrow")


@contextmanager
def lean() -> Iterator[None]:
    """Keep nothing that is not used any more: what the pool of Arrow held, and what was remembered of texts."""
    pool = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        with uncollected():
            yield
    finally:
        lexicon.forget()
        pa.set_memory_pool(pool)


def give_back() -> None:
    """Give back to the system what is not used any more, where memory is at its highest."""
    pa.system_memory_pool().release_unused()  # of the C library, and so what numpy held too


@lru_cache(maxsize=1)
def _names(file: Path) -> Names:
    return Names(pd.read_parquet(file))


def _keep(frame: pd.DataFrame, path: Path) -> None:
    table = coded(frame)
    with pa.ipc.new_file(path, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as file:
        file.write_table(table)


def _kept(path: Path) -> pa.Table:
    with pa.OSFile(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """Give a folder to write into, which gets its name when all is written: a half-written one is never taken for whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(".part", f".{folder.name}-", folder.parent))
    try:
        yield draft
        if not folder.exists():  # else a worker that was given up for lost has done the same
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
