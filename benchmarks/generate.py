"""Make a corpus of target tables with planted copies, the same for the same seed.

    python benchmarks/generate.py --rows 100000 --out corpus.parquet

Writes OUT (one row an indicator) and OUT with ``.truth`` before the suffix (one row a project: ``kind`` own, verbatim
or edited, and the ``template`` it copies, -1 for none). A third of the projects copy one of a few hundred templates
word for word, a third copy one and change some rows, a third are written afresh; templates are used as unevenly as
words are (Zipf).
"""

import argparse
import random
from itertools import accumulate
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def words(text: str) -> list[str]:
    """Cut a list of words at the blanks."""
    return text.split()


THINGS = words(
    """
    农村公路 城区路灯 社区养老 校园食堂 图书借阅 河道保洁 湿地巡护 森林防火 危房改造
    公厕管护 垃圾转运 供水管网 排水沟渠 粮食储备 种子检测 果蔬抽检 牲畜免疫 渔业增殖
    茶园改良 农机补贴 气象观测 地震台站 空气监测 噪声治理 土壤修复 矿山复绿 水库除险
    堤防加固 应急物资 消防装备 医保经办 妇幼筛查 疫苗接种 乡村医生 中医适宜技术
    精神卫生 血液采集 急救培训 残疾康复 孤儿助学 退役安置 就业见习 技能竞赛 劳动仲裁
    工伤认定 法律顾问 人民调解 公证服务 戒毒帮教 社区矫正 治安巡逻 交通标线 驾驶培训
    车辆检测 公交补贴 渡口安全 机场配套 物流园区 电商孵化 展会招商 文物修缮 非遗传习
    剧场演出 全民健身 青少年活动 科普展览 档案修复 统计年报 审计外包 资产清查
    票据印制 系统运维 机房改造 视频会议 数据灾备 网站集约
    """
)
SCOPES = ["", "", "", "全市", "本级", "城乡", "重点区域", "年度", "新增", "存量"]
DOINGS = words("组织 开展 推进 落实 保障 实施 完善 规范 强化 统筹")
RESULTS = words(
    """
    满足群众日常需求 提高工作效率 减少安全隐患 降低运行成本 促进产业发展 改善生态环境
    稳定就业形势 增强公众意识 优化营商环境 延长使用年限
    """
)
BASES = words(
    """
    年度计划 实施方案 行业规范 上年完成情况 合同条款 调查问卷 部门职责 上级任务
    统计报表 会议决定
    """
)
# level1, level2, nouns of measure, units, sign
CLASSES = [
    (
        "产出指标",
        "数量指标",
        ["数量", "批次", "场次", "面积", "里程", "人数", "覆盖点位"],
        ["个", "批", "场", "平方米", "公里", "人", "处"],
        "≥",
    ),
    ("产出指标", "质量指标", ["合格率", "达标率", "完好率", "准确率", "通过率"], ["%", "百分比"], "≥"),
    ("产出指标", "时效指标", ["及时率", "完成时限", "响应时间", "按期开工率"], ["%", "天", "个工作日", "小时"], "≤"),
    ("产出指标", "成本指标", ["单位成本", "总成本", "节支率", "费用标准"], ["万元", "元", "元/人"], "≤"),
    ("效益指标", "社会效益指标", ["受益人口", "知晓率", "事故下降率", "投诉下降率"], ["人", "%", "户"], "≥"),
    ("效益指标", "经济效益指标", ["带动产值", "增收额", "节约资金"], ["万元", "%"], "≥"),
    ("效益指标", "可持续影响指标", ["使用年限", "管护机制", "后续利用率"], ["年", "%"], "≥"),
    ("满意度指标", "服务对象满意度指标", ["满意度", "满意率"], ["%"], "≥"),
]
STOCK_VALUES = ["≥95%", "≥95百分比", "≥90%", "≥98%", "100%", "有效提升"]
FILLERS = words("切实 基本 进一步 按计划 全部 逐步")
SWAPS = [("提高", "提升"), ("保障", "确保"), ("群众", "居民"), ("开展", "推行"), ("数量", "总数"), ("完成", "达成")]

Row = tuple[str, str, str, str, str, str]


def fresh_table(rnd: random.Random) -> list[Row]:
    """A table of its own: six to fourteen rows that mostly speak of one thing."""
    theme, basis = rnd.choice(THINGS), rnd.choice(BASES)
    places = [*range(len(CLASSES)), *rnd.choices(range(6), k=rnd.randint(0, 6))]
    skipped = rnd.choice([-1, 4, 5, 6])
    return [fresh_row(rnd, place, theme, basis) for place in sorted(places) if place != skipped]


def fresh_row(rnd: random.Random, place: int, theme: str, basis: str) -> Row:
    """A row of a class: half of the values are the stock ones everybody writes."""
    level1, level2, nouns, units, sign = CLASSES[place]
    thing = theme if rnd.random() < 0.7 else rnd.choice(THINGS)
    noun = rnd.choice(nouns)
    name = rnd.choice(SCOPES) + thing + noun
    description = rnd.choice(
        [
            name,
            f"{rnd.choice(DOINGS)}{thing}工作，{rnd.choice(RESULTS)}",
            f"反映{rnd.choice(SCOPES)}{thing}{noun}的完成情况",
            f"{rnd.choice(RESULTS)}，{rnd.choice(RESULTS)}",
            f"按上年数据测算{thing}约需{rnd.randint(1, 900)}{rnd.choice(units)}",
        ]
    )
    value = rnd.choice(STOCK_VALUES) if rnd.random() < 0.5 else f"{sign}{rnd.randint(1, 500)}{rnd.choice(units)}"
    return level1, level2, name, description, value, basis if rnd.random() < 0.85 else rnd.choice(BASES)


def edit(rnd: random.Random, row: Row) -> Row:
    """One small change: another number, another word, a filler."""
    level1, level2, name, description, value, basis = row
    kind = rnd.random()
    if kind < 0.35:
        digits = "".join(char for char in value if char.isdigit())
        value = value.replace(digits, str(rnd.randint(1, 500))) if digits else rnd.choice(STOCK_VALUES)
    elif kind < 0.7 and any(old in description for old, _ in SWAPS):
        for old, new in SWAPS:
            description = description.replace(old, new)
    else:
        at = rnd.randint(0, len(description))
        description = description[:at] + rnd.choice(FILLERS) + description[at:]
    return level1, level2, name, description, value, basis


def blemish(rnd: random.Random, row: Row) -> Row:
    """What scraping leaves behind: a blank in a name, another way to write ≥."""
    level1, level2, name, description, value, basis = row
    return level1, level2, f"{name[:2]} {name[2:]}", description, value.replace("≥", ">=").replace("%", "％"), basis


def build(
    rows: int, seed: int, templates: int, verbatim: float, edited: float, edit_share: float
) -> tuple[pa.Table, pa.Table]:
    """Return the corpus and its truth."""
    rnd = random.Random(seed)
    known = [fresh_table(rnd) for _ in range(templates)]
    weights = list(accumulate(1 / (rank + 5) for rank in range(templates)))
    columns: list[list[str]] = [[] for _ in range(6)]
    heads: list[tuple[str, str, str, str, int]] = []
    truth: list[tuple[str, str, int]] = []
    while len(columns[0]) < rows:
        number = len(truth)
        kind = rnd.choices(["verbatim", "edited", "own"], [verbatim, edited, 1 - verbatim - edited])[0]
        template = -1 if kind == "own" else rnd.choices(range(templates), cum_weights=weights)[0]
        table = fresh_table(rnd) if kind == "own" else known[template]
        if kind == "edited":
            chosen = {rnd.randrange(len(table)), *(at for at in range(len(table)) if rnd.random() < edit_share)}
            table = [edit(rnd, row) if at in chosen else row for at, row in enumerate(table)]
        table = [blemish(rnd, row) if rnd.random() < 0.01 else row for row in table]
        for column, cells in zip(columns, zip(*table, strict=True), strict=True):
            column += cells
        name = rnd.choice(SCOPES) + rnd.choice(THINGS) + rnd.choice(["经费", "专项", "补助", "项目"])
        heads += [
            (f"R{number // 500}", f"A{number // 10}", f"p{number:07d}", name, at) for at in range(1, len(table) + 1)
        ]
        truth.append((f"p{number:07d}", kind, template))
    names = ["level1", "level2", "name", "description", "value", "basis"]
    head_names = ["division", "agency", "project_id", "project_name", "row_no"]
    corpus = dict(zip(head_names, zip(*heads, strict=True), strict=True)) | dict(zip(names, columns, strict=True))
    return pa.table(corpus), pa.table(
        dict(zip(["project_id", "kind", "template"], zip(*truth, strict=True), strict=True))
    )


def write(out: Path, **settings: float) -> None:
    """Write a corpus and its truth."""
    corpus, truth = build(**settings)  # type: ignore[arg-type]
    pq.write_table(corpus, out, compression="zstd")
    pq.write_table(truth, truth_of(out), compression="zstd")


def truth_of(path: Path) -> Path:
    """Where the truth of a corpus is."""
    return path.with_name(f"{path.stem}.truth{path.suffix}")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="造一份带已知雷同表的语料")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--templates", type=int, default=300)
    parser.add_argument(
        "--verbatim", type=float, default=1 / 3, help="share of projects that copy a template word for word"
    )
    parser.add_argument(
        "--edited", type=float, default=1 / 3, help="share of projects that copy a template with changes"
    )
    parser.add_argument("--edit-share", type=float, default=0.2, help="share of the rows of an edited copy that change")
    write(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
