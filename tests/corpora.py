"""Small random corpora for the tests: a few templates, copies of them with edits, and tables of their own."""

import random
import re

import pandas as pd

from perfscore.text import normalise, squash

OBJECTS = ["绿化养护", "道路照明", "食品抽检", "校舍维修", "档案整理", "防汛物资", "图书采购", "残疾人康复"]
MEASURES = ["数量", "合格率", "及时率", "成本", "覆盖面积", "受益人数", "投诉件数", "可持续年限"]
LOOKS = ["情况", "进度", "比例"]
HEADS = ["doc", "project_id", "project_name", "agency", "division", "year", "goal"]
ROWS = ["project_id", "row_no", "level1", "level2", "name", "description", "value", "basis"]
UNITS = ["个", "%", "万元", "天", "人次"]


def own_row(rnd: random.Random) -> dict[str, str]:
    """A row with words of its own."""
    what, measure = rnd.choice(OBJECTS), rnd.choice(MEASURES)
    return {
        "level1": "产出指标",
        "level2": "数量指标",
        "name": what + measure,
        "description": f"反映{rnd.choice(OBJECTS)}{rnd.choice(MEASURES)}第{rnd.randint(1, 9)}批的{rnd.choice(LOOKS)}",
        "value": f"≥{rnd.randint(1, 99)}{rnd.choice(UNITS)}",
        "basis": rnd.choice(["年度计划", "合同约定", "实施方案"]),
    }


def edited(row: dict[str, str], rnd: random.Random) -> dict[str, str]:
    """The same row with one small change."""
    kind = rnd.randrange(3)
    if kind == 0:
        return {**row, "value": f"≥{rnd.randint(1, 99)}{rnd.choice(UNITS)}"}
    if kind == 1:
        return {**row, "description": row["description"].replace("反映", "切实反映")}
    return {**row, "name": "全县" + row["name"]}


def make(seed: int, count: int = 12, years: tuple[int | None, ...] = (2024,)) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return (projects, indicators): a third own tables, the rest copies of three templates, some of them edited."""
    rnd = random.Random(seed)
    templates = [[own_row(rnd) for _ in range(rnd.randint(2, 7))] for _ in range(3)]
    heads, rows = [], []
    for number in range(count):
        kind = rnd.randrange(3)
        table = [own_row(rnd) for _ in range(rnd.randint(0, 6))] if kind == 0 else rnd.choice(templates)
        if kind == 2:
            table = [edited(row, rnd) if rnd.random() < 0.3 else row for row in table]
        if rnd.random() < 0.5:
            table = [*table, {**own_row(rnd), "level1": "满意度指标", "level2": "服务对象满意度"}]
        project_id = f"d{number}#1"
        heads.append(
            {
                "doc": f"d{number % 4}",
                "project_id": project_id,
                "project_name": f"项目{rnd.randrange(count)}",
                "agency": rnd.choice([None, "甲局", "乙局", "丙局"]),
                "division": rnd.choice([None, "东县", "西县"]),
                "year": rnd.choice(years),
                "goal": rnd.choice([None, "", "改善人居环境，提升服务水平", f"完成任务{number}"]),
            }
        )
        rows += [
            {"doc": f"d{number % 4}", "project_id": project_id, "row_no": i, **row} for i, row in enumerate(table, 1)
        ]
    return pd.DataFrame(heads, columns=HEADS), pd.DataFrame(rows, columns=["doc", *ROWS])


def tables(*listed: list[dict[str, str]], **head: list[object]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return (projects, indicators) for tables written out; ``head`` gives columns of PROJECTS."""
    ids = [f"t{number}#1" for number in range(len(listed))]
    projects = pd.DataFrame({"doc": [f"t{number}" for number in range(len(listed))], "project_id": ids, **head})
    rows = [
        {"project_id": i, "row_no": n, **row}
        for i, table in zip(ids, listed, strict=True)
        for n, row in enumerate(table, 1)
    ]
    return projects, pd.DataFrame(rows, columns=ROWS)


def folded(text: str) -> str:
    """A cell as it is compared, the obvious way."""
    text = squash(normalise(text))
    for spelling, sign in (("百分比", "%"), (">=", "≥"), ("》=", "≥"), ("<=", "≤"), ("《=", "≤")):
        text = text.replace(spelling, sign)
    return text


def masked(text: str) -> str:
    """A folded cell with # for every number."""
    return re.sub(r"[0-9]+(?:[.,][0-9]+)*", "#", text)
