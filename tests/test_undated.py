"""The name of a project without its year: one answer for the baseline, the corpus and the names looked for in others."""

import pandas as pd
import pyarrow as pa
import pytest

from perfscore import baseline, identity
from perfscore.project_names import Names
from perfscore.text import normalise, squash
from perfscore.titles import undated, undated_all

NAMES = {
    "清淤费": "清淤费",
    "2024年清淤费": "清淤费",
    "2024年度清淤费": "清淤费",
    "2024清淤费": "清淤费",
    "2024年-清淤费": "清淤费",
    "（2024年）清淤费": "清淤费",
    "清淤费（2024年度）": "清淤费",
    "清淤费［2024］": "清淤费",
    "清淤费2024": "清淤费",
    "清淤费-2024": "清淤费",
    "清淤费2024年度": "清淤费",
    "2024-2025年清淤费": "清淤费",
    "2024年至2026年清淤费": "清淤费",
    "清淤费（2024—2025学年）": "清淤费",
    "2023年清淤费（2024年度）": "清淤费",
    "青岚县2024年清淤费": "青岚县清淤费",
    "清淤费（2024年第一批）": "清淤费(第一批)",
    "2024年年终慰问": "年终慰问",
    "2024年度": "",
    "": "",
    # Numbers that are no year of a budget.
    "202405批次": "202405批次",
    "编号A12024": "编号A12024",
    "1999年水毁工程": "1999年水毁工程",
    "青财预〔2024〕15号资金": "青财预〔2024〕15号资金",
    "青财预(2024)15号": "青财预(2024)15号",
}


@pytest.mark.parametrize(("name", "bare"), NAMES.items())
def test_a_name_loses_its_year(name, bare):
    assert undated(squash(normalise(name))) == bare


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_many_names_lose_theirs_alike(kind):
    folded = [squash(normalise(name)) for name in NAMES]
    assert undated_all(pa.array(folded, kind)).to_pylist() == [*NAMES.values()]


OF_YEARS = ["清淤费（2024年度）", "2025年清淤费", "清淤费2026", "2027-2028年清淤费"]


def projects(names: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "project_id": [*map(str, range(len(names)))],
            "project_code": "",
            "project_name": names,
            "agency": "水务局",
            "doc": "a.docx",
        }
    )


def test_a_finding_of_last_year_is_known_by_the_name_without_its_year():
    found = projects(OF_YEARS)[["project_id"]].assign(
        row_no=pd.Series(1, range(len(OF_YEARS)), "Int64"), code="PS301", message="…", peer=""
    )
    rows = found[["project_id", "row_no"]].assign(category="数量", name="清淤长度")
    keys = baseline.keys(found, projects(OF_YEARS), rows)
    assert keys["project_name"].tolist() == ["清淤费"] * len(OF_YEARS)
    assert not baseline.mark(keys.iloc[1:], keys.iloc[:1]).any()


def test_the_corpus_finds_a_project_of_another_year():
    assert identity.heads(projects([*OF_YEARS, "清淤费"]))["title"].nunique() == 1
    assert identity.heads(projects(["青岚县2024年清淤费", "青岚县2025年清淤费"]))["title"].nunique() == 1


def test_a_name_is_looked_for_in_others_without_its_year_but_in_one_piece():
    names = Names.of(projects(["2024年城区河道清淤费", "城区路灯维护费2024年", "青岚县2024年农村公路养护"])).table[
        "name"
    ]
    assert sorted(names) == ["城区河道清淤", "城区路灯维护", "青岚县2024年农村公路养护"]
    assert Names.of(projects(["2024年度"])).table.empty
