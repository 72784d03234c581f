"""An operator that points the wrong way for what is good."""

from perfscore.names import bare, is_label, is_wish, measure
from perfscore.quantity import Quantity
from perfscore.records import AS_IS, Hit, Row
from perfscore.rules.registry import rule
from perfscore.wording import speaks_of

AT_LEAST, AT_MOST = ("≥", ">"), ("≤", "<")


def _is_turned(name: str) -> bool:
    """Tell whether a name speaks of less of what is bad, or of what is good (节约, 压减); who is asked says nothing of it."""
    found = measure(name)
    return speaks_of(bare(name), "turned") and not (found and found.allowed == {"满意度"})


def _is_cost(name: str) -> bool:
    return bare(name) in {"成本", "成本指标"}


def _sign_and_span(quantity: Quantity) -> tuple[str, str, int, int]:
    return quantity.comparator, quantity.kind, quantity.start, quantity.end


@rule(
    "PS202",
    defect="direction_conflict",
    severity="major",
    criterion="绩效合理性",
    opinion="4",
    reads={
        "name": (measure, is_label, is_wish, _is_turned, _is_cost),
        "quantity": (_sign_and_span,),
        "category": AS_IS,
    },
)
def check(row: Row) -> list[Hit] | None:
    """比较符号方向相反

    依据：正向指标用“≥”，反向指标（成本、故障、投诉、等待时间）用“≤”；方向填反，超支反而得满分。
    反例：成本指标“印刷费用 ≥20万元”；质量指标“系统故障率 ≥10%”；“制度完善情况 ≤10%”。
    正例：印刷费用 ≤20万元；系统故障率 ≤1%；成本节约率 ≥5%；补助标准 ≥500元/人。
    建议：越少越好的改用“≤”，越多越好的改用“≥”。
    """
    comparator = row.quantity.comparator
    if comparator not in AT_LEAST + AT_MOST or is_label(row.name):
        return None
    found = measure(row.name)
    span = (row.quantity.start, row.quantity.end)
    lower_is_better = bool(found and found.polarity == "-") or (row.category == "成本" and row.quantity.kind == "money")
    if lower_is_better:
        wish = is_wish(row.name) and row.quantity.kind != "money"
        if comparator in AT_MOST or wish or _is_cost(row.name) or _is_turned(row.name):
            return []
        return [Hit("这个指标越低越好，却用了“≥”", "value", *span)]
    higher_is_better = bool(found and found.polarity == "+") and row.category != "成本"
    # How quick and how fresh (速度, 现势性) is told in time, of which less is better.
    timed = row.quantity.kind == "duration" and bool(found and found.dimension)
    counted = row.quantity.kind in ("share", "count") or timed
    if higher_is_better and comparator in AT_MOST and counted and not _is_turned(row.name):
        return [Hit("这个指标越高越好，却用了“≤”", "value", *span)]
    return []
