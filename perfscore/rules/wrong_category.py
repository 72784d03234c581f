"""An indicator that by its name belongs under another second-level category."""

import re

from perfscore.records import Hit, Row
from perfscore.rules.registry import rule
from perfscore.wording import EFFECTS, bare, clauses, is_label, measure, topics

ON_TIME = re.compile(r"按时|按期|及时|准时|如期|限时|时限|时间|进度|期限|工期")
SATISFIED = re.compile(r"满意|投诉|好评|差评|认可|认同|获得感|幸福感|安全感|评价|信任|支持率")
# Counts and times under 效益 are effects, not work done, when they say who gains or what is saved.
GAIN = re.compile(
    r"受益|惠及|带动|新增|增加|增收|减少|降低|缩短|压缩|节约|节省|避免|挽回|就业|脱贫|获益|引进|转化|提升|提高|受助"
    r"|(覆盖|服务|保障|救助|帮扶|资助|培养|使用|辐射).{0,6}(人|户|群众|企业|学生|居民|家庭|村|对象|面积)"
)
COST = re.compile(r"成本|费|价|预算|支出|金额|资金|投资|控制数|控制率|节约|节省|补助|补贴|标准|开支|降本|超支")
ECOLOGY = re.compile(r"生态|环|绿|污|排放|节能|能耗|资源|水|气|土|垃圾|碳|林|草|湿地|噪|扬尘|清洁|消耗|浪费|无纸|循环|自然|植被|物种|耗材|纸|电|油")
ECONOMY = re.compile(r"经济|收入|增收|产值|税|利润|投资|成本|市场|消费")
LASTING = re.compile(r"持续|长期|长效|后续|年限|机制|永久|稳定|常态|长远|延续|巩固|发展")
HOMES = {"share": "质量或效益", "count": "数量", "money": "成本", "time": "时效", "amount": "成本或效益"}


@rule("PS204", defect="wrong_category", severity="major", criterion="指标科学性", opinion="7")
def check(row: Row) -> list[Hit] | None:
    """归类错误

    依据：财预〔2021〕101号对各类指标的定义：数量写产品或服务多少，质量写达到的标准，时效写完成时间，成本写花费，效益写效果，满意度写服务对象的评价。
    反例：数量指标“工程按时完成率”；社会效益指标“群众满意度”；满意度指标“活动完成率”；质量指标“开会时间”。
    正例：时效指标“工程按时完成率”；满意度指标“群众满意度”；质量指标“活动完成率”。
    建议：把指标移到它衡量的那一类，原类别另写一个真正属于该类的指标。
    """
    if not row.category or not row.name or is_label(row.name):
        return None
    home = _home(bare(row.name), row.category)
    return [Hit(f"按名称应归入{home}，不是{row.category}", "name")] if home else []


def _home(name: str, category: str) -> str:
    """Return the category a name belongs under, or nothing if it may stay where it is."""
    if category == "满意度":
        found = measure(name)
        return "" if SATISFIED.search(name) or not found or not found.dimension else _by_measure(name, category)
    by_measure = _by_measure(name, category)
    return by_measure or _by_topic(name, category)


def _by_measure(name: str, category: str) -> str:
    found = measure(name)
    if not found or not found.allowed or category in found.allowed:
        return ""
    if category == "时效" and ON_TIME.search(name):
        return ""
    if category == "成本" and COST.search(name):
        return ""
    if category in EFFECTS and found.dimension in ("count", "time", "money") and GAIN.search(name):
        return ""
    if found.dimension == "money" and category == "数量" and not COST.search(name):
        return ""
    if found.allowed == {"满意度"}:
        return "满意度"
    if "时效" in found.allowed and found.dimension != "share":
        return "时效"
    if found.allowed == {"时效"}:
        return "时效"
    if "质量" in found.allowed and found.dimension in ("share", ""):
        return "质量" if category in ("数量", "时效", "成本", *EFFECTS, "满意度") else ""
    return HOMES.get(found.dimension, "")


def _by_topic(name: str, category: str) -> str:
    """Tell a name without a measure apart by what it speaks of, when it speaks of nothing else."""
    if category == "生态效益" and ECONOMY.search(name) and not ECOLOGY.search(name):
        return "经济效益"
    if category == "可持续影响" and not LASTING.search(name):
        if ON_TIME.search(name):
            return "时效"
        if topics(name) == {"经济"} and not measure(name):
            return "经济效益"
    if category == "时效" and not ON_TIME.search(name) and any(part.endswith(("质量", "质量关")) or "质量" in part for part in clauses(name)):
        return "质量"
    if category == "质量" and len(clauses(name)) > 1 and re.match(r"(节约|节省|缩短|压缩|减少).*(时间|时限|工期)", name):
        return "时效"
    return ""
