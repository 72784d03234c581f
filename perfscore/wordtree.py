"""The words of a dictionary as a tree of characters, asked for many texts at once."""

import math

import numpy as np

from perfscore.dictionary import Codes, Flags, Numbers, Weights, Words, code_points

__all__ = ["IN_BLOCK", "WordTree"]

# jieba's re_han_default, "[\u4E00-\u9FD5a-zA-Z0-9+#&\._%\-]"
LETTERS = [
    *range(0x4E00, 0x9FD5 + 1),
    *map(ord, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+#&._%-"),
]
IN_BLOCK = np.zeros(1 << 16, bool)
IN_BLOCK[LETTERS] = True


class WordTree:
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
        self.bits = int((sizes - 1).sum()).bit_length() + 1  # the first characters need no slot
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

    def holds(self, codes: Codes, starts: Numbers, sizes: Numbers) -> Flags:
        """Tell for each stretch of a text whether it is a word."""
        nodes = codes[starts].astype(np.int64)
        for depth in range(1, sizes.max(initial=1)):
            longer = np.flatnonzero((sizes > depth) & (nodes > 0))
            nodes[longer] = self.follow(nodes[longer], codes[starts[longer] + depth].astype(np.int64))
        held: Flags = self.weights[nodes] != -np.inf
        return held

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
