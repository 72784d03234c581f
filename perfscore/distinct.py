"""The distinct rows of some projects by column: each cell a number of a distinct text, a record made when it is asked for.

What is asked of a cell is answered once for each distinct text of its column; to a rule, rows with the same answers are one.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfscore.records import CELLS, Reads, Row
from perfscore.similar import Int, numbered

__all__ = ["Column", "Later", "Question", "Rows"]

Question = Callable[[Any], Hashable]


class Later(Sequence[Any]):
    """Cells that are made of others when they are asked for: most never are where answers are known."""

    def __init__(self, make: Callable[[Any], Any], cells: Sequence[Any]) -> None:
        self._make, self._cells = make, cells

    def __len__(self) -> int:
        return len(self._cells)

    def __getitem__(self, at: Any) -> Any:
        return self._make(self._cells[at])


@dataclass(frozen=True, slots=True)
class Column:
    """Cells, or what they answer, as numbers: row i holds ``cells[codes[i]]``."""

    codes: Int
    cells: Sequence[Any]

    @classmethod
    def of(cls, codes: Int, cells: Iterable[Hashable]) -> "Column":
        """Number cells of which some may be equal; ``codes`` point into them as given."""
        known: dict[Hashable, int] = {}
        number = [known.setdefault(cell, len(known)) for cell in cells]
        return cls(np.array(number, np.int64)[codes], list(known))

    @classmethod
    def answered(cls, question: Question, cells: Sequence[Any]) -> "Column":
        """Ask something of cells: all at once if the question can be asked so (``vocabulary.told_by``)."""
        of_all = getattr(question, "of_all", None)
        told = of_all and of_all(cells)
        return cls.of(*told) if told else cls.of(np.arange(len(cells)), map(question, cells))


class Rows:
    """Distinct rows.

    Parameters
    ----------
    columns : the cells of each field of ``Row``
    """

    def __init__(self, columns: dict[str, Column]) -> None:
        self._columns = columns
        self._records: dict[int, Row] = {}
        self._answers: dict[tuple[str, Question], Column] = {}

    def __len__(self) -> int:
        return len(self._columns[CELLS[0]].codes)

    def __getitem__(self, at: int) -> Row:
        return self._records[at] if at in self._records else self.records(np.array([at]))[0]

    def records(self, at: Int) -> list[Row]:
        """Return the rows at some positions."""
        places = at.tolist()
        new = [place for place in places if place not in self._records]
        if new:
            cells = [map(column.cells.__getitem__, column.codes[new].tolist()) for column in self._columns.values()]
            self._records.update(zip(new, map(Row, *cells), strict=True))
        return [*map(self._records.__getitem__, places)]

    def column(self, cell: str) -> Column:
        """The cells of a field of ``Row``."""
        return self._columns[cell]

    def asked(self, cell: str, question: Question) -> Column:
        """What the cells of a field answer; a missing one is asked as if it were empty."""
        key = cell, question
        if key not in self._answers:
            column = self._columns[cell]
            told = Column.answered(question, ["" if text is None else text for text in column.cells])
            self._answers[key] = Column(told.codes[column.codes], told.cells)
        return self._answers[key]

    def know(self, cell: str, question: Question, answers: Column) -> None:
        """Learn what the cells of a field answer, so that they need not be asked."""
        self._answers[cell, question] = answers

    def marks(self, cell: str, question: Question) -> npt.NDArray[np.bool_]:
        """Which rows say yes to what is asked of a cell."""
        answers = self.asked(cell, question)
        return np.array(answers.cells, bool)[answers.codes]

    def marks_at(self, at: Int, cell: str, question: Question) -> npt.NDArray[np.bool_]:
        """Which rows at some positions say yes; no others are asked."""
        answers = self._asked_at(at, cell, question)
        return np.array(answers.cells, bool)[answers.codes]

    def _asked_at(self, at: Int, cell: str, question: Question) -> Column:
        if answers := self._answers.get((cell, question)):
            return Column(answers.codes[at], answers.cells)
        column = self._columns[cell]
        codes, used = pd.factorize(column.codes[at])
        cells = [column.cells[code] for code in used.tolist()]
        told = Column.answered(question, ["" if text is None else text for text in cells])
        return Column(told.codes[codes], told.cells)

    def alike(self, reads: Reads) -> tuple[Int, Int]:
        """Number the rows so that those which answer alike share a number, and say which row has each number first."""
        return numbered(*self._told(reads, lambda cell, question: self.asked(cell, question).codes, slice(None)))

    def alike_at(self, at: Int, reads: Reads) -> tuple[Int, Int]:
        """Do the same for the rows at some positions; no others are asked."""
        return numbered(*self._told(reads, lambda cell, question: self._asked_at(at, cell, question).codes, at))

    def _told(self, reads: Reads, ask: Callable[[str, Question], Int], at: Int | slice) -> Iterator[Int]:
        for cell, asked in reads.items():
            for question in asked or (None,):
                codes = self._columns[cell].codes[at]
                # A cell that cannot be asked is its own answer; where the rule itself crashes on it, that is reported.
                with suppress(Exception):
                    codes = ask(cell, question) if question else codes
                yield codes
