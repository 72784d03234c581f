"""What two tables differ in, in a line a reviewer can read."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from perfscore.similar import Int, Ragged, distinct, firsts, lookup, numbered

if TYPE_CHECKING:
    from perfscore.forms import Forms

__all__ = ["differences"]

_LABELS = ("名称", "描述", "指标值", "依据")
_SHOWN = 2
_WIDTH = 16
_LEAD = 4


def differences(forms: "Forms", first: Int, second: Int) -> tuple[list[str], npt.NDArray[np.float64]]:
    """Say for pairs of forms what the rows of the first differ in from those of the second.

    Returns
    -------
    a text a pair (empty for equal forms), in which only the first rows that differ are spelt out, their cells folded and
    cut to 16 characters; and the share (0-1) of the rows of the first that stand in the second
    """
    mine, theirs = forms.rows.take(first), forms.rows.take(second)
    changed, free = _apart(mine, theirs)
    lengths, count, more = mine.lengths, changed.lengths, free.lengths
    share = 1 - count / np.maximum(lengths, 1)
    rows = _Rows(forms, np.concatenate([changed.items, free.items]))
    pair, row, match = _matched(rows, rows.listed(changed), rows.listed(free))
    said = [""] * len(first)
    for at, note in zip(pair.tolist(), rows.notes(row, match), strict=True):
        said[at] += f"；{note}" if said[at] else note
    texts = [""] * len(first)
    for at in np.flatnonzero((count + more > 0) | (first != second)).tolist():
        if not count[at] and not more[at]:
            texts[at] = f"{lengths[at]}行全部相同，只是重复的行数不同"
        elif not count[at]:
            texts[at] = f"{lengths[at]}行全部相同，对方另有{more[at]}行"
        else:
            texts[at] = f"{count[at]}/{lengths[at]}行不同：{said[at]}{'等' if count[at] > _SHOWN else ''}"
    return texts, share


def _matched(rows: "_Rows", changed: Ragged, free: Ragged) -> tuple[Int, Int, Int]:
    """The rows that are spelt out, pair by pair: pair, row, and its counterpart among the free ones of the pair or -1."""
    owner = np.repeat(np.arange(len(free.lengths)), free.lengths)
    items, found = free.items, []
    for step in range(_SHOWN):
        pair = np.flatnonzero(changed.lengths > step)
        row = changed.items[changed.bounds[pair] + step]
        at = rows.closest(pair, row, owner, items)
        found.append((pair, row, np.append(items, -1)[at]))
        # A counterpart is one's only.
        owner, items = np.delete(owner, at[at >= 0]), np.delete(items, at[at >= 0])
    pair, row, match = (np.concatenate(column) for column in zip(*found, strict=True))
    return pair, row, match


def _apart(mine: Ragged, theirs: Ragged) -> tuple[Ragged, Ragged]:
    """The rows of each of ``mine`` that the one of ``theirs`` beside it does not hold, and the other way round."""
    owners = [np.repeat(np.arange(len(side.lengths)), side.lengths) for side in (mine, theirs)]
    number, _ = numbered(np.concatenate(owners), np.concatenate([mine.items, theirs.items]))
    numbers = np.split(number, [len(mine.items)])
    left = []
    for side, owner, own, other in zip((mine, theirs), owners, numbers, reversed(numbers), strict=True):
        held = np.zeros(len(number), np.bool_)
        held[other] = True
        alone = ~held[own]
        left.append(Ragged.of(np.bincount(owner[alone], minlength=len(side.lengths)), side.items[alone]))
    return left[0], left[1]


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
        self._texts: list[str] = texts.to_pylist()
        self._cells = cells.reshape(-1, len(_LABELS))[order]
        self._empty = texts.index("").as_py()

    def listed(self, rows: Ragged) -> Ragged:
        """The same rows, those of each pair in order of text."""
        places = self._place[np.searchsorted(self._known, rows.items)]
        pair = np.repeat(np.arange(len(rows.lengths)), rows.lengths)
        return Ragged(places[np.lexsort((places, pair))], rows.bounds)

    def closest(self, pair: Int, row: Int, owner: Int, others: Int) -> Int:
        """Where the counterpart of the row of each pair stands first among others, of their pairs: the one of the same name,
        else of the same description; -1 if there is none.
        """
        at = np.full(len(pair), -1)
        for column in (0, 1):
            own, other = self._cells[row, column], self._cells[others, column]
            code, known = distinct(owner * len(self._texts) + other)
            found = lookup(known, (pair * len(self._texts) + own).astype(np.uint64))
            new = (at < 0) & (found >= 0) & (own != self._empty)
            at[new] = firsts(code)[found[new]]
        return at

    def notes(self, rows: Int, matches: Int) -> list[str]:
        """Say what each row and its counterpart, -1 for none, differ in."""
        number, first = numbered(rows, matches + 1)
        texts = self._texts
        cells = [[texts[cell] for cell in row] for row in self._cells[rows[first]].tolist()]
        other = [[texts[cell] for cell in row] for row in self._cells[matches[first]].tolist()]
        none = matches[first] < 0
        notes = [_note(*two) for two in zip(cells, other, none.tolist(), strict=True)]
        return [notes[at] for at in number.tolist()]


def _note(row: list[str], match: list[str], alone: bool) -> str:
    if alone:
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
