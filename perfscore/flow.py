"""The text flow of a PDF: a table whose columns are gone is rebuilt from its vocabulary and from how its cells wrap.

The words of the header name the columns. The words below are cut into cells by the best path (a Viterbi pass over pieces of
text): level labels and values say where columns are, blanks, line ends and blank lines say where a cell may end, and a cell
wrapped over lines fills every line but its last. A header repeated by a page break is cut out first, even inside a cell.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from perfscore.headers import clean, find_header, label, role
from perfscore.heads import MONEY, find_title
from perfscore.readers.blocks import Block, Cell, Grid, Line

__all__ = ["tables"]

_PAGE_NO = re.compile(r"[-—–]?\s*\d{1,4}\s*[-—–]?|第\s*\d{1,4}\s*页.*")
_SECTION = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]+(?:部分|章|节))")
_LONGEST = 30
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of text without blanks; ``gap`` is what parts it from the piece before: blank, line or space."""

    text: str
    gap: str
    line: Line


def tables(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with every target table found in running text replaced by grids; all else stays.

    Examples
    --------
    >>> lines = ["一级指标 二级指标 三级指标 指标值", "产出指标 数量指标 清淤长度 ≥3 公里"]
    >>> grid, = tables([Line(line) for line in lines])
    >>> [[cell.text for cell in row] for row in grid.rows][1]
    ['产出指标', '数量指标', '清淤长度', '≥3公里']
    """
    out: list[Block] = []
    found: list[tuple[int, _Body]] = []
    for is_line, run in groupby(blocks, lambda block: isinstance(block, Line)):
        if not is_line:
            out += run
            continue
        for segment in _segments([line for line in run if isinstance(line, Line)]):
            body = _body(segment)
            if body is None:
                out += segment
            else:
                found.append((len(out), body))
                out += [Line("")]
    widths = _widths([body.cells({}) for _, body in found])
    for at, body in reversed(found):
        out[at : at + 1] = body.blocks(widths)
    return out


def _segments(lines: Sequence[Line]) -> Iterable[list[Line]]:
    """Part lines at titles and at headings of sections; each segment starts with its title."""
    segment: list[Line] = []
    for line in lines:
        if segment and (find_title(line.text) or (_SECTION.match(line.text) and len(line.text) < 40)):
            yield segment
            segment = []
        segment.append(line)
    if segment:
        yield segment


def _pieces(lines: Sequence[Line]) -> list[_Piece]:
    pieces: list[_Piece] = []
    gap = "blank"
    for line in lines:
        words = line.text.split()
        if not words:
            gap = "blank"
        for i, word in enumerate(words):
            pieces.append(_Piece(word, "space" if i else gap, line))
        gap = "line" if words else gap
    return pieces


def _header_at(pieces: Sequence[_Piece], at: int) -> list[tuple[str, str]]:
    """The header cells (text, role) that start at a piece; a cell may be wrapped over up to four pieces."""
    cells: list[tuple[str, str]] = []
    end = at
    while end < len(pieces):
        for size in range(min(4, len(pieces) - end), 0, -1):
            text = "".join(piece.text for piece in pieces[end : end + size])
            if role(text, "table"):
                cells.append((text, str(size)))
                end += size
                break
        else:
            break
    header = find_header([[text for text, _ in cells]]) if len(cells) >= 3 else None
    return cells if header and pieces[at].gap != "space" else []


@dataclass
class _Body:
    """A table in running text: the lines above it, its header, and the pieces below."""

    above: list[Line]
    head: list[list[str]]
    header: list[str]
    roles: tuple[str, ...]
    pieces: list[_Piece]
    place: str

    def cells(self, widths: dict[str, float]) -> tuple[list[list[tuple[int, int]]], int, "_Body"]:
        """The rows as spans of pieces, one a column, and where they end."""
        rows, end = _best_path(self.pieces, self.roles, widths)
        return rows, end, self

    def blocks(self, widths: dict[str, float]) -> list[Block]:
        rows, end, _ = self.cells(widths)
        grid = [tuple(Cell(text, self.place) for text in self.header)]
        for row in rows:
            starts = [at for at, stop in row if stop > at]
            place = self.pieces[min(starts)].line.place
            grid.append(tuple(Cell(_text(self.pieces[at:stop]), place) for at, stop in row))
        blocks: list[Block] = list(self.above)
        if self.head:
            blocks.append(Grid(tuple(tuple(Cell(text, self.place) for text in row) for row in self.head), self.place))
        blocks.append(Grid(tuple(grid), self.place))
        rest = list(dict.fromkeys(piece.line for piece in self.pieces[end:]))
        return blocks + list(rest)


def _body(segment: Sequence[Line]) -> _Body | None:
    pieces = _pieces(_without_page_numbers(segment))
    at = next((i for i in range(len(pieces)) if _header_at(pieces, i)), None)
    if at is None:
        return None
    cells = _header_at(pieces, at)
    header = [text for text, _ in cells]
    found = find_header([header])
    assert found is not None
    below: list[_Piece] = []
    i = at + sum(int(size) for _, size in cells)
    torn = False
    while i < len(pieces):
        again = _header_at(pieces, i)
        if again and len(again) * 2 > len(cells):
            i += sum(int(size) for _, size in again)
            torn = True
            continue
        piece = pieces[i]
        below.append(_Piece(piece.text, "blank", piece.line) if torn else piece)
        torn = False
        i += 1
    first = next((n for n, line in enumerate(segment) if line is pieces[at].line), 0)
    above, head = _head(list(segment[:first]))
    return _Body(above, head, header, found[0].roles, below, pieces[at].line.place)


def _without_page_numbers(lines: Sequence[Line]) -> list[Line]:
    """Drop a bare number that stands apart from the text by more than one blank line, or next to a repeated header."""
    kept: list[Line] = []
    for i, line in enumerate(lines):
        if _PAGE_NO.fullmatch(line.text.strip()):
            before = [other.text.strip() for other in lines[max(0, i - 2) : i]]
            after = [other.text.strip() for other in lines[i + 1 : i + 3]]
            following = next((other.text for other in lines[i + 1 :] if other.text.strip()), "")
            if before == ["", ""] or after == ["", ""] or role((following.split() or [""])[0], "table"):
                continue
        kept.append(line)
    return kept


def _head(lines: list[Line]) -> tuple[list[Line], list[list[str]]]:
    """Part the lines above a header into running text and rows of labels with their values."""
    pieces = _pieces(lines)
    rows: list[list[str]] = []
    starts: list[Line] = []
    i = 0
    while i < len(pieces):
        size = _label_at(pieces, i)
        opens = pieces[i].gap != "space"
        text = "".join(piece.text for piece in pieces[i : i + size]) if size else pieces[i].text
        if size and opens and not (rows and _waits(rows[-1]) and role(text, "head") in MONEY):
            rows.append([text])
            starts.append(pieces[i].line)
        elif not rows:
            size = 1
        elif size:
            rows[-1].append(text)
        elif opens:
            rows.append(["", text])
        elif role(rows[-1][-1], "head") or not rows[-1][-1]:
            rows[-1].append(text)
        else:
            rows[-1][-1] += " " + text
        i += max(size, 1)
    if not rows:
        return lines, []
    first = next(n for n, line in enumerate(lines) if line is starts[0])
    return lines[:first], rows


def _waits(row: Sequence[str]) -> bool:
    return len(row) == 1


def _label_at(pieces: Sequence[_Piece], at: int) -> int:
    for size in range(min(4, len(pieces) - at), 0, -1):
        text = "".join(piece.text for piece in pieces[at : at + size])
        if role(text, "head") and (size == 1 or len(text) > 3):
            return size
    return 0


# -- cells by the best path ----------------------------------------------------------------------------------------

_SIGN = re.compile(r"[≥≤><＞＜=＝》《]=?\s*\d|(?:不低于|不少于|不高于|不超过)\d")
_AMOUNT = re.compile(
    r"(?:[≥≤><＞＜=＝》《~～±]|不低于|不少于|不高于|不超过|大于|小于|达到)*=?"
    r"(?:\d[\d.,]*(?:[-~～至]\d[\d.,]*)?[^\s\d，。；、（(《]{0,7}|20\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?[底末]?[之以]?前?)"
)
_SKIP = {"level1": -0.5, "level2": -1.5, "name": -9.0, "description": -4.0, "value": -6.0, "basis": -3.0}


def _width(text: str) -> float:
    return sum(2.0 if unicodedata.east_asian_width(char) in "WFA" else 1.0 for char in text)


def _text(pieces: Sequence[_Piece]) -> str:
    return clean(" ".join(piece.text for piece in pieces))


def _lines(pieces: Sequence[_Piece]) -> list[float]:
    widths: list[float] = []
    for i, piece in enumerate(pieces):
        if piece.gap == "space" and i:
            widths[-1] += _width(piece.text)
        else:
            widths.append(_width(piece.text))
    return widths


def _is_cjk(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF" and not char.isdigit()


def _join_cost(left: _Piece, right: _Piece, spaced: bool) -> float:
    """How unlikely it is that one cell goes on over this gap."""
    if right.gap == "line":
        return -7.0 if spaced else -0.5
    if right.gap == "blank":
        return -0.2 if spaced else -6.0
    return -5.0 if _is_cjk(left.text[-1]) and _is_cjk(right.text[0]) else 0.0


def _break_cost(left: _Piece, right: _Piece) -> float:
    """How unlikely it is that a cell ends at this gap."""
    if right.gap != "space" or (_is_cjk(left.text[-1]) and _is_cjk(right.text[0])):
        return 0.0
    return -2.5 if left.text[-1].isdigit() and _is_cjk(right.text[0]) else -0.6


def _shape_cost(lines: Sequence[float], width: float | None) -> float:
    """A wrapped cell fills all its lines but the last; ``width`` is that of the column, if known."""
    if len(lines) == 1:
        return -3.0 if width and lines[0] > width + 3 else 0.0
    full = max(lines[:-1])
    short = sum(line < max(full, width or 0.0) - 3 for line in lines[:-1])
    over = lines[-1] > full + 2
    wide = bool(width) and full > (width or 0.0) + 3
    return -3.0 * short - 3.0 * over - 3.0 * wide


def _cell_score(kind: str, text: str, found: bool, amount: bool, signed: bool) -> float:
    if kind == "level1":
        known = label(text)
        if known and not (known.category and known.category not in ("满意度", "成本")):
            return 4.5 if known.category == "成本" else 6.0
        return 0.0 if text.endswith("指标") and len(text) <= 9 and not known else _NEVER
    if kind == "level2":
        return (
            (5.0 if text.endswith("指标") else 3.5)
            if found
            else (0.5 if text.endswith("指标") and len(text) <= 12 else -7.0)
        )
    if kind == "value":
        if amount:
            return 5.0 if signed else 2.0 if text.isdigit() else 4.0
        if signed:
            return 1.0
        return -1.0 - 0.2 * max(0, len(text) - 24) - 2.0 * ("《" in text)
    if kind in ("name", "description", "basis"):
        score = (
            1.0
            - (5.0 if signed and amount else 1.0 if amount else 0.0)
            - (2.5 if found and text.endswith("指标") else 0.0)
        )
        return score - (max(0, len(text) - 40) * 0.1 if kind == "name" else 0.0)
    return 0.5


def _best_path(
    pieces: Sequence[_Piece], roles: Sequence[str], widths: dict[str, float]
) -> tuple[list[list[tuple[int, int]]], int]:
    """Cut pieces into cells and rows so that the sum of all scores is largest."""
    n, k = len(pieces), len(roles)
    name = roles.index("name")
    spaced = sum(piece.gap == "blank" for piece in pieces) > sum(piece.gap == "line" for piece in pieces)
    best = [[_NEVER] * k for _ in range(n + 1)]
    back: list[list[tuple[int, int, bool]]] = [[(0, 0, False)] * k for _ in range(n + 1)]
    best[0][k - 1] = 0.0
    skip = [0.0]
    for one in roles:
        skip.append(skip[-1] + _SKIP.get(one, -0.5))
    for i in range(n):
        enter = _enter(best[i], skip, k, name, i)
        if max(score for score, _, _ in enter) < _NEVER / 2:
            continue
        edge = _break_cost(pieces[i - 1], pieces[i]) if i else 0.0
        inside = 0.0
        for j in range(i + 1, min(n, i + _LONGEST) + 1):
            if j > i + 1:
                inside += _join_cost(pieces[j - 2], pieces[j - 1], spaced)
                if inside < -16:
                    break
            text = _text(pieces[i:j])
            found, amount, signed = bool(label(text)), bool(_AMOUNT.fullmatch(text)), bool(_SIGN.match(text))
            lines = _lines(pieces[i:j])
            for column, kind in enumerate(roles):
                before, came, fresh = enter[column]
                if before < _NEVER / 2:
                    continue
                score = before + edge + inside + _cell_score(kind, text, found, amount, signed)
                score += _shape_cost(lines, widths.get(kind))
                if score > best[j][column]:
                    best[j][column] = score
                    back[j][column] = (i, came, fresh)
    return _trace(pieces, best, back, skip, k)


def _enter(scores: Sequence[float], skip: Sequence[float], k: int, name: int, at: int) -> list[tuple[float, int, bool]]:
    """The best way into each column: from a column on its left in the same row, or from the end of the row before."""
    enter: list[tuple[float, int, bool]] = []
    for column in range(k):
        options = [(scores[c] + skip[column] - skip[c + 1], c, False) for c in range(column) if at]
        if column <= name:
            bare = -5.0 if column == name else 0.0
            options += [(scores[c] + skip[k] - skip[c + 1] + skip[column] + bare, c, True) for c in range(k)]
        enter.append(max(options, key=lambda option: option[0], default=(_NEVER, 0, False)))
    return enter


def _trace(
    pieces: Sequence[_Piece],
    best: Sequence[Sequence[float]],
    back: Sequence[Sequence[tuple[int, int, bool]]],
    skip: Sequence[float],
    k: int,
) -> tuple[list[list[tuple[int, int]]], int]:
    n = len(pieces)
    ends = [j for j in range(n + 1) if j == n or pieces[j].gap != "space"]
    # text left over after the last row costs something, or the last cell would lose its end
    left = [0.0 if j == n else -min(8.0, 1.5 + 0.3 * (n - j)) for j in range(n + 1)]
    _, end, column = max((best[j][c] + skip[k] - skip[c + 1] + left[j], j, c) for j in ends for c in range(k))
    rows: list[list[tuple[int, int]]] = []
    at, row = end, [(0, 0)] * k
    while at > 0:
        start, came, fresh = back[at][column]
        row[column] = (start, at)
        if fresh:
            rows.append(row)
            row = [(0, 0)] * k
        at, column = start, came
    return rows[::-1], end


def _widths(found: Iterable[tuple[list[list[tuple[int, int]]], int, _Body]]) -> dict[str, float]:
    """How wide each column is, from the cells wrapped over lines (at least two of them)."""
    samples: dict[str, list[float]] = {}
    for rows, _, body in found:
        for row in rows:
            for kind, (at, stop) in zip(body.roles, row, strict=True):
                lines = _lines(body.pieces[at:stop])
                samples.setdefault(kind, []).extend(lines[:-1])
    return {kind: median(lines) for kind, lines in samples.items() if len(lines) >= 3}
