"""Web pages: html, pages saved as one file (mht), and the pages that systems export as ``.xls`` or ``.doc``."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from perfscore.errors import ReadError
from perfscore.readers.blocks import Block, Document, Line
from perfscore.readers.canvas import Canvas
from perfscore.readers.limits import MAX_SPAN
from perfscore.readers.markup import Element, local
from perfscore.readers.plain import unmarked
from perfscore.readers.sniff import decode

__all__ = ["read"]

DROPPED = {"head", "script", "style", "noscript", "template", "svg", "iframe", "object", "datalist"}
INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "label", "mark", "q",
    "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "input", "select", "textarea",
    "button", "img", "ruby", "rb", "center", "nobr", "wbr",
}  # fmt: skip
"""Elements that do not start a line of their own."""
PARTS = {"thead", "tbody", "tfoot"}
BREAK = "\0"
"""Stands for a line break of the page while blanks, and the line breaks of its source, are folded."""


def read(data: bytes, name: str) -> Document:
    """Read a page: tables as grids, the text between them as lines. What the browser hides is left out.

    Raises
    ------
    ReadError : the text cannot be decoded, or there is no page in it

    Examples
    --------
    >>> document = read("<p>目标</p><table><tr><td rowspan=2>产出<td>数量<tr><td>质量</table>".encode(), "a.html")
    >>> document.blocks[0].text, [[cell.text for cell in row] for row in document.blocks[1].rows]
    ('目标', [['产出', '数量'], ['产出', '质量']])
    """
    reader = _Reader()
    for page in _pages(data):
        text = decode(page).text
        parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
        root = etree.fromstring(text.encode(), parser)
        if root is not None:
            reader.blocks += reader.flow(root)
        if any(entry.level_name == "FATAL" for entry in parser.error_log):
            reader.unread.append(
                ("页面后部", "嵌套过深或过大，没有读全", "请用浏览器打开，另存为简单的页面或 xlsx 再读")
            )
    return Document(name, tuple(unmarked(reader.blocks)), tuple(reader.unread))


def _pages(data: bytes) -> Iterator[bytes]:
    """Yield the page itself, or the pages inside a page saved as one file with its frames."""
    if not re.match(rb"\s*MIME-Version:", data, re.I):
        yield data
        return
    for part in email.message_from_bytes(data.lstrip(), policy=email.policy.default).walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield payload


@dataclass
class _Reader:
    tables: int = 0
    lines: int = 0
    blocks: list[Block] = field(default_factory=list)
    unread: list[tuple[str, str, str]] = field(default_factory=list)

    def flow(self, element: Element) -> list[Block]:
        """Return the lines and grids of an element in order."""
        pieces: list[str | Element] = []
        _collect(element, pieces)
        found: list[Block] = []
        text = ""
        for piece in [*pieces, None]:
            if isinstance(piece, str):
                text += piece
                continue
            for line in filter(None, _fold(text).split("\n")):
                self.lines += 1
                found.append(Line(line, f"第{self.lines}行"))
            text = ""
            if piece is not None:
                self.tables += 1
                found += self.table(piece, f"表{self.tables}")
        return found

    def table(self, table: Element, place: str) -> list[Block]:
        """Return a table and, after it, the tables inside its cells; a table that lays out the page gives its contents."""
        if _lays_out(table):
            cells = [cell for row, _ in _rows(table) if not _is_hidden(row) for cell in row if not _is_hidden(cell)]
            return [block for cell in cells for block in self.flow(cell)]
        canvas = Canvas(lambda row, column: f"{place} 第{row + 1}行第{column + 1}列")
        inner: list[tuple[str, Element]] = []
        rows = [(row, last) for row, last in _rows(table) if not _is_hidden(row)]
        try:
            for index, (row, last) in enumerate(rows):
                column = 0
                for cell in row:
                    if local(cell) not in {"td", "th"} or _is_hidden(cell):
                        continue
                    column = canvas.free(index, column)
                    down = _span(cell, "rowspan") or MAX_SPAN  # 0 means: to the end of the table's part
                    pieces: list[str | Element] = []
                    _collect(cell, pieces)
                    made = canvas.cell(index, column, _fold("".join(part for part in pieces if isinstance(part, str))))
                    inner += [(made.place, part) for part in pieces if not isinstance(part, str)]
                    canvas.put(index, column, made, min(down, last - index), _span(cell, "colspan") or 1)
            found: list[Block] = [canvas.grid(place)]
        except ReadError as error:
            self.unread.append((place, error.reason, error.advice))
            found = []
        for number, (where, part) in enumerate(inner, 1):
            found += self.table(part, f"{where} 内嵌表{number}")
        return found


def _lays_out(table: Element) -> bool:
    """Tell whether a table only places others on the page: one inside it has more cells than it has itself."""
    own = sum(len(row) for row, _ in _rows(table))
    inner = (sum(len(row) for row, _ in _rows(other)) for other in table.iter("table") if other is not table)
    return max(inner, default=0) > own


def _rows(table: Element) -> list[tuple[Element, int]]:
    """Return the rows of a table, each with the number of the row that its rowspans cannot pass."""
    groups: list[list[Element]] = [[]]
    for child in table:
        if local(child) == "tr":
            groups[-1].append(child)
        elif local(child) in PARTS and not _is_hidden(child):
            groups += [[row for row in child if local(row) == "tr"], []]
    found: list[tuple[Element, int]] = []
    for group in groups:
        visible = [row for row in group if not _is_hidden(row)]
        found += [(row, len(found) + len(visible)) for row in visible]
    return found


def _collect(element: Element, pieces: list[str | Element]) -> None:
    """Gather the visible text of an element, with ``BREAK`` where a line ends, and the tables in it, in order."""
    pieces.append(element.text or "")
    for child in element:
        name = local(child).lower()
        if name == "table":
            if not _is_hidden(child):
                pieces += [BREAK, child]
        elif name == "br":
            pieces.append(BREAK)
        elif name in {"input", "select", "textarea"}:
            pieces.append(_entered(child, name))
        elif name and name not in DROPPED and name != "rt" and not _is_hidden(child):
            edge = "" if name in INLINE else BREAK
            pieces.append(edge)
            _collect(child, pieces)
            pieces.append(edge)
        pieces.append(child.tail or "")


def _entered(element: Element, name: str) -> str:
    """Return what was entered into a field of a form: systems save their forms as pages with the fields filled in."""
    if name == "input":
        return str(element.get("value", "")) if element.get("type", "text").lower() == "text" else ""
    if name == "textarea":
        return (element.text or "").replace("\n", BREAK)
    return "".join(
        "".join(option.itertext()) for option in element.iter("option") if option.get("selected") is not None
    )


def _fold(text: str) -> str:
    """Fold blanks as a browser does; the page's own line breaks stay, those of its source do not."""
    text = re.sub(r"[ \t\r\n\f]+", " ", text)
    text = re.sub(rf" ?{BREAK}[ {BREAK}]*", "\n", text)
    return text.replace("\xa0", " ").strip()


def _is_hidden(element: Element) -> bool:
    style = re.sub(r"\s+", "", element.get("style", "")).lower()
    return element.get("hidden") is not None or "display:none" in style


def _span(cell: Element, name: str) -> int:
    text = cell.get(name, "1").strip()
    return min(int(text), MAX_SPAN) if text.isdecimal() and len(text) < 9 else 1
