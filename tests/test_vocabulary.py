"""Words of many texts at once: the same as text by text, whatever the texts hold."""

import random
import re
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from perfscore import lexicon
from perfscore.vocabulary import Spoken, read_ahead, spoken
from perfscore.wordsearch import WordSearch

LISTS = ("domains.tsv", "topics.tsv", "cues.tsv", "respondents.tsv")
WORDS = sorted(frozenset().union(*map(lexicon.words, LISTS)))
TEXTS = st.lists(st.text(st.sampled_from("满意度率数学校桥费期APP a\0\n，"), max_size=12), max_size=8)


def places(words: list[str], texts: list[str]) -> list[tuple[int, int]]:
    return sorted(
        (at, number)
        for at, text in enumerate(texts)
        for number, word in enumerate(words)
        for start in range(len(text))
        if text.startswith(word, start)
    )


@settings(deadline=None)
@given(TEXTS)
@example(["率", "满", "意度", "满意"])
def test_every_place_of_every_word_is_found(texts):
    words = ["满意", "满意度", "意度率", "率", "APP", "学校", "校桥", "\0a", "数"]
    text, word = WordSearch(words).within(texts)
    assert sorted(zip(text.tolist(), word.tolist(), strict=True)) == places(words, texts)


def test_no_word_and_no_text_find_nothing():
    for words, texts in (([], ["满意"]), (["满意"], []), (["满意"], ["", ""])):
        text, word = WordSearch(words).within(texts)
        assert (len(text), len(word)) == (0, 0)


def alone(texts: list[str]) -> list[Spoken]:
    lexicon.forget(0)
    return [spoken(text) for text in texts]


@settings(deadline=None)
@given(TEXTS)
def test_read_ahead_says_what_is_said_of_each_text(texts):
    expected = alone(texts)
    lexicon.forget(0)
    read_ahead(texts)
    assert [spoken(text) for text in texts] == expected


def test_read_ahead_knows_every_word_of_the_lists():
    chance = random.Random(3)
    texts = [*WORDS, *("".join(chance.choices([*WORDS, "的", "完成", "期"], k=4)) for _ in range(2000))]
    expected = alone(texts)
    lexicon.forget(0)
    read_ahead(texts)
    assert [spoken(text) for text in texts] == expected
    assert all(any(said) for said in expected[: len(WORDS)])


def test_every_cue_that_is_asked_for_has_words():
    asked = {
        cue
        for file in (Path(__file__).parents[1] / "perfscore").rglob("*.py")
        for cue in re.findall(r'speaks_of\(.*?, "(\w+)"\)', file.read_text("utf-8"))
    }
    assert asked
    assert asked <= {entry["cue"] for entry in lexicon.table("cues.tsv")}
