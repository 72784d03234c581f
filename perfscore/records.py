"""The frozen records a rule sees: one row, one project, and what a rule says of them. So a rule is tested without pandas."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from perfscore.similar import Int
from perfscore.values import Quantity

__all__ = ["AS_IS", "CELLS", "Hit", "Project", "Reads", "Row", "Said"]

CELLS = ("level1", "level2", "name", "description", "value", "basis", "category", "quantity")
Reads = Mapping[str, tuple[Callable[[Any], Hashable], ...]]
"""Which cells of a row are read, and what is asked of each: functions of the cell, none for the cell as it is."""

AS_IS: tuple[Callable[[Any], Hashable], ...] = ()


class Row(NamedTuple):
    """The content of one indicator row, folded (``text.normalise``) without changing any length.

    ``description`` and ``basis`` are ``None`` where the form has no such column. ``category`` is the canonical second-level
    class (数量 质量 时效 成本 经济效益 社会效益 生态效益 可持续影响 满意度, or empty if the labels name none); ``quantity`` is the parsed value.
    """

    level1: str = ""
    level2: str = ""
    name: str = ""
    description: str | None = None
    value: str = ""
    basis: str | None = None
    category: str = ""
    quantity: Quantity = Quantity("empty")


@dataclass(frozen=True, slots=True)
class Project:
    """One project table with its rows in order; ``row_nos[i]`` is the printed number of ``rows[i]``.

    ``goal`` is ``None`` where the form has no place for it. ``unread`` are rows of which only labels could be read.
    """

    project_id: str = ""
    doc: str = ""
    name: str = ""
    agency: str = ""
    year: int | None = None
    budget: float | None = None
    purpose: str = ""
    goal: str | None = None
    rows: tuple[Row, ...] = ()
    row_nos: tuple[int, ...] = ()
    unread: tuple[Row, ...] = ()


class Hit(NamedTuple):
    """One thing a rule found. ``row_no`` and ``project_id`` are filled by the engine for rules of row and project scope.

    ``start`` and ``end`` mark the evidence inside ``field``; without them the whole field is the evidence. ``remedy`` is the
    class that should stand there instead, where the rule knows it.
    """

    message: str
    field: str = ""
    start: int | None = None
    end: int | None = None
    advice: str = ""
    remedy: str = ""
    severity: str = ""
    row_no: int | None = None
    project_id: str = ""
    peer: str = ""


class Said(NamedTuple):
    """A hit that a rule of corpus scope has on many rows: ``rows`` are positions among the indicators under review."""

    hit: Hit
    rows: Int
