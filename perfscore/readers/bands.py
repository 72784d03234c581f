"""Rows of a table without ruling lines, told by the white bands between them; and labels that stand for several rows."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple, Self

from perfscore.readers.marks import Glyph

__all__ = [
    "Piece",
    "are_apart",
    "are_certain",
    "are_level",
    "bands_of",
    "blocks_of",
    "limit_of",
    "row_of",
    "tiles_of",
]

LEADING = 0.6
"""White between the lines of one cell, in glyph heights, is less: the widest usual spacing is 1.5 lines."""
LEADING_TO_BAND = 0.25
"""Least difference, in glyph heights, between the white that parts rows and the white between the lines of a cell."""


OFF = 0.3
"""Glyph heights by which a text may stand off the middle, or the top, of its row."""

Band = tuple[float, float]


class Piece(NamedTuple):
    """A stretch of a line without a wide gap."""

    glyphs: tuple[Glyph, ...]
    x0: float
    x1: float
    top: float
    bottom: float

    @classmethod
    def of(cls, glyphs: Sequence[Glyph]) -> Self:
        """Put glyphs together, first to last."""
        return cls(
            tuple(glyphs),
            glyphs[0].x0,
            max(glyph.x1 for glyph in glyphs),
            min(glyph.top for glyph in glyphs),
            max(glyph.bottom for glyph in glyphs),
        )

    @property
    def height(self) -> float:
        """Font size."""
        return self.bottom - self.top


def limit_of(columns: list[list[Piece]]) -> float:
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


def bands_of(columns: list[list[Piece]], skipped: int, limit: float) -> list[Band]:
    """Return top and bottom of every row, the labels in the first ``skipped`` columns left out of account."""
    numbered = [(piece, number) for number, column in enumerate(columns) for piece in column if number >= skipped]
    rows: list[Band] = []
    for piece, _ in sorted(numbered, key=lambda item: item[0].top):
        if rows and piece.top < rows[-1][1] + limit:
            rows[-1] = (rows[-1][0], max(rows[-1][1], piece.bottom))
        else:
            rows.append((piece.top, piece.bottom))
    rows = rows if limit else _rejoined(rows, numbered, columns)
    return sorted([*rows, *_between(rows, columns[:skipped], limit)])


def _between(rows: list[Band], labels: list[list[Piece]], limit: float) -> list[Band]:
    """Return the rows that only hold labels: a goal, say, beside its label and blank to the right.

    A label that stands for the rows around it lies in white no higher than between any other two rows.
    """
    white = median([below[0] - above[1] for above, below in pairwise(rows)] or [0.0])
    found: list[Band] = []
    blocks = [
        (block[0].top, block[-1].bottom, block[0].height) for pieces in labels for block in blocks_of(pieces, limit)
    ]
    for top, bottom, height in sorted(blocks):
        above = max((row[1] for row in rows if row[0] < top), default=float("-inf"))
        below = min((row[0] for row in rows if row[0] >= top), default=float("inf"))
        if top < above + limit or bottom + limit > below or below - above < white + height:
            continue
        if found and top < found[-1][1] + limit:
            found[-1] = (found[-1][0], max(found[-1][1], bottom))
        else:
            found.append((top, bottom))
    return found


def _rejoined(rows: list[Band], numbered: list[tuple[Piece, int]], columns: list[list[Piece]]) -> list[Band]:
    """Join lines as far apart as rows where all that is in the lower goes on what fills the columns above."""
    starts = [top for top, _ in rows]
    held: list[dict[int, Piece]] = [{} for _ in rows]
    for piece, number in numbered:
        held[bisect_right(starts, piece.top) - 1][number] = piece
    joined = rows[:1]
    for row, above, line in zip(rows[1:], held, held[1:], strict=False):
        wrapped = all(number in above and _fills(above[number], columns[number]) for number in line)
        if wrapped and len(line) < len(above) and row[0] - joined[-1][1] < LEADING * (row[1] - row[0]):
            joined[-1] = (joined[-1][0], row[1])
        else:
            joined.append(row)
    return joined


def row_of(bounds: list[float], block: list[Piece]) -> int:
    """Return the row, given the boundaries of all, in which the middle of a block lies."""
    return min(max(bisect_right(bounds, _middle(block)) - 1, 0), len(bounds) - 2)


def _middle(block: list[Piece]) -> float:
    return (min(piece.top for piece in block) + max(piece.bottom for piece in block)) / 2


def blocks_of(pieces: list[Piece], limit: float) -> list[list[Piece]]:
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


def tiles_of(blocks: list[list[Piece]], bounds: list[float]) -> list[tuple[int, int]] | None:
    """Return first row and number of rows of each label, if they fill the column, each at the middle of its own."""
    tiles = []
    start = 0
    for block in blocks:
        ends = range(start + 1, len(bounds))
        off = {end: abs((bounds[start] + bounds[end]) / 2 - _middle(block)) for end in ends}
        end = min(ends, key=off.__getitem__, default=0)
        if not end or off[end] > OFF * block[0].height:
            return None
        tiles.append((start, end - start))
        start = end
    return tiles if start == len(bounds) - 1 else None


def are_apart(bands: list[Band], cells: list[tuple[int, list[Piece]]], limit: float) -> bool:
    """Say whether white that no line spacing has parts the rows, where no line spacing in a cell tells how high it is."""
    if limit:
        return True
    whites = (below[0] - above[1] for above, below in pairwise(bands))
    height = median(pieces[0].height for _, pieces in cells)
    return all(len(pieces) == 1 for _, pieces in cells) and min(whites, default=height) >= LEADING * height


def are_level(bands: list[Band], cells: list[tuple[int, list[Piece]]]) -> bool:
    """Say whether all texts stand at the middle of their rows, or all at the top: others may belong to several rows."""
    return all(abs(_middle(pieces) - sum(bands[row]) / 2) < OFF * pieces[0].height for row, pieces in cells) or all(
        abs(pieces[0].top - bands[row][0]) < OFF * pieces[0].height for row, pieces in cells
    )


def are_certain(bands: list[Band], labels: dict[int, tuple[int, list[Piece]]]) -> bool:
    """Say whether the labels of a column fill it, and those of several rows cannot stand on top of blank cells instead."""
    if sum(n_rows for n_rows, _ in labels.values()) < len(bands):
        return False
    if all(n_rows == 1 for n_rows, _ in labels.values()):
        return True
    return any(
        all(abs(_middle(pieces) - (top + bottom) / 2) > OFF * pieces[0].height for top, bottom in bands)
        for _, pieces in labels.values()
    )
