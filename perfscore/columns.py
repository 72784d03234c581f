"""Which columns a table of indicators has: its header, of one to three rows, on top of it or down its side."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from perfscore.headers import clean, column_role, fold, is_amount, label, period, role
from perfscore.titles import year_of

__all__ = ["Columns", "find_header", "headers_down"]

_HIGHEST = 2  # rows of a header below its first
_A_YEAR = re.compile(r"20\d\d年?度?")
_ENOUGH = 30  # rows that tell what a column holds
_OPEN = ("", "other", "operator?nature")  # a column of level labels may have any of these headers
_NOT_ITS_OWN = ("", "goal", "long_goal", "year")  # and one of values, where no header says that it holds them


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: the role of each, its header as printed, and 总体 or 年度 where the header tells.

    ``guessed`` is the header of the values, where nothing but the amounts below it says that it is one.
    """

    roles: tuple[str, ...]
    names: tuple[str, ...]
    periods: tuple[str, ...] = ()
    guessed: str = ""

    def changed(self, roles: Mapping[int, str]) -> "Columns":
        """The same with another role for some columns."""
        return replace(self, roles=tuple(roles.get(i, one) for i, one in enumerate(self.roles)))

    def of_year(self, year: int | None) -> "Columns":
        """The columns of a form with a value for each of several years: those of the budget year alone hold values."""
        years = {i: year_of(name) for i, name in enumerate(self.names) if self.roles[i] == "value"}
        if year is None or year not in years.values():
            return self
        return self.changed({i: "history" if of < year else "" for i, of in years.items() if of and of != year})


def _read(cells: Sequence[str]) -> list[str]:
    """The roles of header cells; ``a?b`` is a where no cell before or beside it is one, else b (``a?``: unknown)."""
    found = [column_role(cell) or _last_line(cell) for cell in cells]
    for i, one in sorted(enumerate(found), key=lambda entry: not entry[1].endswith("?")):
        wanted, doubtful, otherwise = one.partition("?")
        if doubtful and wanted != "operator":
            found[i] = otherwise if wanted in found else wanted
            if wanted == "name" in found[i + 1 :] and {"level1", "level2"} & set(found[i + 1 :]):
                found[i] = "other"  # the label of the whole block, merged down beside its rows
    return found


def _last_line(cell: str) -> str:
    """The role of a header cell into which a table without lines put the one above: its last line says more."""
    roles = [role(line, "table") for line in cell.splitlines()]
    return roles[-1] if roles and all(roles) else ""


def _is_header(roles: Sequence[str]) -> bool:
    kinds = set(roles) - {""}
    levels = kinds & {"level1", "level2"}
    return "name" in kinds and ("value" in kinds or len(levels) == 2) and len(kinds) >= 3


def _with_heads(cells: Sequence[str], roles: list[str]) -> list[str]:
    """Columns that name the project beside each row (项目名称, 绩效目标 …) take their role from the head words."""
    return [
        (found if found and not (found == "unit" and i < roles.index("name")) else role(cell, "head"))
        for i, (cell, found) in enumerate(zip(cells, roles, strict=True))
    ]


def _spread(top: list[str], under: Sequence[str]) -> list[str]:
    """Repeat the header cell that spans the cells below it, where extraction left one cell for a merged one."""
    filled = [i for i, cell in enumerate(under) if cell.strip()]
    more = len(under) - len(top)
    if more < 1 or len(filled) != more + 1 or filled[-1] - filled[0] != more or filled[0] >= len(top):
        return top
    at = filled[0]
    return [*top[:at], *[top[at]] * (more + 1), *top[at + 1 :]]


def find_header(rows: Sequence[Sequence[str]], at: int = 0) -> tuple[Columns, int] | None:
    """Recognise the header of an indicator table that starts at row ``at``; return its columns and its height (1 to 3).

    A row below (符号 | 值 | 单位 under 指标值, 前年 | 上年 under 近两年指标值) overrides the one above where it says more.
    What the header leaves open, the cells below it tell.

    Examples
    --------
    >>> columns, height = find_header([["一级指标", "二级指标", "三级指标", "指标值", "指标值确定依据"]])
    >>> columns.roles, height
    (('level1', 'level2', 'name', 'value', 'basis'), 1)
    """
    found = _header(rows, at)
    if not found:
        return None
    columns, height = found
    below = list(takewhile(lambda row: not _begins_another(row), rows[at + height : at + height + _ENOUGH]))
    cells = [[clean(row[i]) for row in below if i < len(row) and row[i].strip()] for i in range(len(columns.roles))]
    return _with_values(_with_levels(_without_block_label(columns, cells), cells), cells), height


def _begins_another(row: Sequence[str]) -> bool:
    return any(role(cell, "head") == "project_name" for cell in row) or _is_header(_read(row))


def _without_block_label(columns: Columns, cells: Sequence[Sequence[str]]) -> Columns:
    """The columns without 绩效指标 for a name, where it is the label of the block, merged down beside 指标."""
    own, *others = [i for i, name in enumerate(columns.names) if role(name, "table") == "name?description"] or [-1]
    if not others or not any(cells) or columns.roles[own] != "name":
        return columns
    if any(fold(cell) != fold(columns.names[own]) for cell in cells[own]):
        return columns
    return columns.changed({own: "other", others[0]: "name"})


def _with_levels(columns: Columns, cells: Sequence[Sequence[str]]) -> Columns:
    """The columns with those of level labels, whatever their header calls them (指标类别, 指标维度 …)."""
    roles = list(columns.roles)
    for i, one in enumerate(roles):
        labels = [found for cell in cells[i] if (found := label(cell))]
        if one in _OPEN and columns.names[i].strip() and len(labels) * 2 > len(cells[i]):
            key = "level2" if all(found.category for found in labels) else "level1"
            roles[i] = one if key in roles else key
    return replace(columns, roles=tuple(roles))


def _with_values(columns: Columns, cells: Sequence[Sequence[str]]) -> Columns:
    """The columns with one of values: where no header says so, that with the most amounts after the name.

    A column that seems to hold the goal (年度目标) or the year must hold little else.
    """
    roles, names = columns.roles, columns.names
    if "value" in roles:
        return columns
    shares: dict[int, float] = {}
    for i in range(roles.index("name") + 1, len(roles)):
        amounts = [cell for cell in cells[i] if is_amount(cell)]
        bare = all(cell.isdigit() for cell in amounts) and "unit" not in roles  # weights, years
        if roles[i] in _NOT_ITS_OWN and names[i].strip() and not bare:
            shares[i] = len(amounts) / len(cells[i])
    likely = [i for i, share in shares.items() if share > 0.5 or not roles[i]]
    if not likely:
        return columns
    value = max(likely, key=lambda i: shares[i])
    return replace(columns.changed({value: "value"}), guessed=clean(names[value]))


def _header(rows: Sequence[Sequence[str]], at: int) -> tuple[Columns, int] | None:
    """The header at a row, as far as its own words tell."""
    top = list(rows[at])
    found: Columns | None = None
    height = 0
    while height < _HIGHEST:
        under = list(rows[at + height + 1]) if at + height + 1 < len(rows) else []
        more = _with_row_below(_spread(top, under), under)
        if not more:
            break
        found, top, height = more, list(more.names), height + 1
    if found:
        return found, height + 1
    roles = _read(top := _spread(top, list(rows[at + 1]) if at + 1 < len(rows) else []))
    if not _is_header(roles):
        return None
    return Columns(tuple(_with_heads(top, roles)), tuple(top), tuple(period(cell) for cell in top)), 1


def _with_row_below(top: Sequence[str], under: Sequence[str]) -> Columns | None:
    """The columns that two rows of a header make together; None if the lower row is no part of it."""
    roles = _read(top)
    if not (under and any(roles) and len(under) == len(top)):
        return None
    leaf = [column_role(cell) for cell in under]
    parts = _parts_of_value(top, under, roles)
    for i in parts:
        leaf[i] = leaf[i] or "value"
    says_more = [i for i, found in enumerate(leaf) if found and fold(under[i]) != fold(top[i])]
    strange = [i for i, cell in enumerate(under) if cell.strip() and not leaf[i] and fold(cell) != fold(top[i])]
    if not says_more or strange or any(label(cell) for cell in under):
        return None
    both = _read([under[i] if leaf[i] else top[i] for i in range(len(top))])
    for i in parts:
        both[i] = both[i] or "value"
    beside = any(
        one in ("level1", "level2") and fold(cell) in ("", fold(above))
        for one, cell, above in zip(roles, under, top, strict=True)
    )
    above = [period(cell) for cell in top if cell.strip()]
    if not _is_header(both) or not (beside or not _is_header(leaf) or (len(set(above)) > 1 and all(above))):
        return None
    names = [under[i] if leaf[i] else top[i] for i in range(len(top))]
    times: list[str] = []
    for cell in top:  # a blank one was merged with the cell on its left
        times.append(period(cell) if cell.strip() or not times else times[-1])
    periods = tuple(period(cell) or time for cell, time in zip(under, times, strict=True))
    return Columns(tuple(_with_heads(names, both)), tuple(names), periods)


def _parts_of_value(top: Sequence[str], under: Sequence[str], roles: Sequence[str]) -> list[int]:
    """The cells that part a header of values merged across them (指标值 over 2025年 | 2026年, over the cities of a province).

    The row says nothing else: beside them, it is blank or merged with the row above.
    """
    owner: list[int] = []
    for i, cell in enumerate(top):
        owner.append(owner[-1] if i and (not cell.strip() or cell == top[owner[-1]]) else i)
    parts = [i for i, at in enumerate(owner) if roles[at] == "value" and owner.count(at) > 1 and under[i].strip()]
    new = [i for i in parts if fold(under[i]) != fold(top[owner[i]])]
    beside = [i for i, cell in enumerate(under) if i not in new and cell.strip() and fold(cell) != fold(top[i])]
    of_row = any(label(under[i]) or (is_amount(under[i]) and not _A_YEAR.fullmatch(clean(under[i]))) for i in new)
    return [] if beside or of_row or len(new) < 2 else new


def headers_down(rows: Sequence[Sequence[str]]) -> int:
    """Return how many indicators stand side by side in a table whose header runs down its left side; 0 if it is none.

    Examples
    --------
    >>> table = [["一级指标", "产出指标", "效益指标"], ["三级指标", "清淤长度", "受益人口"], ["指标值", "≥3公里", "≥9人"]]
    >>> headers_down(table), headers_down(list(zip(*table)))
    (2, 0)
    """
    for at in range(2):
        down = [row[at] if at < len(row) else "" for row in rows]
        roles = _read(down) if any(role(cell, "table").startswith("name") for cell in down) else []
        if not _is_header(roles):
            continue
        named = {one: [clean(cell) for cell in row[at + 1 :]] for one, row in zip(roles, rows, strict=True) if one}
        shown = [cell for one in ("level1", "level2") for cell in named.get(one, []) if label(cell)]
        if shown and any(map(is_amount, named.get("value", []))):
            return sum(bool(cell) for cell in named["name"])
    return 0
