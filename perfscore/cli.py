"""The command line: read what was asked, call the library, say on stderr what went wrong, answer with an exit code."""

import argparse
import glob
import io
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from perfscore.arguments import USAGE, build_parser
from perfscore.errors import ConfigError, PerfscoreError

if TYPE_CHECKING:
    from perfscore.config import Config
    from perfscore.targets import Targets

__all__ = ["Exit", "main"]


SHEETS = (".xlsx", ".csv", ".parquet")  # single files that extraction writes


class Exit(IntEnum):
    """What the command answers to the shell; where two apply, the earlier one here."""

    DONE = 0
    BELOW = 1  # a project scored under --fail-under
    USAGE = USAGE  # an option, a setting or a path is wrong; nothing was done
    NOTHING = 3  # no target table was found
    UNREAD = 4  # something could not be read, the rest was done


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    argv : the arguments after the program's name; those of this process if not given

    Examples
    --------
    >>> main(["explain", "PS301"])  # doctest: +ELLIPSIS
    PS301 ...
    0
    """
    _print_any_character()
    try:
        args = build_parser().parse_args(argv)
    except SystemExit as stop:  # argparse leaves so after --help and after a wrong argument
        return int(stop.code or 0)
    try:
        return int(COMMANDS[args.command](args))
    except BrokenPipeError:  # the reader of the pipe has seen enough, as ``head`` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except PerfscoreError as error:
        _say(f"perfscore: {error}")
        return Exit.USAGE
    except OSError as error:
        _say(f"perfscore: 无法读写 {error.filename}：{error.strerror}；请检查路径、权限和磁盘空间")
        return Exit.USAGE
    except KeyboardInterrupt:
        _say("perfscore: 已中断")
        return 130


def _print_any_character() -> None:
    """Print Chinese on a console that was not set up for it, and ``?`` for a character that its encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            try:
                "绩≥".encode(stream.encoding)
            except UnicodeEncodeError:
                stream.reconfigure(encoding="utf-8")
            stream.reconfigure(errors="replace")


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _settings(args: argparse.Namespace) -> "Config":
    """Merge defaults, the settings file and the options, in this order."""
    from perfscore.config import Config

    config = Config() if args.config is None else Config.load(args.config)
    given = {name: getattr(args, name, None) for name in ("profile", "select")}
    if getattr(args, "ignore", None):
        given["ignore"] = {**config.ignore, **dict.fromkeys(args.ignore, "命令行 --ignore")}
    return config.replace(**{name: value for name, value in given.items() if value})


def _targets(args: argparse.Namespace, tables: Sequence[str], suffixes: Sequence[str]) -> "Targets":
    """Read what was asked for; refuse beforehand an output that would spoil an input."""
    from perfscore import load_sample, read
    from perfscore.reporting.frames import outputs

    if args.sample == bool(args.paths):
        raise ConfigError("请给出要读取的文件或文件夹，或者用 --sample 读取自带的示例，二者选一")
    paths = list(_expand(args.paths))
    if args.output is not None:
        _keep_inputs(outputs(args.output, tables, suffixes, args.format), paths)
    elif args.format is not None:
        raise ConfigError("--format 要和 -o 文件夹一起用")
    with _progress(args.quiet) as progress:
        return load_sample() if args.sample else read(paths, workers=args.workers, progress=progress)


def _finish(targets: "Targets") -> Exit:
    """Say what could not be read, after the result, and answer how the reading went."""
    from perfscore.reporting.terminal import print_unread

    print_unread(targets.unread)
    if targets.projects.empty:
        _say("perfscore: 没有找到项目绩效目标表；请确认文件中有“三级指标”“指标值”等列，且不是扫描图片")
        return Exit.NOTHING
    return Exit.DONE if targets.unread.empty else Exit.UNREAD


def _expand(paths: Sequence[str]) -> Iterator[Path]:
    """Yield the paths given; a pattern that the shell left alone, as on Windows, yields what it matches."""
    for path in paths:
        matches = sorted(glob.glob(path)) if glob.has_magic(path) and not Path(path).exists() else [path]
        if not matches or not Path(matches[0]).exists():
            raise ConfigError(f"路径不存在：{path}；请检查拼写，路径中有空格时请加引号")
        yield from map(Path, matches)


def _keep_inputs(written: Sequence[Path], paths: Sequence[Path]) -> None:
    for output in written:
        if not output.exists():
            continue
        for path in paths:
            if output.resolve() == path.resolve() or (path.is_dir() and path.resolve() in output.resolve().parents):
                raise ConfigError(f"{output} 是要读取的文件之一，不能覆盖；请换一个输出位置，或先移走这个文件")


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


def _score(args: argparse.Namespace) -> Exit:
    from perfscore.engine import chosen, score
    from perfscore.reporting.terminal import print_ranking
    from perfscore.scorecard import SUFFIXES, TABLES

    config = _settings(args)
    chosen(config)  # a wrong rule code is said before the files are read
    targets = _targets(args, tuple(TABLES), SUFFIXES)
    scorecard = score(targets, config)
    if args.output is not None:
        place = scorecard.save(args.output, args.format, args.lang)
        _say(f"已保存 {len(scorecard.projects)} 个项目、{len(scorecard.findings)} 个问题：{place}")
    elif not targets.projects.empty:
        print_ranking(scorecard, lang=args.lang)
    read_well = _finish(targets)
    below = 0 if args.fail_under is None else int((scorecard.projects["score"] < args.fail_under).sum())
    if below:
        _say(f"perfscore: {below} 个项目低于 {args.fail_under:g} 分")
        return Exit.BELOW
    return read_well


def _extract(args: argparse.Namespace) -> Exit:
    from perfscore.reporting import frames, workbook

    tables = ("projects", "indicators", "unread")
    targets = _targets(args, tables, SHEETS)
    found = {name: getattr(targets, name) for name in tables}
    target = Path(args.output)
    first = frames.outputs(target, tables, SHEETS, args.format)[0]
    with frames.saving(first):
        if first != target:
            frames.write_folder(found, target, args.format or "csv")
        elif target.suffix.lower() == ".xlsx":
            workbook.write_sheets(found, target)
        else:
            frames.write_table(targets.indicators, target)
    _say(f"已保存 {len(targets.projects)} 个项目、{len(targets.indicators)} 行指标：{target}")
    return _finish(targets)


def _explain(args: argparse.Namespace) -> Exit:
    from perfscore.rules.registry import explain

    print(explain(args.code))
    return Exit.DONE


def _rules(args: argparse.Namespace) -> Exit:
    from perfscore.rules.registry import catalogue

    for rule in catalogue():
        print(rule.code, rule.severity, rule.family, rule.title, sep="\t")
    return Exit.DONE


def _config(args: argparse.Namespace) -> Exit:
    from perfscore.config import to_toml

    settings = _settings(args).to_dict()
    profile = settings.pop("profile")
    print("# perfscore 的设置；存成文件、改动后用 --config 读入，没有写的设置取默认值")
    print(to_toml({"profile": args.profile or profile["name"], **settings}))
    print('\n# 以下是评分标准的内容，存成单独的文件后可以用 profile = "文件.toml" 代替上面的名称')
    for line in to_toml(profile).split("\n"):
        print(f"# {line}".rstrip())
    return Exit.DONE


COMMANDS: Mapping[str, Callable[[argparse.Namespace], Exit]] = {
    "score": _score,
    "extract": _extract,
    "explain": _explain,
    "rules": _rules,
    "config": _config,
}
