"""The bundled sample: built from its source, read back cell by cell, and graded as a person would grade it."""

from importlib.resources import files

import build_sample
import pandas as pd
import pytest

from perfscore.readers import list_sources, read_one

CELLS = ["level1", "level2", "name", "description", "value", "basis"]
YUAN = {"元": 1, "万元": 10_000}


@pytest.fixture(scope="module")
def source():
    """The projects of ``sample.toml`` in order, each with its document."""
    return [project | {"doc": doc} for doc in build_sample.documents() for project in doc["project"]]


def blocks(document):
    """Yield lines and tables without the objects that tell merged cells apart."""
    for block in document:
        yield block if hasattr(block, "text") else [[(cell.text, cell.place) for cell in row] for row in block.rows]


def test_the_documents_are_built_from_their_source(tmp_path):
    build_sample.build(tmp_path)
    kept = files("perfscore") / "samples"
    built, bundled = (
        {document.name: list(blocks(document)) for source in list_sources(folder) for document in read_one(source)}
        for folder in (tmp_path, kept)
    )
    assert built == bundled
    assert len(built) == 5
    assert sum(file.stat().st_size for file in kept.iterdir()) < 300_000


def test_every_cell_is_read_back(sample, source):
    want = [cells[:6] for project in source for cells in project["cells"]]
    got = list(sample.indicators[CELLS].itertuples(index=False, name=None))
    assert got == want
    weights = [float(cells[6]) if len(cells) > 6 else -1 for project in source for cells in project["cells"]]
    assert sample.indicators["weight"].fillna(-1).tolist() == weights


@pytest.mark.parametrize("column", ["name", "code", "purpose", "goal"])
def test_heads_are_read_back(sample, source, column):
    ours = {"name": "project_name", "code": "project_code"}.get(column, column)
    for project, got in zip(source, sample.projects[ours], strict=True):
        if column in project:
            assert "".join(str(got).split()) == "".join(project[column].split())


def test_money_and_year_are_read_back(sample, source):
    for project, got in zip(source, sample.projects.itertuples(), strict=True):
        factor = YUAN[project["doc"]["unit"]]
        assert got.budget == pytest.approx(project["budget"] * factor)
        assert got.fiscal == pytest.approx(project["fiscal"] * factor)
        assert got.other == pytest.approx(project.get("other", 0) * factor)
        assert got.year == build_sample.YEAR
        assert "青岚县" in got.agency
    assert sample.unread.empty


def test_every_family_of_finding_shows(sample_card):
    assert set(sample_card.findings["code"].str[:3]) == {"PS1", "PS2", "PS3", "PS4", "PS5"}


def test_the_ranking_is_a_readers(sample_card):
    grades = sample_card.projects.set_index("project_name")
    good = [
        "乡镇中心幼儿园新建工程",
        "中小学教师全员培训",
        "县道青柳线路面修复养护",
        "65岁及以上老年人免费健康体检",
        "高标准农田管护",
    ]
    bad = [
        "政务大厅运行经费",
        "自助办事终端购置费",
        "档案数字化加工费",
        "联合审图专家评审费",
        "教育综合业务经费",
        "健康知识宣传经费",
    ]
    assert grades.loc[good, "score"].min() >= 80
    assert set(grades.loc[bad, "grade"]) == {"差"}
    assert grades.loc["电子印章系统维护费", "grade"] == "未评"
    assert pd.isna(grades.loc["电子印章系统维护费", "score"])


def test_the_copies_are_found(sample_card):
    names = sample_card.projects.set_index("project_id")["project_name"]
    copies = sample_card.copies.assign(name=lambda frame: frame["project_id"].map(names))
    exact = set(copies.loc[copies["kind"] == "exact", "name"])
    assert exact >= {"政务大厅运行经费", "自助办事终端购置费", "档案数字化加工费"}
    assert "联合审图专家评审费" in set(copies["name"])
    assert "乡镇中心幼儿园新建工程" not in set(copies["name"])
