"""Messages: each in one language, in one wording, and with what to do."""

import re

import pytest

from perfscore.cli import Exit
from perfscore.errors import why
from perfscore.profile import profiles
from perfscore.readers import read_bytes
from perfscore.suggest import nearest


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "缺少 命令；"),
        (("scor", "x"), "命令 不能是 'scor'，可用："),
        (("score", "--bogus", "x"), "不认识 --bogus；"),
        (("score", "--format", "xml", "x"), "--format 不能是 'xml'，可用："),
        (("score", "-o"), "-o/--output 后面要有一个值；"),
        (("score", "--quiet=1", "x"), "--quiet 不带值"),
        (("annotate", "a.docx", "-o", "b.docx", "--with"), "--with 后面至少要有一个值；"),
        (("score", "--workers", "a", "x"), "--workers 应为正整数，得到 a；"),
        (("score", "--sample", "--config", "/nope.toml"), "/nope.toml：文件不存在；"),
        (("score", "--sample", "--baseline", "/nope.csv"), "/nope.csv：文件不存在；"),
        (("score", "/nope"), "路径不存在：/nope；请检查拼写"),
    ],
)
def test_a_wrong_command_is_answered_in_chinese(run, arguments, words):
    code, out, err = run(*arguments)
    assert (code, out) == (Exit.USAGE, "")
    assert words in err
    assert not re.search("argument|required|choice|choose|expected|No such|Errno", err)


def test_help_begins_in_chinese_and_names_the_profiles(run):
    code, out, _ = run("config", "--help")
    assert code == Exit.DONE
    assert out.startswith("用法：perfscore config")
    assert f"{'、'.join(profiles())}，或自己的 .toml 文件" in "".join(out.split("\n"))


def test_help_counts_and_names_nothing_by_hand(run, monkeypatch):
    monkeypatch.setattr("perfscore.arguments.profiles", lambda: ("default", "本省"))
    _, out, _ = run("score", "--help")
    assert "default、本省" in out
    assert "个项目）" not in out


def test_a_rule_is_suggested_only_if_one_is_close(run):
    assert run("explain", "PS999")[2] == "perfscore: 没有规则 PS999；perfscore rules 列出全部规则\n"
    assert nearest("PS30l", ["PS301", "PS302", "PS303"]) == ""
    assert nearest("no_quantty", ["no_quantity", "no_unit"]) == "（是否想写 no_quantity？）"


def test_text_under_a_foreign_suffix_is_told_apart_from_a_format_nobody_reads():
    (document,) = read_bytes("只是文字".encode(), "f.pdf")
    assert document.unread[0][1:] == (
        "后缀是 .pdf，内容却是文字",
        "请核对文件是否完整、后缀是否改过；确为文字时请改后缀为 .txt",
    )
    (document,) = read_bytes("只是文字".encode(), "f.xyz")
    assert document.unread[0][1] == "不认识的文件类型 .xyz"


def test_reasons_of_the_system_are_in_chinese(tmp_path):
    with pytest.raises(OSError, match="directory") as missing:
        (tmp_path / "a" / "b").read_text()
    assert why(missing.value) == "文件不存在"
    with pytest.raises(OSError, match="directory") as folder:
        tmp_path.read_text()
    assert why(folder.value) in ("是文件夹", "没有权限")
    with pytest.raises(UnicodeDecodeError) as text:
        b"\xff".decode("utf-8")
    assert why(text.value) == "不是 UTF-8 编码"


def test_the_rest_of_what_was_not_read_is_somewhere(run, tmp_path):
    for number in range(7):
        (tmp_path / f"{number}.txt").write_bytes(b"")
    err = run("score", tmp_path)[2]
    assert "… 还有 2 处未能读取；用 -o 保存后见未读清单（unread 表）" in err
