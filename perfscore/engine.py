"""Run the rules over what was read and put the result together: enrich, judge, price, grade.

Rules of row scope run once per distinct row and their hits are spread to every copy of it.
"""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd

from perfscore import __version__, acceptance, baseline, lexicon
from perfscore.common import Common
from perfscore.config import Config
from perfscore.corpus import Corpus
from perfscore.enriching import distinct_rows, enrich
from perfscore.errors import ConfigError, SchemaError
from perfscore.exemplars import cite
from perfscore.grading import grade, price, rank
from perfscore.judging import Judge
from perfscore.peers import Peers
from perfscore.rowbook import Rowbook
from perfscore.rules.registry import Rule, catalogue
from perfscore.schema import FINDINGS, PROJECTS, conform
from perfscore.scorecard import Scorecard
from perfscore.similar import firsts
from perfscore.suggest import nearest
from perfscore.targets import Targets
from perfscore.verdicts import judge_rows

__all__ = ["Judged", "accepting", "chosen", "judge", "method", "score", "uncollected"]


def score(targets: Targets, config: Config | None = None, corpus: Corpus | None = None) -> Scorecard:
    """Score every project that was read, weakest first, with the findings that made the score.

    Parameters
    ----------
    targets : what ``read`` returned
    config : settings; the defaults if left out
    corpus : peers to compare with besides ``targets`` itself, for example a province's tables of the same year; it must
        have been made with the same settings

    Raises
    ------
    ConfigError
        ``config`` names a rule or a severity that does not exist, or a baseline that cannot be read
    SchemaError
        ``targets`` is not what ``read`` returns

    Examples
    --------
    >>> from perfscore import load_sample, score
    >>> score(load_sample()).projects["grade"].iloc[0]
    '差'
    """
    if not isinstance(targets, Targets):
        raise SchemaError(f"应给出 read() 读到的 Targets，得到 {type(targets).__name__}；请写 score(read(路径))")
    config = config or Config()
    with lexicon.overlay(config.lexicons):
        rules = chosen(config)
        projects, indicators = conform(targets.projects, PROJECTS), targets.indicators
        own = Corpus.fit(projects, indicators, near=config.near)
        corpus = own if corpus is None else corpus.with_submission(own)
        copies = corpus.copies(projects)
        part = judge(projects, indicators, Common.of(projects, corpus, copies, config), config)
        lexicon.forget()
        unmet = acceptance.unmet(config.accept, part.met, projects)
        return Scorecard(
            projects=rank(part.projects),
            findings=conform(part.findings, FINDINGS),
            indicators=part.indicators,
            copies=copies,
            unread=targets.unread,
            accepted=part.accepted,
            method=method(config, rules) | accepting(Counter(part.accepted["reason"]), unmet),
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """Some projects of a batch, judged: tables of a ``Scorecard``, the projects not ranked yet, texts of findings coded.

    ``met`` says for every entry of the settings whether it accepted a finding.
    """

    projects: pd.DataFrame
    findings: pd.DataFrame
    indicators: pd.DataFrame
    accepted: pd.DataFrame
    met: tuple[bool, ...]


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the collector of garbage rest: judging makes no cycles, and it would walk all that is remembered of texts."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@uncollected()
def judge(
    projects: pd.DataFrame,
    indicators: pd.DataFrame,
    common: Common,
    config: Config,
    rowbook: Rowbook | None = None,
) -> Judged:
    """Run all rules over some projects of a batch, price what they find and grade; each project as if alone.

    Parameters
    ----------
    projects, indicators : PROJECTS and INDICATORS; a project comes with all its rows
    common : what is common in the whole batch, of these projects in their order
    config : settings
    rowbook : what is said of the distinct rows of the whole batch, if they have been judged already
    """
    rules = chosen(config)
    indicators = enrich(indicators, rowbook.describe() if rowbook else None)
    judged = indicators[indicators["judged"]]
    if rowbook:
        lines = judged.index.to_numpy()
        rows, codes = rowbook.rows(lines)
        verdicts = rowbook.tell(rules, rows, lines[firsts(codes)])
    else:
        rows, codes = distinct_rows(judged)
        verdicts = judge_rows(rules, rows, judged.take(firsts(codes)), config)
    unread = indicators[~indicators["judged"] & ~indicators["left_out"]]
    findings = Judge(rules, Peers(projects, judged, rows, codes, common, config, unread), verdicts).findings()
    if config.baseline or config.accept or config.examples:  # these compare texts
        findings = conform(findings, FINDINGS)
    if config.baseline:
        found = baseline.keys(findings, projects, indicators)
        new = baseline.mark(found, baseline.load(config.baseline))
        findings = findings.assign(new=new.astype("boolean").array)
    if not config.select:  # without all rules no row is known to be well set
        findings = cite(findings, judged, rows, codes, config.examples, config.embedder)
    findings, accepted, met = acceptance.accept(findings, projects, indicators, config.accept)
    findings = price(findings, judged.groupby("project_id").size(), config.profile)
    return Judged(grade(projects, indicators, findings, config), findings, indicators, accepted, met)


def chosen(config: Config) -> tuple[Rule, ...]:
    """Return the rules a configuration runs.

    Raises
    ------
    ConfigError
        a code, family or severity of the configuration, or the code of a gate, does not exist
    """
    codes = [rule.code for rule in catalogue()]
    known = {*codes, *(code[:3] for code in codes)}
    accepted = (entry.code for entry in config.accept if entry.code)
    for name in (*config.select, *config.ignore, *config.severity, *accepted):
        if name not in known:
            raise ConfigError(f"没有规则 {name}{nearest(name, sorted(known))}；perfscore rules 列出全部规则")
    for gate in config.profile.gates:
        if gate["code"] not in codes:
            raise ConfigError(
                f"评分标准 {config.profile.name}：gates 的 code 是 {gate['code']!r}{nearest(gate['code'], codes)}，"
                "应为一条规则的编号，如 PS301；perfscore rules 列出全部规则"
            )
    for code, severity in config.severity.items():
        if severity not in config.profile.severity:
            raise ConfigError(f"规则 {code} 的轻重 {severity} 无效；可用：{'、'.join(config.profile.severity)}")

    def named(rule: Rule, names: Iterable[str]) -> bool:
        return any(rule.code.startswith(name) for name in names)

    return tuple(
        rule
        for rule in catalogue()
        if (not config.select or named(rule, config.select)) and not named(rule, config.ignore)
    )


def method(config: Config, rules: tuple[Rule, ...]) -> dict[str, str]:
    """Say how the scores are made."""
    profile = config.profile
    return {
        "version": __version__,
        "profile": profile.title,
        "verified": "已核对官方文本" if profile.verified else "分值未与官方文本核对",
        "visible": f"{profile.visible:g}/100",
        "cutoffs": "，".join(f"{grade} ≥{lowest:g}" for grade, lowest in profile.cutoffs.items()),
        "rules": f"{len(rules)} 条",
        "ignored": "；".join(f"{code}：{reason}" for code, reason in config.ignore.items()),
    }


def accepting(reasons: Mapping[str, int], unmet: list[str]) -> dict[str, str]:
    """Say what was accepted and why, and which entries of the settings met nothing.

    Parameters
    ----------
    reasons : how many findings were accepted for each
    """
    said = {
        "accepted": "；".join(f"{reason}（{count} 个问题）" for reason, count in sorted(reasons.items())),
        "unmet": "；".join(unmet),
    }
    return {key: text for key, text in said.items() if text}
