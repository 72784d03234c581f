"""The forms in use: their headers, their merged cells, their ways to stack, and what only looks like a target table."""

import pandas as pd
import pytest

from perfscore.exports import from_frame
from perfscore.readers.blocks import Cell, Document, Grid, Line
from perfscore.readers.plain import read_text
from perfscore.tables import assemble

ROW = ["产出指标", "数量指标", "清淤长度", "≥3公里"]
HEADER = ["一级指标", "二级指标", "三级指标", "指标值"]


def grid(*rows, place="表1"):
    """Build a grid; ``^`` is merged with the cell above, ``<`` with the cell on the left."""
    cells: list[list[Cell]] = []
    for r, row in enumerate(rows, 1):
        line: list[Cell] = []
        for c, text in enumerate(row):
            merged = cells[-1][c] if text == "^" else line[-1] if text == "<" else None
            line.append(merged or Cell(text, f"{place} 第{r}行第{c + 1}列"))
        cells.append(line)
    return Grid(tuple(map(tuple, cells)), place)


def read(*blocks):
    return assemble(Document("a", tuple(Line(b) if isinstance(b, str) else b for b in blocks)))


def rows(extract, *names):
    return [tuple(row[name] for name in names) for row in extract.indicators]


def test_merged_labels_by_identity_and_by_blank_fill():
    for again in ("^", ""):
        extract = read(
            grid(
                HEADER,
                ROW,
                [again, again, "清淤土方", "≥9万方"],
                ["满意度指标", "服务对象满意度", "群众满意度", "≥90%"],
            )
        )
        assert rows(extract, "level1", "level2", "name") == [
            ("产出指标", "数量指标", "清淤长度"),
            ("产出指标", "数量指标", "清淤土方"),
            ("满意度指标", "服务对象满意度", "群众满意度"),
        ]


def test_a_cell_merged_across_columns_is_one_cell():
    extract = read(grid([*HEADER[:3], "<", "指标值"], [*ROW[:3], "<", "≥3公里"]))
    assert rows(extract, "name", "value") == [("清淤长度", "≥3公里")]


def test_side_by_side_halves_are_kept_apart():
    extract = read(
        grid(
            ["绩效指标", "实施期指标（2026—2028年）", "<", "<", "年度指标", "<", "<"],
            ["一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"],
            ["产出指标", "数量指标", "清淤长度", "≥9公里", "数量指标", "清淤长度", "≥3公里"],
            ["^", "质量指标", "验收合格率", "≥95%", "质量指标", "", ""],
        )
    )
    assert rows(extract, "period", "level1", "level2", "name", "value") == [
        ("总体", "产出指标", "数量指标", "清淤长度", "≥9公里"),
        ("年度", "产出指标", "数量指标", "清淤长度", "≥3公里"),
        ("总体", "产出指标", "质量指标", "验收合格率", "≥95%"),
    ]


def test_one_name_with_a_value_for_each_period():
    extract = read(grid([*HEADER[:3], "实施期指标值", "年度指标值"], [*ROW[:3], "≥9公里", "≥3公里"]))
    assert rows(extract, "period", "name", "value") == [("总体", "清淤长度", "≥9公里"), ("年度", "清淤长度", "≥3公里")]


@pytest.mark.parametrize("sign", ["≥", "1", "大于等于"])
def test_two_row_header_with_sign_value_unit(sign):
    extract = read(
        grid(
            ["一级指标", "二级指标", "三级指标", "绩效指标值", "<", "<", "指标值确定依据"],
            ["^", "^", "^", "符号", "值", "单位（文字描述）", "^"],
            ["产出指标", "数量指标", "清淤长度", sign, "3", "公里", "年度计划"],
        )
    )
    assert rows(extract, "value", "basis") == [("≥3公里", "年度计划")]


def test_nature_of_an_indicator_is_a_sign_only_where_it_holds_signs():
    header = [*HEADER[:3], "指标性质", "指标值", "计量单位"]
    signs = read(grid(header, [*ROW[:3], "≤", "3", "公里"], [*ROW[:2], "水质", "定性", "明显改善", ""]))
    assert rows(signs, "value") == [("≤3公里",), ("明显改善",)]
    natures = read(grid(header, [*ROW[:3], "正向", "≥3", "公里"]))
    assert rows(natures, "value") == [("≥3公里",)]


def test_a_unit_is_not_doubled():
    extract = read(grid([*HEADER[:3], "目标值", "单位"], [*ROW[:3], "≥3公里", "公里"]))
    assert rows(extract, "value") == [("≥3公里",)]


def test_the_content_of_an_indicator_is_its_name_where_no_other_column_is():
    extract = read(grid(["二级指标", "指标内容", "指标值"], ["数量指标", "清淤长度", "≥3公里"]))
    assert rows(extract, "level2", "name", "description") == [("数量指标", "清淤长度", None)]
    extract = read(grid([*HEADER[:3], "指标内容", "指标值"], [*ROW[:3], "河道清淤的长度", "≥3公里"]))
    assert rows(extract, "name", "description") == [("清淤长度", "河道清淤的长度")]


@pytest.mark.parametrize("mark", ["", "{}.", "{}、", "（{}）", "指标{}："])
def test_several_indicators_in_one_cell_are_parted(mark):
    def listed(*items):
        return "\n".join(mark.format(n) + item for n, item in enumerate(items, 1))

    row = [*ROW[:2], listed("清淤长度", "清淤土方", "完工时间"), listed("≥3公里；", "≥9万方；", "2026年12月底前。")]
    extract = read(
        grid([*HEADER, "指标解释", "指标值确定依据"], [*row, listed("河长", "方量", "日期"), "初步设计\n批复"])
    )
    assert rows(extract, "level2", "name", "value", "description", "basis") == [
        ("数量指标", "清淤长度", "≥3公里", "河长", "初步设计批复"),
        ("数量指标", "清淤土方", "≥9万方", "方量", "初步设计批复"),
        ("数量指标", "完工时间", "2026年12月底前", "日期", "初步设计批复"),
    ]
    assert extract.unread == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("清淤\n长度", "≥3\n公里"),
        ("工程完\n工时间", "2026年12月\n31日前"),
        ("清淤长\n度达标", "持续\n提高"),
        ("1.5米\n管长", "≥3公里\n≥9公里长"),
    ],
)
def test_a_wrapped_cell_is_one_indicator(name, value):
    extract = read(grid(HEADER, [*ROW[:2], name, value]))
    assert rows(extract, "name", "value") == [(name.replace("\n", ""), value.replace("\n", ""))]
    assert extract.unread == []


def test_numbered_names_whose_values_are_not_told_apart_are_reported():
    extract = read(grid(HEADER, [*ROW[:2], "①清淤长度\n②清淤土方", "≥3公里，≥9万方"]))
    assert [reason[:8] for _, reason, _ in extract.unread] == ["一格里有几条指标"]


def test_weights_and_self_evaluation():
    extract = read(
        "项目支出绩效自评表",
        grid(
            [
                "一级指标",
                "二级指标",
                "三级指标",
                "年度指标值（A）",
                "实际完成值（B）",
                "分值",
                "得分",
                "偏差原因分析及改进措施",
            ],
            ["产出指标（50分）", "数量指标", "清淤长度", "≥3公里", "3.2公里", "12.5", "12.5", ""],
            ["总分", "", "", "", "", "100", "98", ""],
        ),
    )
    assert rows(extract, "level1", "value", "actual", "weight") == [("产出指标（50分）", "≥3公里", "3.2公里", 12.5)]
    assert extract.unread == []


def test_cost_as_a_first_level():
    extract = read(grid(HEADER, ["成本指标", "经济成本指标", "单位成本", "≤5元"], ROW))
    assert rows(extract, "level1", "level2") == [("成本指标", "经济成本指标"), ("产出指标", "数量指标")]


def test_projects_stacked_in_one_grid_by_their_names():
    one = [
        ["项目名称", "清淤", "<", "<"],
        ["项目资金（万元）", "年度资金总额", "5", "<"],
        ["年度目标", "清淤3公里", "<", "<"],
        HEADER,
        ROW,
    ]
    two = [
        ["项目名称", "护岸", "<", "<"],
        ["项目资金（万元）", "年度资金总额", "7", "<"],
        ["年度目标", "护岸2公里", "<", "<"],
        HEADER,
        ROW,
    ]
    extract = read(grid(*one, *two))
    assert [(p["project_name"], p["budget"], p["goal"], p["n_rows"]) for p in extract.projects] == [
        ("清淤", 50_000.0, "清淤3公里", 1),
        ("护岸", 70_000.0, "护岸2公里", 1),
    ]


def test_a_name_merged_down_ends_at_the_next_project():
    extract = read(
        "部门项目支出绩效目标表05-2",
        grid(
            ["单位名称、项目名称", "项目年度绩效目标", *HEADER, "指标性质"],
            ["清淤", "清淤3公里", *ROW, "定量"],
            ["", "", "产出指标", "质量指标", "合格率", "≥95%", "定量"],
            ["护岸", "护岸2公里", "", "", "护岸长度", "≥2公里", "定量"],
        ),
    )
    assert [(p["project_name"], p["goal"], p["n_rows"]) for p in extract.projects] == [
        ("清淤", "清淤3公里", 2),
        ("护岸", "护岸2公里", 1),
    ]
    assert rows(extract, "project_no", "level1") == [(1, "产出指标"), (1, "产出指标"), (2, "")]


def test_one_sheet_a_project_with_a_sheet_of_contents():
    contents = grid(["序号", "项目名称"], ["1", "清淤"], ["2", "护岸"], place="目录")
    sheets = [
        grid(["项目支出绩效目标表", "<", "<", "<"], ["（2026年度）", "<", "<", "<"], ["项目名称", name, "<", "<"],
             ["主管部门及代码", "[529]云河县水务局", "实施单位", "云河县河道所"], HEADER, ROW, place=name)
        for name in ("清淤", "护岸")
    ]  # fmt: skip
    extract = read(contents, *sheets)
    assert [(p["project_name"], p["agency"], p["year"], p["place"]) for p in extract.projects] == [
        ("清淤", "云河县河道所", 2026, "清淤 第1行第1列"),
        ("护岸", "云河县河道所", 2026, "护岸 第1行第1列"),
    ]
    assert extract.unread == []


def test_goals_of_two_periods_side_by_side():
    extract = read(
        grid(
            ["项目名称", "清淤", "<", "<"],
            ["总体目标", "实施期目标（2026—2028年）", "<", "年度目标"],
            ["^", "三年清淤9公里", "<", "1.清淤3公里\n2.不留淤点"],
            HEADER,
            ROW,
        )
    )
    assert extract.projects[0]["goal"] == "1.清淤3公里\n2.不留淤点"


ALL_YEARS, THE_YEAR = "三年内清淤9公里", "清淤3公里"


@pytest.mark.parametrize(
    "head",
    [
        [["总体目标", ALL_YEARS, "", ""], ["年度目标", THE_YEAR, "", ""]],
        [["年度绩效目标", THE_YEAR, "", ""], ["项目绩效总目标", ALL_YEARS, "", ""]],
        [["绩效目标", "总体目标", ALL_YEARS, "<"], ["^", "年度目标", THE_YEAR, "<"]],
        [["总体目标", "<", "年度目标", "<"], [ALL_YEARS, "<", THE_YEAR, "<"]],
        [["绩效目标", f"总体目标：{ALL_YEARS}\n年度目标：{THE_YEAR}", "<", "<"]],
        [["绩效目标", f"总体目标：\n{ALL_YEARS}\n年度目标：\n{THE_YEAR}", "<", "<"]],
    ],
)
def test_of_an_overall_and_an_annual_goal_the_annual_one_counts(head):
    extract = read(grid(*head, HEADER, ROW))
    assert [project["goal"] for project in extract.projects] == [THE_YEAR]


@pytest.mark.parametrize(
    ("head", "goal"),
    [
        ([["总体目标", ALL_YEARS, "", ""], ["年度目标", "", "", ""]], ALL_YEARS),
        ([["绩效目标", ALL_YEARS, "", ""], ["年度目标", THE_YEAR, "", ""]], f"{ALL_YEARS}\n{THE_YEAR}"),
        ([["绩效目标", f"总体目标：{ALL_YEARS}", "", ""]], ALL_YEARS),
        ([["年度目标", f"{THE_YEAR}\n总体目标：不留淤点", "", ""]], f"{THE_YEAR}\n总体目标：不留淤点"),
    ],
)
def test_no_goal_is_left_out_where_one_of_the_two_is_blank_or_of_no_period(head, goal):
    assert read(grid(*head, HEADER, ROW)).projects[0]["goal"] == goal


def test_long_term_table_above_the_annual_table():
    extract = read(
        "项目申报表",
        grid(["项目名称", "清淤", "", ""], ["长期目标", "清淤9公里", "", ""], HEADER, [*ROW[:3], "≥9公里"],
             ["年度目标", "清淤3公里", "", ""], HEADER, ROW),
    )  # fmt: skip
    assert rows(extract, "project_no", "period", "value") == [(1, "总体", "≥9公里"), (1, "年度", "≥3公里")]
    assert extract.projects[0]["goal"] == "清淤3公里"


EXPORT = """
kpi_id fiscal_year pro_code pro_name agency_name lv1_perf_ind_name lv2_perf_ind_name lv3_perf_ind_name kpi_content computesign indexval meterunit weight yearflag is_deleted is_backup
1 2026 P1 清淤 水务局 产出指标 数量指标 清淤长度 长度 1 3 公里 20 0 2 2
2 2026 P1 清淤 水务局 产出指标 数量指标 清淤长度 长度 1 9 公里 20 1 2 2
3 2026 P1 清淤 水务局 产出指标 数量指标 删掉的 长度 1 3 公里 20 0 1 2
4 2026 P1 清淤 水务局 产出指标 数量指标 备份的 长度 1 3 公里 20 0 2 1
5 2026 P2 护岸 水务局 产出指标 数量指标 护岸长度 长度 5 2 公里 20 0 2 2
"""


def test_the_national_export_as_a_sheet():
    header, *lines = [line.split() for line in EXPORT.strip().splitlines()]
    for names in (header, [name.upper() for name in header]):
        extract = read(grid(names, *lines))
        assert rows(extract, "project_no", "name", "description", "value", "weight", "period") == [
            (1, "清淤长度", "长度", "≥3公里", 20.0, "年度"),
            (1, "清淤长度", "长度", "≥9公里", 20.0, "总体"),
            (2, "护岸长度", "长度", "≤2公里", 20.0, None),
        ]
        assert [(p["project_code"], p["agency"], p["year"]) for p in extract.projects] == [
            ("P1", "水务局", 2026),
            ("P2", "水务局", 2026),
        ]


def test_a_label_with_its_code_or_glued_to_the_name():
    extract = read(
        grid(HEADER, ["1-产出指标", "11-数量指标", "清淤长度", "≥3公里"], ["", "", "质量指标验收合格率", "≥95%"])
    )
    assert rows(extract, "level2", "name") == [("11-数量指标", "清淤长度"), ("质量指标", "验收合格率")]


@pytest.mark.parametrize("first", ["⼀级指标", "一 级 指 标", "*一级指标", "-级指标", "一级指标（必填）", "一级\n指标"])
def test_headers_are_matched_folded(first):
    assert rows(read(grid([first, "⼆级指标", "三级\u3000指标", "指标值（Ａ）"], ROW)), "level1", "name", "value") == [
        ("产出指标", "清淤长度", "≥3公里")
    ]


def test_centred_labels_belong_to_the_rows_around_them():
    table = [
        ["", "数量指标"],
        ["产出指标", "质量指标"],
        ["", "成本指标"],
        ["", "经济效益指标"],
        ["效益指标", "社会效益指标"],
    ]
    extract = read(grid(HEADER, *[[*labels, f"指标{i}值", "≥3个"] for i, labels in enumerate(table)]))
    assert rows(extract, "level1") == [("产出指标",)] * 3 + [("效益指标",)] * 2


def test_labels_are_kept_as_printed_where_they_stand_on_top():
    extract = read(grid(HEADER, ROW, ["", "社会效益指标", "受益户数", "≥3户"], ["其他指标", "", "安全", "无事故"]))
    assert rows(extract, "level1", "level2") == [
        ("产出指标", "数量指标"),
        ("产出指标", "社会效益指标"),
        ("其他指标", ""),
    ]
    assert rows(read(grid(["二级指标", "三级指标", "指标值"], ROW[1:])), "level1", "level2") == [(None, "数量指标")]


def test_a_header_word_or_year_never_becomes_a_value():
    extract = read(grid([*HEADER[:3], "2026年指标值"], ROW, HEADER, [*ROW[:2], "护岸长度", "≥2公里"]))
    assert rows(extract, "value") == [("≥3公里",), ("≥2公里",)]


def test_a_page_break_carries_the_first_level_over():
    first = grid(HEADER, ROW)
    second = grid(
        HEADER, ["", "质量指标", "合格率", "≥95%"], ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%"]
    )
    for between in ([], ["- 12 -"], ["", "12", ""]):
        extract = read("1、清淤绩效目标表", first, *between, second)
        assert rows(extract, "project_no", "level1") == [(1, "产出指标"), (1, "产出指标"), (1, "满意度指标")]


def test_a_page_break_without_header():
    rest = grid(["", "质量指标", "合格率", "≥95%"], ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%"])
    assert len(read("1、清淤绩效目标表", grid(HEADER, ROW), rest).indicators) == 3
    other = grid(["项目名称", "预算资金", "数量", "单价"], ["清淤", "5.00", "1", "5.00"])
    assert len(read("1、清淤绩效目标表", grid(HEADER, ROW), "六、政府采购", other).indicators) == 1


def test_a_cell_torn_by_a_page_break_is_made_whole():
    first = grid([*HEADER, "指标值确定依据"], [*ROW, "《关于做好清淤"])
    extract = read("1、清淤绩效目标表", first, grid([*HEADER, "指标值确定依据"], ["", "", "", "", "工作的通知》"]))
    assert rows(extract, "basis") == [("《关于做好清淤工作的通知》",)]


def test_tables_without_titles_are_told_apart_by_their_classes():
    table = grid(HEADER, ROW, ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%"])
    assert [p["n_rows"] for p in read(table, table).projects] == [2, 2]


def test_places_name_table_and_cell():
    extract = read("清淤绩效目标表", grid(HEADER, ROW, ["^", "^", "清淤土方", "≥9万方"]))
    assert rows(extract, "place") == [("表1 第2行第3列",), ("表1 第3行第3列",)]


def test_what_cannot_be_placed_is_reported():
    extract = read(grid([*HEADER, "承办股室"], [*ROW, "水利股"], ["", "", "", "≥8公里", ""]))
    assert [(place, reason[:6]) for place, reason, _ in extract.unread] == [
        ("表1 第1行第5列", "没有读的列“"),
        ("表1 第3行第3列", "像指标行但放"),
    ]
    assert (extract.seen, extract.understood) == (2, 1)


@pytest.mark.parametrize("column", ["责任单位", "联系人", "承办股室"])
def test_a_column_that_says_nothing_of_a_target_is_no_loss(column):
    extract = read(grid([*HEADER, column], [*ROW, "水利股"]))
    assert (extract.unread, extract.seen, extract.understood) == ([], 1, 1)


def test_a_column_nobody_knows_is_reported_where_the_value_is_missing():
    extract = read(grid([*HEADER[:3], "欲达之景"], [*ROW[:3], "河道畅通"]))
    assert [(place, reason[:6]) for place, reason, _ in extract.unread] == [("表1 第1行第4列", "没有读的列“")]


@pytest.mark.parametrize("header", ["欲达之数", "任务量", "年度目标", "2024年预期目标", "年度"])
def test_amounts_after_the_name_are_the_values_where_no_header_says_which_are(header):
    extract = read(grid([*HEADER[:3], header], ROW, [*ROW[:2], "清淤土方", "≥9万方"]))
    assert rows(extract, "name", "value") == [("清淤长度", "≥3公里"), ("清淤土方", "≥9万方")]
    assert [(place, reason) for place, reason, _ in extract.unread] == [
        ("表1 第1行第1列", f"没有认得的指标值栏，按内容把“{header}”一栏读作指标值")
    ]


def test_few_amounts_among_wishes_tell_the_values_too():
    below = [[*ROW[:3], "≥3公里"], *[[*ROW[:2], name, "明显改善"] for name in ("水质", "岸线", "绿化")]]
    extract = read(grid([*HEADER[:3], "备考", "欲达之景"], *[[*row[:3], "", row[3]] for row in below]))
    assert rows(extract, "value") == [("≥3公里",), ("明显改善",), ("明显改善",), ("明显改善",)]


def test_bare_numbers_and_years_are_no_values_of_an_unknown_column():
    extract = read(grid([*HEADER[:3], "次第", "年度"], [*ROW[:3], "12", "2026"], [*ROW[:2], "清淤土方", "8", "2026"]))
    assert rows(extract, "value") == [("",), ("",)]


@pytest.mark.parametrize(
    "header",
    [
        "批复指标值", "计划完成值", "年度计划值", "年度绩效目标值", "本年目标值", "预算年度指标值", "目标（标准）值", "考核值",
        "申报指标值", "全年（程）目标值", "预期绩效值", "调整后",
    ],
)  # fmt: skip
def test_a_header_that_ends_in_a_word_for_values_is_one(header):
    extract = read(grid([*HEADER[:3], header], [*ROW[:3], "明显改善"]))
    assert (rows(extract, "value"), extract.unread) == ([("明显改善",)], [])


@pytest.mark.parametrize(
    "beside", ["半年（程）目标值", "上年目标值", "行业平均值", "调整前", "实际指标值", "历史最好值"]
)
def test_values_of_another_time_are_no_targets(beside):
    extract = read(grid([*HEADER[:3], beside, "全年（程）目标值"], [*ROW[:3], "≥1公里", "≥3公里"]))
    assert (rows(extract, "value"), extract.unread) == ([("≥3公里",)], [])


def test_the_half_year_counts_where_no_other_value_stands():
    assert rows(read(grid([*HEADER[:3], "半年（程）目标值"], ROW)), "value") == [("≥3公里",)]
    both = read(grid([*HEADER[:3], "半年（程）目标值", "批复指标值"], [*ROW[:3], "≥1公里", "≥3公里"]))
    assert (rows(both, "value"), both.unread) == ([("≥3公里",)], [])


@pytest.mark.parametrize(
    ("description", "basis"),
    [("指标解释及计算方法", "指标值设定依据及来源"), ("三级指标说明（口径）", "指标值确定依据（文件名称）")],
)
def test_headers_that_say_more_than_description_and_basis(description, basis):
    extract = read(grid([*HEADER, description, basis], [*ROW, "河道清淤的长度", "初步设计批复"]))
    assert (rows(extract, "description", "basis"), extract.unread) == ([("河道清淤的长度", "初步设计批复")], [])


def test_a_column_of_sentences_under_a_header_nobody_knows_is_reported():
    extract = read(grid([*HEADER, "由来"], [*ROW, "根据县水务局年度工作要点确定"]))
    assert [reason[:8] for _, reason, _ in extract.unread] == ["没有读的列“由来"]


def test_a_certain_value_goes_before_a_likely_one_which_is_reported():
    extract = read(grid([*HEADER[:3], "上级下达目标值", "指标值"], [*ROW[:3], "≥1公里", "≥3公里"]))
    assert rows(extract, "value") == [("≥3公里",)]
    assert [reason[:13] for _, reason, _ in extract.unread] == ["没有读的列“上级下达目标值"]


def test_what_parts_a_header_of_values_is_a_value_and_the_first_is_read():
    under = ["^", "^", "^", "甲市", "乙市"]
    for header in ([*HEADER, "<"], [*HEADER, ""]):
        below = under if header[-1] == "<" else ["", "", "", "甲市", "乙市"]
        extract = read(grid(header, below, [*ROW, "≥9公里"]))
        assert rows(extract, "value") == [("≥3公里",)]
        assert [reason[:8] for _, reason, _ in extract.unread] == ["没有读的列“乙市"]


def test_periods_below_a_header_of_values_part_them():
    extract = read(
        grid([*HEADER, "<", "计量单位"], ["^", "^", "^", "年度", "实施期", "^"], [*ROW[:3], "≥3", "≥9", "公里"])
    )
    assert rows(extract, "period", "value") == [("年度", "≥3公里"), ("总体", "≥9公里")]


def test_a_first_row_without_labels_is_no_header_of_values():
    extract = read(grid([*HEADER, "<", "<"], ["", "", "", "≥", "3", "公里"], [*ROW[:3], "≥", "9", "公里"]))
    assert [row["value"] for row in extract.indicators if row["name"]] == ["≥9公里"]


@pytest.mark.parametrize("years", [["2023年", "2024年", "2025年"], ["2024年指标值", "2025年指标值", "2026年指标值"]])
def test_of_the_values_of_several_years_those_of_the_budget_year_are_read(years):
    top = [*HEADER, "<", "<"] if years[0] == "2023年" else [*HEADER[:3], *years]
    under = [["^", "^", "^", *years]] if years[0] == "2023年" else []
    extract = read("项目支出绩效目标表", "（2024年度）", grid(top, *under, [*ROW[:3], "≥7公里", "≥8公里", "≥9公里"]))
    assert rows(extract, "value") == [(f"≥{7 + [year[:4] for year in years].index('2024')}公里",)]
    assert {reason[:10] for _, reason, _ in extract.unread} == {
        f"没有读的列“{year[:4]}" for year in years if year[:4] > "2024"
    }


@pytest.mark.parametrize("mark", ["^", ""])
def test_a_block_label_beside_another_header_of_names_is_no_name(mark):
    extract = read(
        grid(["绩效指标", "指标", "权重", "指标值"], [mark, "清淤长度", "15", "≥3公里"], [mark, "土方", "5", "≥9方"])
    )
    assert rows(extract, "name", "description", "weight") == [("清淤长度", None, 15.0), ("土方", None, 5.0)]
    extract = read(grid(["绩效指标", "指标内容", "指标值"], ["清淤长度", "河道清淤的长度", "≥3公里"]))
    assert rows(extract, "name", "description") == [("清淤长度", "河道清淤的长度")]


LEVEL_HEADERS = ["指标类别", "指标类型", "指标分类", "类别", "绩效指标类别", "类型", "指标维度", "指标性质", "归口"]


@pytest.mark.parametrize("header", LEVEL_HEADERS)
def test_a_column_of_level_labels_is_one_whatever_it_is_called(header):
    below = [["1", "数量指标", "清淤长度", "≥3公里"], ["2", "质量指标", "验收合格率", "≥95%"]]
    extract = read(grid(["序号", header, "指标名称", "指标值"], *below))
    assert rows(extract, "level2", "name") == [("数量指标", "清淤长度"), ("质量指标", "验收合格率")]
    first = [["1", "产出指标", "清淤长度", "≥3公里"], ["2", "效益指标", "受益人口", "≥9人"]]
    assert rows(read(grid(["序号", header, "指标名称", "指标值"], *first)), "level1") == [("产出指标",), ("效益指标",)]


def test_two_columns_of_level_labels():
    below = [ROW, ["满意度指标", "服务对象满意度指标", "居民满意度", "≥90%"]]
    extract = read(grid(["一级分类", "二级分类", "绩效指标名称", "目标值"], *below))
    assert rows(extract, "level1", "level2") == [("产出指标", "数量指标"), ("满意度指标", "服务对象满意度指标")]


def test_cells_beyond_the_header_are_reported():
    extract = read(grid([*HEADER, ""], [*ROW, ""]), grid(HEADER, [*ROW, "多出的字"]))
    assert [reason for _, reason, _ in extract.unread] == ["比表头多出单元格：多出的字"]


def test_a_reference_value_is_the_value_only_where_there_is_no_other():
    both = read(grid([*HEADER[:3], "参考值", "指标值"], [*ROW[:3], "≥9公里", "≥3公里"]))
    assert rows(both, "value") == [("≥3公里",)]
    assert rows(read(grid([*HEADER[:3], "参考值"], ROW)), "value") == [("≥3公里",)]


def test_a_name_that_is_also_a_label_of_a_head_stays_a_name():
    extract = read(
        grid(HEADER, ROW, ["", "", "项目资金", "按时拨付"], ["其他指标", "", "", ""], ["", "", "安全", "无事故"])
    )
    assert rows(extract, "level1", "name") == [("产出指标", "清淤长度"), ("产出指标", "项目资金"), ("其他指标", "安全")]


def test_a_label_beside_all_rows_of_the_block_is_no_column():
    header = ["绩效指标", *HEADER[:3], "绩效指标描述", "指标值"]
    table = [["绩效指标", *ROW[:3], "河道清淤的长度", "≥3公里"], ["^", "^", "质量指标", "合格率", "验收合格", "≥95%"]]
    extract = read("清淤绩效目标表", grid(header, *table))
    assert rows(extract, "name", "description") == [("清淤长度", "河道清淤的长度"), ("合格率", "验收合格")]
    assert extract.unread == []


def test_values_of_earlier_years_in_two_columns_are_no_loss():
    extract = read(grid([*HEADER[:3], "前年", "上年", "预计当年实现"], [*ROW[:3], "1公里", "2公里", "≥3公里"]))
    assert rows(extract, "value") == [("≥3公里",)]
    assert extract.unread == []


def test_halves_side_by_side_whose_merged_label_was_left_blank_below():
    extract = read(
        grid(
            ["一级指标", "实施期指标", "", "", "年度指标", "", ""],
            ["", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"],
            ["产出指标", "数量指标", "清淤长度", "≥9公里", "数量指标", "清淤长度", "≥3公里"],
        )
    )
    assert rows(extract, "period", "level1", "value") == [
        ("总体", "产出指标", "≥9公里"),
        ("年度", "产出指标", "≥3公里"),
    ]


@pytest.mark.parametrize("goal", ["年度总体目标", "总体目标", "年度绩效目标", "项目绩效总目标"])
def test_a_form_of_one_period_tells_none(goal):
    extract = read(grid(["项目名称", "清淤", "", ""], [goal, "清淤3公里", "", ""], HEADER, ROW))
    assert rows(extract, "period") == [(None,)]
    assert extract.projects[0]["goal"] == "清淤3公里"


def test_halves_that_share_both_labels():
    extract = read(
        grid(
            ["一级指标", "二级指标", "三级指标", "指标值", "三级指标", "指标值"],
            ["产出指标", "数量指标", "清淤长度", "≥9公里", "清淤长度", "≥3公里"],
            ["^", "^", "护岸长度", "≥6公里", "护岸长度", "≥2公里"],
        )
    )
    assert rows(extract, "period", "level1", "level2", "value") == [
        ("总体", "产出指标", "数量指标", "≥9公里"),
        ("年度", "产出指标", "数量指标", "≥3公里"),
        ("总体", "产出指标", "数量指标", "≥6公里"),
        ("年度", "产出指标", "数量指标", "≥2公里"),
    ]


def test_each_half_goes_on_with_its_own_labels():
    extract = read(
        grid(
            ["一级指标", *["二级指标", "三级指标", "指标值"] * 2],
            ["产出指标", "数量指标", "清淤长度", "≥9公里", "质量指标", "合格率", "≥95%"],
            ["", "", "护岸长度", "≥6公里", "", "优良率", "≥80%"],
        )
    )
    assert rows(extract, "level2") == [("数量指标",), ("质量指标",), ("数量指标",), ("质量指标",)]


def test_what_was_done_is_no_part_of_the_goal():
    extract = read(
        "项目支出绩效自评表",
        grid(
            ["项目名称", "清淤", "", ""],
            ["年度总体目标", "预期目标", "", "实际完成情况"],
            ["", "清淤3公里", "", "清淤3.2公里"],
            [*HEADER[:3], "年度指标值"],
            ROW,
        ),
    )
    assert extract.projects[0]["goal"] == "清淤3公里"


@pytest.mark.parametrize("header", ["1-7月执行情况", "1-X月执行情况", "1—9月完成情况", "2026年1至6月完成情况"])
def test_what_was_done_in_some_months_is_no_target(header):
    extract = read("项目支出绩效目标执行监控表", grid([*HEADER[:3], "年度指标值", header], [*ROW, "1.2公里"]))
    assert rows(extract, "value", "actual") == [("≥3公里", "1.2公里")]
    assert extract.unread == []


# -- money and unit ------------------------------------------------------------------------------------------------


def head(*lines):
    return read("1、清淤绩效目标表", grid(*[[*line, *[""] * (4 - len(line))] for line in lines], HEADER, ROW)).projects[
        0
    ]


def test_money_is_in_yuan_wherever_the_unit_stands():
    assert head(["单位：万元"], ["预算数", "5.08"])["budget"] == 50_800
    assert head(["金额单位：元"], ["预算数", "50800"])["budget"] == 50_800
    assert head(["项目资金（万元）", "年度资金总额：", "5.08"], ["", "其中：财政拨款", "5"])["fiscal"] == 50_000
    assert head(["预算数", "5.08万元"])["budget"] == 50_800


def test_without_a_unit_only_large_amounts_are_yuan():
    assert head(["预算数", "80000.00"])["budget"] == 80_000
    extract = read("1、清淤绩效目标表", grid(["预算数", "80.00", "", ""], HEADER, ROW))
    assert extract.projects[0]["budget"] is None
    assert "没有写明单位" in extract.unread[0][1]


@pytest.mark.parametrize("printed", ["529001云河县水务局本级", "[529001]云河县水务局本级", "529001-云河县水务局本级"])
def test_agency_with_its_code(printed):
    for line in ([printed, "单位：万元"], ["主管部门及代码", printed]):
        project = head(line)
        assert (project["agency_code"], project["agency"]) == ("529001", "云河县水务局本级")


def test_labels_with_their_value_in_one_cell():
    project = head(["项目名称：清淤工程"], ["预算年度：2026"], ["实施单位：河道所"])
    assert (project["project_name"], project["year"], project["agency"]) == ("清淤工程", 2026, "河道所")


def test_who_fills_in_the_form_and_the_unit_of_money_in_one_row():
    for line in (["填报单位：云河县水务局", "", "", "单位：万元"], ["填报单位：云河县水务局　　单位：万元"]):
        project = head(line, ["预算数", "5.5"])
        assert (project["agency"], project["budget"]) == ("云河县水务局", 55_000)


def test_lines_above_a_table_that_name_its_project():
    extract = read(
        "项目名称：清淤工程    项目编码：14A",
        "填报单位：云河县水务局  单位：万元",
        grid(["预算数", "5", "", ""], HEADER, ROW),
    )
    (project,) = extract.projects
    assert (project["project_name"], project["project_code"], project["agency"]) == ("清淤工程", "14A", "云河县水务局")
    assert project["budget"] == 50_000


# -- no target table -----------------------------------------------------------------------------------------------


def reasons(extract):
    assert extract.projects == []
    assert extract.indicators == []
    return " ".join(reason for _, reason, _ in extract.unread)


def test_running_text_and_contents_hold_no_table():
    assert reasons(read("二、绩效目标", "绩效目标：完成清淤3公里；绩效指标：清淤长度≥3公里，满意度≥90%。")) == ""
    assert reasons(read(*[f"{n}.清淤{n}绩效目标表........{n}" for n in range(1, 6)])) == ""


@pytest.mark.parametrize("value", ["", "≥**%", "≥XX个", "……"])
def test_a_blank_form_is_named_as_such(value):
    slots = [
        ["产出指标", "数量指标", "指标1：", value],
        ["", "", "指标2：", value],
        ["", "", "……", value],
        ["", "质量指标", "", ""],
    ]
    assert "空白表样" in reasons(read("项目支出绩效目标表", grid(HEADER, *slots)))
    if value:
        assert "空白表样" in reasons(
            read("项目支出绩效目标表", grid(HEADER, ["产出指标", "数量指标", "培训人次", value]))
        )


def test_a_library_of_indicators_is_named_as_such():
    extract = read(
        "附件2：水利领域绩效指标库", grid([*HEADER[:3], "指标解释", "参考指标值"], [*ROW[:3], "长度", "≥3公里"])
    )
    assert "指标库" in reasons(extract)
    extract = read("部门预算项目共性绩效指标体系框架", grid([*HEADER[:3], "指标解释"], [*ROW[:3], "长度"]))
    assert "指标库" in reasons(extract)


def test_a_library_without_title_is_known_by_its_columns():
    table = grid(["行业领域", *HEADER[:3], "参考指标值"], ["水利", *ROW])
    assert "指标库" in reasons(read(table))
    assert len(read("清淤绩效目标表", table).indicators) == 1


def test_unused_slots_of_a_filled_form_are_no_rows():
    extract = read("项目支出绩效目标表", grid(HEADER, ROW, ["", "", "指标2：", ""], ["", "质量指标", "", ""]))
    assert len(extract.indicators) == 1
    assert extract.unread == []


@pytest.mark.parametrize(
    "labels", [["其他情况", ""], ["", "其他情况"], ["产出指标", "清淤长度≥3公里"], ["", "党建指标"]]
)
def test_a_word_alone_in_the_columns_of_labels_is_reported(labels):
    extract = read("项目支出绩效目标表", grid(HEADER, ROW, [*labels, "", ""], ["", "质量指标", "验收合格率", "≥95%"]))
    assert [row["name"] for row in extract.indicators] == ["清淤长度", "验收合格率"]
    assert extract.seen - extract.understood == 1
    ((place, reason, advice),) = extract.unread
    assert place.startswith("表1 第3行")
    assert reason.endswith(next(label for label in reversed(labels) if label))
    assert "三级指标栏" in advice


def test_a_word_that_is_no_label_is_not_carried_to_the_rows_below():
    extract = read(grid(HEADER, ROW, ["其他情况", "", "", ""], ["", "质量指标", "验收合格率", "≥95%"]))
    assert rows(extract, "level1", "level2") == [("产出指标", "数量指标"), ("产出指标", "质量指标")]


@pytest.mark.parametrize(
    "labels",
    [
        ["效益指标", "社会效益指标", "指标1"],
        ["……", "……", "……"],
        ["产出指标", "指标2", ""],
        ["/", "", ""],
        ["备注", "", ""],
        ["合计（100分）", "", ""],
        ["本表由云河县水务局填报", "<", "<"],
    ],
)
def test_what_a_form_prints_in_an_unfilled_row_is_not_reported(labels):
    last = "<" if labels[-1] == "<" else ""
    assert read("项目支出绩效目标表", grid(HEADER, ROW, [*labels, last])).unread == []


def test_the_blank_row_of_a_label_that_other_rows_show_is_not_reported():
    extract = read(grid(HEADER, ["党建类", "", "党员培训", "≥9人"], ["^", "", "", ""]))
    assert extract.unread == []


def test_a_project_named_in_a_row_without_an_indicator_is_reported():
    header, row = ["项目名称", *HEADER], ["清淤", *ROW]
    extract = read(grid(header, row, ["护岸", "", "", "", ""], ["", "", "质量指标", "验收合格率", "≥95%"]))
    assert [reason[-2:] for _, reason, _ in extract.unread] == ["护岸"]
    assert extract.seen - extract.understood == 1
    assert read(grid(header, row, ["^", "", "", "", ""])).unread == []


def test_a_name_alone_where_the_form_has_no_labels_before_it_is_reported():
    extract = read(grid(["三级指标", "指标值", "指标说明"], ["清淤长度", "≥3公里", ""], ["受益人口", "", ""]))
    assert len(extract.indicators) == 1
    assert [reason[-4:] for _, reason, _ in extract.unread] == ["受益人口"]


def test_glued_text_is_reported():
    glued = "一级指标二级指标三级指标指标值产出指标数量指标清淤长度≥3公里"
    assert "连成一片" in reasons(read("清淤绩效目标表", glued))


def test_a_second_header_row_of_text_stands_under_the_cell_it_parts():
    text = (
        "1、清淤绩效目标表\n\t一级指标\n\t二级指标\n\t三级指标\n\t绩效指标描述\n\t指标值\n\t指标值确定依据\n\n"
        "\t\n\t\n\t\n\t\n\t符号\n\t值\n\t单位（文字描述）\n\t\n\n"
        "\t产出指标\n\t数量指标\n\t清淤长度\n\t长度\n\t≥\n\t3\n\t公里\n\t年度计划\n"
    )
    assert rows(assemble(read_text(text, "a")), "description", "value", "basis") == [("长度", "≥3公里", "年度计划")]
    text = (
        "1、清淤绩效目标表\n一级指标 二级指标 三级指标 绩效指标描述 指标值 指标值确定依据\n符号 值 单位（文字描述）\n"
        "产出指标 数量指标 清淤长度 清淤的长度 ≥ 3 公里 年度计划\n质量指标 合格率 验收合格率 ≥ 95 百分比 行业标准\n"
    )
    assert rows(assemble(read_text(text, "a")), "name", "value", "basis") == [
        ("清淤长度", "≥3公里", "年度计划"),
        ("合格率", "≥95百分比", "行业标准"),
    ]


def test_projects_under_plain_headings_are_told_apart():
    table = "项目编码 14{}\n预算数 5.00\n绩效目标\n1.完成清淤\n" + " ".join(HEADER) + "\n产出 数量 清淤长度 ≥3公里\n"
    text = "".join(f"{n}、{name}\n单位：万元\n{table.format(n)}" for n, name in ((1, "清淤费"), (2, "护岸费")))
    extract = assemble(read_text(text, "a"))
    assert [(p["project_name"], p["project_code"], p["budget"], p["n_rows"]) for p in extract.projects] == [
        ("清淤费", "141", 50_000, 1),
        ("护岸费", "142", 50_000, 1),
    ]


def test_a_dump_of_all_lines_into_one_is_parted_at_its_titles():
    one = (
        "项目编码 14A 项目名称 {0} 预算数 5.00万元 绩效目标 1.完成{0} " + " ".join(HEADER) + " 产出 数量 {0}长度 ≥3公里"
    )
    text = " ".join(f"{n}、{name}绩效目标表 " + one.format(name) for n, name in enumerate(["清淤", "护岸", "植树"], 1))
    extract = assemble(read_text(text, "a"))
    assert [(p["project_name"], p["budget"], p["goal"]) for p in extract.projects] == [
        ("清淤", 50_000, "1.完成清淤"),
        ("护岸", 50_000, "1.完成护岸"),
        ("植树", 50_000, "1.完成植树"),
    ]
    assert rows(extract, "name", "value") == [("清淤长度", "≥3公里"), ("护岸长度", "≥3公里"), ("植树长度", "≥3公里")]


def test_one_line_of_text_is_read_where_blanks_part_the_cells():
    text = "清淤绩效目标表\n一级指标 二级指标 三级指标 指标值 产出指标 数量指标 清淤长度 ≥3公里 质量指标 合格率 ≥95%\n"
    assert rows(assemble(read_text(text, "a")), "level2", "name", "value") == [
        ("数量指标", "清淤长度", "≥3公里"),
        ("质量指标", "合格率", "≥95%"),
    ]


@pytest.mark.parametrize(
    "line", ["预算年度：2023", "432 青岚县水利局 预算年度:2023 单位：万元", "2023年部门预算公开说明"]
)
def test_the_budget_year_stands_in_the_first_lines(line: str) -> None:
    text = f"{line}\n1、灌渠清淤绩效目标表\n一级指标\t二级指标\t三级指标\t绩效指标描述\t指标值\t指标值确定依据\n产出指标\t数量指标\t清淤长度\t渠道清淤长度\t≥12公里\t年度计划"
    extract = assemble(read_text(text, "公开.txt"))
    assert [project["year"] for project in extract.projects] == [2023]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("指标1：清淤长度", "清淤长度"),
        ("指标 2:清淤长度", "清淤长度"),
        ("三级指标一、清淤长度", "清淤长度"),
        ("1号闸清淤长度", "1号闸清淤长度"),
        ("指标1清淤", "指标1清淤"),
    ],
)
def test_the_number_that_a_form_prints_before_a_name_is_no_part_of_it(printed, name):
    extract = read("清淤项目绩效目标表", grid(HEADER, [*ROW[:2], printed, ROW[3]]))
    assert rows(extract, "name") == [(name,)]
    frame = pd.DataFrame({"项目名称": ["清淤"], "三级指标": [printed], "指标值": ["≥3公里"]})
    assert from_frame(frame, "a")[1]["name"].tolist() == [name]


def test_what_a_monitoring_form_expects_by_the_end_of_the_year_is_not_yet_done():
    header = [*HEADER, "1-7月执行情况", "全年预计完成情况"]
    extract = read("清淤项目绩效目标执行监控表", grid(header, [*ROW, "1.8公里", "3公里"]))
    assert rows(extract, "value", "actual") == [(ROW[3], "1.8公里")]
    assert extract.unread == []
    alone = read("清淤项目绩效目标执行监控表", grid([*HEADER, "全年预计完成情况"], [*ROW, "3公里"]))
    assert rows(alone, "actual") == [("3公里",)]


def test_a_table_for_each_period_under_one_head():
    """The annual one has a header of three rows."""
    extract = read(
        "江北省2026年省直部门预算项目绩效目标表",
        grid(["项目名称", "清淤", "<", "<", "<", "<"], ["长期绩效目标表", "<", "<", "<", "<", "<"],
             [*HEADER[:3], "<", "<", "指标值"], [*ROW[:3], "<", "<", "≥9公里"],
             ["年度绩效目标表", "<", "<", "<", "<", "<"], [*HEADER[:3], "指标值", "<", "<"],
             ["^", "^", "^", "近两年指标值", "<", "预期当年实现值"], ["^", "^", "^", "前年", "上年", "^"],
             [*ROW[:3], "1公里", "2公里", "≥3公里"], ["效益指标", "社会效益指标", "受益村", "1个", "2个", "≥3个"]),
    )  # fmt: skip
    assert rows(extract, "project_no", "period", "name", "value") == [
        (1, "总体", "清淤长度", "≥9公里"),
        (1, "年度", "清淤长度", "≥3公里"),
        (1, "年度", "受益村", "≥3个"),
    ]
    assert (extract.unread, extract.seen, extract.projects[0]["project_name"]) == ([], 3, "清淤")


def test_headers_that_say_performance_once_more():
    header = ["一级指标", "二级指标", "三级指标", "绩效指标性质", "绩效指标值", "绩效度量单位"]
    extract = read("清淤绩效目标表", grid(header, [*ROW[:3], "≥", "3", "公里"]))
    assert rows(extract, "value") == [("≥3公里",)]
    assert extract.unread == []


def test_levels_called_goals():
    header = ["一级目标", "二级目标", "三级目标", "指标目标值"]
    extract = read("清淤绩效目标表", grid(header, ["效果目标", "社会效益目标", "受益村", "≥4个"]))
    assert rows(extract, "level1", "level2", "name", "value") == [("效果目标", "社会效益目标", "受益村", "≥4个")]


def test_the_fourth_level_is_the_indicator_where_there_is_one():
    extract = read(
        "清淤绩效目标表",
        grid([*HEADER[:3], "四级指标", "指标值"], [*ROW[:3], "干流清淤长度", "≥3公里"],
             ["^", "^", "^", "支流清淤长度", "≥1公里"], ["^", "质量指标", "合格率", "", "100%"]),
    )  # fmt: skip
    assert rows(extract, "name", "value") == [
        ("干流清淤长度", "≥3公里"),
        ("支流清淤长度", "≥1公里"),
        ("合格率", "100%"),
    ]


@pytest.mark.parametrize("cell", ["≥", "1公里", "≥1公里"])
def test_a_column_nobody_knows_is_reported_where_it_holds_signs_or_amounts(cell):
    extract = read("清淤绩效目标表", grid([*HEADER, "一季度"], [*ROW, cell]))
    assert [("一季度" in reason, place) for place, reason, _ in extract.unread] == [(True, "表1 第1行第5列")]


def test_a_table_of_indicators_in_a_form_nobody_knows_is_reported():
    duties = grid(
        ["职责活动", "年度预算数", "内容描述", "绩效目标", "绩效指标", "评价标准", "<"],
        ["^", "^", "^", "^", "^", "优", "良"],
        ["水资源管理", "560.00", "取水许可管理", "加强管理", "取水许可办结率", "≥95%", "≥90%"],
    )
    extract = read("部门职责-工作活动绩效目标", duties, "清淤绩效目标表", grid(HEADER, ROW))
    assert [project["project_name"] for project in extract.projects] == ["清淤"]
    ((place, reason, _),) = extract.unread
    assert (place, "职责活动 | 年度预算数" in reason) == ("表1 第1行第1列", True)
    assert (extract.seen, extract.understood) == (3, 1)


def test_money_of_a_transfer_payment():
    extract = read(
        grid(["资金情况（万元）", "年度金额：", "8000", "<"], ["^", "其中：中央补助", "6000", "<"],
             ["^", "地方资金", "2000", "<"], HEADER, ROW),
    )  # fmt: skip
    assert [extract.projects[0][key] for key in ("budget", "fiscal", "other")] == [8e7, 6e7, 2e7]


def test_a_frame_that_names_its_projects_once():
    frame = pd.DataFrame(
        {"项目名称": ["清淤", None, "护岸", ""], "单位": ["个"] * 4, "三级指标": list("甲乙丙丁"), "指标值": ["≥3"] * 4}
    )
    projects, indicators = from_frame(frame.assign(指标内容="长度"), "a")
    assert projects["project_name"].tolist() == ["清淤", "护岸"]
    assert indicators["description"].tolist() == ["长度"] * 4
    assert indicators["project_id"].tolist() == ["a#1", "a#1", "a#2", "a#2"]
