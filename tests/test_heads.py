"""What stands above the rows: the many names of the goal, and money however it is written."""

import pytest
from test_tables_forms import HEADER, ROW, grid, read

from perfscore.headers import role

GOALS = [
    "本年度绩效目标", "年度绩效总体目标", "项目年度绩效目标情况", "当年绩效目标", "整体绩效目标", "年度部门整体支出绩效目标",
    "部门整体绩效目标", "预期绩效目标", "绩效目标概述", "项目预期目标", "年度工作目标", "本年目标", "项目支出绩效目标",
    "专项绩效目标", "年度主要目标", "2024年度部门整体绩效目标", "部门（单位）整体绩效目标",
]  # fmt: skip
AMOUNTS = [
    "50万元", "￥500,000.00元", "预算金额：50万元，其中：财政拨款50万元，其他资金0万元", "50万元（其中：财政拨款50万元）",
    "50万元其中财政拨款30万元", "人民币50万元",
]  # fmt: skip
TOTALS = [
    "项目总额（万元）", "年度资金申请总额（万元）", "资金总量（万元）", "申请预算（万元）", "本年度预算（万元）", "当年预算（万元）",
    "项目支出预算（万元）",
]  # fmt: skip


def project(*rows):
    filled = [["项目名称", "清淤", "<", "<"], *[[*row, *["<"] * (4 - len(row))] for row in rows]]
    return read("项目支出绩效目标表", "（2024年度）", grid(*filled, HEADER, ROW)).projects[0]


@pytest.mark.parametrize("label", GOALS)
def test_a_goal_with_words_before_it_that_say_whose_or_when(label):
    assert project([label, "清淤3公里。"])["goal"] == "清淤3公里。"


@pytest.mark.parametrize("label", ["年度主要任务", "整体支出", "绩效目标依据", "目标群体"])
def test_other_labels_are_no_goals(label):
    assert project([label, "清淤3公里。"])["goal"] is None


@pytest.mark.parametrize("amount", AMOUNTS)
def test_the_amount_that_a_cell_begins_with_is_the_budget(amount):
    assert project(["项目资金", amount])["budget"] == 500_000


def test_a_bare_amount_and_its_parts_are_in_the_unit_of_the_label():
    assert project(["项目资金（万元）", "50（财政拨款50）"])["budget"] == 500_000
    assert project(["项目资金（万元）", "50人参加"])["budget"] is None


@pytest.mark.parametrize("label", TOTALS)
def test_names_of_the_total(label):
    assert project([label, "50"])["budget"] == 500_000


@pytest.mark.parametrize(
    ("label", "total"),
    [
        ("年度预算申请（万元）", "资金总额："),
        ("预算执行情况（万元）", "预算数："),
        ("资金构成（万元）", "总额"),
        ("资金（万元）", "金额合计"),
    ],
)
def test_the_unit_stands_on_the_label_of_the_block(label, total):
    assert project([label, total, "12345.6"], ["^", "其中：财政拨款", "12000"])["budget"] == 123_456_000


def test_a_unit_of_something_else_is_none_of_money():
    assert project(["补助标准（元）", "500"], ["预算金额", "30"])["budget"] is None
    assert project(["补助资金标准（元）", "500"], ["预算金额（万元）", "30"])["budget"] == 300_000


def test_of_amounts_for_several_years_that_of_the_budget_year_counts():
    years = [["预算金额（万元）", "2023年", "40"], ["^", "2024年", "50"], ["^", "2025年", "60"]]
    assert project(*years)["budget"] == 500_000
    assert project(*years[:1])["budget"] == 400_000


def test_brackets_before_a_label_are_no_part_of_it():
    assert [role(text, "head") for text in ("项目（政策）名称", "（2024年度）项目名称")] == ["project_name", ""]
