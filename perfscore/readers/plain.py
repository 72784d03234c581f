"""Plain text and markdown: lines, and the tables that tabs, leading tabs or pipes draw in them.

Three ways to draw a table are told apart by structure alone:

* one cell a line with a leading tab; a blank line ends the row, a lone tab is a blank cell, an untabbed line right
  below goes on with the cell;
* one row a line, cells parted by tabs; a spreadsheet that saves a cell of several lines as text puts quotes around it;
* one row a line, cells between pipes (markdown).

Everything else stays as lines; blank lines are kept, for in the text flow of a PDF they part the lines of a wrapped
cell.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from perfscore.readers.blocks import Block, Cell, Document, Grid, Line

__all__ = ["MARKUP", "read_text", "unmarked"]

MARKUP = re.compile(r"\[bookmark:[^\]\n]*\]|</?[a-zA-Z][^<>\n]{0,40}>|^\s*#+\s+|\*\*")
"""What converters to text and markdown leave in it: bookmarks, tags, the signs of headings and of bold letters."""
_LONGEST = 200  # lines of a cell in quotes
_OPEN = re.compile(r'(?P<before>^|\t)"(?:[^"\t]|"")*$')
_CLOSED = re.compile(r'"(?:[^"\t]|"")*"(?=\t|$)')
_QUOTED = re.compile(r'"((?:[^"]|"")*(?:[\n,]|"")(?:[^"]|"")*)"')  # a spreadsheet quotes no other text
_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*")


def _kind(lines: Sequence[str], at: int) -> str:
    line = lines[at]
    if line.startswith('"') and "\t" in "\n".join(lines[at : _row_end(lines, at)]):
        return "row"
    if line.startswith("\t") and "\t" not in line[1:]:
        return "cell"
    if "\t" in line:
        return "row"
    bare = line.strip()
    if len(bare) > 1 and bare.startswith("|") and bare.endswith("|"):
        return "pipe"
    return "text" if bare else "blank"


def read_text(text: str, name: str) -> Document:
    """Read the text of a file into lines and grids.

    Parameters
    ----------
    text : the decoded content; any of the usual line ends
    name : name of the document

    Examples
    --------
    >>> document = read_text("标题\\n\\t一级指标\\n\\t指标值\\n\\n\\t产出指标\\n\\t≥3个\\n", "a.txt")
    >>> [[cell.text for cell in row] for row in document.blocks[1].rows]
    [['一级指标', '指标值'], ['产出指标', '≥3个']]
    """
    lines = re.split(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", text.lstrip("\ufeff"))
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        kind = _kind(lines, at)
        if kind == "cell":
            grid, at = _cell_lines(lines, at)
        elif kind in ("row", "pipe"):
            grid, at = _row_lines(lines, at, kind)
        else:
            grid, at = Line(lines[at], _place(at)), at + 1
        blocks.append(grid)
    return Document(name, tuple(unmarked(blocks)))


def unmarked(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks of a text or page without markup in their words; where people print, ``**`` is a figure left open.

    Examples
    --------
    >>> next(unmarked([Line("**标题**")])).text
    '标题'
    """
    bare: dict[int, Cell] = {}  # a merged cell stays one object

    def without(block: Block) -> Block:
        if isinstance(block, Line):
            return replace(block, text=MARKUP.sub("", block.text))
        for row in block.rows:
            bare.update(
                (id(cell), replace(cell, text=MARKUP.sub("", cell.text))) for cell in row if id(cell) not in bare
            )
        return replace(block, rows=tuple(tuple(bare[id(cell)] for cell in row) for row in block.rows))

    return map(without, blocks)


def _place(at: int) -> str:
    return f"第{at + 1}行"


def _cell_lines(lines: Sequence[str], start: int) -> tuple[Block, int]:
    rows: list[list[Cell]] = [[]]
    at = start
    while at < len(lines):
        kind = _kind(lines, at)
        if kind == "cell":
            rows[-1].append(Cell(lines[at][1:], _place(at)))
        elif kind == "text" and rows[-1]:
            cell = rows[-1][-1]
            rows[-1][-1] = Cell(f"{cell.text}\n{lines[at]}", cell.place)
        elif kind == "blank":
            if rows[-1]:
                rows.append([])
        else:
            break
        at += 1
    return Grid(tuple(tuple(row) for row in rows if row), _place(start)), at


def _row_lines(lines: Sequence[str], start: int, kind: str) -> tuple[Block, int]:
    rows: list[tuple[Cell, ...]] = []
    at = start
    while at < len(lines) and ((now := _kind(lines, at)) == kind or (kind == "row" and now == "cell" and rows)):
        end = at + 1 if kind == "pipe" else _row_end(lines, at)
        if not (kind == "pipe" and _RULE.fullmatch(lines[at])):
            rows.append(tuple(Cell(text, _place(at)) for text in _split("\n".join(lines[at:end]), kind)))
        at = end
    return Grid(tuple(rows), _place(start)), at


def _row_end(lines: Sequence[str], start: int) -> int:
    """The line after a row; a cell in quotes may go on over several lines, if the quotes ever end."""
    row = lines[start]
    for end in range(start + 1, min(start + _LONGEST, len(lines)) + 1):
        opened = _OPEN.search(row)
        if not opened:
            return end
        row = "\n".join(lines[start : end + 1])
        if not (_OPEN.search(row) or _CLOSED.match(row, opened.end("before"))):
            break
    return start + 1


def _split(line: str, kind: str) -> Iterator[str]:
    if kind == "row":
        for text in line.split("\t"):
            quoted = _QUOTED.fullmatch(text)
            yield quoted[1].replace('""', '"') if quoted else text
    else:
        for text in re.split(r"(?<!\\)\|", line.strip()[1:-1]):
            yield re.sub(r"<br\s*/?>", "\n", text.replace("\\|", "|")).strip()
