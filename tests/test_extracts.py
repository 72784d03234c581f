"""What ``perfscore extract`` writes is read back as the same projects, rows and unread places."""

import layouts
import pandas as pd
import pytest
import render

from perfscore.cli import main
from perfscore.targets import read

FORMS = [layouts.single_block, layouts.self_evaluation, layouts.side_by_side, layouts.three_columns]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("in")
    for form in FORMS:
        (folder / f"{form.__name__}.docx").write_bytes(render.to_docx(form(1).tables))
    (folder / "空.txt").write_bytes(b"")
    return folder


@pytest.mark.parametrize("options", [["out"], ["out", "--format", "parquet"], ["out.xlsx"]])
def test_an_extract_comes_back(options, folder, tmp_path):
    output, *more = options
    main(["extract", str(folder), "-o", str(tmp_path / output), *more, "--quiet"])
    first, again = read(folder), read(tmp_path / output)
    assert len(first.indicators) > 50
    for name in ("projects", "indicators", "unread"):
        wanted, found = getattr(first, name), getattr(again, name)
        # written down, blank and missing are one
        wanted, found = (frame.astype(object).replace("", None).where(frame.notna(), None) for frame in (wanted, found))
        pd.testing.assert_frame_equal(found, wanted)
    assert again.indicators["description"].isna().equals(first.indicators["description"].isna())


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_single_file_holds_the_rows(suffix, folder, tmp_path):
    main(["extract", str(folder), "-o", str(tmp_path / f"out.{suffix}"), "--quiet"])
    first, again = read(folder), read(tmp_path / f"out.{suffix}")
    columns = [
        "doc",
        "project_id",
        "row_no",
        "level1",
        "level2",
        "name",
        "value",
        "weight",
        "actual",
        "period",
        "place",
    ]
    pd.testing.assert_frame_equal(again.indicators[columns], first.indicators[columns])
    assert again.projects["project_id"].tolist() == first.projects["project_id"].tolist()
    assert again.unread.empty


def test_projects_without_their_rows_are_reported(folder, tmp_path):
    main(["extract", str(folder), "-o", str(tmp_path / "out"), "--quiet"])
    alone = read(tmp_path / "out" / "projects.csv")
    assert alone.projects.empty
    assert alone.unread["reason"].str.contains("没有同时给出指标明细").all()
    assert len(alone.unread) == len(FORMS)
