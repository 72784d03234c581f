"""Texts as numbers: fold, hash and cut distinct strings into character n-grams, and compare the sets of n-grams.

Everything takes a list of distinct strings and answers with arrays, so the work is per distinct string and done in numpy.
Hashes are the same in every process and on every machine, so parts made apart can be put together.

A string shorter than the n-gram is its own n-gram: names of one to three characters stay apart instead of all being alike.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfscore.text import normalise, squash

__all__ = ["Ragged", "canonical", "combine", "distinct", "hashes", "jaccard", "lookup", "mask", "mix", "shingles"]

U64 = npt.NDArray[np.uint64]
Int = npt.NDArray[np.int64]

# Not a blank and not folded by ``normalise``; a private-use character carries no meaning in a cell.
_END = "\ue000"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Spellings of one sign that are several characters long; single characters are folded by ``normalise``.
_SPELLINGS = (("百分比", "%"), (">=", "≥"), ("》=", "≥"), ("<=", "≤"), ("《=", "≤"))
_KEYS = 1 << 20


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


def canonical(strings: Sequence[str]) -> list[str]:
    """Fold strings for comparison: characters normalised, white space removed, one spelling for ≥, ≤ and %.

    Examples
    --------
    >>> canonical(["＞= 95 百分 比", ""])
    ['≥95%', '']
    """
    # One pass over all strings joined is several times faster than a call for each.
    joined = squash(normalise(_END.join(string.replace(_END, "") for string in strings)))
    for spelling, sign in _SPELLINGS:
        joined = joined.replace(spelling, sign)
    return joined.split(_END) if strings else []


def mask(strings: Sequence[str]) -> list[str]:
    """Replace every number by ``#``: what is left is the template.

    Examples
    --------
    >>> mask(["培训12.5万人次", "及时"])
    ['培训#万人次', '及时']
    """
    return _NUMBER.sub("#", _END.join(strings)).split(_END) if strings else []


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
    """Scramble 64-bit integers so that sums of them hash sets: the finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
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
    """Cut each string into the hashes of its character n-grams; a shorter string is its own n-gram, an empty one has none.

    Examples
    --------
    >>> shingles(["按期完成率", "率", ""]).lengths.tolist()
    [3, 1, 0]
    """
    lengths = np.fromiter(map(len, strings), np.int64, len(strings))
    gap = _END * (n - 1)
    characters = np.frombuffer((gap.join(strings) + gap).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths + n - 1)])[:-1]
    counts = np.where(lengths > 0, np.maximum(lengths - n + 1, 1), 0)
    grams = Ragged.of(counts, np.empty(0, np.uint64))
    at = np.repeat(starts - grams.bounds[:-1], counts) + np.arange(int(counts.sum()))
    total = np.zeros(len(at), np.uint64)
    for offset, factor in enumerate(_factors(n)):
        total += characters[at + offset] * factor
    return Ragged(mix(total), grams.bounds)


def jaccard(sets: Ragged, parts: Ragged, left: Int, right: Int) -> npt.NDArray[np.float64]:
    """Jaccard similarity |A∩B| / |A∪B| of pairs of sets, each the union of some parts; two empty sets are equal.

    Parameters
    ----------
    sets : row i lists the parts of set i
    parts : row j lists the elements of part j, integers from 0 to 2^39; repeats are allowed
    left, right : numbers of the sets of each pair

    Examples
    --------
    >>> sets, parts = Ragged.of([1, 2], np.array([0, 0, 1])), Ragged.of([2, 2], np.array([1, 2, 2, 3]))
    >>> jaccard(sets, parts, np.array([0]), np.array([1])).round(3).tolist()
    [0.667]
    """
    # A chunk of pairs at a time, so that the keys sorted together stay in the cache.
    sizes = np.concatenate([np.zeros(1, np.int64), np.cumsum(parts.lengths[sets.items])])[sets.bounds]
    work = np.cumsum(np.diff(sizes)[left] + np.diff(sizes)[right])
    cuts = np.searchsorted(work, np.arange(_KEYS, work[-1] if len(work) else 0, _KEYS))
    chunks = zip(np.split(left, cuts), np.split(right, cuts), strict=True)
    return np.concatenate([_jaccard(sets, parts, a, b) for a, b in chunks])


def _jaccard(sets: Ragged, parts: Ragged, left: Int, right: Int) -> npt.NDArray[np.float64]:
    keys = []
    for side, which in enumerate((left, right)):
        elements = sets.take(which).through(parts)
        pair = np.repeat(np.arange(len(which), dtype=np.uint64), elements.lengths)
        keys.append((pair << np.uint64(40)) | (elements.items.astype(np.uint64) << np.uint64(1)) | np.uint64(side))
    key = np.sort(np.concatenate(keys))
    key = key[np.concatenate([np.ones(min(1, len(key)), np.bool_), key[1:] != key[:-1]])]  # each side once
    pair = (key >> np.uint64(40)).astype(np.int64)
    shared = np.bincount(pair[1:][(key[1:] >> np.uint64(1)) == (key[:-1] >> np.uint64(1))], minlength=len(left))
    union = np.bincount(pair, minlength=len(left)) - shared
    similarity = np.ones(len(left))
    np.divide(shared, union, out=similarity, where=union > 0)
    return similarity
