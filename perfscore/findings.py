"""Findings by column: what rules said, put into words once for findings that are alike, and the lines of all of them joined.

Texts are numbers of the distinct ones until a frame is made of them.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfscore.advice import cites, draft, reads
from perfscore.distinct import Rows
from perfscore.records import Hit
from perfscore.rules.registry import Rule
from perfscore.similar import Int, numbered
from perfscore.vocabulary import read_ahead

__all__ = ["TEXTS", "Coded", "Lines", "Words"]

TEXTS = ("severity", "field", "evidence", "message", "advice", "peer")
_ADVISED = ("remedy", "severity", "advice")  # what an advice may ask of a hit, beside the words at fault


class Coded(NamedTuple):
    """Texts as numbers of the distinct ones."""

    codes: Int
    found: npt.NDArray[np.object_]

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> Self:
        """Number texts in the order in which they appear."""
        known: dict[str | None, int] = {}
        codes = [known.setdefault(text, len(known)) for text in texts]
        return cls(np.array(codes, np.int64), np.fromiter(known, object, len(known)))

    def take(self, which: Int) -> Self:
        """Return the texts at some positions."""
        return self._replace(codes=self.codes[which])

    def joined(self, other: "Coded") -> Self:
        """Return these texts and then others."""
        both = Coded.of([*self.found, *other.found])
        own, others = np.split(both.codes, [len(self.found)])
        return type(self)(np.append(own[self.codes], others[other.codes]), both.found)

    def categories(self) -> pd.Categorical:
        """Return the texts as a column, its categories as they are: hashed already, which new ones were not."""
        return pd.Categorical.from_codes(self.codes, pd.Index(self.found, dtype=object))


class Lines(NamedTuple):
    """Findings, a line each.

    Attributes
    ----------
    place : which rule
    texts : columns of FINDINGS, those of ``TEXTS``
    start, end : the evidence in the field; -1 for the whole field
    """

    place: Int
    texts: dict[str, Coded]
    start: Int
    end: Int

    def take(self, which: Int) -> Self:
        """Return some lines."""
        texts = {name: column.take(which) for name, column in self.texts.items()}
        return type(self)(self.place[which], texts, self.start[which], self.end[which])

    def joined(self, other: "Lines") -> Self:
        """Return these lines and then others."""
        texts = {name: column.joined(other.texts[name]) for name, column in self.texts.items()}
        place, start, end = (np.append(getattr(self, name), getattr(other, name)) for name in ("place", "start", "end"))
        return type(self)(place, texts, start, end)


class Words:
    """Puts into words what rules found on rows and projects.

    Parameters
    ----------
    rules : in the order of their codes
    rows : distinct rows
    printed : these rows as they are printed
    projects : PROJECTS
    """

    def __init__(
        self, rules: Sequence[Rule], rows: Rows, printed: pd.DataFrame, projects: pd.DataFrame | None = None
    ) -> None:
        self._rules, self._rows = rules, rows
        self._printed, self._projects = printed, pd.DataFrame() if projects is None else projects

    def lines(self, hits: list[Hit], place: Int, which: Int, subject: Int) -> Lines:
        """Return what findings say.

        Parameters
        ----------
        hits, place : what rules found, and the place of the rule of each
        which, subject : for each finding its hit, and what that is about: a distinct row, or from ``len(rows)`` on a project
        """
        said = dict(zip(Hit._fields, zip(*hits, strict=True), strict=True)) if hits else dict.fromkeys(Hit._fields, ())
        texts = {name: Coded.of(said[name]) for name in ("message", "peer", "field", *_ADVISED)}
        start, end = (_numbers(said[name]) for name in ("start", "end"))
        span, _ = numbered(texts["field"].codes, start + 1, end + 1)
        pair, first = numbered(span[which], subject)
        columns = {name: texts[name].take(which) for name in ("field", "message", "peer")}
        spans = start[which[first]], end[which[first]]
        columns["evidence"] = self._evidence(texts["field"].take(which[first]), *spans, subject[first]).take(pair)
        citing = [at for at in np.unique(place).tolist() if cites(self._rules[at].code)]
        cited = np.where(np.isin(place, citing), span + 1, 0)
        shape, _ = numbered(place, *(texts[name].codes for name in _ADVISED), cited)
        columns["advice"] = self._advice(hits, place, which, shape, subject)
        severity = [hit.severity or self._rules[at].severity for hit, at in zip(hits, place.tolist(), strict=True)]
        columns["severity"] = Coded.of(severity).take(which)
        return Lines(place[which], {name: columns[name] for name in TEXTS}, start[which], end[which])

    def _evidence(self, field: Coded, start: Int, end: Int, subject: Int) -> Coded:
        """Cut the words at fault from the texts as printed, once from equal ones."""
        project = subject - len(self._rows)
        line = np.where(project < 0, subject, -1)
        cell, texts = np.zeros(len(subject), np.int64), [""]
        for code, name in enumerate(field.found):
            for frame, at in ((self._printed, line), (self._projects, project)):
                chosen = np.flatnonzero((field.codes == code) & (at >= 0))
                if name in frame and len(chosen):
                    codes, found = pd.factorize(frame[name].take(at[chosen]))
                    cell[chosen] = np.where(codes < 0, 0, codes + len(texts))
                    texts += found.tolist()
        number, first = numbered(cell, start + 1, end + 1)
        spans = zip(cell[first].tolist(), start[first].tolist(), end[first].tolist(), strict=True)
        return Coded.of([texts[at][begin:stop] if begin >= 0 else texts[at] for at, begin, stop in spans]).take(number)

    def _advice(self, hits: list[Hit], place: Int, which: Int, shape: Int, subject: Int) -> Coded:
        """Return what to write instead, worked out once for findings of a shape on rows that look alike."""
        view = np.zeros(len(which), np.int64)  # 0 for a whole table
        for at in np.unique(place).tolist():
            on_row = np.flatnonzero((place[which] == at) & (subject < len(self._rows)))
            asked = reads(self._rules[at].code)
            view[on_row] = 1 + (self._rows.alike_at(subject[on_row], asked)[0] if asked else 0)
        number, first = numbered(shape[which], view)
        hit, line = which[first], subject[first]
        lines = line[line < len(self._rows)]
        rows = dict(zip(lines.tolist(), self._rows.records(lines), strict=True))
        rules = [self._rules[at] for at in place[hit].tolist()]
        found = [hits[at] for at in hit.tolist()]
        asked_of = zip(rules, found, line.tolist(), strict=True)
        drafts = [None if said.advice else draft(rule.code, said, rows.get(about)) for rule, said, about in asked_of]
        read_ahead(made.row.name for made in drafts if made and made.text.cuts)
        advised = zip(rules, found, drafts, strict=True)
        texts = [said.advice or (made.filled() if made else rule.advice) for rule, said, made in advised]
        return Coded.of(texts).take(number)


def _numbers(values: Sequence[int | None]) -> Int:
    return np.fromiter((-1 if value is None else value for value in values), np.int64, len(values))
