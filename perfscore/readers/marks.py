"""What is drawn on a pdf page: glyphs and ruling lines, turned upright; and the text that glyphs spell."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

__all__ = ["Glyph", "Marks", "Rule", "lines_of", "marks_of", "spell", "spell_line", "upright"]

THIN = 3.0
"""Points: a rectangle no thicker than this is a drawn line, whatever its length."""
SAME_LINE = 0.4
"""Share of the glyph height by which the middles of glyphs of one line may differ."""
WORD_GAP, BLANK_GAP, COLUMN_GAP = 0.3, 1.0, 2.0
"""Gaps in glyph heights: between latin words, a visible blank, and a step to another column of text."""
_SKEW = 0.1  # tangent of the angle beyond which text is set aslant, not only scanned askew
_ASLANT = 45


class Glyph(NamedTuple):
    """One character and its box in points, ``top`` and ``bottom`` counted from the top of the page."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    angle: int = 0

    @property
    def middle(self) -> float:
        """Vertical middle."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """Height of the box: the font size."""
        return self.bottom - self.top


class Rule(NamedTuple):
    """One horizontal or vertical ruling line."""

    x0: float
    top: float
    x1: float
    bottom: float


class Marks(NamedTuple):
    """All that is drawn on a page; ``broken`` counts characters whose font does not say what they are."""

    glyphs: list[Glyph]
    rules: list[Rule]
    broken: int
    has_image: bool


def marks_of(page: Any) -> Marks:
    """Return what is drawn on a page of pdfplumber, turned so that most of its text runs from left to right."""
    glyphs, broken = [], 0
    for char in page.chars:
        text = char["text"]
        if text.startswith("(cid:"):
            text, broken = "\ufffd", broken + 1
        if char["x1"] > char["x0"] and char["bottom"] > 0 and char["top"] < page.height:
            glyphs.append(Glyph(text, char["x0"], char["top"], char["x1"], char["bottom"], _angle(char["matrix"])))
    straight = [glyph for glyph in glyphs if glyph.angle != _ASLANT]
    glyphs = straight or [glyph._replace(angle=0) for glyph in glyphs]  # a watermark is no part of the text
    rules = list(_rules(page))
    angle = Counter(glyph.angle for glyph in glyphs).most_common(1)[0][0] if glyphs else 0
    size = (float(page.width), float(page.height))
    glyphs = [_turn(glyph, angle, size) for glyph in _once(glyphs)]
    rules = [Rule(*_turned_box(rule, angle, size)) for rule in rules]
    covered = sum(image["width"] * image["height"] for image in page.images)
    return Marks(glyphs, rules, broken, covered > 0.3 * size[0] * size[1])


def _angle(matrix: tuple[float, ...]) -> int:
    """Return the direction in which text runs: 0 to the right, 90 up, 180 to the left, 270 down, or ``_ASLANT``."""
    a, b = matrix[0], matrix[1]
    if min(abs(a), abs(b)) > _SKEW * max(abs(a), abs(b)):
        return _ASLANT
    if abs(b) > abs(a):
        return 90 if b > 0 else 270
    return 180 if a < 0 else 0


def _turned_box(box: Glyph | Rule, angle: int, size: tuple[float, float]) -> tuple[float, float, float, float]:
    width, height = size
    if angle == 90:
        return height - box.bottom, box.x0, height - box.top, box.x1
    if angle == 180:
        return width - box.x1, height - box.bottom, width - box.x0, height - box.top
    if angle == 270:
        return box.top, width - box.x1, box.bottom, width - box.x0
    return box.x0, box.top, box.x1, box.bottom


def _turn(glyph: Glyph, angle: int, size: tuple[float, float]) -> Glyph:
    return Glyph(glyph.text, *_turned_box(glyph, angle, size), (glyph.angle - angle) % 360) if angle else glyph


def upright(glyphs: list[Glyph]) -> list[Glyph]:
    """Return the glyphs of a cell turned so that most of them run from left to right: labels are often set sideways."""
    angle = Counter(glyph.angle for glyph in glyphs).most_common(1)[0][0] if glyphs else 0
    size = (max((glyph.x1 for glyph in glyphs), default=0.0), max((glyph.bottom for glyph in glyphs), default=0.0))
    return [_turn(glyph, angle, size) for glyph in glyphs]


def _once(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Drop glyphs drawn again on the spot, which is how some programs print bold."""
    last: dict[str, list[Glyph]] = {}
    kept = []
    for glyph in glyphs:
        near = last.setdefault(glyph.text, [])
        reach = 0.2 * glyph.height
        if any(abs(glyph.x0 - other.x0) < reach and abs(glyph.top - other.top) < reach for other in near):
            continue
        near.append(glyph)
        del near[:-4]
        kept.append(glyph)
    return kept


def _rules(page: Any) -> Iterator[Rule]:
    """Yield the axis-parallel lines of a page: lines, thin bars, the sides of outlined boxes and of other shapes."""
    for line in page.lines:
        if min(line["width"], line["height"]) <= THIN / 3:
            yield Rule(line["x0"], line["top"], line["x1"], line["bottom"])
    for rect in page.rects:
        x0, top, x1, bottom = rect["x0"], rect["top"], rect["x1"], rect["bottom"]
        if x1 - x0 <= THIN or bottom - top <= THIN:
            yield _centre_line(x0, top, x1, bottom)
        elif rect["stroke"]:  # a filled box without outline is shading
            yield from (Rule(x0, top, x1, top), Rule(x0, bottom, x1, bottom))
            yield from (Rule(x0, top, x0, bottom), Rule(x1, top, x1, bottom))
    for curve in page.curves:
        if curve["stroke"]:
            for (x0, y0), (x1, y1) in pairwise(curve["pts"]):
                if min(abs(x1 - x0), abs(y1 - y0)) <= THIN / 3:
                    yield Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _centre_line(x0: float, top: float, x1: float, bottom: float) -> Rule:
    if x1 - x0 >= bottom - top:
        return Rule(x0, (top + bottom) / 2, x1, (top + bottom) / 2)
    return Rule((x0 + x1) / 2, top, (x0 + x1) / 2, bottom)


def lines_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Return the glyphs line by line from top to bottom, each line from left to right."""
    lines: list[list[Glyph]] = []
    middle = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.middle):
        if lines and abs(glyph.middle - middle) <= SAME_LINE * glyph.height:
            lines[-1].append(glyph)
            middle += (glyph.middle - middle) / len(lines[-1])
        else:
            lines.append([glyph])
            middle = glyph.middle
    return [sorted(line, key=lambda glyph: glyph.x0) for line in lines]


def spell_line(line: list[Glyph]) -> str:
    """Return the text of one line; a gap becomes a blank, a wide gap a tab."""
    parts: list[str] = []
    before: Glyph | None = None
    for glyph in line:
        if glyph.text.isspace():
            parts.append(" ")
            continue
        if before is not None:
            gap = (glyph.x0 - before.x1) / glyph.height
            latin = before.text.isascii() and glyph.text.isascii()
            if gap > COLUMN_GAP:
                parts.append("\t")
            elif gap > (WORD_GAP if latin else BLANK_GAP):
                parts.append(" ")
        parts.append(glyph.text)
        before = glyph
    text = "".join(parts)
    return "\t".join(" ".join(piece.split()) for piece in text.split("\t")).strip()


def spell(glyphs: list[Glyph]) -> str:
    """Return the text of a cell, one line a line; a label set one character under another is one word."""
    lines = [text for text in map(spell_line, lines_of(upright(glyphs))) if text]
    return ("" if all(len(line) == 1 for line in lines) else "\n").join(lines)
