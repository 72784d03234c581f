"""How many projects use a thing: a row, a goal, a phrase. Counted in distinct projects of one year, never in rows."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from perfscore.similar import U64, Int, Ragged, combine, distinct, lookup, mix

__all__ = ["Uses", "document_frequency"]


@dataclass(frozen=True, slots=True)
class Uses:
    """How many projects of a year use each key."""

    keys: U64
    projects: Int
    users: U64

    @classmethod
    def of(cls, key: U64, year: Int, identity: U64) -> Self:
        """Count uses: parallel arrays of what is used, in which year, by which project; repeats count once."""
        key = combine(key, year.astype(np.uint64))
        users, first = np.unique(combine(key, identity), return_index=True)
        keys, projects = np.unique(key[first], return_counts=True)
        return cls(keys, projects, users)

    def others(self, key: U64, year: Int, identity: U64) -> Int:
        """Return the number of projects that use each key, the asking one not counted.

        Examples
        --------
        >>> key, year, who = np.array([7, 7, 8], np.uint64), np.array([2024] * 3), np.array([1, 2, 2], np.uint64)
        >>> Uses.of(key, year, who).others(key, year, who).tolist()
        [1, 1, 0]
        """
        key = combine(key, year.astype(np.uint64))
        at = lookup(self.keys, key)
        own = lookup(self.users, combine(key, identity)) >= 0
        return np.where(at >= 0, np.append(self.projects, 0)[at], 0) - own


def document_frequency(row: Int, identity: U64, phrases: Ragged, count: int) -> npt.NDArray[np.float64]:
    """Return the number of projects that use each of ``count`` phrases.

    Parameters
    ----------
    row, identity : which project holds which row, one line a use
    phrases : row i lists the phrases of row i as positions from 0 to ``count``

    Examples
    --------
    >>> phrases = Ragged.of([2, 1], np.array([0, 1, 1]))
    >>> document_frequency(np.array([0, 0, 1]), np.array([5, 6, 6], np.uint64), phrases, 2).tolist()
    [2.0, 2.0]
    """
    who, _ = distinct(identity)
    order = np.argsort(who, kind="stable")
    begins = np.flatnonzero(np.diff(who[order], prepend=-1))
    held = Ragged(row[order], np.append(begins, len(row)))
    # Most projects hold the same rows as another one: spell out one of each kind and weigh it.
    content = np.add.reduceat(mix(row[order].astype(np.uint64)), begins) if len(begins) else identity
    _, first, weight = np.unique(content, return_index=True, return_counts=True)
    spelt = held.take(first).through(phrases)
    kind = np.repeat(np.arange(len(first)), spelt.lengths)
    pairs = np.unique(kind * count + spelt.items)
    return np.bincount(pairs % max(count, 1), weight[pairs // max(count, 1)], count).astype(np.float64)
