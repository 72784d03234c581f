"""Run the rules and turn what they say into FINDINGS, without points yet.

A rule of row scope sees each distinct row once; its hits are then spread over all copies of the row as arrays. Most texts
of findings are said of many rows, so they are categories until a frame of text is asked for (``schema.conform``).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfscore.advice import advise, reads
from perfscore.config import Config
from perfscore.enriching import projects_of
from perfscore.peers import Peers
from perfscore.records import Hit, Project, Row, Said
from perfscore.rules.registry import Rule
from perfscore.schema import FINDINGS
from perfscore.similar import Int, Ragged, firsts, numbered

__all__ = ["Judge"]

_SHAPING = ("field", "remedy", "severity", "advice")  # of hits, beside rule and span
_NONE = np.empty(0, np.int64)


class _Found(NamedTuple):
    """What rules found, and where it stands.

    Attributes
    ----------
    hits, place : the hits, and the place of the rule of each
    which, subject : for each finding its hit, and what that is about (``Judge._said``)
    project, row_no : the position of its project, and its row; 0 is the whole table
    """

    hits: list[Hit]
    place: Int
    which: Int
    subject: Int
    project: Int
    row_no: Int


class Judge:
    """Runs the rules over some projects.

    Parameters
    ----------
    rules : in the order of their codes
    peers : the projects, their rows, and what is common among all they are compared with
    """

    def __init__(self, rules: tuple[Rule, ...], peers: Peers) -> None:
        self._rules, self._peers, self._config = rules, peers, peers.config
        self._projects, self._indicators, self._rows = peers.projects, peers.indicators, peers.rows
        self._number, self._owner = peers.number, peers.owner
        self._ids = pd.Index(peers.projects["project_id"])
        self._row_no = peers.indicators["row_no"].to_numpy(np.int64)

    def findings(self) -> pd.DataFrame:
        """Run all rules: FINDINGS in the order of project, code and row; points are 0, texts are categories."""
        peers = self.peers()
        single = [(place, hit) for place, hit in peers if isinstance(hit, Hit)]
        at = self._ids.get_indexer(pd.Index([hit.project_id for _, hit in single], dtype="str")).tolist()
        on_projects = self.projects() + [
            (place, project, hit) for (place, hit), project in zip(single, at, strict=True)
        ]
        on_rows = [(place, said) for place, said in peers if isinstance(said, Said)]
        return self._merged([self.rows(), self._located(on_projects), self._spread(on_rows)])

    def rows(self) -> _Found:
        """Judge each row with the rules of row scope, once for all that answer alike, and spread the hits to all of them."""
        hits: list[Hit] = []
        places: list[int] = []
        parts: list[tuple[Int, Int]] = [(_NONE, _NONE)]
        for place, rule in self._of_scope("row"):
            number, first = self._rows.alike(rule.reads)
            found = _judged(rule, self._rows.records(first), self._config)
            count = np.bincount(np.array([view for view, _ in found], np.int64), minlength=len(first))
            view = number[self._number]
            line = np.flatnonzero(count[view])
            held = Ragged.of(count, np.arange(len(hits), len(hits) + len(found))).take(view[line])
            parts.append((held.items, np.repeat(line, held.lengths)))
            hits += [hit for _, hit in found]
            places += [place] * len(found)
        which, line = (np.concatenate(column) for column in zip(*parts, strict=True))
        return self._on_lines(hits, np.array(places, np.int64), which, line)

    def projects(self) -> list[tuple[int, int, Hit]]:
        """Judge each project, as a record, with the rules of project scope that may find something in it.

        Returns
        -------
        the place of the rule, the position of the project and the hit of each finding
        """
        asked = [(place, rule, self._among(rule)) for place, rule in self._of_scope("project")]
        wanted = np.unique(np.concatenate([_NONE, *(among for _, _, among in asked)]))
        made = projects_of(self._projects, self._rows, self._number, self._owner, self._row_no, wanted)
        records = dict(zip(wanted.tolist(), made, strict=True))
        found: list[tuple[int, int, Hit]] = []
        for place, rule, among in asked:
            at = among.tolist()
            hits = _judged(rule, [records[project] for project in at], self._config)
            found += [(place, at[subject], hit) for subject, hit in hits]
        return found

    def _among(self, rule: Rule) -> Int:
        """Positions of the projects that a rule is asked of."""
        if rule.among:
            try:
                return np.flatnonzero(rule.among(self._peers, self._config))
            except Exception:  # slower, but nothing is lost: the rule is asked of all
                pass
        return np.arange(len(self._projects))

    def peers(self) -> list[tuple[int, Hit | Said]]:
        """Judge the projects by column with the rules that see all of them."""
        return [
            (place, said)
            for place, rule in self._of_scope("projects", "corpus")
            for _, said in _judged(rule, [self._peers], self._config)
        ]

    def _of_scope(self, *scopes: str) -> list[tuple[int, Rule]]:
        return [(place, rule) for place, rule in enumerate(self._rules) if rule.scope in scopes]

    def _spread(self, found: list[tuple[int, Said]]) -> _Found:
        """Put hits on all the rows they are said of."""
        place = np.array([place for place, _ in found], np.int64)
        lines = [said.rows for _, said in found]
        which = np.repeat(np.arange(len(found)), [*map(len, lines)])
        return self._on_lines([said.hit for _, said in found], place, which, np.concatenate([_NONE, *lines]))

    def _on_lines(self, hits: list[Hit], place: Int, which: Int, line: Int) -> _Found:
        return _Found(hits, place, which, self._number[line], self._owner[line], self._row_no[line])

    def _located(self, found: list[tuple[int, int, Hit]]) -> _Found:
        """Put hits on projects and their rows; ``found`` is as ``projects`` returns it."""
        hits = [hit for _, _, hit in found]
        place = np.fromiter((place for place, _, _ in found), np.int64, len(found))
        project = np.fromiter((at for _, at, _ in found), np.int64, len(found))
        row_no = np.fromiter((hit.row_no or 0 for hit in hits), np.int64, len(hits))
        size = int(max(self._row_no.max(initial=0), row_no.max(initial=0))) + 1
        lines, wanted = self._owner * size + self._row_no, project * size + row_no
        order = np.argsort(lines, kind="stable")
        line = np.append(order, -1)[np.searchsorted(lines[order], wanted, "right") - 1]
        on_row = np.append(lines, -1)[line] == wanted
        subject = np.where(on_row, np.append(self._number, -1)[line], len(self._rows) + project)
        return _Found(hits, place, np.arange(len(hits)), subject, project, row_no)

    def _merged(self, parts: list[_Found]) -> pd.DataFrame:
        """Put what was found together, in order."""
        hits = [hit for part in parts for hit in part.hits]
        counts = [len(part.hits) for part in parts]
        place, which, subject, project, row_no = map(np.concatenate, zip(*(part[1:] for part in parts), strict=True))
        which += np.repeat(np.cumsum(counts) - counts, [len(part.which) for part in parts])
        rank = np.argsort(self._ids.argsort())[project] * len(self._rules) + place[which]
        order = np.argsort(rank * (row_no.max(initial=0) + 1) + row_no, kind="stable")
        which, subject, project, row_no = which[order], subject[order], project[order], row_no[order]
        findings = self._said(hits, place, which, subject).assign(
            project_id=pd.Categorical.from_codes(project, self._ids),
            row_no=pd.arrays.IntegerArray(row_no, row_no == 0),
            points=0.0,
            new=pd.array([None], "boolean").repeat(len(order)),
        )
        return _reweighed(findings[list(FINDINGS)], self._config)

    def _said(self, hits: list[Hit], place: Int, which: Int, subject: Int) -> pd.DataFrame:
        """Return what findings say; texts are categories.

        Parameters
        ----------
        hits, place : what rules found, and the place of the rule of each
        which, subject : for each finding its hit, and what that is about: a distinct row, or from ``len(rows)`` on a project
        """
        said = dict(zip(Hit._fields, zip(*hits, strict=True), strict=True)) if hits else dict.fromkeys(Hit._fields, ())
        texts = {name: _Coded.of(said[name]) for name in ("message", "peer", *_SHAPING)}
        spans = {name: _numbers(said[name]) for name in ("start", "end")}
        # Findings that are alike in these have the same evidence and, on rows that look alike, the same advice.
        shape, _ = numbered(place, *(texts[name].codes for name in _SHAPING), *(span + 1 for span in spans.values()))
        pair, first = numbered(shape[which], subject)
        start, end = (span[which[first]] for span in spans.values())
        columns = {name: texts[name].take(which) for name in ("field", "message", "peer")}
        columns["evidence"] = self._evidence(texts["field"].take(which[first]), start, end, subject[first]).take(pair)
        columns["advice"] = self._advice(hits, place, which, shape, subject)
        for name in ("code", "defect", "opinion"):
            columns[name] = _Coded.of([getattr(rule, name) for rule in self._rules]).take(place[which])
        severity = [hit.severity or self._rules[at].severity for hit, at in zip(hits, place.tolist(), strict=True)]
        columns["severity"] = _Coded.of(severity).take(which)
        numbers = {name: pd.arrays.IntegerArray(span[which], span[which] < 0) for name, span in spans.items()}
        return pd.DataFrame({name: column.categories() for name, column in columns.items()} | numbers)

    def _evidence(self, field: "_Coded", start: Int, end: Int, subject: Int) -> "_Coded":
        """Cut the words at fault from the texts as printed, once from equal ones."""
        heads = subject >= len(self._rows)
        line = np.append(firsts(self._number), -1)[np.where(heads, -1, subject)]
        project = np.where(heads, subject - len(self._rows), -1)
        cell, texts = np.zeros(len(subject), np.int64), [""]
        for code, name in enumerate(field.found):
            for frame, at in ((self._indicators, line), (self._projects, project)):
                chosen = np.flatnonzero((field.codes == code) & (at >= 0))
                if name in frame and len(chosen):
                    codes, found = pd.factorize(frame[name].take(at[chosen]))
                    cell[chosen] = np.where(codes < 0, 0, codes + len(texts))
                    texts += found.tolist()
        number, first = numbered(cell, start + 1, end + 1)
        spans = zip(cell[first].tolist(), start[first].tolist(), end[first].tolist(), strict=True)
        return _Coded.of([texts[at][begin:stop] if begin >= 0 else texts[at] for at, begin, stop in spans]).take(number)

    def _advice(self, hits: list[Hit], place: Int, which: Int, shape: Int, subject: Int) -> "_Coded":
        """Return what to write instead, worked out once for findings of a shape on rows that look alike."""
        view = np.zeros(len(which), np.int64)  # 0 for a whole table
        for at in np.unique(place).tolist():
            on_row = np.flatnonzero((place[which] == at) & (subject < len(self._rows)))
            asked = reads(self._rules[at].code)
            view[on_row] = 1 + (self._rows.alike(asked)[0][subject[on_row]] if asked else 0)
        number, first = numbered(shape[which], view)
        hit, line = which[first], subject[first]
        lines = np.unique(line[line < len(self._rows)])
        rows = dict(zip(lines.tolist(), self._rows.records(lines), strict=True))
        chosen = zip(place[hit].tolist(), hit.tolist(), line.tolist(), strict=True)
        texts = [_advised(self._rules[at], hits[found], rows.get(about)) for at, found, about in chosen]
        return _Coded.of(texts).take(number)


class _Coded(NamedTuple):
    """Texts as numbers of the distinct ones."""

    codes: Int
    found: npt.NDArray[np.object_]

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> "_Coded":
        known: dict[str | None, int] = {}
        codes = [known.setdefault(text, len(known)) for text in texts]
        return cls(np.array(codes, np.int64), np.fromiter(known, object, len(known)))

    def take(self, which: Int) -> "_Coded":
        return self._replace(codes=self.codes[which])

    def categories(self) -> pd.Categorical:
        return pd.Categorical.from_codes(self.codes, pd.Index(self.found, dtype="str"))


def _numbers(values: Sequence[int | None]) -> Int:
    return np.fromiter((-1 if value is None else value for value in values), np.int64, len(values))


def _reweighed(findings: pd.DataFrame, config: Config) -> pd.DataFrame:
    """Give findings the severities of the configuration."""
    if not config.severity:
        return findings
    severity = findings["severity"].astype("str")
    for code, wanted in config.severity.items():
        severity = severity.mask(findings["code"].str.startswith(code) & (severity != "info"), wanted)
    return findings.assign(severity=severity.astype("category"))


def _judged(rule: Rule, subjects: Sequence[Row | Project | Peers], config: Config) -> list[tuple[int, Any]]:
    """Run a rule; each hit comes with the position of its subject.

    A crash becomes a finding of its own, so that it is seen and stops nothing else.
    """
    check = partial(_with, rule.check, config) if rule.wants_config else rule.check
    found = []
    for at, subject in enumerate(subjects):
        try:
            hits = check(subject)
        except Exception as error:
            crash = f"规则 {rule.code} 运行出错（{type(error).__name__}：{error}），这一项没有审核"
            hits = [Hit(crash, severity="info")]
        if hits:
            found += [(at, hit) for hit in hits]
    return found


def _with(check: Callable[..., Any], config: Config, subject: Any) -> Any:
    return check(subject, config)


def _advised(rule: Rule, hit: Hit, row: Row | None) -> str:
    return hit.advice or advise(rule.code, hit, row) or rule.advice
