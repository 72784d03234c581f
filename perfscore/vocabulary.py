"""Which groups of words stand in a text: fields of expenditure, topics of the categories, cues, people who may be asked.

A text is read once for all lists: alone (``spoken``) or together with many others, some ten times as fast (``read_ahead``).
"""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, wraps
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from perfscore import lexicon
from perfscore.similar import Int, Ragged, distinct, firsts, mix
from perfscore.text import cut_together, normalise, squash, tokens
from perfscore.wordsearch import WordSearch

__all__ = ["Readings", "Spoken", "read_ahead", "readings", "respondents", "spoken", "told_by"]

T = TypeVar("T")
Marks = npt.NDArray[np.bool_]

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
    """The words to search for, those that count only alone, and how long each is; the groups of each, and all groups.

    ``alone`` leads from a word to its number, behind all others.
    """

    words: WordSearch
    alone: dict[str, int]
    sizes: Int
    groups: Ragged
    names: list[Group]
    means: Marks


@lexicon.derived
def _search() -> _Search:
    words = _words()
    names = sorted({group for held in (*words.groups.values(), *words.alone.values()) for group in held})
    number = {group: place for place, group in enumerate(names)}
    both = [*words.groups.items(), *words.alone.items()]
    groups = Ragged.of(
        [len(held) for _, held in both], np.array([number[group] for _, held in both for group in held], np.int64)
    )
    alone = {word: len(words.groups) + at for at, word in enumerate(words.alone)}
    means = np.array([of == "domains" and group in MEANS for of, group in names], bool)
    sizes = np.array([len(word) for word, _ in both], np.int64)
    return _Search(WordSearch([*words.groups]), alone, sizes, groups, names, means)


class Readings(Sequence[Spoken]):
    """What many texts say, found out for all of them at once.

    Attributes
    ----------
    cuts : their words
    said : for each field of ``Spoken`` which of some sets of groups each text speaks of, and these sets
    """

    def __init__(self, texts: Sequence[str]) -> None:
        folded = [squash(normalise(text)) for text in texts]
        self.cuts = cut_together(folded)
        search = _search()
        text, word = search.words.within(folded)
        single = np.array([search.alone.get(cut, -1) for cut in self.cuts.words], np.int64)[self.cuts.held.items]
        at = np.flatnonzero(single >= 0)
        text = np.append(text, np.repeat(np.arange(len(texts)), self.cuts.held.lengths)[at])
        word = np.append(word, single[at])
        groups, width = search.groups.take(word), max(len(search.names), 1)
        held, place = np.unique(np.repeat(text, groups.lengths) * width + groups.items, return_inverse=True)
        characters = np.bincount(place, np.repeat(search.sizes[word], groups.lengths), len(held))
        text, group = np.divmod(held, width)
        listed = np.array([[*LISTS].index(of) for of, _ in search.names], np.int64)[group]
        plainly = (characters >= PLAIN) | ~search.means[group]
        fields = {of: listed == at for at, of in enumerate(LISTS)}
        fields = {"domains": fields["domains"], "plain_domains": fields["domains"] & plainly, **fields}
        self.said = {
            field: _sets(text[chosen], group[chosen], len(texts), search.names) for field, chosen in fields.items()
        }

    def __len__(self) -> int:
        return len(self.cuts)

    @cached_property
    def _listed(self) -> list[tuple[list[int], list[frozenset[str]]]]:
        return [(codes.tolist(), sets) for codes, sets in self.said.values()]

    def __getitem__(self, at: Any) -> Any:
        return Spoken(*[sets[codes[at]] for codes, sets in self._listed])


def _sets(text: Int, group: Int, count: int, names: Sequence[Group]) -> tuple[Int, list[frozenset[str]]]:
    """Number the sets of groups that texts hold; ``text`` is in order."""
    bounds = np.searchsorted(text, np.arange(count + 1))
    sums = np.append(np.uint64(0), np.cumsum(mix(group.astype(np.uint64)), dtype=np.uint64))
    number, _ = distinct(sums[bounds[1:]] - sums[bounds[:-1]])
    first = firsts(number)
    spans = zip(bounds[first].tolist(), bounds[first + 1].tolist(), strict=True)
    return number, [frozenset(names[at][1] for at in group[begin:end].tolist()) for begin, end in spans]


def read_ahead(texts: Iterable[str]) -> None:
    """Find out what ``spoken`` and ``tokens`` say of many texts, for all of them at once; nothing but speed depends on it."""
    distinct_texts = [*dict.fromkeys(texts)]
    if distinct_texts and lexicon.ready(spoken, distinct_texts) is None:
        lexicon.look_ahead(spoken, distinct_texts, Readings(distinct_texts))


def readings(texts: Sequence[str]) -> tuple[Readings, Int] | None:
    """Return what ``read_ahead`` found out, and the places of some texts in it; None if it did not read all of them."""
    found = lexicon.ready(spoken, texts)
    return found and (found[0], np.array(found[1], np.int64))


def told_by(field: str) -> Callable[[Callable[[frozenset[str]], T]], Callable[[str], T]]:
    """Make of a question to a field of ``Spoken`` one to a text; what it says of many, ``of_all`` finds out at once.

    Examples
    --------
    >>> @told_by("cues")
    ... def is_activity(cues: frozenset[str]) -> bool:
    ...     return "activity" in cues
    >>> is_activity("培训场次")
    True
    """

    def make(question: Callable[[frozenset[str]], T]) -> Callable[[str], T]:
        @wraps(question)
        def ask(text: Any) -> T:
            return question(getattr(spoken(text), field))

        def of_all(texts: Sequence[str]) -> tuple[Int, list[T]] | None:
            if (found := readings(texts)) is None:
                return None
            codes, sets = found[0].said[field]
            return codes[found[1]], [*map(question, sets)]

        ask.of_all = of_all  # type: ignore[attr-defined]
        return ask

    return make
