"""A number in the text against the value, or a cost against the budget."""

from perfscore.config import Config
from perfscore.quantity import Quantity, find
from perfscore.records import Hit, Project, Row
from perfscore.rules.registry import rule
from perfscore.wording import bare

GENERIC_COUNTERS = frozenset({"个", "项", "次", "件"})
WHOLE_COST = ("预算控制数", "经费控制数", "总成本", "项目成本", "成本控制数", "预算数", "总投资", "投资总额", "经费总额", "资金总额", "项目总成本", "预算总额")


@rule("PS206", defect="number_conflict", severity="major", criterion="资金匹配性", opinion="4")
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
        if quantity.low is None:
            continue
        said = _said(row)
        if said is not None:
            text, other = said
            hits.append(Hit(f"文字里是“{text}”，指标值是“{row.value}”", "value", quantity.start, quantity.end, row_no=row_no))
        elif _over_budget(row, project.budget, config.budget_tolerance):
            hits.append(Hit(f"成本超过项目预算{project.budget / 10_000:g}万元", "value", quantity.start, quantity.end, row_no=row_no))
    return hits


def _said(row: Row) -> tuple[str, Quantity] | None:
    """Return the words of the row whose quantity is of the value's kind and contradicts it, if all of that kind do."""
    value = row.quantity
    if value.kind not in ("count", "money", "share", "duration"):
        return None
    for text in (row.description or "", row.name):
        others = [other for other in find(text) if other.low is not None and other.kind == value.kind and _same_unit(other, value)]
        if others and not any(_agree(other, value) for other in others):
            first = others[0]
            return text[first.start : first.end], first
    return None


def _same_unit(left: Quantity, right: Quantity) -> bool:
    if left.unit == right.unit or left.kind in ("money", "share", "duration"):
        return True
    return bool({left.unit, right.unit} & GENERIC_COUNTERS)


def _agree(left: Quantity, right: Quantity) -> bool:
    """Numbers agree within 5 %; a floor agrees with a larger number only if the text says so as well."""
    assert left.low is not None
    assert right.low is not None
    big, small = max(left.low, right.low), min(left.low, right.low)
    slack = 0.2 if left.approximate else 0.05
    if left.high is not None and right.high is not None and left.low <= right.high and right.low <= left.high:
        return True
    return big == small or (big > 0 and (big - small) / big <= slack)


def _over_budget(row: Row, budget: float | None, tolerance: float) -> bool:
    """A cost of the whole project above its budget; unit costs and costs without a budget are not compared."""
    if not budget or row.category != "成本" or row.quantity.kind != "money" or row.quantity.low is None:
        return False
    name = bare(row.name)
    if not name.endswith(WHOLE_COST) and "单" in name:
        return False
    return row.quantity.low > budget * (1 + tolerance)
