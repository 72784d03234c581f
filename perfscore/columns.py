"""Which columns a table of indicators has: its header, of one to three rows, on top of it or down its side."""

from collections.abc import Sequence
from dataclasses import dataclass

from perfscore.headers import clean, fold, is_amount, label, period, role

__all__ = ["Columns", "find_header", "headers_down"]

_HIGHEST = 2  # rows of a header below its first


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: the role of each, its header as printed, and 总体 or 年度 where the header tells."""

    roles: tuple[str, ...]
    names: tuple[str, ...]
    periods: tuple[str, ...] = ()


def _read(cells: Sequence[str]) -> list[str]:
    """The roles of header cells; ``a?b`` is a where no cell before or beside it is one, else b."""
    found = [role(cell, "table") or _last_line(cell) for cell in cells]
    for i, one in enumerate(found):
        wanted, _, otherwise = one.partition("?")
        if otherwise and wanted != "operator":
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

    Examples
    --------
    >>> columns, height = find_header([["一级指标", "二级指标", "三级指标", "指标值", "指标值确定依据"]])
    >>> columns.roles, height
    (('level1', 'level2', 'name', 'value', 'basis'), 1)
    """
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
    leaf = [role(cell, "table") for cell in under]
    says_more = [i for i, found in enumerate(leaf) if found and fold(under[i]) != fold(top[i])]
    strange = [i for i, cell in enumerate(under) if cell.strip() and not leaf[i] and fold(cell) != fold(top[i])]
    if not says_more or strange or any(label(cell) for cell in under):
        return None
    both = _read([under[i] if leaf[i] else top[i] for i in range(len(top))])
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
