"""A value that cannot be missed, or cannot be right."""

import re

from perfscore.names import bare, clauses, measure
from perfscore.records import AS_IS, Hit, Row
from perfscore.rules.registry import rule
from perfscore.text import searches
from perfscore.wording import speaks_of

ECONOMIC_GROWTH = re.compile(r"(经济|收入|产值|税收|利润|消费|投资|产量|客流|销量|销售).{0,4}(提升|提高|增加)$")
MAY_EXCEED = re.compile(
    r"增值|保值|拨备|产出比|投入比|毛.{0,4}率|负荷|同比|超额|偿债|债务率|负债率|控制率|变动率|充足率|自给率|周转率|倍"
)
# Growth, saving or reduction of this size in a year is not a plan but a copied satisfaction value.
ABSURD_GROWTH = 80.0


def _is_completion(name: str) -> bool:
    return name.endswith(
        ("完成率", "达标率", "满意度", "满意率", "覆盖率", "合格率", "及时率", "任务率", "执行率", "落实率")
    )


def _grows(name: str) -> bool:
    text = bare(name)
    return speaks_of(text, "growth") or bool(ECONOMIC_GROWTH.search(text))


@searches(MAY_EXCEED)
def _may_exceed(name: str) -> str:
    return bare(name)


def _is_growth(name: str) -> bool:
    """Tell whether a name measures growth and nothing else."""
    return _grows(name) and len(clauses(name)) == 1 and not _is_completion(bare(name))


@rule(
    "PS203",
    defect="implausible_value",
    severity="major",
    criterion="绩效合理性",
    opinion="4",
    reads={"name": (measure, _grows, _may_exceed, _is_growth), "quantity": AS_IS, "category": AS_IS},
)
def check(row: Row) -> list[Hit] | None:
    """目标值失当

    依据：财预〔2021〕101号要求指标值可行且有约束力：不可能完不成的值和不可能达到的值都不能用来考核。
    反例：合格率 ≥100%；满意度 ≥120%；开展次数 ≥0次；人均收入增长率 ≥95%。
    正例：合格率 100%；满意度 ≥90%；开展次数 ≥4次；人均收入增长率 ≥5%。
    建议：按历史水平、行业标准或计划重新测算；全部达到写“＝100%”，不写“≥100%”。
    """
    quantity = row.quantity
    if quantity.low is None:
        return None
    span = (quantity.start, quantity.end)
    found = measure(row.name)
    if quantity.kind == "share" and not _grows(row.name):
        top = quantity.high if quantity.high is not None else quantity.low
        if quantity.low < 0:
            return [Hit("比率不会是负数", "value", *span)]
        if top > 100 and not _may_exceed(row.name) and not (found and found.noun in {"比例", "比率", "占比"}):
            return [Hit("比率超过100%", "value", *span)]
        if quantity.comparator in ("≥", ">") and quantity.low >= 100 and not _may_exceed(row.name):
            written = f"{quantity.comparator}{quantity.low:g}%"
            return [Hit(f"比率最高为100%，“{written}”没有余地，应写“＝100%”", "value", *span)]
        loose = quantity.comparator in ("≤", "<") and quantity.low >= 100
        if loose and row.category != "成本" and not _may_exceed(row.name):
            return [Hit("任何比率都不会超过100%，这个值不可能完不成", "value", *span)]
    if quantity.comparator == "≥" and quantity.low <= 0 and quantity.kind != "date":
        return [Hit("“≥0”不可能完不成", "value", *span)]
    bound_below = quantity.comparator not in ("≤", "<")
    if (
        _is_growth(row.name)
        and row.category != "成本"
        and quantity.kind == "share"
        and bound_below
        and quantity.low >= ABSURD_GROWTH
    ):
        return [Hit(f"增减幅度定为{quantity.low:g}%，明显不合常理", "value", *span)]
    return []
