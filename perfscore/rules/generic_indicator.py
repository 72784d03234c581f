"""A row that would fit any project."""

from perfscore.records import AS_IS, Hit, Row
from perfscore.rules.registry import rule
from perfscore.wording import is_specific, names_respondents


@rule(
    "PS101",
    defect="generic_indicator",
    severity="minor",
    criterion="目标相关性",
    opinion="3",
    reads={
        "name": (bool, is_specific, names_respondents),
        "description": (is_specific, names_respondents),
        "category": AS_IS,
    },
)
def check(row: Row) -> list[Hit] | None:
    """指标空泛，放在任何项目都成立

    依据：财预〔2015〕88号要求绩效目标指向明确，财预〔2021〕101号要求指标与支出方向高度关联，不以日常管理要求代替。
    反例：三级指标“提高工作效率”，描述“提高工作效率”。
    正例：三级指标“不动产登记平均办理时间”，描述写明统计对象和口径。
    建议：在名称或描述中写出本项目的具体对象（做什么、对谁、在哪里），让指标只属于这个项目。
    """
    if not row.name:
        return None
    text = row.description or ""
    if is_specific(row.name) or is_specific(text):
        return []
    if row.category == "满意度" and (names_respondents(row.name) or names_respondents(text)):
        return []
    return [Hit("名称和描述都没有说到本项目的具体内容", "name")]
