"""Own word lists laid over the shipped ones: they reach whatever reads, and what is wrong with them is said at once."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import pandas as pd
import pytest

import perfscore.targets
from perfscore import Corpus, lexicon
from perfscore.cli import Exit
from perfscore.errors import LexiconError
from perfscore.grammar import grammar
from perfscore.names import measure
from perfscore.quantity import parse
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


@pytest.mark.slow
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


# --- lists that are wrong


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("units", "捆\t捆\tcount", "units.tsv 中“捆”的 factor 是“”；应为 大于 0 的数"),
        ("units", "捆\t捆\tcount\t1/0", "factor 是“1/0”"),
        ("units", "捆\t捆\tcount\t0.0", "factor 是“0.0”"),
        ("units", "捆\t\tcount\t1", "unit 是“”；应为 不空的文字"),
        ("units", "捆\t捆\tcuont\t1", "dimension 是“cuont”（是否想写 count？）；应为 share、money"),
        ("measures", "捆数\tpieces", "dimension 是“pieces”；应为 share、count、time、money、amount、空"),
        ("measures", "捆数\tcount\t数量,品质", "allowed 是“数量,品质”；应为 数量、质量"),
        ("measures", "捆数\tcount\t数量\t多", "polarity 是“多”"),
        ("measures", "\tcount\t数量", "第一列是空的"),
        ("headers", "考核要点\tname\ttabel", "scope 是“tabel”（是否想写 table？）"),
        ("headers", "考核要点\tnmae\ttable", "role 是“nmae”（是否想写 name？）"),
        ("headers", "考核要点\tname?nmae\ttable", r"role 是“name\?nmae”"),
        ("comparators", "起码\t>=\tbefore", "comparator 是“>=”"),
        ("titles", "绩效单\tprojct", "kind 是“projct”（是否想写 project？）"),
        ("class_forms", "!数量", "去掉了“数量”，而它不能缺少"),
    ],
)
def test_a_wrong_line_is_refused_before_anything_is_read(tmp_path, name, line, said):
    with pytest.raises(LexiconError, match=said):
        read(ROWS, lexicons=own(tmp_path, **{name: f"{line}\n"}))


@pytest.mark.parametrize(("lists", "said"), [({}, "词表文件夹不存在"), ({"units": "捆\t捆\tcount\n"}, "factor 是“”")])
def test_wrong_lists_are_said_before_a_table_of_rows_is_cut_into_parts(run, tmp_path, lists, said):
    folder = own(tmp_path, **lists) if lists else tmp_path / "词表"
    (tmp_path / "own.toml").write_text(to_toml({"lexicons": str(folder)}), "utf-8")
    ROWS.rename(columns={HEADER: "三级指标"}).to_parquet(tmp_path / "rows.parquet")
    code, _, err = run(
        "score",
        tmp_path / "rows.parquet",
        "-o",
        tmp_path / "out" / "tables",
        "--format",
        "parquet",
        "--config",
        tmp_path / "own.toml",
    )
    assert (code, (tmp_path / "out").exists()) == (Exit.USAGE, False)
    assert said in err


def test_shipped_entries_keep_to_the_values_a_header_names(tmp_path):
    line = "考核要点\tname?description\ttable\n"
    with lexicon.overlay(
        own(tmp_path, headers=line, measures="捆数\tcount\t数量,质量\t-\n", units="捆\t捆\tcount\t1/24\n")
    ):
        assert measure("秸秆捆数").allowed == {"数量", "质量"}
        assert parse("≥3捆").unit == "捆"


def test_an_entry_that_cannot_be_missed_may_be_written_anew(tmp_path):
    anew = "!数量\n数量\t{thing}件数\tcount\t按任务单\t任务单\n"
    with lexicon.overlay(own(tmp_path, class_forms=anew)):
        assert [one["name"] for one in lexicon.table("class_forms.tsv") if one["category"] == "数量"] == ["{thing}件数"]


# --- lists without what the shipped ones have


def test_a_name_rests_on_the_next_noun_where_one_is_taken_away(tmp_path):
    with lexicon.overlay(own(tmp_path, measures="!及时率\n!事故数\n")):
        assert measure("火灾次数").noun == "次数"
        assert measure("按时到岗率").noun == "率"


def test_a_unit_that_is_divided_by_may_be_taken_away(tmp_path):
    before = parse("人均500元")
    with lexicon.overlay(own(tmp_path, units="!人\n")):
        assert parse("人均500元") == before


@pytest.mark.parametrize(
    "name", ["measures.tsv", "units.tsv", "incidents.tsv", "comparators.tsv", "quantity_traps.tsv"]
)
def test_a_list_may_be_emptied(tmp_path, name):
    words = dict.fromkeys(next(iter(entry.values())) for entry in lexicon.table(name))
    with lexicon.overlay(own(tmp_path, **{name.removesuffix(".tsv"): "".join(f"!{word}\n" for word in words)})):
        assert parse("≥95").low == 95
        assert not grammar().no_incident.search("无人机")
        assert measure("无") is None
