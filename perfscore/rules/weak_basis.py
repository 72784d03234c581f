"""A basis that names no rule, plan, document, record or data."""

import re

import numpy as np

from perfscore import lexicon
from perfscore.config import Config
from perfscore.distinct import Rows
from perfscore.names import bare, measure
from perfscore.peers import Marks
from perfscore.records import AS_IS, Hit, Row
from perfscore.rules.registry import rule

NOTHING = "依据没有指向任何文件、计划、合同或数据"
WORDS = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]")
# A named document, or a year with something that is counted, is a basis whatever else the cell says.
NAMED = re.compile(
    r"[《〔【]|\d{4}年|[\d一二三四五六七八九十百]+[号条]|[A-Z]{2,}[ /]?[A-Z]?\s?\d"
    r"|(?<!代)表$|(?<![意企])图$|(?<![水仓车])库$|[书册单价证]$|(?<![政司执方立做想看用手])法(?=$|[、，,；;和及])"
)
# Words that say whose and what kind, of which no document can be found.
UNNAMED = re.compile(
    "(?:国家|中央|[省市县区]级?|地方|上级|各级|主管|部门|单位|领导|相关|有关|现行|的|和|及|政策|文件|法规|规定|要求|精神|指示|安排|部署)+"
)

# What was reached before, or is reached elsewhere, is a standard although it is called as the indicator is.
REACHED = re.compile("上年|上一年|上年度|去年|往年|历年|历史|同期|近.{1,2}年|前.{1,2}年|全[国省市县区]|行业|同类|周边")


@lexicon.derived
def _cues() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(lexicon.words("basis_cues.tsv")))))


def _may_be_weak(rows: Rows, _: Config) -> Marks:
    """Rows whose basis is at fault, or a text that is the name or the description of some row."""
    told = {cell: rows.asked(cell, bare) for cell in ("name", "description")}
    texts, bases = {text for column in told.values() for text in column.cells}, rows.asked("basis", _read)
    said = np.array([bool(fault) or text in texts for text, fault in bases.cells], bool)
    return said[bases.codes]


@rule(
    "PS503",
    defect="weak_basis",
    severity="minor",
    criterion="实现可能性",
    opinion="11",
    reads={"name": AS_IS, "description": AS_IS, "basis": AS_IS},
    among=_may_be_weak,
)
def check(row: Row) -> list[Hit] | None:
    """指标值确定依据空泛

    依据：财预〔2021〕101号要求写明取值依据：计划标准、行业标准、历史标准、预算支出标准，或具体文件、合同、数据。
    反例：依据“上级考核”“工作安排”，或把指标名称又抄一遍。
    正例：依据“《××县农村公路养护管理办法》”“2023年实际完成数”“问卷调查”。
    建议：写出文件名称和文号、合同、历史数据年份或调查方式，让人能去核对。
    """
    if row.basis is None:
        return None
    text, fault = _read(row.basis)
    if text and text in (bare(row.name), bare(row.description or "")):
        return [Hit("依据只是把指标又抄了一遍", "basis")]
    return [Hit(fault, "basis")] if fault else []


@lexicon.cached
def _read(basis: str) -> tuple[str, str]:
    """Return the words of a basis that names no document, and what is wrong with it on whatever row it stands."""
    text = bare(basis).strip("“”\"'、，,")
    if not WORDS.search(text):
        return "", "没有写依据"
    if NAMED.search(text):
        return "", ""
    if text in lexicon.words("weak_bases.tsv") or UNNAMED.fullmatch(text):
        return text, NOTHING
    found = measure(text)
    if found and found.dimension == "share" and not REACHED.search(text):
        return text, "依据写成了另一个指标"
    return text, "" if _cues().search(text) else NOTHING
