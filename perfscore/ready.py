"""What judging builds once, built by importing this: words as a tree, lists and patterns, modules. Forked processes share it."""

import gc

import pandas as pd

from perfscore import lexicon
from perfscore.config import Config
from perfscore.cutting import tree
from perfscore.engine import score
from perfscore.schema import INDICATORS, PROJECTS, UNREAD, conform
from perfscore.stages import Job, give_back, lean
from perfscore.targets import Targets
from perfscore.text import dictionary

__all__ = ["Job"]  # whose methods are the tasks

# A table with something for every rule to look at.
ROWS = (
    ("产出指标", "数量指标", "培训人数（人）", "完成3期培训", "≥95%"),
    ("产出指标", "数量指标", "桥梁养护座数", "桥梁养护座数情况", "12"),
    ("产出指标", "质量指标", "验收合格率", "验收合格工程占全部工程的比例", "≥100%"),
    ("产出指标", "时效指标", "任务完成时间", "2019年底前完成", "12月底前"),
    ("成本指标", "成本指标", "印刷费", "合同价30万元", "≥20万元"),
    ("效益指标", "社会效益指标", "提高办事效率", "更好地服务群众，提升形象", "效果明显"),
    ("效益指标", "经济效益指标", "经济效益指标", "是否完成", "是"),
    ("效益指标", "生态效益指标", "人均收入增长率和污水处理率", "居民收入增长", "≥95%"),
    ("满意度指标", "服务对象满意度指标", "服务对象满意度", "服务对象满意度", "≥95%"),
)


def _judge_once() -> None:
    cells = ["level1", "level2", "name", "description", "value"]
    rows = pd.DataFrame(list(ROWS) * 2, columns=cells).assign(doc="", project_no=1, basis="工作安排")
    rows["project_id"] = [f"#{1 + at // len(ROWS)}" for at in range(len(rows))]
    rows["row_no"] = [1 + at % len(ROWS) for at in range(len(rows))]
    heads = pd.DataFrame({"doc": "", "project_no": [1, 2], "project_id": ["#1", "#2"], "year": 2024, "budget": 1e5})
    heads = heads.assign(
        project_name=["桥梁养护经费", "校园网络建设"], goal="养护桥梁", purpose="购买材料、维修设备、培训人员"
    )
    unread = conform(pd.DataFrame(columns=list(UNREAD)), UNREAD)
    score(Targets(conform(heads, PROJECTS), conform(rows, INDICATORS), unread, pd.DataFrame()), Config(examples=0))


with lean():
    tree(dictionary())
    _judge_once()
    lexicon.forget(0)
give_back()
gc.freeze()  # the collector would write into what is shared
