"""Tables without ruling lines: columns are told by the white gutters between them, rows by the white bands.

A band between two rows is higher than the leading inside a cell. Labels at the left (一级, 二级指标) may stand at the
middle of the rows they cover, across their bands, so bands are also looked for to the right of them; a column whose
labels stand at the middles of blocks that fill it from top to bottom gets these blocks as merged cells.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from perfscore.readers.bands import (
    Piece,
    are_apart,
    are_certain,
    are_level,
    bands_of,
    blocks_of,
    limit_of,
    row_of,
    tiles_of,
)
from perfscore.readers.blocks import Grid
from perfscore.readers.canvas import Canvas
from perfscore.readers.drawing import Row, drawn_rows, in_reading_order, pieces_of
from perfscore.readers.drawn import DrawnTable, drawn_tables
from perfscore.readers.marks import Glyph, lines_of, spell

__all__ = ["AlignedTable", "TextLine", "tables_of"]

PIECE_GAP = 0.7
"""Gap, in glyph heights, that parts two pieces of a line; text of one cell has no such gap."""
GUTTER = 0.6
"""Width, in glyph heights, of a gutter that runs through the whole table."""
WIDE = 0.6
"""A piece wider than this share of the text is prose or a cell across the whole table, and ends a table."""
SAME_EDGE = 2.0
"""Points by which the texts of a column may start apart on two pages."""
MIN_COLUMNS, MIN_ROWS = 3, 2
"""Fewer columns are an indented list or two words far apart."""
MIN_LOST = 3
"""Lines in columns that form no table, but must have been one."""


@dataclass
class TextLine:
    """One visual line of a page."""

    glyphs: list[Glyph]
    pieces: list[Piece]
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Font size."""
        return self.bottom - self.top


def text_lines(lines: list[list[Glyph]]) -> list[TextLine]:
    """Cut lines of glyphs into their pieces; lines of blanks are dropped."""
    found = []
    for line in lines:
        inked = [glyph for glyph in line if not glyph.text.isspace()]
        if not inked:
            continue
        groups = [[inked[0]]]
        for before, glyph in pairwise(inked):
            if glyph.x0 - before.x1 > PIECE_GAP * glyph.height:
                groups.append([])
            groups[-1].append(glyph)
        pieces = [Piece.of(group) for group in groups]
        found.append(TextLine(line, pieces, min(p.top for p in pieces), max(p.bottom for p in pieces)))
    return found


class Placed(NamedTuple):
    """A cell: where it stands, what it covers, and its glyphs."""

    row: int
    column: int
    n_rows: int
    n_columns: int
    glyphs: list[Glyph]


class AlignedTable(NamedTuple):
    """The cells of a table without lines, the middles of its gutters, and where the texts of its columns start.

    ``rows`` are those of a page drawn cell by cell; ``sound`` says whether rows and columns are told with certainty.
    """

    cells: list[Placed]
    gutters: list[float]
    edges: list[float]
    rows: list[Row]
    sound: bool = True

    def grid(self, place: str, address: Callable[[int, int], str]) -> Grid:
        """Return the table with its text."""
        canvas = Canvas(address)
        for row, column, n_rows, n_columns, glyphs in self.cells:
            canvas.put(row, column, spell(glyphs), n_rows, n_columns)
        return canvas.grid(place)


def tables_of(glyphs: list[Glyph], by_cell: bool, before: AlignedTable | None) -> list[TextLine | AlignedTable]:
    """Return the lines of a page in order, those that form tables replaced by the tables.

    Parameters
    ----------
    glyphs : as they are drawn
    by_cell : whether the file is drawn cell by cell
    before : the table at the end of the page before: what fits its columns goes on with it
    """
    rows = (
        drawn_rows(pieces_of(in_reading_order(glyphs))) if by_cell and not any(glyph.angle for glyph in glyphs) else []
    )
    if not rows:
        return aligned_tables(text_lines(lines_of(glyphs)), before)
    found: list[TextLine | AlignedTable] = []
    loose: list[Glyph] = []
    for item in [*drawn_tables(rows, before.rows if before else []), None]:
        if isinstance(item, list):
            loose += [glyph for block in item for piece in block.pieces for glyph in piece.glyphs]
            continue
        found += text_lines(lines_of(loose))
        loose = []
        if item:
            found.append(_drawn(item))
    return found


def _drawn(table: DrawnTable) -> AlignedTable:
    cells = [
        Placed(row, column, n_rows, n_columns, [glyph for piece in pieces for glyph in piece.glyphs])
        for row, column, n_rows, n_columns, pieces in table.cells()
    ]
    return AlignedTable(cells, table.gutters, [], table.known, table.is_sound())


def aligned_tables(lines: list[TextLine], before: AlignedTable | None = None) -> list[TextLine | AlignedTable]:
    """Return the lines of a page in order, those that form tables replaced by the tables.

    ``before`` is the table at the end of the page before: lines at the top that fit its columns go on with it.
    """
    found: list[TextLine | AlignedTable] = []
    for number, run in enumerate(_runs(lines)):
        if before is not None and number == 0 and _goes_on(run, before):
            first, last, columns = 0, len(run), before.gutters
        else:
            first, last, columns = _extent(run)
        found += run[:first]
        if first < last:
            found.append(_table(run[first:last], columns))
        found += run[last:]
    lost = [item for item in found if isinstance(item, TextLine) and len(item.pieces) >= MIN_COLUMNS]
    if len(lost) >= MIN_LOST or (lost and (before or any(isinstance(item, AlignedTable) for item in found))):
        found.append(AlignedTable([], [], [], [], False))
    return found


def _goes_on(run: list[TextLine], before: AlignedTable) -> bool:
    """Tell whether every piece starts where a column of the table starts and ends before the next column.

    A lone piece at the left on top is rather a title.
    """
    if not before.edges:
        return False
    top = run[0].pieces
    return (len(top) > 1 or bisect_right(before.gutters, top[0].x0) > 0) and all(
        abs(piece.x0 - before.edges[bisect_right(before.gutters, piece.x0)]) < SAME_EDGE
        and bisect_right(before.gutters, piece.x0) == bisect_right(before.gutters, piece.x1)
        for line in run
        for piece in line.pieces
    )


def _runs(lines: list[TextLine]) -> list[list[TextLine]]:
    """Cut lines where a table cannot go on: at a wide white gap and around prose."""
    left = min((line.pieces[0].x0 for line in lines), default=0.0)
    right = max((line.pieces[-1].x1 for line in lines), default=0.0)
    runs: list[list[TextLine]] = [[]]
    for line in lines:
        prose = any(piece.x1 - piece.x0 > WIDE * (right - left) for piece in line.pieces)
        apart = runs[-1] and line.top - runs[-1][-1].bottom > 2.5 * line.height
        if prose or apart:
            runs.append([])
        runs[-1].append(line)
        if prose:
            runs.append([])
    return [run for run in runs if run]


def _extent(run: list[TextLine]) -> tuple[int, int, list[float]]:
    """Return where in a run of lines a table starts and ends, and its gutters; an empty extent if there is none."""
    several = [index for index, line in enumerate(run) if len(line.pieces) > 1]
    if len(several) < MIN_ROWS:
        return 0, 0, []
    first, last = several[0], several[-1] + 1
    gutters = _gutters([run[index] for index in several])
    if len(gutters) + 1 < MIN_COLUMNS:
        return 0, 0, []
    limit = max(limit_of(_columns(run[first:last], gutters)), 0.3 * run[first].height)
    while first and run[first].top - run[first - 1].bottom < limit:
        first -= 1
    while last < len(run) and run[last].top - run[last - 1].bottom < run[last].height:
        last += 1
    closer = _gutters(run[first:last])
    return first, last, closer if len(closer) >= len(gutters) else gutters


def _gutters(lines: list[TextLine]) -> list[float]:
    """Return the middles of the white gutters; some lines may cross them where that shows more of them.

    These are the lines above the columns: names and goals in merged cells.
    """
    return max((_crossed_by(lines, allowed) for allowed in range(len(lines) // 4 + 1)), key=len)


def _crossed_by(lines: list[TextLine], allowed: int) -> list[float]:
    """Return the middles of the stretches that at most so many lines cross."""
    size = median(line.height for line in lines)
    edges = sorted(edge for line in lines for piece in line.pieces for edge in ((piece.x0, 1), (piece.x1, -1)))
    gutters, crossing = [], 0
    white: list[tuple[int, float, float]] = []  # stretches of one gutter: how many lines cross, from where, to where
    for (x, step), (x_next, _) in pairwise(edges):
        crossing += step
        if crossing <= allowed:
            white.append((crossing, x, x_next))
            continue
        if white and white[-1][2] - white[0][1] >= GUTTER * size:
            _, start, end = min(white, key=lambda stretch: (stretch[0], stretch[1] - stretch[2]))
            gutters.append((start + end) / 2)
        white = []
    return gutters


def _table(lines: list[TextLine], gutters: list[float]) -> AlignedTable:
    columns = _columns(lines, gutters)
    limit = limit_of(columns)
    n_labels = min(2, len(columns) - 2)
    bands = max((bands_of(columns, skipped, limit) for skipped in range(n_labels + 1)), key=len)
    middles = [(above[1] + below[0]) / 2 for above, below in pairwise(bands)]
    margin = min((below[0] - above[1] for above, below in pairwise(bands)), default=0.0) / 2
    bounds = [bands[0][0] - margin, *middles, bands[-1][1] + margin]
    spans: dict[tuple[int, int], int] = {}
    held: dict[tuple[int, int], list[Piece]] = {}
    starts = set(range(len(bands)))
    for column, pieces in reversed(list(enumerate(columns))):
        blocks = blocks_of(pieces, limit) if column < n_labels else [[piece] for piece in pieces]
        tiles = tiles_of(blocks, bounds) if column < n_labels and len(blocks) < len(bands) else None
        if tiles and not starts.issuperset(row for row, _ in tiles):
            tiles = None  # what a label covers begins with a label of the column to its right
        places = tiles or [(row_of(bounds, block), 1) for block in blocks]
        for (row, n_rows), block in zip(places, blocks, strict=True):
            held.setdefault((row, column), []).extend(block)
            spans[row, column] = n_rows
        starts = {row for row, _ in places} if column < n_labels else starts
    cells = []
    for (row, column), pieces in held.items():
        last = max(bisect_right(gutters, piece.x1) for piece in pieces)
        width = next((n for n in range(1, last - column + 1) if (row, column + n) in held), last - column + 1)
        cells.append(Placed(row, column, spans[row, column], width, [g for piece in pieces for g in piece.glyphs]))
    edges = [min((piece.x0 for piece in column), default=0.0) for column in columns]
    labels = [
        {row: (spans[row, column], held[row, column]) for row, at in held if at == column} for column in range(n_labels)
    ]
    texts = [(row, pieces) for (row, column), pieces in held.items() if column >= n_labels]
    sound = (
        are_apart(bands, texts, limit) and are_level(bands, texts) and all(are_certain(bands, one) for one in labels)
    )
    return AlignedTable(cells, gutters, edges, [], sound)


def _columns(lines: list[TextLine], gutters: list[float]) -> list[list[Piece]]:
    """Return the pieces of each column from top to bottom."""
    columns: list[list[Piece]] = [[] for _ in range(len(gutters) + 1)]
    for piece in sorted((piece for line in lines for piece in line.pieces), key=lambda piece: (piece.top, piece.x0)):
        columns[bisect_right(gutters, piece.x0)].append(piece)
    return columns
