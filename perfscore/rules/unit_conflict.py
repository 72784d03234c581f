"""A value of a kind that cannot measure what the category and the name ask for."""

import re

from perfscore.names import clauses, is_label, is_other_cost, measure
from perfscore.quantity import Quantity
from perfscore.records import AS_IS, Hit, Row
from perfscore.rules.registry import rule
from perfscore.text import searches

KINDS = {
    "share": "百分比",
    "count": "数量",
    "times": "数量",
    "money": "金额",
    "duration": "时长",
    "date": "日期",
    "rate": "单位数值",
    "score": "分数",
}
# What a measure of a dimension may be expressed in; a bare number has lost its unit and may be anything.
FITS = {
    "share": {"share", "score", "rate"},
    "count": {"count", "times", "rate", "score"},
    "money": {"money", "rate"},
    "time": {"duration", "date", "times"},
    "amount": {"count", "times", "money", "rate", "duration"},
}
ASKED = {"share": "百分比", "count": "数量", "money": "金额", "time": "时间", "amount": "数量或金额"}
PER_TIME = re.compile("(?:年|季度?|个?月|周|天|日|小时|分钟|秒)/")
PER_MANY = re.compile("[/每](?:[十百千万亿\\d]+|[人户件台辆名车])")
# What a category asks for when the name itself does not say.
CATEGORY_ASKS = {"数量": "count", "成本": "money", "满意度": "share"}


def _is_saving(name: str) -> bool:
    return any(part.endswith(("率", "比例", "幅度")) for part in clauses(name))


@searches(PER_MANY)
def _is_per(text: str) -> str:
    """Whether a text counts per ten thousand people, per hundred hours, per vehicle."""
    return text


def _kind_and_span(quantity: Quantity) -> tuple[str, int, int]:
    return _kind(quantity), quantity.start, quantity.end


def _kind(quantity: Quantity) -> str:
    """Two years a time and eight hours a day are times; six pieces are none, but two times may be."""
    if quantity.kind == "rate" and PER_TIME.match(quantity.unit):
        return "duration"
    return "times" if quantity.kind == "count" and quantity.unit in ("", "次") else quantity.kind


@rule(
    "PS201",
    defect="unit_conflict",
    severity="critical",
    criterion="指标科学性",
    opinion="4",
    reads={
        "level2": (is_other_cost,),
        "name": (measure, is_label, _is_saving),
        "description": (_is_per,),
        "value": (_is_per,),
        "quantity": (_kind_and_span,),
        "category": AS_IS,
    },
)
def check(row: Row) -> list[Hit] | None:
    """指标值与指标不配

    依据：财预〔2021〕101号：数量指标写产品或服务的数量，成本指标写单位成本或控制总额，时效指标写时间或及时率。
    反例：数量指标“服务人数 ≥95%”；成本指标“项目预算控制数 ≥95%”；时效指标“开馆时间 ≥95%”。
    正例：服务人数 ≥1200人；项目预算控制数 ≤30万元；开馆时间 2024年6月底前；成本节约率 ≥5%。
    建议：按指标要衡量的东西填值：人数、次数写个数，成本写“≤××万元”，时间写日期或天数，比率才写百分比。
    """
    kind = _kind(row.quantity)
    if kind not in KINDS:
        return None
    found = measure(row.name)
    asked = found.dimension if found and found.dimension else _asked_by_category(row)
    if not asked or kind in FITS[asked]:
        return []
    if kind == "share" and asked == "money" and _is_saving(row.name):
        return []
    # Death rates and the like are often told per ten thousand.
    faults = bool(found and asked == "share" and found.polarity == "-")
    if faults and (_is_per(row.value) or _is_per(row.description or "")):
        return []
    subject = found.noun if found and found.dimension else row.category
    return [
        Hit(f"“{subject}”要的是{ASKED[asked]}，指标值却是{KINDS[kind]}", "value", row.quantity.start, row.quantity.end)
    ]


def _asked_by_category(row: Row) -> str:
    if is_other_cost(row.level2):
        return ""
    asked = CATEGORY_ASKS.get(row.category, "")
    if asked == "count":
        # A quality noun under 数量 stands in the wrong place; its percentage is not the fault.
        levels = measure(row.name)
        return "" if levels and not levels.dimension and not is_label(row.name) else asked
    return asked
