"""Parse a target value: comparator, number, unit, deadline, period; and find the quantities inside running text.

A value cell is read with good will (``parse``), running text with suspicion (``find``): a year, a document number, a list
mark or the number in a name (一窗通办, 三年行动, 2+2+3) is no quantity. Words and units come from the word lists, see
``grammar``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from perfscore.dates import Deadline, read_deadline, write_deadline
from perfscore.grammar import Grammar, Unit, grammar
from perfscore.numerals import Number, plain, read, rounded
from perfscore.text import normalise

__all__ = ["Kind", "Quantity", "find", "parse", "unit_in_name"]

Kind = Literal[
    "share", "count", "money", "duration", "date", "rate", "score", "number", "wish", "yesno", "placeholder", "empty"
]
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


@dataclass(frozen=True, slots=True)
class Quantity:
    """A parsed value.

    ``low`` and ``high`` are in the base unit of the dimension (percent points, 元, days, single units), equal unless a range
    is printed. ``unit`` is canonical: % for 百分比 and ％, 元 also where 万元 is printed, else the printed one (个 天 小时 人次
    宗/批 元/人). ``deadline`` is as much of an ISO date as is printed: 2024-12-31, 2024-06, 2024, 12-31, 12 (a month), ---10
    (a day); a quarter, half-year or year-end stands as its last month. ``start`` and ``end`` span it in the given text.
    """

    kind: Kind
    comparator: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""
    dimension: str = ""
    period: str = ""
    deadline: str = ""
    start: int = 0
    end: int = 0
    approximate: bool = False

    def __str__(self) -> str:
        """Return the canonical spelling; parsed again it is the same quantity.

        Examples
        --------
        >>> str(parse("不超过80.66万元")), str(parse("3至5个")), str(parse("12月底前完成"))
        ('≤80.66万元', '3-5个', '12月底前')
        """
        if self.kind == "date":
            return self.period + _dated(self)
        if self.low is None or self.high is None:
            return self.period + {"wish": "定性", "yesno": "是", "placeholder": "/"}.get(self.kind, "")
        unit = grammar().units.get(self.unit)
        factor = float(unit.factor) if unit else 1.0
        ends = [_digits(end, factor) for end in dict.fromkeys((self.low, self.high))]
        if len(ends) == 1 and self.kind in ("money", "count", "number", "rate"):
            ends = [_shortened(text) for text in ends]
        return f"{self.period}{self.comparator}{'约' * self.approximate}{'-'.join(ends)}{self.unit}"


def _shortened(digits: str) -> str:
    """Write a large number with 万 where that is exact and no longer."""
    short = plain(rounded(float(digits) / 10**4))
    exact = rounded(float(short) * 10**4) == float(digits)
    return f"{short}万" if exact and abs(float(short)) >= 1 and len(short) <= len(digits) else digits


def _digits(value: float, factor: float) -> str:
    for digits in range(10, 18):
        text = plain(float(f"{value / factor:.{digits}g}"))
        if rounded(float(text) * factor) == value:
            return text
    return plain(value / factor)


def _dated(quantity: Quantity) -> str:
    words = write_deadline(quantity.deadline)
    if quantity.comparator in ("≤", "≥"):
        return words + {"≤": "前", "≥": "后"}[quantity.comparator]
    return quantity.comparator + words


class _Text(NamedTuple):
    """Folded text without white space; ``places[i]`` is where its character i stands in the given text."""

    squashed: str
    places: range | list[int]

    def located(self, quantity: Quantity) -> Quantity:
        start, end = self.places[quantity.start], self.places[quantity.end - 1] + 1
        return quantity if (start, end) == (quantity.start, quantity.end) else replace(quantity, start=start, end=end)


def _fold(text: str) -> _Text:
    folded = normalise(text)
    places = [i for i, char in enumerate(folded) if not char.isspace()]
    if len(places) == len(folded):
        return _Text(folded, range(len(folded)))
    return _Text("".join(folded[i] for i in places), places)



_REACH = 16  # characters before a number in which its comparator and its period are looked for
_RANGE = re.compile(r"(?:[-~—–]+|至|到)[≥≤><=]?")
_JOINED = re.compile(r"[0-9A-Za-z.·+×*:/\-—]*[0-9A-Za-z]")
_GLUED_BEFORE = re.compile(r"[A-Za-z][-—.]?$|[0-9][.·+×*/_xX:\-—]$")
_GLUED_AFTER = re.compile(r"[+×*:·xX~\-—][0-9]|[-—][A-Za-z]|[#号]")
_COUNTER = re.compile(r"(?P<unit>(?:[^\W\d_]|[℃°/]){1,4}?)(?=$|[,;。、()]|(?:及|\(含\)|或)?以[上下内]|左右)")
_NO_COUNTER = re.compile(r"[的了和与或及是为不有无将等以上下内前后号到至于在年月日第]")
_CLOSED = re.compile(r"[。.!;,]?$")
_PAUSED = re.compile(r"$|[,;。、)](?![0-9])")
# A number in characters (三个) is taken for a count after these; elsewhere it is mostly part of a name (三个一批).
_ACT = re.compile(
    r"(?:完成|举办|召开|组织|开展|新建|建设|建成|购置|购买|采购|培训|新增|印制|印刷|编制|出具|配备|维修|改造|维护|共计?|安装|聘用|聘请|"
    r"发放|检查|巡查|制作|拍摄|发布|培育|打造|创建|引进|服务|覆盖|每.{0,2}[年月季度周天日]|全年|年)$"
)


class _Reader:
    """Reads one squashed text from left to right, a value cell (``whole``) or running text."""

    def __init__(self, text: str, whole: bool) -> None:
        self.text, self.whole, self.floor, self.grammar = text, whole, 0, grammar()

    def quantities(self) -> Iterator[Quantity]:
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
        return _period(printed) if printed else ""

    def dated(self, start: int) -> Quantity | int:
        """Return the date at this place, where to go on if there is one that is no target, 0 if there is none."""
        deadline = read_deadline(self.text, start)
        if deadline is None:
            return 0
        before = self.before(start)
        if deadline.bare and before["word"]:
            return 0
        if self.trapped(start) or not (self.whole or deadline.firm):
            return deadline.end
        comparator = deadline.comparator or self.grammar.sign(before["word"] or "")
        return Quantity(
            "date",
            comparator,
            dimension="date",
            period=self.period(start),
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
        if number is None or self.trapped(start):
            joined = _JOINED.match(self.text, start)
            return max(match.end(), joined.end() if joined else 0)
        amount = self.measured(number, match)
        if _GLUED_AFTER.match(self.text, amount.end):
            joined = _JOINED.match(self.text, start)
            return max(amount.end, joined.end() if joined else 0)
        return self.judged(amount, start) or amount.end

    def measured(self, first: Number, match: re.Match[str]) -> "_Amount":
        """Read unit and upper end of a number."""
        unit = self.grammar.unit.match(self.text, match.end())
        if unit and unit["half"]:
            first = first._replace(low=first.low + 0.5, high=first.high + 0.5)
        amount = _Amount(first, unit, unit.end() if unit else match.end())
        to = _RANGE.match(self.text, amount.end)
        upper = self.grammar.number.match(self.text, to.end()) if to else None
        second = read(upper[0]) if upper else None
        if upper is None or second is None or read_deadline(self.text, upper.start()):
            return amount
        unit_too = self.grammar.unit.match(self.text, upper.end())
        if unit and not unit_too or not unit and not unit_too and not self.whole:
            return amount
        if unit and unit_too and self.unit(unit).dimension != self.unit(unit_too).dimension:
            return amount
        low, high = first.low, second.high
        scaled = rounded(low * _scale(upper[0]))
        if not unit and _scale(match[0]) == 1 and scaled <= high:
            low = scaled
        elif unit and unit_too:
            high = rounded(high * float(self.unit(unit_too).factor / self.unit(unit).factor))
        low, high = min(low, high), max(low, high)
        number = Number(low, high, first.approximate or second.approximate, first.share or second.share, first.han)
        return _Amount(number, unit or unit_too, unit_too.end() if unit_too else upper.end())

    def unit(self, match: re.Match[str]) -> Unit:
        printed = match.groupdict()
        unit = self.grammar.compound(printed.get("unit") or printed["hint"])
        return unit._replace(factor=unit.factor * _scale(printed["hint_scale"] or ""))

    def judged(self, amount: "_Amount", start: int) -> Quantity | None:
        """Put number, unit, comparator and period together; ``None`` if the words around say it is no quantity."""
        number, text = amount.number, self.text
        before, unit, end = self.before(start), None, amount.end
        opening = not before["word"] and before.start() == 0
        if amount.unit:
            unit = self.unit(amount.unit)
        elif number.share:
            unit = Unit("%", "share")
        elif hint := self.grammar.unit_before.search(text, self.floor, before.start()):
            unit, opening = self.unit(hint), True
        elif number.low == 0 and (incident := self.grammar.incident.match(text, end)):
            unit, end = Unit(self.grammar.incidents[incident[0]], "count"), incident.end()
        elif self.whole and not number.han and not 1900 <= number.low < 2100 and (other := _COUNTER.match(text, end)):
            if not _NO_COUNTER.search(other["unit"]):
                unit, end = Unit(other["unit"], "count"), other.end()
        after = self.grammar.after.match(text, end)
        assert after is not None  # every part of the pattern may be absent
        word, follows = before["word"] or "", after["word"] or after["near"] or ""
        if follows:
            end = after.end()
        compared = bool(word or follows)
        if unit is None:
            closed = (_PAUSED if compared else _CLOSED).match(text, end)
            if not closed or not (compared or (self.whole and opening)):
                return None
            if number.han and not (self.whole and opening):
                return None
            unit = Unit("", "number")
        elif self.named(unit, amount.end, compared):
            return None
        elif number.han and not (compared or opening or self.spoken(amount, start)):
            return None
        return self.made(number, unit, before, after, start, end)

    def named(self, unit: Unit, end: int, compared: bool) -> bool:
        """Whether number and unit are part of a name or title (24小时自助服务区, 一次性) or only say how often."""
        if unit.dimension == "duration" and re.match("[一1][次届]", self.text[end : end + 2]):
            return True
        return not compared and any(
            self.text.startswith(word, end) and dimension in ("", unit.dimension)
            for word, dimension in self.grammar.trap_after
        )

    def spoken(self, amount: "_Amount", start: int) -> bool:
        """Whether a number in characters is said to be done, and so is no name."""
        return bool("分之" in self.text[start : amount.end] or _ACT.search(self.text, self.floor, start))

    def made(
        self, number: Number, unit: Unit, before: re.Match[str], after: re.Match[str], start: int, end: int
    ) -> Quantity:
        word, follows = before["word"] or "", self.grammar.sign(after["word"] or "")
        comparator = self.grammar.sign(word)
        if follows and (not comparator or word in self.grammar.weak):
            comparator = follows
        low, high = (rounded(bound * float(unit.factor)) for bound in (number.low, number.high))
        if before["minus"] and (word or before.start() == 0):
            low, high = -high, -low
        if unit.dimension == "money" and (per := self.grammar.per_one.search(self.text, self.floor, before.start())):
            one = self.grammar.per(per)
            unit = Unit(f"{unit.name}/{one}", "rate") if one else unit
        kind = _KINDS[unit.dimension]
        near = re.search("约|近|左右|上下|余|多", before["filler"] + (after["near"] or "") + (after["near_too"] or ""))
        return Quantity(
            kind,
            comparator,
            low,
            high,
            unit.name,
            {"measure": "count", "number": ""}.get(unit.dimension, unit.dimension),
            "" if kind == "number" else self.period(start),
            start=before.start("word") if word else start,
            end=end,
            approximate=number.approximate or bool(near),
        )


class _Amount(NamedTuple):
    """A number or range, its unit as matched, and where both end."""

    number: Number
    unit: re.Match[str] | None
    end: int


def _scale(printed: str) -> int:
    """Return what the scale a number ends with multiplies it by: 10 000 for 万."""
    scale = 1
    for char in reversed(printed):
        if char not in _SCALES:
            break
        scale *= _SCALES[char]
    return scale


_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_FREQUENCY = str.maketrans({"按": "每", "隔": None, "个": None, "两": "2"} | dict(zip("一二三四五六", "123456", strict=True)))


def _period(printed: str) -> str:
    """Return a period in its canonical spelling (每个月, 按月: 每月; 三年, 每隔三年: 每3年)."""
    period = printed.translate(_FREQUENCY)
    for word, plain_word in (("年度", "年"), ("季度", "季"), ("季", "季度"), ("月度", "月"), ("星期", "周"), ("日", "天")):
        period = period.replace(word, plain_word) if not period.endswith("均") else period
    if period[0].isdigit():
        period = "每" + period
    return period.replace("每1", "每")


@lru_cache(maxsize=1 << 16)
def _parsed(rules: Grammar, value: str) -> Quantity:
    text = _fold(value)
    cell = text.squashed
    if not cell:
        return Quantity("empty")
    words = cell.strip("。.;,()\"“”【】[]")
    if words in rules.fixed:
        return Quantity(rules.fixed[words], end=len(value))
    if len(cell) <= 20 and rules.blank.fullmatch(cell):
        return Quantity("placeholder", end=len(value))
    found = _best(cell, [*_Reader(cell, whole=True).quantities()])
    if found:
        return text.located(found)
    none = rules.no_incident.search(cell)
    if none:
        unit = rules.incidents[none["incident"]]
        return text.located(Quantity("count", "", 0.0, 0.0, unit, "count", start=none.start(), end=none.end()))
    period = rules.period.search(cell)
    return Quantity("wish", period=_period(period[0]) if period else "", end=len(value))


def _best(cell: str, found: list[Quantity]) -> Quantity | None:
    """Choose what the cell promises: the first quantity, but not a year or a starting level where there is another."""
    for quantity in found:
        year_only = quantity.kind == "date" and len(quantity.deadline) == 4 and not quantity.comparator
        if not year_only and not (cell[: quantity.start].endswith(("由", "从")) and quantity is not found[-1]):
            return quantity
    return found[0] if found else None


def parse(value: str) -> Quantity:
    """Parse a whole value cell; any string gives a quantity, if only one of kind wish.

    Parameters
    ----------
    value : the cell as printed, operator and unit included

    Returns
    -------
    The quantity. A number among other words counts (提升率达到5%以上); of several the first, but a year or a starting level
    (由5%提高到10%) only if there is no other. 零事故 and 无事故 are a count of 0 起. 无 alone is a placeholder. 是, 否, 有 are
    yesno. A month stands for a date (12月, 12月底前), after a comparator for months (≥12月).

    Examples
    --------
    >>> parse("控制在30天以内")
    Quantity(kind='duration', comparator='≤', low=30.0, high=30.0, unit='天', dimension='duration', period='', deadline='',
        start=0, end=8, approximate=False)
    >>> parse("2024年12月底前").deadline, parse("逐步提升").kind, parse("约3至5万元").high
    ('2024-12', 'wish', 50000.0)
    """
    return _parsed(grammar(), value)


@lru_cache(maxsize=1 << 16)
def _found(rules: Grammar, text: str) -> tuple[Quantity, ...]:
    if not rules.start.search(text):
        return ()
    folded = _fold(text)
    return tuple(folded.located(quantity) for quantity in _Reader(folded.squashed, whole=False).quantities())


def find(text: str) -> tuple[Quantity, ...]:
    """Find the quantities in running text, in order, with their spans in it.

    Strict: a bare number, a year, a document number, a list mark, a number in a name (一窗通办, 24小时自助服务区, 2+2+3) are
    none; a date is one only as a deadline (年底前); a number in characters only where it is compared or done (完成三个).

    Examples
    --------
    >>> text = "根据〔2018〕46号文件，2024年完成3个项目，合格率不低于95%"
    >>> [(str(q), text[q.start : q.end]) for q in find(text)]
    [('3个', '3个'), ('≥95%', '不低于95%')]
    """
    return _found(grammar(), text)


@lru_cache(maxsize=1 << 16)
def _named_unit(rules: Grammar, name: str) -> tuple[str, str] | None:
    match = rules.unit_in_name.search(_fold(name).squashed)
    if not match:
        return None
    unit = rules.compound(match["unit"] or match["bare"])
    return unit.name, "count" if unit.dimension == "measure" else unit.dimension


def unit_in_name(name: str) -> tuple[str, str] | None:
    """Return unit and dimension of the hint printed at the end of an indicator name, ``None`` without one.

    Examples
    --------
    >>> unit_in_name("帮扶责任人数（人）"), unit_in_name("合格率(%)"), unit_in_name("补助标准（万元/户）")
    (('人', 'count'), ('%', 'share'), ('元/户', 'rate'))
    >>> unit_in_name("群众满意度") is None
    True
    """
    return _named_unit(grammar(), name)
