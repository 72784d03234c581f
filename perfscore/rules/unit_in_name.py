"""The unit printed in the name against the unit of the value."""

from perfscore.names import measure
from perfscore.quantity import find, unit_in_name
from perfscore.records import AS_IS, Hit, Row
from perfscore.rules.registry import rule

# The dimension a bracketed unit stands for -> kinds of value that agree with it; a bare number takes the unit of the name.
AGREES = {
    "share": {"share", "number"},
    "count": {"count", "number", "rate"},
    "money": {"money", "number", "rate"},
    "duration": {"duration", "number", "date"},
    "score": {"score", "number", "share"},
    "rate": {"rate", "number", "money", "count"},
}
NAMES = {
    "share": "百分比",
    "count": "个数",
    "money": "金额",
    "duration": "时长",
    "score": "分数",
    "rate": "单位数值",
    "date": "日期",
}


@rule(
    "PS208",
    defect="unit_in_name",
    severity="major",
    criterion="规范完整性",
    opinion="4",
    reads={"name": (unit_in_name, measure), "value": AS_IS},
)
def check(row: Row) -> list[Hit] | None:
    """名称里的单位与指标值的单位不符

    依据：国家预算管理一体化规范中指标值由符号、数值、计量单位组成，计量单位应与指标名称一致。
    反例：名称“新增护理床位数（张）”，指标值“≥95%”；名称“出勤率（%）”，指标值“≥20人”。
    正例：名称“新增护理床位数（张）”，指标值“≥30张”或“≥30”。
    建议：按名称括号里的单位填值，或把括号里的单位改对。
    """
    hint = unit_in_name(row.name)
    if hint is None or row.quantity.kind not in NAMES:
        return None
    unit, dimension = hint
    if dimension not in AGREES or AGREES[dimension] & {row.quantity.kind, *(found.kind for found in find(row.value))}:
        return []
    noun = measure(row.name)
    if dimension == "duration" and (noun is None or noun.dimension != "time"):
        return []  # "培训人数（年）": the period the number is counted over
    return [
        Hit(
            f"名称里的单位是“{unit}”，指标值却是{NAMES[row.quantity.kind]}",
            "value",
            row.quantity.start,
            row.quantity.end,
        )
    ]
