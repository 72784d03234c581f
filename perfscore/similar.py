"""Texts as numbers: fold, hash and cut distinct strings into character n-grams, and compare the sets of n-grams.

Everything takes a list of distinct strings and answers with arrays, so the work is per distinct string and done in
numpy. Hashes are the same in every process and on every machine, so parts made apart can be put together.

A string shorter than the n-gram is its own n-gram: names of one to three characters stay apart instead of all being
alike.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfscore.text import normalise

__all__ = [
    "Ragged",
    "as_sets",
    "canonical",
    "combine",
    "distinct",
    "hashes",
    "jaccard",
    "lookup",
    "mask",
    "mix",
    "shingles",
]

U64 = npt.NDArray[np.uint64]
Int = npt.NDArray[np.int64]

# Not a blank and not folded by ``normalise``; a private-use character carries no meaning in a cell.
_END = "\ue000"
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
# Spellings of one sign that are several characters long; single characters are folded by ``normalise``.
_SPELLINGS = (("百分比", "%"), (">=", "≥"), ("》=", "≥"), ("<=", "≤"), ("《=", "≤"))
_ITEMS = 1 << 20
_MARKED = 64
_ELEMENT = (1 << 40) - 1


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of different length in two arrays: row i is ``items[bounds[i]:bounds[i + 1]]``.

    Examples
    --------
    >>> rows = Ragged.of([2, 0, 1], np.array([7, 8, 9]))
    >>> rows.take(np.array([2, 0])).items.tolist()
    [9, 7, 8]
    """

    items: npt.NDArray[Any]
    bounds: Int

    @classmethod
    def of(cls, lengths: npt.ArrayLike, items: npt.NDArray[Any]) -> "Ragged":
        """Cut an array into rows of the given lengths."""
        return cls(items, np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)]))

    @property
    def lengths(self) -> Int:
        """Length of each row."""
        return np.diff(self.bounds)

    def take(self, which: npt.NDArray[np.integer]) -> "Ragged":
        """Return the rows at the given positions, in that order."""
        lengths = self.lengths[which]
        taken = Ragged.of(lengths, self.items[:0])
        shift = np.repeat(self.bounds[:-1][which] - taken.bounds[:-1], lengths)
        return Ragged(self.items[shift + np.arange(len(shift))], taken.bounds)

    def through(self, inner: "Ragged") -> "Ragged":
        """Replace each item, a row number of ``inner``, by that row."""
        rows = inner.take(self.items.astype(np.int64))
        return Ragged(rows.items, rows.bounds[self.bounds])


def _joined(strings: Sequence[str]) -> str:
    joined = _END.join(strings)
    if joined.count(_END) >= max(len(strings), 1):
        joined = _END.join(string.replace(_END, "") for string in strings)
    return joined


def canonical(strings: Sequence[str]) -> list[str]:
    """Fold strings for comparison: characters normalised, white space removed, one spelling for ≥, ≤ and %.

    Examples
    --------
    >>> canonical(["＞= 95 百分 比", ""])
    ['≥95%', '']
    """
    # All strings joined are folded at once, by a table of the characters that occur; several times faster than a call
    # for each string.
    joined = _joined(strings)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")
    present = np.flatnonzero(np.bincount(codes))
    plain = normalise("".join(map(chr, present)))
    table = np.zeros(int(present[-1]) + 1 if len(present) else 1, "<u4")
    table[present] = [0 if char.isspace() else ord(char) for char in plain]
    codes = table[codes]
    folded = codes[codes > 0].tobytes().decode("utf-32-le", "surrogatepass")
    for spelling, sign in _SPELLINGS:
        folded = folded.replace(spelling, sign)
    return folded.split(_END) if len(strings) else []


def mask(strings: Sequence[str]) -> list[str]:
    """Replace every number by ``#``: what is left is the template.

    Examples
    --------
    >>> mask(["培训12.5万人次", "及时"])
    ['培训#万人次', '及时']
    """
    return _NUMBER.sub("#", _END.join(strings)).split(_END) if len(strings) else []


def hashes(strings: Sequence[str]) -> U64:
    """Return a 64-bit hash of each string, the same everywhere.

    Examples
    --------
    >>> hashes(["满意度"]).tolist() == hashes(["满意度"]).tolist()
    True
    """
    values = np.empty(len(strings), object)
    values[:] = strings
    return pd.util.hash_array(values, categorize=False)


def mix(values: U64) -> U64:
    """Scramble 64-bit integers, so that sums of them hash sets (SplitMix64: Steele, Lea & Flood 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _factors(count: int) -> U64:
    """Odd 64-bit factors, one a position."""
    return mix(np.arange(1, count + 1, dtype=np.uint64)) | np.uint64(1)


def combine(*columns: U64) -> U64:
    """Hash parallel columns of hashes into one; the order of the columns counts.

    Examples
    --------
    >>> one, two = hashes(["a"]), hashes(["b"])
    >>> bool(combine(one, two)[0] == combine(two, one)[0])
    False
    """
    total = columns[0] * _factors(1)[0]
    for column, factor in zip(columns[1:], _factors(len(columns))[1:], strict=True):
        total = total + column * factor
    return mix(total)


def distinct(values: npt.NDArray[Any]) -> tuple[Int, U64]:
    """Number the distinct 64-bit values in order of first appearance: the number of each value, and the values."""
    codes, uniques = pd.factorize(np.asarray(values, np.uint64))
    return codes.astype(np.int64, copy=False), uniques


def lookup(known: npt.ArrayLike, wanted: npt.ArrayLike) -> Int:
    """Return the position of each wanted value among distinct known ones, -1 if it is not there.

    Examples
    --------
    >>> lookup([7, 9], [9, 8]).tolist()
    [1, -1]
    """
    at = pd.Index(np.asarray(known)).get_indexer(pd.Index(np.asarray(wanted)))
    return np.asarray(at, np.int64)


def shingles(strings: Sequence[str], n: int = 3) -> Ragged:
    """Hash the character n-grams of each string; a shorter string is its own n-gram, an empty one has none.

    Examples
    --------
    >>> shingles(["按期完成率", "率", ""]).lengths.tolist()
    [3, 1, 0]
    """
    lengths = np.fromiter(map(len, strings), np.int64, len(strings))
    gap = _END * (n - 1)
    characters = np.frombuffer((gap.join(strings) + gap).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    total = np.zeros(max(len(characters) - n + 1, 0), np.uint64)
    for offset, factor in enumerate(_factors(n)):
        total += characters[offset : offset + len(total)] * factor
    counts = np.where(lengths > 0, np.maximum(lengths - n + 1, 1), 0)
    grams = Ragged.of(counts, total[:0])
    begins = np.cumsum(lengths + n - 1) - (lengths + n - 1)
    at = np.repeat(begins - grams.bounds[:-1], counts) + np.arange(grams.bounds[-1])
    return Ragged(mix(total[at]), grams.bounds)


def as_sets(listed: Ragged) -> Ragged:
    """Sort each row of integers from 0 to 2^40 and drop what it repeats.

    Examples
    --------
    >>> as_sets(Ragged.of([3, 1], np.array([5, 2, 5, 5]))).items.tolist()
    [2, 5, 5]
    """
    rows = len(listed.bounds) - 1
    kept, lengths = [], np.zeros(rows, np.int64)
    for part in _chunks(listed.lengths):
        begin, end = listed.bounds[part.start], listed.bounds[part.stop]
        row = np.repeat(np.arange(part.stop - part.start) << 40, listed.lengths[part])
        key = np.sort(row | listed.items[begin:end])
        key = key[np.diff(key, prepend=-1) > 0]
        kept.append((key & _ELEMENT).astype(np.int32))
        lengths[part] = np.bincount(key >> 40, minlength=part.stop - part.start)
    return Ragged.of(lengths, np.concatenate([np.empty(0, np.int32), *kept]))


def jaccard(sets: Ragged, left: Int, right: Int) -> npt.NDArray[np.float64]:
    """Jaccard similarity |A∩B| / |A∪B| of pairs of sets; two empty sets are equal.

    Parameters
    ----------
    sets : row i lists the elements of set i once (``as_sets``)
    left, right : numbers of the sets of each pair

    Examples
    --------
    >>> sets = Ragged.of([2, 3], np.array([1, 2, 2, 3, 4]))
    >>> jaccard(sets, np.array([0]), np.array([1])).tolist()
    [0.25]
    """
    width = int(sets.items.max(initial=0)) + 1
    lengths = sets.lengths
    shared = np.zeros(len(left), np.int64)
    # The elements of some left sets are marked in a table, and the right sets look themselves up: no sorting.
    order = np.argsort(left, kind="stable")
    marks = np.zeros(_MARKED * width, np.bool_)
    _, begins, number = np.unique(left[order], return_index=True, return_inverse=True)
    for first in range(0, len(begins), _MARKED):
        heads = left[order[begins[first : first + _MARKED]]]
        marked = sets.take(heads)
        marked_at = np.repeat(np.arange(len(heads)) * width, marked.lengths) + marked.items
        marks[marked_at] = True
        pairs = order[begins[first] : begins[first + _MARKED] if first + _MARKED < len(begins) else len(order)]
        row = (number[begins[first] :][: len(pairs)] - first) * width
        for part in _chunks(lengths[right[pairs]]):
            asked = sets.take(right[pairs[part]])
            hits = np.cumsum(marks[np.repeat(row[part], asked.lengths) + asked.items])
            shared[pairs[part]] = np.diff(np.append(0, hits)[asked.bounds])
        marks[marked_at] = False
    union = lengths[left] + lengths[right] - shared
    similarity = np.ones(len(left))
    np.divide(shared, union, out=similarity, where=union > 0)
    return similarity


def _chunks(lengths: Int) -> Iterator[slice]:
    """Cut rows into runs of about a million items, so that work stays in the cache and memory bounded."""
    cuts = np.searchsorted(np.cumsum(lengths), np.arange(_ITEMS, int(lengths.sum()), _ITEMS), "right")
    for begin, end in pairwise([0, *np.unique(cuts).tolist(), len(lengths)]):
        if begin < end:
            yield slice(begin, end)
