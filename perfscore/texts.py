"""Many distinct strings as one array of characters: fold, mask, hash and cut them into n-grams without a loop.

Hashes are the same in every process and on every machine, so parts made apart can be put together. A string shorter
than the n-gram is its own n-gram: names of one to three characters stay apart instead of all being alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from perfscore.similar import U64, Int, Ragged, distinct, factors, mix, parallel, runs
from perfscore.text import normalise

__all__ = ["Texts"]

# Spellings of one sign that are several characters long; single characters are folded by ``normalise``.
_SPELLINGS = (("百分比", "%"), (">=", "≥"), ("》=", "≥"), ("<=", "≤"), ("《=", "≤"))
_FIRSTS = sorted({spelling[0] for spelling, _ in _SPELLINGS})
_ZERO, _NINE, _POINT, _COMMA, _MASK = (np.uint32(ord(char)) for char in "09.,#")
_REPLACEMENT = 0xFFFD
_CODES = 0x110000
_UNKNOWN = np.uint32(_CODES)


@dataclass(frozen=True, slots=True)
class Texts:
    """Strings: those of ``characters`` (code points) between one bound and the next.

    Examples
    --------
    >>> texts = Texts.of(["＞= 95 百分 比", "培训12.5万人次", ""]).folded()
    >>> texts.to_list()
    ['≥95%', '培训12.5万人次', '']
    >>> texts.masked().to_list()
    ['≥#%', '培训#万人次', '']
    """

    characters: npt.NDArray[np.uint32]
    bounds: Int

    @classmethod
    def of(cls, strings: "pa.Array | pa.ChunkedArray | Iterable[str]") -> "Texts":
        """Take strings from Arrow or a list; a missing one is empty, half a surrogate pair becomes U+FFFD."""
        if isinstance(strings, pa.ChunkedArray):
            strings = strings.combine_chunks()
        if not isinstance(strings, pa.Array):
            listed = list(strings)
            codes = np.frombuffer("".join(listed).encode("utf-32-le", "surrogatepass"), "<u4")
            lengths = np.fromiter(map(len, listed), np.int64, len(listed))
            broken = (codes >= 0xD800) & (codes < 0xE000)
            return cls(np.where(broken, np.uint32(_REPLACEMENT), codes), np.append(0, np.cumsum(lengths)))
        array = strings.cast(pa.large_string()).fill_null("")
        _, offsets, data = array.buffers()
        ends = np.frombuffer(offsets or b"", np.int64)[array.offset : array.offset + len(array) + 1]
        utf8 = np.frombuffer(data or b"", np.uint8)
        bounds = np.append(0, np.cumsum(pc.utf8_length(array).to_numpy()))
        codes = np.empty(bounds[-1], np.uint32)
        for part in runs(np.diff(ends)):
            decoded = utf8[ends[part.start] : ends[part.stop]].tobytes().decode()
            codes[bounds[part.start] : bounds[part.stop]] = np.frombuffer(decoded.encode("utf-32-le"), "<u4")
        return cls(codes, bounds)

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @property
    def lengths(self) -> Int:
        """Number of characters of each string."""
        return np.diff(self.bounds)

    def take(self, which: npt.NDArray[np.integer[Any]]) -> "Texts":
        """Return the strings at the given positions, in that order."""
        taken = Ragged(self.characters, self.bounds).take(which)
        return Texts(taken.items, taken.bounds)

    def to_arrow(self) -> pa.Array:
        """Return the strings as an Arrow array."""
        return pa.concat_arrays([pa.array([], pa.large_string()), *map(Texts._encoded, self._runs())])

    def _encoded(self) -> pa.Array:
        utf8 = np.frombuffer(self.characters.tobytes().decode("utf-32-le").encode(), np.uint8)
        begins = np.append(np.flatnonzero((utf8 & 0xC0) != 0x80), len(utf8))
        return pa.LargeStringArray.from_buffers(len(self), pa.py_buffer(begins[self.bounds]), pa.py_buffer(utf8))

    def to_list(self) -> list[str]:
        """Return the strings as a list."""
        listed: list[str] = self.to_arrow().to_pylist()
        return listed

    def folded(self) -> "Texts":
        """Fold for comparison: characters normalised, white space removed, one spelling for ≥, ≤ and %."""
        return _joined(parallel(Texts._folded, self._runs()))

    def _folded(self) -> "Texts":
        table = _folds()
        characters = table[self.characters]
        if (new := characters == _UNKNOWN).any():
            met = np.unique(self.characters[new])
            plain = normalise("".join(map(chr, met)))
            table[met] = [0 if char.isspace() else ord(char) for char in plain]
            characters = table[self.characters]
        return Texts(characters, self.bounds)._kept(characters > 0)._respelt()

    def _respelt(self) -> "Texts":
        characters, kept = self.characters.copy(), np.ones(len(self.characters), np.bool_)
        begins = np.flatnonzero(np.logical_or.reduce([self.characters == ord(char) for char in _FIRSTS]))
        for spelling, sign in _SPELLINGS:
            at = self._found(spelling, begins)
            characters[at] = ord(sign)
            for offset in range(1, len(spelling)):
                kept[at + offset] = False
        return Texts(characters, self.bounds)._kept(kept)

    def _found(self, word: str, at: Int) -> Int:
        """At which of some places a word begins and ends inside a string."""
        at = at[self.characters[at] == ord(word[0])]
        at = at[at + len(word) <= self.bounds[np.searchsorted(self.bounds, at, "right")]]
        for offset, char in enumerate(word[1:], 1):
            at = at[self.characters[at + offset] == ord(char)]
        return at

    def _kept(self, kept: npt.NDArray[np.bool_]) -> "Texts":
        dropped = np.flatnonzero(~kept)
        return (
            Texts(self.characters[kept], self.bounds - np.searchsorted(dropped, self.bounds)) if len(dropped) else self
        )

    def masked(self) -> "Texts":
        """Put # for every number, with its decimal and thousands signs: what is left is the template."""
        return _joined(parallel(Texts._masked, self._runs()))

    def _masked(self) -> "Texts":
        characters = self.characters
        begins = np.zeros(len(characters) + 1, np.bool_)
        begins[self.bounds] = True
        number = (characters >= _ZERO) & (characters <= _NINE)
        inner = np.flatnonzero((characters[1:-1] == _POINT) | (characters[1:-1] == _COMMA)) + 1
        number[inner[number[inner - 1] & number[inner + 1] & ~begins[inner] & ~begins[inner + 1]]] = True
        later = number & ~begins[:-1]
        later[1:] &= number[:-1]
        return Texts(np.where(number, _MASK, characters), self.bounds)._kept(~later)

    def hashes(self) -> U64:
        """Return a 64-bit hash of each string: its characters' random words times odd factors of their places.

        Examples
        --------
        >>> one, other = Texts.of(["满意度", "满意"]), Texts.of(["满意", "满意度"])
        >>> bool((one.hashes() == other.hashes()[::-1]).all())
        True
        """
        words, weights = _words(), factors(int(self.lengths.max(initial=0)))

        def add(part: Texts) -> U64:
            lengths = part.lengths
            filled = lengths > 0
            starts = part.bounds[:-1][filled]
            place = np.arange(len(part.characters)) - np.repeat(starts, lengths[filled])
            weighted = words[np.minimum(part.characters, len(words) - 1)]
            rare = np.flatnonzero(part.characters >= len(words) - 1)
            weighted[rare] = mix(part.characters[rare].astype(np.uint64))
            weighted *= weights[place]
            total = np.zeros(len(part), np.uint64)
            if len(starts):
                total[filled] = np.add.reduceat(weighted, starts)
            return mix(total)

        return np.concatenate([np.empty(0, np.uint64), *parallel(add, self._runs())])

    def shingles(self, n: int = 3) -> Ragged:
        """Hash the character n-grams of each string; a shorter string is its own n-gram, an empty one has none.

        Examples
        --------
        >>> Texts.of(["按期完成率", "率", ""]).shingles().lengths.tolist()
        [3, 1, 0]
        """

        grams = parallel(lambda part: mix(part._cut(n)), self._runs())
        return Ragged.of(_grams(self.lengths, n), np.concatenate([np.empty(0, np.uint64), *grams]))

    def grams(self, n: int = 3) -> tuple[Ragged, U64]:
        """Number the distinct ``shingles`` as they appear: the number of each, and their hashes.

        Examples
        --------
        >>> Texts.of(["按期完成率", "完成率", "期完成"]).grams()[0].items.tolist()
        [0, 1, 2, 2, 1]
        """
        # Run by run first, for there are far fewer different ones than places.
        parts = parallel(lambda part: distinct(part._cut(n)), self._runs())
        codes, found = distinct(np.concatenate([np.empty(0, np.uint64), *(one for _, one in parts)]))
        ids, begin = [np.empty(0, np.int32)], 0
        for number, one in parts:
            ids.append(codes[begin : begin + len(one)].astype(np.int32)[number])
            begin += len(one)
        return Ragged.of(_grams(self.lengths, n), np.concatenate(ids)), mix(found)

    def _cut(self, n: int) -> U64:
        """What is scrambled into hashes of the n-grams: their characters times a factor for each place, added up."""
        lengths = self.lengths
        characters = np.append(self.characters, np.zeros(n - 1, np.uint32)).astype(np.uint64)
        total = np.zeros(len(self.characters), np.uint64)
        short = (lengths > 0) & (lengths < n)
        starts, said = self.bounds[:-1][short], lengths[short]
        own = np.zeros(len(starts), np.uint64)
        for offset, factor in enumerate(factors(n)):
            total += characters[offset : offset + len(total)] * factor
            own += np.where(offset < said, characters[starts + offset], np.uint64(0)) * factor
        total[starts] = own
        begins = np.ones(len(total), np.bool_)
        for offset in range(1, n):
            begins[self.bounds[1:][lengths > offset] - offset] = False
        return total[begins]

    def _runs(self) -> "list[Texts]":
        """Cut into parts that stay in the cache while they are worked on."""
        ends = [(self.bounds[part.start], self.bounds[part.start : part.stop + 1]) for part in runs(self.lengths)]
        return [Texts(self.characters[begin : bounds[-1]], bounds - begin) for begin, bounds in ends]


def _grams(lengths: Int, n: int) -> Int:
    """Number of n-grams of strings of some lengths."""
    return np.where(lengths > 0, np.maximum(lengths - n + 1, 1), 0)


def _joined(parts: list[Texts]) -> Texts:
    characters = np.concatenate([np.empty(0, np.uint32), *(part.characters for part in parts)])
    lengths = np.concatenate([np.empty(0, np.int64), *(part.lengths for part in parts)])
    return Texts(characters, np.append(0, np.cumsum(lengths)))


@cache
def _folds() -> npt.NDArray[np.uint32]:
    """What each character is folded to, 0 for white space; filled in as characters are met."""
    return np.full(_CODES, _UNKNOWN, np.uint32)


@cache
def _words() -> U64:
    """A random 64-bit word for each code point of the basic plane: few enough to stay in the cache."""
    return mix(np.arange(1 << 16, dtype=np.uint64))
