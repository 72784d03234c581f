"""A category label where the indicator should stand."""

from perfscore.names import is_label
from perfscore.records import Hit, Row
from perfscore.rules.registry import rule


@rule(
    "PS106",
    defect="label_as_name",
    severity="critical",
    criterion="规范完整性",
    opinion="2",
    reads={"name": (bool, is_label)},
)
def check(row: Row) -> list[Hit] | None:
    """以类别名充当指标

    依据：财预〔2021〕101号要求三级指标是说明“衡量什么”的简短名词；88号审核表“规范完整性”。
    反例：三级指标“数量指标”“社会效益指标”。
    正例：三级指标“新增停车泊位数量”。
    建议：把类别名换成具体指标，例如数量类写“××数量（个）”，时效类写“××完成时间”。
    """
    if not row.name:
        return [Hit("三级指标空白", "name", advice="补写三级指标名称，或删去空行")]
    return [Hit("三级指标只是类别名称，没有具体指标", "name")] if is_label(row.name) else []
