"""A value without a number, date or period."""

import re

from perfscore.records import AS_IS, Hit, Row
from perfscore.rules.registry import rule
from perfscore.text import squash

# A figure, a ratio, a class or a zero stands in the value although it is not a quantity with a unit.
HELD = re.compile(r"\d|[Ⅰ-Ⅻ]|[一二三四五六七八九十]+[级类等档星]|零[\u4e00-\u9fff]|为[优良差]")
GRADED = re.compile(r"(达到|达|评为|为)?(优秀|优良|优|良好|良|合格|达标|通过验收|验收合格)(及以上|以上|等级|级|等次)?")
GRADE = re.compile(r"([\u4e00-\u9fff]{1,8})[:：为指].*\d")
DIGIT = re.compile(r"\d")
PART = re.compile("[；;，,。\n]")
REASONS = {
    "empty": "指标值空白",
    "placeholder": "指标值是占位符",
    "yesno": "指标值只有是与否，没有数量或时间",
    "wish": "指标值是愿望或口号，没有数量或时间",
}


def _grades(description: str) -> frozenset[str]:
    """The grades that a description sets by figures, as 显著改善 in “显著改善：投诉下降30%以上；…”."""
    if not DIGIT.search(description):  # as most texts hold none
        return frozenset()
    parts = (GRADE.match(part) for part in PART.split(squash(description)))
    return frozenset(part[1] for part in parts if part)


@rule(
    "PS301",
    defect="no_quantity",
    severity="critical",
    criterion="指标科学性",
    opinion="2",
    reads={"value": AS_IS, "description": (_grades,)},
)
def check(row: Row) -> list[Hit] | None:
    """指标值没有量化

    依据：财预〔2015〕88号要求细化量化，不能量化的用分级分档表述；财预〔2021〕101号要求量化易评。
    反例：指标值“提高办事效率”“效果明显”“是”，或空白。
    正例：指标值“≥300人次”“6月底前”“≤2个工作日”；定性指标写明分级标准。
    建议：写出数量、比率、金额、时间中的一种；确实不能量化的，写明分级标准和评判办法。
    """
    reason = REASONS.get(row.quantity.kind)
    if not reason or (row.quantity.kind == "wish" and (row.quantity.period or HELD.search(row.value))):
        return []
    if squash(row.value) in _grades(row.description or ""):
        return []
    if GRADED.fullmatch(squash(row.value)):
        return [Hit("指标值只有等级，没有写明分级标准", "value", severity="minor")]
    return [Hit(reason, "value")]
