"""Cut the running text below a header into rows of cells, by the best path through its pieces (Viterbi).

Level labels and values say where columns are; blanks, line ends and blank lines say where a cell may end; a cell
wrapped over lines fills every line but its last (``likelihood.py`` weighs this).
"""

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, pairwise

from perfscore.headers import clean
from perfscore.likelihood import (
    DANGLING,
    NEVER,
    Piece,
    break_cost,
    cell_score,
    is_chinese,
    join_cost,
    line_widths,
    shape_cost,
    width_of,
)

__all__ = ["column_widths", "cut", "is_doubtful", "text_of"]

_LONGEST = 30
_BLANK = {"level1": -0.5, "level2": -1.5, "name": -9.0, "description": -4.0, "value": -6.0, "basis": -3.0}


Cell = list[Piece]
Row = list[Cell]
_Span = tuple[int, int]
_Step = tuple[int, int, bool]


def text_of(pieces: Sequence[Piece]) -> str:
    """Return the text of a cell, cleaned."""
    return clean(" ".join(piece.text for piece in pieces))


def cut(pieces: Sequence[Piece], roles: Sequence[str], widths: dict[str, float]) -> tuple[list[Row], int]:
    """Cut pieces into rows of cells so that the sum of all scores is largest.

    Parameters
    ----------
    pieces : the text below a header, in reading order
    roles : what each column holds
    widths : how wide columns are, in half-width characters, as far as known

    Returns
    -------
    The rows, and the number of pieces they use; what follows is not part of the table.
    """
    spans, end = _best_path(pieces, roles, widths)
    rows = []
    for row in spans:
        first, last = min(at for cell in row for at, _ in cell), max(stop for cell in row for _, stop in cell)
        tears = [i for i in range(first + 1, last) if pieces[i].gap == "page"]
        rows.append(_mended(pieces, row, tears, roles, widths) if tears else _cells(pieces, row))
    return rows, end


def column_widths(tables: Sequence[tuple[Sequence[Piece], Sequence[str]]]) -> dict[str, float]:
    """Estimate how wide each column is from cells that are wrapped over lines (at least three such lines)."""
    samples: dict[str, list[float]] = {}
    for pieces, roles in tables:
        for row in cut(pieces, roles, {})[0]:
            for kind, cell in zip(roles, row, strict=True):
                samples.setdefault(kind, []).extend(line_widths(cell)[:-1])
    # most full lines are full to the last character or the last but one; few are counted to a wrong cell at first
    return {kind: sorted(lines)[len(lines) * 4 // 5] for kind, lines in samples.items() if len(lines) >= 3}


def is_doubtful(row: Row, roles: Sequence[str], widths: dict[str, float]) -> bool:
    """Say whether a cell of the row is wrapped as its column would not wrap it: it may hold text of another cell."""
    return any(
        shape_cost(line_widths(cell), widths.get(kind)) <= -2 for kind, cell in zip(roles, row, strict=True) if cell
    )


# -- the best path -------------------------------------------------------------------------------------------------


def _best_path(
    pieces: Sequence[Piece], roles: Sequence[str], widths: dict[str, float]
) -> tuple[list[list[list[_Span]]], int]:
    n, k = len(pieces), len(roles)
    spaced = sum(piece.gap == "blank" for piece in pieces) > sum(piece.gap == "line" for piece in pieces)
    best = [[NEVER] * k for _ in range(n + 1)]
    back: list[list[_Step]] = [[(0, 0, False)] * k for _ in range(n + 1)]
    best[0][k - 1] = 0.0
    blank = [0.0]
    for one in roles:
        blank.append(blank[-1] + _BLANK.get(one, -0.5))
    for i in range(n):
        enter = _enter(best[i], blank, roles.index("name"), i, pieces[i].gap)
        if max(score for score, _, _ in enter) < NEVER / 2:
            continue
        edge = break_cost(pieces[i - 1], pieces[i]) if i else 0.0
        for j, inside, lines in _ends(pieces, i, spaced):
            text, row = text_of(pieces[i:j]), best[j]
            for column, kind in enumerate(roles):
                before, came, fresh = enter[column]
                if before + edge + inside + 6.0 <= row[column]:
                    continue
                score = before + edge + inside + cell_score(kind, text) + shape_cost(lines, widths.get(kind))
                if score > row[column]:
                    row[column], back[j][column] = score, (i, came, fresh)
    return _trace(pieces, best, back, blank)


def _ends(pieces: Sequence[Piece], start: int, spaced: bool) -> Iterator[tuple[int, float, list[float]]]:
    """Where a cell that starts here may end, with the cost of going on so far and the widths of its lines."""
    inside, lines = 0.0, [width_of(pieces[start].text)]
    yield start + 1, inside, lines
    for end in range(start + 2, min(len(pieces), start + _LONGEST) + 1):
        piece = pieces[end - 1]
        inside += join_cost(pieces[end - 2], piece, spaced)
        if piece.gap == "space":
            lines[-1] += width_of(piece.text)
        else:
            lines.append(width_of(piece.text))
        full = max(lines)
        if inside - 3.0 * sum(line < full - 3 for line in lines[:-1]) < -14:
            return
        yield end, inside, lines


def _enter(
    scores: Sequence[float], blank: Sequence[float], name: int, at: int, gap: str
) -> list[tuple[float, int, bool]]:
    """The best way into each column, with the column it comes from and whether a row begins.

    It comes from a column on its left in the same row, or from the end of the row before; over a page break also from a
    column on its right, for a row torn there goes on with the rest of each of its cells.
    """
    k = len(scores)
    enter: list[tuple[float, int, bool]] = []
    for column in range(k):
        options = [(scores[c] + blank[column] - blank[c + 1], c, False) for c in range(column) if at]
        if gap == "page":
            options += [(scores[c] - 2.5, c, False) for c in range(column + 1, k)]
        if column <= name:
            bare = -5.0 if column == name else 0.0
            options += [(scores[c] + blank[k] - blank[c + 1] + blank[column] + bare, c, True) for c in range(k)]
        enter.append(max(options, key=lambda option: option[0], default=(NEVER, 0, False)))
    return enter


def _trace(
    pieces: Sequence[Piece], best: Sequence[Sequence[float]], back: Sequence[Sequence[_Step]], blank: Sequence[float]
) -> tuple[list[list[list[_Span]]], int]:
    n, k = len(pieces), len(best[0])
    ends = [j for j in range(n + 1) if j == n or pieces[j].gap != "space"]
    # text left over after the last row costs something, or the last cell would lose its end
    left = [0.0 if j == n else -min(8.0, 3.0 + 0.3 * (n - j)) for j in range(n + 1)]
    _, end, column = max((best[j][c] + blank[k] - blank[c + 1] + left[j], j, c) for j in ends for c in range(k))
    rows: list[list[list[_Span]]] = []
    at = end
    row: list[list[_Span]] = [[] for _ in range(k)]
    while at > 0:
        start, came, fresh = back[at][column]
        row[column].insert(0, (start, at))
        if fresh:
            rows.append(row)
            row = [[] for _ in range(k)]
        at, column = start, came
    return rows[::-1], end


def _cells(pieces: Sequence[Piece], row: Sequence[Sequence[_Span]]) -> Row:
    return [[piece for at, stop in cell for piece in pieces[at:stop]] for cell in row]


# -- rows torn by a page break -------------------------------------------------------------------------------------


def _mended(
    pieces: Sequence[Piece],
    row: Sequence[Sequence[_Span]],
    tears: Sequence[int],
    roles: Sequence[str],
    widths: dict[str, float],
) -> Row:
    """Share out what follows each page break among the cells it may go on with: those whose last line was full."""
    last = max(stop for cell in row for _, stop in cell)
    cells = [[piece for at, stop in cell for piece in pieces[at : min(stop, tears[0])]] for cell in row]
    for tear, end in zip(tears, [*tears[1:], last], strict=True):
        units = _units(pieces[tear:end])
        options = combinations_with_replacement(range(len(units) + 1), len(roles) - 1)
        cells = max(
            ([cell + part for cell, part in zip(cells, _parts(units, cuts), strict=True)] for cuts in options),
            key=lambda option: _torn_score(cells, option, roles, widths),
        )
    return cells


def _units(pieces: Sequence[Piece]) -> list[Cell]:
    """Pieces that no cell boundary parts: blanks beside digits are left by extraction."""
    units: list[Cell] = []
    for piece in pieces:
        if units and piece.gap == "space" and not (is_chinese(units[-1][-1].text[-1]) and is_chinese(piece.text[0])):
            units[-1].append(piece)
        else:
            units.append([piece])
    return units


def _parts(units: Sequence[Cell], cuts: Sequence[int]) -> list[Cell]:
    edges = [0, *cuts, len(units)]
    return [[piece for unit in units[a:b] for piece in unit] for a, b in pairwise(edges)]


def _torn_score(before: Row, after: Row, roles: Sequence[str], widths: dict[str, float]) -> float:
    score = 0.0
    for kind, old, new in zip(roles, before, after, strict=True):
        if len(new) > len(old):
            score += shape_cost(line_widths(new), widths.get(kind)) - 4.0 * (not old)
            score += min(0.0, cell_score(kind, text_of(new)) - cell_score(kind, text_of(old))) if old else 0.0
        elif old:
            text = text_of(old)
            score -= text[-1] in DANGLING or text.count("《") > text.count("》")
    return score
