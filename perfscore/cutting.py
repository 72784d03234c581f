"""Cut many texts into words at once, each exactly as jieba cuts it.

jieba 0.42.1 cuts a text into blocks of Chinese characters, letters and digits; in a block it lists, for every character,
the dictionary words that start there, and walks from the end to find the path of the highest probability, of equal
ones the one with the longer word; single characters left in a row that are no word go to a hidden Markov model
(https://github.com/fxsjy/jieba, ``jieba/__init__.py`` and ``jieba/finalseg``). Here the same steps are taken for all
texts together in numpy arrays: the dictionary is a tree of characters, and one step of the walk is taken in all blocks
at a time. Sums are made in the same order, so that equal probabilities are equal here too.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from perfscore.dictionary import Codes, Dictionary, Flags, Numbers, Weights, code_points
from perfscore.unknown import openings
from perfscore.wordtree import IN_BLOCK, WordTree

__all__ = ["cut_all", "tree"]

BATCH = 1 << 17  # characters; the arrays of a batch stay within some 20 MB
FEW = 1 << 15  # characters that jieba cuts before the tree is built
WIDTH = 32  # a batch of no more characters than this times its longest text is quicker cut text by text


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
    few = sizes.sum() < FEW and not tree.cache_info().currsize
    for batch in _batches(sizes):
        chosen = [texts[place] for place in batch.tolist()]
        if few or sizes[batch].sum() < WIDTH * sizes[batch[-1]]:
            words = [dictionary.cut(text) for text in chosen]
        else:
            words = _cut(tree(dictionary), chosen)
        for place, cut in zip(batch.tolist(), words, strict=True):
            cuts[place] = cut
    return cuts


def _batches(sizes: Numbers) -> list[Numbers]:
    """Put texts of like length together, empty ones in none."""
    order = np.argsort(sizes, kind="stable")
    order = order[np.searchsorted(sizes[order], 1) :]
    batch = np.cumsum(sizes[order]) // BATCH
    return [part for part in np.split(order, np.flatnonzero(np.diff(batch)) + 1) if len(part)]


@cache
def tree(dictionary: Dictionary) -> WordTree:
    """Return the words of a dictionary as a tree, which is built once."""
    return WordTree(dictionary.words(), dictionary.total)


class _Blocks(NamedTuple):
    """The characters of all blocks, by distance from the end of their block; the longest block first in each wave.

    ``waves`` says where each wave starts, ``openings`` where each block does. ``places`` leads from here to the text,
    ``following`` to the next character of the block, and past its end to one more place after all.
    """

    waves: Numbers
    places: Numbers
    following: Numbers
    openings: Numbers

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


def _cut(tree: WordTree, texts: list[str]) -> list[tuple[str, ...]]:
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
        _cut_runs(tree, codes, opens, in_block, block_opens)
    return _split(codes, joined, opens, opens_text)


def _best_path(tree: WordTree, blocks: _Blocks, codes: Codes) -> Flags:
    """Tell for each character whether a word starts there on the path of maximum probability."""
    count = len(blocks.places)
    single, longer = _edges(tree, blocks, codes[blocks.places].astype(np.int64))
    bounds = [np.searchsorted(edges.starts, blocks.waves).tolist() for edges in longer]
    scores = np.append(single, 0.0)  # the last one: past the end of a block nothing is left to add
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
    at = blocks.openings
    while len(at):
        opens[at] = True
        at = targets[at]
        at = at[at < count]
    return opens[:count]


def _edges(tree: WordTree, blocks: _Blocks, characters: Numbers) -> tuple[Weights, list[_Edges]]:
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


def _cut_runs(tree: WordTree, codes: Codes, opens: Flags, in_block: Flags, block_opens: Flags) -> None:
    """Cut rows of single characters that are no word by jieba's hidden Markov model."""
    alone = in_block & opens & np.append(opens[1:], True)
    first = alone & (block_opens | np.append(True, ~alone[:-1]))
    last = alone & np.append(first[1:] | ~alone[1:], True)
    starts, sizes = np.flatnonzero(first), np.flatnonzero(last) + 1 - np.flatnonzero(first)
    starts, sizes = starts[sizes > 1], sizes[sizes > 1]
    unknown = ~tree.holds(codes, starts, sizes)
    starts, sizes = starts[unknown], sizes[unknown]
    if len(starts):
        opens[np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())] = False
        opens[openings(codes, starts, sizes)] = True


def _split(codes: Codes, joined: str, opens: Flags, opens_text: Flags) -> list[tuple[str, ...]]:
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
