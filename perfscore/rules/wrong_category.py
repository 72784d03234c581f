"""An indicator that by its name belongs under another second-level category."""

import re

from perfscore.names import EFFECTS, Measure, bare, clauses, is_label, is_other_cost, measure
from perfscore.quantity import Quantity
from perfscore.records import AS_IS, Hit, Row
from perfscore.rules.registry import rule
from perfscore.wording import speaks_of, topics

# Counts and times under 效益 are effects, not work done, when they say who gains or what is saved (cue gain), or who is served.
SERVED = re.compile(
    r"(覆盖|服务|保障|救助|帮扶|资助|培养|使用|辐射).{0,6}(人|户|群众|企业|学生|居民|家庭|村|对象|面积)"
)
OFTEN = re.compile(r"频次|频率|周期|间隔|每[年月周日季]")
AN_HOUR = 1 / 24
WORK = ("数量", "质量", "时效")
HOMES = {"share": "质量或效益", "count": "数量", "money": "成本", "time": "时效", "amount": "成本或效益"}


def _is_quick(quantity: Quantity) -> bool:
    """Seconds and minutes are how well a thing works, not when it is done."""
    return quantity.kind == "duration" and quantity.low is not None and quantity.low <= AN_HOUR


@rule(
    "PS204",
    defect="wrong_category",
    severity="major",
    criterion="指标科学性",
    opinion="7",
    reads={"level2": (is_other_cost,), "name": AS_IS, "quantity": (_is_quick,), "category": AS_IS},
)
def check(row: Row) -> list[Hit] | None:
    """归类错误

    依据：财预〔2021〕101号对各类指标的定义：数量写产品或服务多少，质量写达到的标准，时效写完成时间，成本写花费，效益写效果，满意度写服务对象的评价。
    反例：数量指标“工程按时完成率”；社会效益指标“群众满意度”；满意度指标“活动完成率”；质量指标“开会时间”。
    正例：时效指标“工程按时完成率”；满意度指标“群众满意度”；质量指标“活动完成率”。
    建议：把指标移到它衡量的那一类，原类别另写一个真正属于该类的指标。
    """
    if not row.category or not row.name or is_label(row.name):
        return None
    home = _home(row)
    if not home or row.category in home.split("或"):
        return []
    return [Hit(f"按名称应归入{home}，不是{row.category}", "name", remedy=home)]


def _home(row: Row) -> str:
    """Return the category a name belongs under, or nothing if it may stay where it is."""
    name, category = bare(row.name), row.category
    found = measure(name)
    if category == "满意度":
        return "" if speaks_of(name, "satisfaction") or not found or not found.dimension else _by_measure(found)
    if category == "成本" and is_other_cost(row.level2):
        return ""
    if found and found.allowed and category not in found.allowed and not _excused(row, name, found):
        return _by_measure(found)
    return _by_topic(name, category, found)


def _excused(row: Row, name: str, found: Measure) -> bool:
    """Tell whether a measure may stand in a category that is not its own."""
    category = row.category
    if category in EFFECTS:
        lasts = category == "可持续影响" and found.dimension == "share" and speaks_of(name, "lasting")
        return lasts or not _own_activity(name, found)
    if category == "时效":
        return bool(speaks_of(name, "on_time") or OFTEN.search(name))
    if category == "成本":
        return speaks_of(name, "cost")
    if category == "数量" and found.dimension == "money":
        return not speaks_of(name, "cost")
    return category == "质量" and found.dimension == "time" and _is_quick(row.quantity)


def _own_activity(name: str, found: Measure) -> bool:
    """Tell whether a measure under 效益 only reports what the unit itself did, asked or paid."""
    if found.allowed == {"满意度"}:
        return True
    if found.dimension == "share":
        return found.allowed in ({"质量"}, {"时效"})
    if speaks_of(name, "gain") or SERVED.search(name):
        return False
    if found.dimension == "count":
        return speaks_of(name, "activity") or bare(name) == found.noun
    return found.dimension == "money" and found.polarity == "-" and _own_spending(name)


def _own_spending(name: str) -> bool:
    """Tell whether a cost speaks of the project's own spending rather than of what others pay."""
    return bool(re.search(r"项目|经费|预算|控制数|支出|采购|建设", name))


def _by_measure(found: Measure) -> str:
    if found.allowed == {"满意度"}:
        return "满意度"
    if found.allowed == {"时效"} or (found.dimension == "time" and "时效" in found.allowed):
        return "时效"
    if found.dimension in ("share", "") and "质量" in found.allowed:
        return "质量"
    return HOMES.get(found.dimension, "")


def _by_topic(name: str, category: str, found: Measure | None) -> str:
    """Tell a name without a measure apart by what it speaks of, when it speaks of nothing else."""
    if category == "生态效益" and speaks_of(name, "economy") and not speaks_of(name, "ecology"):
        return "经济效益"
    if category == "可持续影响" and not speaks_of(name, "lasting"):
        if speaks_of(name, "on_time"):
            return "时效"
        if topics(name) == {"经济"} and not found:
            return "经济效益"
    if category in WORK and speaks_of(name, "society") and not (found and found.dimension):
        return "社会效益"
    if category == "时效" and "质量" in name and not speaks_of(name, "on_time"):
        return "质量"
    if (
        category == "质量"
        and len(clauses(name)) > 1
        and re.match(r"(节约|节省|缩短|压缩|减少).*(时间|时限|工期)", name)
    ):
        return "时效"
    return ""
