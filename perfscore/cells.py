"""Cut the running text below a header into rows of cells, by the best path through its pieces (Viterbi).

Level labels and values say where columns are; blanks, line ends and blank lines say where a cell may end; a cell
wrapped over lines fills every line but its last. Scores are judgements of likelihood on one scale: about +5 for a sure
sign, -3 for something a form rarely shows.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations_with_replacement, pairwise

from perfscore.headers import clean, is_amount, label, sign_of
from perfscore.readers.blocks import Line

__all__ = ["Piece", "column_widths", "cut", "is_doubtful", "text_of"]

_LONGEST = 30
_NEVER = -1e9
_SIGNS = ("≥", "≤", "＞", "＜", ">", "<", "＝", "=", "不低于", "不少于", "不高于", "不超过")
_DANGLING = "，、（(《〔“"
_BLANK = {"level1": -0.5, "level2": -1.5, "name": -9.0, "description": -4.0, "value": -6.0, "basis": -3.0}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text without blanks; ``gap`` is what parts it from the piece before: page, blank line, line or space."""

    text: str
    gap: str
    line: Line


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
                samples.setdefault(kind, []).extend(_lines(cell)[:-1])
    # most full lines are full to the last character or the last but one; few are counted to a wrong cell at first
    return {kind: sorted(lines)[len(lines) * 4 // 5] for kind, lines in samples.items() if len(lines) >= 3}


def is_doubtful(row: Row, roles: Sequence[str], widths: dict[str, float]) -> bool:
    """Say whether a cell of the row is wrapped as its column would not wrap it: it may hold text of another cell."""
    return any(_shape_cost(_lines(cell), widths.get(kind)) <= -2 for kind, cell in zip(roles, row, strict=True) if cell)


# -- scores --------------------------------------------------------------------------------------------------------


@lru_cache(4096)
def _width(text: str) -> float:
    return sum(2.0 if unicodedata.east_asian_width(char) in "WFA" else 1.0 for char in text)


def _lines(pieces: Sequence[Piece]) -> list[float]:
    widths: list[float] = []
    for i, piece in enumerate(pieces):
        if piece.gap == "space" and i:
            widths[-1] += _width(piece.text)
        else:
            widths.append(_width(piece.text))
    return widths


def _is_chinese(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF" and not char.isdigit()


def _join_cost(left: Piece, right: Piece, spaced: bool) -> float:
    """How unlikely it is that one cell goes on over this gap; ``spaced``: blank lines part the lines of a cell."""
    if right.gap == "page":
        return 0.0
    if right.gap == "line":
        return -7.0 if spaced else -0.5
    if right.gap == "blank":
        return -0.2 if spaced else -6.0
    return -5.0 if _is_chinese(left.text[-1]) and _is_chinese(right.text[0]) else 0.0


def _break_cost(left: Piece, right: Piece) -> float:
    """How unlikely it is that a cell ends at this gap: blanks beside digits and letters are left by extraction."""
    dangling = -3.0 if left.text[-1] in _DANGLING else 0.0
    if right.gap != "space" or (_is_chinese(left.text[-1]) and _is_chinese(right.text[0])):
        return dangling
    return dangling + (-2.5 if left.text[-1].isdigit() and _is_chinese(right.text[0]) else -0.6)


def _shape_cost(lines: Sequence[float], width: float | None) -> float:
    """A wrapped cell fills all its lines but the last; ``width`` is that of the column, if known."""
    wide = bool(width) and max(lines) > (width or 0.0) + 2
    if len(lines) == 1:
        return -3.0 * wide
    full = max(lines[:-1])
    short = sum(line < max(full, width or 0.0) - 3 for line in lines[:-1])
    over = lines[-1] > full + 2
    exact = sum(abs(line - width) <= 1 for line in lines[:-1]) if width else 0
    return 0.4 * exact - 3.0 * short - 3.0 * (over or wide)


@lru_cache(20_000)
def _cell_score(kind: str, text: str) -> float:
    """How well a text fits a column."""
    known = label(text) if len(text) <= 20 else None
    ends = text.endswith("指标")
    if kind == "level1":
        if known and (not known.category or text.startswith(known.level1)):
            return 4.5 if known.category == "成本" else 6.0
        return 0.0 if ends and len(text) <= 9 and not known else _NEVER
    if kind == "level2":
        if known:
            return 5.0 if ends else 3.5
        return 0.5 if ends and len(text) <= 12 else -7.0
    amount, signed = is_amount(text), text.startswith(_SIGNS)
    if kind == "value":
        if amount:
            return 5.0 if signed else 2.0 if text.isdigit() else 4.0
        return -1.0 - 0.2 * max(0, len(text) - 24) - 2.0 * ("《" in text)
    if kind == "operator":
        return 4.0 if sign_of(text) else -4.0
    if kind in ("weight", "number", "score"):
        return 3.0 if text.replace(".", "").isdigit() else -4.0
    if kind == "unit":
        return 1.0 if len(text) <= 5 and not amount else -4.0
    if kind not in ("name", "description", "basis"):
        return 0.5
    score = 1.0 - 2.5 * bool(known and ends) - (5.0 if signed and amount else 1.0 if amount else 0.0)
    if kind != "basis":
        score -= 2.0 * (len(text) == 1)
    if kind == "name":
        twice = text.find(text[:5], 5) > 0  # a name with its description run into it
        score -= 0.1 * max(0, len(text) - 40) + 3.0 * twice
    return score


# -- the best path -------------------------------------------------------------------------------------------------


def _best_path(
    pieces: Sequence[Piece], roles: Sequence[str], widths: dict[str, float]
) -> tuple[list[list[list[_Span]]], int]:
    n, k = len(pieces), len(roles)
    spaced = sum(piece.gap == "blank" for piece in pieces) > sum(piece.gap == "line" for piece in pieces)
    best = [[_NEVER] * k for _ in range(n + 1)]
    back: list[list[_Step]] = [[(0, 0, False)] * k for _ in range(n + 1)]
    best[0][k - 1] = 0.0
    blank = [0.0]
    for one in roles:
        blank.append(blank[-1] + _BLANK.get(one, -0.5))
    for i in range(n):
        enter = _enter(best[i], blank, roles.index("name"), i, pieces[i].gap)
        if max(score for score, _, _ in enter) < _NEVER / 2:
            continue
        edge = _break_cost(pieces[i - 1], pieces[i]) if i else 0.0
        for j, inside, lines in _ends(pieces, i, spaced):
            text, row = text_of(pieces[i:j]), best[j]
            for column, kind in enumerate(roles):
                before, came, fresh = enter[column]
                if before + edge + inside + 6.0 <= row[column]:
                    continue
                score = before + edge + inside + _cell_score(kind, text) + _shape_cost(lines, widths.get(kind))
                if score > row[column]:
                    row[column], back[j][column] = score, (i, came, fresh)
    return _trace(pieces, best, back, blank)


def _ends(pieces: Sequence[Piece], start: int, spaced: bool) -> Iterator[tuple[int, float, list[float]]]:
    """Where a cell that starts here may end, with the cost of going on so far and the widths of its lines."""
    inside, lines = 0.0, [_width(pieces[start].text)]
    yield start + 1, inside, lines
    for end in range(start + 2, min(len(pieces), start + _LONGEST) + 1):
        piece = pieces[end - 1]
        inside += _join_cost(pieces[end - 2], piece, spaced)
        if piece.gap == "space":
            lines[-1] += _width(piece.text)
        else:
            lines.append(_width(piece.text))
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
        enter.append(max(options, key=lambda option: option[0], default=(_NEVER, 0, False)))
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
        if units and piece.gap == "space" and not (_is_chinese(units[-1][-1].text[-1]) and _is_chinese(piece.text[0])):
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
            score += _shape_cost(_lines(new), widths.get(kind)) - 4.0 * (not old)
            score += min(0.0, _cell_score(kind, text_of(new)) - _cell_score(kind, text_of(old))) if old else 0.0
        elif old:
            text = text_of(old)
            score -= text[-1] in _DANGLING or text.count("《") > text.count("》")
    return score
