"""The commands: each calls the library for what was asked, says what it did, and answers how it went."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from perfscore.arguments import Exit
from perfscore.bulk import score_rows, start_early
from perfscore.corpora import corpus_command, load_corpus, years_alone
from perfscore.errors import ConfigError, PerfscoreError
from perfscore.inputs import (
    expand,
    finish,
    is_passed_over,
    keep_files,
    load_settings,
    read_asked,
    read_paths,
    say,
)

if TYPE_CHECKING:
    from perfscore.config import Config
    from perfscore.scale import Outcome
    from perfscore.scorecard import Scorecard
    from perfscore.targets import Targets

__all__ = ["COMMANDS"]

SHEETS = (".xlsx", ".csv", ".parquet")  # single files that extraction writes


def _score(args: argparse.Namespace) -> Exit:
    start_early(args)
    from perfscore import baseline
    from perfscore.engine import chosen, score
    from perfscore.lexicon import overlay
    from perfscore.reporting.frames import outputs
    from perfscore.reporting.terminal import print_ranking
    from perfscore.scorecard import SUFFIXES, TABLES

    config = load_settings(args)
    # A wrong word list, rule code or baseline is said before the files are read.
    with overlay(config.lexicons):
        chosen(config)
    if config.baseline is not None:
        baseline.load(config.baseline)
    if args.output is None and args.format is not None:
        raise ConfigError("--format 要和 -o 文件夹一起用")
    written = [] if args.output is None else outputs(args.output, tuple(TABLES), SUFFIXES, args.format)
    if args.write_baseline is not None:
        written = [*written, baseline.target(args.write_baseline)]
    keep_files(written, list(expand(args.paths)), args.overwrite)
    if (outcome := score_rows(args, config)) is not None:
        say(f"已保存 {len(outcome.projects)} 个项目、{outcome.findings} 个问题：{args.output}")
        fresh = None if outcome.new is None else (outcome.new, outcome.renewed or 0, outcome.findings - outcome.new)
        _say_reviewed(fresh, outcome.accepted, outcome.method)
        return _answer(outcome, args.fail_under)
    corpus = None if args.corpus is None else load_corpus(args.corpus, config.near)
    targets = read_asked(args, config)
    if corpus is not None and (alone := years_alone(corpus, targets.projects)):
        say(f"语料没有 {'、'.join(map(str, alone))} 年的项目，这些年度的项目只在本批之内比较")
    scorecard = score(targets, config, corpus)
    if args.output is not None:
        place = scorecard.save(args.output, args.format, args.lang)
        say(f"已保存 {len(scorecard.projects)} 个项目{_beside(scorecard, place)}：{place}")
    elif not targets.projects.empty:
        print_ranking(scorecard, lang=args.lang)
    new = scorecard.findings["new"]
    renewed = scorecard.findings.loc[new.fillna(False), "project_id"].nunique()
    counts = (int(new.sum()), renewed, int((~new).sum())) if new.notna().any() else None
    _say_reviewed(counts, len(scorecard.accepted), scorecard.method)
    if args.write_baseline is not None and not targets.projects.empty:
        say(f"已保存基线：{scorecard.to_baseline(args.write_baseline)}")
    return _answer(scorecard, args.fail_under)


def _beside(scorecard: "Scorecard", place: Path) -> str:
    """Say what was saved beside the projects."""
    if place.suffix.lower() == ".parquet" and place.is_file():
        return "（只有项目表；全部表请用 -o 文件夹 --format parquet）"
    return f"、{len(scorecard.findings)} 个问题"


def _answer(scored: "Scorecard | Outcome", fail_under: float | None) -> Exit:
    """Say what could not be read and which projects are below the mark."""
    read_well = finish(scored)
    below = 0 if fail_under is None else int((scored.projects["score"] < fail_under).sum())
    if below:
        say(f"perfscore: {below} 个项目低于 {fail_under:g} 分")
        return Exit.BELOW
    return read_well


def _say_reviewed(new: tuple[int, int, int] | None, accepted: int, method: Mapping[str, str]) -> None:
    """Say what is new against the baseline, what is accepted, and which entries of the settings accept nothing.

    ``new`` counts the new findings, the projects they are of, and the known ones.
    """
    if new is not None:
        say(f"与基线相比：新问题 {new[0]} 个，涉及 {new[1]} 个项目；已知问题 {new[2]} 个")
    if accepted:
        say(f"按设置接受、不扣分的问题 {accepted} 个")
    if "unmet" in method:
        say(f"perfscore: 注意：{method['unmet']}；请改正或删去")


def _extract(args: argparse.Namespace) -> Exit:
    from perfscore.reporting import frames, workbook

    tables = ("projects", "indicators", "unread")
    target = Path(args.output)
    written = frames.outputs(target, tables, SHEETS, args.format)
    targets = read_asked(args, load_settings(args), written)
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


def _evaluate(args: argparse.Namespace) -> Exit:
    from perfscore.engine import score
    from perfscore.evaluation import SUFFIXES, TABLES, evaluate
    from perfscore.labels import read_labels
    from perfscore.lexicon import overlay
    from perfscore.reporting.frames import outputs
    from perfscore.reporting.measures import print_evaluation

    config = load_settings(args)
    with overlay(config.lexicons):
        rows = read_labels(args.labels)
        projects = None if args.projects is None else read_labels(args.projects)
    written = [] if args.output is None else outputs(args.output, TABLES, SUFFIXES)
    targets = _labelled(args, config, written)
    evaluation = evaluate(score(targets, config), rows, projects)
    if args.output is None:
        print_evaluation(evaluation)
    else:
        lost = len(evaluation.unmatched)
        say(f"已保存 {evaluation.n_rows} 行标注的检验结果（{lost} 条标注没有对上）：{evaluation.save(args.output)}")
    return finish(targets)


def _calibrate(args: argparse.Namespace) -> Exit:
    from perfscore.calibration import calibrate
    from perfscore.engine import score
    from perfscore.labels import read_labels
    from perfscore.lexicon import overlay
    from perfscore.reporting.frames import saving
    from perfscore.reporting.measures import print_calibration
    from perfscore.toml import to_toml

    if args.output is not None and Path(args.output).suffix != ".toml":
        raise ConfigError(f"评分标准要存成 .toml 文件，得到 {args.output}")
    config = load_settings(args)
    with overlay(config.lexicons):
        projects = read_labels(args.labels)
    targets = _labelled(args, config, [] if args.output is None else [Path(args.output)])
    if targets.projects.empty:
        return finish(targets)
    calibration = calibrate(score(targets, config), projects, config.profile)
    print_calibration(calibration)
    if args.output is not None:
        with saving(target := Path(args.output)):
            target.write_text(to_toml(calibration.profile.to_dict()) + "\n", encoding="utf-8", newline="\n")
        say(f"已保存{'校准后' if calibration.helped else '原来'}的评分标准：{target}")
    return finish(targets)


def _labelled(args: argparse.Namespace, config: "Config", written: Sequence[Path]) -> "Targets":
    """Read the documents that labels speak of; refuse beforehand to write over them or the labels."""
    labels = [Path(path) for path in (args.labels, getattr(args, "projects", None)) if path]
    paths = list(expand(args.paths))
    keep_files(written, [*paths, *labels], args.overwrite)
    return read_paths(paths, args, config)


def _annotate(args: argparse.Namespace) -> Exit:
    from perfscore.engine import chosen, score

    config = load_settings(args)
    chosen(config)
    files, peers = list(expand(args.paths)), list(expand(args.peers))
    copies = _copies(files, Path(args.output))
    keep_files(copies, [*files, *peers], args.overwrite)
    targets = read_paths([*files, *peers], args, config)
    scorecard = score(targets, config)
    wanted = [(file, copy) for file, copy in zip(files, copies, strict=True) if not is_passed_over(file, targets)]
    done = 0
    for file, copy in wanted:
        try:
            result = scorecard.annotate(file, copy, args.lang)
        except PerfscoreError as error:
            say(f"perfscore: {file} 未加批注：{error}")
            continue
        done += 1
        say(f"已写 {result.notes} 条批注：{copy}")
        if result.unplaced:
            say(f"  {len(result.unplaced)} 个问题找不到对应的单元格，合写在开头的批注里：")
        for line in result.unplaced:
            say(f"    {line}")
    read_well = finish(targets)
    if not done:
        return Exit.NOTHING
    return read_well if done == len(wanted) else Exit.UNREAD


def _copies(files: Sequence[Path], output: Path) -> list[Path]:
    """Return where the annotated copy of each file goes."""
    from perfscore.reporting.annotate import SUFFIXES

    for file in files:
        if file.is_dir() or file.suffix.lower() not in SUFFIXES:
            raise ConfigError(f"只能在 {'、'.join(SUFFIXES)} 文件上加批注，得到 {file}；文件夹请写成 文件夹/*.docx")
    if output.suffix.lower() in SUFFIXES and not output.is_dir():
        if len(files) > 1:
            raise ConfigError(f"有 {len(files)} 个文件，-o 应为文件夹，得到 {output}")
        if output.suffix.lower() != files[0].suffix.lower():
            raise ConfigError(f"副本和原文件的后缀应相同：原文件 {files[0].name}，得到 {output.name}")
        return [output]
    copies = [output / file.name for file in files]
    twice = next((copy.name for copy in copies if copies.count(copy) > 1), None)
    if twice:
        raise ConfigError(f"有同名文件 {twice}，副本会互相覆盖；请分次处理，放进不同的文件夹")
    return copies


def _opinion(args: argparse.Namespace) -> Exit:
    from perfscore.engine import chosen, score

    config = load_settings(args)
    chosen(config)
    target = Path(args.output)
    if target.suffix.lower() != ".docx" or target.is_dir():
        raise ConfigError(f"审核表存为 .docx 文件，得到 {target}")
    targets = read_asked(args, config, [target])
    if not targets.projects.empty:
        say(f"已保存审核表：{score(targets, config).to_opinion(target, args.project, args.lang)}")
    return finish(targets)


def _explain(args: argparse.Namespace) -> Exit:
    from perfscore.rules.registry import explain

    print(explain(args.code))
    return Exit.DONE


def _rules(args: argparse.Namespace) -> Exit:
    from perfscore.official import SEVERITY_NAMES
    from perfscore.rules.registry import catalogue

    for rule in catalogue():
        print(rule.code, SEVERITY_NAMES[rule.severity], rule.family, rule.title, sep="\t")
    return Exit.DONE


def _config(args: argparse.Namespace) -> Exit:
    from perfscore.profile import Profile, profiles
    from perfscore.toml import to_toml

    config = load_settings(args)
    settings = config.to_dict()
    rubric = settings.pop("profile")
    print("# perfscore 的设置；存成文件、改动后用 --config 读入，没有写的设置取默认值")
    if config.profile.name not in profiles() or config.profile != Profile.load(config.profile.name):
        print(to_toml({**settings, "profile": rubric}))
        return Exit.DONE
    print(to_toml({"profile": config.profile.name, **settings}))
    print('\n# 以下是评分标准的内容，存成单独的文件后可以用 profile = "文件.toml" 代替上面的名称')
    for line in to_toml(rubric).split("\n"):
        print(f"# {line}".rstrip())
    return Exit.DONE


COMMANDS: Mapping[str, Callable[[argparse.Namespace], Exit]] = {
    "score": _score,
    "extract": _extract,
    "evaluate": _evaluate,
    "calibrate": _calibrate,
    "annotate": _annotate,
    "opinion": _opinion,
    "explain": _explain,
    "rules": _rules,
    "config": _config,
    "corpus": corpus_command,
}
