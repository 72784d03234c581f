"""jieba's dictionary with own words: read fast, cut with as jieba does.

jieba 0.42.1 spends most of its start on making every beginning of every word an entry. A text only ever asks for words
that begin with two characters of its own, so the file is read as arrays and words become entries when a text first
needs them. The cutting is jieba's own code: prefix dictionary, graph of all words, path of maximum probability, hidden
Markov model for characters left over (https://github.com/fxsjy/jieba).
"""

import warnings
from collections.abc import Iterable
from operator import add
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Codes", "Dictionary", "Flags", "Numbers", "Weights", "Words", "code_points"]

Codes = NDArray[np.uint32]
Numbers = NDArray[np.int64]
Weights = NDArray[np.float64]
Flags = NDArray[np.bool_]

NONE = 0x110000  # one past the last character
BASE = 0x110001


class Words(NamedTuple):
    """Words in one string: where each starts and ends, and how often it was counted. Of equal words the last counts."""

    text: str
    starts: Numbers
    ends: Numbers
    counts: Numbers

    @classmethod
    def read(cls, text: str) -> "Words":
        """Read lines of word, count and kind of word, separated by one blank; the kind may be left out.

        Raises
        ------
        ValueError
            a count is no number
        """
        codes = code_points(text)
        breaks = np.flatnonzero((codes == ord(" ")) | (codes == ord("\n")))
        starts = np.append(-1, np.flatnonzero(codes == ord("\n"))[:-1]) + 1
        first = np.searchsorted(breaks, starts)
        ends, sizes = breaks[first], breaks[first + 1] - breaks[first] - 1
        counts = np.zeros(len(starts), np.int64)
        for place in range(sizes.max()):
            more = np.flatnonzero(sizes > place)
            digits = codes[ends[more] + 1 + place].astype(np.int64) - ord("0")
            if (digits < 0).any() or (digits > 9).any():
                raise ValueError("jieba 的词典 dict.txt 格式不对：每行应为“词 频数 词性”；请重新安装 jieba")
            counts[more] = counts[more] * 10 + digits
        return cls(text, starts, ends, counts)


class Dictionary:
    """The words of jieba and some own ones; cuts a text exactly as ``jieba.cut`` does after ``jieba.add_word(own)``.

    Parameters
    ----------
    own : words to add, in this order, each with the count jieba thinks it needs to stay whole

    Examples
    --------
    >>> Dictionary(["蓝精灵驿站"]).cut("新建蓝精灵驿站")
    ('新建', '蓝精灵驿站')
    """

    def __init__(self, own: Iterable[str] = ()) -> None:
        with warnings.catch_warnings():
            # jieba 0.42.1 has invalid escapes in its patterns and imports pkg_resources, which is deprecated.
            for category in (SyntaxWarning, DeprecationWarning, PendingDeprecationWarning, UserWarning):
                warnings.simplefilter("ignore", category)
            import jieba

        # Not jieba's initialize(): it logs to stderr and shares a cache file in the temporary folder with other users.
        self._jieba: Any = jieba.Tokenizer()
        self._jieba.initialized = True
        with self._jieba.get_dict_file() as file:
            self._words = Words.read(file.read().decode("utf-8"))
        self._jieba.total = int(self._words.counts.sum())
        heads = _heads(self._words)
        self._order = np.argsort(heads, kind="stable")
        self._heads = heads[self._order]
        self._entered: set[str] = set()
        self._own = list(dict.fromkeys(own))
        for word in self._own:
            self._enter(word)
            self._jieba.add_word(word)

    def cut(self, text: str) -> tuple[str, ...]:
        """Cut a text into words as jieba does."""
        self._enter(text)
        return tuple(self._jieba.cut(text))

    @property
    def total(self) -> int:
        """The sum of all counts."""
        return int(self._jieba.total)

    def words(self) -> Words:
        """Return all words, the own ones last."""
        text, starts, ends, counts = self._words
        sizes = np.array([len(word) for word in self._own], np.int64)
        stops = len(text) + np.cumsum(sizes)
        own = np.array([self._jieba.FREQ[word] for word in self._own], np.int64)
        return Words(text + "".join(self._own), *map(np.append, (starts, ends, counts), (stops - sizes, stops, own)))

    def _enter(self, text: str) -> None:
        """Make the words that start with a character or two neighbours of this text entries of jieba's."""
        heads = {*text, *map(add, text, text[1:])} - self._entered
        if not heads:
            return
        keys = [_head(head) for head in heads]
        ranges = zip(np.searchsorted(self._heads, keys), np.searchsorted(self._heads, keys, "right"), strict=True)
        lines = np.concatenate([self._order[low:high] for low, high in ranges])
        spelt, *columns = self._words
        entries = {
            spelt[start:end]: count for start, end, count in zip(*(c[lines].tolist() for c in columns), strict=True)
        }
        known = self._jieba.FREQ
        known.update(entries)
        for word in entries:
            for size in range(1, len(word)):
                known.setdefault(word[:size], 0)
        self._entered |= heads  # last: another thread may be cutting


def code_points(text: str) -> Codes:
    """Return the characters of a text as numbers."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _heads(words: Words) -> Numbers:
    """Return the first two characters of each word as one number."""
    codes = code_points(words.text).astype(np.int64)
    second = np.where(words.ends - words.starts > 1, codes[words.starts + 1], NONE)
    return codes[words.starts] * BASE + second


def _head(text: str) -> int:
    return ord(text[0]) * BASE + (ord(text[1]) if len(text) > 1 else NONE)
