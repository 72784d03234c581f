"""The distinct rows of some projects by column: each cell a number of a distinct text, a record made when it is asked for.

What a rule asks of a cell is answered once for each distinct text of the column; rows with the same answers are one to it.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from perfscore.records import Row
from perfscore.rules.registry import CELLS, Reads
from perfscore.similar import Int, numbered

__all__ = ["Column", "Rows"]


@dataclass(frozen=True, slots=True)
class Column:
    """Cells as numbers: row i holds ``cells[codes[i]]``."""

    codes: Int
    cells: list[Any]

    @classmethod
    def of(cls, codes: Int, cells: Iterable[Hashable]) -> "Column":
        """Number cells that may be equal; ``codes`` point into them as given."""
        known: dict[Hashable, int] = {}
        number = [known.setdefault(cell, len(known)) for cell in cells]
        return cls(np.array(number, np.int64)[codes], list(known))

    def asked(self, question: Callable[[Any], Hashable]) -> Int:
        """Return for each row which answer its cell gives; a cell that cannot be asked answers for itself."""
        try:
            return Column.of(self.codes, map(question, self.cells)).codes
        except Exception:  # the rule asks again, and the crash is reported as its own
            return self.codes


class Rows(Sequence[Row]):
    """Distinct rows.

    Parameters
    ----------
    columns : the cells of the fields of ``Row``
    """

    def __init__(self, columns: dict[str, Column]) -> None:
        self._columns = columns
        self._records: dict[int, Row] = {}
        self._answers: dict[tuple[str, Callable[[Any], Hashable] | None], Int] = {}

    def __len__(self) -> int:
        return len(self._columns[CELLS[0]].codes)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        if at not in self._records:
            held = {name: column.cells[column.codes[at]] for name, column in self._columns.items()}
            self._records[at] = Row(**held)
        return self._records[at]

    def column(self, name: str) -> Column:
        """The cells of a field of ``Row``."""
        return self._columns[name]

    def alike(self, reads: Reads) -> tuple[Int, Int]:
        """Number the rows so that those which answer alike share a number, and say which row has each number first."""
        answers = [
            self._asked(cell, question) for cell, questions in reads.items() for question in questions or (None,)
        ]
        return numbered(*answers)

    def _asked(self, cell: str, question: Callable[[Any], Hashable] | None) -> Int:
        if question is None:
            return self._columns[cell].codes
        key = cell, question
        if key not in self._answers:
            self._answers[key] = self._columns[cell].asked(question)
        return self._answers[key]
