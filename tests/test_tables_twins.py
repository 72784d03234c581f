"""Documents of the known layouts with other words, numbers of rows and page breaks are read back cell by cell."""

import pytest
import twins

from perfscore.readers.plain import read_text
from perfscore.tables import assemble

CELLS = ("level1", "level2", "name", "description", "value", "basis")


def read_back(text):
    return assemble(read_text(text, "twin.txt"))


def cells(extract):
    rows = {}
    for row in extract.indicators:
        rows.setdefault(row["project_no"], []).append(tuple(row[name] or "" for name in CELLS))
    return list(rows.values())


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("layout", [twins.leading_tabs, twins.tab_rows, twins.text_flow, twins.pipes])
def test_every_cell_comes_back(layout, seed):
    made = twins.projects(seed)
    extract = read_back(layout(made, seed))
    assert cells(extract) == [project.rows for project in made]
    assert [project["project_name"] for project in extract.projects] == [project.name for project in made]
    assert extract.seen == extract.understood
    assert extract.unread == []


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("layout", [twins.leading_tabs, twins.text_flow])
def test_the_head_comes_back(layout, seed):
    made = twins.projects(seed)
    for project, got in zip(made, read_back(layout(made, seed)).projects, strict=True):
        assert got["project_code"] == project.code
        assert got["budget"] == pytest.approx(float(project.budget) * 10_000)
        assert got["purpose"] == project.purpose
        assert got["goal"] == "\n".join(project.goal)
        assert got["plan"] == "/".join(project.plan)


@pytest.mark.parametrize("seed", range(12))
def test_damaged_text_comes_back_nearly_whole(seed):
    made = twins.projects(seed, 6)
    extract = read_back(twins.damaged(made, seed))
    got = cells(extract)
    assert [len(rows) for rows in got] == [len(project.rows) for project in made]
    pairs = [
        (a, b)
        for mine, rows in zip(got, made, strict=True)
        for x, y in zip(mine, rows.rows, strict=True)
        for a, b in zip(x, y, strict=True)
    ]
    assert sum(a == b for a, b in pairs) / len(pairs) >= 0.97
    for project, read in zip(made, extract.projects, strict=True):
        assert (read["project_name"], read["project_code"]) == (project.name, project.code)
        assert read["budget"] == pytest.approx(float(project.budget) * 10_000)
        assert read["purpose"] == project.purpose


@pytest.mark.parametrize("seed", range(6))
def test_text_read_across_the_columns_is_reported(seed):
    extract = read_back(twins.read_across(twins.projects(seed), seed))
    assert "可能切错" in extract.unread[0][1]
    assert extract.understood < extract.seen
