"""Made-up projects drawn as tables in the layouts of the forms in use, with what must be read back from them."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import twins
from render import Spanned, Table

TEXTS = ("level1", "level2", "name", "description", "value", "basis")
LEVELS = ["一级指标", "二级指标", "三级指标"]
Row = dict[str, object]
ODD_NAMES = ["“一网通办”<率>|A&B", "PM2.5浓度—年均", "Ⅲ类水质断面①", "Windows Server许可（含续保）", "a'b\"c、d"]
LONG = "以台账、验收单和影像资料为准，逐月汇总、逐季通报，年末由主管股室会同乡镇核对后上报"


@dataclass(frozen=True)
class Drawn:
    """Tables, the rows in them by the columns of INDICATORS, and the projects by those of PROJECTS."""

    tables: list[Table]
    rows: list[Row]
    projects: list[Row]


def drawn(title: str, rows: Sequence[Sequence[str]]) -> Table:
    """Return a table: ``^`` is merged with the cell above, ``<`` with the cell on the left; short rows are filled up."""
    width = max(map(len, rows))
    full = [[*row, *[""] * (width - len(row))] for row in rows]
    cells = []
    for r, row in enumerate(full):
        for c, text in enumerate(row):
            if text in ("^", "<"):
                continue
            down, right = r + 1, c + 1
            while down < len(full) and full[down][c] == "^":
                down += 1
            while right < width and row[right] == "<":
                right += 1
            cells.append(Spanned(r, c, text, down - r, right - c))
    return Table(title, tuple(cells), len(full), width)


def made(seed: int, count: int = 3) -> list[twins.Project]:
    """Draw projects with blank cells, long cells and odd characters among their rows."""
    rng = random.Random(f"layouts {seed}")
    projects = twins.projects(seed, count)
    for project in projects:
        for at, (level1, level2, name, description, value, basis) in enumerate(project.rows):
            if rng.random() < 0.15:
                description = rng.choice(["", LONG, LONG * 3])
            if rng.random() < 0.15:
                name = f"{rng.choice(ODD_NAMES)}{at}"
            if rng.random() < 0.1:
                basis = ""
            project.rows[at] = (level1, level2, name, description, value, basis)
    return projects


def merged(rows: Sequence[Sequence[str]], depth: int = 2, mark: str = "^") -> list[list[str]]:
    """Merge the first cells of rows with the same cells above."""
    found = []
    for i, row in enumerate(rows):
        same = 0
        while i and same < depth and rows[i - 1][: same + 1] == row[: same + 1]:
            same += 1
        found.append([*[mark] * same, *row[same:]])
    return found


def head(project: twins.Project) -> list[list[str]]:
    """The rows above the header; the widest takes six columns."""
    return [
        ["项目名称", project.name, "<", "项目编码", project.code, "<"],
        ["主管部门及代码", "[529]云河县水务局", "<", "实施单位", "云河县河道所", "<"],
        ["项目资金（万元）", "年度资金总额：", project.budget, "<", "<", "<"],
        ["^", "其中：财政拨款", project.budget, "<", "<", "<"],
        ["年度目标", "\n".join(project.goal), "<", "<", "<", "<"],
    ]


def described(project: twins.Project) -> Row:
    """What ``head`` says."""
    return {
        "project_name": project.name,
        "project_code": project.code,
        "agency": "云河县河道所",
        "budget": round(float(project.budget) * 10_000, 2),
        "goal": "\n".join(project.goal),
    }


def _texts(project_no: int, row: Sequence[str], **more: object) -> Row:
    return {"project_no": project_no, **dict(zip(TEXTS, row, strict=True)), **more}


def _each(seed: int, lines: Callable[[twins.Project, int], tuple[list[list[str]], list[Row]]]) -> Drawn:
    """One table a project, with the national head above the lines."""
    tables, rows, projects = [], [], []
    for number, project in enumerate(made(seed), 1):
        below, found = lines(project, number)
        tables.append(drawn("项目支出绩效目标表（2026年度）", [*head(project), *below]))
        rows += found
        projects.append(described(project))
    return Drawn(tables, rows, projects)


def single_block(seed: int) -> Drawn:
    """One row an indicator, both labels merged downward, operator, number and unit in one string."""

    def lines(project: twins.Project, number: int) -> tuple[list[list[str]], list[Row]]:
        return [twins.HEADER, *merged(project.rows)], [_texts(number, row) for row in project.rows]

    return _each(seed, lines)


def blank_below(seed: int) -> Drawn:
    """Labels on the first row of their group only, blank below."""

    def lines(project: twins.Project, number: int) -> tuple[list[list[str]], list[Row]]:
        return [twins.HEADER, *merged(project.rows, 2, "")], [_texts(number, row) for row in project.rows]

    return _each(seed, lines)


def side_by_side(seed: int) -> Drawn:
    """实施期 and 年度 in one row, the first level shared, some rows with one half blank."""
    rng = random.Random(f"halves {seed}")

    def lines(project: twins.Project, number: int) -> tuple[list[list[str]], list[Row]]:
        below = [
            ["一级指标", "实施期指标", "<", "<", "年度指标", "<", "<"],
            ["^", *["二级指标", "三级指标", "指标值"] * 2],
        ]
        found = []
        for i, (level1, level2, name, _, value, _) in enumerate(project.rows):
            one = "^" if i and project.rows[i - 1][0] == level1 else level1
            longer = f"≥{rng.randint(2, 90)}个"
            halves = [[level2, name, longer], [level2, name, value]]
            blank = rng.choice([None, None, None, 0, 1]) if one != "^" or i else None
            below.append(
                [one, *(["", "", ""] if blank == 0 else halves[0]), *(["", "", ""] if blank == 1 else halves[1])]
            )
            for half, (when, at) in enumerate((("总体", longer), ("年度", value))):
                if blank != half:
                    row = (level1, level2, name, None, at, None)
                    found.append(_texts(number, row, period=when))
        return below, found

    return _each(seed, lines)


def signs(seed: int) -> Drawn:
    """A header of two rows: 符号, 值 and 单位 below 指标值."""
    rng = random.Random(f"signs {seed}")

    def lines(project: twins.Project, number: int) -> tuple[list[list[str]], list[Row]]:
        below = [
            [*LEVELS, "绩效指标值", "<", "<", "指标值确定依据"],
            ["^", "^", "^", "符号", "值", "单位（文字描述）", "^"],
        ]
        printed, found = [], []
        for level1, level2, name, _, _, basis in project.rows:
            sign, number_, unit = (
                rng.choice("≥≤＝"),
                str(rng.randint(1, 99)),
                rng.choice(["个", "百分比", "万元", "元/人"]),
            )
            printed.append([level1, level2, name, sign, number_, unit, basis])
            found.append(_texts(number, (level1, level2, name, None, sign + number_ + unit, basis)))
        return [*below, *merged(printed)], found

    return _each(seed, lines)


def goals_above_their_rows(seed: int) -> Drawn:
    """A goal of years with its rows, then the goal of the year with its rows and the values of the years before."""

    def lines(project: twins.Project, number: int) -> tuple[list[list[str]], list[Row]]:
        below = [
            ["长期绩效目标", f"三年内完成{project.name}", "<", "<", "<", "<"],
            [*LEVELS, "指标值确定依据", "指标值"],
        ]
        below += merged([[*row[:3], row[5], row[4]] for row in project.rows])
        below += [["年度绩效目标", "\n".join(project.goal), "<", "<", "<", "<"]]
        below += [[*LEVELS, "指标值确定依据", "前年", "上年", "预计当年实现"]]
        below += merged([[*row[:3], row[5], "7", "8", row[4]] for row in project.rows])
        found = [_texts(number, (*row[:3], None, *row[4:]), period="总体") for row in project.rows]
        return below, found + [{**row, "period": "年度"} for row in found]

    tables, rows, projects = [], [], []
    for number, project in enumerate(made(seed), 1):
        below, found = lines(project, number)
        tables.append(drawn("项目申报表", [*head(project)[:4], *below]))
        rows += found
        projects.append(described(project))
    return Drawn(tables, rows, projects)


def three_columns(seed: int) -> Drawn:
    """二级指标, 指标内容 and 指标值 alone."""

    def lines(project: twins.Project, number: int) -> tuple[list[list[str]], list[Row]]:
        printed = merged([[level2, name, value] for _, level2, name, _, value, _ in project.rows], 1)
        found = [
            _texts(number, (None, level2, name, None, value, None)) for _, level2, name, _, value, _ in project.rows
        ]
        return [["二级指标", "指标内容", "指标值"], *printed], found

    tables, rows, projects = [], [], []
    for number, project in enumerate(made(seed), 1):
        below, found = lines(project, number)
        tables.append(drawn(f"{number}、{project.name}绩效目标表", below))
        rows += found
        projects.append({"project_name": project.name})
    return Drawn(tables, rows, projects)


def contents_first(seed: int) -> Drawn:
    """A table of contents, then a table a project."""
    plain = single_block(seed)
    contents = [
        ["序号", "项目名称", "页码"],
        *[[str(i), str(p["project_name"]), str(i + 1)] for i, p in enumerate(plain.projects, 1)],
    ]
    return Drawn([drawn("目录", contents), *plain.tables], plain.rows, plain.projects)


def stacked(seed: int) -> Drawn:
    """All projects under one another in one table, each with its title, head and header."""
    each = single_block(seed)
    return Drawn([below_each_other(each.tables)], each.rows, each.projects)


def name_once(seed: int) -> Drawn:
    """Name and goal of the project merged down beside its rows."""
    lines, rows, projects = [["单位名称、项目名称", "项目年度绩效目标", *LEVELS, "指标性质", "指标值"]], [], []
    for number, project in enumerate(made(seed), 1):
        beside = [project.name, "\n".join(project.goal)]
        lines += merged([[*beside, *row[:3], "定量", row[4]] for row in project.rows], 4)
        rows += [_texts(number, (*row[:3], None, row[4], None)) for row in project.rows]
        projects.append({"project_name": project.name, "goal": "\n".join(project.goal)})
    return Drawn([drawn("部门项目支出绩效目标表05-2", lines)], rows, projects)


def cost_first(seed: int) -> Drawn:
    """成本指标 as a first level of its own, with 经济成本, 社会成本 and 生态环境成本 below it."""
    costs = ["经济成本指标", "社会成本指标", "生态环境成本指标"]

    def lines(project: twins.Project, number: int) -> tuple[list[list[str]], list[Row]]:
        extra = [
            ("成本指标", level2, f"{project.name}{level2[:2]}控制", "", f"≤{i}万元", "预算批复")
            for i, level2 in enumerate(costs, 2)
        ]
        all_rows = [*extra, *project.rows]
        return [twins.HEADER, *merged(all_rows)], [_texts(number, row) for row in all_rows]

    return _each(seed, lines)


def self_evaluation(seed: int) -> Drawn:
    """Targets with what was done, points and the reasons of deviation."""
    header = [*LEVELS, "年度指标值（A）", "实际完成值（B）", "分值", "得分", "偏差原因分析及改进措施"]
    tables, rows, projects = [], [], []
    for number, project in enumerate(made(seed), 1):
        printed = [
            [*row[:3], row[4], row[4].replace("≥", ""), f"{i + 2}.5", f"{i}", ""] for i, row in enumerate(project.rows)
        ]
        total = ["总分", "<", "<", "<", "<", "100", "98", ""]
        tables.append(drawn("项目支出绩效自评表", [*head(project), header, *merged(printed), total]))
        rows += [
            _texts(number, (*row[:3], None, row[4], None), actual=row[4].replace("≥", ""), weight=i + 2.5)
            for i, row in enumerate(project.rows)
        ]
        projects.append(described(project))
    return Drawn(tables, rows, projects)


EXPORT = (
    "kpi_id mof_div_name fiscal_year pro_code pro_name agency_name lv1_perf_ind_name lv2_perf_ind_name "
    "lv3_perf_ind_name kpi_content computesign indexval meterunit indexstandards yearflag is_deleted is_backup"
).split()


def export(seed: int, upper: bool = False) -> Drawn:
    """The columns of PM_PERF_INDICATOR, with rows marked deleted and rows kept as backup among the others."""
    rng = random.Random(f"export {seed}")
    lines, rows, projects = [[name.upper() if upper else name for name in EXPORT]], [], []
    for number, project in enumerate(made(seed), 1):
        for at, (level1, level2, name, description, _, basis) in enumerate(project.rows):
            sign, amount, unit = rng.choice("12345"), str(rng.randint(1, 99)), rng.choice(["个", "百分比", "元/人"])
            deleted, backup = rng.choice([("2", "2"), ("2", "2"), ("1", "2"), ("2", "1")]) if at else ("2", "2")
            beside = [f"{number}{at}", "云河县", "2026", project.code, project.name, "云河县水务局"]
            texts = [level1, level2, name, description, sign, amount, unit, basis]
            lines.append([*beside, *texts, str(at % 2), deleted, backup])
            if (deleted, backup) == ("2", "2"):
                value = " ≥＞＝＜≤"[int(sign)] + amount + unit
                cells = (level1, level2, name, description, value, basis)
                rows.append(_texts(number, cells, period=("年度", "总体")[at % 2]))
        projects.append(
            {"project_name": project.name, "project_code": project.code, "agency": "云河县水务局", "year": 2026}
        )
    return Drawn([drawn("", lines)], rows, projects)


def export_in_capitals(seed: int) -> Drawn:
    """The same with its columns in upper case."""
    return export(seed, upper=True)


def below_each_other(tables: Sequence[Table]) -> Table:
    """Put tables into one, each under its title in a row merged across, with a blank row after it."""
    width = max(table.n_columns for table in tables)
    cells: list[Spanned] = []
    at = 0
    for table in tables:
        if table.title:
            cells.append(Spanned(at, 0, table.title, 1, width))
            at += 1
        cells += [Spanned(c.row + at, c.column, c.text, c.n_rows, c.n_columns) for c in table.cells]
        cells += [Spanned(row, c, "") for row in range(at, at + table.n_rows) for c in range(table.n_columns, width)]
        cells += [Spanned(at + table.n_rows, column, "") for column in range(width)]
        at += table.n_rows + 1
    return Table("", tuple(cells), at, width)


FORMS = [
    single_block, blank_below, side_by_side, signs, goals_above_their_rows, three_columns, contents_first, stacked,
    name_once, cost_first, self_evaluation, export, export_in_capitals,
]  # fmt: skip
