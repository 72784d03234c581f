"""What reviewers are told: in Chinese, what is wrong, where, and what to do."""

import re

import docx
import pandas as pd
import pytest
from test_cli import GOOD, SAMPLES

import perfscore
from perfscore import Config
from perfscore.cli import Exit
from perfscore.errors import ConfigError, SchemaError
from perfscore.evaluation import HOW, evaluate
from perfscore.official import SEVERITY_NAMES
from perfscore.readers import read_bytes
from perfscore.rules.registry import catalogue

ENGLISH = re.compile(r"[A-Za-z]+ [A-Za-z]+")


def said(data, name):
    ((_, reason, advice),) = read_bytes(data, name)[0].unread
    return f"{reason}；{advice}"


@pytest.mark.parametrize(
    ("sample", "name", "what"),
    [
        ("01教育局.docx", "a.docx", "Word 文件不完整"),
        ("03卫生健康局.xlsx", "a.xlsx", "Excel 文件不完整"),
        ("03卫生健康局.xlsx", "a.zip", "压缩包不完整"),
    ],
)
def test_a_file_that_was_cut_off_is_named_by_what_it_is(sample, name, what):
    whole = (SAMPLES / sample).read_bytes()
    message = said(whole[: len(whole) // 2], name)
    assert message.startswith(what)
    assert "请重新" in message
    assert ("压缩包" in message) == name.endswith(".zip")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.4\n1 0 obj\n<<", "a.pdf"),
        (b'{"a": [1, 2', "a.json"),
        (b'{"a": tru}', "a.json"),
        ('三级指标,指标值\n"接件,≥1件\n'.encode() + b'"' * 3 + b"\x00" + b"x" * 200_000, "a.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls"),
    ],
)
def test_no_library_speaks_english_to_a_reviewer(data, name):
    for _, reason, advice in read_bytes(data, name)[0].unread:
        assert not ENGLISH.search(f"{reason}；{advice}")


def test_broken_settings_say_where(tmp_path):
    file = tmp_path / "设置.toml"
    file.write_text("near = 0.8\nselect = [PS1]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"设置\.toml 不是合法的 TOML：第 2 行第 11 个字符处") as error:
        Config.load(file)
    assert not ENGLISH.search(str(error.value))
    file.write_text("near = 0.8\nselect = [", encoding="utf-8")
    with pytest.raises(ConfigError, match="读不下去"):
        Config.load(file)


def test_an_unknown_setting_names_the_file_and_what_there_is(tmp_path):
    file = tmp_path / "设置.toml"
    for name, hint in (("foo", "；可用：accept、baseline"), ("neer", "是否想写 near？")):
        file.write_text(f"{name} = 1\n", encoding="utf-8")
        with pytest.raises(ConfigError) as error:
            Config.load(file)
        assert f"设置.toml：没有设置 {name}" in str(error.value)
        assert hint in str(error.value)
    with pytest.raises(ConfigError, match="应为 0 到 1 的数"):
        Config(near="高")


def test_rules_are_listed_with_the_words_of_explain(run):
    _, out, _ = run("rules")
    assert {line.split("\t")[1] for line in out.splitlines()} <= set(SEVERITY_NAMES.values())


def test_a_family_may_be_named(run, tmp_path):
    assert run("score", "--sample", "--select", "缺量化、PS501", "-o", tmp_path / "a")[0] == Exit.DONE
    codes = set(pd.read_csv(tmp_path / "a" / "findings.csv")["code"])
    assert codes
    assert all(code.startswith("PS3") or code == "PS501" for code in codes)


def test_a_corpus_that_was_built_is_told_of_in_words(run, tmp_path):
    code, _, err = run("corpus", "build", GOOD, "-o", tmp_path / "语料")
    assert code == Exit.DONE
    assert "已保存语料（4 个项目，4 张不同的表）：" in err
    assert "<" not in err


def test_help_and_readme_tell_the_same_of_exit_code_3(run):
    _, out, _ = run("--help")
    assert "3 没有找到绩效目标表" in re.sub(r"\s+", " ", out)


def labels(*names):
    return pd.DataFrame({"project_id": "p1", "row_no": range(1, len(names) + 1), "labels": names})


def scored(*codes):
    rules = {rule.code: rule for rule in catalogue()}
    rows = pd.DataFrame({"project_id": "p1", "row_no": range(1, len(codes) + 1), "name": "植树", "value": "≥1棵"})
    found = rows[["project_id", "row_no"]].assign(code=codes, defect=[rules[code].defect for code in codes])
    projects = pd.DataFrame({"doc": ["a"], "project_id": ["p1"]})
    return perfscore.Scorecard(projects=projects, findings=found, indicators=rows.assign(doc="a", project_no=1))


def test_labels_may_bear_the_titles_that_reports_print():
    rules = {rule.code: rule for rule in catalogue()}
    codes = ("PS104", "PS304", "PS502")  # in two of these titles there is a comma
    found = evaluate(scored(*codes), labels(*(f"{code} {rules[code].title}" for code in codes)))
    assert found.unmatched.empty
    assert found.micro_f1 == 1
    both = evaluate(scored("PS104"), labels(f"{rules['PS104'].title}、{rules['PS304'].title}"))
    assert both.per_defect["labels"].tolist() == [1, 1]


def test_labels_of_which_none_is_known_are_refused_and_one_is_explained():
    with pytest.raises(SchemaError, match="都不认识：写得不好；") as error:
        evaluate(scored("PS104"), labels("写得不好"))
    assert HOW in str(error.value)
    some = evaluate(scored("PS104", "PS104"), labels("tautology", "写得不好"))
    assert HOW in some.unmatched["why_not"].item()
    named = {rule.code: rule for rule in catalogue()}["PS104"]
    assert all(name in HOW for name in (named.code, named.title, named.defect))


def test_the_words_at_fault_are_quoted_once(tmp_path):
    card = scored("PS206", "PS206")
    words = ["指标值是“≥50台”，描述写的是60台", "指标值前后矛盾"]
    found = card.findings.assign(evidence="≥50台", message=words, severity="major", opinion="4", points=1.0)
    card = perfscore.Scorecard(projects=card.projects, findings=found, indicators=card.indicators)
    lines = [line.text for line in docx.Document(card.to_opinion(tmp_path / "a.docx")).paragraphs]
    assert [line.count("≥50台") for line in lines if "PS" not in line and "台" in line] == [1, 1]


def test_json_says_where_it_breaks_off():
    assert "第2行第" in said(b'{"a":\n tru}', "a.json")
