"""Tables over page breaks: columns, heads, headers, rows and merged cells that a break tears, and nothing lost."""

from dataclasses import replace

import pytest
from test_tables_forms import grid

from perfscore.readers.blocks import Document, Line
from perfscore.readers.breaks import same_columns
from perfscore.tables import assemble

HEADER = ["一级指标", "二级指标", "三级指标", "指标值", "指标值确定依据"]
ROWS = [
    ["产出指标", "数量指标", "清淤长度", "≥3公里", "设计文件"],
    ["产出指标", "质量指标", "验收合格率", "100%", "验收规范"],
    ["效益指标", "可持续影响指标", "管护机制", "健全", "管护办法"],
    ["满意度指标", "服务对象满意度指标", "村民满意度", "≥90%", "问卷"],
]
HEAD = [["项目名称", "河道清淤", "<", "<", "<"], ["年度目标", "清淤3公里，保障行洪。", "<", "<", "<"]]


def page(number, *rows, edges=()):
    """The table of a page; ``^`` is merged with the cell above, ``<`` with the cell on the left."""
    return replace(grid(*rows, place=f"第{number}页 表1"), edges=tuple(map(float, edges)))


def read(*blocks):
    return assemble(Document("a.pdf", tuple(Line(b, "第1页") if isinstance(b, str) else b for b in blocks)))


def cells(extract, *names):
    return [
        [row[name] for name in names or ("level1", "level2", "name", "value", "basis")] for row in extract.indicators
    ]


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (["效益指标", "可持续影响", "管护机制", "健全", "管护办法"], ["", "指标", "", "", ""]),
        (["效益指标", "可持续影响指标", "管护", "健全", "管护"], ["", "", "机制", "", "办法"]),
        (["效益指标", "可持续影响", "管护", "健", "管护办法"], ["", "指标", "机制", "全", ""]),
        (["效益", "可持续影响指标", "管护机制", "健全", "管护办法"], ["指标", "", "", "", ""]),
    ],
)
@pytest.mark.parametrize("between", [[], ["- 2 -"], ["", "第 2 页 共 3 页"]])
def test_a_row_torn_by_a_page_break_is_one_row(upper, lower, between):
    for last in ([], [["总分", "", "", "100", ""]]):
        extract = read(page(1, *HEAD, HEADER, *ROWS[:2], upper), *between, page(2, lower, ROWS[3], *last))
        assert cells(extract) == ROWS
        assert (extract.unread, extract.seen, extract.understood) == ([], 4, 4)


def test_two_whole_rows_are_never_joined():
    below = ["", "", "", "≥95%", ""]
    extract = read(page(1, *HEAD, HEADER, *ROWS[:2]), page(2, below, ROWS[3]))
    assert cells(extract, "value") == [["≥3公里"], ["100%"], ["≥90%"]]
    assert [place for place, _, _ in extract.unread] == ["第2页 表1 第1行第3列"]


def test_a_label_merged_down_is_torn_in_every_row_beside_it():
    upper = [["成本指", "经济成本指标", "单价", "≤5元", "合同"], ["^", "社会成本指标", "投诉", "≤3起", "合同"]]
    lower = [["标", "生态环境成本指标", "泄漏", "0起", "合同"], ["^", "经济成本指标", "总价", "≤9万元", "合同"]]
    extract = read(page(1, *HEAD, HEADER, ROWS[0], *upper), page(2, *lower, ROWS[3]))
    assert [level1 for (level1,) in cells(extract, "level1")] == ["产出指标", *["成本指标"] * 4, "满意度指标"]


def test_a_header_of_two_rows_torn_by_a_page_break():
    top = ["一级指标", "二级指标", "三级指标", "指标值", "<", "<"]
    under = ["", "", "", "符号", "值", "单位"]
    extract = read(
        "河道清淤绩效目标表",
        page(1, ["项目编码", "P1", *["<"] * 4], top),
        page(2, under, [*ROWS[0][:3], "≥", "3", "公里"]),
    )
    assert cells(extract, "value") == [["≥3公里"]]
    assert extract.unread == []


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (["项目名称", "河道", "<", "项目编码", "P1"], ["", "清淤", "<", "", ""]),
        (["项目", "河道清", "<", "项目编码", "P1"], ["名称", "淤", "<", "", ""]),
    ],
)
def test_a_row_of_the_head_torn_by_a_page_break(upper, lower):
    extract = read(page(1, ["预算数", "5万元", "<", "<", "<"], upper), page(2, lower, HEAD[1], HEADER, ROWS[0]))
    project = extract.projects[0]
    assert [project[key] for key in ("project_name", "project_code", "goal")] == [
        "河道清淤",
        "P1",
        "清淤3公里，保障行洪。",
    ]


def test_a_label_merged_down_beside_the_rows_of_a_head():
    extract = read(
        page(1, ["项目名称", "清淤", "<", "<", "<"], ["总体目", "年度目标", "<", "<", "<"]),
        page(2, ["标", "清淤3公里，保障行洪。", "<", "<", "<"], HEADER, ROWS[0]),
    )
    assert extract.projects[0]["goal"] == "清淤3公里，保障行洪。"


def test_a_page_that_lacks_a_border_keeps_the_columns():
    wide = page(1, [*HEADER[:3], "<", *HEADER[3:]], [*ROWS[0][:3], "<", *ROWS[0][3:]], edges=range(0, 700, 100))
    narrow = page(2, *ROWS[2:], edges=(0, 100, 200, 400, 500, 600))
    assert cells(read("河道清淤绩效目标表", wide, narrow)) == [ROWS[0], *ROWS[2:]]
    other = page(3, *ROWS[2:], edges=(50, 100, 200, 400, 500, 600))
    assert same_columns([wide, other])[1] is other


REGISTER = ["项目名称", "年度绩效目标", *HEADER]


def test_a_project_named_beside_each_row_is_one_project_though_a_break_tears_its_name():
    beside = ["农村垃圾收运（2025—2027年）", "日产日清。"]
    upper = ["农村垃圾收运（2025", "日产", *ROWS[1]]
    lower = ["—2027年）", "日清。", "", "", "", "", ""]
    below = [[*beside, *row] for row in ROWS[2:]]
    extract = read(page(1, REGISTER, [*beside, *ROWS[0]], upper), page(2, lower, *below))
    assert [project["project_name"] for project in extract.projects] == [beside[0]]
    assert (cells(extract), extract.unread) == (ROWS, [])


def test_a_project_name_merged_down_over_a_break_is_joined_and_this_is_said():
    first, second = ["农村垃圾收运（2025", "日产"], ["—2027年）", "日清。"]
    other = [["河道清淤", "保障行洪。", *ROWS[0]], ["^", "^", *ROWS[3]]]
    extract = read(
        page(1, REGISTER, [*first, *ROWS[0]]),
        page(2, [*second, *ROWS[1]], ["^", "^", *ROWS[2]], ["^", "^", *ROWS[3]], *other),
    )
    names = [(project["project_name"], project["goal"], project["n_rows"]) for project in extract.projects]
    assert names == [("农村垃圾收运（2025—2027年）", "日产日清。", 4), ("河道清淤", "保障行洪。", 2)]
    ((place, reason, _),) = extract.unread
    assert (place, "农村垃圾收运（2025—2027年）" in reason) == ("第2页 表1 第1行第5列", True)


def test_the_next_project_may_begin_at_the_top_of_a_page():
    first = [["农村垃圾收运", "日产日清。", *row] for row in (ROWS[0], ROWS[3])]
    second = [["河道清淤", "保障行洪。", *row] for row in (ROWS[0], ROWS[3])]
    extract = read(page(1, REGISTER, *first), page(2, *second))
    assert [project["project_name"] for project in extract.projects] == ["农村垃圾收运", "河道清淤"]
    assert extract.unread == []


def test_rows_without_any_header_are_reported():
    extract = read("一、部门职责", page(1, *ROWS))
    assert (extract.projects, extract.seen, extract.understood) == ([], 3, 0)
    assert [(place, "3 行" in reason) for place, reason, _ in extract.unread] == [("第1页 表1 第1行第1列", True)]


GOAL = ["1.清淤3公里；", "2.保障行洪。"]


@pytest.mark.parametrize("head", ["云河县水务局2026年预算", "云河县水务局 · {}"])
def test_a_running_head_is_no_part_of_a_goal_torn_by_the_page(head):
    def sheet(number, *blocks):
        return [Line(head.format(number), f"第{number}页"), *blocks, Line(f"— {number} —", f"第{number}页")]

    upper, lower = ["年度目标", GOAL[0], "<", "<", "<"], ["", GOAL[1], "<", "<", "<"]
    extract = read(*sheet(1, page(1, HEAD[0], upper)), *sheet(2, page(2, lower, HEADER, *ROWS)))
    assert extract.projects[0]["goal"].split() == GOAL
    assert (cells(extract), extract.unread) == (ROWS, [])


def test_a_line_that_stands_on_some_pages_is_kept_and_this_is_said():
    line = "保障全县农村供水。"
    one = [page(1, *HEAD), Line(line, "第2页"), page(2, HEADER, *ROWS)]
    others = [Line(line, "第6页"), *(page(number, ["部门概况", ""]) for number in (3, 4, 5))]
    extract = read(*one, *others)
    assert extract.projects[0]["goal"].endswith(line)
    assert [(place, line in reason) for place, reason, _ in extract.unread] == [("第2页", True)]


def test_an_amount_torn_from_its_label_and_a_label_merged_down_over_the_break():
    upper = ["预算规模及资", "预算数（万元）", "28.60", "财政资", "其他资金"]
    lower = [["金用途", "", "", "金", "8.60"], ["^", "用于清淤。", "<", "<", "<"]]
    extract = read(page(1, HEAD[0], upper), page(2, *lower, HEADER, *ROWS))
    project = extract.projects[0]
    assert [project[key] for key in ("budget", "other", "purpose")] == [286_000.0, 86_000.0, "用于清淤。"]


def test_a_goal_between_the_rows_of_two_periods_is_torn_by_the_page():
    upper, lower = ["年度目标", GOAL[0], "<", "<", "<"], ["", GOAL[1], "<", "<", "<", "<"]
    annual = [[*HEADER[:3], "上年", "指标值", HEADER[4]], *[[*row[:3], "7", *row[3:]] for row in ROWS]]
    extract = read(
        page(1, HEAD[0], ["长期目标", "清淤9公里", "<", "<", "<"], HEADER, *ROWS, upper), page(2, lower, *annual)
    )
    assert extract.projects[0]["goal"].split() == GOAL
    assert (len(extract.projects), cells(extract), extract.unread) == (1, ROWS * 2, [])
