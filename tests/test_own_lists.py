"""Own word lists laid over the shipped ones: they reach whatever reads, and what is wrong with them is said at once."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import pandas as pd
import pytest

import perfscore.targets
from perfscore import Corpus
from perfscore.cli import Exit
from perfscore.targets import read
from perfscore.toml import to_toml

HEADER = "考核要点"  # no shipped list knows it
ROWS = pd.DataFrame(
    [["清淤", "产出指标", "数量指标", "清淤长度", "≥3公里"], ["清淤", "产出指标", "质量指标", "清淤合格率", "≥95%"]],
    columns=["项目名称", "一级指标", "二级指标", HEADER, "指标值"],
)


@pytest.fixture
def lists(tmp_path):
    """A folder of own lists that knows the header."""
    return own(tmp_path, headers=f"{HEADER}\tname\ttable\n")


@pytest.fixture
def settings(tmp_path, lists):
    """A settings file that names the lists."""
    (tmp_path / "own.toml").write_text(to_toml({"lexicons": str(lists)}), "utf-8")
    return tmp_path / "own.toml"


@pytest.fixture
def table(tmp_path):
    ROWS.to_excel(tmp_path / "a.xlsx", index=False)
    return tmp_path / "a.xlsx"


def own(tmp_path, **lists):
    (tmp_path / "词表").mkdir(exist_ok=True)
    for name, content in lists.items():
        (tmp_path / "词表" / f"{name}.tsv").write_text(content, "utf-8")
    return tmp_path / "词表"


# --- reading


@pytest.mark.parametrize("workers", [1, 2])
def test_own_headers_are_read(tmp_path, lists, workers):
    (tmp_path / "表").mkdir()
    for name in ("a", "b"):
        ROWS.to_csv(tmp_path / "表" / f"{name}.csv", index=False)
    assert read(tmp_path / "表", workers=workers).indicators.empty
    assert read(tmp_path / "表", workers=workers, lexicons=lists).indicators["name"].tolist() == [*ROWS[HEADER]] * 2


def test_processes_that_were_not_forked_have_the_lists_too(tmp_path, lists, monkeypatch):
    spawning = partial(ProcessPoolExecutor, mp_context=get_context("spawn"))
    monkeypatch.setattr(perfscore.targets, "ProcessPoolExecutor", spawning)
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in files:
        ROWS.to_csv(file, index=False)
    assert len(read(files, workers=2, lexicons=lists).indicators) == 4


def test_a_frame_is_read_by_own_headers(lists):
    assert read(ROWS, lexicons=lists).indicators["name"].tolist() == [*ROWS[HEADER]]


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("score", "out.json"),
        ("extract", "out.csv"),
        ("corpus build", "out"),
        ("annotate", "out.xlsx"),
        ("opinion", "out.docx"),
    ],
)
def test_every_command_reads_by_the_lists_of_its_settings(run, tmp_path, table, settings, command, output):
    assert run(*command.split(), table, "-o", tmp_path / f"before-{output}")[0] == Exit.NOTHING
    code, _, err = run(*command.split(), table, "-o", tmp_path / output, "--config", settings)
    assert (code, (tmp_path / output).exists()) == (Exit.DONE, True), err


def test_labels_and_what_they_speak_of_are_read_by_the_lists_of_the_settings(run, tmp_path, table, settings):
    own(tmp_path, label_headers="毛病\tlabels\n")
    (tmp_path / "labels.csv").write_text("文件,项目序号,行号,毛病\na,1,1,no_quantity\n", "utf-8")
    code, _, err = run("evaluate", tmp_path / "labels.csv", table, "-o", tmp_path / "out.xlsx", "--config", settings)
    assert code == Exit.DONE, err
    assert "1 行标注的检验结果（0 条标注没有对上）" in err


def test_tables_of_rows_are_scored_by_the_lists_of_the_settings(run, tmp_path, settings):
    ROWS.to_parquet(tmp_path / "rows.parquet")
    code, _, err = run(
        "score", tmp_path / "rows.parquet", "-o", tmp_path / "out", "--format", "parquet", "--config", settings
    )
    assert code == Exit.DONE, err
    assert len(pd.read_parquet(tmp_path / "out" / "indicators.parquet")) == 2


def test_a_corpus_is_built_by_own_system_rows(run, tmp_path, table, settings):
    own(tmp_path, official_rows="清淤长度\n")
    assert run("corpus", "build", table, "-o", tmp_path / "out", "--config", settings)[0] == Exit.DONE
    assert Corpus.load(tmp_path / "out").values()["value"].tolist() == ["≥95%"]
