"""Parse a target value: comparator, number, unit, deadline, period; and find the quantities inside running text.

A value cell is read with good will (``parse``), running text with suspicion (``find``): a year, a document number, a
list mark or the number in a name (一窗通办, 三年行动, 2+2+3) is no quantity. ``grammar`` holds the patterns made
from the word lists, ``scan`` reads a text with them, ``values`` is what comes out.
"""

import re
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from perfscore.grammar import Grammar, grammar, period_of
from perfscore.numerals import DIGITS
from perfscore.scan import Scanner
from perfscore.text import normalise, searches, squash
from perfscore.values import Kind, Quantity

__all__ = ["Kind", "Quantity", "find", "is_yesno", "may_say_number", "may_say_share", "parse", "unit_in_name"]


_NUMERAL = re.compile(f"[{DIGITS}年]")  # one of which is in every number and date


class _Text(NamedTuple):
    """Folded text without white space; ``places[i]`` is where its character i stands in the given text."""

    squashed: str
    places: range | list[int]

    def located(self, quantity: Quantity) -> Quantity:
        start, end = self.places[quantity.start], self.places[quantity.end - 1] + 1
        return quantity if (start, end) == (quantity.start, quantity.end) else replace(quantity, start=start, end=end)


def _fold(text: str) -> _Text:
    folded = normalise(text)
    squashed = squash(folded)
    if len(squashed) == len(folded):
        return _Text(folded, range(len(folded)))
    return _Text(squashed, [i for i, char in enumerate(folded) if not char.isspace()])


@lru_cache(maxsize=1 << 16)
def _parsed(rules: Grammar, value: str) -> Quantity:
    text = _fold(value)
    cell = text.squashed
    if not cell:
        return Quantity("empty")
    if fixed := _fixed(rules, cell):
        return Quantity("yesno" if fixed == "yesno" else "placeholder", end=len(value))
    if len(cell) <= 20 and rules.blank.fullmatch(cell):
        return Quantity("placeholder", end=len(value))
    found = _best(cell, [*Scanner(rules, cell, whole=True).quantities()])
    if found:
        return text.located(found)
    none = rules.no_incident.search(cell)
    if none:
        unit = rules.incidents[none["incident"]]
        return text.located(Quantity("count", "", 0.0, 0.0, unit, "count", start=none.start(), end=none.end()))
    period = rules.period.search(cell)
    return Quantity("wish", period=period_of(period[0]) if period else "", end=len(value))


def _fixed(rules: Grammar, cell: str) -> str:
    return rules.fixed.get(cell.strip('。.;,()"“”【】[]'), "")


def is_yesno(text: str) -> bool:
    """Tell whether a cell says yes or no and nothing else.

    Examples
    --------
    >>> is_yesno("是"), is_yesno("是否按期完成")
    (True, False)
    """
    return _fixed(grammar(), squash(normalise(text))) == "yesno"


def _best(cell: str, found: list[Quantity]) -> Quantity | None:
    """Choose what the cell promises: the first quantity, but not a year or a starting level where there is another."""
    for quantity in found:
        year_only = quantity.kind == "date" and len(quantity.deadline) == 4 and not quantity.comparator
        if not year_only and not (cell[: quantity.start].endswith(("由", "从")) and quantity is not found[-1]):
            return quantity
    return found[0] if found else None


def parse(value: str) -> Quantity:
    """Parse a whole value cell; any string gives a quantity, if only one of kind wish.

    Parameters
    ----------
    value : the cell as printed, operator and unit included

    Returns
    -------
    The quantity. A number among other words counts (提升率达到5%以上); of several the first, but a year or a starting
    level (由5%提高到10%) only if there is no other. 零事故 and 无事故 are a count of 0 起. 无 alone is a placeholder,
    是 否 有 are yesno. A month is a date (12月, 12月底前), after a comparator a number of months (≥12月).

    Examples
    --------
    >>> parse("控制在30天以内")
    Quantity(kind='duration', comparator='≤', low=30.0, high=30.0, unit='天', dimension='duration', period='',
        deadline='', start=0, end=8, approximate=False)
    >>> parse("2024年12月底前").deadline, parse("逐步提升").kind, parse("约3至5万元").high
    ('2024-12', 'wish', 50000.0)
    """
    return _parsed(grammar(), value)


@lru_cache(maxsize=1 << 16)
def _found(rules: Grammar, text: str) -> tuple[Quantity, ...]:
    folded = _fold(text)
    return tuple(folded.located(quantity) for quantity in Scanner(rules, folded.squashed, whole=False).quantities())


def find(text: str) -> tuple[Quantity, ...]:
    """Find the quantities in running text, in order, with their spans in it.

    Strict: a bare number, a year, a document number, a list mark, a number in a name (一窗通办, 24小时自助区, 2+2+3)
    are none; a date is one only as a deadline (年底前), a number in characters only where it is compared or done
    (完成三个).

    Examples
    --------
    >>> text = "根据〔2018〕46号文件，2024年完成3个项目，合格率不低于95%"
    >>> [(str(q), text[q.start : q.end]) for q in find(text)]
    [('3个', '3个'), ('≥95%', '不低于95%')]
    """
    if not may_say_number(text):  # as most texts do not
        return ()
    return _found(grammar(), text)


@searches(_NUMERAL)
def may_say_number(text: str) -> str:
    """Tell whether ``find`` may find anything in a text, without looking for it.

    Examples
    --------
    >>> may_say_number("完成三个项目"), may_say_number("项目完成情况")
    (True, False)
    """
    return normalise(text)


@searches(lambda: grammar().share)
def may_say_share(text: str) -> str:
    """Tell whether ``find`` may find a share in a text, without looking for it.

    Examples
    --------
    >>> may_say_share("合格率不低于95%"), may_say_share("合格率95百 分 比"), may_say_share("完成3个项目")
    (True, True, False)
    """
    return squash(normalise(text))


@lru_cache(maxsize=1 << 16)
def _named_unit(rules: Grammar, name: str) -> tuple[str, str] | None:
    match = rules.unit_in_name.search(_fold(name).squashed)
    if not match:
        return None
    unit = rules.compound(match["unit"] or match["bare"])
    return unit.name, "count" if unit.dimension == "measure" else unit.dimension


def unit_in_name(name: str) -> tuple[str, str] | None:
    """Return unit and dimension of the hint printed at the end of an indicator name, ``None`` without one.

    Examples
    --------
    >>> unit_in_name("帮扶责任人数（人）"), unit_in_name("合格率(%)"), unit_in_name("补助标准（万元/户）")
    (('人', 'count'), ('%', 'share'), ('元/户', 'rate'))
    >>> unit_in_name("群众满意度") is None
    True
    """
    if "\u4e00" <= name[-1:] <= "\u9fff":  # most names end in a word
        return None
    return _named_unit(grammar(), name)
