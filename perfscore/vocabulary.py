"""Which groups of words stand in a text: fields of expenditure, topics of the categories, cues, people who may be asked.

A text is read once for all lists: alone (``spoken``) or together with many others, some ten times as fast (``read_ahead``).
"""

import operator
from collections.abc import Iterable, Mapping
from itertools import pairwise, repeat
from typing import NamedTuple

import numpy as np

from perfscore import lexicon
from perfscore.similar import Ragged
from perfscore.text import cut_ahead, normalise, squash, tokens
from perfscore.wordsearch import WordSearch

__all__ = ["Spoken", "read_ahead", "respondents", "spoken"]

# List and column of the groups; whether one character counts only as a word of its own.
LISTS = {
    "domains": ("domains.tsv", "domain", True),
    "topics": ("topics.tsv", "topic", True),
    "cues": ("cues.tsv", "cue", False),
    "respondents": ("respondents.tsv", "kind", False),
}
MEANS = frozenset({"信息网络", "审批政务", "评审咨询"})  # fields whose shorter words are means to every end
PLAIN = 4  # characters of their words from which on a text speaks of them plainly

Group = tuple[str, str]  # list and group


class Spoken(NamedTuple):
    """The groups whose words a text holds, by list; fields of which it speaks plainly apart."""

    domains: frozenset[str]
    plain_domains: frozenset[str]
    topics: frozenset[str]
    cues: frozenset[str]
    respondents: frozenset[str]

    @classmethod
    def of(cls, characters: Mapping[Group, int]) -> "Spoken":
        """Sort groups by list; ``characters`` says how many the words of each have together."""
        held = {of: frozenset(group for key, group in characters if key == of) for of in LISTS}
        plain = {group for group in held["domains"] if group not in MEANS or characters["domains", group] >= PLAIN}
        return cls(held["domains"], frozenset(plain), held["topics"], held["cues"], held["respondents"])


class _Words(NamedTuple):
    """The words of all lists. Words of one character that count only alone are in ``alone`` and nowhere else."""

    groups: dict[str, tuple[Group, ...]]
    alone: dict[str, tuple[Group, ...]]


@lexicon.derived
def _words() -> _Words:
    groups: dict[str, list[Group]] = {}
    alone: dict[str, list[Group]] = {}
    for of, (name, column, whole) in LISTS.items():
        for entry in lexicon.table(name):
            word = entry["word"]
            (alone if whole and len(word) == 1 else groups).setdefault(word, []).append((of, entry[column]))
    return _Words(*({word: tuple(dict.fromkeys(held)) for word, held in found.items()} for found in (groups, alone)))


@lexicon.derived
def _by_start() -> dict[str, list[str]]:
    """Words by their first two characters, or one."""
    found: dict[str, list[str]] = {}
    for word in _words().groups:
        found.setdefault(word[:2], []).append(word)
    return found


@lexicon.cached
def respondents(kind: str) -> frozenset[str]:
    """Return the words for people of a kind: ``real`` ones, or ``general`` for those that fit any project."""
    return frozenset(word for word, groups in _words().groups.items() if ("respondents", kind) in groups)


@lexicon.cached
def spoken(text: str) -> Spoken:
    """Return the groups whose words stand in a text.

    Examples
    --------
    >>> found = spoken("中小学校舍维修")
    >>> sorted(found.domains), sorted(found.cues)
    (['办公后勤', '教育'], ['activity'])
    """
    return _spoken(squash(normalise(text)))


def _spoken(folded: str) -> Spoken:
    words, by_start = _words(), _by_start()
    characters: dict[Group, int] = {}
    starts = [*map(operator.add, folded, folded[1:]), ""]
    for place, start in enumerate(starts):
        for opening in (start, folded[place : place + 1]):
            for word in by_start.get(opening, ()):
                if folded.startswith(word, place):
                    for group in words.groups[word]:
                        characters[group] = characters.get(group, 0) + len(word)
    if not words.alone.keys().isdisjoint(folded):
        for word in tokens(folded):
            for group in words.alone.get(word, ()):
                characters[group] = characters.get(group, 0) + 1
    return Spoken.of(characters)


class _Search(NamedTuple):
    """The words to search for, the groups of each, and all groups; words of one character that count only alone come last."""

    words: WordSearch
    sizes: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    groups: Ragged
    names: list[Group]
    means: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    alone: int


@lexicon.derived
def _search() -> _Search:
    words = _words()
    names = sorted({group for held in words.groups.values() for group in held})
    number = {group: place for place, group in enumerate(names)}
    groups = Ragged.of(
        [*map(len, words.groups.values()), *(0 for _ in words.alone)],
        np.array([number[group] for held in words.groups.values() for group in held], np.int64),
    )
    both = [*words.groups, *words.alone]
    means = np.array([of == "domains" and group in MEANS for of, group in names], bool)
    return _Search(WordSearch(both), np.array([*map(len, both)], np.int64), groups, names, means, len(words.groups))


def read_ahead(texts: Iterable[str]) -> None:
    """Find out what ``spoken`` and ``tokens`` say of many texts, for all of them at once; nothing but speed depends on it."""
    texts = list(texts)
    cut_ahead(texts)
    lexicon.look_ahead(spoken, texts, _spoken_all)


def _spoken_all(texts: list[str]) -> list[Spoken]:
    folded = [squash(normalise(text)) for text in texts]
    search = _search()
    text, word = search.words.within(folded)
    groups, width = search.groups.take(word), max(len(search.names), 1)
    held, place = np.unique(np.repeat(text, groups.lengths) * width + groups.items, return_inverse=True)
    characters = np.bincount(place, np.repeat(search.sizes[word], groups.lengths), len(held)).astype(np.int64)
    # More characters than that make no difference, and texts that say the same share an answer.
    characters = np.where(search.means[held % width], np.minimum(characters, PLAIN), PLAIN)
    bounds = np.searchsorted(held, np.arange(len(texts) + 1) * width).tolist()
    said = (characters * width + held % width).tolist()
    alone = _words().alone
    perhaps = set(text[word >= search.alone].tolist())
    known: dict[tuple[int, ...], Spoken] = {}
    answers = []
    for at, (begin, end) in enumerate(pairwise(bounds)):
        told = tuple(said[begin:end])
        if at in perhaps and not alone.keys().isdisjoint(tokens(folded[at])):
            answers.append(_spoken(folded[at]))
            continue
        if told not in known:
            known[told] = Spoken.of({search.names[group]: count for count, group in map(divmod, told, repeat(width))})
        answers.append(known[told])
    return answers
