"""A second-level class under a first-level class it does not belong to."""

from perfscore.names import level1_of
from perfscore.records import AS_IS, Hit, Row
from perfscore.rules.registry import rule

# 成本 stood under 产出 until 财预〔2021〕101号 made it a class of its own; forms of both kinds are in use.
ALLOWED = {"成本": {"成本", "产出"}, "满意度": {"满意度", "效益"}}


@rule(
    "PS210",
    defect="wrong_level1",
    severity="minor",
    criterion="规范完整性",
    opinion="6",
    reads={"level1": AS_IS, "level2": AS_IS},
)
def check(row: Row) -> list[Hit] | None:
    """二级指标放在不该放的一级指标下

    依据：财预〔2015〕88号和财预〔2021〕101号的指标体系：产出分数量、质量、时效（2021年前含成本），效益分经济、社会、生态、可持续影响，另设成本和满意度。
    反例：一级指标“产出指标”下写二级指标“社会效益指标”。
    正例：一级指标“效益指标”下写“社会效益指标”；“成本指标”可以单列，也可以在产出下。
    建议：把该行移到对应的一级指标下，或改正二级指标。
    """
    first, home = level1_of(row.level1), level1_of("", row.level2)
    if not first or not home:
        return None
    if first in ALLOWED.get(home, {home}):
        return []
    return [Hit(f"“{row.level2}”属于{home}，不属于“{row.level1}”", "level2", remedy=home)]
