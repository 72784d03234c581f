"""One value on nearly all rows of a project."""

from collections import Counter

import numpy as np

from perfscore.config import Config
from perfscore.peers import Marks, Peers, is_measured
from perfscore.quantity import Quantity
from perfscore.records import Hit, Project
from perfscore.rules.registry import rule
from perfscore.similar import numbered


def _amount(quantity: Quantity) -> str:
    return f"{quantity.comparator}{quantity.low!r}~{quantity.high!r}{quantity.unit}"


def _may_be_uniform(corpus: Peers, config: Config) -> Marks:
    """Projects with enough amounts, one of them on enough rows."""
    measured = corpus.measured
    owner = corpus.owner[measured]
    number, first = numbered(owner, corpus.asked("quantity", _amount)[measured])
    commonest = np.zeros(len(corpus.projects), np.int64)
    np.maximum.at(commonest, owner[first], np.bincount(number))
    rows = np.maximum(corpus.count(np.ones_like(measured)), 1)
    return (corpus.count(measured) >= config.uniform_min_rows) & (commonest / rows >= config.uniform_share)


@rule(
    "PS102",
    defect="uniform_value",
    severity="major",
    criterion="绩效合理性",
    opinion="4",
    reads={"quantity": (is_measured, _amount)},
    among=_may_be_uniform,
)
def check(project: Project, config: Config) -> list[Hit] | None:
    """整张表几乎都是同一个指标值

    依据：财预〔2021〕101号要求逐项按计划、历史、行业标准取值；数量、成本、时效、满意度不可能恰好是同一个值。
    反例：十行指标的值全部是“≥95%”，连人数和成本也是。
    正例：培训人数 ≥120人，出勤率 ≥95%，人均成本 ≤400元，满意度 ≥90%。
    建议：逐行按各自的对象和单位重新测算指标值。
    """
    measured = [row for row in project.rows if row.quantity.low is not None]
    if len(measured) < config.uniform_min_rows:
        return None
    amounts = [_amount(row.quantity) for row in measured]
    amount, count = Counter(amounts).most_common(1)[0]
    share = count / len(project.rows)
    if share < config.uniform_share:
        return []
    same = [row for row, other in zip(measured, amounts, strict=True) if other == amount]
    classes = {row.category for row in same if row.category}
    if len(classes) < 3 or not classes & {"数量", "成本"}:
        return []
    severity = "critical" if share >= config.uniform_critical else "major"
    value = same[0].value
    return [
        Hit(
            f"{len(project.rows)}行中有{count}行的指标值都是“{value}”，跨{len(classes)}类指标",
            "value",
            severity=severity,
        )
    ]
