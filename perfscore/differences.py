"""What two tables differ in, in a line a reviewer can read."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from perfscore.similar import Int, Ragged

if TYPE_CHECKING:
    from perfscore.forms import Forms

__all__ = ["differences"]

_LABELS = ("名称", "描述", "指标值", "依据")
_SHOWN = 2
_WIDTH = 16
_LEAD = 4

Cells = tuple[str, ...]


def differences(forms: "Forms", first: Int, second: Int) -> tuple[list[str], npt.NDArray[np.float64]]:
    """Say for pairs of forms what the rows of the first differ in from those of the second.

    Returns
    -------
    a text a pair (empty for equal forms), in which only the first rows that differ are spelt out, their cells folded and
    cut to 16 characters; and the share (0-1) of the rows of the first that stand in the second
    """
    mine, theirs = forms.rows.take(first), forms.rows.take(second)
    changed, free = _left(mine, theirs), _left(theirs, mine)
    lengths = mine.lengths
    share = 1 - changed.lengths / np.maximum(lengths, 1)
    texts = [""] * len(first)
    rows = _Rows(forms, np.concatenate([changed.items, free.items]))
    changed_rows, free_rows = rows.listed(changed), rows.listed(free)
    notes: dict[tuple[int, int], str] = {}
    for pair in np.flatnonzero(changed.lengths + free.lengths).tolist():
        one, other = (listed[bounds[pair] : bounds[pair + 1]] for listed, bounds in (changed_rows, free_rows))
        if not one:
            texts[pair] = f"{lengths[pair]}行全部相同，对方另有{len(other)}行"
            continue
        said = []
        for row in one[:_SHOWN]:
            match = rows.closest(row, other)
            if match >= 0:
                other.remove(match)
            if (row, match) not in notes:
                notes[row, match] = _note(rows.cells(row), rows.cells(match) if match >= 0 else None)
            said.append(notes[row, match])
        more = "等" if len(one) > _SHOWN else ""
        texts[pair] = f"{len(one)}/{lengths[pair]}行不同：{'；'.join(said)}{more}"
    return texts, share


def _left(mine: Ragged, theirs: Ragged) -> Ragged:
    """The rows of each of ``mine`` that the one of ``theirs`` beside it does not hold."""
    width = 1 + max(int(mine.items.max(initial=0)), int(theirs.items.max(initial=0)))
    keys = [np.repeat(np.arange(len(part.lengths)) * width, part.lengths) + part.items for part in (mine, theirs)]
    left = ~np.isin(*keys)
    return Ragged.of(np.bincount(keys[0][left] // width, minlength=len(mine.lengths)), mine.items[left])


class _Rows:
    """Some rows with their cells, in order of their texts."""

    def __init__(self, forms: "Forms", rows: Int) -> None:
        self._known = np.unique(rows)
        used, cells = np.unique(forms.places.cells[self._known], return_inverse=True)
        texts = forms.places.texts.take(used).to_arrow()
        rank = np.empty(len(used), np.int64)
        rank[pc.sort_indices(texts).to_numpy()] = np.arange(len(used))
        ranked = rank[cells].reshape(-1, len(_LABELS))
        order = np.lexsort(ranked.T[::-1])
        # From here on a row is its place among all in order of text.
        self._place = np.empty(len(order), np.int64)
        self._place[order] = np.arange(len(order))
        self._texts = texts.to_pylist()
        self._cells = cells.reshape(-1, len(_LABELS))[order].tolist()

    def listed(self, rows: Ragged) -> tuple[list[int], list[int]]:
        """The rows of each pair in order of text, one pair after the other, and where each pair begins."""
        places = self._place[np.searchsorted(self._known, rows.items)]
        pair = np.repeat(np.arange(len(rows.lengths)), rows.lengths)
        return places[np.lexsort((places, pair))].tolist(), rows.bounds.tolist()

    def cells(self, row: int) -> Cells:
        """The texts of a row."""
        return tuple(self._texts[cell] for cell in self._cells[row])

    def closest(self, row: int, others: list[int]) -> int:
        """The counterpart of a row: of the same name, else of the same description; -1 if there is none."""
        mine = self._cells[row]
        for column in (0, 1):
            for other in others:
                if mine[column] == self._cells[other][column] and self._texts[mine[column]]:
                    return other
        return -1


def _note(row: Cells, match: Cells | None) -> str:
    if match is None:
        return f"“{_cut(row[0])}”为对方所无"
    changes = []
    for label, a, b in zip(_LABELS, row, match, strict=True):
        if a != b:
            begin = _first_difference(a, b)
            changes.append(f"{label} {_cut(a, begin) or '空'}（对方 {_cut(b, begin) or '空'}）")
    return f"“{_cut(row[0])}”{'、'.join(changes)}"


def _first_difference(a: str, b: str) -> int:
    """Where to begin to print two long strings so that what differs is seen; 0 for short ones."""
    if max(len(a), len(b)) <= _WIDTH:
        return 0
    same = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return same - _LEAD if same > _WIDTH // 2 else 0


def _cut(text: str, begin: int = 0) -> str:
    start = "…" if begin else ""
    shown = text[begin:]
    return start + (shown if len(shown) <= _WIDTH else shown[: _WIDTH - 1] + "…")
