"""The whole table is nearly that of another project."""

from perfscore.peers import Peers
from perfscore.records import Hit
from perfscore.rules.registry import rule


@rule("PS402", defect="similar_table", severity="major", criterion="目标相关性", opinion="3")
def check(corpus: Peers) -> list[Hit] | None:
    """整张表与其他项目高度雷同

    依据：财预〔2015〕88号要求绩效目标指向明确；只改动个别字词或数字的表仍是同一个模板。
    反例：九行指标中八行与另一项目相同，只把“镇”改成“乡”。
    正例：沿用同一框架，但产出、成本和效益都写出本项目自己的内容。
    建议：对照所列差异，补充本项目特有的产出、标准和效果。
    """
    return [
        Hit(
            f"疑似与“{peer_name}”使用同一模板，相似度{masked:.0%}（不计数字），同组共{size}个项目。{difference}",
            "project_name",
            project_id=project_id,
            peer=peer,
        )
        for project_id, peer, peer_name, size, masked, difference in corpus.copied("near")
        if not corpus.siblings(project_id, peer)
    ]
