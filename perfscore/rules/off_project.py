"""A row that speaks of a concrete thing the project has nothing to do with."""

from typing import NamedTuple

from perfscore import lexicon
from perfscore.records import Hit, Project, Row
from perfscore.rules.registry import rule
from perfscore.wording import domains, plain_domains, specific_words

# Fields that any project may touch, and fields that belong together.
VILLAGE = frozenset({"农业农村", "水利", "扶贫帮扶"})
EVERYWHERE = frozenset({"办公后勤", "培训会议", "党建宣传"})


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
        claim = _claim(row)
        if claim is None or claim.fields & fields or (claim.fields & VILLAGE and fields & VILLAGE):
            continue
        if claim.described & fields or any(word in subject for word in claim.words):
            continue
        if not any(word in row.name for word in own):
            hits.append(Hit(claim.message, "name", row_no=row_no))
    return hits


class _Claim(NamedTuple):
    """What a row is about, if that is something concrete: the fields and words of its name, the fields of its description."""

    fields: frozenset[str]
    words: frozenset[str]
    described: frozenset[str]
    message: str


@lexicon.cached
def _claim(row: Row) -> _Claim | None:
    fields = plain_domains(row.name) - EVERYWHERE
    if row.category == "满意度" or not fields or not (words := specific_words(row.name)):
        return None
    message = f"疑似属于“{'、'.join(sorted(fields))}”，与本项目内容无关"
    return _Claim(fields, words, domains(row.description or ""), message)
