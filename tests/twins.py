"""Made-up target tables, drawn by seed, in the layouts in which extracted text comes."""

import itertools
import random
from dataclasses import dataclass, field

THINGS = [
    "堤防加固", "泵站检修", "苗木补植", "学生营养餐", "公交站台", "图书外借", "老旧管网",
    "村医培训", "粮食储备", "消防水源", "河长巡查", "气象观测", "古树名木", "冷链仓储",
    "职工体检", "社区食堂", "儿童绘本", "非遗传习", "夜间照明", "校车安全", "疫苗冷藏",
    "沼气池", "地籍调查", "应急广播",
]  # fmt: skip
ACTS = ["管护", "更新", "采购", "普查", "维修", "演练", "宣讲", "建设", "监测", "评估"]
MEASURES = {
    ("产出指标", "数量指标"): ["数量", "面积", "场次", "人次"],
    ("产出指标", "质量指标"): ["合格率", "达标率", "完好率", "通过率（%）"],
    ("产出指标", "时效指标"): ["完成时间", "及时率", "响应时长"],
    ("产出指标", "成本指标"): ["总成本", "单位成本", "控制数"],
    ("效益指标", "经济效益指标"): ["增收情况", "节约金额"],
    ("效益指标", "社会效益指标"): ["知晓率", "投诉下降率", "受益户数"],
    ("效益指标", "生态效益指标"): ["减排量", "绿化率"],
    ("效益指标", "可持续影响指标"): ["使用年限", "长效机制健全性"],
    ("满意度指标", "服务对象满意度指标"): ["群众满意度", "受益对象满意率"],
}
VALUES = {
    "数量指标": ["≥{n}台", "≥{n}公里", "{n}场", "≥{n}人次", "≥{n}宗/批"],
    "质量指标": ["≥{p}%", "≥{p}百分比", "100%"],
    "时效指标": ["{m}月底前", "≤{n}天", "≥{p}%", "2027年{m}月"],
    "成本指标": ["≤{n}万元", "≤{n}.5元/人", "{n}万"],
    "经济效益指标": ["≥{n}万元", "≥{p}%"],
    "社会效益指标": ["≥{p}%", "≥{n}户", "稳步提升"],
    "生态效益指标": ["≥{n}吨", "≥{p}%"],
    "可持续影响指标": ["{n}年", "逐步健全", "≥{p}%"],
    "服务对象满意度指标": ["≥{p}%", "≥{p}百分比"],
}
BASES = ["年初计划", "行业标准", "问卷调查", "上年台账", "合同约定"]
ORDERS = ["《关于做好{t}{a}工作的实施意见》", "县政府常务会议纪要（云政纪〔2026〕{n}号）", "《{t}技术规范》"]
HEADER = ["一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据"]
TITLE = "{name}绩效目标表"


@dataclass
class Project:
    """One project with its rows (level1, level2, name, description, value, basis)."""

    name: str
    code: str
    budget: str
    purpose: str
    goal: list[str]
    plan: list[str]
    rows: list[tuple[str, ...]] = field(default_factory=list)


def projects(seed: int, count: int = 4) -> list[Project]:
    """Draw projects: their classes, numbers of rows and words differ with the seed."""
    rng = random.Random(seed)
    return [_project(rng) for _ in range(count)]


def _project(rng: random.Random) -> Project:
    thing, act = rng.choice(THINGS), rng.choice(ACTS)
    name = thing + act + rng.choice(["经费", "项目", "补助资金", "费用（第{}批）".format(rng.choice("一二三"))])
    code = "14" + "".join(rng.choice("0123456789ABCDEFGHJK") for _ in range(19))
    goal = [
        f"{i}.{rng.choice(['完成', '推进', '保障'])}{thing}{rng.choice(ACTS)}{rng.randint(2, 90)}处" for i in (1, 2, 3)
    ]
    budget = f"{rng.randint(1, 900)}.{rng.choice(['00', '50', '08'])}"
    plan = rng.choice([["25%", "50%", "75%", "100%"], ["10%", "40%", "80%", "100%"]])
    made = Project(name, code, budget, f"用于全县{thing}{act}及配套设备的日常开支。", goal[: rng.randint(1, 3)], plan)
    kinds = [kind for kind in MEASURES if kind[1] in ("数量指标", "服务对象满意度指标") or rng.random() < 0.7]
    for level1, level2 in kinds:
        for _ in range(1 if rng.random() < 0.8 else 2):
            made.rows.append((level1, level2, *_row(rng, level1, level2, thing)))
    return made


def _row(rng: random.Random, level1: str, level2: str, thing: str) -> tuple[str, ...]:
    name = rng.choice([thing, rng.choice(THINGS)]) + rng.choice(ACTS) + rng.choice(MEASURES[level1, level2])
    longer = [
        f"反映全年{name}的实际情况",
        f"按照合同和计划，{thing}中已经{rng.choice(ACTS)}并验收的部分占全部的比例，以台账为准",
    ]
    longer += [f"{rng.randint(2, 40)}个乡镇的{name}", f"全县{rng.randint(2, 40)}处{thing}的{rng.choice(ACTS)}情况"]
    description = name if rng.random() < 0.4 else rng.choice(longer)
    value = rng.choice(VALUES[level2]).format(n=rng.randint(2, 60), p=rng.randint(80, 99), m=rng.randint(6, 12))
    order = rng.choice(ORDERS).format(t=rng.choice(THINGS), a=rng.choice(ACTS), n=rng.randint(3, 60))
    return name, description, value, rng.choice(BASES) if rng.random() < 0.5 else order


def _title(number: int, project: Project, rng: random.Random) -> str:
    return f"{number}{rng.choice(['、', '.'])}{project.name}绩效目标表"


def leading_tabs(made: list[Project], seed: int) -> str:
    """One cell a line with a leading tab, a blank line after each row, a lone tab for a cell merged from above."""
    rng = random.Random(seed)
    lines = [
        "某县某局2027年部门预算公开说明",
        "一、部门职责",
        "负责本县有关工作，绩效目标见后。",
        "",
        "第二部分、预算项目绩效目标",
    ]
    for number, project in enumerate(made, 1):
        lines += ["", f"[bookmark: _Toc{seed}{number}]{_title(number, project, rng)}"]
        rows = [
            ["529001云河县水务局本级", "单位：万元"],
            ["项目编码", project.code, "项目名称", project.name],
            ["预算规模及资金用途", "预算数", project.budget, "其中：财政资金", project.budget, "其他资金", "0"],
            ["", project.purpose],
            ["资金支出计划（%）", "3月底", "6月底", "10月底", "12月底"],
            ["", *project.plan],
            ["绩效目标", "\n".join(project.goal)],
            HEADER,
            *_blank_merged(project.rows),
        ]
        for row in rows:
            lines += [f"\t{cell}" for cell in row] + [""] * rng.choice([1, 1, 1, 2])
            lines += [" "] if row[0] == "绩效目标" and rng.random() < 0.5 else []
        lines.append("")
    lines += ["六、政府采购预算情况", "\t项目名称", "\t预算资金", "", "\t合计", "\t0.00", ""]
    return "\n".join(lines)


def tab_rows(made: list[Project], seed: int) -> str:
    """One row a line; a page break is a blank line and the header again."""
    rng = random.Random(seed)
    lines = ["第二部分", "", "预算项目绩效目标", ""]
    for number, project in enumerate(made, 1):
        lines += [_title(number, project, rng), "", "\t".join(["绩效目标", " ".join(project.goal), "", "", "", ""])]
        lines.append("\t".join(HEADER))
        for i, row in enumerate(_blank_merged(project.rows)):
            if i and rng.random() < 0.2:
                lines += ["", "\t".join(HEADER)]
            lines.append("\t".join(_wrapped(cell, rng) for cell in row))
        lines.append("")
    lines += ["六、政府采购预算情况", "", "项目名称\t预算资金\t数量", "合计\t0.00\t1", ""]
    return "\n".join(lines)


def _wrapped(cell: str, rng: random.Random) -> str:
    if len(cell) < 8 or rng.random() < 0.7:
        return cell
    at = rng.randint(3, len(cell) - 3)
    return f"{cell[:at]} {cell[at:]}"


def _blank_merged(rows: list[tuple[str, ...]]) -> list[list[str]]:
    return [["" if i and rows[i - 1][0] == row[0] else row[0], *row[1:]] for i, row in enumerate(rows)]


def pipes(made: list[Project], seed: int) -> str:
    """Markdown tables."""
    rng = random.Random(seed)
    lines: list[str] = []
    for number, project in enumerate(made, 1):
        lines += ["## " + _title(number, project, rng), "", "| " + " | ".join(HEADER) + " |", "|---" * 6 + "|"]
        lines += ["| " + " | ".join(row) + " |" for row in _blank_merged(project.rows)] + [""]
    return "\n".join(lines)


# -- the text flow of a PDF ----------------------------------------------------------------------------------------

COLUMN_WIDTHS = [(8, 18, 24, 48, 14, 10), (10, 20, 20, 30, 14, 12), (8, 16, 28, 22, 18, 16)]


def _width(char: str) -> int:
    return 1 if ord(char) < 128 else 2


def _fold(text: str, width: int) -> list[str]:
    lines = [""]
    for char in text:
        if sum(map(_width, lines[-1])) + _width(char) > width:
            lines.append("")
        lines[-1] += char
    return lines


def _loose(text: str, rng: random.Random) -> str:
    """Blanks as extraction leaves them between digits and Chinese characters."""
    out = text[:1]
    for left, right in itertools.pairwise(text):
        after = left.isdigit() and ord(right) > 255 and right not in "，。）》〕" and rng.random() < 0.8
        before = right.isdigit() and ord(left) > 255 and left not in "（《〔≥≤，" and rng.random() < 0.3
        out += (" " if after or before else "") + right
    return out


class _Pen:
    """Writes lines at heights; what parts two lines follows from how far apart they are."""

    def __init__(self) -> None:
        self.text, self.y = "", 0.0

    def at(self, y: float, text: str) -> None:
        gap = abs(y - self.y)
        self.text += (" " if gap < 0.1 else "\n" if gap < 0.95 else "\n\n") + text
        self.y = y

    def page(self) -> None:
        self.text += "\n "
        self.y = 0.0


def text_flow(made: list[Project], seed: int) -> str:
    """Cells in reading order without columns; wrapped cells, centred; a header repeated wherever a page ends."""
    rng = random.Random(seed)
    widths = rng.choice(COLUMN_WIDTHS)
    pen = _Pen()
    pen.text = "某县某局部门预算\n 七、部门项目预算安排情况及绩效目标"
    for number, project in enumerate(made, 1):
        room = [rng.randint(8, 20)]
        pen.y = 0.0
        for line in (_title(number, project, rng), "单位：万元"):
            pen.at(pen.y + 2, _loose(line, rng))
        head = [f"项目编码 {project.code} 项目名称 {_loose(project.name, rng)}", "预算规模及", "资金用途"]
        head += [
            f"预算数 {project.budget} 其中：财政 资金 {project.budget} 其他资金",
            _loose(project.purpose, rng),
            "资金支出计",
            "划（%）",
        ]
        head += [
            "3 月底 6 月底 10 月底 12 月底",
            " ".join(project.plan),
            "绩效目标",
            *[_loose(line, rng) for line in project.goal],
        ]
        for line in head:
            pen.at(pen.y + 1, line)
        _flow_header(pen)
        for row, first in _groups(project.rows):
            cells = [_fold(cell, width) for cell, width in zip(row, widths, strict=True)]
            cells[0] = cells[0] if first else []
            _flow_row(pen, cells, room, rng, first)
        if rng.random() < 0.3:
            pen.text += f"\n\n\n\n{rng.randint(10, 60)}\n"
    return (
        pen.text + "\n 八、政府采购预算情况\n\n部门政府采购预算\n529 云河县水务局 单位：万元\n\n项目名称\n\n预算资金\n"
    )


def _flow_header(pen: _Pen) -> None:
    pen.at(pen.y + 1 if pen.y else 0.0, " ".join(HEADER[:5]))
    pen.at(pen.y - 0.5, "指标值确定")
    pen.at(pen.y + 1.0, "依据")


def _groups(rows: list[tuple[str, ...]]) -> list[tuple[tuple[str, ...], int]]:
    """Each row with the size of the first-level group it opens (0 if it opens none)."""
    sizes = [sum(other[0] == row[0] for other in rows) for row in rows]
    return [(row, sizes[i] if not i or rows[i - 1][0] != row[0] else 0) for i, row in enumerate(rows)]


def _flow_row(pen: _Pen, cells: list[list[str]], room: list[int], rng: random.Random, group: int) -> None:
    height = max(map(len, cells))
    if height > room[0] and (height == 1 or room[0] < 2):
        pen.page()
        _flow_header(pen)
        room[0] = rng.randint(8, 20)
    top = pen.y + 1 if not pen.text.endswith(" ") else 0.0
    now = [cell[: room[0]] for cell in cells]
    rest = [cell[room[0] :] for cell in cells]
    _flow_part(pen, now, top, rng, group)
    room[0] -= min(height, room[0])
    if any(rest):
        pen.page()
        _flow_header(pen)
        room[0] = rng.randint(8, 20)
        _flow_row(pen, rest, room, rng, 0)


def _flow_part(pen: _Pen, cells: list[list[str]], top: float, rng: random.Random, group: int) -> None:
    height = max(map(len, cells))
    for column, cell in enumerate(cells):
        middle = height * max(group, 1) / 2 if column == 0 else height / 2
        for i, line in enumerate(cell):
            pen.at(top + middle - len(cell) / 2 + i, _loose(line, rng))
    pen.y = top + height / 2 + 0.5


def read_across(made: list[Project], seed: int) -> str:
    """The lines of a page from top to bottom, whatever cells they belong to; what belongs together cannot be told."""
    out: list[str] = []
    for number, project in enumerate(made, 1):
        out += [f"{number}、{project.name}绩效目标表", "绩效目标", *project.goal, " ".join(HEADER)]
        for row, first in _groups(project.rows):
            cells = [_fold(cell, width) for cell, width in zip(row, COLUMN_WIDTHS[seed % 3], strict=True)]
            height = max(map(len, cells))
            places = [
                (height / 2 - len(cell) / 2 + i, column, line)
                for column, cell in enumerate(cells)
                if column or first
                for i, line in enumerate(cell)
            ]
            for _, line in itertools.groupby(sorted(places), lambda place: place[0]):
                out.append(" ".join(text for *_, text in line))
    return "\n".join(out)


# -- damaged text recognition --------------------------------------------------------------------------------------


def damaged(made: list[Project], seed: int) -> str:
    """Rows with tabs as recognition leaves them: a false column through the descriptions, broken and centred labels."""
    rng = random.Random(seed)
    lines = ["# 云河县水务局 2027 年部门预算绩效文本", "", "## 目 录", ""]
    lines += [f"{n}.{p.name[0]}\t{p.name[1:]}绩效目标表\t.{n + 5}" for n, p in enumerate(made, 1)]
    lines += ["", "# 第二部分", ""]
    for number, project in enumerate(made, 1):
        tail = "\t" * rng.randint(0, 2)
        yuan = f"{float(project.budget) * 10000:.2f}"
        lines += ["## " + f"{number}.{project.name}绩效目标表", "", "## 529001 云河县水务局本级", ""]
        lines.append(f"项目编码\t{project.code[:-1]} {project.code[-1]}\t\t项目名称\t{_garbled(project.name, rng)}\t\t")
        lines.append(f"预算规模\t预算数\t{yuan}\t其中:财政资金\t{yuan}\t其他资金\t0")
        lines.append("\t".join(["及资金用 途", *_cut(project.purpose, 6)]))
        lines += ["资金支出\t3 ,\t月底\t6月底\t10 月底\t1\t2月底", "计划 (%)\t25.\t. 00%\t50.00%\t75.00%\t1\t00.00%"]
        lines.append("\t".join(["绩效目标", *_cut(project.goal[0], 6)]))
        torn = rng.choice(
            [("绩效指标", "<b>示描述</b>"), ("绩效指标", "描述"), ("绩效指标", ""), ("绩效指标", " 标描述")]
        )
        lines.append("\t".join([*HEADER[:3], *torn, *HEADER[4:]]) + tail)
        for row, label in _centred(project.rows, rng):
            lines.append("\t".join(_damaged_row(row, label, rng)) + tail)
        lines.append("")
    return "\n".join(lines)


def _damaged_row(row: tuple[str, ...], label: str, rng: random.Random) -> list[str]:
    value = row[4].replace("百分比", " 百分 比")
    name, description = _ocr(row[2], 6, rng), _description(row[3], rng)
    way = rng.random()
    if way < 0.05:  # three cells in one, and the rest one column to the left
        return [label, f"{row[1].removesuffix('指标')} {row[2]} {row[3]}", "", "", value, row[5], ""]
    if way < 0.1 and row[4][0] in "≥≤" and not description[1]:  # one column to the left
        return [label, _ocr(row[1], 4, rng), name, description[0], value, row[5], ""]
    return [label, _ocr(row[1], 4, rng), name, *description, value, row[5]]


def _centred(rows: list[tuple[str, ...]], rng: random.Random) -> list[tuple[tuple[str, ...], str]]:
    labels = [""] * len(rows)
    for level1 in dict.fromkeys(row[0] for row in rows):
        at = [i for i, row in enumerate(rows) if row[0] == level1]
        labels[at[len(at) // 2]] = level1 if rng.random() < 0.8 else rng.choice([")一山1日柳", "一口1970", "호마"])
        if len(at) == 1:
            labels[at[0]] = f"{level1[:3]} {level1[3:]}"
    return list(zip(rows, labels, strict=True))


def _ocr(text: str, width: int, rng: random.Random) -> str:
    """Blanks where the lines of a cell ended."""
    return " ".join(text[i : i + width] for i in range(0, len(text), width)) if rng.random() < 0.8 else text


def _garbled(name: str, rng: random.Random) -> str:
    return name if rng.random() < 0.6 else f"{name[:5]}\t{rng.choice('分廷枫')}{name[5:]}"


def _cut(text: str, width: int) -> list[str]:
    return [text[:width], text[width : 2 * width], text[2 * width :]]


def _description(text: str, rng: random.Random) -> tuple[str, str]:
    """A false column after seven characters: whole, cut, cut with overlap, repeated, or lines cut side by side."""
    way = rng.random()
    if way < 0.4 or len(text) < 9:
        return _ocr(text, 13, rng), ""
    if len(text) > 28:
        return _ocr(text, 13, rng), ""
    if len(text) > 15:
        first, second = text[:14], text[14:]
        if way < 0.6 or len(second) > 7:
            return f"{first[:7]} {second[:7]}", f"{first[7:]} {second[7:]}".strip()
        return f"{first[:7]} {second}", first[7:]
    left, right = text[:7], text[7:]
    if way < 0.6:
        return left, left[-1] + right
    if way < 0.7:
        return left, text
    if way < 0.8:
        return text, "洋" + text[-3:]
    return left, right
