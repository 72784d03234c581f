"""Ruled tables: ruling lines cut the plane into slots, and slots with no line between them are one cell.

So a merged cell of any shape, an open side, and a border that one program draws as a line and another as a hundred
dashes, all come out the same.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from perfscore.errors import ReadError
from perfscore.readers.blocks import Cell, Grid
from perfscore.readers.canvas import Canvas
from perfscore.readers.limits import MAX_RULES
from perfscore.readers.marks import Glyph, Rule, spell

__all__ = ["RuledTable", "ruled_tables"]

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
    ReadError : more lines than any table has
    """
    flat = [rule for rule in rules if rule.x1 - rule.x0 > rule.bottom - rule.top]
    tall = [rule for rule in rules if rule.x1 - rule.x0 < rule.bottom - rule.top]
    across = _joined([Segment(rule.top, rule.x0, rule.x1) for rule in flat])
    down = _joined([Segment(rule.x0, rule.top, rule.bottom) for rule in tall])
    if max(len(across), len(down)) > MAX_RULES:
        raise ReadError("页面上的线条过多，不像表格", "请核对该页是否为图纸，或另存为 docx、xlsx 后再读")
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
    parent = list(range(len(across) + len(down)))
    for i, flat in enumerate(across):
        for j, tall in enumerate(down, len(across)):
            meets_x = flat.start - NEAR <= tall.at <= flat.end + NEAR
            if meets_x and tall.start - NEAR <= flat.at <= tall.end + NEAR:
                parent[_root(parent, i)] = _root(parent, j)
    groups: dict[int, tuple[list[Segment], list[Segment]]] = {}
    for number, segment in enumerate([*across, *down]):
        groups.setdefault(_root(parent, number), ([], []))[number >= len(across)].append(segment)
    return list(groups.values())


def _root(parent: list[int], item: int) -> int:
    while parent[item] != item:
        parent[item] = parent[parent[item]]
        item = parent[item]
    return item


def _table(across: list[Segment], down: list[Segment]) -> RuledTable | None:
    """Return the table that connected lines draw; none where they draw fewer than two columns."""
    xs = _bounds([line.at for line in down], [end for line in across for end in (line.start, line.end)])
    ys = _bounds([line.at for line in across], [end for line in down for end in (line.start, line.end)])
    if len(xs) < 3 or len(ys) < 2:
        return None
    width, height = len(xs) - 1, len(ys) - 1
    walls = {(xs.index(line.at), row) for line in down for row in _crossed(ys, line)}
    floors = {(ys.index(line.at), column) for line in across for column in _crossed(xs, line)}
    parent = list(range(width * height))
    for row in range(height):
        for column in range(width):
            slot = row * width + column
            if column and (column, row) not in walls:
                parent[_root(parent, slot)] = _root(parent, slot - 1)
            if row and (row, column) not in floors:
                parent[_root(parent, slot)] = _root(parent, slot - width)
    regions = [[_root(parent, row * width + column) for column in range(width)] for row in range(height)]
    if len({region for line in regions for region in line}) < 2:
        return None
    return RuledTable(xs, ys, regions)


def _bounds(lines: list[float], ends: list[float]) -> list[float]:
    """Return the positions of lines, and of the outermost ends of the lines that cross them where a side is open."""
    bounds = sorted(set(lines))
    first, last = min(ends, default=0.0), max(ends, default=0.0)
    if not bounds:
        return []
    return ([first] if first < bounds[0] - 2 * NEAR else []) + bounds + ([last] if last > bounds[-1] + 2 * NEAR else [])


def _crossed(bounds: list[float], line: Segment) -> list[int]:
    """Return the slots along a line that it closes off: those it runs past for more than half of their length."""
    return [
        slot
        for slot in range(len(bounds) - 1)
        if min(line.end, bounds[slot + 1]) - max(line.start, bounds[slot]) > (bounds[slot + 1] - bounds[slot]) / 2
    ]
