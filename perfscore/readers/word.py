"""Word documents (docx): paragraphs and tables in body order, as a reader of the final version sees them."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from zipfile import ZipFile

from perfscore.errors import ReadError
from perfscore.readers import page
from perfscore.readers.archive import open_zip, read_part
from perfscore.readers.blocks import Block, Cell, Document, Grid, Line
from perfscore.readers.canvas import Canvas
from perfscore.readers.markup import Element, attribute, find, links_of, local, main_part, parse_xml
from perfscore.readers.numbering import Numbering

__all__ = ["cells", "read"]

WRAPPERS = {"ins", "moveTo", "sdt", "sdtContent", "customXml", "smartTag", "AlternateContent", "Choice"}
"""Elements that only wrap others: tracked insertions, content controls, alternatives."""

DROPPED = {"del", "moveFrom", "Fallback", "rt", "pPr", "rPr", "sdtPr", "tblPr", "tblGrid", "instrText", "delText"}
"""Deleted or moved away, the second of two renderings, ruby glosses, properties, field codes."""

BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}

SYMBOLS = {"B3": "≥", "A3": "≤", "B1": "±", "B4": "×", "B8": "÷", "B9": "≠", "BB": "≈", "B0": "°", "A5": "∞", "B7": "·"}
"""Symbol font: low byte → what it shows (Adobe Symbol encoding). Word's dialogue for symbols inserts ≥ this way."""
CHECKS = {"FE": "☑", "A8": "□", "FC": "✓", "52": "☑", "A3": "□", "6F": "□", "FB": "✗", "A1": "○"}
"""Wingdings fonts: low byte → box or mark."""


def read(data: bytes, name: str) -> Document:
    """Read a docx.

    Tracked changes are read as accepted, hidden text and field codes are left out, text boxes follow the paragraph that
    anchors them, a table inside a cell follows the table it is in, and a merged cell is one object at every position.

    Raises
    ------
    ReadError : not a readable docx
    """
    with open_zip(data) as archive:
        main = main_part(archive, "officeDocument")
        body = find(parse_xml(read_part(archive, main)), "body")
        related = {link: part for link, (_, part) in links_of(archive, main).items()}
        kinds = dict(links_of(archive, main).values())
        numbering, styles = (
            _optional(archive, kinds[kind]) if {kind, "numbering"} <= kinds.keys() else None
            for kind in ("numbering", "styles")
        )
        if body is None:
            raise ReadError("docx 中没有正文", "请用 Word 或 WPS 打开核对，另存后再读")
        reader = _Reader(Numbering.of(numbering, styles), partial(_embedded, archive, related))
        blocks = tuple(reader.flow(body))
    return Document(name, blocks, tuple(reader.unread))


def _optional(archive: ZipFile, part: str) -> Element | None:
    """Return a part that the text can be read without."""
    try:
        return parse_xml(read_part(archive, part))
    except (ReadError, SyntaxError):
        return None


def _embedded(archive: ZipFile, related: dict[str, str], link: str) -> list[Block]:
    """Return the blocks of a page put into the document as a whole, as some systems export theirs."""
    return list(page.read(read_part(archive, related[link]), "").blocks)


def cells(body: Element) -> dict[str, Element]:
    """Return the ``tc`` element of every place that ``read`` gives a cell, for writing back into the document."""
    reader = _Reader()
    deque(reader.flow(body), maxlen=0)
    return reader.elements


def children(element: Element) -> Iterator[Element]:
    """Yield the elements inside, looking through wrappers and past what was dropped."""
    for child in element:
        name = local(child)
        if name in WRAPPERS:
            if find(child, "sdtPr", "showingPlcHdr") is None:  # an empty content control shows only its prompt
                yield from children(child)
        elif name not in DROPPED:
            yield child


def number(element: Element | None, default: int) -> int:
    """Return the ``w:val`` of a property element as a number; a broken one counts as missing."""
    text = attribute(element, "val")
    return int(text) if text.isdecimal() and len(text) < 6 else default


def is_on(element: Element | None) -> bool:
    """Tell whether an on/off property is set."""
    return element is not None and attribute(element, "val", "1") not in {"0", "false", "off"}


_Inner = list[tuple[Cell, Element]]
"""Tables and text boxes with the cell that holds each."""


@dataclass
class _Reader:
    numbering: Numbering = field(default_factory=Numbering)
    embedded: Callable[[str], list[Block]] = lambda link: []
    tables: int = 0
    paragraphs: int = 0
    unread: list[tuple[str, str, str]] = field(default_factory=list)
    elements: dict[str, Element] = field(default_factory=dict)

    def flow(self, container: Element) -> Iterator[Block]:
        """Yield the lines and grids of the body or of a text box."""
        carried = ""
        for child in children(container):
            if local(child) == "p":
                self.paragraphs += 1
                boxes: list[Element] = []
                carried += self.numbering.label(child) + _text(child, boxes)
                if _mark_deleted(child):
                    continue
                if carried.strip():
                    yield Line(carried.strip(), f"第{self.paragraphs}段")
                carried = ""
                for box in boxes:
                    yield from self.flow(box)
            elif local(child) == "tbl":
                self.tables += 1
                yield from self.table(child, f"表{self.tables}")
            elif local(child) == "altChunk":
                try:
                    yield from self.embedded(attribute(child, "id"))
                except (ReadError, KeyError) as error:
                    self.unread.append(
                        (f"第{self.paragraphs}段之后", f"嵌入的文档读不出（{error}）", "请打开后另存再读")
                    )
        if carried.strip():
            yield Line(carried.strip(), f"第{self.paragraphs}段")

    def table(self, table: Element, place: str) -> Iterator[Block]:
        """Yield a table and then whatever its cells held besides text: tables and text boxes.

        Where several cells hold tables, as where each project has a cell, what they hold follows each of them.
        """
        canvas = Canvas(lambda row, column: f"{place} 第{row + 1}行第{column + 1}列")
        inner: _Inner = []
        rows = [row for row in children(table) if local(row) == "tr" and find(row, "trPr", "del") is None]
        try:
            above: dict[int, Cell] = {}
            for index, row in enumerate(rows):
                above = self.row(canvas, index, row, above, inner)
            parts = _parts(canvas.grid(place), inner)
        except ReadError as error:
            self.unread.append((place, error.reason, error.advice))
            parts = [(None, inner)]
        counted = 0
        for grid, held in parts:
            if grid:
                yield grid
            for cell, found in held:
                if local(found) == "tbl":
                    counted += 1
                    yield from self.table(found, f"{cell.place} 内嵌表{counted}")
                else:
                    yield from self.flow(found)

    def row(self, canvas: Canvas, index: int, row: Element, above: dict[int, Cell], inner: _Inner) -> dict[int, Cell]:
        """Put the cells of one row and return those that the next row may continue, by their first column."""
        column = number(find(row, "trPr", "gridBefore"), 0)
        open_cells: dict[int, Cell] = {}
        left: Cell | None = None
        for found in children(row):
            if local(found) != "tc" or find(found, "tcPr", "cellDel") is not None:
                continue
            span = max(1, number(find(found, "tcPr", "gridSpan"), 1))
            down, across = find(found, "tcPr", "vMerge"), find(found, "tcPr", "hMerge")
            if across is not None and attribute(across, "val") != "restart" and left is not None:
                cell = left
            elif down is not None and attribute(down, "val") != "restart" and column in above:
                cell = above[column]
            else:
                held: list[Element] = []
                cell = canvas.cell(index, column, self.cell_text(found, held))
                self.elements[cell.place] = found
                inner += [(cell, element) for element in held]
            canvas.put(index, column, cell, n_columns=span)
            if down is not None:
                open_cells[column] = cell
            left = cell
            column += span
        return open_cells

    def cell_text(self, cell: Element, inner: list[Element]) -> str:
        """Return the text of a cell, one line a paragraph; tables and text boxes in it are put aside."""
        parts: list[str] = []
        joined = False
        for child in children(cell):
            if local(child) == "tbl":
                inner.append(child)
            elif local(child) == "p":
                text = self.numbering.label(child) + _text(child, inner)
                if joined:
                    parts[-1] += text
                else:
                    parts.append(text)
                joined = _mark_deleted(child)
        return "\n".join(parts)


def _parts(grid: Grid, inner: _Inner) -> list[tuple[Grid | None, _Inner]]:
    """Pair a grid with what its cells hold; where several hold tables, part it below each row that does, or each cell."""
    holding = {id(cell) for cell, found in inner if local(found) == "tbl"}
    if len(holding) < 2:
        return [(grid, inner)]
    groups: list[list[tuple[Cell, ...]]] = [[]]
    for row in grid.rows:
        several = sum(id(cell) in holding for cell in dict.fromkeys(row))
        if several > 1:
            alone: list[list[tuple[Cell, ...]]] = [[(cell,)] for cell in dict.fromkeys(row)]
            groups += [*alone, []]
        else:
            groups[-1].append(row)
            if several:
                groups.append([])
    parts: list[tuple[Grid | None, _Inner]] = []
    for group in filter(None, groups):
        here = {id(cell) for row in group for cell in row}
        parts.append((replace(grid, rows=tuple(group)), [one for one in inner if id(one[0]) in here]))
        inner = [one for one in inner if id(one[0]) not in here]
    return parts


def _mark_deleted(paragraph: Element) -> bool:
    """Tell whether the end of a paragraph was deleted in a tracked change, so that the next one continues it."""
    return find(paragraph, "pPr", "rPr", "del") is not None


def _text(element: Element, boxes: list[Element]) -> str:
    """Return the visible text of a paragraph or of any part of one, and put its text boxes aside."""
    parts: list[str] = []
    for child in children(element):
        name = local(child)
        if name == "t":
            parts.append(child.text or "")
        elif name in BREAKS:
            parts.append(BREAKS[name])
        elif name == "sym":
            parts.append(_symbol(child))
        elif name == "txbxContent":
            boxes.append(child)
        elif not (name == "r" and is_on(find(child, "rPr", "vanish"))):
            parts.append(_text(child, boxes))
    return "".join(parts)


def _symbol(element: Element) -> str:
    code, font = attribute(element, "char").upper(), attribute(element, "font")
    shown = (SYMBOLS if font == "Symbol" else CHECKS if font.startswith("Wingdings") else {}).get(code[-2:])
    if shown:
        return shown
    return chr(int(code, 16)) if code and not code.startswith("F0") and len(code) == 4 else "\ufffd"
