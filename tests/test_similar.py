"""Folding, hashing and comparing strings, against the obvious way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfscore import text
from perfscore.signatures import agreement, signatures, union
from perfscore.similar import Ragged, as_sets, canonical, combine, distinct, hashes, jaccard, mask, shingles

WORDS = st.lists(st.text(alphabet="甲乙丙丁满意度率12３% \n≥>=", max_size=9), max_size=8)


@given(WORDS)
def test_folding_together_is_folding_apart(strings: list[str]) -> None:
    assert canonical(strings) == [canonical([string])[0] for string in strings]
    assert mask(strings) == [mask([string])[0] for string in strings]


@given(WORDS, st.integers(1, 5))
def test_shingles_are_the_ngrams_of_each_string(strings: list[str], n: int) -> None:
    strings = canonical(strings)
    cut = shingles(strings, n)
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
    assert hashes(["满意度", ""]).tolist() == [18324917585072369546, 1760245841805064774]
    assert combine(hashes(["满意度"]), hashes([""])).tolist() == [5962314948024428107]
    assert shingles(["满意度"]).items.tolist() == [4037136574277223353]


def test_signature_of_a_union_is_that_of_all_elements() -> None:
    grams = hashes([str(i) for i in range(50)])
    parts = signatures(Ragged.of([30, 20, 0], np.arange(50)), grams)
    whole = signatures(Ragged.of([50], np.arange(50)), grams)
    assert (union(parts, Ragged.of([3], np.arange(3))) == whole).all()


def test_agreement_estimates_jaccard() -> None:
    rng = np.random.default_rng(1)
    grams = hashes([str(i) for i in range(300)])
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
