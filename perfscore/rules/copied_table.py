"""The whole table stands in another project as well, word for word."""

from perfscore.peers import Peers
from perfscore.records import Hit
from perfscore.rules.registry import rule


@rule("PS401", defect="copied_table", severity="critical", criterion="目标相关性", opinion="3")
def check(corpus: Peers) -> list[Hit] | None:
    """整张表与其他项目完全相同

    依据：财预〔2015〕88号要求绩效目标指向明确、与项目任务相匹配；不同项目的全部指标和指标值相同，说明没有按本项目编写。
    反例：专家评审费和办公设备购置费两个项目的九行指标一字不差。
    正例：同类项目沿用同一框架，但对象、数量、金额按各自任务填写。
    建议：对照所列项目逐行核对，按本项目的任务量、金额和服务对象重写。
    """
    return [
        Hit(
            f"除满意度外，整张表与“{peer_name}”完全相同，同组共{size}个项目",
            "project_name",
            project_id=project_id,
            peer=peer,
        )
        for project_id, peer, peer_name, size, _, _ in corpus.copied("exact")
    ]
