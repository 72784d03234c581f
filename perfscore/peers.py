"""What a rule of corpus scope sees: the projects at hand and what is common among their peers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfscore.common import Common
from perfscore.config import Config
from perfscore.content import Vocabulary
from perfscore.distinct import Rows
from perfscore.names import measure
from perfscore.quantity import Quantity
from perfscore.records import Row
from perfscore.similar import Int, combine, firsts, lookup, numbered
from perfscore.text import normalise
from perfscore.vocabulary import read_ahead

__all__ = ["Marks", "Peers", "is_measured", "is_rate"]

Marks = npt.NDArray[np.bool_]

# Words that say how another project has to do with this one, so its name is no leftover.
_RELATED = re.compile(r"配合|会同|协同|联合|协助|衔接|同步|依托|配套|报送|移交")
_SAID = ("project_name", "purpose", "goal")  # in which a project says what it is
_HEAD = (*_SAID, "agency")
_FIELDS = ("name", "description", "value")


def is_rate(name: str) -> bool:
    """Tell whether a name is a rate itself.

    Examples
    --------
    >>> is_rate("验收合格率"), is_rate("培训人数")
    (True, False)
    """
    found = measure(name)
    return found is not None and found.dimension == "share"


def is_measured(quantity: Quantity) -> bool:
    """Tell whether a value is a number."""
    return quantity.low is not None


def _explained(head: tuple[str, ...], text: str, other: str, is_agency: bool) -> bool:
    """Tell whether a project, known by the cells of ``_HEAD``, may well speak of another project or agency."""
    if any(other in said for said in head) or _RELATED.search(text):
        return True
    *_, agency = head
    return is_agency and ("满意" in text or bool(agency and other.startswith(agency)))


def _lines(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The lines of a frame, a column at a time: ``itertuples`` takes each text out of its column by itself."""
    return zip(*(frame[name].tolist() for name in frame), strict=True)


@dataclass(frozen=True)
class Peers:
    """The projects and rows under review, beside what is common among all they are compared with.

    ``projects`` is PROJECTS; ``indicators`` is INDICATORS with ``category`` and ``kind``, official rows left out; ``rows``
    are their distinct rows, and ``number`` says which of these each indicator is; ``common`` is of these projects, in their
    order. ``unread`` are the rows that could not be read but for their labels.
    """

    projects: pd.DataFrame
    indicators: pd.DataFrame
    rows: Rows
    number: Int
    common: Common
    config: Config
    unread: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __len__(self) -> int:
        return len(self.projects)

    @cached_property
    def printed(self) -> pd.DataFrame:
        """The distinct rows as they are printed."""
        return self.indicators.take(firsts(self.number))

    @cached_property
    def owner(self) -> Int:
        """Position of the project of each indicator."""
        codes, ids = pd.factorize(self.indicators["project_id"])
        return lookup(self.projects["project_id"], ids)[codes]

    @cached_property
    def unread_rows(self) -> dict[str, tuple[Row, ...]]:
        """The rows that could not be read but for their labels, by project."""
        if self.unread.empty:
            return {}
        labels = self.unread[["project_id", "level1", "level2", "category"]].fillna("")
        found: dict[str, tuple[Row, ...]] = {}
        for project_id, level1, level2, category in _lines(labels):
            row = Row(level1=level1, level2=level2, category=category)
            found[project_id] = (*found.get(project_id, ()), row)
        return found

    @cached_property
    def ids(self) -> list[str]:
        """``project_id`` of each project."""
        listed: list[str] = self.projects["project_id"].tolist()
        return listed

    @cached_property
    def said(self) -> list[tuple[str, ...]]:
        """The texts in which each project says what it is: name, purpose and goal, as far as there are any."""
        cells = [self.projects[cell].fillna("").tolist() for cell in _SAID]
        said = [tuple([normalise(text) for text in texts if text]) for texts in zip(*cells, strict=True)]
        read_ahead(chain.from_iterable(said))
        return said

    def in_order(self) -> Int:
        """The positions of the indicators, by project and row."""
        return np.lexsort((self.indicators["row_no"].to_numpy(np.int64), self.owner))

    def asked(self, cell: str, question: Callable[[Any], Any]) -> Int:
        """What a cell of each indicator answers, as numbers of the distinct answers."""
        return self.rows.asked(cell, question).codes[self.number]

    def marks(self, cell: str, question: Callable[[Any], Any]) -> Marks:
        """Which indicators say yes to what is asked of a cell."""
        return self.rows.marks(cell, question)[self.number]

    @cached_property
    def satisfaction(self) -> Marks:
        """Which indicators are of satisfaction."""
        return self.marks("category", "满意度".__eq__)

    @cached_property
    def measured(self) -> Marks:
        """Which indicators have a number as value."""
        return self.marks("quantity", is_measured)

    def count(self, marks: Marks) -> Int:
        """How many marked indicators each project has."""
        return np.bincount(self.owner[marks], minlength=len(self.projects))

    def any(self, marks: Marks) -> Marks:
        """Which projects have a marked indicator."""
        return self.count(marks) > 0

    def told(self, column: str) -> Marks:
        """Which projects say something in a column of their head."""
        return (self.projects[column].fillna("") != "").to_numpy(bool)

    def copied(self, kind: str) -> Iterator[tuple[str, str, str, int, float, str]]:
        """Yield (project_id, peer, name of the peer, size, similarity without numbers, difference) of each copy."""
        found = self.common.copied
        columns = ["project_id", "peer", "label", "size", "similarity", "difference"]
        yield from _lines(found.loc[found["kind"] == kind, columns])

    def siblings(self, project_id: str, peer: str) -> bool:
        """Tell whether two projects are parts of one: the same name but for the place."""
        return (project_id, peer) in self._siblings

    @cached_property
    def _siblings(self) -> set[tuple[str, str]]:
        found = self.common.copied
        return set(_lines(found.loc[found["siblings"], ["project_id", "peer"]]))

    def shared_goals(self) -> Iterator[tuple[str, str, int, int]]:
        """Yield (project_id, goal, number of other projects with the same goal, with nearly the same) of shared goals."""
        shared = self.common.projects[["same_goal", "near_goal"]].to_numpy()
        at = np.flatnonzero(shared.any(axis=1))
        said = self.projects[["project_id", "goal"]].take(at)
        yield from zip(said["project_id"].tolist(), said["goal"].tolist(), *shared[at].T.tolist(), strict=True)

    def other_names(self) -> Iterator[tuple[str, int, str, str, str, str]]:
        """Yield (project_id, row_no, field, text, name, peer) of the rows that hold the name of another project or agency.

        Names are looked for among the projects of the same document (``Names.scopes``) and the agencies of the batch; a
        name counts without its year and ending (经费, 项目 …), from five characters on. It does not count if the project's
        own head says it too, if the text says what the two have to do with each other, or if an agency belongs to the
        project's own or is only asked for its opinion.
        """
        common = self.common.names
        texts = pd.concat([self.printed[field] for field in _FIELDS], ignore_index=True)
        line = np.concatenate([self.number + place * len(self.printed) for place in range(len(_FIELDS))])
        scope = common.numbered(self.common.projects["scope"])[self.owner]
        at, opened = common.opened(texts, line, np.tile(scope, len(_FIELDS)))
        fields, row = np.divmod(at, max(len(self.indicators), 1))
        rows = _lines(self.indicators[["project_id", "row_no"]].take(row))
        heads = _lines(self.projects[list(_HEAD)].take(self.owner[row]).fillna(""))
        named = common.table[["name", "project_id"]].take(opened.items)
        read_ahead(named["name"])
        names = _lines(named)
        said = texts.take(line[at]).tolist()
        found = zip(rows, fields.tolist(), said, heads, opened.lengths.tolist(), strict=True)
        for (project_id, row_no), place, text, head, count in found:
            for other, peer in common.within(text, islice(names, count)).items():
                if peer != project_id and not _explained(head, text, other, is_agency=not peer):
                    yield project_id, int(row_no), _FIELDS[place], text, other, peer

    def default_rows(self) -> Iterator[tuple[str, float, Int]]:
        """Yield (value, share, rows) of the rows that carry a default value of the corpus where it makes no sense.

        A default is a share that stands on at least ``default_share`` of all rows and in ``default_projects`` projects. It
        makes sense on satisfaction rows and on names that are rates themselves, so those are left alone.
        """
        asked = (self.indicators["kind"] == "share").to_numpy(bool) & ~self.satisfaction
        at = np.flatnonzero(asked & ~self.marks("name", is_rate))
        values = self.indicators["value"].take(at)
        defaults = self.common.values
        year = self.common.projects["year"].to_numpy(np.uint64)[self.owner[at]]
        key = combine(Vocabulary.of(values.to_frame(), ("value",)).column("value"), year)
        found = lookup(combine(defaults["key"].to_numpy(), defaults["year"].to_numpy(np.uint64)), key)
        value, printed = pd.factorize(values)
        number, first = numbered(found + 1, value)
        for group in np.flatnonzero(found[first] >= 0).tolist():
            share = defaults["share"].iloc[found[first[group]]]
            yield printed[value[first[group]]], float(share), at[number == group]
