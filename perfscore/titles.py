"""What opens a target table: its title, or a numbered heading that names the project."""

import re
from dataclasses import dataclass

from perfscore.headers import clean, fold, period
from perfscore.lexicon import derived, table

__all__ = ["Title", "find_title", "heading_name", "year_of"]

_NUMBER = re.compile(
    r"^(?:第?[一二三四五六七八九十百]+[、.．]|[(（][一二三四五六七八九十\d]+[)）]|\d{1,3}[、.．:：)）](?!\d)"
    r"|(?:附件|附表|表)[\d一二三四五六七八九十.\-—]*[:：、\s])\s*"
)
_CONTENTS = re.compile(r"[.·…]{2,}\s*\d*\s*$|\t\s*\.?\s*[\dlIO]{1,3}(?:[\t\s]*\d)*\s*$|\.\s*\d{1,3}\s*$")
_SENTENCE = re.compile("[。；]|^(?:根据|按照|现将|现公开|详见|参照|为了?)|如下")
_GENERIC = re.compile(  # words before 绩效目标表 that name no project
    r"(?:.*[省市县区州旗])?(?:20\d\d年?度?)?(?:[本省市县区][级直])?(?:部门)?(?:预算)?(?:专项|项目|政策及项目|部门|财政)?(?:支出|预算|资金|入库)?(?:年度)?"
)
_PERIOD = re.compile("(?:项目)?(?:中?长期|中期|实施期|总体|年度|当年|本年度?)")  # words that tell one of two tables
_YEAR = re.compile(r"(20[0-4]\d)\s*年?")


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a table: the project it names ("" if none), its kind (project, unit, library), and its period where
    the form has a table for each."""

    name: str
    kind: str
    period: str = ""


@derived
def _titles() -> list[tuple[str, str]]:
    return sorted(((fold(e["title"]), e["kind"]) for e in table("titles.tsv")), key=lambda e: -len(e[0]))


def find_title(text: str) -> Title | None:
    """Recognise the title of a table; sentences and lines of a table of contents are none.

    Examples
    --------
    >>> find_title("3、河道清淤费绩效目标表"), find_title("项目支出绩效目标申报表（2023年度）").name
    (Title(name='河道清淤费', kind='project', period=''), '')
    >>> find_title("3、河道清淤费绩效目标表........12"), find_title("根据要求，现公开项目绩效目标表")
    (None, None)
    """
    if len(text) > 160 or _CONTENTS.search(text) or "\t" in text.strip():
        return None
    bare = re.sub(r"[(（][^()（）]*[)）]$", "", _NUMBER.sub("", clean(text)))
    key = fold(bare)
    words, kind = next((entry for entry in _titles() if key.endswith(entry[0])), ("", ""))
    if not words or _SENTENCE.search(bare):
        return None
    front = bare[: len(bare) - len(words)] if len(key) == len(bare) else key[: len(key) - len(words)]
    name = re.sub(r"^(?:20\d\d年度?)", "", front).strip('《》“”"')
    if _PERIOD.fullmatch(name):
        return Title("", kind, period(name))
    return Title("" if _GENERIC.fullmatch(name) else name, kind)


def heading_name(text: str) -> str:
    """Return the project that a short numbered heading names (``3、河道清淤费``), or "".

    Examples
    --------
    >>> heading_name("3、河道清淤费"), heading_name("三、工作保障措施"), heading_name("3.完成清淤，保障行洪。")
    ('河道清淤费', '', '')
    """
    bare = clean(text)
    number = re.match(r"(?:\d{1,3}[、.．]|[(（][\d一二三四五六七八九十]+[)）])(?!\d)", bare)
    if not number or len(bare) > 50 or re.search("[，。；：！]", bare):
        return ""
    return bare[number.end() :].removesuffix("绩效目标")


def year_of(text: str) -> int | None:
    """Return the budget year a title or label names: ``2023`` for ``2023年度``."""
    match = _YEAR.search(text)
    return int(match[1]) if match else None
