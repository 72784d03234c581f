"""Run the rules over what was read and put the result together: enrich, judge, price, grade.

Rules of row scope run once per distinct row and their hits are spread to every copy of it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pandas as pd

from perfscore import __version__, baseline, lexicon
from perfscore.acceptance import accept
from perfscore.config import Config
from perfscore.corpus import Corpus
from perfscore.errors import ConfigError, SchemaError
from perfscore.exemplars import cite
from perfscore.grading import grade, price
from perfscore.judging import judge_peers, judge_projects, judge_rows, merge_findings
from perfscore.names import bare, category_of
from perfscore.peers import Peers
from perfscore.quantity import parse
from perfscore.records import Project, Row
from perfscore.rules.registry import Rule, catalogue
from perfscore.schema import FINDINGS, INDICATORS, PROJECTS, conform
from perfscore.scorecard import Scorecard
from perfscore.suggest import nearest
from perfscore.targets import Targets
from perfscore.text import normalise, squash

__all__ = ["enrich", "projects_of", "score"]

# Stands for a cell whose column the form does not have; a private-use character, which no document prints.
ABSENT = "\ue000"
CONTENT = ["level1", "level2", "name", "description", "value", "basis"]


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
        known = baseline.load(config.baseline) if config.baseline else None
        indicators = enrich(targets.indicators)
        projects = conform(targets.projects, PROJECTS)
        judged = indicators[indicators["judged"]]
        rows, codes = distinct_rows(judged)
        own = Corpus.fit(projects, targets.indicators, near=config.near)
        corpus = own if corpus is None else corpus.merge(own)
        peers = Peers(projects, judged, corpus, config)
        records = projects_of(projects, judged, rows, codes)
        parts = (
            judge_rows(rules, config, rows, codes, judged),
            judge_projects(rules, config, records, projects, judged),
            judge_peers(rules, config, peers, rows, codes),
        )
        findings = merge_findings(parts, config)
        if known is not None:
            found = baseline.keys(findings, projects, indicators)
            findings = findings.assign(new=baseline.mark(found, known).to_numpy())
        if not config.select:  # without all rules no row is known to be well set
            findings = cite(findings, judged, rows, codes, config.examples, config.embedder)
        findings, accepted, unmet = accept(findings, projects, indicators, config.accept)
        findings = price(findings, judged.groupby("project_id").size(), config.profile)
        return Scorecard(
            projects=grade(projects, indicators, findings, config),
            findings=conform(findings, FINDINGS),
            indicators=indicators,
            copies=peers.copies,
            unread=targets.unread,
            accepted=accepted,
            method=_method(config, rules) | _accepting(accepted, unmet),
        )


def chosen(config: Config) -> tuple[Rule, ...]:
    """Return the rules a configuration runs.

    Raises
    ------
    ConfigError
        a code, family or severity of the configuration does not exist
    """
    known = {rule.code for rule in catalogue()} | {rule.code[:3] for rule in catalogue()}
    accepted = (entry.code for entry in config.accept if entry.code)
    for name in (*config.select, *config.ignore, *config.severity, *accepted):
        if name not in known:
            raise ConfigError(f"没有规则 {name}{nearest(name, sorted(known))}；perfscore rules 列出全部规则")
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


def enrich(indicators: pd.DataFrame) -> pd.DataFrame:
    """Add what is known of each row: category, kind of value, and whether it can be judged.

    Columns are added, never changed: ``category`` (canonical second-level class), ``kind`` (kind of the value), ``official``
    (a row the budget system writes by itself), ``left_out`` (official, or the long-term half of a form that prints the
    annual half beside it), ``judged`` (readable and not left out).

    Examples
    --------
    >>> row = {"doc": "a", "project_id": "a#1", "row_no": 1, "level2": "数量指标", "name": "植树数量", "value": "≥300株"}
    >>> enrich(pd.DataFrame([row]))[["category", "kind"]].iloc[0].tolist()
    ['数量', 'count']
    """
    frame = conform(indicators, INDICATORS, keep_extra=True)
    labels = pd.MultiIndex.from_frame(frame[["level2", "level1"]].fillna(""))
    codes, distinct = labels.factorize()
    categories = pd.Series([category_of(level2, level1) for level2, level1 in distinct], dtype="str")
    official = {bare(name) for name in lexicon.words("official_rows.tsv")}
    names = _map_distinct(frame["name"], bare)
    left_out = names.isin(official) | frame["period"].eq("总体")
    return frame.assign(
        category=categories.iloc[codes].to_numpy() if len(frame) else "",
        kind=_map_distinct(frame["value"], lambda value: parse(value).kind),
        official=names.isin(official),
        left_out=left_out,
        judged=names.map(_readable).astype(bool) & ~left_out,
    )


def _readable(name: str) -> bool:
    """A name is readable if it is blank (a defect, not a reading fault) or holds letters and no replacement character."""
    return not name or ("\ufffd" not in name and any(char.isalpha() for char in name))


def _map_distinct(texts: pd.Series, function: Callable[[str], Any]) -> pd.Series:
    codes, distinct = pd.factorize(texts.fillna(""))
    values = [function(text) for text in distinct]
    return pd.Series([values[code] for code in codes], index=texts.index, dtype=None if values else "str")


def distinct_rows(indicators: pd.DataFrame) -> tuple[list[Row], pd.Series]:
    """Return the distinct rows, and for each indicator the position of its row among them."""
    columns = [*CONTENT, "category"]
    keys = indicators[columns].astype(object).fillna(ABSENT)
    codes, distinct = pd.MultiIndex.from_frame(keys).factorize()
    return [_row(*key) for key in distinct], pd.Series(codes, index=indicators.index)


def _row(level1: str, level2: str, name: str, description: str, value: str, basis: str, category: str) -> Row:
    def fold(text: str) -> str:
        return normalise("" if text == ABSENT else text)

    return Row(
        level1=squash(fold(level1)),
        level2=squash(fold(level2)),
        name=fold(name),
        description=None if description == ABSENT else fold(description),
        value=fold(value),
        basis=None if basis == ABSENT else fold(basis),
        category=category,
        quantity=parse(fold(value)),
    )


def projects_of(
    projects: pd.DataFrame, indicators: pd.DataFrame, rows: list[Row], codes: pd.Series
) -> Iterator[Project]:
    """Yield each project with its judged rows, as the rules of project scope see it."""
    order = indicators.sort_values(["project_id", "row_no"], kind="stable").index
    groups: dict[str, list[tuple[int, int]]] = {}
    for project_id, row_no, code in zip(
        indicators.loc[order, "project_id"], indicators.loc[order, "row_no"], codes.loc[order], strict=True
    ):
        groups.setdefault(project_id, []).append((int(row_no), code))
    for head in projects.to_dict("records"):
        members = groups.get(head["project_id"], [])
        yield Project(
            project_id=head["project_id"],
            doc=_text(head["doc"]),
            name=normalise(_text(head["project_name"])),
            agency=_text(head["agency"]),
            year=None if pd.isna(head["year"]) else int(head["year"]),
            budget=None if pd.isna(head["budget"]) else float(head["budget"]),
            purpose=normalise(_text(head["purpose"])),
            goal=None if pd.isna(head["goal"]) else normalise(head["goal"]),
            rows=tuple(rows[code] for _, code in members),
            row_nos=tuple(row_no for row_no, _ in members),
        )


def _text(cell: Any) -> str:
    return "" if pd.isna(cell) else str(cell)


def _method(config: Config, rules: tuple[Rule, ...]) -> dict[str, str]:
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


def _accepting(accepted: pd.DataFrame, unmet: list[str]) -> dict[str, str]:
    """Say what was accepted and why, and which entries of the settings met nothing."""
    counts = accepted["reason"].value_counts(sort=False)
    said = {
        "accepted": "；".join(f"{reason}（{count} 个问题）" for reason, count in counts.items()),
        "unmet": "；".join(unmet),
    }
    return {key: text for key, text in said.items() if text}
