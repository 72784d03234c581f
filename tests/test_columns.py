"""Headers of columns that tell more than a name: the unit of money in brackets, and what says nothing of a target."""

import pandas as pd
import pytest

from perfscore import read
from perfscore.cli import Exit
from perfscore.headers import money_unit

ROW = ["产出指标", "数量指标", "清淤长度", "≥3公里"]
LEVELS = ["一级指标", "二级指标", "三级指标", "指标值"]
UNITS = [
    ("项目预算（万元）", 300_000),
    ("预算数(元)", 30),
    ("预算金额（单位：万元）", 300_000),
    ("预算数（亿元）", 3e9),
]


def written(path, *rows):
    path.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    return path


@pytest.mark.parametrize(("header", "amount"), UNITS)
def test_the_unit_of_a_column_of_money_stands_in_its_header(tmp_path, header, amount):
    file = written(
        tmp_path / "a.csv",
        ["项目名称", header, *LEVELS],
        ["清淤", "30", *ROW],
        ["", "", *ROW[:2], "清淤土方", "≥9万方"],
        ["修桥", "15万元", *ROW],
    )
    targets = read(file)
    assert targets.projects["budget"].tolist() == [amount, 150_000]
    assert targets.unread.empty
    frame = pd.DataFrame([["清淤", "30", *ROW], ["修桥", "15万元", *ROW]], columns=["项目名称", header, *LEVELS])
    assert read(frame).projects["budget"].tolist() == [amount, 150_000]


def test_a_label_with_its_unit_says_it_too(tmp_path):
    file = written(tmp_path / "a.csv", ["项目名称", "清淤", "项目预算（万元）", "30"], LEVELS, ROW)
    assert read(file).projects["budget"].tolist() == [300_000]
    file = written(tmp_path / "a.csv", ["项目名称", "清淤", "项目预算", "30"], LEVELS, ROW)
    assert read(file).projects["budget"].isna().all()


def test_no_other_bracket_is_a_unit_of_money():
    assert [money_unit(text) for text in ("预算数（2024年）", "指标值（元/人）", "万元")] == ["", "", ""]


def test_a_frame_of_numbers_is_in_yuan():
    rows = [["清淤", 30.5, *ROW], ["修桥", None, *ROW]]
    frame = pd.DataFrame(rows, columns=["项目名称", "预算数", *LEVELS])
    assert read(frame).projects["budget"].fillna(-1).tolist() == [30.5, -1]


def test_a_harmless_column_leaves_the_exit_code_alone(run, tmp_path):
    file = written(tmp_path / "a.csv", [*LEVELS, "责任单位", "联系人"], [*ROW, "水利股", "王工"])
    assert run("score", file)[0] == Exit.DONE
