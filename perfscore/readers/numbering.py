"""The numbers that Word puts before paragraphs: they are printed, yet not part of any text."""

from dataclasses import dataclass, field

from perfscore.readers.markup import Element, attribute, find, local

__all__ = ["Numbering", "spell_number"]

DIGITS = "零一二三四五六七八九"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
         (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
SILENT = {"bullet", "none"}


@dataclass
class Numbering:
    """The numbered lists of a document: how each is written, and how far each has been counted."""

    levels: dict[str, dict[int, tuple[str, str, int]]] = field(default_factory=dict)
    """List → level → format, pattern (``%1.%2``), start."""
    counts: dict[tuple[str, int], int] = field(default_factory=dict)
    styles: dict[str, Element] = field(default_factory=dict)

    @classmethod
    def of(cls, numbering: Element | None, styles: Element | None) -> "Numbering":
        """Read the lists that a document defines and the styles that use them."""
        made = cls()
        abstract = {}
        for element in () if numbering is None else numbering:
            if local(element) == "abstractNum":
                abstract[attribute(element, "abstractNumId")] = dict(
                    _level(lvl) for lvl in element if local(lvl) == "lvl"
                )
            elif local(element) == "num":
                made.levels[attribute(element, "numId")] = abstract.get(
                    attribute(find(element, "abstractNumId"), "val"), {}
                )
        for style in () if styles is None else styles:
            properties = find(style, "pPr", "numPr")
            if properties is not None:
                made.styles[attribute(style, "styleId")] = properties
        return made

    def label(self, paragraph: Element) -> str:
        """Count a paragraph, and return the number printed before it; nothing for bullets and plain paragraphs."""
        properties = find(paragraph, "pPr", "numPr")
        if properties is None:
            properties = self.styles.get(attribute(find(paragraph, "pPr", "pStyle"), "val"))
        if properties is None:
            return ""
        which = attribute(find(properties, "numId"), "val")
        depth = int(attribute(find(properties, "ilvl"), "val") or 0)
        levels = self.levels.get(which, {})
        if depth not in levels:
            return ""
        form, pattern, start = levels[depth]
        self.counts[which, depth] = self.counts.get((which, depth), start - 1) + 1
        for deeper in [level for level in levels if level > depth]:
            self.counts.pop((which, deeper), None)
        if form in SILENT:
            return ""
        for level, (its_form, _, its_start) in sorted(levels.items(), reverse=True):
            count = self.counts.get((which, level), its_start)
            pattern = pattern.replace(f"%{level + 1}", spell_number(count, its_form))
        return pattern + " " if pattern[-1:].isalnum() else pattern


def _level(level: Element) -> tuple[int, tuple[str, str, int]]:
    start = attribute(find(level, "start"), "val")
    form = attribute(find(level, "numFmt"), "val") or "decimal"
    return int(attribute(level, "ilvl")), (
        form,
        attribute(find(level, "lvlText"), "val"),
        int(start) if start.isdecimal() else 1,
    )


def spell_number(number: int, form: str) -> str:
    """Return a number as a list writes it; a form that is not known here as digits.

    Examples
    --------
    >>> [spell_number(12, form) for form in ("decimal", "chineseCounting", "lowerLetter", "upperRoman")]
    ['12', '十二', 'l', 'XII']
    """
    if form.startswith(("chinese", "japanese", "taiwanese", "ideographDigital")) and 0 < number < 100:
        tens, ones = divmod(number, 10)
        return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (DIGITS[ones] if ones else "")
    if form.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(ord("①") + number - 1)
    if form in {"lowerLetter", "upperLetter"} and number > 0:
        letter = LETTERS[(number - 1) % 26] * ((number - 1) // 26 + 1)
        return letter.upper() if form.startswith("upper") else letter
    if form in {"lowerRoman", "upperRoman"} and 0 < number < 4000:
        text = ""
        for value, letters in ROMAN:
            count, number = divmod(number, value)
            text += letters * count
        return text.upper() if form.startswith("upper") else text
    return str(number)
