"""Ten traps of parsing, each of which some tool has fallen into, from the file to what is read or judged."""

import docx
import pandas as pd
import pytest
import render
from layouts import drawn

from perfscore import score
from perfscore.quantity import parse
from perfscore.targets import read

HEADER = ["一级指标", "二级指标", "三级指标", "指标值"]
ROW = ["产出指标", "数量指标", "清淤长度", "≥3公里"]


@pytest.fixture
def read_rows(tmp_path):
    """Read a table written as docx."""

    def through_a_file(*rows, title="1、清淤绩效目标表"):
        path = tmp_path / "a.docx"
        path.write_bytes(render.to_docx([drawn(title, rows)]))
        return read(path)

    return through_a_file


def names_and_values(targets):
    return targets.indicators[["name", "value"]].values.tolist()


@pytest.mark.parametrize("value", ["≥95%", "≥95％", "≥95 百分比", "95%以上", "不低于95%", "大于等于95%"])
def test_trap_1_one_value_in_many_spellings(value, read_rows):
    ((_, printed),) = names_and_values(read_rows(HEADER, [*ROW[:3], value]))
    found, wanted = parse(printed), parse("≥95百分比")
    assert (found.comparator, found.low, found.unit) == (wanted.comparator, wanted.low, wanted.unit)


def test_trap_2_sign_or_unit_that_is_missing_or_in_another_column(read_rows):
    assert parse("100%").comparator == ""
    assert (parse("≥95").comparator, parse("≥95").unit) == ("≥", "")
    targets = read_rows([*HEADER[:3], "符号", "指标值", "计量单位"], [*ROW[:3], "＝", "100", "%"])
    assert names_and_values(targets) == [["清淤长度", "＝100%"]]


@pytest.mark.parametrize(
    ("value", "unit", "numbers"),
    [
        ("≥500标箱标箱", "标箱", (500, 500)),
        ("≤80.66万元", "元", (806_600, 806_600)),
        ("≥36宗/批", "宗/批", (36, 36)),
        ("≤30天", "天", (30, 30)),
        ("90%-95%", "%", (90, 95)),
    ],
)
def test_trap_3_doubled_and_compound_units_and_ranges(value, unit, numbers, read_rows):
    ((_, printed),) = names_and_values(read_rows(HEADER, [*ROW[:3], value]))
    assert printed == value
    found = parse(printed)
    assert (found.unit, (found.low, found.high)) == (unit, numbers)


def test_trap_3_a_date_is_no_number():
    assert parse("2024年12月底前").kind == "date"


def test_trap_4_a_year_or_header_word_is_no_value(read_rows):
    targets = read_rows(
        [*HEADER[:3], "2026年指标值"], ROW, [*HEADER[:3], "2026年指标值"], [*ROW[:2], "护岸长度", "≥2公里"]
    )
    assert names_and_values(targets) == [["清淤长度", "≥3公里"], ["护岸长度", "≥2公里"]]


def test_trap_5_a_category_glued_to_the_name(read_rows):
    targets = read_rows(HEADER, ROW, ["效益指标", "", "社会效益指标社保参保次数", "≥9次"])
    assert targets.indicators.loc[1, ["level2", "name"]].tolist() == ["社会效益指标", "社保参保次数"]


def test_trap_6_a_definition_in_brackets_stays_in_the_evidence(read_rows):
    name = "清淤长度（指完成清淤并验收的河道长度）"
    assert names_and_values(read_rows(HEADER, [*ROW[:2], name, "≥3公里"])) == [[name, "≥3公里"]]


@pytest.mark.parametrize("printed", ["≥95%", ">=95%", "》95%", "≥９５%", "⩾95%"])
def test_trap_7_signs_and_digits_as_recognition_leaves_them(printed, read_rows):
    header = ["⼀级指标", "⼆级指标", "三级指标", "指标值"]
    ((_, value),) = names_and_values(read_rows(header, [*ROW[:3], printed]))
    assert (parse(value).low, parse(value).unit) == (95, "%")


def test_trap_7_a_first_level_header_that_lost_its_character(read_rows):
    targets = read_rows(["-级指标", *HEADER[1:]], ROW)
    assert targets.indicators["level1"].tolist() == ["产出指标"]


def test_trap_8_a_merged_cell_is_one_and_a_repeated_header_is_no_row(tmp_path):
    document = docx.Document()
    table = document.add_table(5, 4)
    lines = [HEADER, ROW, [*ROW[:2], "清淤土方", "≥9万方"], HEADER, [*ROW[:2], "护岸长度", "≥2公里"]]
    for row, line in zip(table.rows, lines, strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0)).text = "产出指标"
    table.cell(1, 3).merge(table.cell(2, 3)).text = "按计划"
    document.save(tmp_path / "a.docx")
    targets = read(tmp_path / "a.docx")
    assert targets.indicators["name"].tolist() == ["清淤长度", "清淤土方", "护岸长度"]
    assert targets.indicators["level1"].tolist() == ["产出指标"] * 3


@pytest.mark.parametrize("repeated", [True, False])
def test_trap_9_a_table_cut_by_a_page_break_rejoins(repeated, tmp_path):
    rows = [HEADER, ROW, *[["", "质量指标", f"第{n}段合格率", "≥95%"] for n in range(60)]]
    parts = [rows[:20], [*([HEADER] if repeated else []), *rows[20:]]]
    path = tmp_path / "a.pdf"
    path.write_bytes(
        render.to_pdf([drawn("1、清淤绩效目标表" if n == 0 else "- 2 -", part) for n, part in enumerate(parts)])
    )
    targets = read(path)
    assert len(targets.projects) == 1
    assert targets.indicators["name"].tolist() == [row[2] for row in rows[1:]]
    assert set(targets.indicators["level1"]) == {"产出指标"}


def test_trap_10_the_halves_of_a_form_are_no_copies_of_each_other(read_rows):
    names = ["清淤长度", "清淤土方", "护岸长度", "护坡面积"]
    halves = [["产出指标", *["数量指标", name, f"≥{n}处"] * 2] for n, name in enumerate(names, 3)]
    header = [["一级指标", "实施期指标", "<", "<", "年度指标", "<", "<"], ["^", *HEADER[1:] * 2]]
    side_by_side = score(read_rows(*header, *halves))
    flags = pd.DataFrame(
        {
            "pro_code": "P1",
            "lv3_perf_ind_name": names * 2,
            "kpi_val": ["≥3处"] * 8,
            "yearflag": [0] * 4 + [1] * 4,
        }
    )
    for scored in (side_by_side, score(read(flags))):
        assert set(scored.indicators["period"]) == {"总体", "年度"}
        assert scored.copies.empty
        assert "duplicate_row" not in set(scored.findings["defect"])
