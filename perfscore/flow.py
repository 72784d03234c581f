"""The text flow of a PDF: a table whose columns are gone is rebuilt from its vocabulary and from how its cells wrap.

The words of the header name the columns; ``cells`` cuts the words below it. A header repeated by a page break is taken
out first, even inside a cell, and so are page numbers.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perfscore.cells import column_widths, cut, is_doubtful, text_of
from perfscore.columns import find_header
from perfscore.head_cells import MONEY
from perfscore.headers import role
from perfscore.heads import Head
from perfscore.likelihood import Piece
from perfscore.readers.blocks import Block, Cell, Grid, Line
from perfscore.titles import find_title, heading_name

__all__ = ["tables"]

_PAGE_NO = re.compile(r"[-—–]?\s*\d{1,4}\s*[-—–]?|第\s*\d{1,4}\s*页.*")
_SECTION = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]+(?:部分|章|节))")


def tables(blocks: Sequence[Block]) -> tuple[list[Block], list[str]]:
    """Replace every target table found in running text by grids; all other blocks stay.

    Returns
    -------
    The blocks, and the places of rows whose cells may be cut wrongly: lines wrapped as no column wraps them. A few such
    rows are chance; more than one in five say that the text does not run cell by cell.

    Examples
    --------
    >>> lines = ["一级指标 二级指标 三级指标 指标值", "产出指标 数量指标 清淤长度 ≥3 公里"]
    >>> (grid,), doubtful = tables([Line(line) for line in lines])
    >>> [[cell.text for cell in row] for row in grid.rows][1]
    ['产出指标', '数量指标', '清淤长度', '≥3公里']
    """
    out: list[Block] = []
    found: list[tuple[int, _Body]] = []
    for is_line, run in itertools.groupby(blocks, lambda block: isinstance(block, Line)):
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
    widths = column_widths([(body.pieces, body.roles) for _, body in found])
    doubtful: list[str] = []
    for at, body in reversed(found):
        out[at : at + 1], places = body.blocks(widths)
        doubtful = places + doubtful
    rows = sum(len(block.rows) - 1 for block in out if isinstance(block, Grid))
    return out, doubtful if len(doubtful) * 5 > rows else []


def _segments(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Part lines so that each segment holds one table at most, with the title and head above it."""
    segment: list[Line] = []
    below = False
    for line in itertools.chain.from_iterable(map(_unfolded, lines)):
        opens = bool(find_title(line.text))
        carried: list[Line] = []
        if below and not opens:
            opens = bool(_SECTION.match(line.text)) and len(line.text) < 40
            if not opens and _label_of(line) in ("project_code", "project_name"):
                carried, opens = _heading_above(segment), True
        if opens and segment:
            yield segment[: len(segment) - len(carried)]
            segment, below = carried, False
        segment.append(line)
        below = below or sum(bool(role(word, "table")) for word in line.text.split()) > 2
    if segment:
        yield segment


def _heading_above(lines: Sequence[Line]) -> list[Line]:
    """The heading and captions that stand between the last row of a table and the head of the next."""
    at = len(lines)
    while at and len(lines) - at < 6 and (not lines[at - 1].text.strip() or Head().add_caption(lines[at - 1].text)):
        at -= 1
    return list(lines[at - 1 if at and heading_name(lines[at - 1].text) else at :])


def _label_of(line: Line) -> str:
    return role((line.text.split() or [""])[0], "head")


def _unfolded(line: Line) -> list[Line]:
    """Break a dump of many lines into one at the titles and headers in it."""
    words = line.text.split()
    if len(line.text) < 200 or sum(bool(role(word, "table")) for word in words) < 4:
        return [line]
    starts = [
        i for i, word in enumerate(words) if i and (find_title(word) or role(word, "head") in ("project_code", "goal"))
    ]
    starts += [
        i for i in range(1, len(words)) if role(words[i], "table") == "level1" and role(words[i - 1], "table") == ""
    ]
    edges = [0, *sorted(set(starts)), len(words)]
    return [Line(" ".join(words[a:b]), line.place) for a, b in itertools.pairwise(edges)]


def _pieces(lines: Sequence[Line]) -> list[Piece]:
    pieces: list[Piece] = []
    gap = "blank"
    for line in lines:
        words = line.text.split()
        if not words:
            gap = "blank"
        for i, word in enumerate(words):
            pieces.append(Piece(word, "space" if i else gap, line))
        gap = "line" if words else gap
    return pieces


def _header_at(pieces: Sequence[Piece], at: int) -> list[tuple[str, str]]:
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


def _with_subheads(header: list[str]) -> list[str]:
    """Put 符号 | 值 | 单位, printed in a second line under 指标值, where their columns are."""
    roles = [role(text, "table") for text in header]
    end = len(roles)
    while end and roles[end - 1] in ("operator", "value", "unit"):
        end -= 1
    under = roles[end:]
    if "value" not in roles[:end] or "operator" not in under:
        return header
    at = roles.index("value")
    return [*header[:at], *header[end:], *header[at + 1 : end]]


@dataclass
class _Body:
    """A table in running text: the lines above it, its header, and the pieces below."""

    above: list[Line]
    head: list[list[str]]
    header: list[str]
    roles: tuple[str, ...]
    pieces: list[Piece]
    place: str

    def blocks(self, widths: dict[str, float]) -> tuple[list[Block], list[str]]:
        rows, end = cut(self.pieces, self.roles, widths)
        grid = [tuple(Cell(text, self.place) for text in self.header)]
        doubtful: list[str] = []
        for row in rows:
            place = next(cell[0].line.place for cell in row if cell)
            grid.append(tuple(Cell(text_of(cell), place) for cell in row))
            doubtful += [place] if is_doubtful(row, self.roles, widths) else []
        blocks: list[Block] = list(self.above)
        if self.head:
            blocks.append(Grid(tuple(tuple(Cell(text, self.place) for text in row) for row in self.head), self.place))
        blocks.append(Grid(tuple(grid), self.place))
        rest = list(dict.fromkeys(piece.line for piece in self.pieces[end:]))
        return blocks + list(rest), doubtful


def _body(segment: Sequence[Line]) -> _Body | None:
    pieces = _pieces(_without_page_numbers(segment))
    at = next((i for i in range(len(pieces)) if _header_at(pieces, i)), None)
    if at is None:
        return None
    cells = _header_at(pieces, at)
    header = _with_subheads([text for text, _ in cells])
    found = find_header([header])
    assert found is not None
    below: list[Piece] = []
    i = at + sum(int(size) for _, size in cells)
    torn = False
    while i < len(pieces):
        again = _header_at(pieces, i)
        if again and len(again) * 2 > len(cells):
            i += sum(int(size) for _, size in again)
            torn = True
            continue
        piece = pieces[i]
        below.append(Piece(piece.text, "page", piece.line) if torn else piece)
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


def _label_at(pieces: Sequence[Piece], at: int) -> int:
    for size in range(min(4, len(pieces) - at), 0, -1):
        text = "".join(piece.text for piece in pieces[at : at + size])
        if role(text, "head") and (size == 1 or len(text) > 3):
            return size
    return 0
