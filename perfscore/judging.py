"""Run the rules and turn what they say into FINDINGS, without points yet.

A rule of row scope sees each distinct row once; its hits are then spread over all copies of the row as arrays.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from perfscore.advice import advise
from perfscore.config import Config
from perfscore.peers import Peers
from perfscore.records import Hit, Project, Row
from perfscore.rules.registry import Rule
from perfscore.schema import FINDINGS, conform

__all__ = ["judge_peers", "judge_projects", "judge_rows", "merge_findings"]

_FIELDS = ["field", "start", "end", "message", "advice", "severity", "peer"]
_Said = tuple[Any, ...]


def judge_rows(
    rules: tuple[Rule, ...], config: Config, rows: list[Row], codes: pd.Series, indicators: pd.DataFrame
) -> pd.DataFrame:
    """Judge the distinct rows and spread the hits to every indicator.

    Parameters
    ----------
    rows : distinct rows
    codes : for each indicator the position of its row in ``rows``
    indicators : the indicators judged, aligned with ``codes``
    """
    said: list[_Said] = []
    for place, rule in enumerate(rules):
        if rule.scope == "row":
            for code, row in enumerate(rows):
                said += [(code, place, *_said(rule, hit, row)) for hit in _judge(rule, row, config)]
    hits = pd.DataFrame(said, columns=["code", "rule", *_FIELDS])
    holders = np.argsort(codes.to_numpy(), kind="stable")
    counts = np.bincount(codes.to_numpy(), minlength=len(rows)) if len(codes) else np.zeros(len(rows), int)
    first = np.concatenate([[0], np.cumsum(counts)])[:-1]
    found = hits["code"].to_numpy(int)
    printed = indicators.take(holders[first[found]]) if len(found) else indicators.iloc[:0]
    hits["evidence"] = _evidence(printed, hits)
    times = counts[found]
    # Positions of the copies: the holders of a code stand together, from its first one on.
    within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    position = holders[np.repeat(first[found], times) + within]
    spread = hits.take(np.repeat(np.arange(len(hits)), times)).reset_index(drop=True)
    holder = indicators[["project_id", "row_no"]].take(position).reset_index(drop=True)
    return _named(spread.join(holder), rules)


def judge_projects(
    rules: tuple[Rule, ...],
    config: Config,
    records: Iterable[Project],
    projects: pd.DataFrame,
    indicators: pd.DataFrame,
) -> pd.DataFrame:
    """Judge each project table with the rules of project scope."""
    scoped = [(place, rule) for place, rule in enumerate(rules) if rule.scope == "project"]
    said = [
        (project.project_id, hit.row_no, place, *_said(rule, hit, by_number.get(hit.row_no or 0)))
        for project in records
        for by_number in [dict(zip(project.row_nos, project.rows, strict=True))]
        for place, rule in scoped
        for hit in _judge(rule, project, config)
    ]
    return _located(said, rules, projects, indicators)


def judge_peers(
    rules: tuple[Rule, ...], config: Config, peers: Peers, rows: list[Row], codes: pd.Series
) -> pd.DataFrame:
    """Judge the projects against their peers with the rules of corpus scope; ``codes`` gives the rows of the peers."""
    keys = zip(peers.indicators["project_id"], peers.indicators["row_no"], strict=True)
    row_of = {key: rows[code] for key, code in zip(keys, codes, strict=True)}
    said = [
        (hit.project_id, hit.row_no, place, *_said(rule, hit, row_of.get((hit.project_id, hit.row_no))))
        for place, rule in enumerate(rules)
        if rule.scope == "corpus"
        for hit in _judge(rule, peers, config)
    ]
    return _located(said, rules, peers.projects, peers.indicators)


def merge_findings(parts: Iterable[pd.DataFrame], config: Config) -> pd.DataFrame:
    """Put findings together and give them the severities of the configuration; points are 0."""
    filled = [part for part in parts if len(part)]
    findings = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(FINDINGS))
    findings = conform(findings.assign(points=0.0), FINDINGS)
    for code, severity in config.severity.items():
        named = findings["code"].str.startswith(code) & (findings["severity"] != "info")
        findings.loc[named, "severity"] = severity
    return findings


def _judge(rule: Rule, subject: Row | Project | Peers, config: Config) -> list[Hit]:
    """Run one rule; a crash becomes a finding of its own, so that it is seen and stops nothing else."""
    try:
        found = rule.check(subject, config) if rule.wants_config else rule.check(subject)
    except Exception as error:
        return [Hit(f"规则 {rule.code} 运行出错（{type(error).__name__}：{error}），这一项没有审核", severity="info")]
    return found or []


def _said(rule: Rule, hit: Hit, row: Row | None) -> _Said:
    advice = hit.advice or advise(rule.code, hit, row) or rule.advice
    severity = hit.severity or rule.severity
    return hit.field, hit.start, hit.end, hit.message, advice, severity, hit.peer


def _located(
    said: list[_Said], rules: tuple[Rule, ...], projects: pd.DataFrame, indicators: pd.DataFrame
) -> pd.DataFrame:
    """Name the findings and cut their evidence from the row, or from the head of the project where they name no row."""
    hits = pd.DataFrame(said, columns=["project_id", "row_no", "rule", *_FIELDS])
    hits["row_no"] = hits["row_no"].astype("Int64")
    keys = pd.MultiIndex.from_arrays([hits["project_id"], hits["row_no"].fillna(-1).astype("int64")])
    rows = pd.MultiIndex.from_arrays([indicators["project_id"], indicators["row_no"].astype("int64")])
    on_row = hits["row_no"].notna().to_numpy()
    at_row = rows.get_indexer(keys) if len(rows) else np.full(len(hits), -1)
    at_head = pd.Index(projects["project_id"]).get_indexer(hits["project_id"])
    evidence = np.full(len(hits), "", object)
    for chosen, frame, at in ((on_row, indicators, at_row), (~on_row, projects, at_head)):
        known = chosen & (at >= 0)
        evidence[known] = _evidence(frame.take(at[known]), hits[known])
    return _named(hits.assign(evidence=evidence), rules)


def _evidence(frame: pd.DataFrame, hits: pd.DataFrame) -> list[str]:
    """Cut the words at fault from the texts as printed; ``frame`` is aligned with ``hits``."""
    texts = np.full(len(hits), "", object)
    fields = hits["field"].to_numpy()
    for field in pd.unique(fields):
        if field in frame:
            chosen = fields == field
            texts[chosen] = frame[field].astype(object).where(frame[field].notna(), "").to_numpy()[chosen]
    spans = zip(texts, hits["start"], hits["end"], strict=True)
    return [str(text) if pd.isna(start) else str(text)[int(start) : int(end)] for text, start, end in spans]


def _named(hits: pd.DataFrame, rules: tuple[Rule, ...]) -> pd.DataFrame:
    place = hits["rule"].to_numpy(int)
    names = {name: np.array([getattr(rule, name) for rule in rules], object) for name in ("code", "defect", "opinion")}
    return hits.assign(**{name: values[place] for name, values in names.items()} if rules else {})
