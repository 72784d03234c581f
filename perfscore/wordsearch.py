"""Find the words of a list in many texts at once.

Every place of every text is looked at in numpy: two characters say whether a word may begin there, and a hash of the
characters from there on says which one does (Karp & Rabin 1987).
"""

from collections.abc import Sequence

import numpy as np

from perfscore.dictionary import Codes, code_points
from perfscore.similar import U64, Int, Ragged, distinct, firsts

__all__ = ["WordSearch", "numbered_spans"]

NONE = 0x110000  # one past the last character
BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no power of it is lost; 2**64 / golden ratio


class WordSearch:
    """Words to be found, each of one character or more and given once.

    Examples
    --------
    >>> text, word = WordSearch(["满意", "满意度", "率"]).within(["群众满意度", "", "完成率"])
    >>> sorted(zip(text.tolist(), word.tolist()))
    [(0, 0), (0, 1), (2, 2)]
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._sizes = np.array([*map(len, words)], np.int64)
        codes = [code_points(word) for word in words]
        self._longest = int(self._sizes.max(initial=1))
        self._powers = _powers(self._longest)
        hashes = [(word.astype(np.uint64) * self._powers[: len(word)]).sum() for word in codes]
        self._hashes = np.array(hashes, np.uint64)
        openings = [_opening(int(word[0]), int(word[1]) if len(word) > 1 else NONE) for word in codes]
        self._openings, number = np.unique(np.array(openings, np.int64), return_inverse=True)
        self._may_open = np.zeros(1 << 16, bool)
        self._may_open[_folded(self._openings)] = True
        self._opened = Ragged.of(np.bincount(number, minlength=len(self._openings)), np.argsort(number, kind="stable"))

    def within(self, texts: Sequence[str]) -> tuple[Int, Int]:
        """List all places where a word stands: the number of the text and that of the word, in no order."""
        sizes = np.fromiter(map(len, texts), np.int64, len(texts))
        ends = np.repeat(np.cumsum(sizes), sizes)
        codes = code_points("".join(texts)).astype(np.int64)
        if not len(codes) or not len(self._openings):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        following = np.append(codes[1:], 0)
        place, word = self._begun(_opening(codes, following))
        single = self._begun(_opening(codes, NONE))
        place, word = np.append(place, single[0]), np.append(word, single[1])
        whole = place + self._sizes[word] <= ends[place]
        place, word = place[whole], word[whole]
        powers = _powers(len(codes))
        sums = np.append(np.uint64(0), np.cumsum(codes.astype(np.uint64) * powers, dtype=np.uint64))
        same = sums[place + self._sizes[word]] - sums[place] == self._hashes[word] * powers[place]
        place, word = place[same], word[same]
        return np.repeat(np.arange(len(texts)), sizes)[place], word

    def _begun(self, openings: Int) -> tuple[Int, Int]:
        """The places where words may begin, and which."""
        place = np.flatnonzero(self._may_open[_folded(openings)])
        at = np.searchsorted(self._openings, openings[place])
        at[at == len(self._openings)] = 0
        begins = self._openings[at] == openings[place]
        words = self._opened.take(at[begins])
        return np.repeat(place[begins], words.lengths), words.items


def numbered_spans(codes: Codes, starts: Int, ends: Int) -> tuple[Int, Int]:
    """Number pieces of a text so that equal ones share a number: the number of each, and where each stands first.

    Examples
    --------
    >>> numbered_spans(code_points("满意度满意"), np.array([0, 2, 3]), np.array([2, 3, 5]))[0].tolist()
    [0, 1, 0]
    """
    forth, back = _powers(len(codes)), _powers(len(codes), np.uint64(pow(int(BASE), -1, 1 << 64)))
    sums = np.append(np.uint64(0), np.cumsum((codes.astype(np.uint64) + np.uint64(1)) * forth, dtype=np.uint64))
    number, _ = distinct((sums[ends] - sums[starts]) * back[starts])
    return number, firsts(number)


def _opening(first: Int | int, second: Int | int) -> Int:
    """Two characters as one number; the second of a word of one character is ``NONE``."""
    return np.asarray(first, np.int64) << 21 | np.asarray(second, np.int64)


def _folded(openings: Int) -> Int:
    """Openings as numbers of 16 bits, of which some fall together."""
    return (openings >> 17 ^ openings) & 0xFFFF


def _powers(count: int, base: np.uint64 = BASE) -> U64:
    return np.multiply.accumulate(np.append(np.uint64(1), np.full(max(count - 1, 0), base)))
