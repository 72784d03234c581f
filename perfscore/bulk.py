"""Tables of indicator rows on the command line: scored part by part into a folder of parquet, under a ceiling of memory."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from perfscore.errors import ConfigError
from perfscore.inputs import expand, say

if TYPE_CHECKING:
    from perfscore.config import Config
    from perfscore.scale import Outcome

__all__ = ["score_rows", "start_early"]


LARGE = 1 << 20  # bytes of parquet from which on several processes will share the work, as a rule


def start_early(args: argparse.Namespace) -> None:
    """Start the process that workers are forked from if large tables of rows are to be scored: it takes its time."""
    files = [path for path in map(Path, args.paths) if path.suffix.lower() == ".parquet" and path.is_file()]
    several = args.workers != 1 and args.scheduler is None
    if args.format == "parquet" and several and sum(path.stat().st_size for path in files) > LARGE:
        from perfscore.workers import start

        # Before pyarrow is imported, here and in the processes to come: its own allocator keeps what was used once.
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
        start()


def score_rows(args: argparse.Namespace, config: "Config") -> "Outcome | None":
    """Score parquet tables of indicator rows into a folder of parquet; None if something else is asked for.

    Raises
    ------
    ConfigError
        ``--memory`` or ``--scheduler`` is given where it has no use
    """
    from perfscore.scale import MEMORY, row_tables, score_files
    from perfscore.workers import Workers

    asked = args.output is not None and args.format == "parquet" and not args.sample and args.write_baseline is None
    paths = list(expand(args.paths)) if asked else []
    if not paths or not row_tables(paths):
        if args.memory is not None or args.scheduler is not None:
            raise ConfigError(
                "--memory 和 --scheduler 只用于给 .parquet 指标明细评分：输入全是这样的文件，输出为 -o 文件夹 "
                "--format parquet，不写 --write-baseline"
            )
        return None
    workers = None if args.workers is None and args.scheduler is None else Workers(args.workers or 1, args.scheduler)
    if config.examples:
        say("给指标明细评分时，建议中不引用其他项目的指标作例子")
    with _progress(args.quiet) as progress:
        return score_files(
            paths,
            args.output,
            config,
            corpus=args.corpus,
            memory=args.memory or MEMORY,
            workers=workers,
            progress=progress,
            say=say,
        )


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """Show on stderr, on a terminal only, how far each stage is."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done)

        yield show
