"""``annotate`` and ``opinion`` on the command line: what is written, what is said, what is refused."""

import shutil
import zipfile

import docx
import openpyxl
import pytest
from test_cli import GOOD, SAMPLES

import perfscore
from perfscore.cli import Exit

WORD = SAMPLES / "01教育局.docx"
BOOK = SAMPLES / "03卫生健康局.xlsx"


def paragraphs(path):
    return [paragraph.text for paragraph in docx.Document(path).paragraphs]


def comments(path):
    return [comment.text for comment in docx.Document(path).comments]


@pytest.fixture
def folder(tmp_path):
    """A document, and its tables again under the names of other projects of another office."""
    folder = tmp_path / "材料"
    folder.mkdir()
    shutil.copy(WORD, folder / "甲.docx")
    projects = perfscore.read(WORD).projects
    with zipfile.ZipFile(WORD) as source, zipfile.ZipFile(folder / "乙.docx", "w") as target:
        for part in source.namelist():
            text = source.read(part)
            for name in (*projects["project_name"], "教育局"):
                text = text.replace(name.encode(), name[::-1].encode())
            target.writestr(part, text)
    return folder


def test_one_file_gets_one_copy(run, tmp_path):
    before = WORD.read_bytes()
    code, out, err = run("annotate", WORD, "-o", tmp_path / "deep" / "批注.docx")
    assert (code, out) == (Exit.DONE, "")
    notes = comments(tmp_path / "deep" / "批注.docx")
    assert f"已写 {len(notes)} 条批注" in err
    assert len(notes) > 5
    assert all("PS" in note for note in notes)
    assert WORD.read_bytes() == before


def test_several_files_go_into_a_folder(run, tmp_path):
    code, _, err = run("annotate", WORD, BOOK, "-o", tmp_path / "out")
    assert code == Exit.DONE
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [WORD.name, BOOK.name]
    assert err.count("条批注") == 2
    book = openpyxl.load_workbook(tmp_path / "out" / BOOK.name)
    assert any(cell.comment for sheet in book for row in sheet.iter_rows() for cell in row)


def test_peers_show_what_is_copied(run, folder, tmp_path):
    run("annotate", folder / "甲.docx", "-o", tmp_path / "alone.docx")
    code, _, err = run("annotate", folder / "甲.docx", "-o", tmp_path / "peers.docx", "--with", folder)
    assert code == Exit.DONE
    assert err.count("条批注") == 1
    assert not any("PS401" in note for note in comments(tmp_path / "alone.docx"))
    assert any("PS401" in note for note in comments(tmp_path / "peers.docx"))


def test_rules_can_be_chosen(run, tmp_path):
    run("annotate", WORD, "-o", tmp_path / "a.docx", "--select", "PS5")
    notes = comments(tmp_path / "a.docx")
    assert notes
    assert not any(f"PS{family}" in note for note in notes for family in (1, 2, 3, 4))


def test_findings_without_a_cell_are_listed(run, monkeypatch, tmp_path):
    monkeypatch.setattr("perfscore.reporting.places.Places.of", lambda self, finding: "")
    code, _, err = run("annotate", WORD, "-o", tmp_path / "a.docx")
    assert code == Exit.DONE
    card = perfscore.score(perfscore.read(WORD))
    assert "已写 0 条批注" in err
    assert f"{len(card.findings)} 个问题找不到对应的单元格" in err
    assert all(f"{finding.code} " in err for finding in card.findings.itertuples())
    assert len(comments(tmp_path / "a.docx")) == 1


def test_a_file_without_a_table_does_not_stop_the_others(run, tmp_path):
    letter = tmp_path / "通知.docx"
    document = docx.Document()
    document.add_paragraph("关于召开会议的通知")
    document.save(letter)
    (tmp_path / "改名.docx").write_bytes(GOOD.read_bytes())
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    code, _, err = run("annotate", *sorted(tmp_path.glob("*.*x")), WORD, "-o", tmp_path / "out")
    assert code == Exit.UNREAD
    assert [path.name for path in (tmp_path / "out").iterdir()] == [WORD.name]
    assert all(f"{name} 未加批注" in err for name in ("通知.docx", "改名.docx", "坏.xlsx"))
    assert "Traceback" not in err
    code, _, err = run("annotate", letter, "-o", tmp_path / "b.docx")
    assert code == Exit.NOTHING
    assert not (tmp_path / "b.docx").exists()


def test_the_form_of_all_projects_and_of_one(run, tmp_path):
    assert run("opinion", GOOD, "-o", tmp_path / "all.docx")[0] == Exit.DONE
    assert len(docx.Document(tmp_path / "all.docx").tables) == 4
    for project in ("04农业农村局.txt#2", "农业技术推广业务费"):
        code, out, err = run("opinion", GOOD, "-o", tmp_path / "one.docx", "--project", project)
        assert (code, out) == (Exit.DONE, "")
        assert "已保存审核表" in err
        assert len(docx.Document(tmp_path / "one.docx").tables) == 1
    assert "项目名称：农业技术推广业务费" in paragraphs(tmp_path / "one.docx")
    assert run("opinion", "--sample", "-o", tmp_path / "sample.docx", "--lang", "en")[0] == Exit.DONE
    assert any(text.startswith("Project: ") for text in paragraphs(tmp_path / "sample.docx"))


def test_no_form_without_a_project(run, tmp_path):
    (tmp_path / "a.txt").write_text("关于召开会议的通知\n", encoding="utf-8")
    assert run("opinion", tmp_path / "a.txt", "-o", tmp_path / "a.docx")[0] == Exit.NOTHING
    assert not (tmp_path / "a.docx").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["annotate", WORD], "-o"),
        (["annotate", "没有.docx", "-o", "out"], "路径不存在"),
        (["annotate", GOOD, "-o", "out"], ".docx"),
        (["annotate", SAMPLES, "-o", "out"], "文件夹"),
        (["annotate", WORD, BOOK, "-o", "out.docx"], "应为文件夹"),
        (["annotate", WORD, "-o", "out.xlsx"], "后缀应相同"),
        (["annotate", WORD, "-o", "out.docx", "--with", "没有"], "路径不存在"),
        (["annotate", WORD, "-o", "out.docx", "--select", "PS999"], "PS999"),
        (["opinion", GOOD], "-o"),
        (["opinion", "-o", "out.docx"], "二者选一"),
        (["opinion", GOOD, "-o", "out.pdf"], ".docx"),
        (["opinion", GOOD, "-o", "out.docx", "--project", "农业技术推广业务"], "农业技术推广业务费"),
    ],
)
def test_bad_usage(run, monkeypatch, tmp_path, arguments, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert code == Exit.USAGE
    assert said in err
    assert "Traceback" not in err
    assert out == ""
    assert list(tmp_path.iterdir()) == []


def test_no_input_is_overwritten(run, folder, tmp_path):
    one, other = folder / "甲.docx", folder / "乙.docx"
    before = one.read_bytes(), other.read_bytes()
    for arguments in (
        ["annotate", one, "-o", one],
        ["annotate", one, "-o", folder],
        ["annotate", one, other, "-o", folder],
        ["annotate", one, "-o", other, "--with", folder],
        ["opinion", one, "-o", one],
        ["opinion", folder, "-o", other],
    ):
        code, _, err = run(*arguments)
        assert code == Exit.USAGE
        assert "不能覆盖" in err
    assert (one.read_bytes(), other.read_bytes()) == before


def test_files_of_one_name_cannot_share_a_folder(run, folder, tmp_path):
    (tmp_path / "b").mkdir()
    twin = shutil.copy(folder / "甲.docx", tmp_path / "b" / "甲.docx")
    code, _, err = run("annotate", folder / "甲.docx", twin, "-o", tmp_path / "out")
    assert (code, (tmp_path / "out").exists()) == (Exit.USAGE, False)
    assert "同名文件 甲.docx" in err
    assert run("annotate", twin, "-o", tmp_path / "out", "--with", folder)[0] == Exit.DONE, "told apart by their paths"


def test_help_is_chinese(run):
    for command in ("annotate", "opinion"):
        code, out, _ = run(command, "--help")
        assert code == Exit.DONE
        assert "副本" in out or "审核表" in out
