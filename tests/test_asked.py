"""What Python callers may get wrong: every mistake has an error of our own, in words that say what was expected."""

import pandas as pd
import pytest

from perfscore import Config, Corpus, read, score
from perfscore.config import Accept
from perfscore.errors import ConfigError, PerfscoreError, ReadError, SchemaError


def test_a_config_made_directly_is_converted_as_by_replace():
    accept = [{"reason": "按批复", "code": "PS102"}]
    settings = {"profile": "strict", "accept": accept, "select": ["PS1"], "near": 0.8}
    made = Config(**settings)
    assert made == Config().replace(**settings)
    assert (made.profile.name, made.accept, made.select) == ("strict", (Accept("按批复", code="PS102"),), ("PS1",))


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"profile": "strct"}, "是否想写 strict"),
        ({"profile": 3}, "default"),
        ({"ignore": ["PS102"]}, "应为表"),
        ({"select": "PS1"}, "应为列表"),
        ({"near": 7}, "0 与 1 之间"),
        ({"near": "0.7"}, "0 到 1 的数"),
        ({"accept": [{"code": "PS102"}]}, "理由"),
        ({"accept": [{"reason": "x", "cod": "PS102"}]}, "是否想写 code"),
        ({"examples": -1}, "不能小于 0"),
        ({"embedder": 1}, "应为函数"),
    ],
)
def test_a_config_that_cannot_be_is_refused_however_it_is_made(setting, words):
    for make in (Config, Config().replace):
        with pytest.raises(ConfigError, match=words):
            make(**setting)


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda: read(3), ReadError, "int.*请给出路径"),
        (lambda: read(["a.docx", None]), ReadError, "NoneType"),
        (lambda: read("不存在的路径"), ReadError, "路径不存在"),
        (lambda: read(".", workers=-1), ConfigError, "正整数"),
        (lambda: score("x"), SchemaError, r"str.*score\(read\(路径\)\)"),
        (lambda: score(pd.DataFrame()), SchemaError, "DataFrame"),
    ],
)
def test_what_cannot_be_read_or_scored_is_said(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong()


def test_a_corpus_needs_both_tables(sample):
    with pytest.raises(SchemaError, match=r"Corpus.fit\(targets.projects, targets.indicators\)"):
        Corpus.fit(sample)
    with pytest.raises(SchemaError, match="得到 Targets"):
        Corpus.fit(sample, sample)


@pytest.mark.parametrize(
    ("path", "settings", "words"),
    [
        ("folder", {"format": "xml"}, "csv、parquet，得到 xml"),
        ("x.html", {"lang": "fr"}, "没有语言 fr；可用：zh、en"),
        ("x.doc", {}, "不认识的输出后缀 .doc"),
    ],
)
def test_a_scorecard_is_not_saved_in_an_unknown_way(sample_card, tmp_path, path, settings, words):
    with pytest.raises(ConfigError, match=words):
        sample_card.save(tmp_path / path, **settings)
    assert list(tmp_path.iterdir()) == []


def test_a_scorecard_is_not_saved_to_nowhere(sample_card, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for save in (sample_card.save, sample_card.to_excel, sample_card.to_html):
        with pytest.raises(ConfigError, match="路径是空的"):
            save("")
    with pytest.raises(ConfigError, match=r"以 \.xlsx 结尾，得到 q\.doc"):
        sample_card.to_excel("q.doc")
    with pytest.raises(PerfscoreError, match=r"\.html"):
        sample_card.to_html("q.doc")
    assert list(tmp_path.iterdir()) == []


def test_missing_folders_are_made(sample_card, tmp_path):
    assert sample_card.to_excel(tmp_path / "甲" / "a.xlsx").is_file()
    sample_card.to_html(tmp_path / "乙" / "丙" / "a.html")
    assert (tmp_path / "乙" / "丙" / "a.html").is_file()
