"""The result object: its tables, what it writes, and what it says when it cannot."""

import json

import pandas as pd
import pytest
from make_scorecard import HOSTILE, make_scorecard

from perfscore import schema
from perfscore.errors import ConfigError, PerfscoreError, SchemaError
from perfscore.reporting import frames
from perfscore.scorecard import TABLES, Scorecard

TABLE_NAMES = ["projects", "findings", "indicators", "copies", "unread", "accepted"]


@pytest.fixture(scope="module")
def card():
    return make_scorecard()


def test_tables_have_the_columns_of_the_schema(card):
    assert list(card.to_frames()) == TABLE_NAMES
    assert card.projects.columns.tolist() == list(schema.GRADES)
    assert card.findings.columns.tolist() == list(schema.FINDINGS)
    assert card.indicators.columns.tolist() == [*schema.INDICATORS, "category", "kind"]


def test_a_frame_without_a_required_column_is_refused():
    with pytest.raises(SchemaError, match="project_id"):
        Scorecard(projects=pd.DataFrame({"doc": ["a"]}))


def test_frames_given_out_may_be_changed_without_changing_the_card(card):
    before = card.projects["score"].copy()
    frame = card.to_frames()["projects"]
    frame["score"] = -1.0
    pd.testing.assert_series_equal(card.projects["score"], before)


def test_folder_of_csv_keeps_every_text_and_runs_no_formula(card, tmp_path):
    card.save(tmp_path / "out")
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert files == sorted(f"{name}.csv" for name in TABLE_NAMES)
    raw = (tmp_path / "out" / "projects.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(tmp_path / "out" / "projects.csv", dtype=str, keep_default_na=False, lineterminator="\n")
    names = dict(zip(back["project_id"], back["project_name"], strict=True))
    for project_id, name in zip(card.projects["project_id"], card.projects["project_name"], strict=True):
        expected = f"'{name}" if name in (HOSTILE[1], HOSTILE[4]) else name
        assert names[project_id] == expected
    cells = back.to_numpy().ravel().tolist()
    assert not [cell for cell in cells if cell[:1] in "=+@" and any(mark in cell for mark in "(!|")]


@pytest.mark.parametrize("text", ['=1+\nHYPERLINK("http://x")', "@a\r\n!b", "-\n\n1|2"])
def test_a_formula_over_several_lines_is_not_run(text):
    assert frames.defuse(pd.DataFrame({"goal": [text, "=100%\n达标"]}))["goal"].tolist() == [f"'{text}", "=100%\n达标"]


def test_folder_of_parquet_comes_back_equal(card, tmp_path):
    card.save(tmp_path / "out", format="parquet")
    for name, frame in card.to_frames().items():
        back = schema.conform(pd.read_parquet(tmp_path / "out" / f"{name}.parquet"), TABLES[name], keep_extra=True)
        pd.testing.assert_frame_equal(back, frame)


def test_json_holds_all_tables_and_the_method(card, tmp_path):
    data = json.loads(card.save(tmp_path / "out.json").read_text("utf-8"))
    assert list(data) == ["method", *TABLE_NAMES]
    assert data["method"]["version"] == "0.1.0"
    assert [row["project_name"] for row in data["projects"]] == card.projects["project_name"].tolist()
    assert data["projects"][-1]["score"] is None


def test_single_parquet_holds_the_graded_projects(card, tmp_path):
    back = pd.read_parquet(card.save(tmp_path / "out.parquet"))
    assert back["project_id"].tolist() == card.projects["project_id"].tolist()


@pytest.mark.parametrize("name", ["a.json", "a.html", "a.xlsx"])
def test_the_same_scorecard_gives_the_same_bytes(tmp_path, name):
    first = make_scorecard().save(tmp_path / "first" / name).read_bytes()
    assert make_scorecard().save(tmp_path / "second" / name).read_bytes() == first


def test_an_unknown_suffix_is_refused_with_the_known_ones(card, tmp_path):
    with pytest.raises(ConfigError, match=r"\.doc.*\.xlsx"):
        card.save(tmp_path / "out.doc")
    with pytest.raises(ConfigError, match="parquet"):
        card.save(tmp_path / "out.xlsx", format="parquet")


def test_a_file_open_elsewhere_is_explained(card, tmp_path, monkeypatch):
    def locked(self, path, lang):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Scorecard, "to_excel", locked)
    with pytest.raises(PerfscoreError, match="Excel"):
        card.save(tmp_path / "out.xlsx")


@pytest.mark.parametrize("name", ["a.json", "a.html", "a.xlsx", "a.parquet", "folder"])
def test_nothing_read_can_still_be_saved(tmp_path, name):
    empty = Scorecard(projects=pd.DataFrame({"doc": [], "project_id": []}))
    assert empty.save(tmp_path / name).exists()
