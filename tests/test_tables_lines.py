"""What stands between and above tables: names of projects, money and goals told in paragraphs, titles printed again."""

import pytest
from test_tables_forms import HEADER, ROW, grid, read, rows

WORK = [ROW, ["效益指标", "社会效益指标", "受益户", "≥9户"]]
GOAL = "完成河道清淤3公里，沿河群众出行和生产更加方便，汛期行洪能力明显提高，群众满意度达到90%以上，并按时完成竣工验收和资料归档。"


def table(*lines):
    return grid(HEADER, *(lines or WORK))


def names(extract):
    return [(p["project_name"], p["n_rows"]) for p in extract.projects]


@pytest.mark.parametrize(
    "lines",
    [
        ("一、清淤费", "二、护岸费"),
        ("清淤费", "护岸费"),
        ("（一）清淤费", "（二）护岸费"),
        ("项目一：清淤费", "项目二：护岸费"),
    ],
)
@pytest.mark.parametrize("title", ["2026年项目支出绩效目标表", "2026年项目支出绩效目标"])
@pytest.mark.parametrize(
    "below", [WORK, [ROW, [*ROW[:2], "清淤土方", "≥9万方"]]]
)  # back to the first class, or all of one
def test_lines_between_tables_name_the_next_project(title, lines, below):
    first, second = lines
    assert names(read(title, first, table(*below), second, table(*below))) == [("清淤费", 2), ("护岸费", 2)]


def test_a_line_between_tables_parts_them_though_the_second_begins_with_another_class():
    cost = ["成本指标", "经济成本指标", "每公里造价", "≤5万元"]
    assert names(read("一、清淤费", table(), "二、护岸费", table(cost, ROW))) == [("清淤费", 2), ("护岸费", 2)]


@pytest.mark.parametrize(
    "line",
    ["续表", "云河县水务局部门预算", "（续表）", "（接上页）", "2026年项目支出绩效目标（续）", "效益指标", "二、效益指标", "（二）年度绩效指标", "单位：万元", "填报人：李四  联系电话：1", "第2页",
     "2026年3月5日", "附件2", "注：以上指标由各科室填报", "项目名称：清淤费", "云河县2026年预算公开说明"],
)  # fmt: skip
def test_lines_that_name_no_project_part_no_table(line):
    extract = read("项目名称：清淤费", table(ROW), line, table(WORK[1]))
    assert names(extract) == [("清淤费", 2)]
    assert extract.unread == []


@pytest.mark.parametrize("blank", ["<", ""])
@pytest.mark.parametrize(("first", "second"), [("一、清淤费", "二、护岸费"), ("清淤费", "护岸费")])
def test_words_alone_above_headers_within_a_sheet_name_the_next_project(first, second, blank):
    def part(name):
        return [name, blank, blank, blank], HEADER, ROW

    assert names(read(grid([TITLE, blank, blank, blank], *part(first), *part(second)))) == [
        ("清淤费", 1),
        ("护岸费", 1),
    ]
    assert names(read(grid(*part(first), *part(second)))) == [("清淤费", 1), ("护岸费", 1)]
    page = ["效益指标", blank, blank, blank], ["续表", blank, blank, blank]
    assert [n for _, n in names(read(grid(HEADER, ROW, *page, HEADER, WORK[1])))] == [2]


@pytest.mark.parametrize("line", ["三、绩效目标", "一、清淤费", "云河县水务局", "清淤费"])
def test_one_plain_line_alone_may_be_any_heading(line):
    assert names(read(line, table())) == [("", 2)]


def test_an_agency_above_each_table_is_no_name_of_a_project():
    extract = read("云河县水务局", table(), "云河县教育局", table())
    assert names(extract) == [("", 2), ("", 2)]


def test_paragraphs_with_labels_are_the_head_of_the_table_below():
    def paragraphs(name, code):
        return (
            f"项目名称：{name}",
            f"项目编码：{code}",
            "填报单位：水务局",
            "预算年度：2025年    单位：万元",
            "项目资金：5",
            f"年度绩效目标：{name}{GOAL}",
        )

    extract = read(*paragraphs("清淤", "14A"), table(), "填报人：李四", *paragraphs("护岸", "14B"), table())
    keys = ("project_name", "project_code", "agency", "year", "budget", "goal", "n_rows")
    assert [tuple(p[key] for key in keys) for p in extract.projects] == [
        ("清淤", "14A", "水务局", 2025, 50_000, f"清淤{GOAL}", 2),
        ("护岸", "14B", "水务局", 2025, 50_000, f"护岸{GOAL}", 2),
    ]


def test_numbered_paragraphs_below_a_heading_leave_it_the_name():
    def section(number, name):
        return (
            f"{number}、{name}",
            f"（一）项目概况：{name}由县水务局组织实施。",
            "（二）预算安排：2026年安排财政拨款5万元。",
            f"（三）年度绩效目标：{name}{GOAL}",
            "（四）绩效指标",
        )

    extract = read("云河县预算公开", *section("一", "清淤"), table(), *section("二", "护岸"), table())
    assert [(p["project_name"], p["purpose"], p["goal"]) for p in extract.projects] == [
        (name, f"{name}由县水务局组织实施。", f"{name}{GOAL}") for name in ("清淤", "护岸")
    ]


@pytest.mark.parametrize(("first", "second"), [("一、清淤费", "二、护岸费"), ("项目名称：清淤费", "项目名称：护岸费")])
def test_what_is_told_of_a_project_without_a_table_is_not_said_of_the_next(first, second):
    (project,) = read(first, "项目资金：5万元", "绩效目标：完成清淤", second, "绩效指标：", table()).projects
    assert (project["budget"], project["goal"]) == (None, None)


def test_what_stands_below_the_last_table_is_not_said_of_it():
    extract = read("项目名称：清淤", table(), "四、绩效评价情况", "预算金额：100万元", "项目概况：对重点项目开展评价。")
    assert [(p["budget"], p["purpose"]) for p in extract.projects] == [(None, "")]


def test_the_goals_of_two_periods_told_in_lines_above_the_table_of_each():
    extract = read("项目名称：清淤", "总体目标：清淤9公里", table(ROW), "年度目标：清淤3公里", table(ROW))
    assert rows(extract, "project_no", "period") == [(1, "总体"), (1, "年度")]
    assert extract.projects[0]["goal"] == "清淤3公里"


def test_a_goal_told_in_several_paragraphs():
    extract = read("项目名称：清淤", "年度目标：", "1.清淤3公里。", "2.护岸2公里。", "绩效指标：", table())
    assert extract.projects[0]["goal"] == "1.清淤3公里。\n2.护岸2公里。"


def test_a_heading_names_the_head_that_stands_in_a_grid_of_its_own():
    def project(number, name):
        return f"项目{number}：{name}", grid(["预算金额", "5万元"], ["绩效目标", f"完成{name}"]), table()

    extract = read("第三部分 绩效目标", *project("一", "清淤"), *project("二", "护岸"))
    assert [(p["project_name"], p["budget"], p["goal"]) for p in extract.projects] == [
        ("清淤", 50_000, "完成清淤"),
        ("护岸", 50_000, "完成护岸"),
    ]


def test_money_told_in_a_line():
    def budget(line):
        return read(line, table()).projects[0]["budget"]

    assert [
        budget(line) for line in ("预算金额：5万元", "项目资金（万元）：5", "项目名称：清淤　　　预算金额：5万元")
    ] == [50_000] * 3
    assert budget("预算金额：按实际情况安排") is None


# -- a title printed again ------------------------------------------------------------------------------------------

TITLE = "2026年项目支出绩效目标表"
FLAT = ["项目名称", *HEADER]


def listed(*printed, place):
    return grid(FLAT, *printed, place=place)


@pytest.mark.parametrize("project", ["清淤", ""])  # a name merged down is blank on the next page, or printed again
def test_a_title_printed_again_in_a_list_goes_on_with_its_projects(project):
    extract = read(
        TITLE,
        listed(["清淤", *ROW], place="第1页 表1"),
        TITLE,
        listed([project, *ROW[:2], "清淤土方", "≥9万方"], ["护岸", *ROW], place="第2页 表1"),
        TITLE,
        listed(["护岸", *WORK[1]], ["植树", *ROW], place="第3页 表1"),
    )
    assert names(extract) == [("清淤", 2), ("护岸", 2), ("植树", 1)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((TITLE, "项目名称：清淤"), (TITLE,)),
        ((TITLE, "（2026年度）", "项目名称：清淤"), (TITLE, "（2026年度）", "项目名称：清淤")),
        (("清淤绩效目标表",), ("清淤绩效目标表",)),
    ],
)
def test_a_title_printed_again_on_the_next_page_goes_on_with_its_table(first, second):
    above, below = (
        grid(HEADER, WORK[0], place="第1页 表1"),
        grid(HEADER, ["", *WORK[0][1:]], WORK[1], place="第2页 表1"),
    )
    assert names(read(*first, above, *second, below)) == [("清淤", 3)]
    restarted = grid(HEADER, *WORK, place="第1页 表1"), grid(HEADER, *WORK, place="第2页 表1")
    assert [n for _, n in names(read(*first, restarted[0], *second, restarted[1]))] == [2, 2]


@pytest.mark.parametrize("title", [TITLE + "（续）", TITLE + "（续表）", "续表：" + TITLE, TITLE + "（接上页）"])
def test_a_title_that_says_it_goes_on(title):
    assert names(read(TITLE, "项目名称：清淤", table(WORK[0]), title, table(WORK[1]))) == [("清淤", 2)]


@pytest.mark.parametrize(
    "second",
    [(TITLE,), (TITLE, "项目名称：护岸"), ("2027年项目支出绩效目标表",), (TITLE, "护岸"), (TITLE, "项目编码：14B")],
)
def test_the_title_of_another_project_opens_another_table(second):
    assert len(read(TITLE, "项目名称：清淤", table(WORK[0]), *second, table(WORK[1])).projects) == 2


# -- years, and what a list says of all its projects ----------------------------------------------------------------


def years(*blocks):
    return [project["year"] for project in read(*blocks).projects]


def test_the_year_of_each_title():
    first, second = "2023年度项目支出绩效目标表", "项目支出绩效目标表（2024年度）"
    assert years(first, table(), second, table()) == [2023, 2024]


def test_the_year_in_the_name_of_a_project_is_not_that_of_the_budget():
    assert years("云河县2026年预算", "2024年专项债券河道工程绩效目标表", table()) == [2026]
    assert years("云河县2026年预算", "2024年专项债券河道工程绩效目标表（2025年度）", table()) == [2025]


@pytest.mark.parametrize("line", ["（2024年度）　　单位：万元", "2024年度  单位：万元", "填报单位：水务局　　2024年"])
def test_the_year_beside_a_caption(line):
    assert years("项目支出绩效目标表", line, table()) == [2024]


def test_what_stands_above_a_list_is_said_of_all_its_projects():
    flat = [["项目名称", "预算金额", *HEADER], ["清淤", "5", *ROW], ["护岸", "7", *ROW], ["植树", "9", *ROW]]
    extract = read("项目支出绩效目标表（2024年度）", "主管部门：云河县水务局", "单位：万元", grid(*flat))
    assert [(p["budget"], p["agency"], p["year"]) for p in extract.projects] == [
        (budget, "云河县水务局", 2024) for budget in (50_000, 70_000, 90_000)
    ]
    assert extract.unread == []


# -- the row that counts the columns --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "counted", [("1", "2", "3", "4"), ("栏次", "1", "2", "3"), ("甲", "乙", "丙", "1"), ("甲", "乙", "丙", "丁"), ("（1）", "（2）", "（3）", "（4）")]
)  # fmt: skip
def test_the_row_that_counts_the_columns_is_none(counted):
    extract = read(
        table(counted, *WORK),
        grid(HEADER, counted, ["满意度指标", "服务对象满意度", "群众满意度", "≥90%"], place="表2"),
    )
    assert rows(extract, "project_no", "name") == [(1, "清淤长度"), (1, "受益户"), (1, "群众满意度")]
    assert (extract.unread, extract.seen) == ([], 3)


def test_numbers_of_columns_in_a_list_name_no_project():
    extract = read(listed(["1", "2", "3", "4", "5"], ["清淤", *ROW], place="表1"))
    assert names(extract) == [("清淤", 1)]


def test_a_row_of_numbers_that_counts_nothing_stays():
    assert len(read(table(["产出指标", "数量指标", "1", "2"])).indicators) == 1


# -- names with codes, and other words for a name -------------------------------------------------------------------


@pytest.mark.parametrize("printed", ["[37061124T000012345]清淤", "37061124T000012345-清淤", "37061124T000012345清淤"])
def test_the_code_before_a_name_is_the_code_of_the_project(printed):
    (project,) = read(grid(["项目名称", printed, "", ""], HEADER, ROW)).projects
    assert (project["project_name"], project["project_code"]) == ("清淤", "37061124T000012345")
    (project,) = read(grid(["项目名称", printed, "项目编码", "14A"], HEADER, ROW)).projects
    assert (project["project_name"], project["project_code"]) == ("清淤", "14A")


@pytest.mark.parametrize("name", ["2026年清淤", "12345热线运行", "110指挥中心改造", "20260101专案"])
def test_a_number_before_a_name_is_no_code(name):
    (project,) = read(grid(["项目名称", name, "", ""], HEADER, ROW)).projects
    assert (project["project_name"], project["project_code"]) == (name, "")


@pytest.mark.parametrize("label", ["项目（政策）名称", "支出名称", "专项债券项目名称"])
def test_other_words_for_the_name_of_a_project(label):
    assert names(read(grid([label, "清淤", "", ""], HEADER, ROW))) == [("清淤", 1)]


# -- columns printed on the next page -------------------------------------------------------------------------------


def test_columns_printed_on_the_next_page_stand_beside_their_rows_or_are_reported():
    left = grid(["项目名称", "清淤", "<"], HEADER[:3], *[row[:3] for row in WORK], place="第1页 表1")
    right = [["", ""], ["指标值", "指标值确定依据"], *[[row[3], "年度计划"] for row in WORK]]
    extract = read(TITLE, left, "1", grid(*right, place="第2页 表1"))
    assert rows(extract, "name", "value", "basis") == [(row[2], row[3], "年度计划") for row in WORK]
    assert (names(extract), extract.unread) == ([("清淤", 2)], [])
    cut = read(TITLE, left, "1", grid(*right[:-1], place="第2页 表1"))
    assert rows(cut, "value") == [("",), ("",)]
    assert (cut.seen, cut.understood) == (3, 2)
    assert "指标值、指标值确定依据" in cut.unread[0][1]


# -- parts of a form that stand elsewhere ---------------------------------------------------------------------------


def test_money_and_goal_below_the_indicators():
    money, goal = ["项目资金（万元）", "356.8", "<", "<"], ["年度绩效目标", "完成清淤", "<", "<"]
    extract = read(TITLE, grid(["项目名称", "清淤", "<", "<"], HEADER, *WORK, money, goal))
    (project,) = extract.projects
    assert (project["budget"], project["goal"], project["n_rows"]) == (3_568_000, "完成清淤", 2)
    assert extract.unread == []


def test_a_first_level_in_a_line_above_its_table():
    def part(level, row):
        return level, grid(HEADER[1:], row[1:])

    extract = read("清淤绩效目标表", "单位：万元", *part("一、产出指标", ROW), *part("效益指标", WORK[1]))
    assert rows(extract, "project_no", "level1", "name") == [(1, "产出指标", "清淤长度"), (1, "效益指标", "受益户")]
    assert extract.unread == []


def test_a_first_level_in_a_line_goes_on_over_a_page_and_ends_with_the_next_line():
    first, rest, again = (grid(*lines, place=f"第{n}页 表1") for n, lines in enumerate(
        ([HEADER[1:], ROW[1:]], [["质量指标", "验收合格率", "≥95%"]], [HEADER[1:], ["时效指标", "完工时间", "12月底前"]]), 1))  # fmt: skip
    extract = read(
        "清淤绩效目标表",
        "产出指标",
        first,
        rest,
        again,
        "满意度指标",
        grid(HEADER[1:], ["满意度", "群众满意度", "≥90%"]),
    )
    assert rows(extract, "level1") == [("产出指标",)] * 3 + [("满意度指标",)]
