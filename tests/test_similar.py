"""Folding, hashing and comparing strings, against the obvious way."""

from unittest import mock

import numpy as np
import pyarrow as pa
import pytest
from corpora import folded, masked
from hypothesis import given
from hypothesis import strategies as st

from perfscore import similar, text
from perfscore.signatures import agreement, signatures, union
from perfscore.similar import Ragged, as_sets, combine, distinct, jaccard
from perfscore.texts import Texts

WORDS = st.lists(st.text(alphabet="甲乙丙丁满意度率12３% \n≥>=", max_size=9), max_size=8)


@given(WORDS)
def test_folding_together_is_folding_apart(strings: list[str]) -> None:
    texts = Texts.of(strings).folded()
    assert texts.to_list() == [folded(string) for string in strings]
    assert texts.masked().to_list() == [masked(folded(string)) for string in strings]


@given(WORDS, WORDS)
def test_texts_from_arrow_are_those_from_a_list(strings: list[str], before: list[str]) -> None:
    part = pa.array([*before, *strings])[len(before) :]
    one, other = Texts.of(part), Texts.of(strings)
    assert one.to_list() == other.to_list() == strings
    assert one.take(np.arange(len(strings))[::-1]).to_list() == strings[::-1]


@given(WORDS, st.integers(1, 8))
def test_work_in_runs_is_work_at_once(strings: list[str], items: int) -> None:
    texts = Texts.of(strings)
    whole = texts.hashes(), texts.shingles().items
    with mock.patch.object(similar, "_ITEMS", items):
        assert (texts.hashes() == whole[0]).all()
        assert (texts.shingles().items == whole[1]).all()


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert Texts.of(["甲\ud800乙"]).to_list() == ["甲\ufffd乙"]


@given(st.lists(st.text(alphabet="甲乙12𠀀", max_size=6), unique=True))
def test_equal_strings_have_equal_hashes_and_others_others(strings: list[str]) -> None:
    assert len(set(Texts.of(strings).hashes().tolist())) == len(strings)
    assert (Texts.of(["先", *strings]).hashes()[1:] == Texts.of(strings).hashes()).all()


@given(WORDS, st.integers(1, 5))
def test_shingles_are_the_ngrams_of_each_string(strings: list[str], n: int) -> None:
    strings = [folded(string) for string in strings]
    cut = Texts.of(strings).shingles(n)
    known: dict[str, int] = {}
    for number, string in enumerate(strings):
        grams = text.ngrams(string, n)
        found = cut.items[cut.bounds[number] : cut.bounds[number + 1]].tolist()
        assert len(found) == len(grams)
        for gram, code in zip(grams, found, strict=True):
            assert known.setdefault(gram, code) == code
    assert len(set(known.values())) == len(known)


@given(st.lists(st.lists(st.integers(0, 20), max_size=12), min_size=1, max_size=6))
def test_jaccard_is_that_of_sets(listed: list[list[int]]) -> None:
    sets = Ragged.of([len(items) for items in listed], np.array([i for items in listed for i in items], np.int64))
    left, right = np.triu_indices(len(listed))
    expected = [
        len(set(listed[a]) & set(listed[b])) / len(set(listed[a]) | set(listed[b])) if listed[a] or listed[b] else 1.0
        for a, b in zip(left, right, strict=True)
    ]
    assert jaccard(as_sets(sets), left, right) == pytest.approx(expected)


def test_hashes_are_the_same_everywhere() -> None:
    # Written out: a change would make corpora saved earlier unreadable, and needs a new version of them.
    one, empty = Texts.of(["满意度"]), Texts.of([""])
    assert [*one.hashes().tolist(), *empty.hashes().tolist()] == [18019258265827257872, 16294208416658607535]
    assert combine(one.hashes(), empty.hashes()).tolist() == [11102901760258167232]
    assert one.shingles().items.tolist() == [4037136574277223353]


def test_signature_of_a_union_is_that_of_all_elements() -> None:
    grams = Texts.of([str(i) for i in range(50)]).hashes()
    parts = signatures(Ragged.of([30, 20, 0], np.arange(50)), grams)
    whole = signatures(Ragged.of([50], np.arange(50)), grams)
    assert (union(parts, Ragged.of([3], np.arange(3))) == whole).all()


def test_agreement_estimates_jaccard() -> None:
    rng = np.random.default_rng(1)
    grams = Texts.of([str(i) for i in range(300)]).hashes()
    shares = np.linspace(0.1, 0.9, 9)
    errors = []
    for share in shares:
        both = int(300 * share)
        other = rng.permutation(300)
        a, b = other[: (300 + both) // 2], other[(300 - both) // 2 :]
        signs = signatures(Ragged.of([len(a), len(b)], np.concatenate([a, b])), grams)
        true = len(np.intersect1d(a, b)) / 300
        errors.append(agreement(signs, np.array([0]), np.array([1]))[0] - true)
    assert np.abs(errors).max() < 0.2
    assert abs(np.mean(errors)) < 0.05


def test_distinct_counts_in_order_of_appearance() -> None:
    codes, found = distinct(np.array([7, 3, 7], np.uint64))
    assert codes.tolist() == [0, 1, 0]
    assert found.tolist() == [7, 3]
