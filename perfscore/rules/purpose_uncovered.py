"""A spending direction without any indicator."""

import re

from perfscore.records import Hit, Project
from perfscore.rules.goal_unmeasured import stands_in
from perfscore.rules.registry import rule
from perfscore.wording import specific_words

TRIM = re.compile(r"(共计|合计|约)?[\d.]+\s*(亿|万|千)?元.*|等?$|^.*(包括|用于)")
ITEM = re.compile(r"[、，,；;。\n]|以及|及|和")
# What money buys, builds, mends or hands out has an output; plain running costs (电费, 办公费) and prose have none to state.
SPENDING = re.compile(
    r"[购采]买|采购|购置|添置|配备|[新修改扩]建|建设|改造|装修|维修|修缮|维护|养护|更[换新]|安装|铺设|升级|开发|租赁|印[刷制]|制作"
    r"|编制|设计|[检监]测|评[审估]|审计|培训|宣传|绿化|清[运淤理]|治理|种植|补[助贴]|奖励|慰问|资助"
)


@rule(
    "PS505",
    defect="purpose_uncovered",
    severity="minor",
    criterion="资金匹配性",
    opinion="3",
    among=lambda corpus, _: corpus.told("purpose"),
)
def check(project: Project) -> list[Hit] | None:
    """主要支出方向没有对应的指标

    依据：财预〔2021〕101号要求指标与支出方向高度关联；财预〔2015〕88号审核表“资金匹配性”。
    反例：资金用于采购校车、修建围墙、更换课桌，指标只写会议次数。
    正例：每个主要支出方向至少有一行产出指标。
    建议：为没有指标的支出方向补写数量或成本指标。
    """
    items = [
        item for item in (TRIM.sub("", item).strip() for item in ITEM.split(project.purpose)) if _is_direction(item)
    ]
    if len(items) < 3 or not project.rows:
        return None
    rows = "，".join(f"{row.name}，{row.description or ''}，{row.value}" for row in project.rows)
    missing = [item for item in items if not any(stands_in(word, rows) for word in specific_words(item))]
    if len(missing) >= 3 and len(missing) >= 2 * len(items) / 3:
        return [Hit(f"支出方向{'、'.join(f'“{item}”' for item in missing[:3])}没有对应的指标", "purpose")]
    return []


def _is_direction(item: str) -> bool:
    return len(item) <= 12 and bool(SPENDING.search(item)) and bool(specific_words(item))
