"""The same indicator twice in one project."""

import numpy as np

from perfscore.config import Config
from perfscore.peers import Marks, Peers
from perfscore.records import Hit, Project
from perfscore.rules.registry import rule
from perfscore.similar import numbered
from perfscore.text import squash


def _folded(name: str) -> str:
    return squash(name).strip("*。.:：")


def _may_repeat(corpus: Peers, _: Config) -> Marks:
    """Projects with two rows of one name."""
    number, first = numbered(corpus.owner, corpus.asked("name", _folded))
    again = np.ones(len(number), bool)
    again[first] = False
    return corpus.any(again)


@rule(
    "PS105",
    defect="duplicate_row",
    severity="minor",
    criterion="规范完整性",
    opinion="11",
    among=_may_repeat,
)
def check(project: Project) -> list[Hit] | None:
    """同一指标在一张表里重复出现

    依据：国家预算管理一体化规范允许要求同一项目内三级指标名称唯一；同一指标重复计分等于加大它的权重。
    反例：同一项目三行都是“服务对象满意度”。
    正例：“参训教师满意度”“学生家长满意度”各一行。
    建议：合并重复的行；确有不同对象的，把对象写进名称。
    """
    if len(project.rows) < 2:
        return None
    first: dict[tuple[str, str], int] = {}
    hits = []
    for row, row_no in zip(project.rows, project.row_nos, strict=True):
        name = _folded(row.name)
        if not name:
            continue
        key = (row.category or row.level2, name)
        if key in first:
            hits.append(Hit(f"与第{first[key]}行是同一个指标", "name", row_no=row_no))
        else:
            first[key] = row_no
    return hits
