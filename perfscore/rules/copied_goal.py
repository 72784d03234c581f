"""The same goal text, or nearly the same, in several projects."""

from perfscore.peers import Peers
from perfscore.quantity import parse
from perfscore.records import Hit
from perfscore.rules.registry import rule


@rule("PS403", defect="copied_goal", severity="minor", criterion="明确清晰性", opinion="3")
def check(corpus: Peers) -> list[Hit] | None:
    """绩效目标与其他项目相同或高度雷同

    依据：财预〔2015〕88号审核表“明确清晰性”：绩效目标应反映本项目的主要内容。
    反例：大厅运行费和专家评审费两个项目的绩效目标一字不差。
    正例：同一规划下的两个项目各写各的任务、数量和效果。
    建议：按本项目的任务重写绩效目标；确属同一任务分年实施的，注明阶段和年度目标。
    """
    return [
        Hit(_said(same, near), "goal", project_id=project_id)
        for project_id, goal, same, near in corpus.shared_goals()
        if parse(goal).kind not in ("empty", "placeholder")
    ]


def _said(same: int, near: int) -> str:
    alike = f"疑似与另外{near}个项目雷同，只有个别字词或数字不同" if near else ""
    if not same:
        return f"绩效目标{alike}"
    return f"绩效目标与另外{same}个项目相同" + (f"；{alike}" if near else "")
