"""Tables of several projects side by side in one grid: parted, so that each is read by itself."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from perfscore.columns import Columns, find_header
from perfscore.head_cells import label_and_value
from perfscore.headers import clean, fold, role
from perfscore.pages import over_page
from perfscore.readers.blocks import Block, Grid, Line
from perfscore.titles import find_title

__all__ = ["parted"]

_UNCLEAR = (
    "左右并列着几个项目的表，分不清各占哪几列，没有读",
    "请把每个项目的表单独放在一张工作表或一个文件中再读",
)
_TELLING = ("project_name", "project_code")


def parted(blocks: Sequence[Block]) -> tuple[list[Block], list[tuple[str, str, str]]]:
    """Put one below the other what stands side by side in a grid, where each part names another project.

    The halves of one form, 总体 and 年度, stay together: one project is named above them.

    Returns
    -------
    The blocks, and why a grid was left out: it names several projects, but not where the table of each begins.

    Examples
    --------
    >>> from perfscore.readers.blocks import Cell
    >>> def rows(name):
    ...     return [["项目名称", name, "", ""], ["一级指标", "二级指标", "三级指标", "指标值"]]
    >>> abreast = Grid(tuple(tuple(map(Cell, a + b)) for a, b in zip(rows("清淤"), rows("护岸"), strict=True)))
    >>> grids, unread = parted([abreast])
    >>> [[cell.text for cell in grid.rows[0]] for grid in grids], unread
    ([['项目名称', '清淤', '', ''], ['项目名称', '护岸', '', '']], [])
    """
    out: list[Block] = []
    unread: list[tuple[str, str, str]] = []
    parts: list[list[Block]] = [out]
    cuts: list[int] | None = []
    above: Grid | None = None
    for block in blocks:
        if isinstance(block, Line):
            parts[-1].append(block)
            above = None if find_title(block.text) else above
            continue
        if above is None or not _goes_on(above, block):
            out += [one for part in parts if part is not out for one in part]
            cuts = _cuts(block)
            parts = [[] for _ in range(len(cuts) + 1)] if cuts else [out]
        if cuts is None:
            unread.append((block.place or block.rows[0][0].place, *_UNCLEAR))
        else:
            for part, grid in zip(parts, _cut(block, cuts), strict=True):
                part.append(grid)
        above = block
    out += [one for part in parts if part is not out for one in part]
    return out, unread


def _goes_on(above: Grid, below: Grid) -> bool:
    """Say whether a grid is the rest, on the next page, of the one above: as wide, and it names no project."""
    same = bool(above.rows and below.rows) and len(above.rows[0]) == len(below.rows[0])
    return same and over_page(above.place, below.place) and not _named(below)


def _cut(grid: Grid, cuts: Sequence[int]) -> list[Grid]:
    if not cuts:
        return [grid]
    edges = pairwise([0, *cuts, max(map(len, grid.rows))])
    return [replace(grid, rows=tuple(row[a:b] for row in grid.rows), edges=()) for a, b in edges]


def _cuts(grid: Grid) -> list[int] | None:
    """The columns at which tables of other projects begin; none if it is one table, ``None`` if that cannot be told."""
    names_in = {i for row in grid.rows for i, cell in enumerate(row) if role(cell.text, "table").startswith("name")}
    if len(names_in) < 2:
        return []
    several = [names for names in _named(grid).values() if len(set(map(frozenset, names.values()))) > 1]
    texts = [[cell.text for cell in row] for row in grid.rows]
    for names in several:
        cuts = sorted(names)[1:]
        whole = [_header([row[a:b] for row in texts]) for a, b in pairwise([0, *cuts, max(map(len, texts))])]
        levels = {"level1" in header.roles for header in whole if header}
        if all(whole) and len(levels) == 1:
            return cuts
    header = _header(texts) if several else None
    if header is None or len(set(header.periods) - {""}) > 1:
        return []
    return None if header.roles.count("name") > 1 and header.roles.count("value") > 1 else []


def _header(texts: Sequence[Sequence[str]]) -> Columns | None:
    found = (find_header(texts, at) for at in range(len(texts)))
    return next((header[0] for header in found if header), None)


def _named(grid: Grid) -> dict[str, dict[int, set[str]]]:
    """What names a project, label by label: the columns in which the label stands, and the names beside it."""
    named: dict[str, dict[int, set[str]]] = {}
    for row in grid.rows:
        spots = [i for i, cell in enumerate(row) if cell.text.strip() and (i == 0 or cell is not row[i - 1])]
        for n, i in enumerate(spots):
            title = find_title(row[i].text)
            key, value = label_and_value(row[i].text)
            if title and title.name:
                named.setdefault("", {}).setdefault(i, set()).add(title.name)
            elif key in _TELLING:
                beside = row[spots[n + 1]].text if n + 1 < len(spots) else ""
                said = value or ("" if label_and_value(beside)[0] else beside)
                if said.strip():
                    label = fold(row[i].text.strip().removesuffix(value.strip()))
                    named.setdefault(label, {}).setdefault(i, set()).add(clean(said))
    return named
