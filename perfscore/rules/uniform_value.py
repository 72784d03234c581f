"""One value on nearly all rows of a project."""

import numpy as np

from perfscore.config import Config
from perfscore.peers import Marks, Peers, is_measured
from perfscore.quantity import Quantity
from perfscore.records import Hit
from perfscore.rules.registry import rule
from perfscore.similar import Int, Ragged, numbered

AMOUNTS = frozenset({"数量", "成本"})  # classes whose values cannot be like those of others


def _amount(quantity: Quantity) -> str:
    return f"{quantity.comparator}{quantity.low!r}~{quantity.high!r}{quantity.unit}"


@rule(
    "PS102",
    defect="uniform_value",
    severity="major",
    criterion="绩效合理性",
    opinion="4",
    reads={"quantity": (is_measured, _amount)},
)
def check(projects: Peers, config: Config) -> list[Hit] | None:
    """整张表几乎都是同一个指标值

    依据：财预〔2021〕101号要求逐项按计划、历史、行业标准取值；数量、成本、时效、满意度不可能恰好是同一个值。
    反例：十行指标的值全部是“≥95%”，连人数和成本也是。
    正例：培训人数 ≥120人，出勤率 ≥95%，人均成本 ≤400元，满意度 ≥90%。
    建议：逐行按各自的对象和单位重新测算指标值。
    """
    measured = projects.count(projects.measured)
    enough = measured >= config.uniform_min_rows
    if not enough.any():
        return None
    project, same = _commonest(projects)
    size = projects.count(np.ones_like(projects.measured))
    count = same.lengths
    share = count / size[project]
    classes, telling = _classes(projects, same)
    value = projects.rows.column("value")
    at = np.flatnonzero(enough[project] & (share >= config.uniform_share) & (classes >= 3) & telling)
    project, first = project[at], same.items[same.bounds[at]]
    told = (size[project], count[at], value.codes[projects.number[first]], classes[at], share[at], project)
    return [
        Hit(
            f"{rows}行中有{alike}行的指标值都是“{value.cells[printed]}”，跨{kinds}类指标",
            "value",
            severity="critical" if part >= config.uniform_critical else "major",
            project_id=projects.ids[owner],
        )
        for rows, alike, printed, kinds, part, owner in zip(*(column.tolist() for column in told), strict=True)
    ]


def _classes(projects: Peers, listed: Ragged) -> tuple[Int, Marks]:
    """Return how many classes each list of indicators holds, and whether one of them asks for an amount."""
    category = projects.rows.column("category")
    codes = category.codes[projects.number[listed.items]]
    of = np.repeat(np.arange(len(listed.lengths)), listed.lengths)
    _, first = numbered(of, codes)
    of, codes = of[first], codes[first]
    named = np.array([*map(bool, category.cells)], bool)[codes]
    amounts = np.array([cell in AMOUNTS for cell in category.cells], bool)[codes]
    count, telling = (np.bincount(of[marks], minlength=len(listed.lengths)) for marks in (named, amounts))
    return count, telling > 0


def _commonest(projects: Peers) -> tuple[Int, Ragged]:
    """Return the projects with an amount, and for each the indicators that have its commonest one, of several the first."""
    order = projects.in_order()
    order = order[projects.measured[order]]
    owner = projects.owner[order]
    number, first = numbered(owner, projects.asked("quantity", _amount)[order])
    held = Ragged.of(np.bincount(number), order[np.argsort(number, kind="stable")])
    best = np.lexsort((first, -held.lengths, owner[first]))
    chosen = best[np.append(True, np.diff(owner[first][best]) > 0)] if len(best) else best
    return owner[first][chosen], held.take(chosen)
