"""A number without a unit."""

import re

from perfscore.names import measure
from perfscore.quantity import unit_in_name
from perfscore.records import AS_IS, Hit, Row
from perfscore.rules.registry import rule
from perfscore.text import squash

# "2024.12" is a month, not a number.
YEAR_MONTH = re.compile(r"[≥≤<>=]?(19|20)\d{2}([.\-/]\d{1,2}){0,2}")


@rule(
    "PS303",
    defect="missing_unit",
    severity="minor",
    criterion="规范完整性",
    opinion="2",
    reads={"name": (unit_in_name, measure), "value": AS_IS},
)
def check(row: Row) -> list[Hit] | None:
    """数字没有计量单位

    依据：国家预算管理一体化规范中指标值由符号、数值、计量单位三部分组成。
    反例：指标值“≥95”，名称“服务对象满意度”；指标值“12”，名称“建设任务”。
    正例：指标值“≥95%”“12公里”；名称“建设数量（个）”，指标值“12”。
    建议：补上计量单位；名称里已写明单位的不受影响。
    """
    if row.quantity.kind != "number" or YEAR_MONTH.fullmatch(squash(row.value)):
        return None
    if row.quantity.low == 0 == row.quantity.high:  # none of anything
        return []
    found = measure(row.name)
    if unit_in_name(row.name) or (found and found.dimension == "count"):
        return []
    return [Hit("只有数字，没有计量单位", "value", row.quantity.start, row.quantity.end)]
