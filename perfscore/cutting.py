"""Cut many texts into words at once, each exactly as jieba cuts it.

jieba 0.42.1 cuts a text into blocks of Chinese characters, letters and digits; in a block it lists, for every character,
the dictionary words that start there, and walks from the end to find the path of the highest probability, of equal
ones the one with the longer word; single characters left in a row that are no word go to a hidden Markov model
(https://github.com/fxsjy/jieba, ``jieba/__init__.py`` and ``jieba/finalseg``). Here the same steps are taken for all
texts together in numpy arrays: the dictionary is a tree of characters, and one step of the walk is taken in all blocks
at a time. Sums are made in the same order, so that equal probabilities are equal here too.
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from perfscore.dictionary import Codes, Dictionary, Flags, Numbers, Weights, code_points
from perfscore.similar import Ragged
from perfscore.unknown import openings
from perfscore.wordsearch import numbered_spans
from perfscore.wordtree import IN_BLOCK, WordTree

__all__ = ["Cuts", "cut_all", "tree"]

BATCH = 1 << 17  # characters; the arrays of a batch stay within some 20 MB
FEW = 1 << 15  # characters that jieba cuts before the tree is built
WIDTH = 32  # a batch of no more characters than this times its longest text is quicker cut text by text
_NONE = np.empty(0, np.int64)


class Cuts(Sequence[tuple[str, ...]]):
    """Texts cut into words: each word once, and which of them each text is made of.

    Attributes
    ----------
    words : the distinct words
    held : for each text the numbers of its words, in order
    """

    def __init__(self, words: list[str], held: Ragged) -> None:
        self.words, self.held = words, held

    @cached_property
    def _listed(self) -> tuple[list[int], list[int]]:
        return self.held.items.tolist(), self.held.bounds.tolist()

    def __len__(self) -> int:
        return len(self.held.bounds) - 1

    def __getitem__(self, at: Any) -> Any:
        items, bounds = self._listed
        return tuple([self.words[word] for word in items[bounds[at] : bounds[at + 1]]])


def cut_all(dictionary: Dictionary, texts: Sequence[str]) -> Cuts:
    """Cut each text as ``dictionary.cut`` does.

    Parameters
    ----------
    dictionary : whose words to cut by
    texts : any strings, best distinct ones

    Examples
    --------
    >>> list(cut_all(Dictionary(), ["群众满意度≥95%", "", "按时完成率"]))
    [('群众', '满意度', '≥', '95%'), (), ('按时', '完成率')]
    """
    number: dict[str, int] = {}
    order, counts, held = [_NONE], [_NONE], [_NONE]
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    few = sizes.sum() < FEW and dictionary not in _trees
    for batch in _batches(sizes):
        chosen = [texts[place] for place in batch.tolist()]
        if few or sizes[batch].sum() < WIDTH * sizes[batch[-1]]:
            cuts = [dictionary.cut(text) for text in chosen]
            words, count = [word for cut in cuts for word in cut], np.array([*map(len, cuts)], np.int64)
            which = np.arange(len(words))
        else:
            words, which, count = _cut(tree(dictionary), chosen)
        numbers = np.array([number.setdefault(word, len(number)) for word in words], np.int64)
        order.append(batch)
        counts.append(count)
        held.append(numbers[which])
    order.append(np.flatnonzero(sizes == 0))
    counts.append(np.zeros(len(order[-1]), np.int64))
    by_length = Ragged.of(np.concatenate(counts), np.concatenate(held))
    return Cuts([*number], by_length.take(np.argsort(np.concatenate(order))))


def _batches(sizes: Numbers) -> list[Numbers]:
    """Put texts of like length together, empty ones in none."""
    order = np.argsort(sizes, kind="stable")
    order = order[np.searchsorted(sizes[order], 1) :]
    batch = np.cumsum(sizes[order]) // BATCH
    return [part for part in np.split(order, np.flatnonzero(np.diff(batch)) + 1) if len(part)]


_trees: WeakKeyDictionary[Dictionary, WordTree] = WeakKeyDictionary()


def tree(dictionary: Dictionary) -> WordTree:
    """Return the words of a dictionary as a tree, which is built once and kept as long as the dictionary."""
    if dictionary not in _trees:
        _trees[dictionary] = WordTree(dictionary.words(), dictionary.total)
    return _trees[dictionary]


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


def _cut(tree: WordTree, texts: list[str]) -> tuple[list[str], Numbers, Numbers]:
    """Return words of which some may be equal, which of them stand in the texts one after another, and how many in each."""
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
    starts = np.flatnonzero(opens)
    ends = np.append(starts[1:], len(codes))
    number, first = numbered_spans(codes, starts, ends)
    words = [joined[begin:end] for begin, end in zip(starts[first].tolist(), ends[first].tolist(), strict=True)]
    return words, number, np.add.reduceat(opens, np.flatnonzero(opens_text), dtype=np.int64)


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
