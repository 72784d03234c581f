"""Tables without ruling lines whose cells and rows the drawing order tells."""

from dataclasses import dataclass
from itertools import pairwise

from perfscore.readers.bands import Piece
from perfscore.readers.drawing import LITTLE, SAME_EDGE, TOUCH, Block, Row
from perfscore.readers.gutters import columns_of, gutters_of

__all__ = ["DrawnTable", "drawn_tables"]

MIN_COLUMNS = 3
"""Fewer columns are an indented list or two words far apart."""
LABELS = 2
"""Columns at the left whose texts may stand for several rows each."""
KEPT = 40
"""Rows of a table by which its columns are known on the next page."""
FEW = 3
"""Rows on top of a page that may have lost a column of the table above."""
APART = 2.5
"""Glyph heights of white above a line that does not belong to the table above."""


@dataclass(frozen=True)
class DrawnTable:
    """Rows of a table, and the middles of the gutters between its columns.

    ``known`` are rows that tell the columns, those of pages before among them; ``is_placed`` that they are told at all.
    """

    rows: list[Row]
    gutters: list[float]
    known: list[Row]
    is_placed: bool = True

    def is_sound(self) -> bool:
        """Say whether the cells stand as those of a table can: side by side, and below those of the rows above."""
        rows, gutters = self.rows, self.gutters
        return (
            self.is_placed
            and _parted(rows, gutters)
            and _in_order(rows, gutters)
            and not _glued(rows, self.known, gutters)
        )

    def cells(self) -> list[tuple[int, int, int, int, list[Piece]]]:
        """Return row, column, rows and columns covered, and the text of each cell."""
        bounds = _bounds(self.rows)
        taken = [{c for block in row for c in _reach(self.gutters, block)} for row in self.rows]
        found = []
        for number, row in enumerate(self.rows):
            label = 1
            for block in row:
                columns = _reach(self.gutters, block)
                end = next((n for n in range(number + 1, len(taken)) if taken[n].intersection(columns)), len(taken))
                n_rows = _height(block, bounds, number, end)
                label = n_rows if columns[0] == 0 else label
                if columns[0] >= LABELS and n_rows != label:
                    n_rows = 1  # only a header is merged down in all its columns
                found.append((number, columns[0], n_rows, len(columns), block.pieces))
        return found


def _reach(gutters: list[float], block: Block) -> range:
    first, last = columns_of(gutters, block)
    return range(first, last + 1)


def drawn_tables(rows: list[Row], before: list[Row]) -> list[Row | DrawnTable]:
    """Return the rows of a page, those that form tables replaced by the tables.

    ``before`` are the rows of the table at the end of the page before: rows that fit its columns go on with it.
    """
    spans: list[tuple[int, int, list[Row]]] = []
    for start, end in _runs(rows):
        run = rows[start:end]
        if not spans and before and _goes_on(before, run):
            spans.append((start, end, [*before, *run]))
            continue
        if spans:
            first, last, known = spans[-1]
            both = gutters_of([*known, *run])
            fits = len(both) == max(len(gutters_of(known)), len(gutters_of(run)))
            if fits and _inside(rows, last, start, both):
                spans[-1] = (first, end, [*known, *rows[last:end]])
                continue
        spans.append((start, end, run))
    found: list[Row | DrawnTable] = []
    done = 0
    for start, end, known in spans:
        gutters = gutters_of(known)
        if len(gutters) + 1 < MIN_COLUMNS:
            continue
        follows = bool(before) and not found and len(gutters) == len(gutters_of(before))
        if follows:
            while start > done and len(rows[start - 1]) == 1 and _inside(rows, start - 1, start, gutters, 1):
                start -= 1
        while end < len(rows) and len(rows[end]) == 1 and _inside(rows, end, end + 1, gutters, 1):
            end += 1
        found += rows[done:start]
        lone = bool(before) and not found and len(known) == end - start < FEW and len(gutters) < len(gutters_of(before))
        others = [block for row in (*rows[:start], *rows[end:]) for block in row]
        placed = not lone and not any(_crosses(block, rows[start:end]) for block in others)
        found.append(DrawnTable(rows[start:end], gutters, known[:KEPT], placed))
        done = end
    return found + rows[done:]


def _crosses(block: Block, rows: list[Row]) -> bool:
    """Say whether a text outside a table stands beside rows of it."""
    slack = TOUCH * block.height
    top, bottom = min(b.top for row in rows for b in row), max(b.bottom for row in rows for b in row)
    return block.bottom > top + slack and block.top < bottom - slack


def _runs(rows: list[Row]) -> list[tuple[int, int]]:
    """Return where rows of several cells follow on one another."""
    runs: list[tuple[int, int]] = []
    for number, row in enumerate(rows):
        if len(row) < 2:
            continue
        if runs and runs[-1][1] == number:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs


def _inside(rows: list[Row], start: int, end: int, gutters: list[float], column: int = 0) -> bool:
    """Say whether rows of one cell stand in a column of the table, from ``column`` on, and near the row above."""
    for number in range(start, end):
        (block,) = rows[number]
        first, last = columns_of(gutters, block)
        above = max((other.bottom for other in rows[number - 1]), default=0.0) if number else block.top
        if first < column or (first == 0 and last > 0) or block.top - above > APART * block.height:
            return False
    return True


def _goes_on(before: list[Row], rows: list[Row]) -> bool:
    """Say whether rows on top of a page stand in the columns of the table at the end of the page before, but lack some."""
    both, columns = gutters_of([*before, *rows]), len(gutters_of(before))
    spans = [columns_of(both, block) for row in rows for block in row]
    across = sum(first < last for first, last in spans)
    return len(gutters_of(rows)) < columns == len(both) and across <= len(spans) // 4


def _parted(rows: list[Row], gutters: list[float]) -> bool:
    """Say whether no two cells of a row stand in one column."""
    for row in rows:
        spans = [columns_of(gutters, block) for block in row]
        if any(left[1] >= right[0] for left, right in pairwise(spans)):
            return False
    return True


def _glued(rows: list[Row], known: list[Row], gutters: list[float]) -> bool:
    """Say whether a line runs over a gutter with a little white where the next column starts: the text of two cells."""
    blocks = [block for row in (*known, *rows) for block in row]
    edges = [
        min((block.x0 for block in blocks if columns_of(gutters, block)[0] == column), default=float("inf"))
        for column in range(len(gutters) + 1)
    ]
    for piece in (piece for row in rows for block in row for piece in block.pieces):
        first, last = columns_of(gutters, piece)
        for edge in edges[first + 1 : last + 1]:
            for left, right in pairwise(piece.glyphs):
                if abs(right.x0 - edge) < SAME_EDGE and right.x0 - left.x1 > LITTLE * right.height:
                    return True
    return False


def _in_order(rows: list[Row], gutters: list[float]) -> bool:
    """Say whether every row has a cell above all rows below it, and cells that reach further stand over blank ones."""
    tops = [min(block.top for block in row) for row in rows]
    for number, row in enumerate(rows):
        below = min(tops[number + 1 :], default=float("inf"))
        slack = TOUCH * row[0].height
        if min(block.bottom for block in row) > below + slack:
            return False
        for block in row:
            first, last = columns_of(gutters, block)
            for other in rows[number + 1 :]:
                if min(b.top for b in other) >= block.bottom - slack:
                    break
                if any(first <= column <= last for b in other for column in columns_of(gutters, b)):
                    return False
    return True


def _bounds(rows: list[Row]) -> list[float]:
    """Return the boundaries of rows, in the white between what no row shares with another."""
    tops = [min(block.top for block in row) for row in rows]
    bottoms = []
    for number, row in enumerate(rows):
        below = min(tops[number + 1 :], default=float("inf"))
        own = [block.bottom for block in row if block.bottom <= below + TOUCH * block.height]
        bottoms.append(max(own, default=min(block.bottom for block in row)))
    middles = [(bottom + top) / 2 for bottom, top in zip(bottoms, tops[1:], strict=False)]
    margin = min((top - bottom for bottom, top in zip(bottoms, tops[1:], strict=False)), default=0.0) / 2
    return [tops[0] - margin, *middles, bottoms[-1] + margin]


def _height(block: Block, bounds: list[float], start: int, end: int) -> int:
    """Return how many rows a label covers, if it stands at the middle of several above the next, else 1."""
    middle = (block.top + block.bottom) / 2
    off = {stop: abs((bounds[start] + bounds[stop]) / 2 - middle) for stop in range(start + 1, end + 1)}
    stop = min(off, key=off.__getitem__)
    return stop - start if off[stop] <= 0.3 * block.height else 1
