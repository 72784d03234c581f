"""A description that only repeats the name."""

import re

import numpy as np

from perfscore.config import Config
from perfscore.distinct import Rows
from perfscore.names import bare
from perfscore.overlap import overlap
from perfscore.peers import Marks
from perfscore.records import AS_IS, Hit, Row
from perfscore.rules.registry import rule
from perfscore.text import ngrams, searches
from perfscore.wording import adds_words, content, telling_words

# A description that says what is divided by what is a definition, whatever words it uses.
COUNTED = re.compile(r"占|除以|÷|/|之比|比值|与.+的比|×|公式")

DIGIT = re.compile(r"\d")
# When or how often something is done.
WHEN = re.compile("每[个半]?(?:年|学年|学期|季|月|周|日|天)|[年季月旬](?:初|中|末|底)")


def _may_repeat(rows: Rows, _: Config) -> Marks:
    """Rows whose description is the name, or does not say how it is counted and has no telling word without a character of it."""
    names, bared, descriptions = rows.asked("name", bare), rows.asked("description", bare), rows.column("description")
    place = {name: at for at, name in enumerate(names.cells)}
    same = np.array([place.get(text, -1) for text in bared.cells], np.int64)[bared.codes]
    told, words = telling_words([cell or "" for cell in descriptions.cells])
    said = told.take(descriptions.codes)
    line = np.repeat(np.arange(len(rows)), said.lengths)
    new = line[~overlap(names.cells, words, (names.codes[line], said.items), 1)]
    adds = np.bincount(new, minlength=len(rows)) > 0
    return np.asarray((same == names.codes) | ~(adds | rows.marks("description", _says_how)))


@searches(COUNTED)
def _says_how(description: str) -> str:
    return description


@rule(
    "PS104",
    defect="tautology",
    severity="minor",
    criterion="明确清晰性",
    opinion="11",
    reads={"name": AS_IS, "description": AS_IS},
    among=_may_repeat,
)
def check(row: Row) -> list[Hit] | None:
    """描述与名称相同

    依据：财预〔2021〕101号要求指标解释写明概念、计算公式和数据口径；88号审核表“明确清晰性”。
    反例：三级指标“管网漏损率”，描述“管网漏损率情况”。
    正例：三级指标“管网漏损率”，描述“年度漏损水量占供水总量的比例”。
    建议：描述写怎样统计：分子分母、对象范围、时间口径、数据来源。
    """
    if not row.description or not row.name:
        return None
    if bare(row.description) == bare(row.name):
        return [Hit("描述与名称完全相同", "description")]
    new = (*DIGIT.findall(row.description), *WHEN.findall(row.description))
    if _says_how(row.description) or any(told not in row.name for told in new):
        return []
    if adds_words(row.description, row.name):
        return []
    if content(row.description) or set(ngrams(bare(row.description), 2)) & set(ngrams(bare(row.name), 2)):
        return [Hit("描述只是把名称换个说法，没有新的信息", "description")]
    return []
