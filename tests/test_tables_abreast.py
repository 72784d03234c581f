"""Projects side by side in one grid are read apart or reported; two halves of one form stay together."""

import pytest
from test_tables_forms import HEADER, ROW, grid, read, rows

FORM = [["一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"], [*ROW, *ROW[1:]]]


def form(name, code="P1"):
    goal = ["年度目标", f"{name}全部完工", "", ""]
    return [
        ["项目名称", name, "项目编码", code],
        goal,
        HEADER,
        ROW,
        ["效益指标", "社会效益指标", f"{name}受益户", "≥9户"],
    ]


def inline(name):
    return [[f"项目名称：{name}", "<", "<", "<"], HEADER, [*ROW[:2], f"{name}处数", ROW[3]]]


def titled(name):
    return [[f"{name}绩效目标表", "<", "<", "<"], HEADER, [*ROW[:2], f"{name}处数", ROW[3]]]


def abreast(*parts, gap=0):
    """Forms beside each other, ``gap`` blank columns between them."""
    height = max(map(len, parts))
    padded = [[*part, *[[""] * len(part[0])] * (height - len(part))] for part in parts]
    return [[cell for part in line for cell in [*part, *[""] * gap]] for line in zip(*padded, strict=True)]


@pytest.mark.parametrize(
    "lines",
    [
        abreast(form("清淤"), form("护岸")),
        abreast(form("清淤"), form("护岸"), gap=1),
        abreast(form("清淤"), [["", "", "", ""], *form("护岸")]),
        [["项目绩效目标表", *["<"] * 7], *abreast(form("清淤"), form("护岸"))],
        abreast(inline("清淤"), inline("护岸")),
        abreast(titled("清淤"), titled("护岸")),
    ],
    ids=["plain", "gap", "lower", "one title", "label and name in one cell", "titles"],
)
def test_two_projects_side_by_side_are_two_tables(lines):
    extract = read(grid(*lines))
    assert [project["project_name"] for project in extract.projects] == ["清淤", "护岸"]
    mine = {(number, name[:2]) for number, name in rows(extract, "project_no", "name") if name != ROW[2]}
    assert mine == {(1, "清淤"), (2, "护岸")}
    assert set(rows(extract, "period")) == {(None,)}
    assert (extract.unread, extract.seen) == ([], len(extract.indicators))


def test_rows_of_two_by_two_projects_stay_with_their_own():
    extract = read(grid(*abreast(form("清淤", "A") + form("灌溉", "B"), form("护岸", "C") + form("桥梁", "D"))))
    named = [(project["project_name"], project["project_code"], project["goal"]) for project in extract.projects]
    assert named == [
        (name, code, f"{name}全部完工") for name, code in zip(["清淤", "灌溉", "护岸", "桥梁"], "ABCD", strict=True)
    ]
    assert [name for (name,) in rows(extract, "name")][1::2] == ["清淤受益户", "灌溉受益户", "护岸受益户", "桥梁受益户"]


def test_projects_side_by_side_go_on_over_a_page():
    first = grid(*abreast(form("清淤"), form("护岸")), place="第1页 表1")
    second = grid(["", "", "清淤户数", "≥2户", "", "", "护岸户数", "≥4户"], place="第2页 表1")
    extract = read(first, "— 1 —", second)
    assert [row for row in rows(extract, "project_no", "name", "value") if row[1].endswith("户数")] == [
        (1, "清淤户数", "≥2户"),
        (2, "护岸户数", "≥4户"),
    ]
    assert extract.unread == []


def test_projects_that_share_their_labels_are_reported_and_not_read():
    named = ["项目名称", "清淤", "<", "<", "项目名称", "护岸", "<"]
    extract = read(grid(*form("桥梁")), grid(named, *FORM, place="表2"))
    assert [project["n_rows"] for project in extract.projects] == [2]
    assert [(place, "几个项目" in reason) for place, reason, _ in extract.unread] == [("表2", True)]


def test_one_project_named_above_both_halves_is_one_project():
    halves = ["一级指标", "实施期指标", "<", "<", "年度指标", "<", "<"]
    named = ["项目名称", "清淤", "<", "<", "项目名称", "清淤", "<"]
    extract = read(grid(named, halves, *FORM))
    assert [project["project_name"] for project in extract.projects] == ["清淤"]
    assert (rows(extract, "period"), extract.unread) == ([("总体",), ("年度",)], [])


def test_halves_without_a_period_are_read_and_this_is_said():
    extract = read(grid(["项目名称", "清淤", *["<"] * 5], *FORM))
    assert rows(extract, "period") == [("总体",), ("年度",)]
    assert [(place, "没有写明" in reason) for place, reason, _ in extract.unread] == [("表1 第2行第1列", True)]
    both = ["绩效目标", "中期目标", "<", "<", "年度目标", "<", "<"]
    assert (
        read(
            grid(["项目名称", "清淤", *["<"] * 5], both, ["^", "清淤9公里", "<", "<", "清淤3公里", "<", "<"], *FORM)
        ).unread
        == []
    )


@pytest.mark.parametrize(
    "lines",
    [
        [["一级指标", "年度指标", "", "", "实施期指标", "", ""], *FORM],
        [[*HEADER[:3], "年度指标值", *HEADER[1:]], FORM[1]],
        [[*HEADER, *HEADER[1:3], "实施期指标值"], FORM[1]],
    ],
    ids=["merge lost", "left half labelled", "right half labelled"],
)
def test_a_half_is_for_the_period_that_its_header_says(lines):
    extract = read(grid(*lines))
    assert (rows(extract, "period"), extract.unread) == ([("年度",), ("总体",)], [])
