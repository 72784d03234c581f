"""Hashes and sets of integers in numpy: combine, number and look up hashes, compare sets, on all processors."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from perfscore.threads import parallel

__all__ = [
    "Ragged",
    "as_sets",
    "combine",
    "distinct",
    "factors",
    "firsts",
    "jaccard",
    "lookup",
    "mix",
    "numbered",
    "parallel",
    "pieces",
    "ranked",
    "runs",
]

U64 = npt.NDArray[np.uint64]
Int = npt.NDArray[np.int64]

_ITEMS = 1 << 19


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
        taken = Ragged.of(lengths, np.empty(int(lengths.sum()), self.items.dtype))
        shift = self.bounds[:-1][which] - taken.bounds[:-1]

        def copy(part: slice) -> None:
            begin, end = taken.bounds[part.start], taken.bounds[part.stop]
            at = np.repeat(shift[part], lengths[part])
            at += np.arange(begin, end)
            self.items.take(at, out=taken.items[begin:end], mode="clip")

        parallel(copy, runs(lengths))
        return taken

    def ordered(self, count: int) -> "Ragged":
        """Return each row of integers from 0 to ``count`` in ascending order."""
        items, width = self.items.astype(np.int32), (len(self.bounds) - 1, count)
        rows = csr_array((np.empty(len(items), np.int8), items, self.bounds.astype(np.int32)), shape=width)
        rows.sort_indices()
        return Ragged(rows.indices, self.bounds)

    def through(self, inner: "Ragged") -> "Ragged":
        """Replace each item, a row number of ``inner``, by that row."""
        rows = inner.take(self.items)
        return Ragged(rows.items, rows.bounds[self.bounds])


def mix(values: U64) -> U64:
    """Scramble 64-bit integers, so that sums of them hash sets (SplitMix64: Steele, Lea & Flood 2014)."""
    result = np.empty(values.shape, np.uint64)

    def scramble(part: slice) -> None:
        mixed = np.add(values[part], np.uint64(0x9E3779B97F4A7C15), out=result[part])
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed ^= mixed >> np.uint64(shift)
            mixed *= np.uint64(factor)
        mixed ^= mixed >> np.uint64(31)

    parallel(scramble, pieces(len(values)))
    return result


def factors(count: int) -> U64:
    """Return odd 64-bit factors, one a position."""
    return mix(np.arange(1, count + 1, dtype=np.uint64)) | np.uint64(1)


def combine(*columns: U64) -> U64:
    """Hash parallel columns of hashes into one; the order of the columns counts.

    Examples
    --------
    >>> one, two = np.array([1], np.uint64), np.array([2], np.uint64)
    >>> bool(combine(one, two)[0] == combine(two, one)[0])
    False
    """
    total = columns[0] * factors(1)[0]
    for column, factor in zip(columns[1:], factors(len(columns))[1:], strict=True):
        total += column * factor
    return mix(total)


def distinct(values: npt.NDArray[Any]) -> tuple[Int, U64]:
    """Number the distinct 64-bit values in order of first appearance: the number of each value, and the values."""
    codes, uniques = pd.factorize(np.asarray(values, np.uint64))
    return codes.astype(np.int64, copy=False), uniques


def ranked(values: U64) -> tuple[U64, Int, Int]:
    """Return the distinct values in ascending order, where each stands first, and the rank of each value.

    Examples
    --------
    >>> [part.tolist() for part in ranked(np.array([7, 3, 7], np.uint64))]
    [[3, 7], [1, 0], [1, 0, 1]]
    """
    number, found = distinct(values)
    first = firsts(number)
    # By 16 bits at a time, which numpy sorts in linear time; then by the rest, where hardly anything is out of order.
    order = np.arange(len(found))
    for shift in (32, 48):
        order = order[np.argsort((found >> np.uint64(shift)).astype(np.uint16)[order], kind="stable")]
    order = order[np.argsort(found[order], kind="stable")]
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return found[order], first[order], rank[number]


def numbered(*columns: npt.NDArray[np.integer[Any]]) -> tuple[Int, Int]:
    """Number the distinct lines of columns of codes, from 0 on, as they appear: the number of each, where each stands first.

    Examples
    --------
    >>> [part.tolist() for part in numbered(np.array([5, 0, 5]), np.array([1, 1, 1]))]
    [[0, 1, 0], [0, 1]]
    """
    total, count = np.zeros(len(columns[0]), np.int64), 1
    for codes in columns:
        size = int(codes.max(initial=0)) + 1
        if count * size > 1 << 62:
            total, known = pd.factorize(total)
            count = len(known)
        total = total * size + codes
        count *= size
    number = pd.factorize(total)[0].astype(np.int64, copy=False)
    return number, firsts(number)


def firsts(number: Int) -> Int:
    """Return where each of the numbers from 0 on stands first."""
    first = np.empty(int(number.max(initial=-1)) + 1, np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]  # written last, the first place stays
    return first


def lookup(known: npt.ArrayLike, wanted: npt.ArrayLike) -> Int:
    """Return the position of each wanted value among distinct known ones, -1 if it is not there.

    Examples
    --------
    >>> lookup([7, 9], [9, 8]).tolist()
    [1, -1]
    """
    at = pd.Index(np.asarray(known)).get_indexer(pd.Index(np.asarray(wanted)))
    return np.asarray(at, np.int64)


def as_sets(listed: Ragged) -> Ragged:
    """Drop what each row of integers from 0 on repeats; what is left is in ascending order.

    Examples
    --------
    >>> as_sets(Ragged.of([3, 1], np.array([5, 2, 5, 5]))).items.tolist()
    [2, 5, 5]
    """
    width = int(listed.items.max(initial=0)) + 1

    def drop(part: slice) -> tuple[Int, npt.NDArray[Any]]:
        bounds = listed.bounds[part.start : part.stop + 1]
        begins = np.arange(len(bounds)) * width
        begins = begins.astype(np.uint32 if begins[-1] < 1 << 32 else np.int64)  # small ones are sorted sooner
        key = np.repeat(begins[:-1], np.diff(bounds))
        np.add(key, listed.items[bounds[0] : bounds[-1]], out=key, casting="unsafe")
        key.sort()
        key = key[np.append(True, key[1:] != key[:-1])[: len(key)]]
        lengths = np.diff(np.searchsorted(key, begins))
        return lengths, (key - np.repeat(begins[:-1], lengths)).astype(listed.items.dtype)

    sets = parallel(drop, runs(listed.lengths))
    lengths, items = zip((np.empty(0, np.int64), listed.items[:0]), *sets, strict=True)
    return Ragged.of(np.concatenate(lengths), np.concatenate(items))


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
    lengths = sets.lengths
    shape = len(lengths), int(sets.items.max(initial=0)) + 1
    parts = np.ones(len(sets.items), np.int8), sets.items.astype(np.int32), sets.bounds.astype(np.int32)
    members = csr_array(parts, shape=shape)
    shared = np.zeros(len(left), np.int64)

    def count(part: slice) -> None:
        shared[part] = np.diff(members[left[part]].multiply(members[right[part]]).indptr)

    parallel(count, runs(lengths[left] + lengths[right]))
    union = lengths[left] + lengths[right] - shared
    similarity = np.ones(len(left))
    np.divide(shared, union, out=similarity, where=union > 0)
    return similarity


def runs(lengths: Int) -> list[slice]:
    """Cut rows into runs of about half a million items, so that work stays in the cache and memory is bounded."""
    cuts = np.searchsorted(np.cumsum(lengths), np.arange(_ITEMS, int(lengths.sum()), _ITEMS), "right")
    ends = [0, *cuts.tolist(), len(lengths)]
    return [slice(begin, end) for begin, end in pairwise(ends) if begin < end]


def pieces(count: int) -> list[slice]:
    """Cut so many items into pieces that stay in the cache."""
    return [slice(begin, begin + _ITEMS) for begin in range(0, count, _ITEMS)]
