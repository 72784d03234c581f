"""A task, slogan or wish where the indicator should stand."""

from perfscore.names import is_label, is_wish
from perfscore.records import Hit, Row
from perfscore.rules.registry import rule


@rule(
    "PS302",
    defect="not_an_indicator",
    severity="major",
    criterion="指标科学性",
    opinion="2",
    reads={"name": (bool, is_label, is_wish)},
)
def check(row: Row) -> list[Hit] | None:
    """名称是任务或口号，不是指标

    依据：财预〔2021〕101号要求三级指标是可衡量的名词，工作任务和愿望不是指标。
    反例：三级指标“更好地服务游客”“加强管理，提高素质”。
    正例：三级指标“群众办事平均等候时间”“持证上岗人员比例”。
    建议：把任务改写成能数、能量、能查的名词，例如“××数量”“××率”“××完成时间”。
    """
    if not row.name or is_label(row.name):
        return None
    return [Hit("名称是工作任务或愿望，没有落在可衡量的名词上", "name")] if is_wish(row.name) else []
