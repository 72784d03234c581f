"""Whether two texts have characters in common, for many pairs of texts at once."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from perfscore.dictionary import code_points
from perfscore.similar import Int

__all__ = ["overlap"]

_BITS = 21  # of a character


def overlap(
    left: Sequence[str], right: Sequence[str], pairs: tuple[Int, Int], size: int, but: Iterable[str] = ()
) -> npt.NDArray[np.bool_]:
    """Tell which pairs of texts have a run of characters in common.

    Parameters
    ----------
    left, right : texts
    pairs : positions in ``left`` and in ``right``
    size : characters of a run, 1 to 3
    but : runs that do not count

    Examples
    --------
    >>> pairs = np.array([0, 0]), np.array([0, 1])
    >>> overlap(["桥梁完好率"], ["完好的桥", "道路"], pairs, 2).tolist()
    [True, False]
    >>> overlap(["桥梁完好率"], ["完好的桥", "道路"], pairs, 2, but=["完好"]).tolist()
    [False, False]
    """
    texts = [*left, *right]
    number, run = _runs(texts, size)
    kept = ~np.isin(run, _runs([*but], size)[1])
    known, run = np.unique(run[kept], return_inverse=True)
    held = csr_array((np.ones(len(run), bool), (number[kept], run)), shape=(len(texts), max(len(known), 1)))
    common = held[pairs[0]].multiply(held[pairs[1] + len(left)])
    return np.asarray(np.diff(common.tocsr().indptr) > 0)


def _runs(texts: Sequence[str], size: int) -> tuple[Int, Int]:
    """The runs of characters of some texts as numbers, each with the number of its text."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    codes = code_points("".join(texts)).astype(np.int64)
    last = max(len(codes) - size + 1, 0)
    run = np.zeros(last, np.int64)
    for place in range(size):
        run = run << _BITS | codes[place : place + last]
    number = np.repeat(np.arange(len(texts)), lengths)
    whole = number[:last] == number[size - 1 :][:last]
    return number[:last][whole], run[whole]
