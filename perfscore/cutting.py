"""Cut many texts into words at once, each exactly as jieba cuts it.

jieba 0.42.1 cuts a text into blocks of Chinese characters, letters and digits; in a block it lists, for every character,
the dictionary words that start there, and walks from the end to find the path of the highest probability, of equal
ones the one with the longer word; single characters left in a row that are no word go to a hidden Markov model
(https://github.com/fxsjy/jieba, ``jieba/__init__.py`` and ``jieba/finalseg``). Here the same steps are taken for all
texts together in numpy arrays: the dictionary is a tree of characters, and one step of the walk is taken in all blocks
at a time. Sums are made in the same order, so that equal probabilities are equal here too. The hidden Markov model is
jieba's own code, asked once for each distinct row of characters.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from perfscore.dictionary import Dictionary, Numbers, Words, code_points

__all__ = ["cut_all"]

Flags = NDArray[np.bool_]
Weights = NDArray[np.float64]

# jieba's re_han_default, "[\u4E00-\u9FD5a-zA-Z0-9+#&\._%\-]"
LETTERS = [
    *range(0x4E00, 0x9FD5 + 1),
    *map(ord, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+#&._%-"),
]
IN_BLOCK = np.zeros(1 << 16, bool)
IN_BLOCK[LETTERS] = True

BATCH = 1 << 17  # characters; the arrays of a batch stay within some 20 MB
FEW = 1 << 15  # characters that jieba cuts before the tree is built
WIDTH = 32  # texts of a batch that make a step worth its overhead


def cut_all(dictionary: Dictionary, texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Cut each text as ``dictionary.cut`` does.

    Parameters
    ----------
    dictionary : whose words to cut by
    texts : any strings, best distinct ones

    Examples
    --------
    >>> cut_all(Dictionary(), ["群众满意度≥95%", "", "按时完成率"])
    [('群众', '满意度', '≥', '95%'), (), ('按时', '完成率')]
    """
    cuts: list[tuple[str, ...]] = [()] * len(texts)
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    few = sizes.sum() < FEW
    for batch in _batches(sizes):
        chosen = [texts[place] for place in batch.tolist()]
        if few or sizes[batch].sum() < WIDTH * sizes[batch[-1]]:
            words = [dictionary.cut(text) for text in chosen]
        else:
            words = _cut(dictionary, _tree(dictionary), chosen)
        for place, cut in zip(batch.tolist(), words, strict=True):
            cuts[place] = cut
    return cuts


def _batches(sizes: Numbers) -> list[Numbers]:
    """Put texts of like length together, empty ones in none."""
    order = np.argsort(sizes, kind="stable")
    order = order[np.searchsorted(sizes[order], 1) :]
    batch = np.cumsum(sizes[order]) // BATCH
    return [part for part in np.split(order, np.flatnonzero(np.diff(batch)) + 1) if len(part)]


class _Tree:
    """Dictionary words as a tree of characters in one hash table.

    The node of a single character is its code point; other nodes are a slot of the table plus 65 536, and the slot holds
    the node before and the last character. ``weights`` has the log probability of the word that ends at a node, minus
    infinity if none does.
    """

    def __init__(self, words: Words, total: int) -> None:
        codes = code_points(words.text)
        foreign = np.append(0, np.cumsum(~IN_BLOCK.take(codes, mode="clip")))
        usable = (words.counts > 0) & (foreign[words.ends] == foreign[words.starts])
        starts, sizes = words.starts[usable], (words.ends - words.starts)[usable]
        logs = _log_probabilities(words.counts[usable], total)
        self.unknown = 0.0 - math.log(total)
        self.bits = int(sizes.sum()).bit_length() + 1
        self.slots = np.zeros(1 << self.bits, np.int64)
        self.weights = np.full((1 << 16) + (1 << self.bits), -np.inf)
        nodes = codes[starts].astype(np.int64)
        depth = 1
        while len(nodes):
            complete = sizes == depth
            self.weights[nodes[complete]] = logs[complete]
            starts, sizes, logs, nodes = (column[~complete] for column in (starts, sizes, logs, nodes))
            nodes = self._insert(nodes << 16 | codes[starts + depth])
            depth += 1

    def follow(self, nodes: Numbers, characters: Numbers) -> Numbers:
        """Return the node a character leads to from each node, 0 where no word goes on like that."""
        keys = nodes << 16 | characters
        slots = self._hash(keys)
        held = self.slots[slots]
        found = np.where(held == keys, slots + (1 << 16), 0)
        missed = np.flatnonzero((held != keys) & (held != 0))
        while len(missed):
            slots[missed] = tried = slots[missed] + 1 & len(self.slots) - 1
            held, sought = self.slots[tried], keys[missed]
            hit = held == sought
            found[missed[hit]] = tried[hit] + (1 << 16)
            missed = missed[~hit & (held != 0)]
        return found

    def _insert(self, keys: Numbers) -> Numbers:
        slots = self._hash(keys)
        left = np.arange(len(keys))
        while len(left):
            tried, wanted = slots[left], keys[left]
            free = self.slots[tried] == 0
            self.slots[tried[free]] = wanted[free]
            left = left[self.slots[tried] != wanted]
            slots[left] = slots[left] + 1 & len(self.slots) - 1
        return slots + (1 << 16)

    def _hash(self, keys: Numbers) -> Numbers:
        mixed = keys.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio: Knuth's Fibonacci hashing
        return (mixed >> np.uint64(64 - self.bits)).view(np.int64)


def _log_probabilities(counts: Numbers, total: int) -> Weights:
    distinct, which = np.unique(counts, return_inverse=True)
    return np.array([math.log(count) - math.log(total) for count in distinct.tolist()])[which]  # np.log may differ


@cache
def _tree(dictionary: Dictionary) -> _Tree:
    return _Tree(dictionary.words(), dictionary.total)


class _Blocks(NamedTuple):
    """The characters of all blocks, by distance from the end of their block; the longest block first in each wave.

    ``waves`` says where each wave starts. ``places`` leads from here to the text, ``following`` to the next character of
    the block, and past its end to one more place after all.
    """

    waves: Numbers
    places: Numbers
    following: Numbers
    opening: Numbers

    @classmethod
    def arrange(cls, starts: Numbers, ends: Numbers) -> "_Blocks":
        order = np.argsort(starts - ends, kind="stable")
        ends, sizes = ends[order], (ends - starts)[order]
        widths = np.searchsorted(-sizes, -np.arange(sizes[0]))
        waves = np.append(0, np.cumsum(widths))
        wave = np.repeat(np.arange(len(widths)), widths)
        block = np.arange(waves[-1]) - waves[wave]
        following = np.append(np.where(wave == 0, waves[-1], waves[wave - 1] + block), waves[-1])
        return cls(waves, ends[block] - 1 - wave, following, waves[sizes - 1] + np.arange(len(sizes)))


class _Edges(NamedTuple):
    """Words of one length: where they start, where the text goes on after them, their weight."""

    starts: Numbers
    targets: Numbers
    weights: Weights


def _cut(dictionary: Dictionary, tree: _Tree, texts: list[str]) -> list[tuple[str, ...]]:
    joined = "".join(texts)
    codes = code_points(joined)
    opens_text = np.zeros(len(codes), bool)
    opens_text[np.cumsum([0, *map(len, texts[:-1])])] = True
    in_block = IN_BLOCK.take(codes, mode="clip")
    opens = ~in_block
    opens[1:] &= (codes[1:] != ord("\n")) | (codes[:-1] != ord("\r")) | opens_text[1:]
    block_opens = in_block & (opens_text | np.append(True, ~in_block[:-1]))
    block_closes = in_block & np.append(block_opens[1:] | ~in_block[1:], True)
    starts, ends = np.flatnonzero(block_opens), np.flatnonzero(block_closes) + 1
    if len(starts):
        blocks = _Blocks.arrange(starts, ends)
        opens[blocks.places[_best_path(tree, blocks, codes)]] = True
        _cut_runs(dictionary, joined, opens, in_block, block_opens)
    return _split(codes, joined, opens, opens_text)


def _best_path(tree: _Tree, blocks: _Blocks, codes: NDArray[np.uint32]) -> Flags:
    """Tell for each character whether a word starts there on the path of maximum probability."""
    count = len(blocks.places)
    single, longer = _edges(tree, blocks, codes[blocks.places].astype(np.int64))
    bounds = [np.searchsorted(edges.starts, blocks.waves).tolist() for edges in longer]
    scores = np.append(single, 0.0)
    targets = blocks.following.copy()
    before = count
    for wave, (low, high) in enumerate(pairwise(blocks.waves.tolist())):
        best = scores[low:high]
        best += scores[before : before + high - low]
        before = low
        for edges, bound in zip(longer, bounds, strict=True):
            if bound[wave] == bound[wave + 1]:
                continue
            part = slice(bound[wave], bound[wave + 1])
            start, target = edges.starts[part], edges.targets[part]
            score = edges.weights[part] + scores[target]
            better = score >= best[start - low]  # of equal paths jieba takes the one with the longer word
            start = start[better]
            best[start - low] = score[better]
            targets[start] = target[better]
    opens = np.zeros(count + 1, bool)
    at = blocks.opening
    while len(at):
        opens[at] = True
        at = targets[at]
        at = at[at < count]
    return opens[:count]


def _edges(tree: _Tree, blocks: _Blocks, characters: Numbers) -> tuple[Weights, list[_Edges]]:
    """Return the weights of words of one character, and the longer words by length."""
    padded = np.append(characters, 0)
    single = tree.weights[characters]
    wordless = single == -np.inf
    longer = []
    starts = np.arange(len(characters))
    nodes, last = characters, starts
    while len(starts):
        last = blocks.following[last]
        nodes = tree.follow(nodes, padded[last])
        on = np.flatnonzero(nodes)
        starts, last, nodes = starts[on], last[on], nodes[on]
        weights = tree.weights[nodes]
        words = np.flatnonzero(weights != -np.inf)
        longer.append(_Edges(starts[words], blocks.following[last[words]], weights[words]))
        wordless[starts[words]] = False
    single[wordless] = tree.unknown
    return single, longer


def _cut_runs(dictionary: Dictionary, joined: str, opens: Flags, in_block: Flags, block_opens: Flags) -> None:
    """Cut rows of single characters by jieba's hidden Markov model."""
    alone = in_block & opens & np.append(opens[1:], True)
    first = alone & (block_opens | np.append(True, ~alone[:-1]))
    last = alone & np.append(first[1:] | ~alone[1:], True)
    starts, ends = np.flatnonzero(first), np.flatnonzero(last) + 1
    several = ends - starts > 1
    runs = [joined[start:end] for start, end in zip(starts[several].tolist(), ends[several].tolist(), strict=True)]
    inside = alone & ~(first & last)
    opens[inside] = np.frombuffer(b"".join(_openings(dictionary, run) for run in runs), bool)


@lru_cache(maxsize=1 << 16)
def _openings(dictionary: Dictionary, run: str) -> bytes:
    return b"".join(b"\1" + bytes(len(word) - 1) for word in dictionary.cut_unknown(run))


def _split(codes: NDArray[np.uint32], joined: str, opens: Flags, opens_text: Flags) -> list[tuple[str, ...]]:
    """Set a mark before each word and let Python split at the marks: faster than slicing out word by word."""
    between_texts, between_words = _absent(joined)
    places = np.arange(len(codes)) + np.cumsum(opens)
    marked = np.empty(places[-1] + 1, np.uint32)
    marked[places] = codes
    marked[places[opens] - 1] = np.where(opens_text[opens], ord(between_texts), ord(between_words))
    whole = marked[1:].tobytes().decode("utf-32-le", "surrogatepass")
    shared: dict[str, str] = {}  # each word in memory once
    cuts = (text.split(between_words) for text in whole.split(between_texts))
    return [tuple(map(shared.setdefault, words, words)) for words in cuts]


def _absent(text: str) -> Iterator[str]:
    found = (mark for mark in map(chr, range(0x110000)) if mark not in text)
    yield next(found)
    yield next(found)
