"""Run the rules and turn what they say into FINDINGS, without points yet.

A rule of row scope sees each distinct row once; its hits are then spread over all copies of the row as arrays. Most texts
of findings are said of many rows, so they are categories until a frame of text is asked for (``schema.conform``).
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from perfscore.advice import advise, reads
from perfscore.config import Config
from perfscore.enriching import projects_of
from perfscore.peers import Peers
from perfscore.records import Hit, Project, Row, Said
from perfscore.rules.registry import Rule
from perfscore.schema import FINDINGS, conform
from perfscore.similar import Int, Ragged, firsts, numbered

__all__ = ["Judge", "merge_findings"]

_TEXTS = [name for name, column in FINDINGS.items() if column.kind == "text"]
_SORTED = ("project_id", "code")  # by which findings are ordered
_SHAPING = ("field", "remedy", "severity", "advice")  # of hits, beside rule and span
_NONE = np.empty(0, np.int64)
_Spread = tuple[Int, Int]


class Judge:
    """Runs the rules over some projects.

    Parameters
    ----------
    peers : the projects, their rows, and what is common among all they are compared with
    """

    def __init__(self, rules: tuple[Rule, ...], peers: Peers) -> None:
        self._rules, self._peers, self._config = rules, peers, peers.config
        self._projects, self._indicators, self._rows = peers.projects, peers.indicators, peers.rows
        self._number, self._owner = peers.number, peers.owner
        self._ids = pd.Index(peers.projects["project_id"])
        self._row_no = peers.indicators["row_no"].to_numpy(np.int64)

    def rows(self) -> pd.DataFrame:
        """Judge each row with the rules of row scope, once for all that answer alike, and spread the hits to all of them."""
        hits: list[Hit] = []
        places: list[int] = []
        parts: list[_Spread] = [(_NONE, _NONE)]
        for place, rule in self._of_scope("row"):
            number, first = self._rows.alike(rule.reads)
            found = [
                (view, hit)
                for view, row in enumerate(first.tolist())
                for hit in _judge(rule, self._rows[row], self._config)
            ]
            hit_at, row_at = _holders(number, np.array([view for view, _ in found], np.int64))
            parts.append((hit_at + len(hits), row_at))
            hits += [hit for _, hit in found]
            places += [place] * len(found)
        which, row = (np.concatenate(column) for column in zip(*parts, strict=True))
        said = self._said(hits, np.array(places, np.int64), which, row)
        copy, line = _holders(self._number, row)
        return self._placed(said.take(copy), self._owner[line], self._row_no[line])

    def projects(self) -> pd.DataFrame:
        """Judge each project, as a record, with the rules of project scope that may find something in it."""
        asked = [(place, rule, self._among(rule)) for place, rule in self._of_scope("project")]
        wanted = np.unique(np.concatenate([_NONE, *(among for _, _, among in asked)]))
        made = projects_of(self._projects, self._rows, self._number, self._owner, self._row_no, wanted)
        records = dict(zip(wanted.tolist(), made, strict=True))
        found = [
            (place, records[at].project_id, hit)
            for place, rule, among in asked
            for at in among.tolist()
            for hit in _judge(rule, records[at], self._config)
        ]
        return self._located(found)

    def _among(self, rule: Rule) -> Int:
        """Positions of the projects that a rule is asked of."""
        if rule.among:
            try:
                return np.flatnonzero(rule.among(self._peers, self._config))
            except Exception:  # the rule will be asked of all, and its crash is reported
                pass
        return np.arange(len(self._projects))

    def peers(self) -> list[pd.DataFrame]:
        """Judge the projects by column with the rules that see all of them."""
        found = [
            (place, said)
            for place, rule in self._of_scope("projects", "corpus")
            for said in _judge(rule, self._peers, self._config)
        ]
        single = [(place, hit.project_id, hit) for place, hit in found if isinstance(hit, Hit)]
        return [self._located(single), self._spread([(place, said) for place, said in found if isinstance(said, Said)])]

    def _spread(self, found: list[tuple[int, Said]]) -> pd.DataFrame:
        """Put hits on all the rows they are said of."""
        place = np.array([place for place, _ in found], np.int64)
        lines = [said.rows for _, said in found]
        line = np.concatenate([_NONE, *lines])
        which = np.repeat(np.arange(len(found)), [*map(len, lines)])
        said = self._said([said.hit for _, said in found], place, which, self._number[line])
        return self._placed(said, self._owner[line], self._row_no[line])

    def _of_scope(self, *scopes: str) -> list[tuple[int, Rule]]:
        return [(place, rule) for place, rule in enumerate(self._rules) if rule.scope in scopes]

    def _located(self, found: list[tuple[int, str, Hit]]) -> pd.DataFrame:
        """Put hits on projects and their rows; ``found`` names the place of the rule and the project of each."""
        hits = [hit for _, _, hit in found]
        place = np.fromiter((place for place, _, _ in found), np.int64, len(found))
        project = self._ids.get_indexer(pd.Index([project_id for _, project_id, _ in found], dtype="str"))
        row_no = np.fromiter((hit.row_no or 0 for hit in hits), np.int64, len(hits))
        size = int(max(self._row_no.max(initial=0), row_no.max(initial=0))) + 1
        lines, wanted = self._owner * size + self._row_no, project * size + row_no
        order = np.argsort(lines, kind="stable")
        line = np.append(order, -1)[np.searchsorted(lines[order], wanted, "right") - 1]
        on_row = np.append(lines, -1)[line] == wanted
        subject = np.where(on_row, np.append(self._number, -1)[line], len(self._rows) + project)
        return self._placed(self._said(hits, place, np.arange(len(hits)), subject), project, row_no)

    def _placed(self, said: pd.DataFrame, project: Int, row_no: Int) -> pd.DataFrame:
        """Say where findings stand; row 0 is the whole table."""
        owner, row = pd.Categorical.from_codes(project, self._ids), pd.arrays.IntegerArray(row_no, row_no == 0)
        return said.reset_index(drop=True).assign(project_id=owner, row_no=row)

    def _said(self, hits: list[Hit], place: Int, which: Int, subject: Int) -> pd.DataFrame:
        """Return what findings say; texts are categories.

        Parameters
        ----------
        hits, place : what rules found, and the place of the rule of each
        which, subject : for each finding its hit, and what that is about: a distinct row, or from ``len(rows)`` on a project
        """
        texts = {name: _Coded.of([getattr(hit, name) for hit in hits]) for name in ("message", "peer", *_SHAPING)}
        spans = {name: _numbers([getattr(hit, name) for hit in hits]) for name in ("start", "end")}
        # Findings that are alike in these have the same evidence and, on rows that look alike, the same advice.
        shape, _ = numbered(place, *(texts[name].codes for name in _SHAPING), *(span + 1 for span in spans.values()))
        pair, first = numbered(shape[which], subject)
        start, end = (span[which[first]] for span in spans.values())
        columns = {name: texts[name].take(which) for name in ("field", "message", "peer")}
        columns["evidence"] = _Coded.of(
            self._evidence(texts["field"].take(which[first]), start, end, subject[first])
        ).take(pair)
        columns["advice"] = self._advice(hits, place, which, shape, subject)
        for name in ("code", "defect", "opinion"):
            columns[name] = _Coded.of([getattr(rule, name) for rule in self._rules]).take(place[which])
        severity = [hit.severity or self._rules[at].severity for hit, at in zip(hits, place.tolist(), strict=True)]
        columns["severity"] = _Coded.of(severity).take(which)
        numbers = {name: pd.arrays.IntegerArray(span[which], span[which] < 0) for name, span in spans.items()}
        return pd.DataFrame({name: column.categories() for name, column in columns.items()} | numbers)

    def _evidence(self, field: "_Coded", start: Int, end: Int, subject: Int) -> list[str]:
        """Cut the words at fault from the texts as printed."""
        texts = np.full(len(subject), "", object)
        heads = subject >= len(self._rows)
        line = np.append(firsts(self._number), -1)[np.where(heads, -1, subject)]
        project = np.where(heads, subject - len(self._rows), -1)
        for code, name in enumerate(field.found):
            for frame, at in ((self._indicators, line), (self._projects, project)):
                chosen = np.flatnonzero((field.codes == code) & (at >= 0))
                if name in frame and len(chosen):
                    texts[chosen] = frame[name].take(at[chosen]).fillna("").to_numpy(object)
        marked = np.flatnonzero(start >= 0)
        spans = zip(texts[marked].tolist(), start[marked].tolist(), end[marked].tolist(), strict=True)
        texts[marked] = [text[begin:stop] for text, begin, stop in spans]
        return texts.tolist()

    def _advice(self, hits: list[Hit], place: Int, which: Int, shape: Int, subject: Int) -> "_Coded":
        """Return what to write instead, worked out once for findings of a shape on rows that look alike."""
        view = np.zeros(len(which), np.int64)  # 0 for a whole table
        for at, rule in enumerate(self._rules):
            on_row = np.flatnonzero((place[which] == at) & (subject < len(self._rows)))
            view[on_row] = 1 + self._rows.alike(reads(rule.code))[0][subject[on_row]]
        number, first = numbered(shape[which], view)
        texts = [
            _advised(self._rules[place[hit]], hits[hit], self._rows[at] if at < len(self._rows) else None)
            for hit, at in zip(which[first].tolist(), subject[first].tolist(), strict=True)
        ]
        return _Coded.of(texts).take(number)


class _Coded(NamedTuple):
    """Texts as numbers of the distinct ones."""

    codes: Int
    found: npt.NDArray[np.object_]

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> "_Coded":
        return cls(*pd.factorize(np.fromiter(texts, object, len(texts)), use_na_sentinel=False))

    def take(self, which: Int) -> "_Coded":
        return self._replace(codes=self.codes[which])

    def categories(self) -> pd.Categorical:
        return pd.Categorical.from_codes(self.codes, pd.Index(self.found, dtype="str"))


def _numbers(values: Sequence[int | None]) -> Int:
    return np.fromiter((-1 if value is None else value for value in values), np.int64, len(values))


def _holders(codes: Int, wanted: Int) -> _Spread:
    """Return who holds each wanted code: positions in ``wanted`` and in ``codes``, in the order of ``wanted``."""
    held = Ragged.of(np.bincount(codes), np.argsort(codes, kind="stable")).take(wanted)
    return np.repeat(np.arange(len(wanted)), held.lengths), held.items


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


def _judge(rule: Rule, subject: Row | Project | Peers, config: Config) -> list[Any]:
    """Run one rule; a crash becomes a finding of its own, so that it is seen and stops nothing else."""
    try:
        found = rule.check(subject, config) if rule.wants_config else rule.check(subject)
    except Exception as error:
        return [Hit(f"规则 {rule.code} 运行出错（{type(error).__name__}：{error}），这一项没有审核", severity="info")]
    return found or []


def _advised(rule: Rule, hit: Hit, row: Row | None) -> str:
    return hit.advice or advise(rule.code, hit, row) or rule.advice
