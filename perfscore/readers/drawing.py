"""Cells and rows of a page told by the order in which a program draws them: cell by cell, each with all its lines, row by row.

Where rows stand no further apart than the lines of a cell, or a label stands at the middle of the rows it covers, nothing
else on a page without ruling lines says what belongs together. Some programs draw a page line by line, or in no order:
whether the pen has gone back up to the next cell tells, and rows that overlap are told as doubtful.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from perfscore.readers.bands import LEADING_TO_BAND, Piece
from perfscore.readers.marks import SAME_LINE, Glyph, lines_of

__all__ = ["Block", "Row", "drawn_rows", "in_reading_order", "is_drawn_by_cell", "pieces_of"]

PIECE_GAP = 0.7
"""Gap, in glyph heights, that parts two pieces of a line; text of one cell has no such gap."""
LEADING = 0.65
"""White between the lines of one cell, in glyph heights, is less where no cell shows it: 1.5 lines are the widest usual."""
LITTLE = 0.15
"""Gap, in glyph heights, that text of one cell may have; where a column starts, it parts two cells."""
SAME_EDGE = 1.0
"""Points by which the texts of a column may start apart."""
JOINT = 0.05
"""Gap, in glyph heights, between two glyphs of one word at most."""
TOUCH = 0.25
"""Share of the glyph height by which the boxes of texts in different rows or columns may overlap."""
UP = 0.55
"""Glyph heights that the pen goes up at least from the last line of a cell to the first of the next."""
ROOMY = 0.6
"""Share of the white between two rows: a text at the middle of both stands nearer to either."""
PASSES = 4
"""Times that the pen may go over a page: head and foot, cells of one line, cells of several."""
FAR = 1.2
"""Glyph heights of white that no line spacing inside a cell has."""


class Block(NamedTuple):
    """The lines of one cell, and the box around them."""

    pieces: list[Piece]
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Font size."""
        return self.pieces[0].height


Row = list[Block]


def pieces_of(glyphs: Iterable[Glyph]) -> list[Piece]:
    """Return stretches of text without a wide gap, as glyphs come one after another."""
    groups: list[list[Glyph]] = []
    for glyph in glyphs:
        if glyph.text.isspace():
            continue
        last = groups[-1][-1] if groups else glyph
        level = abs(glyph.middle - last.middle) <= SAME_LINE * glyph.height
        if groups and level and -TOUCH <= (glyph.x0 - last.x1) / glyph.height <= PIECE_GAP:
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    return [Piece.of(group) for group in groups]


def in_reading_order(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Return glyphs as they are drawn, but those of a text in two fonts, drawn one font after the other, as one text.

    Glyphs that touch in a line, but were drawn to and fro, are one text: cells side by side are drawn in one direction.

    Examples
    --------
    >>> def text(*places):
    ...     return [Glyph(char, 10.0 * x, 0.0, 10.0 * x + 10, 10.0) for x, char in places]
    >>> "".join(glyph.text for glyph in in_reading_order(text((0, "3"), (2, "“"), (1, "、"), (3, "雪"))))
    '3、“雪'
    """
    drawn = {id(glyph): number for number, glyph in enumerate(glyphs)}
    order: dict[int, tuple[int, float]] = {id(glyph): (number, 0.0) for number, glyph in enumerate(glyphs)}
    for line in lines_of(glyphs):
        runs = [line[:1]]
        for before, glyph in pairwise(line):
            if abs(glyph.x0 - before.x1) < JOINT * glyph.height:
                runs[-1].append(glyph)
            else:
                runs.append([glyph])
        for run in runs:
            numbers = [drawn[id(glyph)] for glyph in run]
            if numbers != sorted(numbers):
                order |= {id(glyph): (min(numbers), glyph.x0) for glyph in run}
    return sorted(glyphs, key=lambda glyph: order[id(glyph)])


def is_drawn_by_cell(pieces: list[Piece]) -> bool:
    """Say whether the pen goes back up somewhere, from the last line of a cell to the first of the next on its right."""
    return any(_goes_up(pieces))


def drawn_rows(pieces: list[Piece]) -> list[Row]:
    """Return the rows of cells of a page that is drawn cell by cell, from top to bottom; none if this one is not.

    Examples
    --------
    >>> def text(word, x, y):
    ...     return [Glyph(char, x + 10 * i, y, x + 10 * i + 10, y + 10) for i, char in enumerate(word)]
    >>> page = text("办结", 0, 0) + text("率", 0, 13) + text("≥5%", 50, 6) + text("接件", 0, 26) + text("≥3件", 50, 26)
    >>> [["".join(g.text for p in cell.pieces for g in p.glyphs) for cell in row] for row in drawn_rows(pieces_of(page))]
    [['办结率', '≥5%'], ['接件', '≥3件']]
    """
    edges = Counter(round(piece.x0) for piece in pieces)
    pieces = _split_at(pieces, [edge for edge, count in edges.items() if count > 1])
    passes = _passes(_blocks(pieces))
    rows: list[Row] = []
    for passed in passes if len(passes) <= PASSES else []:
        rows = _merged(rows, passed)
    return rows


def _goes_up(pieces: list[Piece]) -> list[bool]:
    return [_right(a, b) and a.bottom - b.bottom > UP * a.height for a, b in pairwise(pieces)]


def _right(before: Piece | Block, after: Piece | Block) -> bool:
    return after.x0 > before.x1 - TOUCH * before.height


def _below(before: Piece | Block, after: Piece | Block) -> bool:
    return after.top > before.bottom - TOUCH * before.height


def _block(pieces: list[Piece]) -> Block:
    return Block(
        pieces,
        min(piece.x0 for piece in pieces),
        max(piece.x1 for piece in pieces),
        pieces[0].top,
        max(piece.bottom for piece in pieces),
    )


def _blocks(pieces: list[Piece]) -> list[Block]:
    """Put the lines of each cell together.

    Lines drawn one after another, one below the other, are of one cell where the pen goes up after them; how far apart
    they are tells whether others are.
    """
    goes_up = _goes_up(pieces)
    runs: list[list[Piece]] = []
    certain: list[float] = []
    for number, piece in enumerate(pieces):
        last = runs[-1][-1] if runs else piece
        overlaps = runs and piece.x0 < max(p.x1 for p in runs[-1]) and piece.x1 > min(p.x0 for p in runs[-1])
        if overlaps and _below(last, piece) and piece.top - last.bottom < FAR * last.height:
            runs[-1].append(piece)
        else:
            runs.append([piece])
        if len(runs[-1]) > 1 and number < len(goes_up) and goes_up[number]:
            certain += [(b.top - a.bottom) / a.height for a, b in pairwise(runs[-1])]
    limit = min(certain) + LEADING_TO_BAND if certain else LEADING
    blocks = []
    for run in runs:
        start = 0
        for end in range(1, len(run) + 1):
            if end == len(run) or run[end].top - run[end - 1].bottom >= limit * run[end].height:
                blocks.append(_block(run[start:end]))
                start = end
    return _parted(blocks)


def _parted(blocks: list[Block]) -> list[Block]:
    """Part the last line from a cell above it where the next cell on the right is level with that line alone.

    It begins a row below a title, say. Only where texts stand at the bottom of their rows may it belong to the lines above.
    """
    beside = [(a, b) for a, b in pairwise(blocks) if _right(a, b) and len(a.pieces) != len(b.pieces)]
    at_bottom = sum(abs(a.bottom - b.bottom) < TOUCH * a.height for a, b in beside)
    if not blocks or at_bottom * 2 > len(beside):
        return blocks
    parted: list[Block] = []
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        last = block.pieces[-1]
        level = after and _right(last, after) and abs(last.top - after.top) < TOUCH * last.height
        parted += [_block(block.pieces[:-1]), _block([last])] if level and len(block.pieces) > 1 else [block]
    return parted


def _passes(blocks: list[Block]) -> list[list[Row]]:
    """Put cells into rows; where the pen goes back up to a row above, it passes over the page once more.

    Calc, for one, draws the cells of one line first, and then those of several lines.
    """
    passes: list[list[Row]] = []
    for block in blocks:
        rows = passes[-1] if passes else []
        if not rows:
            passes.append([[block]])
            continue
        before = rows[-1][-1]
        above = min((other.top for row in rows[-2:-1] for other in row), default=block.top)
        if block.top < above - TOUCH * block.height:
            passes.append([[block]])
        elif _right(before, block) and block.top - before.bottom < LITTLE * block.height:
            rows[-1].append(block)
        elif block.top < before.top - TOUCH * before.height:
            passes.append([[block]])
        else:
            rows.append([block])
    return [_rejoined(rows) for rows in passes]


def _rejoined(rows: list[Row]) -> list[Row]:
    """Put back into its row what is merged down on its right, and so stands lower, nearer to both rows than rows do."""
    found = rows[:1]
    whites = [min(b.top for b in below) - max(b.bottom for b in above) for above, below in pairwise(rows)]
    usual = median(whites or [0.0])
    for number, row in enumerate(rows[1:], 1):
        near = max(whites[number - 1 : number + 1]) < ROOMY * usual
        if near and len(whites) > number and _right(found[-1][-1], row[0]) and not _right(row[-1], rows[number + 1][0]):
            found[-1] = [*found[-1], *row]
        else:
            found.append(row)
    return found


def _merged(rows: list[Row], more: list[Row]) -> list[Row]:
    """Put rows of another pass into the rows beside which they stand."""
    apart = []
    for row in more:
        beside = [other for other in rows if not (_below(other[-1], row[-1]) or _below(row[-1], other[-1]))]
        if len(beside) == 1:
            beside[0] += row
        else:
            apart.append(row)
    for row in rows:
        row.sort(key=lambda block: block.x0)
    return sorted(rows + apart, key=lambda row: median(block.top for block in row)) if rows else more


def _split_at(pieces: list[Piece], edges: list[float]) -> list[Piece]:
    """Part pieces where a glyph starts at the left edge of a column after a little white."""
    found = []
    for piece in pieces:
        groups = [[piece.glyphs[0]]]
        for before, glyph in pairwise(piece.glyphs):
            white = glyph.x0 - before.x1 > LITTLE * glyph.height
            if white and any(abs(glyph.x0 - edge) < SAME_EDGE for edge in edges):
                groups.append([])
            groups[-1].append(glyph)
        found += [Piece.of(group) for group in groups]
    return found
