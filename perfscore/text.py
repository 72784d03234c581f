"""Fold look-alike characters, cut words, make character n-grams.

``normalise`` never changes a length, so a span found in folded text is the span in the printed text. Chinese text has
no blanks of its own: those inside a cell come from wrapping and alignment, and what compares text squashes them.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import wraps

import numpy as np

from perfscore.cutting import Cuts, cut_all
from perfscore.dictionary import Dictionary
from perfscore.lexicon import cached, derived, look_ahead, words
from perfscore.similar import Int

__all__ = ["cut_together", "dictionary", "ngrams", "normalise", "searches", "squash", "tokens"]

# Blocks whose characters are only another drawing of a plain one. Circled numbers and Roman numerals are left out on
# purpose: folded, a list mark would become a number.
_BLOCKS = (
    (0x2000, 0x200A),
    (0x2E80, 0x2FDF),
    (0x3000, 0x3000),
    (0xF900, 0xFAFF),
    (0xFE10, 0xFE6F),
    (0xFF00, 0xFFEF),
    (0x1D400, 0x1D7FF),
    (0x2F800, 0x2FA1F),
)

_ALIKE = {
    "≥": "≧⩾≮≳⪰⋝",
    "≤": "≦⩽≯≲⪯⋜",
    "-": "‐‑‒–−",
    "~": "〜∼∽˜",
    "/": "⁄∕",
    "%": "٪",
    " ": "\u00a0\u00ad\u1680\u180e\u200b\u200c\u200d\u200e\u200f\u202f\u205f\u2060\ufeff"
    + "".join(map(chr, (*range(9), *range(14, 28), 0x7F))),
}


# Radicals that PDF fonts use for the character; Unicode maps them in EquivalentUnifiedIdeograph, not in NFKC.
_RADICALS = dict(
    zip(
        map(ord, "⺆⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻡⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳"),
        "冂母民西见角贝车长门青页风飞食首马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)


def _folds() -> dict[int, str]:
    table = {}
    for first, last in _BLOCKS:
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and plain != chr(code):
                table[code] = plain
    table.update(_RADICALS)
    table.update({ord(odd): plain for plain, odds in _ALIKE.items() for odd in odds})
    return table


_TABLE = _folds()
# Text of these characters alone, as nearly all is, folds to itself.
_PLAIN = re.compile("[\u4e00-\u9fff -~、。《》“”≥≤]*")


def normalise(text: str) -> str:
    """Fold look-alike characters one to one; the length never changes.

    Full-width letters, digits and signs become half-width (（ ） ， ： ； too; 、 。 《》 “” stay), ≧ ⩾ become ≥,
    Kangxi radicals and compatibility ideographs the plain character, short dashes -, odd and zero-width blanks a space.
    Signs written with two characters (>=, 》=) are left to the value grammar.

    Examples
    --------
    >>> normalise("≧９５％（全年）")
    '≥95%(全年)'
    """
    if _PLAIN.fullmatch(text):
        return text
    # Most other texts hold but these, which take a third of the time of looking up every character.
    for wide, narrow in (("，", ","), ("（", "("), ("）", ")"), ("：", ":"), ("；", ";"), ("％", "%")):
        text = text.replace(wide, narrow)
    return text if _PLAIN.fullmatch(text) else text.translate(_TABLE)


def squash(text: str) -> str:
    """Return the text without any white space.

    Examples
    --------
    >>> squash("≥95 百分 比")
    '≥95百分比'
    """
    return "".join(text.split())


def ngrams(text: str, n: int) -> tuple[str, ...]:
    """Return the character n-grams of the squashed text, in order, repeats kept; a shorter text gives itself.

    Parameters
    ----------
    text : any string; an empty one gives no n-gram
    n : length of a gram, at least 1

    Examples
    --------
    >>> ngrams("满意度", 2)
    ('满意', '意度')
    >>> ngrams("满", 2)
    ('满',)
    """
    text = squash(text)
    return tuple(text[i : i + n] for i in range(max(len(text) - n + 1, 1))) if text else ()


@derived
def dictionary() -> Dictionary:
    """Return the dictionary in use: jieba's words and those of ``userdict.txt``."""
    return Dictionary(sorted(words("userdict.txt")))


@cached
def _cut(squashed: str) -> tuple[str, ...]:
    return dictionary().cut(squashed)


def tokens(text: str) -> tuple[str, ...]:
    """Cut the squashed text into words, nothing dropped: joined, the words are the squashed text.

    Cut by jieba with its dictionary and ``userdict.txt``; offline, silent, remembered. Who will ask for thousands of
    texts lets ``cut_together`` cut them first.

    Examples
    --------
    >>> tokens("群众满意度 ≥95%")
    ('群众', '满意度', '≥', '95%')
    """
    return _cut(squash(text))


def cut_together(squashed: Sequence[str]) -> Cuts:
    """Cut squashed texts at once, ten times as fast as one by one; ``tokens`` knows their words then.

    Examples
    --------
    >>> list(cut_together(["群众满意度≥95%"]))
    [('群众', '满意度', '≥', '95%')]
    """
    places: dict[str, int] = {}
    at = [places.setdefault(text, len(places)) for text in squashed]
    cuts = cut_all(dictionary(), [*places])
    look_ahead(_cut, [*places], cuts)
    return Cuts(cuts.words, cuts.held.take(np.array(at, np.int64)))


def searches(
    pattern: re.Pattern[str] | Callable[[], re.Pattern[str]],
) -> Callable[[Callable[[str], str]], Callable[[str], bool]]:
    r"""Make of what to look into a question whether a pattern is found there; of many texts ``of_all`` asks it at once.

    Parameters
    ----------
    pattern : matches no line break, and looks at nothing before or after what it matches; or what returns it, where it is
        made of word lists

    Examples
    --------
    >>> @searches(re.compile(r"\d{4}"))
    ... def says_year(text: str) -> str:
    ...     return normalise(text)
    >>> says_year("２０２４年"), [says_year.of_all(["", "2024年", "12月"])[0].tolist()]
    (True, [[0, 1, 0]])
    """

    def asked() -> re.Pattern[str]:
        return pattern if isinstance(pattern, re.Pattern) else pattern()

    def make(into: Callable[[str], str]) -> Callable[[str], bool]:
        @wraps(into)
        def ask(text: str) -> bool:
            return bool(asked().search(into(text)))

        def of_all(texts: Sequence[str]) -> tuple[Int, list[bool]]:
            looked_into = [*map(into, texts)]
            ends = np.cumsum(np.fromiter(map(len, looked_into), np.int64, len(texts)) + 1)
            found = [match.start() for match in asked().finditer("\n".join(looked_into))]
            marks = np.zeros(len(texts), np.int64)
            marks[np.searchsorted(ends, found, "right")] = 1
            return marks, [False, True]

        ask.of_all = of_all  # type: ignore[attr-defined]
        return ask

    return make
