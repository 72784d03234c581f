"""Which column of a table holds what, and one printed row to its records: two where a form prints two periods side by side."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from perfscore import several
from perfscore.columns import Columns
from perfscore.cuts import join
from perfscore.headers import (
    PERIODS,
    SIGNS,
    YES,
    clean,
    fold,
    is_amount,
    label,
    label_in_front,
    money_unit,
    period,
    role,
    sign_of,
    unnumbered,
)
from perfscore.readers.blocks import Cell
from perfscore.rows import TEXTS, Record

__all__ = ["Layout"]

_PROJECT = frozenset(
    {
        "project_id", "project_name", "project_code", "unit_name", "agency", "agency_code", "division", "year",
        "budget", "fiscal", "other_money", "goal", "purpose",
    }
)  # fmt: skip
_OTHER = {"总体": "年度", "年度": "总体"}
_MONEY = ("budget", "fiscal", "other_money")


@dataclass
class Layout:
    """Which columns hold what, once for every period the form prints side by side.

    ``used`` tells the columns that are read, ``units`` the unit of money that the header of each names. ``after_break``
    says that the next row is the first below a break, ``repeated`` that the header stood there again, ``is_guessed`` that
    no header says which of two halves is 总体 and which 年度. ``level1`` is the label that stands above the table in a line.
    """

    halves: list[tuple[str, dict[str, list[int]]]]
    roles: tuple[str, ...]
    used: list[bool]
    units: tuple[str, ...]
    after_break: bool = False
    repeated: bool = False
    is_guessed: bool = False
    level1: str = ""

    @classmethod
    def of(cls, columns: Columns, default_period: str = "") -> "Layout":
        """Read the layout off a header; a blank or broken header cell belongs to the column on its left."""
        groups: list[tuple[str, list[int]]] = []
        for i, (one, name) in enumerate(zip(columns.roles, columns.names, strict=True)):
            left = columns.names[groups[-1][1][0]] if groups else ""
            torn = groups and (not name.strip() or name == left or _is_fragment(left, name))
            if torn and (not one or one == groups[-1][0]):
                groups[-1][1].append(i)
            else:
                groups.append((one, [i]))
        halves = _halves(groups, columns.periods, default_period)
        taken = {i for _, half in halves for spots in half.values() for i in spots}
        kept = {*TEXTS, *_PROJECT, "leaf", "weight", "actual", "operator", "unit"}
        # of what no table keeps, such as the values of years before, a second column is no loss
        used = [
            i in taken or not name.strip() or (bool(one) and one not in kept)
            for i, (one, name) in enumerate(zip(columns.roles, columns.names, strict=True))
        ]
        times = {columns.periods[half["value"][0]] if columns.periods else "" for _, half in halves if "value" in half}
        guessed = len(halves) > 1 and len(times) == 1
        return cls(halves, columns.roles, used, tuple(map(money_unit, columns.names)), is_guessed=guessed)

    def project_columns(self) -> dict[int, str]:
        """The columns that tell something of the project beside each row, and what."""
        return {i: key for _, half in self.halves for key in sorted(_PROJECT & half.keys()) for i in half[key]}

    def has_label(self, texts: Sequence[str]) -> bool:
        """Say whether a row has a level label where one belongs."""
        spots = [i for _, half in self.halves for key in ("level1", "level2") for i in half.get(key, ())]
        return any(i < len(texts) and label(texts[i]) for i in spots)

    def runs_across(self, texts: Sequence[str]) -> bool:
        """Say whether a row is one line of text, and neither a label nor a word left alone in the column of labels."""
        if len({text.strip() for text in texts} - {""}) != 1 or not texts[0].strip() or _is_label(texts[0].strip()):
            return False
        labels = {i for _, half in self.halves for key in ("level1", "level2", "name") for i in half.get(key, ())}
        labels |= self.project_columns().keys()
        reach = max(1, self.halves[0][1]["name"][0])
        return 0 not in labels or len(texts) == 1 or any(text.strip() for text in texts[reach:])

    def is_bare_name(self, texts: Sequence[str]) -> bool:
        """Say whether nothing stands in a row but a name in its first column: it may as well be a heading or a note."""
        return 0 in self.halves[0][1]["name"] and _is_lone_word(texts)

    def starts_at_name(self, texts: Sequence[str]) -> bool:
        """Say whether the first filled cell of a row stands under the name: its labels are merged from above."""
        first = next((i for i, text in enumerate(texts) if text.strip()), 0)
        return first > 0 and any(first in half.get("name", ()) for _, half in self.halves)

    def fits(self, texts: Sequence[str]) -> bool:
        """Say whether a row looks like a row of this table: a level label or a value where they belong."""
        values = [i for _, half in self.halves for i in half.get("value", ())]
        return self.has_label(texts) or any(i < len(texts) and is_amount(clean(texts[i])) for i in values)

    def is_rest(self, texts: Sequence[str], above: Sequence[str]) -> bool:
        """Say whether the first row below a break may be the rest of the cells of the row above it.

        It has no label of its own; a label torn in two is a sure sign. Without one, it has no name beside a value or label,
        and two whole values are never one.
        """

        def amounts(row: Sequence[str]) -> bool:
            return any(is_amount(clean(text)) for text in self._under("value", row))

        spots = [i for _, half in self.halves for key in ("level1", "level2") for i in half.get(key, ())]
        pairs = [
            (clean(above[i]), clean(texts[i])) for i in spots if i < min(len(above), len(texts)) and texts[i].strip()
        ]
        torn = [bool(label(a + b)) for a, b in pairs if a]
        if any(torn):
            return all(torn)
        if 0 in spots and _is_lone_word(texts):
            return False
        if self._under("name", texts):
            return not any(self._under(key, texts) for key in ("level1", "level2", "value"))
        return not (self.has_label(texts) or (amounts(texts) and amounts(above)))

    def _under(self, key: str, texts: Sequence[str]) -> list[str]:
        spots = {i for _, half in self.halves for i in half.get(key, ())}
        return [text for i, text in enumerate(texts) if i in spots and text.strip()]

    def restarts(self, before: Sequence[Record], record: Record) -> bool:
        """After a repeated header: does this row begin another table (back to the first class), or go on?"""
        classes = [found.level1 for row in before if (found := label(row.level1 or ""))]
        here = label(record.level1 or "")
        same = not before or before[-1].period == record.period
        return bool(self.repeated and same and here and len(set(classes)) > 1 and here.level1 == classes[0])

    def records(self, cells: Sequence[Cell], known: frozenset[str], place: str) -> Iterator[Record]:
        """Yield the record of each half of a printed row that is not blank; rows marked deleted or backup give none."""
        texts = [cell.text if i == 0 or cell is not cells[i - 1] else "" for i, cell in enumerate(cells)]
        texts += [""] * (len(self.roles) - len(texts))
        whole = [cell.text for cell in cells] + [""] * (len(self.roles) - len(cells))
        texts = self._align(texts)
        for when, spots in self.halves:
            flags = {key: clean(whole[spots[key][0]]) for key in ("deleted", "backup", "period") if key in spots}
            if flags.get("deleted") in YES or flags.get("backup") in YES:
                return
            flag = flags.get("period", "")
            for row in several.parted(texts, *self._lists(texts, spots)):
                record = self._record(row, whole, spots, known)
                record.period, record.place = PERIODS.get(flag) or period(flag) or when or None, place
                if any((record.level1, record.level2, record.name, record.description, record.value, record.basis)):
                    yield record

    def is_unclear(self, texts: Sequence[str]) -> bool:
        """Say whether a row holds several indicators whose values cannot be told apart."""
        return any(several.is_unclear(texts, *self._lists(texts, spots)[:2]) for _, spots in self.halves)

    def _lists(self, texts: Sequence[str], spots: dict[str, list[int]]) -> tuple[list[int], list[int], set[int]]:
        """The columns of names and of values, and those with one text for all indicators of a row."""
        leaf = spots.get("leaf", [])
        names = leaf if any(i < len(texts) and texts[i].strip() for i in leaf) else spots.get("name", [])
        shared = {i for key, at in spots.items() if key in ("level1", "level2") or key in _PROJECT for i in at}
        return names, spots.get("value", []), shared - {*names}

    def _align(self, texts: list[str]) -> list[str]:
        """Move a shifted row back: its value stands in a false column on the left, and the column after it is blank."""
        spots = self.halves[0][1]
        at = spots.get("value", [len(texts)])[0]
        false = [i for one in spots.values() for i in one[1:] if i < at and is_amount(clean(texts[i]))]
        if not false or at + 1 >= len(texts) or texts[at + 1].strip() or is_amount(clean(texts[at])):
            return texts
        start = max(false)
        return [*texts[:start], *[""] * (at - start), *texts[start : len(texts) - (at - start)]]

    def _record(
        self, texts: Sequence[str], whole: Sequence[str], spots: dict[str, list[int]], known: frozenset[str]
    ) -> Record:
        def text(key: str) -> str:
            return clean(join([texts[i] for i in spots.get(key, ())], known))

        def merged(key: str) -> str:
            return next((whole[i].strip() for i in spots.get(key, ()) if whole[i].strip()), "")

        record = Record(name=unnumbered(text("leaf") or text("name")), value=_value(text))
        for key in ("level1", "level2"):
            if key in spots:
                setattr(record, key, clean(merged(key)))
        for key in ("description", "basis", "actual"):
            if key in spots:
                setattr(record, key, text(key))
        if "weight" in spots:
            number = re.search(r"\d+(?:\.\d+)?", text("weight"))
            record.weight = float(number[0]) if number else None
        record.project = {key: merged(key) for key in sorted(_PROJECT & spots.keys())}
        for key in record.project.keys() & set(_MONEY):
            if record.project[key][-1:].isdigit():
                record.project[key] += self.units[spots[key][0]]
        self._unglue(record, texts, spots)
        return record

    def _unglue(self, record: Record, texts: Sequence[str], spots: dict[str, list[int]]) -> None:
        """Part a category from the name it is glued to, in the label's own cell or in the name's."""
        raw = "".join(texts[i] for i in spots.get("level2", ())).split()
        if len(raw) > 1 and not label(record.level2 or "") and label(raw[0]) and not record.name:
            record.level2, record.name, record.is_torn = raw[0], raw[1], True
            if len(raw) > 2:
                record.description = clean(join(["".join(raw[2:]), record.description or ""]))
        glued = label_in_front(record.name)
        if glued:
            key = "level2" if glued[0].category else "level1"
            if not getattr(record, key):
                setattr(record, key, glued[0].text)
                record.name = glued[1]


def _is_label(text: str) -> bool:
    return bool(label(text)) or text.endswith("指标")


def _is_lone_word(texts: Sequence[str]) -> bool:
    """Say whether nothing stands in a row but a word in its first cell that is no label."""
    first, *rest = (text.strip() for text in texts)
    return bool(first) and not any(rest) and not _is_label(first)


def _is_fragment(left: str, right: str) -> bool:
    """Is a header cell the torn-off end of its left neighbour?"""
    whole, tail = fold(left), fold(right)
    return any(role(whole + tail[i:], "table") for i in range(min(len(tail) - 1, len(tail) // 2 + 1)))


def _value(text: Callable[[str], str]) -> str:
    value, sign, unit = text("value"), sign_of(text("operator") or text("operator?nature")), text("unit")
    if not value:
        return ""
    if value[0] not in SIGNS.values() and value[0] not in "<>=":
        value = sign + value
    return value if value.endswith(unit) else value + unit


def _halves(
    groups: Sequence[tuple[str, list[int]]], periods: Sequence[str], default_period: str
) -> list[tuple[str, dict[str, list[int]]]]:
    """Part the columns where name and value, or the value alone, come once more for another period."""
    names = [spots[0] for one, spots in groups if one == "name"]
    values = [spots[0] for one, spots in groups if one == "value"]
    times = [periods[i] if periods else "" for i in values]
    if len(names) > 1 and len(values) > 1:
        return _two_sets(groups, names[1], times)
    if len(values) > 1 and all(times[:2]) and times[0] != times[1]:
        return [
            (when, {**_first(groups), "value": spots}) for when, spots in zip(times, _all(groups, "value"), strict=True)
        ]
    return [(default_period, _first(groups))]


def _two_sets(
    groups: Sequence[tuple[str, list[int]]], second: int, times: Sequence[str]
) -> list[tuple[str, dict[str, list[int]]]]:
    """The second set begins at its own labels, left of its name; it shares the labels that it has none of its own for."""
    starts = {spots[0]: one for one, spots in groups}
    while starts.get(second - 1) in ("level1", "level2", "number"):
        second -= 1
    left = _first([group for group in groups if group[1][0] < second])
    right = _first([group for group in groups if group[1][0] >= second])
    shared: dict[str, list[int]] = {key: left[key] for key in ("level1", "level2", "number") if key in left}
    first, other = times[:2]
    if first == other:
        first, other = "总体", "年度"
    first, other = first or _OTHER[other], other or _OTHER[first]
    return [(first, left), (other, {**shared, **right})]


def _all(groups: Sequence[tuple[str, list[int]]], role: str) -> list[list[int]]:
    return [spots for one, spots in groups if one == role]


def _first(groups: Sequence[tuple[str, list[int]]]) -> dict[str, list[int]]:
    """The columns of each role; where a role comes twice, the first counts."""
    spots: dict[str, list[int]] = {}
    for one, at in groups:
        if one:
            spots.setdefault(one, at)
    return spots
