"""The command line in process: exit codes, messages, outputs, and bad input of every kind."""

import errno
import json
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from perfscore import Config
from perfscore.cli import Exit
from perfscore.commands import COMMANDS

SAMPLES = Path(str(files("perfscore"))) / "samples"
GOOD = SAMPLES / "04农业农村局.txt"
BAD = SAMPLES / "05政务服务局.txt"
TABLES = {"projects", "indicators", "findings", "copies", "unread", "accepted"}


@pytest.fixture
def folder(tmp_path):
    """A folder that mixes a good document with everything that goes wrong."""
    mixed = tmp_path / "材料"
    mixed.mkdir()
    (mixed / "good.txt").write_bytes(GOOD.read_bytes())
    (mixed / "notice.txt").write_text("关于召开预算工作会议的通知\n请各单位准时参加。\n", encoding="utf-8")
    (mixed / "empty.docx").write_bytes(b"")
    (mixed / "empty.txt").write_bytes(b"")
    (mixed / "binary.txt").write_bytes(bytes(range(256)) * 64)
    (mixed / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    return mixed


def test_the_sample_is_ranked_weakest_first(run):
    code, out, err = run("score", "--sample")
    lines = out.splitlines()
    assert (code, err) == (Exit.DONE, "")
    assert len(lines) == 23
    scores = [float(line.split("\t")[2]) for line in lines[1:] if line.split("\t")[2]]
    assert len(scores) == 21
    assert scores == sorted(scores)
    assert lines[-1].split("\t")[1] == "未评"


def test_a_folder_gets_one_file_a_table(run, tmp_path):
    code, out, err = run("score", GOOD, "-o", tmp_path / "out")
    assert (code, out) == (Exit.DONE, "")
    assert "已保存 4 个项目" in err
    assert {file.name for file in (tmp_path / "out").iterdir()} == {f"{name}.csv" for name in TABLES}
    raw = (tmp_path / "out" / "projects.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert len(pd.read_csv(tmp_path / "out" / "projects.csv")) == 4


def test_a_folder_of_parquet(run, tmp_path):
    assert run("score", GOOD, "-o", tmp_path / "out", "--format", "parquet")[0] == Exit.DONE
    assert {file.name for file in (tmp_path / "out").iterdir()} == {f"{name}.parquet" for name in TABLES}
    assert len(pd.read_parquet(tmp_path / "out" / "projects.parquet")) == 4


@pytest.mark.parametrize("name", ["a.xlsx", "a.json", "a.parquet", "a.html", "deep/er/a.json"])
def test_the_suffix_decides_the_form(run, tmp_path, name):
    assert run("score", GOOD, "-o", tmp_path / name)[0] == Exit.DONE
    assert (tmp_path / name).stat().st_size > 1000
    if name.endswith("json"):
        assert set(json.loads((tmp_path / name).read_text("utf-8"))) == TABLES | {"method"}


def test_the_same_files_give_the_same_bytes(run, tmp_path):
    sources = [tmp_path / f"{name}.txt" for name in "ab"]
    for source, document in zip(sources, ("04农业农村局.txt", "05政务服务局.txt"), strict=True):
        source.write_bytes((SAMPLES / document).read_bytes())
    run("score", *sources, "-o", tmp_path / "one")
    run("score", *reversed(sources), "-o", tmp_path / "two")
    for name in TABLES:
        assert (tmp_path / "one" / f"{name}.csv").read_bytes() == (tmp_path / "two" / f"{name}.csv").read_bytes()


def test_a_mixed_folder_is_scored_as_far_as_it_can_be_read(run, folder, tmp_path):
    code, _, err = run("score", folder, "-o", tmp_path / "out")
    assert code == Exit.UNREAD
    projects = pd.read_csv(tmp_path / "out" / "projects.csv")
    assert set(projects["doc"]) == {"good.txt"}
    assert projects["score"].notna().all()
    unread = pd.read_csv(tmp_path / "out" / "unread.csv")
    assert set(unread["doc"]) == {"notice.txt", "empty.docx", "empty.txt", "binary.txt", "broken.xlsx"}
    assert unread["reason"].notna().all()
    assert unread["advice"].notna().all()
    assert "未能读取" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("name", ["notice.txt", "empty.txt", "empty.docx", "binary.txt", "broken.xlsx"])
@pytest.mark.parametrize("command", ["score", "extract"])
def test_nothing_to_check(run, folder, tmp_path, name, command):
    code, _, err = run(command, folder / name, "-o", tmp_path / "out")
    assert code == Exit.NOTHING
    assert name in err
    assert "没有找到项目绩效目标表" in err
    assert "Traceback" not in err


def test_extract_writes_what_was_read(run, tmp_path):
    assert run("extract", GOOD, "-o", tmp_path / "tables")[0] == Exit.DONE
    assert {file.name for file in (tmp_path / "tables").iterdir()} == {"projects.csv", "indicators.csv", "unread.csv"}
    assert run("extract", GOOD, "-o", tmp_path / "a.csv")[0] == Exit.DONE
    assert run("extract", GOOD, "-o", tmp_path / "a.parquet")[0] == Exit.DONE
    assert run("extract", GOOD, "-o", tmp_path / "a.xlsx")[0] == Exit.DONE
    sheets = pd.read_excel(tmp_path / "a.xlsx", sheet_name=None, engine="openpyxl")
    assert [len(sheet) for sheet in sheets.values()] == [4, 28, 0]
    assert len(pd.read_csv(tmp_path / "a.csv")) == len(pd.read_parquet(tmp_path / "a.parquet")) == 28


def test_what_was_extracted_can_be_scored(run, tmp_path):
    run("extract", GOOD, "-o", tmp_path / "a.parquet")
    _, straight, _ = run("score", GOOD)
    code, detour, _ = run("score", tmp_path / "a.parquet")
    assert code == Exit.DONE
    assert len(detour.splitlines()) == len(straight.splitlines())


def test_fail_under(run):
    assert run("score", BAD, "--fail-under", "0")[0] == Exit.DONE
    code, out, err = run("score", BAD, "--fail-under", "80")
    assert code == Exit.BELOW
    assert "4 个项目低于 80 分" in err, "the one that could not be judged does not count"
    assert len(out.splitlines()) == 6


def test_select_and_ignore(run, tmp_path):
    run("score", "--sample", "--select", "ps3,PS501", "-o", tmp_path / "some")
    codes = set(pd.read_csv(tmp_path / "some" / "findings.csv")["code"])
    assert codes
    assert all(code.startswith("PS3") or code == "PS501" for code in codes)
    run("score", "--sample", "--ignore", "PS3", "-o", tmp_path / "rest")
    rest = set(pd.read_csv(tmp_path / "rest" / "findings.csv")["code"])
    assert rest
    assert not any(code.startswith("PS3") for code in rest)


def test_settings_come_from_a_file_and_options_go_before(run, tmp_path):
    settings = tmp_path / "settings.toml"
    settings.write_text('near = 0.9\nselect = ["PS3"]\n', encoding="utf-8")
    code, out, _ = run("config", "--config", settings)
    assert code == Exit.DONE
    assert tomllib.loads(out)["near"] == 0.9
    assert tomllib.loads(out)["select"] == ["PS3"]


def test_printed_settings_can_be_read_back(run, tmp_path):
    code, out, _ = run("config", "--profile", "default")
    (tmp_path / "settings.toml").write_text(out, encoding="utf-8")
    assert code == Exit.DONE
    assert Config.load(tmp_path / "settings.toml") == Config()
    content = "\n".join(line[2:] for line in out.partition("评分标准的内容")[2].splitlines()[1:])
    (tmp_path / "profile.toml").write_text(content, encoding="utf-8")
    assert Config().replace(profile=str(tmp_path / "profile.toml")) == Config()


def test_every_rule_is_listed_and_explained(run):
    code, out, _ = run("rules")
    assert code == Exit.DONE
    codes = [line.split("\t")[0] for line in out.splitlines()]
    assert codes == sorted(codes)
    assert {code[:3] for code in codes} == {"PS1", "PS2", "PS3", "PS4", "PS5"}
    for rule in codes:
        code, text, _ = run("explain", rule.lower())
        assert code == Exit.DONE
        assert text.startswith(rule)
        assert all(section in text for section in ("依据", "反例", "正例", "建议"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "参数有误"),
        (["score"], "--sample"),
        (["score", "--sample", str(GOOD)], "二者选一"),
        (["score", "没有这个文件.docx"], "路径不存在"),
        (["score", "没有*.docx"], "路径不存在"),
        (["score", str(GOOD), "-o", "out.doc"], ".doc"),
        (["score", str(GOOD), "-o", "out.xlsx", "--format", "csv"], "格式"),
        (["score", str(GOOD), "--format", "csv"], "--format"),
        (["extract", str(GOOD), "-o", "out.html"], ".html"),
        (["score", str(GOOD), "--select", "PS999"], "PS999"),
        (["score", str(GOOD), "--ignore", "PS"], "PS"),
        (["score", str(GOOD), "--profile", "defualt"], "default"),
        (["score", str(GOOD), "--config", "没有.toml"], "没有.toml"),
        (["score", str(GOOD), "--workers", "0"], "正整数"),
        (["score", str(GOOD), "--fail-under", "高"], "0 到 100"),
        (["score", str(GOOD), "--fail-under", "nan"], "0 到 100"),
        (["explain", "PS999"], "PS999"),
        (["explian", "PS301"], "explian"),
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


def test_an_unknown_setting_names_the_nearest(run, tmp_path):
    (tmp_path / "settings.toml").write_text("profil = 'default'\n", encoding="utf-8")
    code, _, err = run("score", GOOD, "--config", tmp_path / "settings.toml")
    assert code == Exit.USAGE
    assert "profile" in err


def test_no_input_is_overwritten(run, tmp_path):
    table = tmp_path / "indicators.parquet"
    run("extract", GOOD, "-o", table)
    before = table.read_bytes()
    for source, output in ((table, table), (tmp_path, table), (table, tmp_path)):
        code, _, err = run("score", source, "-o", output, *(["--format", "parquet"] if output == tmp_path else []))
        assert code == Exit.USAGE
        assert "不能覆盖" in err
    assert table.read_bytes() == before


def test_an_output_that_cannot_be_written(run, tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    code, _, err = run("score", GOOD, "-o", tmp_path / "taken" / "out.json")
    assert code == Exit.USAGE
    assert err.startswith("perfscore: 无法读写")


def test_a_full_disk_is_told_though_the_system_names_no_file(run, monkeypatch):
    def fill(args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setitem(COMMANDS, "rules", fill)
    code, _, err = run("rules")
    assert code == Exit.USAGE
    assert err.startswith("perfscore: 无法读写：磁盘已满")


def test_patterns_are_expanded_where_the_shell_does_not(run):
    code, out, _ = run("score", SAMPLES / "0[45]*.txt")
    assert code == Exit.DONE
    assert len(out.splitlines()) == 1 + 4 + 5


def test_help_is_chinese_and_version_is_printed(run):
    for command in ([], ["score"], ["extract"], ["explain"], ["rules"], ["config"]):
        code, out, _ = run(*command, "--help")
        assert code == Exit.DONE
        assert "显示帮助并退出" in out
    assert run("--version")[1].startswith("perfscore ")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk", "utf-8"])
def test_any_console_gets_readable_text(encoding):
    command = [sys.executable, "-W", "error", "-m", "perfscore", "score", str(GOOD)]
    done = subprocess.run(command, capture_output=True, env={"PYTHONIOENCODING": encoding, "PATH": ""}, check=True)
    assert "农业技术推广业务费" in done.stdout.decode("gbk" if encoding == "gbk" else "utf-8")
    assert done.stderr == b""


@pytest.mark.slow
def test_a_pipe_that_closes_early_is_no_error():
    command = f"{sys.executable} -m perfscore rules | head -n 1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
