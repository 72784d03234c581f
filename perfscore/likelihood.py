"""How likely it is that pieces of running text are one cell of a column, and that a cell goes on or ends at a gap.

Scores are judgements of likelihood on one scale: about +5 for a sure sign, -3 for something a form rarely shows.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from perfscore.headers import is_amount, label, sign_of
from perfscore.readers.blocks import Line

__all__ = [
    "DANGLING",
    "NEVER",
    "Piece",
    "break_cost",
    "cell_score",
    "is_chinese",
    "join_cost",
    "line_widths",
    "shape_cost",
    "width_of",
]

NEVER = -1e9
_SIGNS = ("≥", "≤", "＞", "＜", ">", "<", "＝", "=", "不低于", "不少于", "不高于", "不超过")
DANGLING = "，、（(《〔“"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text without blanks; ``gap`` is what parts it from the piece before: page, blank line, line or space."""

    text: str
    gap: str
    line: Line


@lru_cache(4096)
def width_of(text: str) -> float:
    """How wide a text is printed, in half-width characters."""
    return sum(2.0 if unicodedata.east_asian_width(char) in "WFA" else 1.0 for char in text)


def line_widths(pieces: Sequence[Piece]) -> list[float]:
    """How wide each line of a cell is."""
    widths: list[float] = []
    for i, piece in enumerate(pieces):
        if piece.gap == "space" and i:
            widths[-1] += width_of(piece.text)
        else:
            widths.append(width_of(piece.text))
    return widths


def is_chinese(char: str) -> bool:
    """Say whether a character is Chinese, or as wide as one, and no digit."""
    return unicodedata.east_asian_width(char) in "WF" and not char.isdigit()


def join_cost(left: Piece, right: Piece, spaced: bool) -> float:
    """How unlikely it is that one cell goes on over this gap; ``spaced``: blank lines part the lines of a cell."""
    if right.gap == "page":
        return 0.0
    if right.gap == "line":
        return -7.0 if spaced else -0.5
    if right.gap == "blank":
        return -0.2 if spaced else -6.0
    return -5.0 if is_chinese(left.text[-1]) and is_chinese(right.text[0]) else 0.0


def break_cost(left: Piece, right: Piece) -> float:
    """How unlikely it is that a cell ends at this gap: blanks beside digits and letters are left by extraction."""
    dangling = -3.0 if left.text[-1] in DANGLING else 0.0
    if right.gap != "space" or (is_chinese(left.text[-1]) and is_chinese(right.text[0])):
        return dangling
    return dangling + (-2.5 if left.text[-1].isdigit() and is_chinese(right.text[0]) else -0.6)


def shape_cost(lines: Sequence[float], width: float | None) -> float:
    """A wrapped cell fills all its lines but the last; ``width`` is that of the column, if known."""
    wide = bool(width) and max(lines) > (width or 0.0) + 2
    if len(lines) == 1:
        return -3.0 * wide
    full = max(lines[:-1])
    short = sum(line < max(full, width or 0.0) - 3 for line in lines[:-1])
    over = lines[-1] > full + 2
    exact = sum(abs(line - width) <= 1 for line in lines[:-1]) if width else 0
    return 0.4 * exact - 3.0 * short - 3.0 * (over or wide)


@lru_cache(20_000)
def cell_score(kind: str, text: str) -> float:
    """How well a text fits a column."""
    known = label(text) if len(text) <= 20 else None
    ends = text.endswith("指标")
    if kind == "level1":
        if known and (not known.category or text.startswith(known.level1)):
            return 4.5 if known.category == "成本" else 6.0
        return 0.0 if ends and len(text) <= 9 and not known else NEVER
    if kind == "level2":
        if known:
            return 5.0 if ends else 3.5
        return 0.5 if ends and len(text) <= 12 else -7.0
    amount, signed = is_amount(text), text.startswith(_SIGNS)
    if kind == "value":
        if amount:
            return 5.0 if signed else 2.0 if text.isdigit() else 4.0
        return -1.0 - 0.2 * max(0, len(text) - 24) - 2.0 * ("《" in text)
    if kind == "operator":
        return 4.0 if sign_of(text) else -4.0
    if kind in ("weight", "number", "score"):
        return 3.0 if text.replace(".", "").isdigit() else -4.0
    if kind == "unit":
        return 1.0 if len(text) <= 5 and not amount else -4.0
    if kind not in ("name", "description", "basis"):
        return 0.5
    score = 1.0 - 2.5 * bool(known and ends) - (5.0 if signed and amount else 1.0 if amount else 0.0)
    if kind != "basis":
        score -= 2.0 * (len(text) == 1)
    if kind == "name":
        twice = text.find(text[:5], 5) > 0  # a name with its description run into it
        score -= 0.1 * max(0, len(text) - 40) + 3.0 * twice
    return score
