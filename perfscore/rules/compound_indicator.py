"""Two measures in one indicator with one value."""

import re

from perfscore import lexicon
from perfscore.names import bare, measure
from perfscore.quantity import find
from perfscore.records import AS_IS, Hit, Row
from perfscore.rules.registry import rule

# Not the syllables of 普及 及时 饱和 和谐 参与 合并 并网.
JOINT = re.compile(
    r"以及|(?<![普涉提触顾波])及(?![时格早])|(?<![饱总缓温调共])和(?![谐解平])|(?<![参给赋])与(?!会)|(?<![合兼])并(?![网联购发])|[、,;]"
)


MARK = re.compile("[及和与并、,;]")  # one of which is in every joint


@lexicon.cached
def measured_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a name that each ask for a value of their own; none if one value answers for all.

    Examples
    --------
    >>> measured_parts("培训场次及培训人数"), measured_parts("培训数量和质量达标率")
    (('培训场次', '培训人数'), ())
    """
    text = bare(name)
    if not MARK.search(text):  # as in most names
        return ()
    parts = tuple(part for part in JOINT.split(text) if part)
    found = [measure(part) for part in parts]
    kinds = [noun.dimension for noun in found if noun is not None and noun.dimension]
    if len(kinds) < 2 or len(kinds) != len(parts):
        return ()
    # Costs add up to one amount, and a rate at the end is the rate of all that stands before it (数量和质量达标率).
    if set(kinds) == {"money"} or (kinds[-1] == "share" and "share" not in kinds[:-1]):
        return ()
    return parts


@rule(
    "PS304",
    defect="compound_indicator",
    severity="minor",
    criterion="明确清晰性",
    opinion="5",
    reads={"name": (measured_parts,), "value": AS_IS},
)
def check(row: Row) -> list[Hit] | None:
    """一个指标含两项内容，只有一个值

    依据：国家预算管理一体化规范的审核意见中有“一个指标含多项内容”；财预〔2021〕101号要求指标清晰、可单独衡量。
    反例：“培训场次及培训人数 ≥200人”；“设备完好率和及时维修率 ≥95%”。
    正例：“培训场次 ≥8场”“培训人数 ≥200人”各一行。
    建议：拆成两行，各写各的值。
    """
    parts = measured_parts(row.name)
    if not parts or row.quantity.low is None or len(find(row.value)) > 1:
        return []
    return [Hit(f"名称同时衡量{'、'.join(f'“{part}”' for part in parts)}，却只有一个值", "name")]
