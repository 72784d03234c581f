"""Words that no dictionary holds: jieba's hidden Markov model, run over many rows of characters at once.

Each character begins a word, ends one, is in the midst of one or stands single; the most probable states are found by
the Viterbi algorithm with the tables of ``jieba.finalseg`` (0.42.1). Sums are made in jieba's order and of equal ones
the state later in the alphabet is taken, as jieba does.
"""

from functools import cache, lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from perfscore.dictionary import Codes, Flags, Numbers, Weights

__all__ = ["openings"]

FIRST_CHINESE = 0x4E00
BEGIN, END, MIDST, SINGLE = range(4)
STATES = "BEMS"
# A state follows one of two: a word begins or stands single after the end of another, ends or goes on after its begin.
EARLIER = np.array([END, BEGIN, BEGIN, END])
LATER = np.array([SINGLE, MIDST, MIDST, SINGLE])


class _Model(NamedTuple):
    start: Weights
    earlier: Weights
    later: Weights
    emission: Weights


@cache
def _model() -> _Model:
    from jieba import finalseg

    least = finalseg.MIN_FLOAT
    moves: dict[str, dict[str, float]] = finalseg.trans_P
    emission = np.full((4, 1 << 16), least)
    for state, name in enumerate(STATES):
        seen: dict[str, float] = finalseg.emit_P[name]
        emission[state, [ord(character) for character in seen]] = list(seen.values())

    def arriving(before: Numbers) -> Weights:
        return np.array([[moves[STATES[old]].get(name, least)] for old, name in zip(before, STATES, strict=True)])

    start = np.array([[finalseg.start_P[name]] for name in STATES])
    return _Model(start, arriving(EARLIER), arriving(LATER), emission)


def openings(codes: Codes, starts: Numbers, sizes: Numbers) -> Numbers:
    """Return the places in a text where the words start in some stretches that hold no word of the dictionary.

    Parameters
    ----------
    codes : the characters of the text
    starts, sizes : where each stretch starts and how long it is

    Examples
    --------
    >>> from perfscore.dictionary import Dictionary, code_points
    >>> dictionary = Dictionary()  # reads jieba
    >>> openings(code_points("张晓梅李建国"), np.array([0]), np.array([6])).tolist()
    [0, 3]
    """
    latin = np.append(0, np.cumsum(codes < FIRST_CHINESE))
    mixed = latin[starts + sizes] > latin[starts]
    found = [
        start + place
        for start, size in zip(starts[mixed].tolist(), sizes[mixed].tolist(), strict=True)
        for place in _mixed(codes[start : start + size].tobytes().decode("utf-32-le"))
    ]
    return np.append(np.array(found, np.int64), _chinese(codes, starts[~mixed], sizes[~mixed]))


@lru_cache(maxsize=1 << 16)
def _mixed(text: str) -> tuple[int, ...]:
    from jieba import finalseg

    return tuple(accumulate(map(len, finalseg.cut(text)), initial=0))[:-1]


def _chinese(codes: Codes, starts: Numbers, sizes: Numbers) -> Numbers:
    if not len(starts):
        return starts
    model = _model()
    order = np.argsort(-sizes, kind="stable")
    starts, sizes = starts[order], sizes[order]
    widths = np.searchsorted(-sizes, -np.arange(sizes[0] + 1)).tolist()  # rows longer than each place, at the end none
    best = model.start + model.emission[:, codes[starts]]
    state = np.empty(len(starts), np.int64)
    came_later: list[Flags] = []
    for place, (before, width) in enumerate(pairwise(widths)):
        ended = best[:, width:before]
        state[width:before] = np.where(ended[SINGLE] >= ended[END], SINGLE, END)
        if width:
            seen = model.emission[:, codes[starts[:width] + place + 1]]
            earlier = best[EARLIER, :width] + model.earlier + seen
            later = best[LATER, :width] + model.later + seen
            came_later.append(later >= earlier)
            best = np.where(came_later[-1], later, earlier)
    found = [starts]
    for place in range(len(came_later), 0, -1):
        rows = np.arange(widths[place])
        now = state[rows]
        opens = (now == BEGIN) | (now == SINGLE)
        found.append(starts[rows[opens]] + place)
        state[rows] = np.where(came_later[place - 1][now, rows], LATER[now], EARLIER[now])
    return np.concatenate(found)
