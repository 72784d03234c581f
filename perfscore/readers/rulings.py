"""Ruled tables: ruling lines cut the plane into slots, and slots with no line between them are one cell.

So a merged cell of any shape, an open side, and a border that one program draws as a line and another as a hundred
dashes, all come out the same.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from perfscore.errors import ReadError
from perfscore.readers.blocks import Cell, Grid
from perfscore.readers.canvas import Canvas
from perfscore.readers.limits import MAX_RULES, MAX_SLOTS
from perfscore.readers.marks import Glyph, Rule, spell

__all__ = ["RuledTable", "ruled_tables"]

Numbers = NDArray[np.integer[Any]]

TOO_MANY = ("页面上的线条过多，不像表格", "请核对该页是否为图纸，或另存为 docx、xlsx 后再读")
"""Reason and advice."""

NEAR = 3.0
"""Points within which lines are one line and ends touch: borders are drawn twice, or do not quite meet."""


class Segment(NamedTuple):
    """A line at a position, from start to end along the other axis."""

    at: float
    start: float
    end: float


class RuledTable(NamedTuple):
    """Column and row boundaries in points, and for every slot, row by row, the number of the cell it belongs to."""

    xs: list[float]
    ys: list[float]
    regions: list[list[int]]

    def holds(self, glyph: Glyph) -> bool:
        """Tell whether the middle of a glyph lies inside."""
        x = (glyph.x0 + glyph.x1) / 2
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= glyph.middle <= self.ys[-1]

    def grid(self, glyphs: Iterable[Glyph], place: str, address: Callable[[int, int], str]) -> Grid:
        """Return the table with the text that its glyphs spell in each cell."""
        inside: dict[int, list[Glyph]] = {}
        for glyph in glyphs:
            row = _slot(self.ys, glyph.middle)
            column = _slot(self.xs, (glyph.x0 + glyph.x1) / 2)
            inside.setdefault(self.regions[row][column], []).append(glyph)
        canvas = Canvas(address)
        cells: dict[int, Cell] = {}
        for row, line in enumerate(self.regions):
            for column, region in enumerate(line):
                if region not in cells:
                    cells[region] = canvas.cell(row, column, spell(inside.get(region, [])))
                canvas.put(row, column, cells[region])
        return replace(canvas.grid(place), edges=tuple(self.xs))


def _slot(bounds: list[float], position: float) -> int:
    return min(max(bisect_right(bounds, position) - 1, 0), len(bounds) - 2)


def ruled_tables(rules: list[Rule]) -> list[RuledTable]:
    """Return the tables that the lines of a page draw, smallest first, so that a table inside a cell comes before it.

    Raises
    ------
    ReadError : more lines, or more slots between them, than any table has
    """
    flat = [rule for rule in rules if rule.x1 - rule.x0 > rule.bottom - rule.top]
    tall = [rule for rule in rules if rule.x1 - rule.x0 < rule.bottom - rule.top]
    across = _joined([Segment(rule.top, rule.x0, rule.x1) for rule in flat])
    down = _joined([Segment(rule.x0, rule.top, rule.bottom) for rule in tall])
    if max(len(across), len(down)) > MAX_RULES:
        raise ReadError(*TOO_MANY)
    tables = [_table(*drawn) for drawn in _connected(across, down)]
    found = [table for table in tables if table is not None]
    return sorted(found, key=lambda table: (table.xs[-1] - table.xs[0]) * (table.ys[-1] - table.ys[0]))


def _joined(segments: list[Segment]) -> list[Segment]:
    """Join segments on one line that touch or overlap; lines nearer than ``NEAR`` are one line."""
    snap = _snapper([segment.at for segment in segments])
    joined: list[Segment] = []
    for segment in sorted(Segment(snap(one.at), one.start, one.end) for one in segments):
        if joined and joined[-1].at == segment.at and segment.start <= joined[-1].end + NEAR:
            joined[-1] = joined[-1]._replace(end=max(joined[-1].end, segment.end))
        else:
            joined.append(segment)
    return [segment for segment in joined if segment.end - segment.start > NEAR]


def _snapper(positions: Iterable[float]) -> Callable[[float], float]:
    """Return a function that moves a position to the middle of the group of near positions that it belongs to."""
    groups: list[list[float]] = []
    for position in sorted(set(positions)):
        if groups and position - groups[-1][-1] <= NEAR:
            groups[-1].append(position)
        else:
            groups.append([position])
    middle = {position: sum(group) / len(group) for group in groups for position in group}
    return middle.__getitem__


def _connected(across: list[Segment], down: list[Segment]) -> list[tuple[list[Segment], list[Segment]]]:
    """Return the groups of lines that cross or touch one another."""
    y, left, right = (column[:, None] for column in np.array(across).reshape(-1, 3).T)
    x, top, bottom = np.array(down).reshape(-1, 3).T
    meet = (left - NEAR <= x) & (x <= right + NEAR) & (top - NEAR <= y) & (y <= bottom + NEAR)
    flat, tall = np.nonzero(meet)
    groups: dict[int, tuple[list[Segment], list[Segment]]] = {}
    joined = _joined_up(len(across) + len(down), flat, tall + len(across))
    for number, (group, segment) in enumerate(zip(joined.tolist(), [*across, *down], strict=True)):
        groups.setdefault(group, ([], []))[number >= len(across)].append(segment)
    return list(groups.values())


def _joined_up(count: int, a: Numbers, b: Numbers) -> Numbers:
    """Number the groups of things of which each ``a`` is joined to its ``b``, in the order of their first things."""
    # Slow to import, and needed for pages with lines only.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(count, count))
    groups: Numbers = connected_components(links, directed=False)[1]
    return groups


def _table(across: list[Segment], down: list[Segment]) -> RuledTable | None:
    """Return the table that connected lines draw; none where they draw fewer than two columns."""
    xs = _bounds([line.at for line in down], [end for line in across for end in (line.start, line.end)])
    ys = _bounds([line.at for line in across], [end for line in down for end in (line.start, line.end)])
    if len(xs) < 3 or len(ys) < 2:
        return None
    width, height = len(xs) - 1, len(ys) - 1
    if width * height > MAX_SLOTS:
        raise ReadError(*TOO_MANY)
    walls, floors = np.zeros((width + 1, height), bool), np.zeros((height + 1, width), bool)
    for line in down:
        walls[xs.index(line.at)] |= _crossed(ys, line)
    for line in across:
        floors[ys.index(line.at)] |= _crossed(xs, line)
    slots = np.arange(width * height).reshape(height, width)
    beside, below = ~walls[1:-1].T, ~floors[1:-1]
    before = np.concatenate([slots[:, :-1][beside], slots[:-1][below]])
    after = np.concatenate([slots[:, 1:][beside], slots[1:][below]])
    regions = _joined_up(width * height, before, after).reshape(height, width)
    return RuledTable(xs, ys, regions.tolist()) if regions.any() else None


def _bounds(lines: list[float], ends: list[float]) -> list[float]:
    """Return the positions of lines, and of the outermost ends of the lines that cross them where a side is open."""
    bounds = sorted(set(lines))
    first, last = min(ends, default=0.0), max(ends, default=0.0)
    if not bounds:
        return []
    return ([first] if first < bounds[0] - 2 * NEAR else []) + bounds + ([last] if last > bounds[-1] + 2 * NEAR else [])


def _crossed(bounds: list[float], line: Segment) -> NDArray[np.bool_]:
    """Tell which slots along a line it closes off: those it runs past for more than half of their length."""
    first, last = np.array(bounds[:-1]), np.array(bounds[1:])
    covered: NDArray[np.bool_] = np.minimum(line.end, last) - np.maximum(line.start, first) > (last - first) / 2
    return covered
