"""What a reviewer controls: accepted findings, a baseline, severities, own word lists, settings that load again."""

import tomllib

import pandas as pd
import pytest

from perfscore import Config, lexicon, load_sample, read, score
from perfscore.cli import Exit
from perfscore.config import Accept
from perfscore.errors import ConfigError, LexiconError
from perfscore.names import measure
from perfscore.profile import Profile
from perfscore.schema import ACCEPTED, BASELINE
from perfscore.toml import to_toml


@pytest.fixture
def targets(sample):
    return sample


@pytest.fixture
def card(sample_card):
    return sample_card


def keys(findings: pd.DataFrame) -> set[tuple]:
    columns = ["project_id", "row_no", "code", "field", "message"]
    return set(map(tuple, findings[columns].astype(object).fillna("").to_numpy()))


def first_of(card, code: str) -> pd.Series:
    return card.findings[card.findings["code"] == code].iloc[0]


# --- accepted findings


def test_what_is_accepted_leaves_the_score_and_is_listed_with_its_reason(targets, card):
    chosen = first_of(card, "PS201")
    entry = {"code": "PS201", "project": chosen["project_id"], "reason": "合同约定按比例考核"}
    changed = score(targets, Config().replace(accept=[entry]))
    taken = card.findings[(card.findings["code"] == "PS201") & (card.findings["project_id"] == chosen["project_id"])]
    assert keys(changed.accepted) == keys(taken)
    assert keys(changed.findings) == keys(card.findings) - keys(taken)
    assert changed.accepted.columns.tolist() == list(ACCEPTED)
    assert changed.accepted["reason"].unique().tolist() == ["合同约定按比例考核"]
    assert changed.accepted["points"].tolist() == [0.0] * len(taken)
    assert changed.method["accepted"] == f"合同约定按比例考核（{len(taken)} 个问题）"
    before, after = (c.projects.set_index("project_id") for c in (card, changed))
    others = before.index.difference([chosen["project_id"]])
    assert after.at[chosen["project_id"], "score"] > before.at[chosen["project_id"], "score"]
    pd.testing.assert_series_equal(after.loc[others, "score"], before.loc[others, "score"])


def test_an_accepted_finding_closes_no_gate(targets):
    gate = {"code": "PS302", "severity": "major", "share": 0.0, "cap": "差", "reason": "口号"}
    config = Config().replace(profile=Profile.load("default").to_dict() | {"gates": [gate]})
    projects = score(targets, config).projects
    gated = projects.loc[projects["gates"] != "", "project_id"].iloc[-1]
    accepting = config.replace(accept=[{"project": gated, "reason": "已另行审核"}])
    project = score(targets, accepting).projects.set_index("project_id").loc[gated]
    assert (project["score"], project["grade"], project["gates"], project["n_findings"]) == (100.0, "优", "", 0)


@pytest.mark.parametrize("key", ["project_id", "project_name", "project_code"])
def test_a_project_is_met_by_its_id_its_name_and_its_code(key):
    rows = pd.DataFrame({"level2": ["数量指标"], "name": ["服务人数"], "value": ["≥95%"]})
    named = rows.assign(project_name="便民 服务", project_code="Ａ7", agency="甲局")
    table = read(named)
    card = score(
        table, Config().replace(accept=[{"project": table.projects[key].iloc[0].replace(" ", ""), "reason": "可"}])
    )
    assert card.findings.empty
    assert "unmet" not in card.method


def test_a_row_is_met_by_its_number_and_by_its_name(targets, card):
    found = first_of(card, "PS101")
    name = card.indicators.set_index(["project_id", "row_no"]).at[(found["project_id"], found["row_no"]), "name"]
    for row in (int(found["row_no"]), name):
        entry = {"code": "PS1", "project": found["project_id"], "row": row, "reason": "可"}
        accepted = score(targets, Config().replace(accept=[entry])).accepted
        assert len(accepted)
        assert accepted["code"].str.startswith("PS1").all()
        assert found["row_no"] in accepted["row_no"].tolist()


def test_a_document_narrows_an_entry(targets, card):
    doc = card.projects["doc"].iloc[0]
    entry = {"code": "PS5", "doc": doc, "reason": "可"}
    accepted = score(targets, Config().replace(accept=[entry])).accepted
    docs = accepted["project_id"].map(card.projects.set_index("project_id")["doc"])
    assert docs.unique().tolist() == [doc]
    assert (
        len(accepted)
        == card.findings["code"]
        .str.startswith("PS5")[card.findings["project_id"].map(card.projects.set_index("project_id")["doc"]) == doc]
        .sum()
    )


def test_of_two_entries_the_first_gives_the_reason_and_both_have_met(targets):
    entries = [{"code": "PS201", "reason": "先"}, {"code": "PS2", "reason": "后"}]
    card = score(targets, Config().replace(accept=entries))
    assert set(card.accepted.loc[card.accepted["code"] == "PS201", "reason"]) == {"先"}
    assert set(card.accepted.loc[card.accepted["code"] == "PS202", "reason"]) == {"后"}
    assert "unmet" not in card.method


def test_an_entry_that_meets_nothing_is_told_with_the_nearest_project(run, tmp_path, card):
    name = card.projects["project_name"].iloc[0]
    settings = tmp_path / "a.toml"
    text = f'[[accept]]\ncode = "PS2"\nproject = "{name}x"\nreason = "r"\n[[accept]]\ncode = "PS401"\nrow = 99\nreason = "s"\n'
    settings.write_text(text, encoding="utf-8")
    code, _, err = run("score", "--sample", "--config", settings)
    assert code == Exit.DONE
    assert f"没有对应的问题（是否想写 {name}？）" in err
    assert "row=99）没有对应的问题" in err
    assert "没有对应的问题" in score(load_sample(), Config.load(settings)).method["unmet"]


def test_the_workbook_and_the_folder_hold_what_was_accepted(run, tmp_path):
    (tmp_path / "a.toml").write_text('[[accept]]\ncode = "PS4"\nreason = "统一模板，已备案"\n', encoding="utf-8")
    code, _, err = run("score", "--sample", "--config", tmp_path / "a.toml", "-o", tmp_path / "out")
    assert code == Exit.DONE
    accepted = pd.read_csv(tmp_path / "out" / "accepted.csv")
    assert f"按设置接受、不扣分的问题 {len(accepted)} 个" in err
    assert set(accepted["code"].str[:3]) == {"PS4"}
    run("score", "--sample", "--config", tmp_path / "a.toml", "-o", tmp_path / "out.xlsx")
    said = pd.read_excel(tmp_path / "out.xlsx", sheet_name=None, header=None, engine="openpyxl")
    assert len(said["已接受的问题及理由"]) == 1 + len(accepted)
    assert any(
        sheet.astype(str).apply(lambda c: c.str.contains("统一模板，已备案")).any().any() for sheet in said.values()
    )


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"code": "PS201"}, "理由"),
        ({"code": "PS201", "reason": " "}, "理由"),
        ({"reason": "可"}, "范围太大"),
        ({"doc": "a.docx", "row": 1, "reason": "可"}, "范围太大"),
        ({"code": "PS201", "reasn": "可"}, "是否想写 reason"),
        ({"code": 201, "reason": "可"}, "code"),
        ({"code": "PS201", "row": True, "reason": "可"}, "row"),
        ("PS201", r"\[\[accept\]\]"),
    ],
)
def test_a_wrong_entry_is_refused(entry, said):
    with pytest.raises(ConfigError, match=said):
        Config().replace(accept=[entry])


def test_a_wrong_rule_in_an_entry_is_refused_with_the_nearest(targets):
    with pytest.raises(ConfigError, match="PS301"):
        score(targets, Config(accept=(Accept("可", code="PS3O1"),)))


# --- baseline


@pytest.mark.parametrize("name", ["last.csv", "last.parquet"])
def test_nothing_is_new_against_its_own_baseline(targets, card, tmp_path, name):
    path = card.to_baseline(tmp_path / name)
    again = score(targets, Config(baseline=str(path)))
    assert again.findings["new"].tolist() == [False] * len(card.findings)
    pd.testing.assert_frame_equal(again.projects, card.projects)
    assert card.findings["new"].isna().all()


def table(year: int, *rows: tuple[str, str, str], name: str = "年便民服务经费", code: str = "") -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=["level2", "name", "value"])
    return found.assign(project_name=f"{year}{name}", agency="甲局", project_code=code)


def test_a_finding_is_known_by_its_content_from_year_to_year(tmp_path):
    last = [("数量指标", "服务人数", "≥95%"), ("成本指标", "印刷费", "≥20万元")]
    path = score(read(table(2025, *last))).to_baseline(tmp_path / "last.csv")
    now = [("成本指标", "印刷费", "≥30万元"), ("质量指标", "差错率", "≥5%"), ("数量指标", "服务 人数", "≥90%")]
    findings = score(read(table(2026, *now)), Config(baseline=str(path))).findings
    new = findings[findings["code"].isin(["PS201", "PS202"])].set_index(["code", "row_no"])["new"]
    assert new.to_dict() == {("PS201", 3): False, ("PS202", 1): False, ("PS202", 2): True}


def test_a_lacking_class_is_not_another_lacking_class(tmp_path):
    full = [
        ("数量指标", "印制证照数量", "≥300本"),
        ("质量指标", "证照印制合格率", "≥98%"),
        ("成本指标", "证照印制费", "≤3万元"),
    ]
    path = score(read(table(2025, full[0], full[1]))).to_baseline(tmp_path / "last.csv")
    findings = score(read(table(2026, full[0], full[2])), Config(baseline=str(path))).findings
    lacking = findings[findings["code"] == "PS501"].set_index("message")["new"]
    assert lacking["没有质量指标"]
    assert not lacking["没有效益指标"]


def test_a_project_is_the_same_by_code_or_by_name_and_agency(tmp_path):
    row = ("数量指标", "服务人数", "≥95%")
    path = score(read(table(2025, row, code="A7"))).to_baseline(tmp_path / "last.parquet")
    renamed = table(2026, row, name="年大厅运行经费", code="A7")
    recoded = table(2026, row, code="B8")
    another = table(2026, row, name="年大厅运行经费", code="B8")
    for frame, new in ((renamed, False), (recoded, False), (another, True)):
        findings = score(read(frame), Config(baseline=str(path))).findings
        assert findings.loc[findings["code"] == "PS201", "new"].tolist() == [new]


def test_accepted_findings_stay_known(targets, tmp_path):
    accepting = Config().replace(accept=[{"code": "PS2", "reason": "可"}])
    path = score(targets, accepting).to_baseline(tmp_path / "last.csv")
    assert not score(targets, Config(baseline=str(path))).findings["new"].any()


def test_the_command_line_counts_what_is_new(run, tmp_path):
    path = tmp_path / "last.csv"
    code, _, err = run("score", "--sample", "--write-baseline", path)
    assert code == Exit.DONE
    assert f"已保存基线：{path}" in err
    saved = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert list(saved.columns) == list(BASELINE)
    assert saved.to_numpy().tolist() == sorted(saved.drop_duplicates().to_numpy().tolist())
    part = saved[saved["code"] != "PS106"]
    part.to_csv(path, index=False)
    _, _, err = run("score", "--sample", "--baseline", path)
    count = int((score(load_sample()).findings["code"] == "PS106").sum())
    assert f"新问题 {count} 个" in err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("last.csv", None, "不能读取基线"),
        ("last.parquet", b"PAR1", "不能读取基线"),
        ("last.csv", b"", "不能读取基线"),
        ("last.csv", b"a,b\n1,2\n", "不是基线文件"),
        ("last.xlsx", b"", "后缀"),
    ],
)
def test_a_wrong_baseline_is_refused_before_anything_is_read(run, tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, out, err = run("score", "--sample", "--baseline", tmp_path / name)
    assert (code, out) == (Exit.USAGE, "")
    assert said in err


def test_a_baseline_never_replaces_an_input(run, tmp_path):
    source = tmp_path / "in.csv"
    table(2026, ("数量指标", "服务人数", "≥95%")).to_csv(source, index=False)
    before = source.read_bytes()
    code, _, err = run("score", source, "--write-baseline", source)
    assert code == Exit.USAGE
    assert "不能覆盖" in err
    assert source.read_bytes() == before


# --- severities


def test_the_severity_of_a_rule_or_family_can_be_changed(targets, card):
    changed = score(targets, Config(severity={"PS5": "info"}))
    family = changed.findings["code"].str.startswith("PS5")
    assert set(changed.findings.loc[family, "severity"]) == {"info"}
    assert changed.findings.loc[family, "points"].sum() == 0
    assert changed.projects["score"].sum() > card.projects["score"].sum()
    with pytest.raises(ConfigError, match="critical"):
        score(targets, Config(severity={"PS5": "fatal"}))


# --- own word lists


ROW = pd.DataFrame(
    {
        "project_name": ["大厅运行"],
        "level2": ["数量指标"],
        "name": ["大厅蓝光率"],
        "description": ["每日统计"],
        "value": ["≥12件"],
    }
)


def folder(tmp_path, **lists: str):
    for name, content in lists.items():
        (tmp_path / f"{name}.tsv").write_text(content, encoding="utf-8")
    return str(tmp_path)


def test_own_lists_change_the_judgement_and_leave_no_trace(tmp_path):
    def codes(config: Config | None = None) -> set[str]:
        return set(score(read(ROW), config).findings["code"])

    before = codes()
    assert "PS204" in before, "a rate is no quantity"
    own = Config(lexicons=folder(tmp_path, measures="# 本市的口径\n蓝光率\tcount\t数量\t+\n"))
    assert "PS204" not in codes(own)
    assert codes() == before
    folder(tmp_path, measures="蓝光率\tshare\t质量\t+\n")
    assert "PS204" in codes(own), "a list that was edited is read again"


def test_a_line_can_be_taken_away(tmp_path):
    assert measure("道路完好率").noun == "完好率"
    with lexicon.overlay(folder(tmp_path, measures="!完好率\n")):
        assert measure("道路完好率").noun == "率"
    assert measure("道路完好率").noun == "完好率"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("measure.tsv", "好率\tshare\n", "是否想写 measures.tsv"),
        ("measures.csv", "好率,share\n", "是否想写 measures.tsv"),
        ("profile_default.toml", "", "不是词表"),
        ("measures.tsv", "好率\tshare\t质量\t+\t多\n", "5 列.*应为 4 列（noun dimension allowed polarity）"),
        ("measures.tsv", "好率 share 质量 +\n", "空格.*Tab"),
        ("measures.tsv", "!完号率\n", "要去掉“完号率”.*是否想写"),
        ("measures.tsv", "好率\tshare\n".encode("gbk"), "UTF-8"),
    ],
)
def test_a_wrong_list_is_refused(run, tmp_path, name, content, said):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(LexiconError, match=said):
        score(read(ROW), Config(lexicons=str(tmp_path / "own")))
    (tmp_path / "a.toml").write_text(to_toml({"lexicons": str(tmp_path / "own")}), encoding="utf-8")
    ROW.to_csv(tmp_path / "a.csv", index=False)
    code, out, err = run("score", tmp_path / "a.csv", "--config", tmp_path / "a.toml")
    assert (code, out) == (Exit.USAGE, "")
    assert err.startswith("perfscore: ")


def test_a_folder_that_is_not_there_is_refused():
    with pytest.raises(LexiconError, match="不存在"):
        score(read(ROW), Config(lexicons="没有这个文件夹"))


def test_notes_beside_the_lists_are_passed_over(tmp_path):
    (tmp_path / "README.md").write_text("本市词表", encoding="utf-8")
    (tmp_path / ".DS_Store").write_bytes(b"\0")
    with lexicon.overlay(tmp_path):
        assert measure("道路完好率").noun == "完好率"


# --- settings


FULL = Config().replace(
    select=["PS2", "PS301"],
    ignore={"PS402": '年初已议定，"引号"与\\反斜杠'},
    severity={"PS3": "minor"},
    accept=[
        {"code": "PS201", "project": "便民[服务]", "doc": "a.docx", "row": 3, "reason": "合同约定\n见附件\x7f"},
        {"project": "A7", "row": "服务人数", "reason": "可"},
    ],
    baseline="去年.csv",
    examples=0,
    near=0.8,
)


@pytest.mark.parametrize(
    "config", [Config(), FULL, Config().replace(profile="hebei")], ids=["defaults", "all", "a province"]
)
def test_printed_settings_load_as_the_same(run, tmp_path, config):
    given, printed = tmp_path / "given.toml", tmp_path / "printed.toml"
    settings = config.to_dict() | {"profile": config.profile.name}
    given.write_text(to_toml(settings), encoding="utf-8")
    code, out, _ = run("config", "--config", given)
    assert code == Exit.DONE
    printed.write_text(out, encoding="utf-8")
    assert Config.load(printed) == Config.load(given) == config


def test_a_rubric_of_ones_own_is_printed_in_full_and_loads_again(run, tmp_path):
    own = Profile.load("default").to_dict() | {"name": "本市", "cutoffs": {"优": 92, "良": 82, "中": 62}}
    (tmp_path / "own.toml").write_text(to_toml(own), encoding="utf-8")
    (tmp_path / "given.toml").write_text(to_toml({"profile": str(tmp_path / "own.toml")}), encoding="utf-8")
    _, out, _ = run("config", "--config", tmp_path / "given.toml")
    assert tomllib.loads(out)["profile"]["name"] == "本市"
    (tmp_path / "printed.toml").write_text(out, encoding="utf-8")
    config = Config.load(tmp_path / "printed.toml")
    assert config == Config.load(tmp_path / "given.toml")
    assert config.profile.cutoffs["优"] == 92


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("lexicons", 3, "路径"),
        ("baseline", ["a"], "路径"),
        ("embedder", "a", "函数"),
        ("examples", -1, "不能小于 0"),
        ("examples", 1.5, "整数"),
        ("near", 7, "0 与 1"),
        ("near", True, "0 到 1"),
        ("select", "PS2", "列表"),
        ("ignore", ["PS2"], "表"),
        ("exmaples", 1, "examples"),
    ],
)
def test_a_wrong_setting_is_refused(setting, value, said):
    with pytest.raises(ConfigError, match=said):
        Config().replace(**{setting: value})
