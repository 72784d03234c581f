"""Rates that are all round and safe."""

from perfscore.config import Config
from perfscore.peers import Marks, Peers
from perfscore.quantity import Quantity, find
from perfscore.records import Hit, Project, Row
from perfscore.rules.registry import rule

SAFE = frozenset({85.0, 90.0, 95.0, 98.0, 100.0})


def _is_amount(quantity: Quantity) -> bool:
    return quantity.kind == "date" or (quantity.low is not None and quantity.kind != "share")


def _has_amount(row: Row) -> bool:
    """Tell whether a row states a number, amount or date, if only in words beside its rate."""
    said = (found for text in (row.name, row.description or "") for found in find(text))
    return _is_amount(row.quantity) or any(found.kind != "share" for found in said)


def _may_be_safe(corpus: Peers, config: Config) -> Marks:
    """Projects with enough rates and without an amount as a value."""
    amounts = corpus.marks("quantity", _is_amount) & ~corpus.satisfaction
    measured = corpus.measured & ~corpus.satisfaction
    return (corpus.count(measured) >= config.uniform_min_rows) & ~corpus.any(amounts)


@rule(
    "PS107",
    defect="safe_value",
    severity="minor",
    criterion="绩效合理性",
    opinion="4",
    among=_may_be_safe,
)
def check(project: Project, config: Config) -> list[Hit] | None:
    """比率全是“保险”的整数值，又没有别的量

    依据：财预〔2021〕101号要求指标值在可行的前提下尽量从严从高，按历史、行业或计划标准逐项取值；满意度不在此列。
    反例：除满意度外八行指标都是“≥90%”“≥95%”“100%”，没有一个数量、金额或日期。
    正例：既有比率，也有数量、金额、日期；比率写出上年实际和今年目标。
    建议：补充能反映工作量和花费的数量、金额、日期，比率按历史水平重新测算。
    """
    rows = [row for row in project.rows if row.category != "满意度" and row.quantity.low is not None]
    if len(rows) < config.uniform_min_rows:
        return None
    if any(_has_amount(row) for row in project.rows if row.category != "满意度"):
        return []
    safe = sum(row.quantity.low in SAFE for row in rows)
    # One value everywhere is the finding of another rule.
    if len({row.quantity.low for row in rows}) > 1 and safe >= 0.8 * len(rows):
        return [Hit(f"{len(rows)}行比率中有{safe}行取90、95、98、100一类的整数值，没有数量、金额或日期", "value")]
    return []
