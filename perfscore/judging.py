"""Run the rules and turn what they say into FINDINGS, without points yet.

A rule of row scope sees each distinct row once; its hits are then spread over all copies of the row as arrays. Most texts
of findings are said of many rows, so they are categories until a frame of text is asked for (``schema.conform``).
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from perfscore.advice import READS as ADVICE_CELLS
from perfscore.advice import advise
from perfscore.config import Config
from perfscore.peers import Peers
from perfscore.records import Hit, Project, Row
from perfscore.rules.registry import CELLS, Rule
from perfscore.schema import FINDINGS, conform
from perfscore.similar import Int, Ragged

__all__ = ["judge_peers", "judge_projects", "judge_rows", "merge_findings"]

_TEXTS = [name for name, column in FINDINGS.items() if column.kind == "text"]
_SORTED = ("project_id", "code")  # by which findings are ordered
_FIELDS = ["field", "start", "end", "message", "advice", "severity", "peer"]
_Said = tuple[Any, ...]
_Spread = tuple[Int, Int]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the garbage collector rest: rules make no cycles, and it would walk all that is remembered of texts each time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_uncollected()
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
    views = _Views(rows)
    hits: list[Hit] = []
    nothing = np.empty(0, np.int64)
    parts: list[tuple[Int, Int, Int]] = [(nothing, nothing, nothing)]
    for order, rule in enumerate(rules):
        if rule.scope == "row":
            number, first = views.of(rule.reads)
            found = [(view, hit) for view, row in enumerate(first) for hit in _judge(rule, rows[row], config)]
            hit_at, row_at = _holders(number, np.array([view for view, _ in found], np.int64))
            parts.append((hit_at + len(hits), row_at, np.full(len(hit_at), order)))
            hits += [hit for _, hit in found]
    which, at, place = (np.concatenate(column) for column in zip(*parts, strict=True))
    said = pd.DataFrame([_of_hit(hit) for hit in hits], columns=_FIELDS).take(which).reset_index(drop=True)
    said["severity"] = said["severity"].where(said["severity"] != "", _of_rules(rules, "severity")[place])
    said["advice"] = _advice(rules, hits, rows, (which, at, place), views.of(ADVICE_CELLS)[0])
    number = codes.to_numpy()
    _, first = np.unique(number, return_index=True)
    said["evidence"] = _evidence(indicators.take(first[at]), said)
    copy, position = _holders(number, at)
    spread = _coded(_named(said.assign(rule=place), rules)).take(copy).reset_index(drop=True)
    owner, row_no = pd.Categorical(indicators["project_id"]), indicators["row_no"].array
    return spread.assign(project_id=owner.take(position), row_no=row_no.take(position))


class _Views:
    """The distinct rows as the rules see them: rows equal in the cells a rule reads are one view."""

    def __init__(self, rows: list[Row]) -> None:
        self._codes = {
            cell: pd.factorize(
                np.fromiter((getattr(row, cell) for row in rows), object, len(rows)), use_na_sentinel=False
            )[0]
            for cell in CELLS
        }
        self._made: dict[tuple[str, ...], _Spread] = {}

    def of(self, cells: tuple[str, ...]) -> _Spread:
        """Return the view of each row, and the first row of each view."""
        if cells not in self._made:
            number = self._codes[cells[0]]
            for cell in cells[1:]:
                codes = self._codes[cell]
                number, _ = pd.factorize(number * (int(codes.max(initial=0)) + 1) + codes)
            self._made[cells] = number, np.unique(number, return_index=True)[1]
        return self._made[cells]


def _holders(codes: Int, wanted: Int) -> _Spread:
    """Return who holds each wanted code: positions in ``wanted`` and in ``codes``, in the order of ``wanted``."""
    held = Ragged.of(np.bincount(codes), np.argsort(codes, kind="stable")).take(wanted)
    return np.repeat(np.arange(len(wanted)), held.lengths), held.items


def _advice(
    rules: tuple[Rule, ...], hits: list[Hit], rows: list[Row], spread: tuple[Int, Int, Int], view: Int
) -> npt.NDArray[np.object_]:
    """Return what to write instead for each hit on each row, worked out once for rows of the same view."""
    which, at, place = spread
    _, first, number = np.unique(which * (len(rows) + 1) + view[at], return_index=True, return_inverse=True)
    texts = [
        _advised(rules[rule], hits[hit], rows[row])
        for hit, row, rule in zip(which[first].tolist(), at[first].tolist(), place[first].tolist(), strict=True)
    ]
    return np.array(texts, object)[number]


@_uncollected()
def judge_projects(
    rules: tuple[Rule, ...],
    config: Config,
    records: Iterable[Project],
    rows: list[Row],
    codes: pd.Series,
    projects: pd.DataFrame,
    indicators: pd.DataFrame,
) -> pd.DataFrame:
    """Judge each project table with the rules of project scope.

    Parameters
    ----------
    records : the projects as the rules see them
    rows, codes : distinct rows, and for each indicator the position of its row among them
    projects, indicators : the projects, and those of their indicators that are judged
    """
    scoped = [(place, rule) for place, rule in enumerate(rules) if rule.scope == "project"]
    found = [
        (place, project.project_id, hit)
        for project in records
        for place, rule in scoped
        for hit in _judge(rule, project, config)
    ]
    return _located(found, rules, rows, codes, projects, indicators)


@_uncollected()
def judge_peers(
    rules: tuple[Rule, ...], config: Config, peers: Peers, rows: list[Row], codes: pd.Series
) -> pd.DataFrame:
    """Judge the projects against their peers with the rules of corpus scope; ``codes`` gives the rows of the peers."""
    found = [
        (place, hit.project_id, hit)
        for place, rule in enumerate(rules)
        if rule.scope == "corpus"
        for hit in _judge(rule, peers, config)
    ]
    return _located(found, rules, rows, codes, peers.projects, peers.indicators)


def merge_findings(parts: Iterable[pd.DataFrame], config: Config) -> pd.DataFrame:
    """Put findings together and give them the severities of the configuration; points are 0, texts are categories."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return conform(pd.DataFrame(columns=list(FINDINGS)), FINDINGS).astype(dict.fromkeys(_TEXTS, "category"))
    columns: dict[str, Any] = {
        name: union_categoricals([part[name] for part in filled], sort_categories=name in _SORTED)
        if name in _TEXTS
        else pd.concat([part[name] for part in filled], ignore_index=True)
        for name in ("row_no", "start", "end", *_TEXTS)
    }
    findings = pd.DataFrame(columns).assign(points=0.0, new=None)
    findings = findings[list(FINDINGS)].astype({"row_no": "Int64", "start": "Int64", "end": "Int64", "new": "boolean"})
    if config.severity:
        severity = findings["severity"].astype("str")
        for code, wanted in config.severity.items():
            severity = severity.mask(findings["code"].str.startswith(code) & (severity != "info"), wanted)
        findings["severity"] = severity.astype("category")
    return findings


def _judge(rule: Rule, subject: Row | Project | Peers, config: Config) -> list[Hit]:
    """Run one rule; a crash becomes a finding of its own, so that it is seen and stops nothing else."""
    try:
        found = rule.check(subject, config) if rule.wants_config else rule.check(subject)
    except Exception as error:
        return [Hit(f"规则 {rule.code} 运行出错（{type(error).__name__}：{error}），这一项没有审核", severity="info")]
    return found or []


class _Sayer:
    """Says what a finding holds of a hit; what to write instead is worked out once for hits that are alike."""

    def __init__(self) -> None:
        self._advice: dict[tuple[object, ...], tuple[str, Row | None]] = {}

    def __call__(self, rule: Rule, hit: Hit, row: Row | None) -> _Said:
        severity = hit.severity or rule.severity
        # A row is known by its identity: to hash its texts would take longer. It is kept, so the identity stays its own.
        key = (rule.code, id(row), hit.field, hit.start, hit.end, hit.remedy, hit.severity, hit.advice)
        if key not in self._advice:
            self._advice[key] = _advised(rule, hit, row), row
        return hit.field, hit.start, hit.end, hit.message, self._advice[key][0], severity, hit.peer


def _of_hit(hit: Hit) -> _Said:
    return hit.field, hit.start, hit.end, hit.message, hit.advice, hit.severity, hit.peer


def _advised(rule: Rule, hit: Hit, row: Row | None) -> str:
    return hit.advice or advise(rule.code, hit, row) or rule.advice


def _located(
    found: list[tuple[int, str, Hit]],
    rules: tuple[Rule, ...],
    rows: list[Row],
    codes: pd.Series,
    projects: pd.DataFrame,
    indicators: pd.DataFrame,
) -> pd.DataFrame:
    """Put hits on projects and their rows into findings; ``found`` names the place of the rule and the project of each."""
    owners, row_nos = indicators["project_id"].tolist(), indicators["row_no"].tolist()
    at_row = {place: at for at, place in enumerate(zip(owners, row_nos, strict=True))}
    at_head = {project_id: at for at, project_id in enumerate(projects["project_id"].tolist())}
    number, say = codes.tolist(), _Sayer()
    said: list[_Said] = []
    on_row, on_head = np.full(len(found), -1), np.full(len(found), -1)
    for order, (place, project_id, hit) in enumerate(found):
        at = at_row.get((project_id, hit.row_no), -1)
        if hit.row_no is None:
            on_head[order] = at_head.get(project_id, -1)
        on_row[order] = at
        said.append((project_id, hit.row_no, place, *say(rules[place], hit, rows[number[at]] if at >= 0 else None)))
    hits = pd.DataFrame(said, columns=["project_id", "row_no", "rule", *_FIELDS])
    evidence = np.full(len(hits), "", object)
    for frame, positions in ((indicators, on_row), (projects, on_head)):
        known = positions >= 0
        evidence[known] = _evidence(frame.take(positions[known]), hits[known])
    return _coded(_named(hits.assign(row_no=hits["row_no"].astype("Int64"), evidence=evidence), rules))


def _evidence(frame: pd.DataFrame, hits: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Cut the words at fault from the texts as printed; ``frame`` is aligned with ``hits``."""
    texts = np.full(len(hits), "", object)
    fields = hits["field"].to_numpy()
    for field in pd.unique(fields):
        if field in frame:
            chosen = fields == field
            texts[chosen] = frame.loc[chosen, field].fillna("").to_numpy(object)
    start, end = hits["start"].to_numpy(object), hits["end"].to_numpy(object)
    for at in np.flatnonzero(hits["start"].notna()):
        texts[at] = texts[at][int(start[at]) : int(end[at])]
    return texts


def _coded(hits: pd.DataFrame) -> pd.DataFrame:
    """Keep each distinct text once."""
    codes = {name: pd.factorize(hits[name].to_numpy(object)) for name in _TEXTS if name in hits}
    texts = {
        name: pd.Categorical.from_codes(code, pd.Index(found, dtype="str")) for name, (code, found) in codes.items()
    }
    return hits.assign(**texts)


def _named(hits: pd.DataFrame, rules: tuple[Rule, ...]) -> pd.DataFrame:
    place = hits["rule"].to_numpy(int)
    return hits.assign(**{name: _of_rules(rules, name)[place] for name in ("code", "defect", "opinion")})


def _of_rules(rules: tuple[Rule, ...], name: str) -> npt.NDArray[np.object_]:
    return np.array([getattr(rule, name) for rule in rules], object)
