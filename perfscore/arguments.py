"""What the command line accepts, and what it answers."""

import argparse
import re
from enum import IntEnum
from typing import Any, NoReturn

from perfscore import __version__
from perfscore.official import FAMILIES
from perfscore.profile import profiles

__all__ = ["Exit", "build_parser"]

_ARGUMENT = {
    r"the following arguments are required: (.+)": r"缺少 \1",
    r"unrecognized arguments: (.+)": r"不认识 \1",
    r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)": r"\1 不能是 \2，可用：\3",
    r"argument (.+?): expected one argument": r"\1 后面要有一个值",
    r"argument (.+?): expected at least one argument": r"\1 后面至少要有一个值",
    r"argument (.+?): ignored explicit argument (.+)": r"\1 不带值，得到 \2",
    r"argument (.+?): (.+)": r"\1 \2",
}
"""What argparse says in English -> in Chinese."""


class Exit(IntEnum):
    """What the command answers to the shell; where two apply, the earlier one here."""

    DONE = 0
    BELOW = 1  # a project scored under --fail-under
    USAGE = 2  # an option, a setting or a path is wrong; nothing was done
    NOTHING = 3  # no target table was found
    UNREAD = 4  # something could not be read, the rest was done


class _Help(argparse.HelpFormatter):
    """Help that begins in Chinese."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese."""

    def __init__(self, **settings: object) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=_Help, **settings)  # type: ignore[arg-type]
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示帮助并退出")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to get help, and leave with the code for bad usage."""
        said = next(
            (re.sub(f"{form}$", to, message) for form, to in _ARGUMENT.items() if re.match(form, message)), message
        )
        self.exit(Exit.USAGE, f"perfscore: 参数有误：{said}；{self.prog} --help 显示用法\n")


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of the whole command line."""
    parser = Parser(
        prog="perfscore",
        description="检查预算项目绩效目标表的质量：读取文件，逐行判断，按得分从低到高列出项目，并说明理由。全程离线。",
        epilog="退出码：0 完成；1 有项目低于 --fail-under；2 用法有误；3 没有找到绩效目标表；4 部分内容未能读取",
    )
    parser.add_argument("--version", action="version", version=f"perfscore {__version__}", help="显示版本并退出")
    commands = parser.add_subparsers(dest="command", title="命令", metavar="命令", required=True)

    score = commands.add_parser("score", help="评分并排名", description="读取文件，评分，从低到高列出项目。")
    _add_source(score)
    score.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help=".xlsx .html .json 文件，只含项目表的 .parquet 文件，或放全部表的文件夹；不写则列出排名",
    )
    score.add_argument("--format", choices=["csv", "parquet"], help="文件夹中各表的格式，默认 csv")
    _add_settings(score)
    _add_rules(score)
    score.add_argument(
        "--corpus", metavar="DIR", help="对照的语料（perfscore corpus build 建立的文件夹），用来发现雷同"
    )
    score.add_argument("--baseline", metavar="FILE", help="以前保存的基线；标出哪些问题是新的，得分不变")
    score.add_argument("--write-baseline", metavar="FILE", help="把这次的问题保存为基线，.csv 或 .parquet")
    score.add_argument(
        "--memory",
        metavar="SIZE",
        type=_bytes,
        help="给 .parquet 指标明细评分（-o 文件夹 --format parquet）时全部进程的内存上限，默认 2GiB；数据再多也分份做完",
    )
    score.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="同上，交给运行中的 Dask 调度器（如 tcp://主机:8786）或 Spark（如 spark://主机:7077）去做",
    )
    score.add_argument("--fail-under", metavar="N", type=_points, help="有项目得分低于 N 时退出码为 1（未评的不计）")
    _add_overwrite(score)
    _add_language(score)

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
    extract.add_argument("--config", metavar="FILE", help="设置文件（TOML）；用其中的 lexicons（自己的词表文件夹）")
    _add_overwrite(extract)

    _add_papers(commands)

    explain = commands.add_parser("explain", help="说明一条规则", description="说明一条规则查什么、依据什么、怎么改。")
    explain.add_argument("code", metavar="CODE", help="规则编号，如 PS301")

    commands.add_parser("rules", help="列出全部规则", description="列出全部规则：编号、轻重、类别、名称。")

    _add_measuring(commands)
    _add_corpus(commands)

    config = commands.add_parser("config", help="显示生效的设置", description="以 TOML 格式显示合并后的全部设置。")
    _add_settings(config)
    return parser


def _add_measuring(commands: "argparse._SubParsersAction[Parser]") -> None:
    evaluate = commands.add_parser(
        "evaluate",
        help="用标注检验规则",
        description="读取文件，评分，与逐行标注的缺陷对照，列出每类缺陷的准确率、召回率和 F1。",
    )
    evaluate.add_argument(
        "labels", metavar="LABELS", help="逐行标注（.csv .xlsx）：文件、项目序号、行号、缺陷，多个缺陷用 | 分隔"
    )
    evaluate.add_argument("--projects", metavar="FILE", help="项目标注（.csv .xlsx）：文件、项目序号、得分")
    _add_paths(evaluate)
    evaluate.add_argument("-o", "--output", metavar="OUT", help=".html .xlsx 文件，或放 CSV 的文件夹；不写则列出结果")
    _add_overwrite(evaluate)
    _add_settings(evaluate)

    calibrate = commands.add_parser(
        "calibrate",
        help="按本单位的评分校准分值",
        description="读取文件，评分，按已有的项目得分调整评分标准的分值，并用交叉验证说明有没有改善。",
    )
    calibrate.add_argument("labels", metavar="LABELS", help="项目标注（.csv .xlsx）：文件、项目序号、得分")
    _add_paths(calibrate)
    calibrate.add_argument("-o", "--output", metavar="OUT", help="保存评分标准的 .toml 文件，供 --profile 使用")
    _add_overwrite(calibrate)
    _add_settings(calibrate)


def _add_corpus(commands: "argparse._SubParsersAction[Parser]") -> None:
    corpus = commands.add_parser(
        "corpus",
        help="建立、合并、查看语料",
        description="语料记下一批绩效目标表中哪些表、行、指标值和目标是常见的，供 perfscore score --corpus 对照。",
    )
    actions = corpus.add_subparsers(dest="action", title="操作", metavar="操作", required=True)
    build = actions.add_parser("build", help="从文件建立语料", description="读取文件，把其中的项目建成语料。")
    _add_paths(build)
    build.add_argument("--config", metavar="FILE", help="设置文件（TOML）；用其中的 near（雷同的相似度）和 lexicons")
    merge = actions.add_parser("merge", help="合并语料", description="把几个语料合成一个；先后次序不影响结果。")
    merge.add_argument("folders", metavar="DIR", nargs="+", help="语料文件夹，两个以上")
    for parser in (build, merge):
        parser.add_argument("-o", "--output", metavar="DIR", required=True, help="保存语料的文件夹")
    info = actions.add_parser("info", help="查看语料", description="列出语料的规模、年度和设置。")
    info.add_argument("folder", metavar="DIR", help="语料文件夹")


def _add_papers(commands: "argparse._SubParsersAction[Parser]") -> None:
    annotate = commands.add_parser(
        "annotate",
        help="把问题写成批注",
        description="给文件评分，把问题作为批注写进它的副本：Word 批注或 Excel 单元格批注，其余内容不变，原文件不动。",
    )
    annotate.add_argument("paths", metavar="FILE", nargs="+", help=".docx .xlsx .xlsm 文件，可多个，可用通配符")
    annotate.add_argument(
        "-o", "--output", metavar="OUT", required=True, help="副本的文件名；多个文件时为文件夹，副本与原文件同名"
    )
    annotate.add_argument(
        "--with", dest="peers", metavar="PATH", nargs="+", default=[], help="一起比对的文件或文件夹，用来发现雷同"
    )
    _add_reading(annotate)

    opinion = commands.add_parser(
        "opinion",
        help="预填审核表",
        description="给文件评分，按项目预填绩效目标审核表（四项内容、失分、拟提意见），供审核人员修改、签字。",
    )
    _add_source(opinion)
    opinion.add_argument("-o", "--output", metavar="OUT", required=True, help=".docx 文件；得分低的项目在前，每个一页")
    opinion.add_argument("--project", metavar="ID", help="只填这个项目：项目标识（文件名#序号）或项目名称")

    for parser in (annotate, opinion):
        _add_overwrite(parser)
        _add_settings(parser)
        _add_rules(parser)
        _add_language(parser)


def _add_source(parser: argparse.ArgumentParser) -> None:
    _add_paths(parser, "*")
    parser.add_argument("--sample", action="store_true", help="使用自带的示例文件（虚构的青岚县）")


def _add_paths(parser: argparse.ArgumentParser, count: str = "+") -> None:
    parser.add_argument("paths", metavar="PATH", nargs=count, help="文件或文件夹，可多个，可用通配符")
    _add_reading(parser)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", metavar="N", type=_positive, help="进程数，默认由文件多少和内存决定")
    parser.add_argument("--quiet", action="store_true", help="不显示进度")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", metavar="FILE", help="设置文件（TOML）")
    parser.add_argument("--profile", metavar="NAME", help=f"评分标准：{'、'.join(profiles())}，或自己的 .toml 文件")


def _add_rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--select", metavar="CODES", type=_codes, help="只用这些规则或类别，逗号分隔，如 PS2,PS301,套话"
    )
    parser.add_argument("--ignore", metavar="CODES", type=_codes, help="不用这些规则，写法同上")


def _add_overwrite(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--overwrite", action="store_true", help="输出位置已有别人写的或改过的文件时，也覆盖")


def _add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=["zh", "en"], default="zh", help="报告的语言，默认 zh（规则和建议为中文）")


def _codes(text: str) -> tuple[str, ...]:
    families = {name: code for code, name in FAMILIES.items()}
    named = (code.strip().upper() for code in re.split("[,，、]", text))
    return tuple(families.get(code, code) for code in named if code)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"应为正整数，得到 {text}")
    return int(text)


def _bytes(text: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?", text.strip().lower())
    if not found or float(found[1]) == 0:
        raise argparse.ArgumentTypeError(f"应为内存大小，如 2GiB 或 800MB，得到 {text}")
    return int(float(found[1]) * (1024 if found[3] else 1000) ** " kmgt".index(found[2] or " "))


def _points(text: str) -> float:
    if not re.fullmatch(r"\d+(\.\d+)?", text) or float(text) > 100:
        raise argparse.ArgumentTypeError(f"应为 0 到 100 之间的数，得到 {text}")
    return float(text)
