"""What the words over a column or before a value mean: one table of synonyms (``headers.tsv``) for every form."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from perfscore.lexicon import derived, table
from perfscore.quantity import parse

__all__ = [
    "PERIODS",
    "SIGNS",
    "YES",
    "Columns",
    "Label",
    "clean",
    "find_header",
    "fold",
    "headers_down",
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
_HIGHEST = 2  # rows of a header below its first
SIGNS = {"1": "≥", "2": "＞", "3": "＝", "4": "＜", "5": "≤"}
"""Codes of 计算符号 in the national data standard (6 is 定性, which has no sign)."""
YES = frozenset({"1", "是", "true", "y"})
"""What marks a row of an export as deleted or as a backup; 2 means *not*."""
PERIODS = {"0": "年度", "1": "总体"}
"""Codes of ``yearflag``."""

_MARKUP = re.compile(r"\[bookmark:[^\]\n]*\]|</?[a-zA-Z][^<>\n]{0,40}>|^#+\s+|\*\*")
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


def _formula(match: re.Match[str]) -> str:
    inner = match[1]
    if not any(sign in inner for sign in _FORMULA_SIGNS):
        return match[0]
    for sign, char in _FORMULA_SIGNS.items():
        inner = inner.replace(sign, char)
    return inner


@lru_cache(_MANY)
def clean(text: str) -> str:
    """Return the text of a cell without markup and without the white space that wrapping and aligning left in it.

    Examples
    --------
    >>> clean("≥95 百分 比"), clean("<b>指 标 值</b>"), clean("Windows  Server 版"), clean(r"$\\geq 90\\%$")
    ('≥95百分比', '指标值', 'Windows Server版', '≥90%')
    """
    text = _FORMULA.sub(_formula, _MARKUP.sub("", text.strip())).replace("\ufeff", "").replace("\u200b", "")
    return " ".join(_WRAP.sub("", text).split())


@lru_cache(_MANY)
def fold(text: str) -> str:
    """Return a header for matching: NFKC, no blanks, no leading asterisk or trailing colon, lower case.

    Examples
    --------
    >>> fold("*三 级 指 标："), fold("指标值（Ａ）")
    ('三级指标', '指标值(a)')
    """
    text = unicodedata.normalize("NFKC", _MARKUP.sub("", text))
    return re.sub(r"\s+", "", text).lstrip("*#").rstrip(":;,、").lower()


@derived
def _role_of() -> Callable[[str, str], str]:
    known: dict[str, dict[str, str]] = {"table": {}, "head": {}}
    for entry in table("headers.tsv"):
        known[entry["scope"]].setdefault(fold(entry["header"]), entry["role"])

    @lru_cache(_MANY)
    def look_up(text: str, scope: str) -> str:
        key = fold(text)
        bare = _BRACKETS.sub("", key)
        forms = (
            key,
            bare,
            key.removeprefix("绩效"),
            _YEAR.sub("", key),
            _YEAR.sub("", bare),
            re.sub(r"^其中:?", "", bare),
            bare.rstrip(":"),
        )
        return next((known[scope][form] for form in forms if form in known[scope]), "")

    return look_up


def role(text: str, scope: str) -> str:
    """Return what a header (``scope="table"``) or the label before a value (``scope="head"``) stands for, or ``""``.

    Examples
    --------
    >>> role("2024年指标值（A）", "table"), role("其中：财政 资金", "head"), role("随便什么", "table")
    ('value', 'fiscal', '')
    """
    return _role_of()(text, scope) if len(text) <= 60 else ""


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


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: the role of each, its header as printed, and 总体 or 年度 where the header tells."""

    roles: tuple[str, ...]
    names: tuple[str, ...]
    periods: tuple[str, ...] = ()


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


def _read(cells: Sequence[str]) -> list[str]:
    """The roles of header cells; ``a?b`` is a where no cell before or beside it is one, else b."""
    found = [role(cell, "table") or _last_line(cell) for cell in cells]
    for i, one in enumerate(found):
        wanted, _, otherwise = one.partition("?")
        if otherwise and wanted != "operator":
            found[i] = otherwise if wanted in found else wanted
            if wanted == "name" in found[i + 1 :] and {"level1", "level2"} & set(found[i + 1 :]):
                found[i] = "other"  # the label of the whole block, merged down beside its rows
    return found


def _last_line(cell: str) -> str:
    """The role of a header cell into which a table without lines put the one above: its last line says more."""
    roles = [role(line, "table") for line in cell.splitlines()]
    return roles[-1] if roles and all(roles) else ""


def _is_header(roles: Sequence[str]) -> bool:
    kinds = set(roles) - {""}
    levels = kinds & {"level1", "level2"}
    return "name" in kinds and ("value" in kinds or len(levels) == 2) and len(kinds) >= 3


def _with_heads(cells: Sequence[str], roles: list[str]) -> list[str]:
    """Columns that name the project beside each row (项目名称, 绩效目标 …) take their role from the head words."""
    return [
        (found if found and not (found == "unit" and i < roles.index("name")) else role(cell, "head"))
        for i, (cell, found) in enumerate(zip(cells, roles, strict=True))
    ]


def _spread(top: list[str], under: Sequence[str]) -> list[str]:
    """Repeat the header cell that spans the cells below it, where extraction left one cell for a merged one."""
    filled = [i for i, cell in enumerate(under) if cell.strip()]
    more = len(under) - len(top)
    if more < 1 or len(filled) != more + 1 or filled[-1] - filled[0] != more or filled[0] >= len(top):
        return top
    at = filled[0]
    return [*top[:at], *[top[at]] * (more + 1), *top[at + 1 :]]


def find_header(rows: Sequence[Sequence[str]], at: int = 0) -> tuple[Columns, int] | None:
    """Recognise the header of an indicator table that starts at row ``at``; return its columns and its height (1 to 3).

    A row below (符号 | 值 | 单位 under 指标值, 前年 | 上年 under 近两年指标值) overrides the one above where it says more.

    Examples
    --------
    >>> columns, height = find_header([["一级指标", "二级指标", "三级指标", "指标值", "指标值确定依据"]])
    >>> columns.roles, height
    (('level1', 'level2', 'name', 'value', 'basis'), 1)
    """
    top = list(rows[at])
    found: Columns | None = None
    height = 0
    while height < _HIGHEST:
        under = list(rows[at + height + 1]) if at + height + 1 < len(rows) else []
        more = _with_row_below(_spread(top, under), under)
        if not more:
            break
        found, top, height = more, list(more.names), height + 1
    if found:
        return found, height + 1
    roles = _read(top := _spread(top, list(rows[at + 1]) if at + 1 < len(rows) else []))
    if not _is_header(roles):
        return None
    return Columns(tuple(_with_heads(top, roles)), tuple(top), tuple(period(cell) for cell in top)), 1


def _with_row_below(top: Sequence[str], under: Sequence[str]) -> Columns | None:
    """The columns that two rows of a header make together; None if the lower row is no part of it."""
    roles = _read(top)
    if not (under and any(roles) and len(under) == len(top)):
        return None
    leaf = [role(cell, "table") for cell in under]
    says_more = [i for i, found in enumerate(leaf) if found and fold(under[i]) != fold(top[i])]
    strange = [i for i, cell in enumerate(under) if cell.strip() and not leaf[i] and fold(cell) != fold(top[i])]
    if not says_more or strange or any(label(cell) for cell in under):
        return None
    both = _read([under[i] if leaf[i] else top[i] for i in range(len(top))])
    beside = any(
        one in ("level1", "level2") and fold(cell) in ("", fold(above))
        for one, cell, above in zip(roles, under, top, strict=True)
    )
    above = [period(cell) for cell in top if cell.strip()]
    if not _is_header(both) or not (beside or not _is_header(leaf) or (len(set(above)) > 1 and all(above))):
        return None
    names = [under[i] if leaf[i] else top[i] for i in range(len(top))]
    times: list[str] = []
    for cell in top:  # a blank one was merged with the cell on its left
        times.append(period(cell) if cell.strip() or not times else times[-1])
    periods = tuple(period(cell) or time for cell, time in zip(under, times, strict=True))
    return Columns(tuple(_with_heads(names, both)), tuple(names), periods)


def headers_down(rows: Sequence[Sequence[str]]) -> int:
    """Return how many indicators stand side by side in a table whose header runs down its left side; 0 if it is none.

    Examples
    --------
    >>> table = [["一级指标", "产出指标", "效益指标"], ["三级指标", "清淤长度", "受益人口"], ["指标值", "≥3公里", "≥9人"]]
    >>> headers_down(table), headers_down(list(zip(*table)))
    (2, 0)
    """
    for at in range(2):
        down = [row[at] if at < len(row) else "" for row in rows]
        roles = _read(down) if any(role(cell, "table").startswith("name") for cell in down) else []
        if not _is_header(roles):
            continue
        named = {one: [clean(cell) for cell in row[at + 1 :]] for one, row in zip(roles, rows, strict=True) if one}
        shown = [cell for one in ("level1", "level2") for cell in named.get(one, []) if label(cell)]
        if shown and any(map(is_amount, named.get("value", []))):
            return sum(bool(cell) for cell in named["name"])
    return 0
