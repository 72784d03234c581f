"""What the words over a column or before a value mean: one table of synonyms (``headers.tsv``) for every form."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from perfscore.lexicon import derived, table
from perfscore.quantity import parse
from perfscore.readers.plain import MARKUP

__all__ = [
    "PERIODS",
    "SIGNS",
    "YES",
    "Label",
    "clean",
    "column_role",
    "fold",
    "is_amount",
    "label",
    "label_in_front",
    "money_unit",
    "period",
    "role",
    "sign_of",
    "unnumbered",
]

_MANY = 20_000
SIGNS = {"1": "≥", "2": "＞", "3": "＝", "4": "＜", "5": "≤"}
"""Codes of 计算符号 in the national data standard (6 is 定性, which has no sign)."""
YES = frozenset({"1", "是", "true", "y"})
"""What marks a row of an export as deleted or as a backup; 2 means *not*."""
PERIODS = {"0": "年度", "1": "总体"}
"""Codes of ``yearflag``."""

_FORMULA = re.compile(r"\$([^$\n]{1,40})\$")
_FORMULA_SIGNS = {
    r"\geqslant": "≥",
    r"\leqslant": "≤",
    r"\geq": "≥",
    r"\leq": "≤",
    r"\ge": "≥",
    r"\le": "≤",
    r"\%": "%",
}
_WRAP = re.compile(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z\s])")
_NUMBER = re.compile(r"^[(（]?[一二三四五六七八九十\d]+[)）、.．]\s*")
_CODE = re.compile(r"^\w{1,14}[-—]")
_BRACKETS = re.compile(r"\([^()]*\)$")
_MONEY_UNIT = re.compile(r"\((?:单位:)?(?:人民币)?(万元|亿元|元)\)")
_SLOT_NUMBER = re.compile(r"(?:三级)?(?:绩效)?指标\s*[\d一二三四五六七八九十]{1,2}\s*[:：、.．)）]\s*(?=\S)")
_YEAR = re.compile(r"^(?:(?:20\d\d|\d\d)年度?)?(?:1[-—~至][\dx]{1,2}月份?)?")
_ANY_BRACKETS = re.compile(r"(?<!^)\([^()]*\)")
_HEADER = 24  # characters: no header that is known by a part of its words alone is longer


def _formula(match: re.Match[str]) -> str:
    inner = match[1]
    if not any(sign in inner for sign in _FORMULA_SIGNS):
        return match[0]
    for sign, char in _FORMULA_SIGNS.items():
        inner = inner.replace(sign, char)
    return inner


@lru_cache(_MANY)
def clean(text: str) -> str:
    """Return the text of a cell without the white space that wrapping and aligning left in it.

    Examples
    --------
    >>> clean("≥95 百分 比"), clean("指 标 值"), clean("Windows  Server 版"), clean(r"$\\geq 90\\%$")
    ('≥95百分比', '指标值', 'Windows Server版', '≥90%')
    """
    text = _FORMULA.sub(_formula, text.strip()).replace("\ufeff", "").replace("\u200b", "")
    return " ".join(_WRAP.sub("", text).split())


@lru_cache(_MANY)
def fold(text: str) -> str:
    """Return a header for matching: NFKC, no blanks, no leading asterisk or trailing colon, lower case.

    Examples
    --------
    >>> fold("*三 级 指 标："), fold("指标值（Ａ）")
    ('三级指标', '指标值(a)')
    """
    text = unicodedata.normalize("NFKC", MARKUP.sub("", text))
    return re.sub(r"\s+", "", text).lstrip("*#").rstrip(":;,、").lower()


@derived
def _role_of() -> Callable[[str, str], str]:
    known: dict[str, dict[str, str]] = {"table": {}, "head": {}, "front": {}}
    for entry in table("headers.tsv"):
        known[entry["scope"]].setdefault(fold(entry["header"]), entry["role"])
    front = re.compile("|".join(sorted(known["front"], key=len, reverse=True)) or "(?!)")

    def goal(key: str) -> str:
        """The role of a goal with words before it that only say whose or when: 部门整体支出绩效目标."""
        while word := front.match(key):
            key = key[word.end() :]
            if found := known["head"].get(key):
                return found if found in ("goal", "long_goal", "done") else ""
        return ""

    @lru_cache(_MANY)
    def look_up(text: str, scope: str) -> str:
        key = fold(text)
        bare = _BRACKETS.sub("", key)
        flat = _ANY_BRACKETS.sub("", key)
        forms = (
            key,
            bare,
            key.removeprefix("绩效"),
            _YEAR.sub("", key),
            _YEAR.sub("", bare),
            re.sub(r"^其中:?", "", bare),
            bare.rstrip(":"),
            flat,
        )
        found = next((known[scope][form] for form in forms if form in known[scope]), "")
        return found or (goal(_YEAR.sub("", flat)) if scope == "head" else "")

    return look_up


def role(text: str, scope: str) -> str:
    """Return what a header (``scope="table"``) or the label before a value (``scope="head"``) stands for, or ``""``.

    Examples
    --------
    >>> role("2024年指标值（A）", "table"), role("其中：财政 资金", "head"), role("随便什么", "table")
    ('value', 'fiscal', '')
    >>> role("部门整体支出绩效目标", "head")
    'goal'
    """
    return _role_of()(text, scope) if len(text) <= 60 else ""


@derived
def _column_role_of() -> Callable[[str], str]:
    headers = [(entry["header"].split("…"), entry["role"]) for entry in table("headers.tsv")]
    roles = [one for parts, one in headers if parts[1:]]
    patterns = [".*".join(re.escape(fold(part)) for part in parts) for parts, _ in headers if parts[1:]]
    likely = re.compile("|".join(f"({pattern})" for pattern in patterns) or "(?!)")

    @lru_cache(_MANY)
    def look_up(text: str) -> str:
        key = _ANY_BRACKETS.sub("", fold(text))
        match = likely.fullmatch(key) if len(key) <= _HEADER else None
        return role(text, "table") or (roles[match.lastindex - 1] if match and match.lastindex else "")

    return look_up


def column_role(text: str) -> str:
    """Return what the header of a column stands for, told by a part of its words where it is unknown as a whole.

    Only for a cell that may be a header: nearly any words can be matched.

    Examples
    --------
    >>> column_role("指标值"), column_role("批复指标值"), column_role("半年（程）目标值"), role("批复指标值", "table")
    ('value', 'value?', 'value?other', '')
    """
    return _column_role_of()(text) if len(text) <= 60 else ""


def money_unit(text: str) -> str:
    """Return the unit of money that a header or label names in brackets, or "".

    Examples
    --------
    >>> money_unit("项目预算（万元）"), money_unit("预算数 (单位：元)"), money_unit("预算数")
    ('万元', '元', '')
    """
    found = _MONEY_UNIT.search(fold(text))
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Label:
    """A level label: its spelling, canonical category ("" for a first-level label) and first-level class."""

    text: str
    category: str
    level1: str


@derived
def _label_of() -> Callable[[str], Label | None]:
    known = {fold(e["label"]): Label(e["label"], e["category"], e["level1"]) for e in table("categories.tsv")}

    @lru_cache(_MANY)
    def look_up(text: str) -> Label | None:
        key = _BRACKETS.sub("", fold(_NUMBER.sub("", text.strip())))
        return known.get(key) or known.get(_CODE.sub("", key))

    return look_up


def label(text: str) -> Label | None:
    """Return the level label a cell consists of, or None.

    Examples
    --------
    >>> label("满意度指 标").category, label("社会效益 指标").level1, label("培训人次")
    ('满意度', '效益', None)
    """
    return _label_of()(text) if len(text) <= 40 else None


def unnumbered(name: str) -> str:
    """Return the name of an indicator without the number that the form prints in its place (``指标1：``).

    Examples
    --------
    >>> unnumbered("指标1：清淤长度"), unnumbered("1号闸清淤长度"), unnumbered("指标1：")
    ('清淤长度', '1号闸清淤长度', '指标1：')
    """
    number = _SLOT_NUMBER.match(name)
    return name[number.end() :] if number else name


def is_amount(text: str) -> bool:
    """Say whether a text is a quantity from end to end: a target value with a number in it, and nothing after it.

    Examples
    --------
    >>> [is_amount(text) for text in ("≥95百分比", "12月底前", "3年行动方案", "逐步健全")]
    [True, True, False, False]
    """
    if len(text) > 24:
        return False
    quantity = parse(text)
    if quantity.kind in ("wish", "placeholder", "empty") or quantity.end < len(text):
        return False
    return quantity.start == 0 or bool(quantity.period)


def label_in_front(text: str) -> tuple[Label, str] | None:
    """Split a category glued to a name, or return None if there is none.

    Only labels that end in 指标 are split off: 满意度 or 质量 open many a good name.

    Examples
    --------
    >>> label_in_front("效益指标参保次数")
    (Label(text='效益指标', category='', level1='效益'), '参保次数')
    """
    end = text.find("指标") + 2
    found = label(text[:end]) if 4 <= end < len(text) else None
    return (found, text[end:].lstrip(":：-— ")) if found else None


@derived
def _comparators() -> dict[str, str]:
    return {entry["form"]: entry["comparator"] for entry in table("comparators.tsv")}


def sign_of(text: str) -> str:
    """Return the sign that a cell of the sign column stands for, by code or by word, or "" (定性, 正向, 定量 …).

    Examples
    --------
    >>> sign_of("1"), sign_of("不低于"), sign_of("≤"), sign_of("正向")
    ('≥', '≥', '≤', '')
    """
    text = clean(text)
    if re.fullmatch("[≥≤><＞＜=＝]{1,2}", text):
        return text
    return SIGNS.get(text) or _comparators().get(text, "")


def period(text: str) -> str:
    """Return 总体 or 年度 where a header names the time it is for, else "".

    Examples
    --------
    >>> period("实施期目标（2026年—2028年）"), period("年度总体目标"), period("总体目标")
    ('总体', '年度', '总体')
    """
    key = fold(text)
    if re.search("实施期|中期|长期|项目期|周期", key):
        return "总体"
    if re.search("年度|当年|本年|年初|全年", key):
        return "年度"
    return "总体" if "总体" in key else ""
