"""Forms: the distinct tables of a corpus by their comparable rows, and how similar two of them are."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfscore.places import Places
from perfscore.signatures import PERMUTATIONS, Signatures, agreement, signatures, union
from perfscore.similar import U64, Int, Ragged, as_sets, combine, jaccard, mix, parallel, ranked
from perfscore.texts import Texts
from perfscore.threads import together

if TYPE_CHECKING:
    from perfscore.corpus import Corpus

__all__ = ["Forms"]

_DOUBT = 3  # standard errors: an estimate that is farther from the threshold decides
_PAIRS = 1 << 11  # compared at a time: their n-grams stay in the cache
Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Forms:
    """Distinct tables of a year by their comparable rows, heaviest first, with what is needed to compare them.

    Attributes
    ----------
    key, cohort : content hash and year of each form
    weight : projects that use the form
    near : whether the form has rows enough to be nearly equal to another
    rows : positions in ``cells`` of the distinct rows of each form
    of_project : form of each project of the corpus; -1 for one with too little to compare
    places : the distinct rows and strings
    templates : the 3-grams of each string, numbers masked: their positions among the distinct 3-grams, and these
    string_signs : MinHash signature of each string, numbers masked
    """

    key: U64
    cohort: Int
    weight: Int
    near: Marks
    rows: Ragged
    of_project: Int
    places: Places
    templates: tuple[Ragged, U64]
    string_signs: Signatures

    @classmethod
    def of(cls, corpus: "Corpus") -> "Forms":
        """Merge the equal tables of a corpus, and sign its strings."""
        (key, cohort, weight, near, rows, of_project), (grams, signs) = together(
            lambda: _merged(corpus), lambda: _signed(corpus.places.masked)
        )
        return cls(key, cohort, weight, near, rows, of_project, corpus.places, grams, signs)

    @cached_property
    def strings(self) -> Ragged:
        """The distinct strings (positions in ``places``) of the cells of each form."""
        return as_sets(self.places.strings(self.rows))

    @cached_property
    def signs(self) -> Signatures:
        """MinHash signature of each form, numbers masked."""
        return union(self.string_signs, self.strings)

    def alike(self, first: Int, second: Int, limit: float) -> Marks:
        """Whether pairs of forms are at least ``limit`` similar: by their signatures if these leave no doubt."""
        estimate = agreement(self.signs, first, second)
        doubtful = np.abs(estimate - limit) <= _DOUBT * np.sqrt(limit * (1 - limit) / PERMUTATIONS)
        estimate[doubtful] = self.similarity(first[doubtful], second[doubtful])
        return estimate >= limit

    def similarity(self, first: Int, second: Int, masked: bool = True) -> Floats:
        """Exact similarity (0-1) of pairs of forms: Jaccard of the 3-grams of all cells."""
        result = np.ones(len(first))
        grams, _ = self.templates if masked else self.places.texts.grams()
        differ = np.flatnonzero(first != second)
        # Pairs of like forms go together, so that the set of a form is hardly made twice.
        nearest = np.arange(len(self.key))
        np.minimum.at(nearest, second, first)
        differ = differ[np.argsort(nearest[second[differ]], kind="stable")]

        def compare(begin: int) -> None:
            pair = differ[begin : begin + _PAIRS]
            nodes, ends = np.unique(np.concatenate([first[pair], second[pair]]), return_inverse=True)
            sets = as_sets(self.strings.take(nodes).through(grams))
            result[pair] = jaccard(sets, *np.split(ends, 2))

        parallel(compare, range(0, len(differ), _PAIRS))
        return result


def _merged(corpus: "Corpus") -> tuple[U64, Int, Int, Marks, Ragged, Int]:
    """The fields of ``Forms`` from the first to ``of_project``."""
    ledger = corpus.ledger
    core, usable, near, listed = _cores(corpus)
    of_table = ledger.of_table.copy()
    held = of_table >= 0
    held[held] = usable[of_table[held]]
    table, cohort = of_table[held], ledger.year[held]
    own, first, form = ranked(combine(core[table], cohort.astype(np.uint64)))
    again = pd.Series(combine(own[form], ledger.identity[held])).duplicated().to_numpy()
    weight = np.bincount(form[~again], minlength=len(own))
    order = np.lexsort((core[table[first]], -weight))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    of_project = np.full(len(held), -1)
    of_project[held] = rank[form]
    sample = table[first][order]
    return core[sample], cohort[first][order], weight[order], near[sample], listed.take(sample), of_project


def _cores(corpus: "Corpus") -> tuple[U64, Marks, Marks, Ragged]:
    """Reduce each distinct table to its comparable rows.

    Returns the hash of these rows, whether they can be compared at all and be nearly equal, and their positions.
    """
    tables = corpus.places.tables
    kept = corpus.rows["comparable"].to_numpy()[tables.items]
    counts = np.append(0, np.cumsum(kept))[tables.bounds]
    listed = Ragged(tables.items[kept], counts)
    hashed = mix(corpus.rows["row"].to_numpy())
    words, cells = _letters(corpus.places.masked), corpus.places.cells
    said = words[cells[:, 0]] + words[cells[:, 1]]
    core, wordy = np.zeros((2, len(counts) - 1), np.uint64)
    if len(filled := np.flatnonzero(listed.lengths)):
        starts = counts[:-1][filled]
        core[filled] = np.add.reduceat(hashed[listed.items], starts)
        wordy[filled] = np.add.reduceat(said[listed.items], starts)
    # A table of blank cells, or of numbers alone, says nothing that could be copied.
    near = (listed.lengths >= corpus.settings.min_rows) & (wordy > 0)
    usable = near | (wordy >= corpus.settings.min_characters) & (listed.lengths > 0)
    return mix(core), usable, near, listed


def _signed(masked: Texts) -> tuple[tuple[Ragged, U64], Signatures]:
    """The 3-grams of each string and its signature."""
    grams = masked.grams()
    return grams, signatures(*grams)


def _letters(masked: Texts) -> Int:
    """How many characters of each text are no number."""
    numbers = np.flatnonzero(masked.characters == ord("#"))
    return masked.lengths - np.diff(np.searchsorted(numbers, masked.bounds))
