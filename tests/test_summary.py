"""What the reports say of many rows at once."""

import pandas as pd

from perfscore.reporting import summary
from perfscore.scorecard import Scorecard


def test_money_that_no_project_of_an_agency_names_is_missing():
    projects = pd.DataFrame(
        {
            "doc": ["a", "b", "c"],
            "project_id": ["a#1", "b#1", "c#1"],
            "agency": ["甲", "甲", "乙"],
            "budget": [5.0, None, None],
        }
    )
    table = summary.agencies(Scorecard(projects=projects)).set_index("agency")["budget"]
    assert table["甲"] == 5.0
    assert pd.isna(table["乙"])


def test_a_deadline_keeps_the_month_it_ends_in():
    projects = pd.DataFrame({"doc": ["a"], "project_id": ["a#1"], "agency": ["甲"]})
    rows = pd.DataFrame(
        {
            "doc": "a",
            "project_id": "a#1",
            "row_no": range(1, 5),
            "name": "验收",
            "value": ["2026年9月底前", "2026年9月30日前", "9月底前", "2026年9月后"],
        }
    )
    values = summary.values(Scorecard(projects=projects, indicators=rows))["value"]
    assert sorted(values) == sorted(["2026年9月底前", "2026年9月30日前", "9月底前", "2026年9月后"])
