"""Tables by their content: every string, row and table of INDICATORS as a 64-bit hash of what it says.

The same content has the same hash wherever it stands and whoever reads it. Cells are folded first
(``Texts.folded``), so a blank, a full-width digit or another spelling of ≥ makes no difference; the order of the
rows of a table makes none either. All work on text is done once per distinct string.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from perfscore.names import bare, official_rows
from perfscore.similar import U64, Int, Ragged, combine, factors, mix, parallel, pieces, ranked, runs
from perfscore.texts import Texts
from perfscore.threads import together

__all__ = ["CELLS", "EMPTY", "Cells", "distinct_rows", "distinct_tables", "row_key", "template_key"]

CELLS = ("name", "description", "value", "basis")
EMPTY = Texts.of([""]).hashes()[0]
SATISFACTION = "满意"
_SATISFIED = rf"{SATISFACTION}(?:度|率|程度)(?:\PL|$)"  # what is measured, not what is asked about it (满意度调查次数)
_OPENING = 3

Codes = npt.NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Text columns by their distinct folded strings: ``codes[column]`` point into ``texts`` and their ``hashes``.

    Strings are in order of their hashes.
    A missing cell, and a missing column, counts as empty.
    """

    codes: dict[str, Codes]
    texts: Texts
    hashes: U64

    @classmethod
    def of(cls, frame: pd.DataFrame, columns: Sequence[str]) -> "Vocabulary":
        """Fold and hash the distinct strings of some columns of a frame."""
        numbered, printed, begin = {}, [pa.array([""], pa.large_string())], 1
        for column in columns:
            if column in frame:
                codes, found = distinct_cells(frame[column])
                numbered[column] = codes, slice(begin, begin + len(found))
                printed.append(found)
                begin += len(found)
        folded = Texts.of(pa.concat_arrays(printed)).folded()
        known, first, number = ranked(folded.hashes())
        placed = {column: np.full(len(frame), number[0], np.int32) for column in columns}
        for column, (codes, part) in numbered.items():
            # A missing cell has code -1: the last entry, the number of the empty string.
            placed[column] = np.append(number[part], number[0]).astype(np.int32)[codes]
        return cls(placed, folded.take(first), known)

    def column(self, name: str) -> U64:
        """Hash of each cell of a column."""
        return self.hashes[self.codes[name]]

    def used(self, name: str) -> Int:
        """The texts that stand in a column, by their places in ``texts``."""
        return np.flatnonzero(np.bincount(self.codes[name], minlength=len(self.hashes)))


def distinct_cells(column: "pd.Series[Any]") -> tuple[Codes, pa.Array]:
    """Number the cells of a column by its distinct strings, -1 for a missing one; take what is there as it is stored."""
    try:
        cells = pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # cells of several types
        cells = pa.nulls(0)
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    if pa.types.is_dictionary(cells.type) and _is_text(cells.type.value_type):
        codes, found = _coded(cells)
        if len(found) <= len(codes):
            return codes, found
        # A part of a frame brings the categories of the whole.
        used, codes = np.unique(codes, return_inverse=True)
        return codes - int(np.count_nonzero(used < 0)), found.take(pa.array(used[used >= 0]))
    if _is_text(cells.type):
        # The rows of a project stand together: of a run of equal cells only the first is looked up.
        runs = pc.run_end_encode(cells)
        codes, found = _coded(runs.values.dictionary_encode())
        return np.repeat(codes, np.diff(runs.run_ends.to_numpy(), prepend=0)), found
    codes, found = pd.factorize(column)
    return np.asarray(codes), pa.array([*map(str, found)], pa.large_string())


def _coded(cells: pa.DictionaryArray) -> tuple[Codes, pa.Array]:
    codes = cells.indices.cast(pa.int32()).fill_null(-1).to_numpy(zero_copy_only=False)
    return codes, cells.dictionary.cast(pa.large_string())


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind))


@dataclass(frozen=True, slots=True)
class Cells:
    """The rows of INDICATORS as hashes.

    Attributes
    ----------
    vocabulary : the four text columns
    masked : each text of the vocabulary with numbers masked
    comparable : whether a row counts when tables are compared: not a satisfaction row, not written by the budget system
    """

    vocabulary: Vocabulary
    masked: Texts
    comparable: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, indicators: pd.DataFrame) -> "Cells":
        """Hash the rows; columns the frame lacks count as empty."""
        vocabulary = Vocabulary.of(indicators, CELLS)
        left_out, satisfied, masked = together(
            lambda: _incomparable(vocabulary)[vocabulary.codes["name"]],
            lambda: _satisfied(indicators),
            vocabulary.texts.masked,
        )
        return cls(vocabulary, masked, ~(left_out | satisfied))

    @property
    def row(self) -> U64:
        """Hash of each row: its four cells, and whether it is comparable."""
        hashes = self.vocabulary.hashes
        columns = [(hashes, self.vocabulary.codes[name]) for name in CELLS]
        return _combined([*columns, (np.arange(2, dtype=np.uint64), self.comparable.astype(np.int8))])

    def key(self, masked: bool) -> U64:
        """Key of each row as it is (``row_key``) or of its template (``template_key``)."""
        if masked:
            hashes = self.masked.hashes()
            return _combined([(hashes, self.vocabulary.codes[name]) for name in CELLS[:2]])
        return _combined([(self.vocabulary.hashes, self.vocabulary.codes[name]) for name in CELLS[:3]])

    def strings(self) -> pd.DataFrame:
        """Return each distinct string once: ``string``, ``masked`` (hashes) and ``text``, in order of hash."""
        texts = self.vocabulary.texts.to_arrow().to_pandas()
        return pd.DataFrame({"string": self.vocabulary.hashes, "masked": self.masked.hashes(), "text": texts})


def _satisfied(indicators: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which rows stand under a heading of satisfaction."""
    labels = Vocabulary.of(indicators, ("level1", "level2", "category"))
    said = np.array([SATISFACTION in text for text in labels.texts.to_list()])
    under = np.zeros(len(indicators), np.bool_)
    for codes in labels.codes.values():
        under |= said[codes]
    return under


def _incomparable(vocabulary: Vocabulary) -> npt.NDArray[np.bool_]:
    """Which texts, as the name of a row, say that it is one of satisfaction or written by the budget system."""
    used = vocabulary.used("name")
    names = vocabulary.texts.take(used).to_arrow()
    listed = official_rows()
    opening = "|".join(sorted({re.escape(word[:_OPENING]) for word in listed}))
    official = [
        hit
        for hit in np.flatnonzero(pc.match_substring_regex(names, rf"^\pP{{0,2}}(?:{opening})")).tolist()
        if bare(names[hit].as_py()) in listed
    ]
    satisfied = np.asarray(pc.match_substring_regex(names, _SATISFIED), bool)
    found = np.zeros(len(vocabulary.hashes), bool)
    found[used[official]] = found[used[satisfied]] = True
    return found


def _combined(columns: list[tuple[U64, Codes]]) -> U64:
    """Combine columns, each given by distinct hashes and which of them stands in each line."""
    weighted = [(found * factor, codes) for (found, codes), factor in zip(columns, factors(len(columns)), strict=True)]
    result = np.zeros(len(columns[0][1]), np.uint64)

    def fill(part: slice) -> None:
        for found, codes in weighted:
            result[part] += found[codes[part]]
        result[part] = mix(result[part])

    parallel(fill, pieces(len(result)))
    return result


def row_key(name: U64, description: U64, value: U64) -> U64:
    """Key of a row as it is. The basis is left out: it is often one for the whole table."""
    return combine(name, description, value)


def template_key(name: U64, description: U64) -> U64:
    """Key of the template of a row, from hashes with numbers masked; the value is left to fill in."""
    return combine(name, description)


def distinct_tables(row: U64, project: Int, count: int) -> tuple[U64, U64, Ragged]:
    """Return the table hash of each of ``count`` projects, the distinct ones in order, and the lines of each of these.

    Parameters
    ----------
    row, project : hash and project (position) of each line
    """
    lines = np.arange(len(row), dtype=np.int32)
    if (project[1:] < project[:-1]).any():
        lines = np.argsort(project, kind="stable").astype(np.int32)
        row = row[lines]
    lengths = np.bincount(project, minlength=count)
    filled = np.flatnonzero(lengths)
    listed = Ragged.of(lengths[filled], lines)

    def add(part: slice) -> U64:
        begins = listed.bounds[part]
        return np.add.reduceat(mix(row[begins[0] : listed.bounds[part.stop]]), begins - begins[0])

    table = np.zeros(count, np.uint64)
    table[filled] = mix(np.concatenate([np.empty(0, np.uint64), *parallel(add, runs(listed.lengths))]))
    found, first, _ = ranked(table[filled])
    return table, found, listed.take(first)


def distinct_rows(cells: Cells, row: U64, lines: Ragged) -> tuple[pd.DataFrame, Codes, Ragged]:
    """Return the distinct rows of some tables, in order of their hashes, and the same as positions.

    Parameters
    ----------
    row : hash of each line
    lines : the lines of each table

    Returns
    -------
    the rows, the positions of their cells in the vocabulary, and for each table the positions of its rows, in order
    """
    found, first, rank = ranked(row[lines.items])
    at = lines.items[first]
    placed = np.stack([cells.vocabulary.codes[name][at] for name in CELLS], axis=1)
    columns = dict(zip(CELLS, cells.vocabulary.hashes[placed.T], strict=True))
    rows = pd.DataFrame({"row": found, **columns, "comparable": cells.comparable[at]})
    return rows, placed, Ragged(rank, lines.bounds).ordered(len(found))
