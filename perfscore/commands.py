"""The commands: each calls the library for what was asked, says what it did, and answers how it went."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from perfscore.arguments import Exit
from perfscore.errors import ConfigError
from perfscore.inputs import finish, load_settings, read_asked, say

__all__ = ["COMMANDS"]

SHEETS = (".xlsx", ".csv", ".parquet")  # single files that extraction writes


def _score(args: argparse.Namespace) -> Exit:
    from perfscore.engine import chosen, score
    from perfscore.reporting.frames import outputs
    from perfscore.reporting.terminal import print_ranking
    from perfscore.scorecard import SUFFIXES, TABLES

    config = load_settings(args)
    chosen(config)  # a wrong rule code is said before the files are read
    if args.output is None and args.format is not None:
        raise ConfigError("--format 要和 -o 文件夹一起用")
    written = [] if args.output is None else outputs(args.output, tuple(TABLES), SUFFIXES, args.format)
    targets = read_asked(args, written)
    scorecard = score(targets, config)
    if args.output is not None:
        place = scorecard.save(args.output, args.format, args.lang)
        say(f"已保存 {len(scorecard.projects)} 个项目、{len(scorecard.findings)} 个问题：{place}")
    elif not targets.projects.empty:
        print_ranking(scorecard, lang=args.lang)
    read_well = finish(targets)
    below = 0 if args.fail_under is None else int((scorecard.projects["score"] < args.fail_under).sum())
    if below:
        say(f"perfscore: {below} 个项目低于 {args.fail_under:g} 分")
        return Exit.BELOW
    return read_well


def _extract(args: argparse.Namespace) -> Exit:
    from perfscore.reporting import frames, workbook

    tables = ("projects", "indicators", "unread")
    target = Path(args.output)
    written = frames.outputs(target, tables, SHEETS, args.format)
    targets = read_asked(args, written)
    found = {name: getattr(targets, name) for name in tables}
    with frames.saving(written[0]):
        if written[0] != target:
            frames.write_folder(found, target, args.format or "csv")
        elif target.suffix.lower() == ".xlsx":
            workbook.write_sheets(found, target)
        else:
            frames.write_table(targets.indicators, target)
    say(f"已保存 {len(targets.projects)} 个项目、{len(targets.indicators)} 行指标：{target}")
    return finish(targets)


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

    settings = load_settings(args).to_dict()
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
