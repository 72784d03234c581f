"""The command line: read what was asked, call the library, say on stderr what went wrong, answer with an exit code."""

import argparse
import glob
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from perfscore import __version__
from perfscore.errors import ConfigError, PerfscoreError

if TYPE_CHECKING:
    from perfscore.config import Config
    from perfscore.targets import Targets

__all__ = ["Exit", "build_parser", "main"]


class Exit(IntEnum):
    """What the command answers to the shell; where two apply, the earlier one here."""

    DONE = 0
    BELOW = 1  # a project scored under --fail-under
    USAGE = 2  # an option, a setting or a path is wrong; nothing was done
    NOTHING = 3  # no target table was found
    UNREAD = 4  # something could not be read, the rest was done


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese where argparse lets it."""

    def __init__(self, **settings: object) -> None:
        super().__init__(add_help=False, allow_abbrev=False, **settings)  # type: ignore[arg-type]
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示帮助并退出")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to get help, and leave with the code for bad usage."""
        self.exit(Exit.USAGE, f"perfscore: 参数有误：{message}；{self.prog} --help 显示用法\n")


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of the whole command line."""
    parser = Parser(
        prog="perfscore",
        description="检查预算项目绩效目标表的质量：读取文件，逐行判断，按得分从低到高列出项目，并说明理由。全程离线。",
        epilog="退出码：0 完成；1 有项目低于 --fail-under；2 用法有误；3 没有可检查的内容；4 部分内容未能读取",
    )
    parser.add_argument("--version", action="version", version=f"perfscore {__version__}", help="显示版本并退出")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)

    score = commands.add_parser("score", help="评分并排名", description="读取文件，评分，从低到高列出项目。")
    _add_source(score)
    score.add_argument(
        "-o", "--output", metavar="OUT", help=".xlsx .html .json .parquet 文件，或文件夹；不写则列出排名"
    )
    score.add_argument("--format", choices=["csv", "parquet"], help="文件夹中各表的格式，默认 csv")
    _add_settings(score)
    score.add_argument("--select", metavar="CODES", type=_codes, help="只用这些规则或类别，逗号分隔，如 PS2,PS301")
    score.add_argument("--ignore", metavar="CODES", type=_codes, help="不用这些规则，写法同上")
    score.add_argument("--fail-under", metavar="N", type=float, help="有项目得分低于 N 时退出码为 1（未评的不计）")
    score.add_argument("--lang", choices=["zh", "en"], default="zh", help="报告和排名的语言，默认 zh")
    score.set_defaults(run=_score)

    extract = commands.add_parser("extract", help="只提取表格", description="读取文件，把项目和指标存成表格，不评分。")
    _add_source(extract)
    extract.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        required=True,
        help="文件夹，或 .xlsx，或只含指标的 .csv .parquet",
    )
    extract.add_argument("--format", choices=["csv", "parquet"], help="文件夹中各表的格式，默认 csv")
    extract.set_defaults(run=_extract)

    explain = commands.add_parser("explain", help="说明一条规则", description="说明一条规则查什么、依据什么、怎么改。")
    explain.add_argument("code", metavar="CODE", help="规则编号，如 PS301")
    explain.set_defaults(run=_explain)

    rules = commands.add_parser("rules", help="列出全部规则", description="列出全部规则：编号、轻重、类别、名称。")
    rules.set_defaults(run=_rules)

    config = commands.add_parser("config", help="显示生效的设置", description="以 TOML 格式显示合并后的全部设置。")
    _add_settings(config)
    config.set_defaults(run=_config)
    return parser


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="*", help="文件或文件夹，可多个，可用通配符")
    parser.add_argument("--sample", action="store_true", help="使用自带的示例文件（虚构的青岚县，22 个项目）")
    parser.add_argument("--workers", metavar="N", type=_positive, help="读取文件的进程数")
    parser.add_argument("--quiet", action="store_true", help="不显示进度")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", metavar="FILE", help="设置文件（TOML）")
    parser.add_argument("--profile", metavar="NAME", help="评分标准的名称")


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip().upper() for code in text.replace("，", ",").split(",") if code.strip())


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


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
        return int(args.run(args))
    except SystemExit as stop:  # argparse leaves so after --help and after a wrong argument
        return int(stop.code or 0)
    except (PerfscoreError, OSError) as error:
        _say(f"perfscore: {error}")
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
    """Read what was asked for and say what could not be read; refuse beforehand an output that would spoil an input."""
    from perfscore import load_sample, read
    from perfscore.reporting.frames import outputs
    from perfscore.reporting.terminal import print_unread

    if args.sample == bool(args.paths):
        raise ConfigError("请给出要读取的文件或文件夹，或者用 --sample 读取自带的示例，二者选一")
    paths = list(_expand(args.paths))
    if args.output is not None:
        _keep_inputs(outputs(args.output, tables, suffixes, args.format), paths)
    elif args.format is not None:
        raise ConfigError("--format 要和 -o 文件夹一起用")
    with _progress(args.quiet) as progress:
        targets = load_sample() if args.sample else read(paths, workers=args.workers, progress=progress)
    print_unread(targets.unread)
    if targets.projects.empty:
        _say("perfscore: 没有找到项目绩效目标表；请确认文件中有“三级指标”“指标值”等列，且不是扫描图片")
    return targets


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
    if targets.projects.empty:
        return Exit.NOTHING
    scorecard = score(targets, config)
    if args.output is None:
        print_ranking(scorecard, lang=args.lang)
    else:
        place = scorecard.save(args.output, args.format, args.lang)
        _say(f"已保存 {len(scorecard.projects)} 个项目、{len(scorecard.findings)} 个问题：{place}")
    below = 0 if args.fail_under is None else int((scorecard.projects["score"] < args.fail_under).sum())
    if below:
        _say(f"perfscore: {below} 个项目低于 {args.fail_under:g} 分")
        return Exit.BELOW
    return Exit.DONE if targets.unread.empty else Exit.UNREAD


def _extract(args: argparse.Namespace) -> Exit:
    from perfscore.reporting import frames, workbook

    tables = ("projects", "indicators", "unread")
    targets = _targets(args, tables, (".xlsx", ".csv", ".parquet"))
    if targets.projects.empty:
        return Exit.NOTHING
    found = {name: getattr(targets, name) for name in tables}
    target = Path(args.output)
    suffix = target.suffix.lower()
    (target.parent if suffix else target).mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        frames.write_folder(found, target, args.format or "csv")
    elif suffix == ".xlsx":
        workbook.write_sheets(found, target)
    else:
        frames.write_table(targets.indicators, target)
    _say(f"已保存 {len(targets.projects)} 个项目、{len(targets.indicators)} 行指标：{target}")
    return Exit.DONE if targets.unread.empty else Exit.UNREAD


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
    settings = _settings(args).to_dict()
    profile = settings.pop("profile")
    print("# perfscore 的设置；存成文件、改动后用 --config 读入，没有写的设置取默认值")
    for line in _toml({"profile": args.profile or profile["name"], **settings}):
        print(line)
    print('\n# 以下是评分标准的内容，存成单独的文件后可以用 profile = "文件.toml" 代替上面的名称')
    for line in _toml({**profile, "classes": {str(year): table for year, table in profile["classes"].items()}}):
        print(f"# {line}".rstrip())
    return Exit.DONE


def _toml(table: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Yield the lines of a nested table as TOML: plain values first, then tables and lists of tables."""
    below: list[tuple[str, Mapping[str, Any]]] = []
    for name, value in table.items():
        key = name if name.isascii() and name.replace("_", "").isalnum() else json.dumps(name, ensure_ascii=False)
        if isinstance(value, Mapping):
            below.append((f"[{path}{key}]", value))
        elif isinstance(value, Sequence) and value and isinstance(value[0], Mapping):
            below += [(f"[[{path}{key}]]", item) for item in value]
        elif value is not None:
            yield f"{key} = {json.dumps(value, ensure_ascii=False)}"
    for header, inner in below:
        yield from ("", header, *_toml(inner, header.strip("[]") + "."))
