"""What two tables differ in, in a line a reviewer can read."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfscore.forms import Forms

__all__ = ["difference"]

_LABELS = ("名称", "描述", "指标值", "依据")
_SHOWN = 2
_WIDTH = 16
_LEAD = 4

Cells = tuple[str, ...]


def difference(forms: "Forms", one: int, other: int) -> tuple[str, float]:
    """Say what the rows of a form differ in from those of another, and which share (0-1) of them stands in both.

    Only the first rows that differ are spelt out; cells are folded text, cut to 16 characters.
    """
    mine, theirs = _rows(forms, one), _rows(forms, other)
    kept = set(theirs)
    changed = [row for row in mine if row not in kept]
    free = [row for row in theirs if row not in set(mine)]
    share = 1 - len(changed) / len(mine) if mine else 0.0
    if not changed:
        return (f"{len(mine)}行全部相同，对方另有{len(free)}行" if free else ""), share
    notes = []
    for row in changed[:_SHOWN]:
        match = _closest(row, free)
        if match is not None:
            free.remove(match)
        notes.append(_note(row, match))
    more = "等" if len(changed) > _SHOWN else ""
    return f"{len(changed)}/{len(mine)}行不同：{'；'.join(notes)}{more}", share


def _rows(forms: "Forms", form: int) -> list[Cells]:
    rows = forms.rows.items[forms.rows.bounds[form] : forms.rows.bounds[form + 1]]
    return sorted(tuple(forms.printed[cell] for cell in forms.cells[row].tolist()) for row in rows.tolist())


def _closest(row: Cells, others: list[Cells]) -> Cells | None:
    """The counterpart of a row: of the same name, else of the same description, else none."""
    for cell in (0, 1):
        for other in others:
            if row[cell] and row[cell] == other[cell]:
                return other
    return None


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
