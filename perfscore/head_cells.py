"""What a cell or line of a head says by itself: a label and its value, a code and a name, an amount of money."""

import re

from perfscore.headers import clean, role
from perfscore.titles import heading_name

__all__ = [
    "MONEY",
    "NUMBER",
    "UNIT",
    "is_labelled",
    "label_and_value",
    "money",
    "split_code",
    "split_project_code",
]

MONEY = ("budget", "fiscal", "other_money")
UNIT = re.compile(r"(?:单位|金额单位|部门|金额)[:：(（]?(?:人民币)?(万元|亿元|元)[)）]?")
_AND_MORE = re.compile(r"\s*(?:[，,；;。]|(?=其中|[(（])).*", re.DOTALL)  # 50万元，其中：财政拨款50万元
_AMOUNT = re.compile(r"(-?\d[\d,，]*(?:\.\d+)?)\s*(万元|亿元|元|万)?")
_LABELLED_AMOUNT = re.compile(rf"([^\d-]*?)\s*({_AMOUNT.pattern})\s*", re.DOTALL)  # 其他资金 860.00
_FACTOR = {"元": 1.0, "万元": 1e4, "万": 1e4, "亿元": 1e8}
NUMBER = re.compile(r"^\s*(?:[(（]?[一二三四五六七八九十]+[)）、.．]|[(（]?\d{1,2}(?:[)）、]|[.．](?!\d)))")
_CODE = re.compile(r"[\[【(（]?([0-9A-Za-z]{3,})[\]】)）]?[-—]?(?=[\u4e00-\u9fff])")
_PROJECT_CODE = re.compile(r"[\[【(（]?([0-9]{6}[0-9A-Za-z]{4,})(?:[\]】)）][-—_]?|[-—_]|(?=[\u4e00-\u9fff]))(?=\S)")
_LABELLED = re.compile(r"[\u4e00-\u9fff（）()]{2,14}[:：]")


def money(text: str, unit: str) -> float | None:
    """Return the amount that a cell begins with in 元; ``unit`` counts where the cell names none.

    None if there is no amount or no unit. What the amount consists of may follow it.
    """
    bare = re.sub("^(?:人民币)?[￥¥]?", "", clean(text))
    match = _AMOUNT.match(bare)
    if not match or not (match.end() == len(bare) or _AND_MORE.fullmatch(bare, match.end())):
        return None
    factor = _FACTOR.get(match[2] or unit)
    # rounded to the fen: 0.07 万元 is 700 元, not 700.0000000000001
    return None if factor is None else round(float(re.sub("[,，]", "", match[1])) * factor, 2)


def is_labelled(text: str) -> bool:
    """Say whether a line of text begins with a label and a colon, or is but the heading of a part of the form.

    Examples
    --------
    >>> is_labelled("（二）预算安排：本年安排5万元"), is_labelled("四、绩效指标"), is_labelled("2.清淤3公里。")
    (True, True, False)
    """
    bare = NUMBER.sub("", clean(text))
    return not heading_name(text) and bool(_LABELLED.match(bare) or role(bare, "table") or role(bare, "head"))


def split_code(text: str) -> tuple[str, str]:
    """Part ``[431001]name``, ``431001-name`` or ``431001name`` into code and name.

    Examples
    --------
    >>> split_code("[431001]云河县水务局"), split_code("云河县水务局")
    (('431001', '云河县水务局'), ('', '云河县水务局'))
    """
    return _parted(_CODE.match(text), text)


def split_project_code(text: str) -> tuple[str, str]:
    """Part the code of a project from the name it is printed before; a code has ten characters and more.

    Examples
    --------
    >>> split_project_code("[37061124T000012345]河道清淤"), split_project_code("2026年河道清淤")
    (('37061124T000012345', '河道清淤'), ('', '2026年河道清淤'))
    """
    return _parted(_PROJECT_CODE.match(text), text)


def _parted(code: re.Match[str] | None, text: str) -> tuple[str, str]:
    return (code[1], text[code.end() :]) if code else ("", text)


def label_and_value(text: str) -> tuple[str, str]:
    """Part a head cell into the role of its label and the value printed behind a colon; either may be "".

    Examples
    --------
    >>> label_and_value("项目名称：清淤"), label_and_value("其他资金 8.60"), label_and_value("单位：万元")
    (('project_name', '清淤'), ('other_money', '8.60'), ('', '单位：万元'))
    """
    if UNIT.fullmatch(clean(text)):
        return "", text
    key = role(text, "head")
    if key:
        return key, ""
    front, colon, rest = text.partition("：") if "：" in text else text.partition(":")
    if colon and len(front) <= 20:
        inner = re.match(r"\s*(财政拨款|财政资金|其他资金)\s*[:：]?(.*)", rest)
        if front.strip() == "其中" and inner:
            return role(inner[1], "head"), inner[2]
        key = role(front, "head")
        if key and rest.strip():
            return key, rest
    amount = _LABELLED_AMOUNT.fullmatch(text) if len(text) <= 60 else None
    if amount and role(amount[1], "head") in MONEY:
        return role(amount[1], "head"), amount[2]
    return "", text
