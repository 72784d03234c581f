"""What to write instead: for each finding on a row, a rewrite of this very row.

The texts are in ``advice.tsv``, one line a case of a rule (``cases``); here they are filled with the row's own words. A
rule without a line keeps the advice of its docstring.
"""

from collections.abc import Callable, Hashable, Iterable
from string import Formatter
from typing import Any, NamedTuple

from perfscore import lexicon
from perfscore.cases import CASES, Words, quoted
from perfscore.errors import LexiconError
from perfscore.names import is_label, measure
from perfscore.proposals import asked, class_form, definition, example, form, model, signed, thing, unit
from perfscore.quantity import parse
from perfscore.records import AS_IS, CELLS, Hit, Reads, Row
from perfscore.rules.compound_indicator import measured_parts

__all__ = ["Draft", "advise", "cites", "draft", "reads"]

TURNED = {"≥": "≤", ">": "<", "≤": "≥", "<": ">"}


class Word(NamedTuple):
    """A word that a text may ask for: what is read of a row to make it, how it is made, whether the name is cut for it."""

    reads: Reads
    made: Callable[[Row, Hit], str]
    cut: bool = False


class Part(NamedTuple):
    """What is printed, the word behind it, if there is one, and how that is made if it is no word of its case alone."""

    printed: str
    name: str | None
    word: Word | None


class Text(NamedTuple):
    """A text to be filled, and whether the name is cut into words for it, which is best done with others (``read_ahead``)."""

    pattern: str
    parts: tuple[Part, ...]
    cuts: bool


class Draft(NamedTuple):
    """A text chosen for a finding, and what it will be filled with: the row, the hit, the words of the case."""

    text: Text
    row: Row
    hit: Hit
    own: Words

    def filled(self) -> str:
        """Return the text with the words of its case and those of the row.

        Raises
        ------
        LexiconError
            a line of ``advice.tsv`` asks for a word that there is not
        """
        text, row, hit, own = self
        said = []
        try:
            for printed, name, word in text.parts:
                said.append(printed)
                if name is not None:
                    said.append(word.made(row, hit) if word and name not in own else own[name])
        except KeyError as error:
            raise _unfillable(text.pattern) from error
        return "".join(said) + "。"


@lexicon.derived
def _texts() -> dict[str, Text]:
    return {entry["case"]: _text(_code(entry["case"]), entry["text"]) for entry in lexicon.table("advice.tsv")}


def _text(code: str, pattern: str) -> Text:
    try:
        parts = [(printed, name) for printed, name, _, _ in Formatter().parse(pattern)]
    except ValueError as error:
        raise _unfillable(pattern) from error
    words = WORDS | WORDS_OF.get(code, {})
    made = tuple(Part(printed, name, words.get(name or "")) for printed, name in parts)
    return Text(pattern, made, any(part.word.cut for part in made if part.word))


def _code(case: str) -> str:
    return case.split(".")[0]


def _unfillable(pattern: str) -> LexiconError:
    return LexiconError(f"词表 advice.tsv 的“{pattern}”不能填写；花括号应成对，里面应为 name、value、form 等已有的词")


@lexicon.cached
def reads(code: str) -> Reads:
    """Return what the advice on a rule may ask of a row: of rows that give the same answers one is advised.

    Examples
    --------
    >>> reads("PS207")
    {'category': ()}
    """
    cases = [CASES[code].reads] if code in CASES else []
    return _together([*cases, *(word.reads for word in _words(code))])


@lexicon.cached
def cites(code: str) -> bool:
    """Tell whether the advice on a rule repeats the words at fault; else it is the same wherever in the row they stand."""
    return WORDS["words"] in _words(code)


def _words(code: str) -> list[Word]:
    parts = (part for case, text in _texts().items() if _code(case) == code for part in text.parts)
    return [part.word for part in parts if part.word]


def _together(several: Iterable[Reads]) -> Reads:
    found: dict[str, tuple[Callable[[Any], Hashable], ...]] = {}
    for each in several:
        for cell, questions in each.items():
            known = found.get(cell, questions)
            found[cell] = AS_IS if AS_IS in (known, questions) else tuple(dict.fromkeys((*known, *questions)))
    return found


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
    made = draft(code, hit, row)
    return made.filled() if made else ""


def draft(code: str, hit: Hit, row: Row | None) -> Draft | None:
    """Choose the text of an advice, if there is one: ``advise`` without the words, so that many names can be cut at once."""
    if row is None and not hit.remedy:
        return None
    subject = Row(category=hit.remedy) if row is None else row
    case, own = CASES[code].chosen(subject, hit) if code in CASES and row is not None else ("", {})
    text = _texts().get(f"{code}.{case}" if case else code)
    return Draft(text, subject, hit, own) if text and text.pattern else None


def _noun(row: Row) -> str:
    found = measure(row.name)
    return found.noun if found else quoted(row.name)


def _marked(row: Row, hit: Hit) -> str:
    return quoted((getattr(row, hit.field, None) or "")[hit.start : hit.end])


def _dimension(row: Row) -> str:
    return asked(row.name, row.category)


def _turned(row: Row) -> str:
    """The value with its sign turned and its figure as it is printed."""
    quantity = row.quantity
    comparator = TURNED.get(quantity.comparator, quantity.comparator)
    printed = row.value[quantity.start : quantity.end]
    figure = printed[_figure_at(printed) :]
    bare = parse(figure)
    if not bare.comparator and (bare.kind, bare.low, bare.high) == (quantity.kind, quantity.low, quantity.high):
        return quoted(comparator + figure)
    return signed(quantity, comparator)


def _figure_at(text: str) -> int:
    return next((at for at, char in enumerate(text) if char.isdigit()), 0)


def _parts(row: Row) -> str:
    rows = (Row(name=part, category=row.category) for part in measured_parts(row.name))
    return "".join(f"“{quoted(part.name)} {form(part, _dimension(part))}”" for part in rows)


NAME: Reads = {"name": AS_IS}
CLASS: Reads = {"category": AS_IS}
BOTH: Reads = {**NAME, **CLASS}

WORDS = {
    "name": Word(NAME, lambda row, _: quoted(row.name)),
    "value": Word({"value": AS_IS}, lambda row, _: quoted(row.value)),
    "turned": Word({"value": AS_IS, "quantity": AS_IS}, lambda row, _: _turned(row)),
    "noun": Word(NAME, lambda row, _: _noun(row)),
    "thing": Word(NAME, lambda row, _: thing(row.name), cut=True),
    "parts": Word(BOTH, lambda row, _: _parts(row)),
    "unit": Word(BOTH, lambda row, _: unit(row.name, _dimension(row))),
    "form": Word(BOTH, lambda row, _: form(row, _dimension(row))),
    "example": Word(BOTH, lambda row, _: example(row, _dimension(row))),
    "definition": Word({"name": (measure, is_label), **CLASS}, lambda row, _: definition(_dimension(row))),
    "category": Word(CLASS, lambda row, _: row.category or "数量"),
    "source": Word(CLASS, lambda row, _: class_form(row.category)["source"]),
    "basis": Word(CLASS, lambda row, _: class_form(row.category)["basis"]),
    "home": Word({}, lambda _, hit: hit.remedy),
    "model": Word(BOTH, lambda row, _: model(row, row.category), cut=True),
    "words": Word(dict.fromkeys(CELLS, AS_IS), _marked),
}

# What a row of another field speaks of is no model.
WORDS_OF = {"PS207": {"model": Word(CLASS, lambda row, _: model(Row(), row.category))}}
