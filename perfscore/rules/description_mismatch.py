"""A description that is about another thing than its indicator."""

import operator
import re

import numpy as np

from perfscore.config import Config
from perfscore.distinct import Rows
from perfscore.names import Measure, bare, is_label, is_wish, measure
from perfscore.overlap import overlap
from perfscore.peers import Marks
from perfscore.quantity import Quantity, is_yesno
from perfscore.records import AS_IS, Hit, Row
from perfscore.rules.registry import rule
from perfscore.text import searches
from perfscore.wording import content, is_specific, topics

CATEGORY_TOPICS = {
    "成本": {"成本"},
    "时效": {"时间", "效率"},
    "满意度": {"满意"},
    "经济效益": {"经济", "成本", "效率"},
    "生态效益": {"生态"},
}
STRONG = {"成本", "时间", "满意", "经济", "生态"}
DIMENSION_TOPICS = {"money": "成本", "time": "时间", "count": "数量"}
# A text with a formula or a way of measuring is about the indicator, whatever its words.
METHOD = re.compile(
    r"除以|÷|×|/|占|减去|乘以|之和|调查|问卷|监测|评价|检测|比例|统计|汇总|合计|折算|换算|按照|依据|根据|测算|核定"
)
# Words of a purpose, which says nothing of what is measured.
WISHED = re.compile("提[升高]|降低|促进|保障|确保|改善|增强|优化|节约")
# What no description can tell, whatever words both texts share: a share may be told by counts, but no time by money.
CROSSED = {
    ("time", "money"),
    *((asked, told) for asked in ("money", "opinion") for told in ("time", "span", "lasting")),
    *((asked, "money") for asked in ("opinion", "share", "state")),
    *((asked, "lasting") for asked in ("share", "state")),
    ("opinion", "times"),
    ("state", "times"),
    ("date", "lasting"),
    ("date", "span"),
}
LASTING = re.compile("(?:年限|期限|年数|寿命)$")
SPAN = re.compile("(?:时长|小时数|分钟数|月数)$")
TIMES = re.compile("(?:次数|频次|场次|班次|趟数|遍数)$")
# Shares of things in a state, which is not told by how often something was done.
STATE = re.compile("(?:完好|合格|达标|优良|知晓|成活|存活|上座|入住|普及|覆盖)率$")
RATE = re.compile("(..)率$")
# What is done and paid, said where people should say what they think of it; not if it only tells who they are.
DONE = re.compile("按[时期月季年]|足额|打[入卡]|到[账位]|发放|拨付|完[成工]|竣工|开展|举办|建成|安装|投入使用")
WHO = re.compile("(?:[者人户员师生民]|对象|群众|家庭|单位|企业|机构)$")
LIMIT = re.compile("的?(?:上限|下限|最高额|最低额|限额)$")
MOMENT = re.compile("(?:时间|日期|时点|节点)$")
DEADLINE = re.compile(r"截止|最后期限")
FUNCTION_PAIRS = frozenset("保障 确保 保证 情况 程度 工作 完成 提高 提升 加强 项目 任务 指标 进行 服务".split())


def _may_differ(rows: Rows, _: Config) -> Marks:
    """Rows whose description has no two characters of the name, or is at fault or taken for a label's whatever it shares."""
    names, descriptions = rows.asked("name", bare), rows.asked("description", bare)
    unlike = ~overlap(names.cells, descriptions.cells, (names.codes, descriptions.codes), 2, FUNCTION_PAIRS)
    unexplained = (unlike | rows.marks("name", is_label)) & ~rows.marks("description", _is_method)
    asked, said = rows.asked("name", _asked), rows.asked("description", _told)
    crossed = np.array([[(one, other) in CROSSED for other in said.cells] for one in asked.cells], bool)
    dated = np.array([("date", other) in CROSSED for other in said.cells], bool)[said.codes]
    at_fault = rows.marks("description", is_yesno) | rows.marks("description", _has_deadline)
    dated &= rows.marks("quantity", _is_date)
    return np.asarray(unexplained | crossed[asked.codes, said.codes] | dated | at_fault)


def _is_date(quantity: Quantity) -> bool:
    return quantity.kind == "date"


def _unlimited(text: str) -> str:
    """Return a text without the limit it ends on: what is measured stands before that."""
    return LIMIT.sub("", text) if text.endswith(("限", "额")) else text


def _asked(name: str) -> str:
    """What a name asks for, as far as some descriptions cannot tell it."""
    found = measure(name)
    if not found or found.dimension != "share":
        return found.dimension if found else ""
    if found.allowed == {"满意度"}:
        return "opinion"
    text = bare(name)
    if not RATE.search(text) or topics(text) & {"成本", "经济"}:
        return ""
    return "state" if STATE.search(text) else "share"


def _told(description: str) -> str:
    """What a description tells: money, a time, how long something takes or lasts, how often it is done."""
    text = _unlimited(bare(description))
    found = measure(text)
    if not found or found.dimension not in ("money", "time", "count"):
        return ""
    for told, noun in (("lasting", LASTING), ("span", SPAN), ("times", TIMES)):
        if noun.search(text):
            return told
    return found.dimension


def _crossed(row: Row, name: str, text: str) -> bool:
    """Tell whether a description tells what cannot be said of the name, or of a day that is its value."""
    told = _told(text)
    if _is_date(row.quantity) and MOMENT.search(name) and ("date", told) in CROSSED:
        return True
    if (_asked(name), told) not in CROSSED or topics(text) & {"满意"}:
        return False
    rate = RATE.search(name)
    return not (rate and rate[1] in text)


@searches(METHOD)
def _is_method(description: str) -> str:
    return bare(description)


@searches(DEADLINE)
def _has_deadline(description: str) -> str:
    return bare(description)


@rule(
    "PS205",
    defect="description_mismatch",
    severity="major",
    criterion="明确清晰性",
    opinion="11",
    reads={"name": AS_IS, "description": AS_IS, "quantity": (_is_date,), "category": AS_IS},
    among=_may_differ,
)
def check(row: Row) -> list[Hit] | None:
    """描述与指标说的不是一件事（疑似）

    依据：财预〔2021〕101号：指标解释应说明该指标的概念、公式和口径。
    反例：指标“路面使用年限”，描述“工程结算价款”；成本指标“设备采购费”，描述“提升服务水平，提高满意度”。
    正例：指标“设备采购费”，描述“合同约定的30台终端设备总价”。
    建议：核对描述是否串行；重写为该指标的统计口径。
    """
    if not row.description or not row.name:
        return None
    reason = _reason(row, row.description)
    return [Hit(reason, "description")] if reason else []


def _reason(row: Row, description: str) -> str:
    if is_yesno(description):
        return "描述只是“是/否”，没有说明指标"
    name, text = bare(row.name), bare(description)
    asked = measure(name)
    lasting = asked is not None and asked.dimension == "time" and "完成" not in name and not DEADLINE.search(name)
    if lasting and _has_deadline(description):
        return "指标是时长，描述却是截止时间"
    if name in text or text in name or _is_method(description):
        return ""
    if is_label(name):
        return _off_category(row.category, text)
    if _crossed(row, name, text):
        return _difference(name, text)
    return "" if _shared(name, text) else _another_thing(name, text)


def _another_thing(name: str, text: str) -> str:
    """Say in what a text without a word of the name shows that it is about another thing, if it does."""
    asked, said = measure(name), measure(text)
    about, told = _about(name), _about(text)
    if asked and said and asked.dimension and said.dimension and _apart(asked, said):
        return _difference(name, text)
    if text.count("、") > 1 and not WISHED.search(text):  # what a thing is made of
        return ""
    strong = about & STRONG
    apart = not _characters(name) & _characters(text)
    vague = not (asked and asked.dimension)
    elsewhere = about & {"满意", "成本"} and told & STRONG and not (about | told) >= {"成本", "经济"}
    if asked and asked.dimension and strong and not strong & told and (_is_purpose(asked, text) or elsewhere):
        return "描述没有说到这个指标，说的是另一件事"
    if about & {"满意"} and not told & {"满意"} and DONE.search(text) and not WHO.search(text):
        return "描述没有说到这个指标，说的是另一件事"
    if apart and not vague and WISHED.match(text):
        return "描述没有说到这个指标，说的是另一件事"
    if about & told:
        return ""
    if not asked and said and said.dimension == "share":
        return f"描述说的是“{said.noun}”，与指标名称无关"
    if apart and not vague and WISHED.search(text):
        return "描述没有说到这个指标，说的是另一件事"
    wish = is_wish(name) or (is_wish(text) and vague and not is_specific(name))
    if apart and ((about and told and vague) or (wish and len(content(text)) > 1 and not is_specific(text))):
        return "描述与名称没有共同内容"
    return ""


def _is_purpose(asked: Measure, text: str) -> bool:
    """Tell whether a text is a wish; that all is done (主体全部完成) is none where a time is asked for."""
    if asked.dimension == "time":
        return bool(WISHED.search(text)) and is_wish(text)
    return is_wish(text) or bool(WISHED.match(text))


def _difference(name: str, text: str) -> str:
    asked, said = measure(name), measure(_unlimited(text))
    return f"指标衡量“{asked.noun if asked else name}”，描述却是“{said.noun if said else text}”"


def _off_category(category: str, text: str) -> str:
    expected, told = CATEGORY_TOPICS.get(category), topics(text)
    if expected and told and not told & expected:
        return f"描述没有说到{'、'.join(sorted(expected))}，与{category}指标无关"
    return ""


def _apart(asked: Measure, said: Measure) -> bool:
    """Tell whether what is said cannot be what is asked; faults are also counted (a rate of accidents per 100 km)."""
    left, right = asked.dimension, said.dimension
    faults = (left, right) == ("share", "count") and asked.polarity == "-"
    return left != right and {left, right} != {"count", "amount"} and not faults


def _about(text: str) -> frozenset[str]:
    found = measure(text)
    if not found or found.dimension not in DIMENSION_TOPICS:
        return topics(text)
    earned = found.dimension == "money" and found.polarity == "+"
    return topics(text) | {"经济" if earned else DIMENSION_TOPICS[found.dimension]}


def _characters(text: str) -> set[str]:
    return set("".join(content(text)))


def _shared(name: str, text: str) -> bool:
    """Tell whether two texts share a content word or any two characters that are not function words."""
    pairs = map(operator.add, name, name[1:])
    return any(pair in text and pair not in FUNCTION_PAIRS for pair in pairs) or bool(content(name) & content(text))
