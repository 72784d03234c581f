"""Corpora on the command line: build, merge, show, and score a submission against one."""

from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from perfscore import Corpus, corpora, read, score
from perfscore.cli import Exit

SAMPLES = Path(str(files("perfscore"))) / "samples"
FILES = sorted(SAMPLES.iterdir())


@pytest.fixture
def parts(run, tmp_path):
    """Corpora of the first documents of the sample and of the others."""
    folders = [tmp_path / "甲", tmp_path / "乙"]
    assert run("corpus", "build", *FILES[:2], "-o", folders[0])[0] == Exit.DONE
    assert run("corpus", "build", *FILES[2:], "-o", folders[1])[0] == Exit.DONE
    return folders


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_merged_parts_are_the_corpus_of_all_files(run, tmp_path, parts):
    code, out, err = run("corpus", "build", SAMPLES, "-o", tmp_path / "全部")
    assert (code, out) == (Exit.DONE, "")
    assert "22 个项目" in err
    for order in (parts, parts[::-1]):
        assert run("corpus", "merge", *order, "-o", tmp_path / "合并")[0] == Exit.DONE
        assert bytes_of(tmp_path / "合并") == bytes_of(tmp_path / "全部")


def test_rows_are_learnt_in_parts_as_at_once(run, tmp_path, monkeypatch):
    targets = read(SAMPLES)
    heads = targets.projects[["project_id", "project_name", "agency", "year", "goal"]]
    rows = targets.indicators[["project_id", "level1", "level2", "name", "description", "value", "basis"]]
    flat = rows.merge(heads, on="project_id").assign(
        project_id=lambda frame: frame["project_id"].str.split("#").str.join("-")
    )
    (tmp_path / "明细").mkdir()
    flat.to_parquet(tmp_path / "明细" / "rows.parquet")
    assert run("corpus", "build", tmp_path / "明细", "-o", tmp_path / "一次")[0] == Exit.DONE
    monkeypatch.setattr(corpora, "_ROWS", 30)
    assert run("corpus", "build", tmp_path / "明细", "-o", tmp_path / "分份")[0] == Exit.DONE
    assert bytes_of(tmp_path / "一次") == bytes_of(tmp_path / "分份")
    expected = read(tmp_path / "明细")
    Corpus.fit(expected.projects, expected.indicators).save(tmp_path / "内存")
    assert bytes_of(tmp_path / "内存") == bytes_of(tmp_path / "分份")
    assert len(Corpus.load(tmp_path / "分份").projects) == 22
    assert sorted(folder.name for folder in tmp_path.iterdir()) == sorted(["一次", "内存", "分份", "明细"])


def test_rows_are_scored_against_a_corpus_of_the_same_settings_only(run, tmp_path, parts):
    rows = pd.DataFrame({"project_id": ["甲", "甲"], "name": ["清淤长度", "清淤及时率"], "value": ["≥3公里", "≥95%"]})
    rows.to_parquet(tmp_path / "rows.parquet")
    settings = tmp_path / "near.toml"
    settings.write_text("near = 0.8\n", encoding="utf-8")
    options = ["-o", tmp_path / "out", "--format", "parquet", "--corpus", parts[0]]
    assert run("score", tmp_path / "rows.parquet", *options)[0] == Exit.DONE
    code, _, err = run("score", tmp_path / "rows.parquet", *options, "--config", settings)
    assert code == Exit.USAGE
    assert "near" in err


def test_info_tells_size_years_and_settings(run, parts):
    code, out, err = run("corpus", "info", parts[0])
    told = dict(line.split("\t") for line in out.splitlines())
    assert (code, err) == (Exit.DONE, "")
    assert told["项目"] == str(len(Corpus.load(parts[0]).projects))
    assert told["年度"].startswith("2026 年")
    assert "near 0.7" in told["设置"]


def test_a_submission_is_scored_against_a_corpus(run, tmp_path, parts):
    targets = read(FILES[-1])
    assert run("score", FILES[-1], "--corpus", parts[0], "-o", tmp_path / "out")[0] == Exit.DONE
    expected = score(targets, corpus=Corpus.load(parts[0]))
    copies = pd.read_csv(tmp_path / "out" / "copies.csv")
    assert len(copies) == len(expected.copies)
    assert len(pd.read_csv(tmp_path / "out" / "projects.csv")) == len(targets.projects)


def test_a_copy_of_a_table_of_the_corpus_is_found(run, tmp_path, parts):
    copied = tmp_path / "新申报.txt"
    copied.write_bytes((SAMPLES / FILES[-1].name).read_bytes())
    alone, beside = tmp_path / "alone", tmp_path / "beside"
    assert run("score", copied, "-o", alone)[0] == Exit.DONE
    assert run("score", copied, "--corpus", parts[1], "-o", beside)[0] == Exit.DONE
    members = [pd.read_csv(folder / "copies.csv", dtype=str) for folder in (alone, beside)]
    assert len(members[1]) > len(members[0])
    assert members[1]["project_id"].str.startswith(FILES[-1].name).any()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["corpus", "info", "没有"], "没有 不是语料文件夹：没有 projects.parquet"),
        (["corpus", "merge", "{0}", "-o", "{new}"], "至少要给出两个语料文件夹"),
        (["corpus", "merge", "{0}", "{near}", "-o", "{new}"], "near 0.7 / 0.8"),
        (["corpus", "build", "{file}"], "缺少 -o/--output"),
        (["corpus"], "缺少 操作"),
        (["corpus", "build", "{file}", "-o", "{full}"], "中有别的文件"),
        (["corpus", "build", "{file}", "-o", "{file}"], "是文件；请换一个位置"),
        (["score", "{file}", "--corpus", "{near}"], "的设置 near 是 0.8，现在是 0.7"),
        (["score", "{file}", "--corpus", "{full}"], "不是语料文件夹"),
    ],
)
def test_bad_usage(run, tmp_path, parts, arguments, said):
    settings = tmp_path / "near.toml"
    settings.write_text("near = 0.8\n", encoding="utf-8")
    near, full, new = tmp_path / "另", tmp_path / "满", tmp_path / "新"
    assert run("corpus", "build", FILES[-1], "-o", near, "--config", settings)[0] == Exit.DONE
    full.mkdir()
    (full / "说明.txt").write_text("别的", encoding="utf-8")
    names = {"near": near, "full": full, "new": new, "file": FILES[-1]}
    code, out, err = run(*(argument.format(*parts, **names) for argument in arguments))
    assert (code, out) == (Exit.USAGE, "")
    assert said in err
    assert not new.exists()


def test_an_old_corpus_is_refused(run, parts):
    pd.DataFrame({"a": [1]}).to_parquet(parts[0] / "rows.parquet")
    code, _, err = run("corpus", "info", parts[0])
    assert code == Exit.USAGE
    assert "请重新建立" in err


def test_nothing_to_learn_from(run, tmp_path):
    (tmp_path / "坏.parquet").write_bytes(b"PAR1 is no more than a beginning")
    code, _, err = run("corpus", "build", tmp_path / "坏.parquet", "-o", tmp_path / "语料")
    assert code == Exit.NOTHING
    assert "坏.parquet" in err
    (tmp_path / "通知.txt").write_text("关于召开会议的通知\n", encoding="utf-8")
    assert run("corpus", "build", tmp_path / "通知.txt", "-o", tmp_path / "语料")[0] == Exit.NOTHING
    assert not (tmp_path / "语料").exists()
