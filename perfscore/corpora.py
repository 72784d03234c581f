"""The corpus on the command line: build, merge, show, and load to be compared with."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from perfscore.arguments import Exit
from perfscore.errors import ConfigError
from perfscore.inputs import expand, finish, keep_files, load_settings, read_paths, say

if TYPE_CHECKING:
    import pandas as pd

    from perfscore.config import Config
    from perfscore.corpus import Corpus
    from perfscore.readers import Source

__all__ = ["corpus_command", "load_corpus", "years_alone"]

_ROWS = 200_000  # rows of a part


def load_corpus(folder: str, near: float) -> "Corpus":
    """Load the corpus a submission is compared with; it must have been made with the same ``near``."""
    from perfscore.corpus import Corpus

    corpus = Corpus.load(folder)
    if corpus.settings.near != near:
        raise ConfigError(
            f"语料 {folder} 的设置 near 是 {corpus.settings.near}，现在是 {near}；"
            "请用建立语料时的 --config，或重新建立语料"
        )
    return corpus


def years_alone(corpus: "Corpus", projects: "pd.DataFrame") -> list[int]:
    """The years of which a corpus has no project: projects of these have no peers in it."""
    asked = projects["year"].dropna()
    return sorted(set(asked) - set(corpus.projects["year"].dropna())) if len(corpus.projects) else []


def corpus_command(args: argparse.Namespace) -> Exit:
    """Build, merge or show corpora."""
    return {"build": _build, "merge": _merge, "info": _info}[args.action](args)


@dataclass(frozen=True)
class _Learnt:
    """What a corpus was made of, and what could not be read."""

    projects: "pd.DataFrame"
    unread: "pd.DataFrame"


def _build(args: argparse.Namespace) -> Exit:
    import pandas as pd

    from perfscore.corpus import Corpus
    from perfscore.lexicon import overlay
    from perfscore.scale import row_tables

    config = load_settings(args)
    target = _target(args.output)
    paths = list(expand(args.paths))
    keep_files([target], paths)
    if sources := row_tables(paths):
        corpus, unread = _learn(sources, config, target)
    else:
        targets = read_paths(paths, args, config)
        with overlay(config.lexicons):
            corpus, unread = Corpus.fit(targets.projects, targets.indicators, near=config.near), targets.unread
    if corpus is None or corpus.projects.empty:
        return finish(_Learnt(pd.DataFrame(), unread))
    _save(corpus, target)
    return finish(_Learnt(corpus.projects, unread))


def _learn(sources: Sequence["Source"], config: "Config", target: Path) -> "tuple[Corpus | None, pd.DataFrame]":
    """Learn from parquet tables of rows part by part, so that they may be larger than memory; UNREAD beside it."""
    from perfscore.corpus import Corpus
    from perfscore.stages import Job

    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as work:
        job = Job(Path(work), tuple(sources), _ROWS, config)
        job.prepare(0)
        for part in job.parts:
            job.learn(part)
        return (Corpus.merge_all(job.corpora()) if job.parts else None), job.unread()


def _merge(args: argparse.Namespace) -> Exit:
    from perfscore.corpus import Corpus

    if len(args.folders) < 2:
        raise ConfigError(f"至少要给出两个语料文件夹，只得到 {args.folders[0]}")
    _save(Corpus.merge_all(_loaded(args.folders)), _target(args.output))
    return Exit.DONE


def _loaded(folders: Sequence[str]) -> Iterator["Corpus"]:
    """Load corpora one at a time; name the one whose settings differ from those of the first."""
    from perfscore.corpus import Corpus

    settings = None
    for folder in folders:
        corpus = Corpus.load(folder)
        settings = settings or corpus.settings
        if corpus.settings != settings:
            raise ConfigError(
                f"语料 {folder} 与 {folders[0]} 的设置不同：{settings.unlike(corpus.settings)}；"
                "请用相同的设置重新建立其中一个"
            )
        yield corpus


def _info(args: argparse.Namespace) -> Exit:
    from dataclasses import asdict

    from perfscore.corpus import Corpus

    corpus = Corpus.load(args.folder)
    years = corpus.projects["year"].value_counts().sort_index()
    unknown = int(corpus.projects["year"].isna().sum())
    counted = [f"{year} 年 {count} 个" for year, count in years.items()] + [f"年度未知 {unknown} 个"] * (unknown > 0)
    facts = {
        "项目": len(corpus.projects),
        "年度": "，".join(counted) or "无",
        "不同的表": corpus.tables["table"].nunique(),
        "不同的行": len(corpus.rows),
        "不同的文字": len(corpus.strings),
        "设置": "，".join(f"{name} {value}" for name, value in asdict(corpus.settings).items()),
    }
    for name, value in facts.items():
        print(name, value, sep="\t")
    return Exit.DONE


def _target(output: str) -> Path:
    """The folder to save to; refuse one that holds anything but a corpus."""
    from perfscore.storage import FILES

    target = Path(output)
    if target.exists() and not target.is_dir():
        raise ConfigError(f"语料要保存为文件夹，{target} 是文件；请换一个位置")
    strange = sorted(file.name for file in target.iterdir() if file.name not in FILES) if target.exists() else []
    if strange:
        raise ConfigError(f"文件夹 {target} 中有别的文件（{strange[0]}）；语料请单独放一个文件夹")
    return target


def _save(corpus: "Corpus", target: Path) -> None:
    from perfscore.reporting.frames import saving

    with saving(target):
        corpus.save(target)
    tables = corpus.tables["table"].nunique()
    say(f"已保存语料（{len(corpus.projects)} 个项目，{tables} 张不同的表）：{target}")
