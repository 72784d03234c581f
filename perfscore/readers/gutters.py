"""Columns of a table without ruling lines whose rows are known: a gutter runs between any two cells side by side."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

__all__ = ["Box", "columns_of", "gutters_of"]


class Box(Protocol):
    """Something with a left and a right edge."""

    @property
    def x0(self) -> float: ...
    @property
    def x1(self) -> float: ...


class _White(NamedTuple):
    """What is blank between two cells of a row."""

    end: float
    start: float


def columns_of(gutters: Sequence[float], box: Box) -> tuple[int, int]:
    """Return the first and the last column that a box reaches."""
    return bisect_right(gutters, box.x0), bisect_right(gutters, box.x1)


def gutters_of(rows: Sequence[Sequence[Box]]) -> list[float]:
    """Return the middles of the fewest gutters that part all cells of the rows, each row from left to right.

    Examples
    --------
    >>> class Cell(NamedTuple):
    ...     x0: float
    ...     x1: float
    >>> gutters_of([[Cell(0, 20), Cell(30, 90)], [Cell(0, 10), Cell(30, 40), Cell(70, 80)]])
    [25.0, 55.0]
    """
    whites = sorted(_White(right.x0, left.x1) for row in rows for left, right in pairwise(row))
    points: list[float] = []
    for white in whites:
        if not points or points[-1] < white.start:
            points.append(white.end)
    narrowed = [(float("-inf"), point) for point in points]
    for end, start in whites:
        first, last = bisect_left(points, start), bisect_right(points, end)
        if last - first == 1:
            narrowed[first] = (max(narrowed[first][0], start), min(narrowed[first][1], end))
    boxes = [box for row in rows for box in row]
    return [_clear(boxes, start, end) for start, end in narrowed]


def _clear(boxes: Sequence[Box], start: float, end: float) -> float:
    """Return the middle of the widest stretch between two positions that the fewest boxes cross."""
    near = [box for box in boxes if box.x0 < end and box.x1 > start]
    edges = sorted({start, end, *(x for box in near for x in (box.x0, box.x1) if start < x < end)})
    stretches = [(sum(box.x0 < b and box.x1 > a for box in near), a - b, (a + b) / 2) for a, b in pairwise(edges)]
    return min(stretches, default=(0, 0.0, end))[2]
