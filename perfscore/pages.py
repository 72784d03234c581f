"""Tables over page breaks: the same columns on both pages, and the head or header that a break tore in two made whole.

Rows of indicators that a break tore are mended where their columns are known, in ``body``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile, zip_longest
from types import MappingProxyType

from perfscore.columns import find_header
from perfscore.head_cells import MONEY, label_and_value
from perfscore.headers import clean, label, role
from perfscore.readers.blocks import Block, Cell, Grid, Line
from perfscore.readers.breaks import page_of, same_columns

__all__ = ["PAGE_NO", "columns_alone", "over_page", "repeated", "whole", "whole_cells", "whole_text"]

_ENDS = ("。", "；", ";", "！")
PAGE_NO = re.compile(r"[-—–\s]*第?\s*\d{1,4}\s*页?[-—–\s]*(?:[共/]\s*\d+\s*页?)?")
"""A line that holds nothing but the number of its page."""
_EDGE = 2
"""Lines of a running head or foot."""
_NUMBER = re.compile(r"^\W*\d+|\d+\W*$|第\d+页")


def repeated(blocks: Sequence[Block]) -> dict[Line, bool]:
    """Return the lines at the top and foot of a page that stand there on other pages too, but for the number of the page.

    Where most pages have it, it is a running head or foot; else it may be text. The value says which: ``True`` for most.

    Examples
    --------
    >>> pages = [Line(text, f"第{n}页") for n in (1, 2) for text in ("水务局预算", f"清淤{n}公里", f"— {n} —")]
    >>> [line.text for line, on_most in repeated(pages).items() if on_most]
    ['水务局预算', '水务局预算', '— 1 —', '— 2 —']
    """
    sheets: dict[int, list[Block]] = {}
    for block in blocks:
        page = page_of(block.place)
        if page is not None and (isinstance(block, Grid) or block.text.strip()):
            sheets.setdefault(page, []).append(block)
    same: dict[tuple[str, bool], dict[int, Line]] = {}
    for page, sheet in sheets.items():
        for at_top, side in ((True, sheet), (False, sheet[::-1])):
            for line in takewhile(lambda block: isinstance(block, Line), side[:_EDGE]):
                if isinstance(line, Line):
                    same.setdefault((_NUMBER.sub("", clean(line.text)), at_top), {})[page] = line
    found: dict[Line, bool] = {}
    for lines in same.values():
        if len(lines) > 1:
            found |= {line: found.get(line, False) or len(lines) * 2 > len(sheets) for line in lines.values()}
    return found


def whole(blocks: Sequence[Block], edges: Mapping[Line, bool] = MappingProxyType({})) -> list[Block]:
    """Mend the tables that a page break parts, one grid a page as before; ``edges`` tells running heads and feet.

    Examples
    --------
    >>> def table(place, *rows):
    ...     return Grid(tuple(tuple(map(Cell, row)) for row in rows), place)
    >>> parted = [table("第1页 表1", ("项目名称", "河道")), table("第2页 表1", ("", "清淤"), ("预算数", "5"))]
    >>> [[[cell.text for cell in row] for row in grid.rows] for grid in whole(parted)]
    [[['项目名称', '河道清淤']], [['预算数', '5']]]
    """
    out: list[Block] = []
    above: int | None = None
    for block in same_columns(blocks):
        if isinstance(block, Line):
            if block.text.strip() and not PAGE_NO.fullmatch(block.text.strip()) and not edges.get(block):
                above = None
        else:
            before = out[above] if above is not None else None
            if above is not None and isinstance(before, Grid) and over_page(before.place, block.place):
                if wide := _side_by_side(before, block):
                    out[above] = wide
                    continue
                out[above], block = _mended(before, block)
            above = len(out)
        out.append(block)
    return out


def over_page(above: str, below: str) -> bool:
    """Say whether one place stands on a page and the other on the next."""
    first, second = page_of(above), page_of(below)
    return first is not None and second == first + 1


def whole_text(above: str, below: str) -> str:
    """Join the two parts of a torn cell; a line that ends a sentence, or a Latin word, stays apart from the next.

    Examples
    --------
    >>> whole_text("河道清", "淤。"), whole_text("1.清淤；", "2.护岸。"), whole_text("Windows", "Server")
    ('河道清淤。', '1.清淤；\\n2.护岸。', 'Windows\\nServer')
    """
    above, below = above.strip(), below.strip()
    apart = above.endswith(_ENDS) or (above[-1:].isascii() and below[:1].isascii())
    return f"{above}\n{below}" if above and apart else above + below


def whole_cells(cells: Sequence[Cell], rest: Sequence[Cell]) -> list[Cell]:
    """Join the cells of a torn row; a merged cell stays one."""
    pairs = list(zip_longest(cells, rest, fillvalue=Cell("")))
    joined = {
        (id(one), id(more)): Cell(whole_text(one.text, more.text), one.place) if more.text.strip() else one
        for one, more in pairs
    }
    return [joined[id(one), id(more)] for one, more in pairs]


def columns_alone(texts: Sequence[Sequence[str]]) -> int | None:
    """Return the row in which a grid heads the values of indicators, without a column for their names; None if in none.

    Examples
    --------
    >>> columns_alone([["", ""], ["指标值", "备注"], ["≥3公里", ""]]), columns_alone([["三级指标", "指标值"]])
    (1, None)
    """
    for at, row in enumerate(texts[:4]):
        roles = [role(text, "table") for text in row if text.strip()]
        if "value" in roles and all(roles):
            return None if any(one.startswith(("name", "level")) for one in roles) else at
    return None


def _side_by_side(above: Grid, below: Grid) -> Grid | None:
    """Join the columns that did not fit on a page and were printed on the next, if they have as many rows as the others."""
    left, right = ([[cell.text for cell in row] for row in grid.rows] for grid in (above, below))
    start = columns_alone(right)
    if start is None:
        return None
    found = next(((at, header[0]) for at in range(len(left)) if (header := find_header(left, at))), None)
    if not found or "value" in found[1].roles or len(left) - found[0] != len(right) - start:
        return None
    at = found[0]
    beside = zip(above.rows[at:], below.rows[start:], strict=True)
    return replace(above, rows=(*above.rows[:at], *(one + more for one, more in beside)), edges=())


def _mended(above: Grid, below: Grid) -> tuple[Grid, Grid]:
    if not above.rows or not below.rows or len(above.rows[-1]) != len(below.rows[0]):
        return above, below
    if _is_rest(above.rows[-1], below.rows[0]):
        last = tuple(whole_cells(above.rows[-1], below.rows[0]))
        joined = {id(torn): whole for torn, whole in zip(below.rows[0], last, strict=True)}  # some are merged down
        rest = tuple(tuple(joined.get(id(cell), cell) for cell in row) for row in below.rows[1:])
        return replace(above, rows=(*above.rows[:-1], last)), replace(below, rows=rest)
    first, second = above.rows[-1][0], below.rows[0][0]
    if not role(second.text, "head") and role(first.text + second.text, "head") and second.text.strip():
        label_cell = Cell(whole_text(first.text, second.text), second.place)  # a label merged down over the break
        rows = tuple(tuple(label_cell if cell is second else cell for cell in row) for row in below.rows)
        below = replace(below, rows=rows)
    texts = [[cell.text for cell in row] for row in above.rows[-2:]]
    under = [[cell.text for cell in row] for row in below.rows[:2]]
    for height in range(len(texts), 0, -1):
        header = find_header([*texts[-height:], *under])
        if header and header[1] > height:
            rows = above.rows[len(above.rows) - height :]
            return replace(above, rows=above.rows[:-height]), replace(below, rows=(*rows, *below.rows))
    return above, below


def _is_rest(above: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Say whether a row goes on with the cells of the row of a head above it, and says nothing of its own."""
    texts = [cell.text.strip() for cell in below]
    if not any(texts) or any(label_and_value(text)[0] or label(text) or role(text, "table") for text in texts):
        return False
    named = [bool(label_and_value(cell.text)[0]) for cell in above]
    if texts[0]:
        named[0] = bool(role(above[0].text + texts[0], "head")) and not named[0]
    return any(named) and all(
        cell.text.strip() and (not is_label or _is_amount_of(cell.text, text))
        for cell, is_label, text in list(zip(above, named, texts, strict=True))[1:]
        if text
    )


def _is_amount_of(above: str, below: str) -> bool:
    """Say whether an amount was torn from its label, which stands in one cell with it."""
    key, value = label_and_value(whole_text(above, below))
    return key in MONEY and value == below
