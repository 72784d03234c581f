"""``read``: files, folders, several of them, frames; what fails stays alone; the order of files does not matter."""

import csv
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import layouts
import pandas as pd
import pytest
import render
import twins

import perfscore.targets
from perfscore.errors import ReadError, SchemaError
from perfscore.schema import INDICATORS, PROJECTS, UNREAD
from perfscore.targets import read

SHARED = Path(__file__).parents[2] / "shared"


def write(folder, name, seed, layout=twins.tab_rows):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(layout(twins.projects(seed, 2), seed), encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    for seed, name in enumerate(["b.txt", "a.md", "内/c.txt"]):
        write((tmp_path / name).parent, Path(name).name, seed)
    (tmp_path / "空.txt").write_bytes(b"")
    (tmp_path / "坏.txt").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "公文.txt").write_text("二、绩效目标\n完成清淤3公里，绩效指标见批复。\n", encoding="utf-8")
    return tmp_path


def test_a_folder_with_good_and_bad_files(folder):
    seen = []
    targets = read(folder, progress=seen.append)
    assert targets.projects.columns.tolist() == list(PROJECTS)
    assert targets.indicators.columns.tolist() == list(INDICATORS)
    assert targets.unread.columns.tolist() == list(UNREAD)
    assert targets.projects["doc"].tolist() == ["a.md"] * 2 + ["b.txt"] * 2 + ["内/c.txt"] * 2
    assert targets.projects["project_id"].tolist()[:3] == ["a.md#1", "a.md#2", "b.txt#1"]
    assert targets.projects["n_rows"].sum() == len(targets.indicators)
    assert set(targets.unread["doc"]) == {"空.txt", "坏.txt", "公文.txt"}
    assert (targets.unread["reason"].str.len() > 2).all()
    assert sorted(seen) == sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert targets.coverage.set_index("doc").loc["a.md"].tolist() == [targets.projects["n_rows"][:2].sum()] * 2


def test_order_and_processes_change_nothing(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    one = read(sorted(files), workers=1)
    two = read(sorted(files, reverse=True), workers=2)
    for name in ("projects", "indicators", "unread", "coverage"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))


def test_processes_tell_their_progress_and_give_what_one_process_gives(tmp_path):
    for seed, (write_file, suffix) in enumerate(
        [(render.to_docx, "docx"), (render.to_xlsx, "xlsx"), (render.to_html, "html")]
    ):
        (tmp_path / f"a.{suffix}").write_bytes(write_file(layouts.single_block(seed).tables))
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.4 nothing")
    seen: list[str] = []
    several = read(tmp_path, workers=3, progress=seen.append)
    assert seen == sorted(path.name for path in tmp_path.iterdir())
    one = read(tmp_path, workers=1)
    for name in ("projects", "indicators", "unread", "coverage"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(several, name))


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="a process is not kept to some processors here")
def test_no_more_processes_than_processors_that_may_be_used(folder, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0})
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(perfscore.targets, "_FEW_BYTES", 0)
    monkeypatch.setattr(perfscore.targets, "ProcessPoolExecutor", None)
    assert read(folder).projects["doc"].nunique() == 3


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="a patch reaches only forked processes")
def test_a_file_that_ends_its_process_costs_no_other_file(folder, monkeypatch):
    read_one = perfscore.targets.read_one

    def ends_on_b(source):
        return os._exit(1) if source.name == "b.txt" else read_one(source)

    monkeypatch.setattr(perfscore.targets, "read_one", ends_on_b)
    targets = read(folder, workers=2)
    assert targets.projects["doc"].unique().tolist() == ["a.md", "内/c.txt"]
    assert "进程意外结束" in targets.unread.set_index("doc").loc["b.txt", "reason"]


def test_files_of_one_name_in_two_folders(tmp_path):
    for seed, place in enumerate(["甲", "乙"]):
        write(tmp_path / place, "a.txt", seed)
    targets = read([tmp_path / "甲", tmp_path / "乙", tmp_path / "甲" / "a.txt"])
    assert targets.projects["project_id"].is_unique
    assert targets.projects["doc"].nunique() == 2


def test_a_failure_in_one_file_stops_no_other(folder, monkeypatch):
    assemble = perfscore.targets.assemble

    def fails_on_b(document):
        if document.name == "b.txt":
            raise ZeroDivisionError("b")
        return assemble(document)

    monkeypatch.setattr(perfscore.targets, "assemble", fails_on_b)
    targets = read(folder, workers=1)
    assert targets.projects["doc"].nunique() == 2
    assert "ZeroDivisionError" in targets.unread.set_index("doc").loc["b.txt", "reason"]


def test_what_does_not_exist_is_said():
    with pytest.raises(ReadError, match="不存在"):
        read("没有这个文件夹")


ROWS = {
    "region": ["云河县"] * 3,
    "department": ["水务局"] * 3,
    "project_id": ["7", "7", "9"],
    "project_name": ["清淤", "清淤", "护岸"],
    "seq": [1, 2, 1],
    "level1": ["产出指标"] * 3,
    "level2": ["数量指标"] * 3,
    "name": ["清淤长度", "清淤土方", "护岸长度"],
    "description": ["长度", None, "长度"],
    "value": ["≥3公里", "", "≥2公里"],
    "basis": ["计划"] * 3,
}


def test_a_frame_of_a_crawler():
    targets = read(pd.DataFrame(ROWS))
    assert targets.projects[["project_id", "project_name", "agency", "division", "n_rows"]].values.tolist() == [
        ["7", "清淤", "水务局", "云河县", 2],
        ["9", "护岸", "水务局", "云河县", 1],
    ]
    assert targets.indicators[["project_id", "row_no", "name", "value"]].values.tolist() == [
        ["7", 1, "清淤长度", "≥3公里"],
        ["7", 2, "清淤土方", ""],
        ["9", 1, "护岸长度", "≥2公里"],
    ]
    assert targets.indicators["description"].isna().tolist() == [False, True, False]


def test_parquet_is_read_as_a_frame(tmp_path):
    pd.DataFrame(ROWS).to_parquet(tmp_path / "rows.parquet")
    targets = read(tmp_path)
    assert targets.projects["doc"].unique().tolist() == ["rows.parquet"]
    assert targets.projects["project_id"].tolist() == ["7", "9"]
    pd.DataFrame({"x": [1]}).to_parquet(tmp_path / "other.parquet")
    assert read(tmp_path).unread["doc"].tolist() == ["other.parquet"]


def test_our_own_indicators_come_back(folder):
    targets = read(folder)
    again = read(targets.indicators)
    columns = ["doc", "project_id", "row_no", "level1", "level2", "name", "value"]
    pd.testing.assert_frame_equal(again.indicators[columns], targets.indicators[columns])


def test_the_national_export_as_a_frame():
    frame = pd.DataFrame(
        {
            "PRO_CODE": ["P1", "P1", "P1", "P2"],
            "PRO_NAME": ["清淤", "清淤", "清淤", "护岸"],
            "FISCAL_YEAR": [2026] * 4,
            "LV2_PERF_IND_NAME": ["数量指标"] * 4,
            "LV3_PERF_IND_NAME": ["清淤长度", "清淤长度", "删掉的", "护岸长度"],
            "KPI_CONTENT": ["长度"] * 4,
            "COMPUTESIGN": [1, 1, 1, 6],
            "INDEXVAL": ["3", "9", "4", "明显改善"],
            "METERUNIT": ["公里", "公里", "公里", None],
            "YEARFLAG": [0, 1, 0, 0],
            "IS_DELETED": [2, 2, 1, 2],
            "IS_BACKUP": [2, 2, 2, 2],
        }
    )
    for given in (frame, frame.rename(columns=str.lower)):
        targets = read(given)
        assert targets.indicators[["name", "value", "period"]].values.tolist() == [
            ["清淤长度", "≥3公里", "年度"],
            ["清淤长度", "≥9公里", "总体"],
            ["护岸长度", "明显改善", "年度"],
        ]
        assert targets.projects[["project_code", "year"]].values.tolist() == [["P1", 2026], ["P2", 2026]]


def test_a_number_that_is_not_finite_is_missing(tmp_path):
    rows = pd.DataFrame({"project_id": ["p", "p"], "name": ["甲", "乙"], "value": ["≥1个", "≥2个"]})
    rows = rows.assign(weight=[float("inf"), 10], year=["inf", 2024], budget="-inf", fiscal="1e999")
    own = {"doc": ["a"], "project_no": [1], "project_id": ["p"], "project_name": ["修渠"], "n_rows": [2]}
    pd.DataFrame(own).assign(budget="inf", year=2024).to_csv(tmp_path / "projects.csv", index=False)
    rows[["project_id", "name", "value", "weight"]].assign(doc="a", row_no=[1, 2]).to_csv(
        tmp_path / "indicators.csv", index=False
    )
    for targets in (read(rows), read(tmp_path)):
        assert targets.unread.empty
        assert targets.indicators["weight"].isna().tolist() == [True, False]
        assert targets.projects[["budget", "fiscal"]].isna().all(axis=None)
        assert targets.projects["year"].tolist() == [2024]
        perfscore.score(targets).save(tmp_path / "out" / "page.html")


def test_a_frame_without_indicators_is_refused():
    with pytest.raises(SchemaError, match="缺少列 name"):
        read(pd.DataFrame({"project_id": ["1"], "value": ["3"]}))
    with pytest.raises(SchemaError, match="项目"):
        read(pd.DataFrame({"name": ["a"], "value": ["3"]}))


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the shared documents are not here")
def test_the_five_documents_against_the_gold(tmp_path):
    targets = read(SHARED / "seeds")
    for name in ("projects", "indicators"):
        getattr(targets, name).to_csv(
            tmp_path / f"{name}.csv", index=False, encoding="utf-8-sig", quoting=csv.QUOTE_MINIMAL
        )
    done = subprocess.run(
        [sys.executable, SHARED / "tools" / "check_extraction.py", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert targets.unread.empty
    assert (targets.coverage["seen"] == targets.coverage["understood"]).all()
