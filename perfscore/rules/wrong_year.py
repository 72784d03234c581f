"""A year in a row that is not the year of the budget."""

import re

import numpy as np

from perfscore.config import Config
from perfscore.peers import Marks, Peers
from perfscore.records import Hit, Project, Row
from perfscore.rules.registry import rule
from perfscore.text import searches

YEAR = re.compile(r"(?<![\d〔\[(《-])(20\d{2})(?=年)")
# Years that belong to a document, a plan, a comparison or an earlier event say nothing about the year of the table.
ELSEWHERE = re.compile(
    r"《[^》]*》"
    r"|20\d{2}\s*年?度?(\d{1,2}月)?(\d{1,2}日)?\s*[-—至到~、和]+\s*20\d{2}(年度?[、和]20\d{2})*"
    r"|(较|比|与|[高低优少大小始]于|超过|同比|达到|保持|对照|参照|参考|按照?|依据|根据|以|自|从|由|截至|截止)20\d{2}年"
    r"|20\d{2}年度?末?的?(实际|水平|基数|基期|基准|平均|同期|数据|底数|决算|增长|以来|起|至今|[入毕休级届版])"
    r"|20\d{2}年[^,，。;；、]{0,12}?(合同|签订|签约|中标|尾款|质保|欠|结转|续建|债|利息|贷款|开工|竣工|完工"
    r"|建成|购置的|投入使用|立项|批复|下达|印发|文件|通知|规划|方案|普查|修订)"
)


@searches(re.compile(r"\d{4}"))
def _says_year(text: str) -> str:
    return text


def _may_be_old(corpus: Peers, _: Config) -> Marks:
    """Projects of a known year with any year in a row."""
    known = corpus.projects["year"].notna().to_numpy(bool)
    if not known.any():
        return known
    said = np.logical_or.reduce([corpus.marks(cell, _says_year) for cell in ("name", "description", "value")])
    return corpus.any(said) & known


@rule(
    "PS209",
    defect="wrong_year",
    severity="minor",
    criterion="规范完整性",
    opinion="11",
    reads={"name": (_says_year,), "description": (_says_year,), "value": (_says_year,)},
    among=_may_be_old,
)
def check(project: Project) -> list[Hit] | None:
    """年份不是预算年度（疑似沿用旧表）

    依据：财预〔2015〕88号要求年度绩效目标与当年预算对应；沿用往年的表而不改年份，说明没有重新编写。
    反例：2024年预算的指标写“2021年任务完成率”；完成时间写“2023年12月底前”。
    正例：写本年度，或写明“较2021年增长”“依据2023年实际”。
    建议：核对年份，改为预算年度；引用历史数据的写明“上年实际”。
    """
    if project.year is None:
        return None
    # Last year may be the base of a comparison, projects run into later years, and a name may hold the year it began.
    oldest = min([project.year - 1, *map(int, re.findall(r"20\d{2}", project.name))])
    hits = []
    for row, row_no in zip(project.rows, project.row_nos, strict=True):
        found = _old_year(row, oldest) or _past_deadline(row, min(project.year, oldest + 1))
        if found:
            field, start, year = found
            hits.append(Hit(f"写的是{year}年，预算年度是{project.year}年", field, start, start + 4, row_no=row_no))
    return hits


def _old_year(row: Row, oldest: int) -> tuple[str, int, str] | None:
    for field in ("name", "description", "value"):
        text = ELSEWHERE.sub(lambda found: "　" * len(found.group()), getattr(row, field) or "")
        for found in YEAR.finditer(text):
            if int(found.group(1)) < oldest:
                return field, found.start(1), found.group(1)
    return None


def _past_deadline(row: Row, first: int) -> tuple[str, int, str] | None:
    """A date to be met cannot lie before the year of the budget."""
    year, quantity = row.quantity.deadline[:4], row.quantity
    if quantity.kind != "date" or quantity.comparator == "≥" or not re.fullmatch(r"\d{4}", year) or int(year) >= first:
        return None
    start = row.value.find(year)
    return ("value", start, year) if start >= 0 and not ELSEWHERE.search(row.value) else None
