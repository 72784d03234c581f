"""Which case of the advice on a rule a finding is, and the words that this case alone has, such as a number of the row."""

from collections.abc import Callable
from typing import NamedTuple

from perfscore import lexicon
from perfscore.names import is_label, is_wish, measure
from perfscore.proposals import asked, class_form, held, open_measures, signed, unit
from perfscore.quantity import Quantity, find, may_say_number
from perfscore.records import AS_IS, Hit, Reads, Row
from perfscore.rules import wrong_category
from perfscore.rules.unit_conflict import FITS

__all__ = ["CASES", "Case", "Words", "quoted"]

LONGEST = 40  # characters of a cell that are quoted

Words = dict[str, str]


class Case(NamedTuple):
    """What is read of a row to choose the case of a rule, and how it is chosen: its name, and words of its own."""

    reads: Reads
    chosen: Callable[[Row, Hit], tuple[str, Words]]


def quoted(text: str) -> str:
    """Return a cell as it is quoted, on one line and cut if it is long.

    Examples
    --------
    >>> quoted("培训  人数"), len(quoted("很长" * 500))
    ('培训 人数', 41)
    """
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _held(row: Row, dimension: str) -> Words:
    """A number of the right kind that the row itself holds, as the words of a case; empty without one."""
    found = held(row, dimension)
    return dict(zip(("where", "held", "form"), map(quoted, found), strict=True)) if found else {}


def _measurable(row: Row, _: Hit) -> tuple[str, Words]:
    """An indicator in place of a task, a wish or a quality: one that measures it, or else one of the class."""
    options = _options(open_measures(row.name), row.category) or _options(open_measures(row.value), row.category)
    return ("open", {"options": options}) if options else ("model", {})


@lexicon.cached
def _options(proposals: tuple[str, ...], category: str) -> str:
    """Those indicators that belong in a class."""
    return "或".join(f"“{proposal}”" for proposal in proposals if _belongs(proposal.split()[0], category))


def _belongs(name: str, category: str) -> bool:
    return not wrong_category.check(Row(name=name, category=category))


def _measured(row: Row) -> bool:
    """Tell whether the name may stay, because it rests on a measure that says what its value must be."""
    return bool(asked(row.name, "")) and not is_wish(row.name) and not is_label(row.name)


def _generic(row: Row, hit: Hit) -> tuple[str, Words]:
    if row.category == "满意度":
        return "who", {}
    return ("", {}) if _measured(row) else _measurable(row, hit)


def _default(row: Row, hit: Hit) -> tuple[str, Words]:
    return ("", {}) if _measured(row) else _measurable(row, hit)


def _label(row: Row, _: Hit) -> tuple[str, Words]:
    dimension = class_form(row.category)["dimension"]
    found = _held(row, dimension)
    return ("held", found) if found else ("", {})


def _mismatched(row: Row, _: Hit) -> tuple[str, Words]:
    if is_label(row.name) or is_wish(row.name):
        return "label", {}
    if found := _held(row, asked(row.name, row.category)):
        return "held", found
    return ("rate", {}) if row.category == "数量" and _is_share(row.quantity) else ("", {})


def _is_share(quantity: Quantity) -> bool:
    return quantity.kind == "share"


def _turned(row: Row, _: Hit) -> tuple[str, Words]:
    dimension = asked(row.name, row.category)
    return ("unit" if dimension and _kind(row.quantity) not in FITS[dimension] else ""), {}


def _kind(quantity: Quantity) -> str:
    return quantity.kind


def _implausible(row: Row, _: Hit) -> tuple[str, Words]:
    beyond = _beyond(row.quantity)
    if beyond != "zero":
        return beyond, {}
    found = measure(row.name)
    return ("none" if found and found.polarity == "-" else "never"), {}


def _beyond(quantity: Quantity) -> str:
    """What is implausible about a value: the case, but for a zero the name decides."""
    low, comparator, share = quantity.low or 0.0, quantity.comparator, _is_share(quantity)
    if low < 0:
        return "negative"
    if low == 0:
        return "zero"
    if share and comparator in ("≤", "<"):
        return "never"
    if share and low == 100 and comparator in ("≥", ">"):
        return "full"
    return "above" if share and (quantity.high or low) > 100 else "growth"


def _contradicted(row: Row, _: Hit) -> tuple[str, Words]:
    value = row.quantity
    for where, text in (("描述", row.description or ""), ("名称", row.name)):
        for other in find(text):
            same_unit = value.kind != "count" or other.unit == value.unit
            if other.kind == value.kind and same_unit and (other.low, other.deadline) != (value.low, value.deadline):
                words = quoted(text[other.start : other.end])
                written = words if other.kind == "date" else signed(other, value.comparator)
                return "held", {"where": where, "held": words, "form": written}
    return "", {}


def _unquantified(row: Row, hit: Hit) -> tuple[str, Words]:
    if hit.severity == "minor":
        return "graded", {}
    if not _measured(row):
        return _measurable(row, hit)
    found = _held(row, asked(row.name, row.category))
    return ("held", found) if found else ("", {})


def _without_unit(row: Row, _: Hit) -> tuple[str, Words]:
    dimension = asked(row.name, row.category)
    number = str(row.quantity)
    if dimension == "money" and number.endswith(("万", "亿")):
        return "", {"form": f"{number}元"}
    if dimension == "money" and unit(row.name, dimension) in ("", "万元"):
        return "money", {"form": number}
    counter = unit(row.name, dimension) if dimension else ""
    return ("", {"form": f"{number}{counter}"}) if counter else ("open", {"form": number})


def _with_number(text: str) -> str:
    return text if may_say_number(text) else ""


SPOKEN: Reads = {"name": AS_IS, "value": (open_measures,), "category": AS_IS}
HELD: Reads = {"name": AS_IS, "description": (_with_number,), "category": AS_IS}

CASES = {
    "PS101": Case(SPOKEN, _generic),
    "PS103": Case(SPOKEN, _default),
    "PS106": Case(HELD, _label),
    "PS201": Case({**HELD, "quantity": (_is_share,)}, _mismatched),
    "PS202": Case({"name": (measure, is_label), "quantity": (_kind,), "category": AS_IS}, _turned),
    "PS203": Case({"name": (measure,), "quantity": (_beyond,)}, _implausible),
    "PS206": Case({"name": AS_IS, "description": (_with_number,), "quantity": AS_IS}, _contradicted),
    "PS301": Case({**SPOKEN, **HELD}, _unquantified),
    "PS302": Case(SPOKEN, _measurable),
    "PS303": Case({"name": AS_IS, "quantity": AS_IS, "category": AS_IS}, _without_unit),
}
