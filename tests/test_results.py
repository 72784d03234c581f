"""What perfscore has written lies among the documents, or is read on purpose."""

import shutil
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from perfscore import read, score
from perfscore.cli import Exit
from perfscore.readers import read_bytes
from perfscore.results import SKIPPED, TWICE, is_report

SAMPLES = Path(str(files("perfscore"))) / "samples"
GOOD = SAMPLES / "04农业农村局.txt"


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "材料"
    found.mkdir()
    shutil.copy(GOOD, found / "农业.txt")
    return found


def skipped(targets):
    return sorted(targets.unread.loc[targets.unread["reason"] == SKIPPED[0], "doc"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_is_not_read(folder, lang):
    names = ["评分.html", "评分.json", "评分.xlsx"]
    first = read(folder)
    card = score(first)
    for name in names:
        report = card.save(folder / name, lang=lang)
        assert is_report(report.read_bytes())
        assert read(report).projects.empty
    again = read(folder)
    assert again.projects["project_id"].tolist() == first.projects["project_id"].tolist()
    assert skipped(again) == names


def test_a_review_form_and_an_evaluation_are_not_read(run, folder, tmp_path):
    labels = tmp_path / "labels.csv"
    labels.write_text("文件,项目序号,行号,缺陷\n农业.txt,1,1,no_quantity\n", encoding="utf-8")
    assert run("opinion", folder, "-o", folder / "审核.docx")[0] == Exit.DONE
    for name in ("检验.html", "检验.xlsx"):
        assert run("evaluate", labels, folder, "-o", folder / name)[0] == Exit.DONE
    code, out, err = run("score", folder)
    assert (code, len(out.splitlines())) == (Exit.DONE, 5)
    assert "已跳过：审核.docx、检验.html、检验.xlsx\n" in err


def test_the_tables_of_an_evaluation_are_not_read(run, folder, tmp_path):
    labels = tmp_path / "labels.csv"
    labels.write_text("文件,项目序号,行号,缺陷\n农业.txt,1,1,no_quantity\n别的.txt,1,1,no_quantity\n", encoding="utf-8")
    first = read(folder)
    assert run("evaluate", labels, folder, "-o", folder / "检验")[0] == Exit.DONE
    tables = sorted(path.relative_to(folder).as_posix() for path in (folder / "检验").iterdir())
    assert len(tables) == 5
    again = read(folder)
    assert again.projects["project_id"].tolist() == first.projects["project_id"].tolist()
    assert skipped(again) == tables
    assert len(again.unread) == len(tables)


def test_what_is_no_report_is_none(tmp_path, sample):
    extract = {"项目": sample.projects, "未读清单": sample.unread}
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        for name, frame in extract.items():
            frame.to_excel(book, sheet_name=name)
    assert not is_report((tmp_path / "a.xlsx").read_bytes())
    assert not is_report(b"PK\x03\x04 not a workbook")
    assert not is_report(b'{"method": {"a": 1}, "projects": []}')
    assert not is_report(b"")
    whole = score(sample).save(tmp_path / "b.xlsx").read_bytes()
    assert not any(is_report(whole[:size]) for size in range(0, len(whole) - 1, 5_000))
    assert read_bytes(b"PK\x03\x04 not a workbook", "a.xlsx")[0].unread[0][1] != SKIPPED[0]


def test_scoring_a_folder_again_does_not_score_the_result(run, folder):
    for _ in range(2):
        code, _, err = run("score", folder, "-o", folder / "评分.xlsx")
        assert code == Exit.DONE
        assert "已保存 4 个项目" in err
    assert "这是 perfscore 的结果文件，已跳过：评分.xlsx" in err
    code, out, err = run("score", folder)
    assert (code, len(out.splitlines())) == (Exit.DONE, 5)
    assert "未能读取" not in err


@pytest.mark.parametrize("command", ["score", "extract"])
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables_are_read_where_they_are_asked_for(run, folder, command, form):
    assert run(command, folder, "-o", folder / "表", "--format", form)[0] == Exit.DONE
    first, again = read(GOOD), read(folder / "表")
    names = ["project_name", "agency", "budget", "goal", "n_rows"]
    found = again.projects.sort_values("project_id")[names].fillna("").reset_index(drop=True)
    pd.testing.assert_frame_equal(found, first.projects[names].fillna(""))
    assert len(again.indicators) == len(first.indicators)
    assert again.unread.empty
    beside = read(folder)
    assert len(beside.projects) == len(first.projects)
    assert f"表/projects.{form}" in skipped(beside)
    assert set(beside.unread["reason"]) == {SKIPPED[0]}
    assert run("score", folder)[0] == Exit.DONE


def test_what_was_passed_over_is_not_said_again_of_the_tables(run, folder, tmp_path):
    score(read(folder)).save(folder / "评分.html")
    assert run("extract", folder, "-o", tmp_path / "表.xlsx")[0] == Exit.DONE
    assert read(tmp_path / "表.xlsx").unread.empty


def test_frames_of_a_reading_are_read_together(sample):
    again = read([sample.projects, sample.indicators])
    assert len(again.projects) == 22
    assert set(again.projects["project_name"]) == set(sample.projects["project_name"])
    assert again.unread.empty
    assert len(read(sample.indicators).projects) == 22


def test_a_project_given_twice_is_reported_and_the_rest_is_scored(run, folder):
    assert run("extract", folder, "-o", folder.parent / "twice.csv")[0] == Exit.DONE
    shutil.copy(folder.parent / "twice.csv", folder.parent / "again.csv")
    targets = read([folder.parent / "again.csv", folder.parent / "twice.csv"])
    assert len(targets.projects) == 4
    assert set(targets.unread["doc"]) == {"twice.csv"}
    assert set(targets.unread["reason"]) == {TWICE[0]}
    with_document = read([folder.parent / "twice.csv", folder / "农业.txt"])
    assert with_document.unread["doc"].unique().tolist() == ["twice.csv"]
    code, out, err = run("score", folder / "农业.txt", folder.parent / "twice.csv")
    assert (code, len(out.splitlines())) == (Exit.UNREAD, 5)
    assert "项目标识与另一个文件中的项目相同" in err
    rows = targets.indicators
    assert len(read([rows, rows]).indicators) == len(rows)


def test_an_annotated_copy_stays_a_document(run, tmp_path):
    source = next(file for file in sorted(SAMPLES.iterdir()) if file.suffix == ".docx")
    assert run("annotate", source, "-o", tmp_path / "批注.docx")[0] == Exit.DONE
    assert len(read(tmp_path).projects) == len(read(source).projects)
    assert skipped(read(tmp_path)) == []
