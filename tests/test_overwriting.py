"""Where results go: own ones are written again and never read as documents, those of others are not replaced unasked."""

import shutil
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from test_cli import GOOD, SAMPLES

from perfscore import read
from perfscore.cli import Exit
from perfscore.results import SKIPPED
from perfscore.stamps import Stamp, read_stamp

WORD = SAMPLES / "01教育局.docx"
BOOK = SAMPLES / "03卫生健康局.xlsx"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder that a reviewer works in, with one document of four projects."""
    found = tmp_path / "材料"
    found.mkdir()
    shutil.copy(GOOD, found / "农业.txt")
    monkeypatch.chdir(found)
    return found


def skipped(targets):
    return sorted(targets.unread.loc[targets.unread["reason"] == SKIPPED[0], "doc"])


def change(path):
    """Change a Word document as a reviewer does."""
    document = docx.Document(path)
    document.add_paragraph("已核对")
    document.save(path)


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", ".", "-o", "out"),
        ("score", ".", "-o", "out", "--format", "parquet"),
        ("score", ".", "-o", "a.parquet"),
        ("score", ".", "--write-baseline", "基线.csv"),
        ("extract", ".", "-o", "tables"),
        ("extract", ".", "-o", "t.xlsx"),
        ("extract", ".", "-o", "t.csv"),
        ("opinion", ".", "-o", "审核.docx"),
    ],
)
def test_the_same_command_again_does_the_same(run, folder, arguments):
    before = {}
    for _ in range(2):
        assert run(*arguments)[0] == Exit.DONE
        files = {path: path.read_bytes() for path in folder.rglob("*") if path.suffix in (".csv", ".docx", ".txt")}
        assert {path for path, data in before.items() if files[path] != data} <= set(folder.rglob("unread.csv"))
        before = files
    assert len(read(folder).projects) == 4


def test_tables_that_are_read_are_not_written_over(run, folder):
    run("extract", ".", "-o", "tables")
    code, _, err = run("score", "tables", "-o", "tables")
    assert code == Exit.USAGE
    assert "是要读取的文件之一" in err


@pytest.mark.parametrize("source", [WORD, BOOK])
def test_a_copy_with_comments_is_passed_over_beside_its_original(run, folder, source):
    original = shutil.copy(source, folder / f"甲{source.suffix}")
    alone = len(read(original).projects)
    copy = folder / f"甲批注{source.suffix}"
    assert run("annotate", original, "-o", copy)[0] == Exit.DONE
    assert read_stamp(copy.read_bytes()) == Stamp(original.name, True)
    assert len(read(copy).projects) == alone, "asked for alone, it is a document"
    for paths in (folder, [original, copy]):
        assert skipped(read(paths)) == [copy.name]
        assert len(read(paths).projects) == alone + (4 if paths == folder else 0)
    code, _, err = run("score", "*" + source.suffix)
    assert code == Exit.DONE
    assert f"已跳过：{copy.name}" in err


def test_a_copy_that_came_back_changed_is_a_document(run, folder):
    original = shutil.copy(WORD, folder / "甲.docx")
    copy = folder / "甲批注.docx"
    run("annotate", original, "-o", copy)
    change(copy)
    assert read_stamp(copy.read_bytes()) == Stamp("甲.docx", False)
    assert skipped(read(folder)) == []
    assert run("annotate", copy, "-o", "再批.docx")[0] == Exit.DONE
    assert read_stamp(Path("再批.docx").read_bytes()) == Stamp("甲.docx", True)


def test_annotating_all_documents_passes_over_what_perfscore_wrote(run, folder):
    shutil.copy(WORD, folder / "甲.docx")
    assert run("opinion", "甲.docx", "-o", "审核.docx")[0] == Exit.DONE
    assert run("annotate", "甲.docx", "-o", "甲批注.docx")[0] == Exit.DONE
    for _ in range(2):
        code, _, err = run("annotate", "*.docx", "-o", "批注")
        assert code == Exit.DONE
        assert "这是 perfscore 的结果文件，已跳过：审核.docx、甲批注.docx" in err
        assert [file.name for file in (folder / "批注").iterdir()] == ["甲.docx"]


def foreign(path):
    """A file of someone else."""
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        book.active["A1"] = "我的台账"
        book.save(path)
    elif path.suffix == ".docx":
        change_me = docx.Document()
        change_me.add_paragraph("我的意见")
        change_me.save(path)
    elif path.suffix == ".parquet":
        pd.DataFrame({"a": [1]}).to_parquet(path)
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_text("我的,表\n1,2\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "file"),
    [
        (("score", GOOD, "-o", "own.xlsx"), "own.xlsx"),
        (("score", GOOD, "-o", "own.html"), "own.html"),
        (("score", GOOD, "-o", "own.json"), "own.json"),
        (("score", GOOD, "-o", "own.parquet"), "own.parquet"),
        (("score", "--sample", "-o", "out"), "out/projects.csv"),
        (("score", GOOD, "--write-baseline", "own.csv"), "own.csv"),
        (("extract", GOOD, "-o", "own.xlsx"), "own.xlsx"),
        (("opinion", GOOD, "-o", "own.docx"), "own.docx"),
        (("annotate", WORD, "-o", "own.docx"), "own.docx"),
    ],
)
def test_files_of_others_are_replaced_only_when_told_to(run, folder, arguments, file):
    foreign(folder / file)
    before = (folder / file).read_bytes()
    code, _, err = run(*arguments)
    assert code == Exit.USAGE
    assert f"{Path(file)} 已经存在，不是 perfscore 写的" in err
    assert "--overwrite" in err
    assert (folder / file).read_bytes() == before
    assert run(*arguments, "--overwrite")[0] == Exit.DONE
    assert (folder / file).read_bytes() != before
    assert run(*arguments)[0] == Exit.DONE, "now it is ours"


@pytest.mark.parametrize("command", ["opinion", "annotate"])
def test_what_a_reviewer_changed_is_kept(run, folder, command):
    assert run(command, WORD, "-o", "a.docx")[0] == Exit.DONE
    change(folder / "a.docx")
    code, _, err = run(command, WORD, "-o", "a.docx")
    assert code == Exit.USAGE
    assert "写后又有改动" in err
    assert "已核对" in [paragraph.text for paragraph in docx.Document(folder / "a.docx").paragraphs]


def test_one_parquet_file_says_that_it_holds_the_projects_only(run, folder):
    code, _, err = run("score", ".", "-o", "a.parquet")
    assert code == Exit.DONE
    assert "已保存 4 个项目（只有项目表；全部表请用 -o 文件夹 --format parquet）：a.parquet" in err
    assert "个问题" not in err
    assert "个问题" in run("score", ".", "-o", "a.json")[2]


def test_two_stars_reach_all_folders_below(run, folder):
    deep = folder / "甲" / "乙"
    deep.mkdir(parents=True)
    shutil.copy(GOOD, deep / "深.txt")
    code, out, _ = run("score", "**/*.txt")
    assert (code, len(out.splitlines())) == (Exit.DONE, 9)


def test_a_file_that_is_refused_is_not_opened_for_its_stamp(folder, monkeypatch):
    shutil.copy(WORD, folder / "甲.docx")
    monkeypatch.setattr("perfscore.readers.MAX_FILE_BYTES", 1)
    monkeypatch.setattr("perfscore.targets.read_stamp", lambda data: pytest.fail("it was read whole"))
    targets = read(folder, workers=1)
    assert targets.projects.empty
    assert targets.unread["reason"].str.startswith("文件超过").any()
