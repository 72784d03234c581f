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

from perfscore.readers.blocks import Grid
from perfscore.readers.canvas import Canvas
from perfscore.readers.marks import Glyph, spell

__all__ = ["AlignedTable", "TextLine", "aligned_tables", "text_lines"]

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
LEADING = 0.6
"""White between the lines of one cell, in glyph heights, is less: the widest usual spacing is 1.5 lines."""
LEADING_TO_BAND = 0.25
"""Least difference, in glyph heights, between the white that parts rows and the white between the lines of a cell."""


class Piece(NamedTuple):
    """A stretch of a line without a wide gap."""

    glyphs: tuple[Glyph, ...]
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Font size."""
        return self.bottom - self.top


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
        pieces = [_piece(group) for group in groups]
        found.append(TextLine(line, pieces, min(p.top for p in pieces), max(p.bottom for p in pieces)))
    return found


def _piece(glyphs: list[Glyph]) -> Piece:
    return Piece(
        tuple(glyphs),
        glyphs[0].x0,
        max(glyph.x1 for glyph in glyphs),
        min(glyph.top for glyph in glyphs),
        max(glyph.bottom for glyph in glyphs),
    )


class Placed(NamedTuple):
    """A cell: where it stands, what it covers, and its glyphs."""

    row: int
    column: int
    n_rows: int
    n_columns: int
    glyphs: list[Glyph]


class AlignedTable(NamedTuple):
    """The cells of a table without lines, the middles of its gutters, and where the texts of its columns start."""

    cells: list[Placed]
    gutters: list[float]
    edges: list[float]

    def grid(self, place: str, address: Callable[[int, int], str]) -> Grid:
        """Return the table with its text."""
        canvas = Canvas(address)
        for row, column, n_rows, n_columns, glyphs in self.cells:
            canvas.put(row, column, spell(glyphs), n_rows, n_columns)
        return canvas.grid(place)


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
    return found


def _goes_on(run: list[TextLine], before: AlignedTable) -> bool:
    """Tell whether every piece starts where a column of the table starts and ends before the next column.

    A lone piece at the left on top is rather a title.
    """
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
    limit = max(_limit(_columns(run[first:last], gutters)), 0.3 * run[first].height)
    while first and run[first].top - run[first - 1].bottom < limit:
        first -= 1
    while last < len(run) and run[last].top - run[last - 1].bottom < run[last].height:
        last += 1
    closer = _gutters(run[first:last])
    return first, last, closer if len(closer) >= len(gutters) else gutters


def _gutters(lines: list[TextLine]) -> list[float]:
    """Return the middles of the white gutters; a tenth of the lines may cross them where that shows more of them."""
    return max(_crossed_by(lines, 0), _crossed_by(lines, len(lines) // 10), key=len)


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
    limit = _limit(columns)
    n_labels = min(2, len(columns) - 2)
    bands = max((_bands(columns, skipped, limit) for skipped in range(n_labels + 1)), key=len)
    middles = [(above[1] + below[0]) / 2 for above, below in pairwise(bands)]
    margin = min((below[0] - above[1] for above, below in pairwise(bands)), default=0.0) / 2
    bounds = [bands[0][0] - margin, *middles, bands[-1][1] + margin]
    spans: dict[tuple[int, int], int] = {}
    held: dict[tuple[int, int], list[Piece]] = {}
    for column, pieces in enumerate(columns):
        blocks = _blocks(pieces, limit) if column < n_labels else [[piece] for piece in pieces]
        tiles = _tiles(blocks, bounds) if column < n_labels and len(blocks) < len(bands) else None
        for index, block in enumerate(blocks):
            row, n_rows = tiles[index] if tiles else (_row(bounds, block), 1)
            held.setdefault((row, column), []).extend(block)
            spans[row, column] = n_rows
    cells = []
    for (row, column), pieces in held.items():
        last = max(bisect_right(gutters, piece.x1) for piece in pieces)
        width = next((n for n in range(1, last - column + 1) if (row, column + n) in held), last - column + 1)
        cells.append(Placed(row, column, spans[row, column], width, [g for piece in pieces for g in piece.glyphs]))
    edges = [min((piece.x0 for piece in column), default=0.0) for column in columns]
    return AlignedTable(cells, gutters, edges)


def _columns(lines: list[TextLine], gutters: list[float]) -> list[list[Piece]]:
    """Return the pieces of each column from top to bottom."""
    columns: list[list[Piece]] = [[] for _ in range(len(gutters) + 1)]
    for piece in sorted((piece for line in lines for piece in line.pieces), key=lambda piece: (piece.top, piece.x0)):
        columns[bisect_right(gutters, piece.x0)].append(piece)
    return columns


def _limit(columns: list[list[Piece]]) -> float:
    """Return the height of white that parts rows from the lines of one cell; 0 where height does not tell them apart.

    The lines of a cell stand one constant leading apart, and a line that was wrapped fills its column.
    """
    pairs = [(below.top - above.bottom, above, column) for column in columns for above, below in pairwise(column)]
    pairs = [pair for pair in pairs if pair[0] > -pair[1].height / 2]
    if not pairs:
        return 0.0
    smallest = min(gap for gap, _, _ in pairs)
    limit = smallest + LEADING_TO_BAND * median(above.height for _, above, _ in pairs)
    if all(gap < limit for gap, _, _ in pairs):
        return 0.0
    filled = [_fills(above, column) for gap, above, column in pairs if gap < limit]
    return limit if sum(filled) > 0.7 * len(filled) else 0.0


def _fills(piece: Piece, column: list[Piece]) -> bool:
    """Tell whether a piece reaches the right end of its column, as a line does that goes on in the next."""
    return piece.x1 > max(other.x1 for other in column) - 1.5 * piece.height


def _bands(columns: list[list[Piece]], skipped: int, limit: float) -> list[tuple[float, float]]:
    """Return top and bottom of every row, the labels in the first ``skipped`` columns left out of account."""
    numbered = [(piece, number) for number, column in enumerate(columns) for piece in column if number >= skipped]
    rows: list[tuple[float, float]] = []
    for piece, _ in sorted(numbered, key=lambda item: item[0].top):
        if rows and piece.top < rows[-1][1] + limit:
            rows[-1] = (rows[-1][0], max(rows[-1][1], piece.bottom))
        else:
            rows.append((piece.top, piece.bottom))
    return rows if limit else _rejoined(rows, numbered, columns)


def _rejoined(
    rows: list[tuple[float, float]], numbered: list[tuple[Piece, int]], columns: list[list[Piece]]
) -> list[tuple[float, float]]:
    """Join lines as far apart as rows where all that is in the lower goes on what fills the columns above."""
    starts = [top for top, _ in rows]
    held: list[dict[int, Piece]] = [{} for _ in rows]
    for piece, number in numbered:
        held[bisect_right(starts, piece.top) - 1][number] = piece
    joined = [rows[0]]
    for row, above, line in zip(rows[1:], held, held[1:], strict=False):
        wrapped = all(number in above and _fills(above[number], columns[number]) for number in line)
        if wrapped and len(line) < len(above) and row[0] - joined[-1][1] < LEADING * (row[1] - row[0]):
            joined[-1] = (joined[-1][0], row[1])
        else:
            joined.append(row)
    return joined


def _row(bounds: list[float], block: list[Piece]) -> int:
    return min(max(bisect_right(bounds, _middle(block)) - 1, 0), len(bounds) - 2)


def _middle(block: list[Piece]) -> float:
    return (min(piece.top for piece in block) + max(piece.bottom for piece in block)) / 2


def _blocks(pieces: list[Piece], limit: float) -> list[list[Piece]]:
    """Put together the lines of each label, and characters that are set one under another."""
    blocks: list[list[Piece]] = []
    for piece in pieces:
        before = blocks[-1][-1] if blocks else piece
        gap = piece.top - before.bottom
        stacked = all(len(one.glyphs) == 1 and one.glyphs[0].text.isalpha() for one in (before, piece))
        if blocks and gap < (limit or stacked * piece.height):
            blocks[-1].append(piece)
        else:
            blocks.append([piece])
    return blocks


def _tiles(blocks: list[list[Piece]], bounds: list[float]) -> list[tuple[int, int]] | None:
    """Return first row and number of rows of each label, if they fill the column, each at the middle of its own."""
    tiles = []
    start = 0
    for block in blocks:
        ends = range(start + 1, len(bounds))
        off = {end: abs((bounds[start] + bounds[end]) / 2 - _middle(block)) for end in ends}
        end = min(ends, key=off.__getitem__, default=0)
        if not end or off[end] > 0.3 * block[0].height:
            return None
        tiles.append((start, end - start))
        start = end
    return tiles if start == len(bounds) - 1 else None
