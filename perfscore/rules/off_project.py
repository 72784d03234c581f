"""A row that speaks of a concrete thing the project has nothing to do with."""

from perfscore import lexicon
from perfscore.records import Hit, Project
from perfscore.rules.registry import rule
from perfscore.wording import EVERYWHERE, domains, plain_domains, specific_words

# Fields that belong together.
VILLAGE = frozenset({"农业农村", "水利", "扶贫帮扶"})


@lexicon.cached
def _foreign(name: str) -> frozenset[str]:
    return plain_domains(name) - EVERYWHERE


@rule("PS207", defect="off_project", severity="major", criterion="目标相关性", opinion="3")
def check(project: Project) -> list[Hit] | None:
    """疑似与项目无关的指标

    依据：财预〔2020〕10号“绩效目标合理性”：指标应与实际工作内容相关，指向别处的目标比没有目标更差。
    反例：“桥梁维修”项目的指标是“校园网络和监控系统建成数量”。
    正例：“桥梁维修”项目的指标是“维修桥梁数量”。
    建议：核对该行是否从别的项目带来；删去，或改成本项目的产出和效果。
    """
    texts = (project.name, project.purpose, project.goal or "")
    fields = frozenset().union(*map(domains, texts))
    if not fields:
        return None
    subject, own = "，".join(texts), frozenset().union(*map(specific_words, texts))
    hits = []
    for row, row_no in zip(project.rows, project.row_nos, strict=True):
        if row.category == "满意度":
            continue
        foreign = _foreign(row.name)
        if not foreign or foreign & fields or (foreign & VILLAGE and fields & VILLAGE):
            continue
        if domains(row.description or "") & fields:
            continue
        words = specific_words(row.name)
        if words and not any(word in subject for word in words) and not any(word in row.name for word in own):
            hits.append(Hit(f"疑似属于“{'、'.join(sorted(foreign))}”，与本项目内容无关", "name", row_no=row_no))
    return hits
