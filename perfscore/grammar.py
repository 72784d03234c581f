"""The patterns of the value grammar, made from the word lists once a process.

All of them work on folded text without white space. The lists: ``units.tsv``, ``comparators.tsv``,
``placeholders.tsv``, ``quantity_traps.tsv``, ``incidents.tsv``.
"""

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from perfscore.lexicon import derived, table
from perfscore.numerals import DIGITS, NUMBER
from perfscore.text import normalise

__all__ = ["Grammar", "Unit", "grammar", "period_of"]

# What may stand between a comparator and its number.
_FILLER = (
    r"(?:完成|实现|达到|有|在|到|至|全年|每年|每月|每季度?|人民币|¥|共计?|合计|总计"
    r"|约|大约|大概|近|将近|接近|(?<![0-9])\+|±|[:(“\"])*"
)
NOTHING = "(?!)"  # a list may be emptied by one's own: an empty pattern would match everywhere
_SIGN = r"[≥≤><=]+|(?:》|《)[=≥≤><]+|^[》《]"
_PERIOD_WORD = r"(?:半年|学年|个?(?:年度?|季度?|月度?)|周|个?星期|天|日|小时|个?学期|个?工作日)"

_FREQUENCY = str.maketrans("按一二两三四五六", "每1223456", "隔个")
_PERIODS = (
    ("年度", "年"),
    ("季度", "季"),
    ("季", "季度"),
    ("月度", "月"),
    ("星期", "周"),
    ("日", "天"),
    ("工作天", "工作日"),
)


class Unit(NamedTuple):
    """A unit with its dimension (those of ``units.tsv``, and rate) and the factor to the base of that dimension."""

    name: str
    dimension: str
    factor: Fraction = Fraction(1)


def either(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first; one for nothing if there are none."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) or NOTHING


def _form(form: str, not_before: str) -> str:
    """Return a pattern for a word that is not the beginning of a longer one."""
    return (
        re.escape(form)
        + (f"(?![{re.escape(not_before)}])" if not_before else "")
        + ("(?![A-Za-z0-9])" if form[-1].isascii() and form[-1].isalnum() else "")
    )


class Grammar:
    """Patterns and look-ups; ``grammar()`` gives the one in use."""

    def __init__(self) -> None:
        self._read_units()
        self._read_comparators()
        self._read_lists()
        day = r"[0-9一二两三四五六]"
        self.period = re.compile(
            rf"每隔?(?:{day})?{_PERIOD_WORD}|{day}{_PERIOD_WORD}(?=[一1][次换检评修届更])|全年|年均|月均|日均|按(?:月|季度?|年|日|周)"
        )
        self.per_one = re.compile(rf"(?:每(?P<unit>{self._one})|(?P<head>[人户])均)(?:补助|补贴|奖励|发放)?$")

    def _read_units(self) -> None:
        rows = sorted(table("units.tsv"), key=lambda row: (-len(row["form"]), row["form"]))
        self.units = {normalise(r["form"]): Unit(r["unit"], r["dimension"], Fraction(r["factor"])) for r in rows}
        one = self._one = f"(?:{'|'.join(_form(normalise(row['form']), row['not_before']) for row in rows) or NOTHING})"
        full = rf"{one}(?:\({one}(?:[、/]{one})*\)|(?:[/·]每?个?|每){one})*"
        scale = r"(?P<{}>[十百千]?[万亿])?"
        self.piece = re.compile(one)
        shares = [form for form, unit in self.units.items() if unit.dimension == "share"]
        words = [
            form for form in shares if len(form) == 1 and form.isalpha()
        ]  # 倍 成: only behind a number or a bracket
        behind = rf"[{DIGITS}(\[](?:{either(words)})"
        self.share = re.compile(f"{either({*shares} - {*words})}|百分|分之|一半|半数|{behind}")
        hint = rf"[(\[]{scale.format('hint_scale')}(?P<hint>{full})[)\]]"
        self.unit = re.compile(rf"(?:(?P<half_inside>个半)(?=月|小时))?(?P<unit>{full})(?P=unit)?(?P<half>半)?|{hint}")
        self.unit_before = re.compile(rf"{hint}$")
        self.unit_in_name = re.compile(rf"\((?:单位:?)?[十百千]?[万亿]?(?P<unit>{full})\)$|(?P<bare>%)$")

    def _read_comparators(self) -> None:
        rows = table("comparators.tsv")
        self.comparators = {normalise(row["form"]): row["comparator"] for row in rows}
        self.weak = frozenset(normalise(row["form"]) for row in rows if row["weak"])
        before = either(normalise(row["form"]) for row in rows if row["place"] == "before")
        after = "|".join(
            _form(normalise(row["form"]), row["not_before"])
            for row in sorted(rows, key=lambda row: (-len(row["form"]), row["form"]))
            if row["place"] == "after"
        )
        self.before = re.compile(rf"(?P<word>{_SIGN}|{before})?(?P<filler>{_FILLER})(?P<minus>-)?$")
        near = "左右|上下|余|多(?=$|[,;。、)])"
        self.after = re.compile(rf"(?P<near>{near})?[)”\"]?(?P<word>{after})?(?P<near_too>左右)?\+?")

    def _read_lists(self) -> None:
        traps = table("quantity_traps.tsv")
        self.trap_before = tuple(row["word"] for row in traps if row["place"] == "before")
        self.trap_after = tuple((row["word"], row["dimension"]) for row in traps if row["place"] == "after")
        done = either(row["word"] for row in traps if row["place"] == "done")
        self.act = re.compile(rf"(?:{done}|每.{{0,2}}[年月季度周天日]|年)$")
        self.trap_inside = frozenset(row["word"] for row in traps if row["place"] == "inside")
        self.fixed = {normalise(row["word"]): row["kind"] for row in table("placeholders.tsv")}
        self.incidents = {row["word"]: row["unit"] for row in table("incidents.tsv")}
        self.incident = re.compile(either(self.incidents))
        self.no_incident = re.compile(
            rf"(?:[无零]|不发生|未发生|不出现|未出现|杜绝)[^0-9,;。、]{{0,6}}?(?P<incident>{self.incident.pattern})"
            r"(?=$|[,;。、]|发生|情况|现象|出现)"
        )
        self.blank = self._blank()
        self.number = re.compile(NUMBER)
        # 数 alone is no number, as in 数量, and what stands in nearly every name should be passed over fast.
        self.start = re.compile(
            rf"(?=[{DIGITS}年上下当本第]|数[{DIGITS}])"
            rf"(?:(?:19|20)[0-9]{{2}}|{NUMBER}|年[底末终内中]|[上下]半年|[当本]年|第[1-4一二三四]季度)"
        )

    def _blank(self) -> re.Pattern[str]:
        """Return the pattern of a value with its number left out: ≥**%, XX个, ≥, 元."""
        sign = rf"(?:[≥≤><=]|{either(self.comparators)})"
        mark = r"(?:[*×xX_\-—–/\\.…·~#?、。○〇□△●■,;:()]|一(?=$|%))"
        unit = rf"(?:[十百千]?[万亿])?{self._one}"
        return re.compile(rf"{sign}*{mark}(?:{mark}|{unit})*|{sign}+(?:{unit})?|{self._one}")

    def sign(self, word: str) -> str:
        """Return the comparator a printed word or row of signs stands for.

        Examples
        --------
        >>> grammar().sign("不少于"), grammar().sign("》="), grammar().sign("=<")
        ('≥', '≥', '≤')
        """
        if word in self.comparators:
            return self.comparators[word]
        signs = set(word.replace("》", ">").replace("《", "<"))
        for strict, loose in ((">", "≥"), ("<", "≤")):
            if loose in signs or signs == {strict, "="}:
                return loose
        return min(signs) if len(signs) == 1 else ""

    def per(self, match: re.Match[str]) -> str:
        """Return the unit that 每人, 人均 and the like divide by; none for a period (每年)."""
        head = match["head"] or match["unit"]
        unit = self.units.get(head, Unit(head, "count"))
        return "" if unit.dimension == "duration" else unit.name

    def compound(self, printed: str) -> Unit:
        """Return the canonical unit of a printed one, which may be of several parts (元/人·年, 台(套), 宗/批).

        Examples
        --------
        >>> grammar().compound("百分比"), grammar().compound("元每人").name, grammar().compound("台(套)").dimension
        (Unit(name='%', dimension='share', factor=Fraction(1, 1)), '元/人', 'count')
        """
        if printed in self.units:
            return self.units[printed]
        parts = [self.units[match] for match in self.piece.findall(printed)]
        head = parts[0]
        names = list(dict.fromkeys([head.name, *(part.name.removeprefix("个") or part.name for part in parts[1:])]))
        per = {part.dimension for part in parts[1:]}
        if len(names) == 1 or ("(" in printed and per != {"count"}):
            return head
        if head.dimension == "count" and per == {"count"}:
            return Unit("/".join(names), "count")
        return Unit("/".join(names), "rate", head.factor if head.dimension == "money" else Fraction(1))


grammar = derived(Grammar)


def period_of(printed: str) -> str:
    """Return a period in its canonical spelling (每个月, 按月: 每月; 三年, 每隔三年: 每3年)."""
    period = printed.translate(_FREQUENCY)
    for word, short in _PERIODS:
        period = period.replace(word, short)
    if period[0].isdigit():
        period = "每" + period
    return period.replace("每1", "每")
