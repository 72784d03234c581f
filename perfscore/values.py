"""A parsed target value and its canonical spelling."""

from dataclasses import dataclass
from typing import Literal

from perfscore.dates import write_deadline
from perfscore.grammar import grammar
from perfscore.numerals import plain, rounded

__all__ = ["Kind", "Quantity"]

Kind = Literal[
    "share", "count", "money", "duration", "date", "rate", "score", "number", "wish", "yesno", "placeholder", "empty"
]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A parsed value.

    Attributes
    ----------
    kind : what it is; number is a number without a unit, wish a text without a quantity
    comparator : ≥ ≤ > < = or empty; of a date, ≤ is 前 and ≥ is 后
    low, high : in the base unit of the dimension (percent points, 元, days, single units), equal but in a range
    unit : canonical: % for 百分比 and ％, 元 where 万元 is printed, else as printed (个 天 小时 人次 宗/批 元/人)
    dimension : share, count, money, duration, date, rate, score or empty
    period : 每月, 每季度, 每3年, 全年 …, where one is printed
    deadline : as much of an ISO date as is printed: 2024-12-31, 2024-06, 2024, 12-31, 12 (a month), ---10 (a day); a
        quarter, half-year or year-end stands as its last month
    start, end : span in the given text; of a value without a quantity the whole text
    approximate : 约, 左右, 余, 十几
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
        >>> str(Quantity("money", "≤", 806600.0, 806600.0, "元", "money"))
        '≤80.66万元'
        >>> str(Quantity("count", "", 3.0, 5.0, "个", "count")), str(Quantity("date", "≤", deadline="2024-12"))
        ('3-5个', '2024年12月底前')
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
    if quantity.comparator == "≤":
        return words + ("底前" if words.endswith("月") else "前")  # 9月前 would leave September out
    if quantity.comparator == "≥":
        return words + "后"
    return quantity.comparator + words
