"""What to write instead: for each finding on a row, a rewrite of this very row.

The words are in ``advice.tsv``, one line a case of a rule; here each rule's case is chosen and the row's own words are
given to it. A rule without a line keeps the advice of its docstring.
"""

from collections.abc import Callable

from perfscore import lexicon
from perfscore.errors import LexiconError
from perfscore.names import is_label, is_wish, measure
from perfscore.proposals import (
    asked,
    class_form,
    definition,
    example,
    form,
    held,
    model,
    open_measures,
    signed,
    thing,
    unit,
)
from perfscore.quantity import find
from perfscore.records import AS_IS, Hit, Reads, Row
from perfscore.rules import wrong_category
from perfscore.rules.compound_indicator import measured_parts
from perfscore.rules.unit_conflict import FITS

__all__ = ["advise", "reads"]

ANY: Reads = dict.fromkeys(("name", "description", "value", "category"), AS_IS)
FEWER: dict[str, Reads] = {
    "PS104": {"name": AS_IS, "category": AS_IS},
    "PS205": {"name": AS_IS, "category": AS_IS},
    "PS207": {"category": AS_IS},
    "PS503": {"category": AS_IS},
}

LONGEST = 40  # characters of a cell that are quoted
TURNED = {"≥": "≤", ">": "<", "≤": "≥", "<": ">"}

Words = dict[str, str]


@lexicon.derived
def _texts() -> dict[str, str]:
    return {entry["case"]: entry["text"] for entry in lexicon.table("advice.tsv")}


def reads(code: str) -> Reads:
    """Return what the advice on a rule may ask of a row: of rows that give the same answers one is advised."""
    return FEWER.get(code, ANY)


def advise(code: str, hit: Hit, row: Row | None) -> str:
    """Return what to write instead, or an empty string if there is nothing to say beyond the rule's own advice.

    Parameters
    ----------
    code : the rule
    hit : what it found
    row : the row it found it on; ``None`` for a whole table

    Raises
    ------
    LexiconError
        a line of ``advice.tsv`` asks for a word that there is not

    Examples
    --------
    >>> from perfscore.quantity import parse
    >>> row = Row(name="印刷费", value="≥20万元", category="成本", quantity=parse("≥20万元"))
    >>> advise("PS202", Hit("…", "value", 0, 5), row)
    '改为“印刷费 ≤20万元”（数字未动，请核对）。'
    """
    if row is None and not hit.remedy:
        return ""
    subject = Row(category=hit.remedy) if row is None else row
    case, words = CASES[code](subject, hit) if code in CASES and row is not None else ("", {})
    text = _texts().get(f"{code}.{case}" if case else code)
    if not text:
        return ""
    try:
        return text.format_map(_Words(subject, hit, words)) + "。"
    except (KeyError, ValueError, IndexError) as error:
        raise LexiconError(
            f"词表 advice.tsv 的“{text}”不能填写；花括号应成对，里面应为 name、value、form 等已有的词"
        ) from error


class _Words(dict[str, str]):
    """The words a case may use: its own, and those every case has, made when a text asks for one of them."""

    def __init__(self, row: Row, hit: Hit, own: Words) -> None:
        super().__init__(own)
        self._row, self._hit = row, hit

    def __missing__(self, word: str) -> str:
        return COMMON[word](self._row, self._hit)


def _noun(row: Row) -> str:
    found = measure(row.name)
    return found.noun if found else _clip(row.name)


def _marked(row: Row, hit: Hit) -> str:
    return _clip((getattr(row, hit.field, None) or "")[hit.start : hit.end])


def _dimension(row: Row) -> str:
    return asked(row.name, row.category)


COMMON: dict[str, Callable[[Row, Hit], str]] = {
    "name": lambda row, _: _clip(row.name),
    "value": lambda row, _: _clip(row.value),
    "noun": lambda row, _: _noun(row),
    "thing": lambda row, _: thing(row.name),
    "unit": lambda row, _: unit(row.name, _dimension(row)),
    "form": lambda row, _: form(row, _dimension(row)),
    "example": lambda row, _: example(row, _dimension(row)),
    "definition": lambda row, _: definition(_dimension(row)),
    "category": lambda row, _: row.category or "数量",
    "source": lambda row, _: class_form(row.category)["source"],
    "basis": lambda row, _: class_form(row.category)["basis"],
    "home": lambda _, hit: hit.remedy,
    "model": lambda row, _: model(row, row.category),
    "words": _marked,
}


def _clip(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _held(row: Row, dimension: str) -> Words:
    """A number of the right kind that the row itself holds, as the words of a case; empty without one."""
    found = held(row, dimension)
    return dict(zip(("where", "held", "form"), map(_clip, found), strict=True)) if found else {}


def _measurable(row: Row, _: Hit) -> tuple[str, Words]:
    """An indicator in place of a task, a wish or a quality: one that measures it, or else one of the class."""
    for text in (row.name, row.value):
        fitting = [f"“{found}”" for found in open_measures(text) if _belongs(found.split()[0], row.category)]
        if fitting:
            return "open", {"options": "或".join(fitting)}
    return "model", {}


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
    dimension = asked(row.name, row.category)
    if is_label(row.name) or is_wish(row.name):
        return "label", {}
    if found := _held(row, dimension):
        return "held", found
    return ("rate", {}) if row.quantity.kind == "share" and row.category == "数量" else ("", {})


def _turned(row: Row, _: Hit) -> tuple[str, Words]:
    comparator = row.quantity.comparator
    dimension = asked(row.name, row.category)
    if dimension and row.quantity.kind not in FITS[dimension]:
        return "unit", {}
    return "", {"turned": signed(row.quantity, TURNED.get(comparator, comparator))}


def _implausible(row: Row, _: Hit) -> tuple[str, Words]:
    low, comparator, share = row.quantity.low or 0.0, row.quantity.comparator, row.quantity.kind == "share"
    if low < 0:
        return "negative", {}
    if low == 0:
        found = measure(row.name)
        return "none" if found and found.polarity == "-" else "never", {}
    if share and comparator in ("≤", "<"):
        return "never", {}
    if share and low == 100 and comparator in ("≥", ">"):
        return "full", {}
    return ("above" if share and (row.quantity.high or low) > 100 else "growth"), {}


def _contradicted(row: Row, _: Hit) -> tuple[str, Words]:
    value = row.quantity
    for where, text in (("描述", row.description or ""), ("名称", row.name)):
        for other in find(text):
            same_unit = value.kind != "count" or other.unit == value.unit
            if other.kind == value.kind and same_unit and (other.low, other.deadline) != (value.low, value.deadline):
                words = _clip(text[other.start : other.end])
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


def _compound(row: Row, _: Hit) -> tuple[str, Words]:
    rows = (Row(name=part, category=row.category) for part in measured_parts(row.name))
    return "", {
        "parts": "".join(f"“{_clip(part.name)} {form(part, asked(part.name, part.category))}”" for part in rows)
    }


def _foreign(row: Row, _: Hit) -> tuple[str, Words]:
    return "", {"model": model(Row(), row.category)}


CASES: dict[str, Callable[[Row, Hit], tuple[str, Words]]] = {
    "PS101": _generic,
    "PS103": _default,
    "PS106": _label,
    "PS201": _mismatched,
    "PS202": _turned,
    "PS203": _implausible,
    "PS206": _contradicted,
    "PS207": _foreign,
    "PS301": _unquantified,
    "PS302": _measurable,
    "PS303": _without_unit,
    "PS304": _compound,
}
