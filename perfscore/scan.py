"""Scan a folded text without white space for quantities: a value cell with good will, running text with suspicion."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from perfscore.dates import read_deadline
from perfscore.grammar import Grammar, Unit, period_of
from perfscore.numerals import Number, read, rounded, scale
from perfscore.values import Kind, Quantity

__all__ = ["Scanner"]

_KINDS: dict[str, Kind] = {
    "share": "share",
    "count": "count",
    "measure": "count",
    "money": "money",
    "duration": "duration",
    "rate": "rate",
    "score": "score",
    "number": "number",
}
_REACH = 16  # characters before a number in which its comparator and its period are looked for
_RANGE = re.compile(r"(?:[-~—–]+|至|到)[≥≤><=]?")
_EACH = "每", "隔"  # before a number: it is part of a period (每3年)
_NEAR = re.compile("约|概|近")
_JOINED = re.compile(r"[0-9A-Za-z.·+×*:/\-—]*[0-9A-Za-z]")
_GLUED_BEFORE = re.compile(r"[A-Za-z][-—.]?$|[0-9][.·+×*/_xX:\-—]$")
_GLUED_AFTER = re.compile(r"[+×*:·xX~\-—][0-9]|[-—][A-Za-z]|[#号]")
_COUNTER = re.compile(r"(?P<unit>(?:[\u4e00-\u9fff]|[℃°/]){1,4}?)(?=$|[,;。、()]|(?:及|\(含\)|或)?以[上下内]|左右)")
_NO_COUNTER = re.compile(r"[的了和与或及是为不有无将等以上下内前后号到至于在年月日第十百千万亿]")
_LED = re.compile(r"(?:^|[,;:。、(]|[于在到至止]|时间|期限|日期)$")
_CLOSED = re.compile(r"[。.!;,]?$")
_PAUSED = re.compile(r"$|[,;。、)](?![0-9])")


class Scanner:
    """Reads one text from left to right.

    Parameters
    ----------
    grammar : the patterns in use
    text : folded text without white space
    whole : it is a whole value cell, so a lone number or date counts

    Examples
    --------
    >>> from perfscore.grammar import grammar
    >>> [str(quantity) for quantity in Scanner(grammar(), "每年3次,每次不少于2天", whole=True).quantities()]
    ['每年3次', '≥2天']
    """

    def __init__(self, grammar: Grammar, text: str, whole: bool) -> None:
        self.grammar, self.text, self.whole, self.floor = grammar, text, whole, 0

    def quantities(self) -> Iterator[Quantity]:
        """Yield the quantities in order; their spans do not overlap."""
        at = 0
        while match := self.grammar.start.search(self.text, at):
            start = match.start()
            found = self.dated(start) or self.counted(start)
            if isinstance(found, Quantity):
                self.floor = at = found.end
                yield found
            else:
                at = max(found, start + 1)

    def trapped(self, start: int) -> bool:
        return bool(
            self.text.endswith(self.grammar.trap_before, 0, start)
            or _GLUED_BEFORE.search(self.text, max(0, start - 2), start)
        )

    def before(self, start: int) -> re.Match[str]:
        match = self.grammar.before.search(self.text, max(self.floor, start - _REACH), start)
        assert match is not None  # every part of the pattern may be absent
        return match

    def period(self, start: int) -> str:
        """Return the period printed before a place, or beginning at it (3年一换)."""
        since = max(self.floor, start - _REACH, *(self.text.rfind(stop, 0, start) + 1 for stop in ";。"))
        printed = ""
        for match in self.grammar.period.finditer(self.text, since, start + _REACH):
            if match.end() <= start or match.start() == start:
                printed = match[0]
        return period_of(printed) if printed else ""

    def dated(self, start: int) -> Quantity | int:
        """Return the date at this place, where to go on if there is one that is no target, 0 if there is none."""
        deadline = read_deadline(self.text, start)
        if deadline is None or self.text.endswith(_EACH, 0, start):
            return 0
        before = self.before(start)
        if deadline.bare and before["word"]:
            return 0
        period = self.period(start)
        led = before["word"] or period or _LED.search(self.text, max(0, start - 3), start)
        lone = self.whole and led and _PAUSED.match(self.text, deadline.end)
        firm = deadline.firm and (self.whole or len(deadline.iso) != 4 or deadline.comparator)
        if self.trapped(start) or not (lone or firm):
            return deadline.end
        comparator = deadline.comparator or self.grammar.sign(before["word"] or "")
        return Quantity(
            "date",
            comparator,
            dimension="date",
            period=period,
            deadline=deadline.iso,
            start=before.start("word") if before["word"] else start,
            end=deadline.end,
        )

    def counted(self, start: int) -> Quantity | int:
        """Return the number with its unit at this place, or where to go on."""
        match = self.grammar.number.match(self.text, start)
        if not match:
            return start + 1
        number = read(match[0])
        joined = _JOINED.match(self.text, start)
        if number is None or self.trapped(start):
            return max(match.end(), joined.end() if joined else 0)
        amount = self.measured(number, match)
        if self.text.endswith(_EACH, 0, start):
            return amount.end
        if _GLUED_AFTER.match(self.text, amount.end):
            return max(amount.end, joined.end() if joined else 0)
        return self.judged(amount, start) or amount.end

    def measured(self, first: Number, match: re.Match[str]) -> "_Amount":
        """Read unit and upper end of a number."""
        unit = None if first.share else self.grammar.unit.match(self.text, match.end())
        if unit and (unit["half"] or unit["half_inside"]):
            first = first._replace(low=first.low + 0.5, high=first.high + 0.5)
        amount = _Amount(first, unit, unit.end() if unit else match.end())
        to = _RANGE.match(self.text, amount.end)
        upper = self.grammar.number.match(self.text, to.end()) if to else None
        second = read(upper[0]) if upper else None
        if upper is None or second is None or read_deadline(self.text, upper.start()):
            return amount
        unit_too = None if second.share else self.grammar.unit.match(self.text, upper.end())
        if not unit_too and (unit or not (self.whole or second.share)):
            return amount
        if unit and unit_too and self.unit(unit).dimension != self.unit(unit_too).dimension:
            return amount
        low, high = first.low, second.high
        scaled = rounded(low * scale(upper[0]))
        if not unit and scale(match[0]) == 1 and scaled <= high:
            low = scaled
        elif unit and unit_too:
            high = rounded(high * float(self.unit(unit_too).factor / self.unit(unit).factor))
        low, high = min(low, high), max(low, high)
        number = Number(low, high, first.approximate or second.approximate, first.share or second.share, first.han)
        return _Amount(number, unit or unit_too, unit_too.end() if unit_too else upper.end())

    def unit(self, match: re.Match[str]) -> Unit:
        printed = match.groupdict()
        unit = self.grammar.compound(printed.get("unit") or printed["hint"])
        return unit._replace(factor=unit.factor * scale(printed["hint_scale"] or ""))

    def judged(self, amount: "_Amount", start: int) -> Quantity | None:
        """Put number, unit, comparator and period together; ``None`` if the words around say it is no quantity."""
        number, before = amount.number, self.before(start)
        unit, end = self.unit_of(amount, before)
        after = self.grammar.after.match(self.text, end)
        assert after is not None  # every part of the pattern may be absent
        if after["word"] or after["near"]:
            end = after.end()
        compared = bool(
            after["word"] or after["near"] or before["word"] not in (None, "为") or _NEAR.search(before["filler"])
        )
        opening = self.whole and not before["word"] and before.start() == 0
        paused = bool(_PAUSED.match(self.text, end))
        if unit is None:
            signed = compared or (self.whole and before["word"])
            closed = paused if signed else opening and _CLOSED.match(self.text, end)
            if not closed or (number.han and not opening):
                return None
            unit = Unit("", "number")
        named = self.named(number, unit, amount.end, compared)
        if named or (not paused and self.describes(unit, self.text[start : amount.end], compared)):
            return None
        if number.han and not (compared or (opening and paused) or self.spoken(amount, unit, start)):
            return None
        return self.made(number, unit, before, after, start, end)

    def unit_of(self, amount: "_Amount", before: re.Match[str]) -> tuple[Unit | None, int]:
        """Return the unit of a number, if only by what stands around it, and where it ends."""
        if amount.unit:
            return self.unit(amount.unit), amount.end
        if amount.number.share:
            return Unit("%", "share"), amount.end
        if hint := self.grammar.unit_before.search(self.text, max(self.floor, before.start() - _REACH), before.start()):
            return self.unit(hint), amount.end
        if amount.number.low == 0 and (incident := self.grammar.incident.match(self.text, amount.end)):
            return Unit(self.grammar.incidents[incident[0]], "count"), incident.end()
        if self.whole and not amount.number.han and not 1900 <= amount.number.low < 2100:
            other = _COUNTER.match(self.text, amount.end)
            if other and not _NO_COUNTER.search(other["unit"]):
                return Unit(other["unit"], "count"), other.end()
        return None, amount.end

    def named(self, number: Number, unit: Unit, end: int, compared: bool) -> bool:
        """Whether number and unit are part of a name or title (24小时自助服务区, 一次性) or only say how often."""
        if unit.dimension == "duration" and re.match("[一1][次届]", self.text[end : end + 2]):
            return True
        if unit.name.split("/")[0] == "年" and 1900 <= number.low < 2100:
            return True
        return not compared and any(
            self.text.startswith(word, end) and dimension in ("", unit.dimension)
            for word, dimension in self.grammar.trap_after
        )

    def describes(self, unit: Unit, printed: str, compared: bool) -> bool:
        """Whether a unit ranks or describes what follows it (65岁以上老年人, 24小时大厅)."""
        inside = self.grammar.trap_inside
        return unit.name in inside or (printed in inside and not compared)

    def spoken(self, amount: "_Amount", unit: Unit, start: int) -> bool:
        """Whether a number in characters is said to be done, and so is no name; 一个 is mostly an article."""
        if amount.number.high == 1 and unit.name == "个":
            return False
        done = self.grammar.act.search(self.text, max(self.floor, start - _REACH), start)
        return bool(done or "分之" in self.text[start : amount.end])

    def per_one(self, end: int) -> re.Match[str] | None:
        return self.grammar.per_one.search(self.text, max(self.floor, end - _REACH), end)

    def made(
        self, number: Number, unit: Unit, before: re.Match[str], after: re.Match[str], start: int, end: int
    ) -> Quantity:
        word, follows = before["word"] or "", self.grammar.sign(after["word"] or "")
        comparator = self.grammar.sign(word)
        if follows and (not comparator or word in self.grammar.weak):
            comparator = follows
        low, high = (rounded(bound * float(unit.factor)) for bound in (number.low, number.high))
        negative = bool(before["minus"] and (word or before.start() == 0) and unit.dimension != "duration")
        if negative:
            low, high = -high, -low
        if unit.dimension == "money" and (per := self.per_one(before.start())):
            one = self.grammar.per(per)
            unit = Unit(f"{unit.name}/{one}", "rate") if one else unit
        kind = _KINDS[unit.dimension]
        return Quantity(
            kind,
            comparator,
            low,
            high,
            unit.name,
            {"measure": "count", "number": ""}.get(unit.dimension, unit.dimension),
            "" if kind == "number" else self.period(start),
            start=before.start("word") if word else start - negative,
            end=end,
            approximate=number.approximate
            or bool(_NEAR.search(before["filler"]) or after["near"] or after["near_too"]),
        )


class _Amount(NamedTuple):
    """A number or range, its unit as matched, and where both end."""

    number: Number
    unit: re.Match[str] | None
    end: int
