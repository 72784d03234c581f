"""The name of another project or agency in a row."""

from perfscore.peers import Peers
from perfscore.records import Hit
from perfscore.rules.registry import rule


@rule("PS404", defect="leftover_name", severity="major", criterion="目标相关性", opinion="3")
def check(corpus: Peers) -> list[Hit] | None:
    """文字里留有其他项目或单位的名称（疑似照搬未改）

    依据：财预〔2015〕88号要求绩效目标与项目任务相匹配；留有其他项目的名称，说明由别的表改来。
    反例：“图书馆免费开放”项目的描述里写着“完成文化馆修缮任务”，而文化馆修缮是另一个项目。
    正例：描述只写本项目的内容；确有关联的项目，写明关系。
    建议：核对该处文字，改成本项目的内容。
    """
    hits = []
    for project_id, row_no, field, text, other, peer in corpus.other_names():
        start = text.find(other)
        if start >= 0:
            message = f"出现了另一项目（单位）的名称“{other}”"
            end = start + len(other)
            hits.append(Hit(message, field, start, end, row_no=row_no, project_id=project_id, peer=peer))
    return hits
