"""Rates that are all round and safe."""

import numpy as np

from perfscore.config import Config
from perfscore.peers import Marks, Peers, is_measured
from perfscore.quantity import Quantity, find, may_say_number
from perfscore.records import Hit
from perfscore.rules.registry import rule
from perfscore.similar import Int, numbered

SAFE = frozenset({85.0, 90.0, 95.0, 98.0, 100.0})


def _is_amount(quantity: Quantity) -> bool:
    return quantity.kind == "date" or (quantity.low is not None and quantity.kind != "share")


def _is_safe(quantity: Quantity) -> bool:
    return quantity.low in SAFE


def _low(quantity: Quantity) -> str:
    return repr(quantity.low)


def _says_amount(text: str) -> bool:
    return any(found.kind != "share" for found in find(text))


@rule(
    "PS107",
    defect="safe_value",
    severity="minor",
    criterion="绩效合理性",
    opinion="4",
    reads={
        "name": (may_say_number,),
        "description": (may_say_number,),
        "quantity": (is_measured, _is_amount, _is_safe, _low),
    },
)
def check(projects: Peers, config: Config) -> list[Hit] | None:
    """比率全是“保险”的整数值，又没有别的量

    依据：财预〔2021〕101号要求指标值在可行的前提下尽量从严从高，按历史、行业或计划标准逐项取值；满意度不在此列。
    反例：除满意度外八行指标都是“≥90%”“≥95%”“100%”，没有一个数量、金额或日期。
    正例：既有比率，也有数量、金额、日期；比率写出上年实际和今年目标。
    建议：补充能反映工作量和花费的数量、金额、日期，比率按历史水平重新测算。
    """
    rates = projects.measured & ~projects.satisfaction
    count = projects.count(rates)
    if not (count >= config.uniform_min_rows).any():
        return None
    safe = projects.count(rates & projects.marks("quantity", _is_safe))
    # One value everywhere is the finding of another rule.
    asked = (count >= config.uniform_min_rows) & (safe >= 0.8 * count) & (_values(projects, rates) > 1)
    asked &= ~projects.any(projects.marks("quantity", _is_amount) & ~projects.satisfaction)
    asked &= ~projects.any(_in_words(projects, asked[projects.owner] & ~projects.satisfaction))
    return [
        Hit(
            f"{count[at]}行比率中有{safe[at]}行取90、95、98、100一类的整数值，没有数量、金额或日期",
            "value",
            project_id=projects.ids[at],
        )
        for at in np.flatnonzero(asked).tolist()
    ]


def _values(projects: Peers, rates: Marks) -> Int:
    """How many different numbers each project has on some of its rows."""
    owner = projects.owner[rates]
    _, first = numbered(owner, projects.asked("quantity", _low)[rates])
    return np.bincount(owner[first], minlength=len(projects))


def _in_words(projects: Peers, asked: Marks) -> Marks:
    """Which of some rows state a number, amount or date in words beside their value."""
    said = np.zeros(len(asked), bool)
    for cell in ("name", "description"):
        at = np.flatnonzero(asked & projects.marks(cell, may_say_number))
        said[at] |= projects.rows.marks_at(projects.number[at], cell, _says_amount)
    return said
