"""What opens a target table: its title, or a numbered heading that names the project."""

import re
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from perfscore.headers import clean, fold, label, period, role
from perfscore.lexicon import derived, table

__all__ = [
    "Title",
    "find_title",
    "heading_name",
    "line_name",
    "starts_section",
    "undated",
    "undated_all",
    "year_of",
]

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
_GOES_ON = re.compile(r"[(（](?:续|接上)[^()（）]*[)）]|^续(?:表[：:]?|[：:])\s*")
_ORDINAL = re.compile(r"(?:项目|政策)[一二三四五六七八九十\d]{1,3}[:：、.．]")
_NO_NAME = re.compile(  # the form speaks of itself, the line only says that a table goes on, or who drew it up
    r"(?:附[件表]|表|续|接上|第)[\d一二三四五六七八九十\-—.]*(?:[表页章部].*)?"
    r"|.*(?:表|指标|目标|情况|说明|目录|公开|资料|预算|附件|续[)）]?|盖章[)）]?|[局厅委部]|委员会|政府|办公室)"
    r"|[^\u4e00-\u9fff]*(?:20\d\d年[\d年月日]*)?(?:[第共]?\d+[页张])*[^\u4e00-\u9fff]*|[(（][^()（）]*[)）]"
)

# The years of a name, in a pattern that re and RE2 understand alike: in brackets, followed by 年, or bare at an end of the
# name. What is not a year stands in a group and stays; the number of a document (〔2024〕15号) is none.
_SPAN = r"(?:20[0-9]{2}(?:学?年度?)?[-~—至到/、])?20[0-9]{2}"
_YEARS = (
    rf"[(\[【〔]{_SPAN}(?:学?年度?)?[)\]】〕]([^0-9]|$)"
    rf"|{_SPAN}学?年度?[-—_:]*"
    rf"|^{_SPAN}[-—_:]*([^0-9]|$)"
    rf"|([^0-9])[-—_:]*{_SPAN}$"
)
_UNDATED = re.compile(_YEARS)
_KEPT = r"\1\2\3"


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a table: the project it names ("" if none), its kind (project, unit, library), its period where the
    form has a table for each, its year; and whether it says that a table goes on (``（续）``)."""

    name: str
    kind: str
    period: str = ""
    year: int | None = None
    goes_on: bool = field(default=False, compare=False)


@derived
def _titles() -> list[tuple[str, str]]:
    return sorted(((fold(e["title"]), e["kind"]) for e in table("titles.tsv")), key=lambda e: -len(e[0]))


def find_title(text: str) -> Title | None:
    """Recognise the title of a table; sentences and lines of a table of contents are none.

    Examples
    --------
    >>> find_title("3、河道清淤费绩效目标表").name, find_title("项目支出绩效目标申报表（2023年度）").year
    ('河道清淤费', 2023)
    >>> find_title("3、河道清淤费绩效目标表........12"), find_title("根据要求，现公开项目绩效目标表")
    (None, None)
    """
    if len(text) > 160 or _CONTENTS.search(text) or "\t" in text.strip():
        return None
    whole = _NUMBER.sub("", clean(text))
    goes_on = bool(_GOES_ON.search(whole))
    whole = _GOES_ON.sub("", whole)
    bare = re.sub(r"[(（][^()（）]*[)）]$", "", whole)
    key = fold(bare)
    words, kind = next((entry for entry in _titles() if key.endswith(entry[0])), ("", ""))
    if not words or _SENTENCE.search(bare):
        return None
    front = bare[: len(bare) - len(words)] if len(key) == len(bare) else key[: len(key) - len(words)]
    name = re.sub(r"^(?:20\d\d年度?)", "", front).strip('《》“”"')
    if _PERIOD.fullmatch(name):
        return Title("", kind, period(name), goes_on=goes_on)
    named = "" if _GENERIC.fullmatch(name) else name
    # the year in the name of a project may be that of the money
    years = set(re.findall(r"20[0-4]\d(?=年)", whole[len(bare) :] if named else whole))
    return Title(named, kind, "", int(years.pop()) if len(years) == 1 else None, goes_on)


def heading_name(text: str) -> str:
    """Return the project that a short numbered heading names (``3、河道清淤费``), or "".

    Examples
    --------
    >>> heading_name("3、河道清淤费"), heading_name("三、工作保障措施"), heading_name("3.完成清淤，保障行洪。")
    ('河道清淤费', '', '')
    >>> heading_name("项目一：河道清淤费"), heading_name("（四）绩效指标")
    ('河道清淤费', '')
    """
    bare = clean(text)
    number = re.match(r"(?:\d{1,3}[、.．]|[(（][\d一二三四五六七八九十]+[)）])(?!\d)", bare) or _ORDINAL.match(bare)
    if not number or len(bare) > 50 or re.search("[，。；：！]", bare[number.end() :]):
        return ""
    name = bare[number.end() :].removesuffix("绩效目标")
    return "" if label(name) or name.endswith("指标") else name


def line_name(text: str) -> str:
    """Return the project that a short line above a table may name, with a number or without, or "".

    Only several such lines in a document show that they name projects: one alone may be any heading.

    Examples
    --------
    >>> line_name("一、河道清淤费"), line_name("河道清淤费"), line_name("一、产出指标"), line_name("2026年项目绩效目标")
    ('河道清淤费', '河道清淤费', '', '')
    """
    bare = _NUMBER.sub("", _ORDINAL.sub("", clean(text))).removesuffix("绩效目标")
    if not 2 <= len(bare) <= 50 or re.search("[，。；：！？:;!?]", bare) or label(bare):
        return ""
    form = role(bare, "head") or role(bare, "table") or _NO_NAME.fullmatch(bare) or _GENERIC.fullmatch(bare)
    return "" if form else bare


def starts_section(text: str) -> bool:
    """Say whether a line opens a section: ``二、护岸费``.

    Examples
    --------
    >>> starts_section("二、护岸费"), starts_section("（二）护岸费")
    (True, False)
    """
    return bool(re.match("第?[一二三四五六七八九十]+[、.．]", clean(text)))


def year_of(text: str) -> int | None:
    """Return the budget year a title or label names: ``2023`` for ``2023年度``."""
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def undated(name: str) -> str:
    """Return the folded name of a project without the years it is for, so that it is found in another year.

    Examples
    --------
    >>> [undated(name) for name in ("2024年清淤费", "清淤费(2024-2025年度)", "青岚县2024年清淤费", "清淤费2024")]
    ['清淤费', '清淤费', '青岚县清淤费', '清淤费']
    >>> undated("清淤费(2024)15号"), undated("2024年度")
    ('清淤费(2024)15号', '')
    """
    return _UNDATED.sub(_KEPT, name) if "20" in name else name


def undated_all(names: pa.Array) -> pa.Array:
    """Return what ``undated`` says of many names."""
    return pc.replace_substring_regex(names, _YEARS, _KEPT)
