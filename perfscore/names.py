"""What a name is: its bare form and labels, the measure it rests on, or the wish it states instead.

Everything here looks at a string alone and is cached per distinct string.
"""

import re
from dataclasses import dataclass, replace

from perfscore import lexicon
from perfscore.text import normalise, squash, tokens

__all__ = [
    "EFFECTS",
    "Measure",
    "bare",
    "category_of",
    "clauses",
    "is_label",
    "is_other_cost",
    "is_wish",
    "level1_of",
    "measure",
    "official_rows",
]

EFFECTS = ("经济效益", "社会效益", "生态效益", "可持续影响")

_OTHER_COST = re.compile("(?:社会|环境|生态){1,2}成本")
_BARE = re.compile("[\u4e00-\u9fffA-Za-z0-9%、]*")
_HINT = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_CLAUSE = re.compile(r"[,，;；。!！?？、]")
_STOP = re.compile(r"[,，;；。]")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a name measures: the noun it rests on, the dimension its value must have, where it may stand, what is good.

    ``dimension`` is share, count, money, time, amount or empty (open); ``allowed`` holds the categories the noun may stand
    under, empty for any; ``polarity`` is ``+`` (more is better), ``-`` (less is better) or empty.
    """

    noun: str
    dimension: str
    allowed: frozenset[str]
    polarity: str


@lexicon.derived
def _measures() -> dict[str, Measure]:
    return {
        entry["noun"]: Measure(
            entry["noun"], entry["dimension"], frozenset(filter(None, entry["allowed"].split(","))), entry["polarity"]
        )
        for entry in lexicon.table("measures.tsv")
    }


_ON_TIME = re.compile(r"按时|按期|及时|准时|如期|限时")
# Counting what should not happen: fewer is better, unless it is found or dealt with, which is work.
_INCIDENT = re.compile(
    "(?<!无)(?<!零)(?:事故|事件|(?<![立结办])案件|险情|灾情|火灾|疫情|疫病|舆情|投诉|信访|上访|伤亡|违规|违法|违约|逾期|差错|故障|缺陷|漏洞)"
)
_HANDLED = re.compile(
    "(?:处理|处置)(?!不)|查处|查办|消除|整改|办结|办理|排查|化解|调解|救援|破获|侦破|发现|受理|审理|审结|参审|执结|代理|援助|评查|积案|上报|报送|采集"
)
_GROWTH = ("增长率", "上升率", "增加率", "增幅", "增速")
_DENIED = ("无", "零", "未")


@lexicon.derived
def _nouns_by_ending() -> dict[str, tuple[str, ...]]:
    """Measurable nouns by their last two characters, or one; the longest first."""
    found: dict[str, tuple[str, ...]] = {}
    for noun in sorted(filter(None, _measures()), key=len, reverse=True):
        found[noun[-2:]] = (*found.get(noun[-2:], ()), noun)
    return found


@lexicon.derived
def _labels() -> dict[str, dict[str, str]]:
    return {entry["label"]: entry for entry in lexicon.table("categories.tsv")}


@lexicon.cached
def category_of(level2: str, level1: str = "") -> str:
    """Return the canonical category that the printed labels name, or an empty string.

    Examples
    --------
    >>> category_of("数 量 指标"), category_of("", "满意度指标"), category_of("其他")
    ('数量', '满意度', '')
    """
    for label in (level2, level1):
        entry = _labels().get(bare(label)) or _labels().get(squash(normalise(label)))
        if entry and entry["category"]:
            return entry["category"]
    return ""


@lexicon.cached
def level1_of(level1: str, level2: str = "") -> str:
    """Return 成本, 产出, 效益 or 满意度, from the first-level label or else from the second-level one.

    Examples
    --------
    >>> level1_of("效果指标"), level1_of("", "质量指标")
    ('效益', '产出')
    """
    for label in (level1, level2):
        entry = _labels().get(bare(label))
        if entry:
            return entry["level1"]
    return ""


def is_other_cost(level2: str) -> bool:
    """Tell whether a second-level label asks what a project costs society or nature, which is not told in money alone.

    Examples
    --------
    >>> is_other_cost("生态环境成本指标"), is_other_cost("经济成本指标")
    (True, False)
    """
    return bool(_OTHER_COST.search(level2))


@lexicon.derived
def official_rows() -> frozenset[str]:
    """Return the names of rows that the budget system writes by itself, bare."""
    return frozenset(map(bare, lexicon.words("official_rows.tsv")))


@lexicon.cached
def bare(name: str) -> str:
    """Return a name folded, without blanks and without hints in brackets.

    Examples
    --------
    >>> bare("培训 人数（人）")
    '培训人数'
    """
    if _BARE.fullmatch(name):  # as most names are
        return name
    folded = squash(normalise(name))
    return _HINT.sub("", folded).strip("*:：.。") or folded


@lexicon.cached
def clauses(text: str) -> tuple[str, ...]:
    """Split a name at its punctuation.

    Examples
    --------
    >>> clauses("缩短工期，降低造价")
    ('缩短工期', '降低造价')
    """
    text = bare(text)
    if not _CLAUSE.search(text):  # as in most names
        return (text,) if text else ()
    return tuple(filter(None, _CLAUSE.split(text)))


@lexicon.cached
def measure(name: str) -> Measure | None:
    """Return what a name measures, by the longest measurable noun it ends on; ``None`` if it ends on none.

    Examples
    --------
    >>> measure("道路完好率(%)").noun, measure("培训教师人次").dimension, measure("环境更加整洁")
    ('完好率', 'count', None)
    """
    text = bare(name)
    by_ending = _nouns_by_ending()
    nouns = *by_ending.get(text[-2:], ()), *by_ending.get(text[-1:], ())
    noun = next(filter(text.endswith, nouns), None)
    if noun is None or (_TASK.match(text) and not text.endswith(("率", "性", "度", "数", "比例"))):
        return None
    known = _measures()
    found = known[noun]
    if noun == "率" and _ON_TIME.search(text):
        return known.get("及时率", found)
    if found.dimension == "count" and _is_incident(text):
        return known.get("事故数", found)
    polarity = _polarity(found, text)
    return found if polarity == found.polarity else replace(found, polarity=polarity)


def _is_incident(text: str) -> bool:
    return bool(_INCIDENT.search(text)) and not _HANDLED.search(text)


def _polarity(found: Measure, text: str) -> str:
    """What is good of a name: a fault denied (无故障率) is good, the growth of a fault or a loss bad."""
    rest = text.removesuffix(found.noun)
    if found.polarity == "-" and rest.endswith(_DENIED):
        return "+"
    if text.endswith(_GROWTH):
        grown = measure(rest) if rest else None
        lost = grown is not None and grown.polarity == "-" and grown.dimension != "money"
        return "-" if lost or _is_incident(rest) else found.polarity
    return found.polarity


@lexicon.derived
def _shell_words() -> re.Pattern[str]:
    labels = {label for label in _labels() if len(label) > 1}
    stems = {label.removesuffix("指标") for label in labels}
    shells = (
        labels
        | stems
        | {"指标", "绩效", "履职", "保障", "情况", "作用", "发挥", "可", "持续", "的", "影响", "方面", "其他", "性"}
    )
    return re.compile("|".join(sorted(map(re.escape, shells), key=lambda shell: (-len(shell), shell))))


@lexicon.cached
def is_label(name: str) -> bool:
    """Tell whether a name holds nothing but category labels and empty words.

    Examples
    --------
    >>> is_label("数量指标"), is_label("质量保障"), is_label("服务对象满意度"), is_label("培训人数")
    (True, True, False, False)
    """
    text = bare(name)
    if not text or text.endswith("满意度"):
        return False
    shells = _shell_words()
    return bool(shells.match(text)) and not shells.sub("", text)


@lexicon.derived
def _verbs_by_opening() -> dict[str, tuple[str, ...]]:
    """Verbs of two characters and more by the first two."""
    found: dict[str, tuple[str, ...]] = {}
    for verb in sorted(lexicon.words("action_verbs.tsv")):
        if len(verb) > 1:
            found[verb[:2]] = (*found.get(verb[:2], ()), verb)
    return found


@lexicon.derived
def _closers() -> tuple[str, ...]:
    return tuple(sorted(lexicon.words("predicates.tsv")))


# Nouns that stay something to be looked at even behind a verb (guideline: "rests on 率, 数, 度, 时间, 成本 ...").
_OPEN_LEVELS = frozenset(
    "质量 服务质量 工作质量 工程质量 建设质量 产品质量 水平 能力 作用 环境 形象 秩序 机制 制度 保障 力度 性 力 增收 效果 成效 效益 质效 效能 幸福感 获得感 安全感".split()
)


# "按时缴纳水费" is a task although it ends on a noun of money.
_TASK = re.compile(r"(按时|按期|及时|准时|如期|尽快|足额)(?!率|性)[\u4e00-\u9fff]{2,}")
# "为旅客带来的便利性" is a noun phrase although it opens with a preposition, "修缮户均补助" one although it opens with a verb.
_NOUN_PHRASE = re.compile(r"(带来|产生|形成|提供|发挥|受到|享受|取得|达到)的|[人户亩生村校床头件次]均")
_CHANGED = ("提升", "提高", "改善", "增强", "增加", "增长", "降低", "下降", "减少", "缩短", "加快")
_CHANGE = re.compile(f"(大幅|显著|明显|逐步|持续|不断|有效)?({'|'.join(_CHANGED)})$")


@lexicon.cached
def is_wish(name: str) -> bool:
    """Tell whether a name is a task, slogan or wish that rests on no measurable noun.

    Examples
    --------
    >>> is_wish("更好地服务群众"), is_wish("加强宣传，扩大影响"), is_wish("提高办事效率"), is_wish("设备运行情况")
    (True, True, False, False)
    """
    parts = clauses(name)
    if not parts:
        return False
    opens = [_opens_with_verb(part) for part in parts]
    if len(parts) > 1 and any(opens) and _STOP.search(bare(name)):
        return True
    last = parts[-1]
    noun = measure(last)
    changed = measure(_CHANGE.sub("", last)) if last.endswith(_CHANGED) else noun
    if _TASK.match(last) and (noun is None or noun.dimension == "money"):
        return True
    if _NOUN_PHRASE.search(last) or any(found and found.noun not in _OPEN_LEVELS for found in (noun, changed)):
        return False
    if noun:
        return any(opens)
    return any(opens) or last.endswith(_closers())


def _opens_with_verb(clause: str) -> bool:
    """Tell whether a clause opens with a verb, adverb or preposition of tasks; a single character must be a word of its own."""
    if clause.startswith(_verbs_by_opening().get(clause[:2], ())):
        return True
    return clause[:1] in lexicon.words("action_verbs.tsv") and tokens(clause)[0] == clause[:1]
