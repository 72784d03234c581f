"""A ruled table over a page break: a page that lacks a border of the table's other pages shows fewer columns."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from perfscore.readers.blocks import Block, Cell, Grid

__all__ = ["page_of", "same_columns"]

NEAR = 3.0
"""Points within which two borders are one."""
MOST = 64
"""Borders; a run with more is no table over page breaks."""
_PAGE = re.compile(r"第(\d+)页")


def page_of(place: str) -> int | None:
    """Return the page that a place names.

    Examples
    --------
    >>> page_of("第2页 表1 第3行第1列"), page_of("表1 第3行第1列")
    (2, None)
    """
    found = _PAGE.match(place)
    return int(found[1]) if found else None


def same_columns(blocks: Sequence[Block]) -> list[Block]:
    """Give the last table of a page and the first of the next the same columns, if they share sides and most borders.

    A cell that covers columns it did not have before stands at each of them, as any merged cell does.

    Examples
    --------
    >>> def table(edges, row, place):
    ...     return Grid((tuple(Cell(text) for text in row),), place, edges)
    >>> wide = table((0, 10, 20, 30), ("三级指标", "数", "值"), "第1页 表1")
    >>> narrow = table((0, 20, 30), ("清淤长度", "≥3公里"), "第2页 表1")
    >>> [[cell.text for cell in row] for row in same_columns([wide, narrow])[1].rows]
    [['清淤长度', '清淤长度', '≥3公里']]
    """
    out = list(blocks)
    grids = [i for i, block in enumerate(blocks) if isinstance(block, Grid) and block.edges]
    runs: list[list[int]] = []
    for at in grids:
        above = out[runs[-1][-1]] if runs else None
        if isinstance(above, Grid) and _goes_on(above, out[at]):
            runs[-1].append(at)
        else:
            runs.append([at])
    for run in runs:
        edges = _union(edge for at in run for edge in _edges(out[at]))
        for at in run if len(edges) <= MOST else ():
            out[at] = _spread(out[at], edges)
    return out


def _goes_on(above: Grid, below: Block) -> bool:
    """Say whether a table may be the one above on the next page: between the same sides, most borders the same."""
    pages = page_of(above.place), page_of(below.place)
    if None in pages or pages[1] != (pages[0] or 0) + 1:
        return False
    first, second = _edges(above), _edges(below)
    sides = abs(first[0] - second[0]) <= NEAR and abs(first[-1] - second[-1]) <= NEAR
    fewer, more = sorted((first, second), key=len)
    shared = sum(any(abs(edge - other) <= NEAR for other in more) for edge in fewer)
    return sides and shared * 2 > len(fewer)


def _edges(block: Block) -> tuple[float, ...]:
    return block.edges if isinstance(block, Grid) else ()


def _union(edges: Iterable[float]) -> list[float]:
    found: list[float] = []
    for edge in sorted(edges):
        if not found or edge - found[-1] > NEAR:
            found.append(edge)
    return found


def _spread(block: Block, edges: Sequence[float]) -> Block:
    if not isinstance(block, Grid) or len(block.edges) == len(edges):
        return block
    own = block.edges
    columns = [max(i for i in range(len(own) - 1) if own[i] <= left + NEAR or not i) for left in edges[:-1]]

    def row(cells: Sequence[Cell]) -> tuple[Cell, ...]:
        return tuple(cells[column] for column in columns if column < len(cells))

    return replace(block, rows=tuple(row(cells) for cells in block.rows), edges=tuple(edges))
