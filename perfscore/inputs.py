"""What a command was asked to read: settings, paths, progress, and what to say afterwards."""

import argparse
import glob
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from perfscore.arguments import Exit
from perfscore.errors import ConfigError
from perfscore.results import SKIPPED, is_form, is_report

if TYPE_CHECKING:
    import pandas as pd

    from perfscore.config import Config
    from perfscore.targets import Targets

__all__ = [
    "Done",
    "expand",
    "finish",
    "is_passed_over",
    "keep_files",
    "load_settings",
    "read_asked",
    "read_paths",
    "say",
]

_NAMED = 3


def say(message: str) -> None:
    """Print a line on stderr, so that what a command prints stays clean."""
    print(message, file=sys.stderr)


def load_settings(args: argparse.Namespace) -> "Config":
    """Merge defaults, the settings file and the options, in this order."""
    from perfscore.config import Config

    config = Config() if args.config is None else Config.load(args.config)
    given = {name: getattr(args, name, None) for name in ("profile", "select", "baseline")}
    if getattr(args, "ignore", None):
        given["ignore"] = {**config.ignore, **dict.fromkeys(args.ignore, "命令行 --ignore")}
    return config.replace(**{name: value for name, value in given.items() if value})


def read_asked(args: argparse.Namespace, config: "Config", written: Sequence[Path] = ()) -> "Targets":
    """Read the paths or the sample, whichever was asked for; refuse beforehand to write over an input."""
    if args.sample == bool(args.paths):
        raise ConfigError("请给出要读取的文件或文件夹，或者用 --sample 读取自带的示例，二者选一")
    paths = list(expand(args.paths))
    keep_files(written, paths, args.overwrite)
    return read_paths(paths, args, config)


def read_paths(paths: Sequence[Path], args: argparse.Namespace, config: "Config") -> "Targets":
    """Read files and folders by the lists of the settings, or the sample if there are none, and show the progress."""
    from perfscore import load_sample, read

    with _progress(args.quiet) as progress:
        if not paths:
            return load_sample()
        return read(paths, workers=args.workers, progress=progress, lexicons=config.lexicons)


class Done(Protocol):
    """Something that was done with projects."""

    @property
    def projects(self) -> "pd.DataFrame":
        """The projects it was done with."""

    @property
    def unread(self) -> "pd.DataFrame":
        """UNREAD."""


def finish(targets: Done) -> Exit:
    """Say what was passed over and what could not be read, after the result, and answer how the reading went."""
    from perfscore.reporting.terminal import print_unread

    passed_over = targets.unread["reason"] == SKIPPED[0]
    unread = targets.unread[~passed_over]
    if passed_over.any():
        names = list(targets.unread.loc[passed_over, "doc"])
        more = f" 等 {len(names)} 个文件" if len(names) > _NAMED else ""
        say(f"{SKIPPED[0]}：{'、'.join(names[:_NAMED])}{more}")
    print_unread(unread)
    if targets.projects.empty:
        say("perfscore: 没有找到项目绩效目标表；请确认文件中有“三级指标”“指标值”等列，且不是扫描图片")
        return Exit.NOTHING
    return Exit.DONE if unread.empty else Exit.UNREAD


def is_passed_over(file: Path, targets: "Targets") -> bool:
    """Whether a file was not read because perfscore wrote it."""
    docs = targets.unread.loc[targets.unread["reason"] == SKIPPED[0], "doc"]
    return any(f"/{file.resolve().as_posix()}".endswith(f"/{doc}") for doc in docs)


def expand(paths: Sequence[str]) -> Iterator[Path]:
    """Yield the paths given; a pattern that the shell left alone, as on Windows, yields what it matches."""
    for path in paths:
        matches = (
            sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) and not Path(path).exists() else [path]
        )
        if not matches or not Path(matches[0]).exists():
            raise ConfigError(f"路径不存在：{path}；请检查拼写，路径中有空格时请加引号")
        yield from map(Path, matches)


def keep_files(written: Sequence[Path], paths: Sequence[Path], overwrite: bool = False) -> None:
    """Refuse to write over what is to be read, and over what others wrote or changed unless told to.

    Raises
    ------
    ConfigError
        a file that is to be written is among ``paths`` or in a folder of them, and would be read; or it is there, and
        none that perfscore wrote and nobody changed
    """
    for output in written:
        if not output.exists():
            continue
        if any(_is_read(output, path) for path in paths):
            raise ConfigError(f"{output} 是要读取的文件之一，不能覆盖；请换一个输出位置，或先移走这个文件")
        if output.is_file() and not overwrite and not _is_as_written(output):
            raise ConfigError(
                f"{output} 已经存在，不是 perfscore 写的，或写后又有改动；请换一个文件名，确定要覆盖时加 --overwrite"
            )


def _is_read(output: Path, path: Path) -> bool:
    """Whether a file would be read with a path; reports are not, nor are tables and copies of ours among documents."""
    if output.is_file() and is_report(output.read_bytes()):
        return False
    if output.resolve() == path.resolve():
        return True
    if not path.is_dir() or path.resolve() not in output.resolve().parents:
        return False
    return not (output.is_file() and _is_as_written(output) and _holds_documents(path))


def _holds_documents(folder: Path) -> bool:
    """Whether a folder holds anything else than tables, reports and copies of ours."""
    from perfscore.readers import list_sources

    files = (source.path for source in list_sources(folder) if source.path.suffix.lower() != ".parquet")
    return any(not _is_as_written(file) for file in files)


def _is_as_written(file: Path) -> bool:
    """Whether perfscore wrote a file, and nobody has changed it, as far as that can be told."""
    from perfscore.stamps import read_stamp

    data = file.read_bytes()
    if stamp := read_stamp(data):
        return stamp.untouched
    return not is_form(data) if is_report(data) else _is_table(file)


def _is_table(file: Path) -> bool:
    """Whether a file consists of tables of ours."""
    from perfscore.errors import ReadError
    from perfscore.extracts import from_document, kind_of
    from perfscore.readers import Source, read_one
    from perfscore.rowfiles import column_names

    source, suffix = Source(file, file.name), file.suffix.lower()
    if suffix == ".parquet":
        try:
            return kind_of(column_names(source)) != ""
        except ReadError:
            return False
    return suffix in (".csv", ".xlsx") and all(from_document(document) for document in read_one(source))


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """Show the files as they are read, on stderr and on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape

    done = 0
    with Console(stderr=True).status("正在读取文件…") as status:

        def show(name: str) -> None:
            nonlocal done
            done += 1
            status.update(f"已读取 {done} 个文件：{escape(name)}")

        yield show
