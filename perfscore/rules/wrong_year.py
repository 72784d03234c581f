"""A year in a row that is not the year of the budget."""

import re

from perfscore.records import Hit, Project
from perfscore.rules.registry import rule

YEAR = re.compile(r"(?<![\d〔\[(（《-])(20\d{2})(?=年)(?!年?\s*[-—至到~～])")
# Years that belong to a document, a plan or a comparison say nothing about the year of the table.
ELSEWHERE = re.compile(
    r"《[^》]*》|[〔\[(（]20\d{2}[〕\])）]|20\d{2}\s*年?\s*[-—至到~～]\s*20\d{2}|(较|比|同比|对比|相比|以|自|截至|截止)20\d{2}年"
)


@rule("PS209", defect="wrong_year", severity="minor", criterion="规范完整性", opinion="11")
def check(project: Project) -> list[Hit] | None:
    """年份不是预算年度（疑似沿用旧表）

    依据：财预〔2015〕88号要求年度绩效目标与当年预算对应；沿用往年的表而不改年份，说明没有重新编写。
    反例：2024年预算的指标写“2021年任务完成率”。
    正例：写本年度，或写明“较2021年增长”“依据2023年实际”。
    建议：核对年份，改为预算年度；引用历史数据的写明“上年实际”。
    """
    if project.year is None:
        return None
    hits = []
    for row, row_no in zip(project.rows, project.row_nos, strict=True):
        for field in ("name", "description", "value"):
            text = getattr(row, field) or ""
            masked = ELSEWHERE.sub(lambda found: "　" * len(found.group()), text)
            # Last year may be the base of a comparison, and projects run into later years.
            old = [found for found in YEAR.finditer(masked) if int(found.group(1)) < project.year - 1]
            if old:
                message = f"写的是{old[0].group(1)}年，预算年度是{project.year}年"
                hits.append(Hit(message, field, old[0].start(1), old[0].end(1), row_no=row_no))
                break
    return hits
