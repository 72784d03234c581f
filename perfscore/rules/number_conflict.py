"""A number in the text against the value, or a cost against the budget."""

import re
from itertools import combinations

import numpy as np

from perfscore.config import Config
from perfscore.names import bare
from perfscore.peers import Marks, Peers
from perfscore.quantity import Quantity, find, may_say_number, may_say_share
from perfscore.records import Hit, Project, Row
from perfscore.rules.registry import rule

EACH = re.compile(r"人均|每|单价|平均|标准|单位")
WHOLE = ("全年", "年度", "本年", "每年", "一年")
# What stands before a part, a rate or the limit that a thing counted must keep.
PART = re.compile(
    "每.{0,3}$|每[个座所家户村镇乡校县区名人台套辆处站栋][^，,；;。]{0,8}$|各$|(?:偏差|误差|浮动).{0,2}$|抽[取查检样].{0,2}$"
    "|其中.{0,2}$|含.?$|占.?$|人均.?$|单价.{0,2}$|平均.{0,2}$"
)
BEFORE = 10  # characters
# A share that says which of the things counted are meant: 淤深低于八分之一的段数占比.
OF_WHICH = re.compile("(?:以[内上下]|左右)?[^，,；;。]{0,10}(?:占|比例|比重|÷|除以)")
FEW = 10  # times: a limit that the whole exceeds so much is one of a single thing
PEOPLE = re.compile("[名位]")


def _compares(quantity: Quantity) -> bool:
    return quantity.kind in ("count", "money", "share", "duration", "date") or _is_unit_price(quantity)


def _is_unit_price(quantity: Quantity) -> bool:
    return quantity.kind == "rate" and quantity.unit.startswith("元/")


def _is_share(quantity: Quantity) -> bool:
    return quantity.kind == "share"


def _is_cost(category: str) -> bool:
    return category == "成本"


def _may_conflict(corpus: Peers, _: Config) -> Marks:
    """Projects with a row whose texts contradict its value, or with a cost and a budget."""
    rows = corpus.rows
    numbers, shares = (
        rows.marks("name", may_say) | rows.marks("description", may_say) for may_say in (may_say_number, may_say_share)
    )
    # Most values are shares, and hardly any text holds one.
    kind = np.where(rows.marks("quantity", _is_share), shares, numbers)
    asked = np.flatnonzero(rows.marks("quantity", _compares) & kind)
    said = np.zeros(len(rows), bool)
    said[asked] = [bool(_said(row)) for row in rows.records(asked)]
    costs = corpus.any(corpus.marks("category", _is_cost)) & corpus.projects["budget"].notna().to_numpy(bool)
    return costs | corpus.any(said[corpus.number])


@rule(
    "PS206",
    defect="number_conflict",
    severity="major",
    criterion="资金匹配性",
    opinion="4",
    reads={
        "name": (may_say_number, may_say_share),
        "description": (may_say_number, may_say_share),
        "quantity": (_compares, _is_share),
    },
    among=_may_conflict,
)
def check(project: Project, config: Config) -> list[Hit] | None:
    """数字前后矛盾

    依据：财预〔2015〕88号审核表“资金匹配性”；指标值应与描述中的数量、项目预算一致。
    反例：描述“完成30台设备安装”，指标值“≥3台”；项目预算5万元，成本“≤12万元”。
    正例：描述“完成30台设备安装”，指标值“≥30台”；项目预算12万元，成本“≤12万元”。
    建议：核对描述、指标值和预算，改成同一个数。
    """
    hits = []
    for row, row_no in zip(project.rows, project.row_nos, strict=True):
        quantity = row.quantity
        said = _said(row)
        if said:
            message = f"文字里是“{said}”，指标值是“{row.value}”"
        elif project.budget and _over_budget(row, project.budget, config.budget_tolerance):
            message = f"成本超过项目预算{project.budget / 10_000:g}万元"
        else:
            continue
        hits.append(Hit(message, "value", quantity.start, quantity.end, row_no=row_no))
    return hits


def _said(row: Row) -> str:
    """Return the words of the row that contradict its value; nothing if a number of that kind agrees with it."""
    value = row.quantity
    if not _compares(value):
        return ""
    for text in (row.description or "", row.name):
        found = find(text)
        if not found or "其余" in text:
            continue
        others = [other for other in found if _comparable(other, row) and not _part(text, other, row)]
        if _is_priced(row) and len(found) > 1:  # what the price is made of
            continue
        if others and not _explained(others, value):
            first = others[0]
            return text[first.start : first.end]
    return ""


def _is_priced(row: Row) -> bool:
    """Tell whether a value is what one thing costs: 1500元/个, or an amount whose name says so."""
    return _is_unit_price(row.quantity) or (row.quantity.kind == "money" and bool(EACH.search(row.name)))


def _comparable(other: Quantity, row: Row) -> bool:
    value = row.quantity
    if _is_priced(row) and {other.kind, value.kind} != {"money"}:
        # A limit of the price; a number without one may be that of a part of it.
        alike = other.unit == value.unit or "money" in (other.kind, value.kind)
        priced = alike and (other.kind == "money" or _is_unit_price(other))
        return priced and other.low is not None and other.comparator != "" and other.period == value.period
    if other.kind != value.kind:
        return False
    if value.kind == "date":
        return bool(_month(other) and _month(value))
    return other.low is not None and (value.kind != "count" or _same_unit(other.unit, value.unit))


def _same_unit(one: str, other: str) -> bool:
    """台 and 台（套） are the same unit, and so are 人 and 名."""
    one, other = (PEOPLE.sub("人", unit) for unit in (one, other))
    return one == other or bool({*one.split("/")} & {*other.split("/")} - {""})


def _part(text: str, other: Quantity, row: Row) -> bool:
    """A number after 每, 其中 or × is a part, a rate or a factor, not the whole; a name of unit values asks for just that."""
    before, after = text[max(0, other.start - BEFORE) : other.start], text[other.end : other.end + 1]
    if before.rstrip().endswith(("×", "*", "x", "X")):
        return True
    if other.kind == "share" and OF_WHICH.match(text, other.end):
        return True
    if EACH.search(row.name) or _is_priced(row):
        return False
    low, limit = other.low or 0.0, row.quantity.low or 0.0
    if other.kind == "count" and other.comparator and low * FEW <= limit:
        return True
    return bool(PART.search(before) or other.period not in ("", *WHOLE) or after in ("/", "每"))


def _month(quantity: Quantity) -> str:
    parts = quantity.deadline.split("-")
    return parts[1] if len(parts) > 1 else parts[0] if len(parts[0]) <= 2 else ""


def _explained(others: list[Quantity], value: Quantity) -> bool:
    """Tell whether one number, their sum or the product of two agrees with the value."""
    if value.kind == "date":
        return any(_month(other) == _month(value) for other in others)
    if any(_agree(other, value) for other in others):
        return True
    lows = [other.low for other in others if other.low is not None]
    totals = [sum(lows), *(left * right for left, right in combinations(lows, 2))]
    return len(lows) > 1 and any(_close(total, value.low or 0.0) for total in totals)


def _close(left: float, right: float, slack: float = 0.05) -> bool:
    big, small = max(left, right), min(left, right)
    return big == small or (big > 0 and (big - small) / big <= slack)


def _agree(said: Quantity, value: Quantity) -> bool:
    """Numbers agree within 5 %, approximate ones within 20 %; a range agrees with what lies in it.

    A number of things or an amount that is said exactly must itself keep the limit set for it.
    """
    if said.low is None or value.low is None:
        return True
    above, below = said.low > (value.high or value.low), (said.high or said.low) < value.low
    if not above and not below:
        return True
    breaks = (above and value.comparator in ("≤", "<")) or (below and value.comparator in ("≥", ">"))
    if breaks and value.kind in ("count", "money") and not said.approximate:
        return False
    return _close(said.low, value.low, 0.2 if said.approximate else 0.05)


def _over_budget(row: Row, budget: float, tolerance: float) -> bool:
    """Tell whether a cost is above the budget of the whole project; unit costs are not compared."""
    if not _is_cost(row.category) or row.quantity.kind != "money" or row.quantity.low is None:
        return False
    name = bare(row.name)
    if EACH.search(name):
        return False
    return row.quantity.low > budget * (1 + tolerance)
