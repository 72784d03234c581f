"""The command line: read what was asked, call the library, say on stderr what went wrong, answer with an exit code."""

import argparse
import glob
import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from perfscore import __version__
from perfscore.errors import ConfigError, PerfscoreError

if TYPE_CHECKING:
    import pandas as pd

    from perfscore.config import Config
    from perfscore.targets import Progress, Targets

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
        epilog="退出码：0 完成；1 有项目低于 --fail-under；2 用法有误；3 没有可检查的内容；4 部分内容未能读取，其余已完成",
    )
    parser.add_argument("--version", action="version", version=f"perfscore {__version__}", help="显示版本并退出")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)

    score = commands.add_parser("score", help="评分并排名", description="读取文件，评分，从低到高列出项目。")
    _add_source(score)
    score.add_argument("-o", "--output", metavar="OUT", help=".xlsx .html .json .parquet 文件，或文件夹；不给则在屏幕列出排名")
    score.add_argument("--format", choices=["csv", "parquet"], help="文件夹中各表的格式，默认 csv")
    _add_settings(score)
    score.add_argument("--select", metavar="CODES", type=_codes, help="只用这些规则，逗号分隔，可只写前几位，如 PS2,PS301")
    score.add_argument("--ignore", metavar="CODES", type=_codes, help="不用这些规则，写法同上")
    score.add_argument("--fail-under", metavar="N", type=float, help="有项目得分低于 N 时退出码为 1（未评的不计）")
    score.add_argument("--lang", choices=["zh", "en"], default="zh", help="报告和排名的语言，默认 zh")
    score.set_defaults(run=_score)

    extract = commands.add_parser("extract", help="只提取表格", description="读取文件，把项目和指标存成表格，不评分。")
    _add_source(extract)
    extract.add_argument(
        "-o", "--output", metavar="OUT", required=True, help="文件夹（每表一个文件），或 .xlsx（每表一页），或只含指标的 .csv .parquet"
    )
    extract.add_argument("--format", choices=["csv", "parquet"], help="文件夹中各表的格式，默认 csv")
    extract.set_defaults(run=_extract)

    explain = commands.add_parser("explain", help="说明一条规则", description="说明一条规则查什么、依据是什么、怎么改。")
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
    except PerfscoreError as error:
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


def _score(args: argparse.Namespace) -> Exit:
    from perfscore.engine import score
    from perfscore.reporting.terminal import print_ranking, print_unread
    from perfscore.scorecard import SUFFIXES

    config = _settings(args)
    targets = _targets(args, SUFFIXES)
    scorecard = score(targets, config)
    print_unread(scorecard)
    if targets.projects.empty:
        _say("perfscore: 没有找到项目绩效目标表，没有可检查的内容；请确认文件里有“项目绩效目标表”，且不是扫描图片")
        return Exit.NOTHING
    if args.output is None:
        print_ranking(scorecard, lang=args.lang)
    else:
        _say(f"已保存 {len(scorecard.projects)} 个项目、{len(scorecard.findings)} 个问题：{scorecard.save(args.output, args.format, args.lang)}")
    if args.fail_under is not None:
        below = int((scorecard.projects["score"] < args.fail_under).sum())
        if below:
            _say(f"perfscore: {below} 个项目低于 {args.fail_under:g} 分")
            return Exit.BELOW
    return Exit.UNREAD if len(targets.unread) else Exit.DONE


def _extract(args: argparse.Namespace) -> Exit:
    ...


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
    print(_settings(args).to_toml(), end="")
    return Exit.DONE
