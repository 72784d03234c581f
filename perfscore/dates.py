"""Deadlines as officials write them.

2024年12月31日前, 6月30日, 12月底前, 年底前, 第三季度, 2024年1-12月, 2024.06.30, 20241231.
"""

import re
from typing import NamedTuple

from perfscore.numerals import read

__all__ = ["Deadline", "read_deadline", "write_deadline"]

_YEAR = r"(?:(?:19|20)[0-9]{2}(?![0-9])|二[〇零][〇零一二三四五六七八九]{2})"
_MONTH = r"(?:1[0-2]|0?[1-9](?![0-9])|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])(?![0-9])"
_PART = (
    r"(?P<nth>第)?(?P<quarter>[1-4一二三四])季度|(?P<half>[上下])半年"
    r"|(?P<end>年?[底末终]|年?内(?![容部外控涵])|年中(?![秋央心国期小]))"
)
_DATE = re.compile(
    rf"(?:(?P<year>{_YEAR})(?:年度?|(?P<dash>[-./]))|(?P<this>[当本]年度?))?"
    rf"(?:{_PART}|(?P<month>{_MONTH})(?:(?P<yue>月)份?|(?(dash)(?:(?P=dash)|(?![0-9]))|(?!)))(?:(?P<day>{_DAY})(?P<ri>[日号])?(?!月))?)?"
    r"(?P<late>月?[底末]|[初中]|[上中下]旬)?"
    r"(?P<tail>之?前|以前|[以之]?内(?![容部外控涵])|为?止|之?后|以后|起)?"
)
# the beginning of a period (1月1日至, 2021-, 1-): of it only the year counts, if the end has none
_SINCE = re.compile(rf"(?:(?P<year>{_YEAR})年?)?(?:{_MONTH}月?(?:{_DAY}[日号]?)?)?(?:[-~—–]+|至|到)")
_UNTIL = re.compile(rf"(?:{_MONTH}月?)?(?:[-~—–]+|至|到)")
_DAY_BEFORE = re.compile(rf"(?P<day>{_DAY})[日号](?:之?前|以前)")
_COMPACT = re.compile(r"(?P<year>20[0-9]{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12][0-9]|3[01])(?![0-9])前?")
_DURATION_AFTER = re.compile(r"(?:及|\(含\))?以[上下]|左右|[/·]")
_DONE = re.compile(r"(?:[,底前]|全部|全面|按期|如期)?(?:完成|完工|竣工|建成|交付|结束)(?![率量数情的])")
_DAYS_IN = dict(zip(range(1, 13), (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))


class Deadline(NamedTuple):
    """A date read from a text.

    ``iso`` is as much of an ISO date as is printed; ``bare`` says that a month or quarter stands alone (3月), which
    after a comparator means three months; ``firm`` that the words show a deadline (前, 内, 完成) and not just any date.
    """

    iso: str
    comparator: str
    end: int
    bare: bool
    firm: bool


def _number(text: str) -> int:
    if text[0] == "二" and len(text) == 4:
        return int("".join(str("〇一二三四五六七八九".index(c.replace("零", "〇"))) for c in text))
    number = read(text)
    return int(number.low) if number else 0


def _year(iso: str) -> str:
    return iso[:4] if iso[:4].isdigit() and len(iso) >= 4 else ""


def _iso(year: str | None, month: int | None, day: str | None) -> str:
    if month and day and int(day) > _DAYS_IN[month]:
        return ""
    parts = (year and f"{_number(year):04d}", month and f"{month:02d}", day and f"{int(day):02d}")
    return "-".join(part for part in parts if part)


def _month(match: re.Match[str]) -> int | None:
    if match["month"]:
        return _number(match["month"])
    if match["quarter"]:
        return 3 * _number(match["quarter"])
    if match["half"]:
        return 6 if match["half"] == "上" else 12
    if match["end"]:
        return 6 if match["end"].endswith("中") else 12
    return None


def _printed(match: re.Match[str]) -> bool:
    """Whether what matched is a date: not every choice of its parts is one."""
    year, month, day = match["year"], match["month"], match["day"]
    if match["dash"]:
        return bool(month) and (bool(day) or bool(match["tail"] or match["late"])) and (not day or not match["yue"])
    if month:
        return bool(match["yue"]) and (not day or bool(match["ri"]) or bool(match["tail"]))
    if match["end"]:
        return match["end"].startswith("年") or bool(year or match["this"])
    return bool(year or match["quarter"] or match["half"] or match["this"])


def _one(text: str, at: int) -> Deadline | None:
    match = _DATE.match(text, at)
    if not match or match.end() == at or not _printed(match):
        return None
    year, tail = match["year"], match["tail"] or ""
    iso = _iso(year, _month(match), match["day"]) or ("12" if match["this"] else "")
    alone = match["month"] or (match["quarter"] and not match["nth"])
    bare = bool(alone) and not (year or match["day"] or match["late"])
    if not iso or (bare and (tail.endswith("内") or _DURATION_AFTER.match(text, match.end()))):
        return None
    within = tail or (match["end"] or "")[-1:]
    comparator = {"前": "≤", "内": "≤", "止": "≤", "后": "≥", "起": "≥"}.get(within[-1:], "")
    firm = bool(comparator or _DONE.match(text, match.end()))
    return Deadline(iso, comparator, match.end(), bare and not tail, firm)


def read_deadline(text: str, at: int) -> Deadline | None:
    """Read the date that begins at a place of a folded text without white space; of a period, its end.

    Returns
    -------
    the date, or ``None`` if there is none at that place

    Examples
    --------
    >>> read_deadline("2024年12月底前完成", 0)
    Deadline(iso='2024-12', comparator='≤', end=10, bare=False, firm=True)
    >>> read_deadline("第三季度", 0).iso, read_deadline("2024年1-12月", 0).iso
    ('09', '2024-12')
    >>> read_deadline("30天", 0) is None
    True
    """
    if match := _DAY_BEFORE.match(text, at):
        return Deadline(f"---{int(match['day']):02d}", "≤", match.end(), bare=False, firm=True)
    if match := _COMPACT.match(text, at):
        iso, tail = _iso(match["year"], int(match["month"]), match["day"]), match[0].endswith("前")
        return Deadline(iso, "≤" if tail else "", match.end(), bare=False, firm=tail) if iso else None
    first = _one(text, at)
    since = _UNTIL.match(text, first.end) if first else _SINCE.match(text, at)
    last = _one(text, since.end()) if since else None
    if since is None or last is None:
        return first
    year = _year(first.iso) if first else _year(since["year"] or "")
    iso = last.iso if _year(last.iso) or not year else f"{year}-{last.iso}"
    return last._replace(iso=iso, bare=False)


def write_deadline(iso: str) -> str:
    """Write the date of a ``Deadline`` in words; ``read_deadline`` gives it back.

    Examples
    --------
    >>> write_deadline("2024-12-31"), write_deadline("12"), write_deadline("---10")
    ('2024年12月31日', '12月底', '10日')
    """
    if iso.startswith("---"):
        return f"{int(iso[3:])}日"
    parts = [int(part) for part in iso.split("-")]
    year = f"{parts.pop(0)}年" if parts[0] > 12 else ""
    if len(parts) == 1 and not year:
        return f"{parts[0]}月底"
    return year + "".join(f"{part}{unit}" for part, unit in zip(parts, "月日", strict=False))
