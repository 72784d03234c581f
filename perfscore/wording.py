"""What a text says: its own words, the field and the topic it speaks of, what it adds to a name.

Everything here looks at a string alone and is cached per distinct string.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from perfscore import lexicon
from perfscore.names import Measure, bare, measure
from perfscore.similar import Int, Ragged
from perfscore.text import cut_together, normalise, squash, tokens
from perfscore.vocabulary import MEANS, Marks, Readings, readings, respondents, spoken, told_by

__all__ = [
    "EVERYWHERE",
    "adds_words",
    "content",
    "domains",
    "is_specific",
    "names_respondents",
    "objects",
    "plain_domains",
    "speaks_of",
    "specific_words",
    "telling_words",
    "topics",
]

EVERYWHERE = frozenset({"办公后勤", "培训会议", "党建宣传"})
"""Fields that a row of any project may touch."""

_NUMBER = re.compile(r"[\d.,%一二三四五六七八九十百千万亿两]+")
_CJK = re.compile(r"[\u4e00-\u9fffA-Za-z]")


@lexicon.cached
def _words(text: str) -> tuple[str, ...]:
    return tuple(filter(_is_word, tokens(normalise(text))))


@lru_cache(maxsize=1 << 16)
def _is_word(token: str) -> bool:
    return bool(_CJK.search(token)) and not _NUMBER.fullmatch(token)


@lexicon.cached
def content(text: str) -> frozenset[str]:
    """Return the words of a text that are not function words.

    Examples
    --------
    >>> sorted(content("确保桥梁完好情况"))
    ['完好', '桥梁']
    """
    return frozenset(_words(text)) - lexicon.words("function_words.tsv")


@lexicon.cached
def specific_words(text: str) -> frozenset[str]:
    """Return the words of a text that would not fit any project: an object, a place, a field.

    Examples
    --------
    >>> sorted(specific_words("提高桥梁服务水平")), specific_words("工作完成率")
    (['桥梁'], frozenset())
    """
    words = _words(text)
    return frozenset(filter(_is_own, words)).union(_named_places(words))


@lexicon.cached
def is_specific(text: str) -> bool:
    """Tell whether a text holds any of the ``specific_words``.

    Examples
    --------
    >>> is_specific("提高桥梁服务水平"), is_specific("工作完成率")
    (True, False)
    """
    words = _words(text)
    return any(map(_is_own, words)) or bool(_named_places(words))


def _are_specific(texts: Sequence[str]) -> tuple[Int, list[bool]] | None:
    if (found := readings(texts)) is None:
        return None
    cuts = found[0].cuts
    own = _marked(found, [_is_word(word) and _is_own(word) for word in cuts.words])
    # Only a text with a word that ends on a place may name one.
    placed = _marked(found, [word.endswith(_PLACES) for word in cuts.words])
    for text in np.flatnonzero(placed & ~own).tolist():
        own[text] = is_specific(texts[text])
    return own.astype(np.int64), [False, True]


def _marked(found: tuple[Readings, Int], words: list[bool]) -> Marks:
    """Which texts hold a marked word."""
    held = found[0].cuts.held.take(found[1])
    met = np.array(words, bool)[held.items]
    return np.bincount(np.repeat(np.arange(len(found[1])), held.lengths)[met], minlength=len(found[1])) > 0


is_specific.of_all = _are_specific  # type: ignore[attr-defined]


@lexicon.cached
def objects(text: str) -> frozenset[str]:
    """Return the things a text speaks of by which projects are told apart: not means, steps of work, people or places.

    Examples
    --------
    >>> sorted(objects("考古勘探设备购置")), objects("农村居民培训平台")
    (['勘探', '考古'], frozenset())
    """
    return frozenset(filter(_is_object, _words(text)))


def _objects_of_all(texts: Sequence[str]) -> tuple[Int, list[frozenset[str]]]:
    held, words = _kept(texts, _is_object)
    listed = [words[at] for at in held.items.tolist()]
    return np.arange(len(texts)), [frozenset(listed[begin:end]) for begin, end in pairwise(held.bounds.tolist())]


objects.of_all = _objects_of_all  # type: ignore[attr-defined]


@lexicon.cached
def _is_object(word: str) -> bool:
    if not _is_own(word) or word in lexicon.words("shared_words.tsv"):
        return False
    found, told = measure(word), spoken(word)
    is_measure = found is not None and found.noun == word
    return not (is_measure or told.respondents or told.domains & (MEANS | EVERYWHERE))


_PLACES = ("中心", "大厅", "窗口", "站点", "大楼", "平台")
_PLACE = re.compile("|".join(_PLACES))


def _named_places(words: tuple[str, ...]) -> list[str]:
    """A named place is an object even if each of its words is general: 便民 + 服务中心."""
    if not _PLACE.search("".join(words)):
        return []
    verbs = lexicon.words("action_verbs.tsv")
    return [
        before + place
        for before, place in pairwise(words)
        if place.endswith(_PLACES) and len(before + place) > 4 and before not in verbs
    ]


@lexicon.cached
def _is_own(word: str) -> bool:
    return len(word) > 1 and not _is_general(word)


@lexicon.derived
def _general_words() -> frozenset[str]:
    return lexicon.words("generic_words.tsv") | lexicon.words("function_words.tsv")


def _is_general(word: str) -> bool:
    """Tell whether a word is a general one or a run of such words, as 工作完成率 is of 工作 and 完成率."""
    vocabulary = _general_words()
    if word in vocabulary:
        return True
    reachable = {0}
    for end in range(1, len(word) + 1):
        if any(
            word[start:end] in vocabulary and (end - start > 1 or word[start:end] in "率数度性") for start in reachable
        ):
            reachable.add(end)
    return len(word) in reachable


def adds_words(description: str, name: str) -> bool:
    """Tell whether a description holds a content word that its name does not.

    Examples
    --------
    >>> adds_words("确保道路完好", "道路完好率"), adds_words("验收合格里程占修建里程", "道路完好率")
    (False, True)
    """
    known = bare(name)
    for word in content(description):
        if word in known or _covered(word, known) or (word in respondents("general") and _asks_people(known)):
            continue
        if not _same_measure(word, measure(name)):
            return True
    return False


def telling_words(texts: Sequence[str]) -> tuple[Ragged, list[str]]:
    """Find the content words that a name without any of their characters does not hold, in whatever words it is put.

    Returns
    -------
    for each text the numbers of its words, and the words

    Examples
    --------
    >>> held, words = telling_words(["确保道路完好", "完好率"])
    >>> [words[at] for at in held.items], held.lengths.tolist()
    (['道路', '完好'], [2, 0])
    """
    known = lexicon.words("function_words.tsv")
    return _kept(texts, lambda word: word not in known and _is_telling(word))


def _kept(texts: Sequence[str], wanted: Callable[[str], bool]) -> tuple[Ragged, list[str]]:
    """Return for each text the numbers of those of its words that are wanted, and the words."""
    found = readings(texts)
    if found is None:
        cuts = cut_together([*map(squash, map(normalise, texts))])
        held = cuts.held
    else:
        cuts = found[0].cuts
        held = cuts.held.take(found[1])
    kept = np.array([_is_word(word) and wanted(word) for word in cuts.words], bool)[held.items]
    text = np.repeat(np.arange(len(texts)), held.lengths)[kept]
    return Ragged.of(np.bincount(text, minlength=len(texts)), held.items[kept]), cuts.words


@lexicon.cached
def _is_telling(word: str) -> bool:
    found = measure(word)
    is_measure = found is not None and found.noun == word and found.dimension != ""
    return all(_ways_apart(word)) and word not in respondents("general") and not is_measure


def _asks_people(name: str) -> bool:
    return "满意" in name or any(word in name for word in respondents("general"))


def _same_measure(word: str, asked: Measure | None) -> bool:
    """Tell whether a word is only another noun for what the name measures, as 资金 for 经费."""
    if not asked or not asked.dimension:
        return False
    found = measure(word)
    return bool(found and found.noun == word and found.dimension == asked.dimension)


def speaks_of(text: str, cue: str) -> bool:
    """Tell whether a text holds a word of a cue in ``cues.tsv``.

    Examples
    --------
    >>> speaks_of("经费节约率", "turned"), speaks_of("培训场次", "activity"), speaks_of("带动就业人数", "gain")
    (True, True, True)
    """
    return cue in spoken(text).cues


@told_by("respondents")
def names_respondents(kinds: frozenset[str]) -> bool:
    """Tell whether a text says who is asked, beyond 服务对象 and 群众.

    Examples
    --------
    >>> names_respondents("参训教师满意度"), names_respondents("服务对象满意度")
    (True, False)
    """
    return "real" in kinds


def _covered(word: str, text: str) -> bool:
    """Tell whether a word of up to four characters stands in a text with its parts apart, as 满意率 in 满意程度."""
    stands = text.__contains__
    return any(all(map(stands, parts)) for parts in _ways_apart(word))


@lexicon.cached
def _ways_apart(word: str) -> tuple[tuple[str, ...], ...]:
    """The ways in which a word may stand in a text though it is not there as one: its stem, or two parts but function words."""
    known, stem = lexicon.words("function_words.tsv"), word.rstrip("率度数量性")
    halves = ((word[:place], word[place:]) for place in range(1, len(word)))
    return (*([(stem,)] if stem else []), *(tuple(part for part in both if part not in known) for both in halves))


@told_by("domains")
def domains(fields: frozenset[str]) -> frozenset[str]:
    """Return the fields of public expenditure a text speaks of.

    Examples
    --------
    >>> sorted(domains("中小学校舍维修"))
    ['办公后勤', '教育']
    """
    return fields


@told_by("plain_domains")
def plain_domains(fields: frozenset[str]) -> frozenset[str]:
    """Return the fields a text speaks of plainly: 系统 alone does not make it one of 信息网络, 登记 not one of 审批政务.

    Examples
    --------
    >>> sorted(plain_domains("校园网络和监控设备")), sorted(plain_domains("借书系统故障率"))
    (['信息网络'], [])
    """
    return fields


@told_by("topics")
def topics(told: frozenset[str]) -> frozenset[str]:
    """Return what a text is about, in the terms of the second-level categories.

    Examples
    --------
    >>> sorted(topics("按期支付工程费用"))
    ['成本', '时间']
    """
    return told
