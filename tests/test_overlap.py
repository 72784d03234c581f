"""Characters that texts have in common: the same for many pairs at once as for one after another."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perfscore.overlap import overlap

TEXTS = st.lists(st.text(st.sampled_from("桥梁完好率的𠀀a"), max_size=5), min_size=1, max_size=6)


def runs(text: str, size: int) -> set[str]:
    return {text[start : start + size] for start in range(len(text) - size + 1)}


@pytest.mark.parametrize("size", [1, 2, 3])
@settings(deadline=None)
@given(TEXTS, TEXTS, TEXTS)
@example(["桥", ""], ["梁桥"], [])
def test_every_pair_that_shares_a_run_is_told(size, left, right, but):
    pairs = np.divmod(np.arange(len(left) * len(right)), len(right))
    but = [text for text in but if len(text) == size]
    expected = [bool(runs(one, size) & runs(other, size) - {*but}) for one in left for other in right]
    assert overlap(left, right, pairs, size, but).tolist() == expected


def test_no_pairs_share_nothing():
    none = np.empty(0, np.int64)
    assert overlap([], [], (none, none), 2).tolist() == []
    assert overlap(["桥梁"], ["桥梁"], (none, none), 2).tolist() == []
