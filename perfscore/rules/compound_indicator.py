"""Two measures in one indicator with one value."""

import re

from perfscore.records import Hit, Row
from perfscore.rules.registry import rule
from perfscore.wording import bare, measure

JOINT = re.compile(r"以及|及|和|与|、|并")


@rule("PS304", defect="compound_indicator", severity="minor", criterion="明确清晰性", opinion="5")
def check(row: Row) -> list[Hit] | None:
    """一个指标含两项内容，只有一个值

    依据：国家预算管理一体化规范的审核意见中有“一个指标含多项内容”；财预〔2021〕101号要求指标清晰、可单独衡量。
    反例：“培训场次及培训人数 ≥200人”；“设备完好率和及时维修率 ≥95%”。
    正例：“培训场次 ≥8场”“培训人数 ≥200人”各一行。
    建议：拆成两行，各写各的值。
    """
    parts = [part for part in JOINT.split(bare(row.name)) if part]
    found = [measure(part) for part in parts]
    measured = [noun for noun in found if noun is not None and noun.dimension]
    if len(measured) < 2 or len(measured) != len(parts) or row.quantity.low is None:
        return []
    return [Hit(f"名称同时衡量{'、'.join(f'“{part}”' for part in parts)}，却只有一个值", "name")]
