"""The promises of a score: replayable, indifferent to order, length and company, and never made out of nothing."""

import random

import numpy as np
import pandas as pd
import pytest

from perfscore import Config, load_sample, score
from perfscore.enriching import enrich
from perfscore.errors import ConfigError
from perfscore.grading import price
from perfscore.rules import registry
from perfscore.schema import INDICATORS, PROJECTS, UNREAD, conform
from perfscore.targets import Targets

LEVELS = {
    "数量": ("产出指标", "数量指标"),
    "质量": ("产出指标", "质量指标"),
    "时效": ("产出指标", "时效指标"),
    "成本": ("产出指标", "成本指标"),
    "社会": ("效益指标", "社会效益指标"),
    "满意": ("满意度指标", "服务对象满意度指标"),
}
GOOD = [
    ("数量", "修缮校舍面积", "竣工图所列修缮的建筑面积", "≥3200平方米", "《校舍修缮施工合同》"),
    (
        "质量",
        "单位工程验收合格率",
        "一次验收合格的单位工程占全部单位工程的比例",
        "100%",
        "《建筑工程施工质量验收统一标准》",
    ),
    ("时效", "校舍修缮完工时间", "全部单位工程通过竣工验收的日期", "8月25日前", "年度工作计划"),
    ("成本", "每平方米修缮成本", "结算价除以修缮面积", "≤620元/平方米", "县财政评审报告"),
    ("社会", "受益学生人数", "在修缮后校舍上课的学生数", "≥1850人", "学籍系统"),
    ("满意", "师生满意度", "问卷中答满意和较满意的师生占比", "≥92%", "问卷调查"),
]
BAD = ("数量", "服务人数", "服务人数", "≥95%", "上级考核")


def make(*tables: list[tuple], heads: list[dict] | None = None) -> Targets:
    projects, rows = [], []
    for number, table in enumerate(tables, 1):
        project_id = f"表{number}.txt#1"
        head = {"doc": f"表{number}.txt", "project_no": 1, "project_id": project_id, "project_name": "乡村学校校舍修缮"}
        head |= {"goal": "修缮3所学校校舍3200平方米，改善学生上课条件", "year": 2024, "budget": 2_000_000.0}
        projects.append(head | ((heads or [{}] * len(tables))[number - 1]))
        for row_no, (level, name, description, value, basis) in enumerate(table, 1):
            level1, level2 = LEVELS[level]
            cells = {"level1": level1, "level2": level2, "name": name, "value": value}
            cells |= {key: text for key, text in (("description", description), ("basis", basis)) if text is not None}
            rows.append({"doc": f"表{number}.txt", "project_id": project_id, "row_no": row_no} | cells)
    empty = pd.DataFrame({"doc": [], "reason": []})
    coverage = pd.DataFrame(columns=["doc", "seen", "understood"])
    frames = (
        conform(pd.DataFrame(projects), PROJECTS),
        conform(pd.DataFrame(rows), INDICATORS),
        conform(empty, UNREAD),
    )
    return Targets(*frames, coverage)


def scores(targets: Targets, **settings) -> dict[str, float]:
    card = score(targets, Config().replace(**settings))
    return dict(zip(card.projects["project_id"], card.projects["score"], strict=True))


@pytest.fixture(scope="module")
def sample():
    return score(load_sample())


def test_a_good_table_is_clean() -> None:
    card = score(make(GOOD))
    assert card.findings.empty
    assert card.projects[["score", "grade"]].iloc[0].tolist() == [100.0, "优"]


def test_the_score_is_a_hundred_less_the_points(sample) -> None:
    rated = sample.projects.dropna(subset="score").set_index("project_id")
    lost = sample.findings.groupby("project_id")["points"].sum().reindex(rated.index, fill_value=0.0)
    assert np.allclose(100 - lost, rated["score"], atol=0.005)
    dimensions = rated[["lost_completeness", "lost_relevance", "lost_appropriateness", "lost_feasibility"]].sum(axis=1)
    assert np.allclose(dimensions, lost, atol=0.02)


def test_points_can_be_redone_by_hand() -> None:
    card = score(make([*GOOD[1:], BAD], heads=[{"goal": "修缮校舍", "project_name": "乡村学校校舍修缮"}]))
    profile = Config().profile
    worth = 100 * profile.criteria["指标科学性"] / profile.visible
    wrong_unit = card.findings.set_index("code").loc["PS201"]
    assert wrong_unit["severity"] == "critical"
    assert wrong_unit["points"] == pytest.approx(worth / (6 * profile.full_share), abs=0.01)


def test_a_grade_keeps_what_was_read_of_the_project(sample) -> None:
    read = load_sample().projects.set_index("project_id").drop(columns=["project_no", "n_rows"])
    kept = sample.projects.set_index("project_id").loc[read.index, read.columns]
    pd.testing.assert_frame_equal(kept, read)


def test_a_family_is_paid_once_a_row() -> None:
    card = score(make([*GOOD, ("成本", "项目预算控制数", "全部支出的控制数", "≥95%", "部门预算批复")]))
    both = card.findings[card.findings["code"].isin(["PS201", "PS202"])].set_index("code")["points"]
    assert both["PS201"] > 0
    assert both["PS202"] == 0


def test_a_dimension_loses_no_more_than_it_has() -> None:
    profile = Config().profile
    rows = pd.DataFrame({"project_id": "甲", "row_no": range(1, 9), "code": "PS301", "severity": "critical"})
    priced = price(rows.assign(defect="no_quantity"), pd.Series({"甲": 8}), profile)
    worth = 100 * (profile.criteria["目标相关性"] + profile.criteria["指标科学性"]) / profile.visible
    assert priced["points"].sum() == pytest.approx(worth, abs=0.05)


def test_row_order_does_not_matter() -> None:
    table = [*GOOD, BAD, ("社会", "提升服务水平", "提升服务水平", "明显提升", "工作安排")]
    shuffled = random.Random(7).sample(table, len(table))
    assert scores(make(table))["表1.txt#1"] == scores(make(shuffled))["表1.txt#1"]


def test_a_long_table_with_the_same_habits_scores_the_same() -> None:
    half_bad = [BAD if number % 2 else row for number, row in enumerate(GOOD)]
    renamed = [(row[0], f"{row[1]}（二期）", *row[2:]) for row in half_bad]
    short, long = scores(make(half_bad))["表1.txt#1"], scores(make(half_bad + renamed))["表1.txt#1"]
    assert long == pytest.approx(short, abs=5)


def test_company_of_good_tables_does_not_matter(sample) -> None:
    targets = load_sample()
    alone = {}
    for doc in targets.projects["doc"].unique():
        part = Targets(
            *(frame[frame["doc"] == doc].reset_index(drop=True) for frame in (targets.projects, targets.indicators)),
            targets.unread.iloc[:0],
            targets.coverage,
        )
        card = score(part, Config().replace(ignore={"PS4": "只看单表规则", "PS103": "只看单表规则"}))
        alone |= dict(zip(card.projects["project_id"], card.projects["score"], strict=True))
    together = score(targets, Config().replace(ignore={"PS4": "只看单表规则", "PS103": "只看单表规则"})).projects
    assert dict(zip(together["project_id"], together["score"], strict=True)) == pytest.approx(alone, nan_ok=True)


def test_file_order_does_not_matter(sample) -> None:
    targets = load_sample()
    turned = Targets(targets.projects[::-1], targets.indicators[::-1], targets.unread, targets.coverage)
    again = score(turned)
    assert again.projects["score"].tolist() == pytest.approx(sample.projects["score"].tolist(), nan_ok=True)
    assert sorted(again.copies["group"]) == sorted(sample.copies["group"])


def test_nothing_read_is_never_a_grade() -> None:
    targets = make(GOOD)
    empty = Targets(targets.projects, targets.indicators.iloc[:0], targets.unread, targets.coverage)
    project = score(empty).projects.iloc[0]
    assert (project["grade"], project["reason"]) == ("未评", "没有读到指标行")
    assert pd.isna(project["score"])
    assert pd.isna(project["rank"])


def test_garbled_rows_are_counted_and_not_judged() -> None:
    garbled = [("数量", f"\ufffd\ufffd{number}", "\ufffd", "\ufffd", "\ufffd") for number in range(4)]
    project = score(make([*GOOD[:2], *garbled])).projects.iloc[0]
    assert project["grade"] == "未评"
    assert project["assessable"] == pytest.approx(2 / 6, abs=1e-4)
    assert "33%" in project["reason"]
    assert project.filter(like="lost_").isna().all()  # no score, nothing lost


@pytest.mark.parametrize("level", ["成本", "满意"])
def test_a_row_that_cannot_be_read_is_no_missing_class(level: str) -> None:
    table = [(of, "□□□□", "□□□□", "□□□□", "□□") if of == level else (of, *cells) for of, *cells in GOOD]
    card = score(make(table))
    assert "PS501" not in set(card.findings["code"])
    assert card.projects["assessable"].iloc[0] == pytest.approx(5 / 6, abs=1e-4)
    assert "PS501" in set(score(make([row for row in table if row[0] != level])).findings["code"])


def test_a_form_without_a_column_is_not_punished() -> None:
    without = [(level, name, None, value, None) for level, name, _, value, _ in GOOD]
    assert score(make(without)).findings.empty


def test_a_crash_of_a_rule_is_a_finding_of_its_own(monkeypatch) -> None:
    broken = registry.find("PS301")

    def crash(row):
        raise ZeroDivisionError("除以零")

    rules = tuple(
        registry.Rule(**{name: getattr(rule, name) for name in registry.Rule.__slots__} | {"check": crash})
        if rule is broken
        else rule
        for rule in registry.catalogue()
    )
    monkeypatch.setattr("perfscore.engine.catalogue", lambda: rules)
    card = score(make(GOOD))
    assert set(card.findings["code"]) == {"PS301"}
    assert card.findings["message"].str.contains("PS301 运行出错（ZeroDivisionError：除以零）").all()
    assert card.projects["score"].iloc[0] == 100.0


def test_rows_the_budget_system_writes_are_left_out_visibly() -> None:
    official = ("数量", "科目调整次数", "科目调整次数", "≤10次", "")
    card = score(make([*GOOD, official]))
    assert card.findings.empty
    assert card.indicators.set_index("name")["official"].to_dict()["科目调整次数"]


def test_rows_left_out_on_purpose_are_no_length_and_no_unreadable_rows() -> None:
    table = [*GOOD, BAD]
    alone = score(make(table)).projects["score"].iloc[0]
    official = [("数量", "科目调整次数", "科目调整次数", "≤10次", "")] * 9
    beside = make([*table, *official])
    assert score(beside).projects["score"].iloc[0] == alone
    halves = make([*table, *GOOD, *GOOD])
    halves.indicators["period"] = ["年度"] * len(table) + ["总体"] * 2 * len(GOOD)
    project = score(halves).projects.iloc[0]
    assert (project["score"], project["assessable"]) == (alone, 1.0)


def test_a_form_without_a_goal_or_second_level_is_not_punished() -> None:
    targets = make(GOOD)
    bare = Targets(
        targets.projects.assign(goal=None), targets.indicators.assign(level2=None), targets.unread, targets.coverage
    )
    assert not {"PS501", "PS502"} & set(score(bare).findings["code"])


def test_equals_share_a_rank_and_the_worst_grade_comes_first() -> None:
    heads = [{"project_name": f"校舍修缮{number}", "goal": f"第{number}批修缮3200平方米"} for number in range(3)]
    ranked = score(make(GOOD, GOOD[1:], GOOD, heads=heads), Config().replace(ignore={"PS4": "只看单表"})).projects
    order = ["差", "中", "良", "优"]
    places = [order.index(grade) for grade in ranked["grade"]]
    assert places == sorted(places)
    assert ranked["rank"].tolist() == [1, 2, 2]


def test_select_and_ignore_take_codes_and_families() -> None:
    targets = make([*GOOD, BAD])
    only = score(targets, Config().replace(select=("PS2",))).findings["code"]
    assert set(only.str[:3]) == {"PS2"}
    rest = score(targets, Config().replace(ignore={"PS201": "单位由省里统一"})).findings["code"]
    assert "PS201" not in set(rest)


@pytest.mark.parametrize(
    "settings", [{"select": ("PS9",)}, {"ignore": {"PS2011": ""}}, {"severity": {"PS201": "mild"}}]
)
def test_what_does_not_exist_is_refused(settings) -> None:
    with pytest.raises(ConfigError, match=r"没有规则|无效"):
        score(make(GOOD), Config().replace(**settings))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"select": (1,)}, "select .*文字.*1"),
        ({"select": ["PS2", None]}, "select .*文字"),
        ({"ignore": {"PS101": 1}}, "ignore .*文字.*PS101"),
        ({"severity": {201: "minor"}}, "severity .*文字"),
        ({"severity": {"PS201": ["minor"]}}, "severity .*文字"),
    ],
)
def test_codes_and_reasons_are_texts(settings, said) -> None:
    with pytest.raises(ConfigError, match=said):
        Config(**settings)


def test_severity_of_a_rule_can_be_set() -> None:
    targets = make([*GOOD, BAD])
    mild = score(targets, Config().replace(severity={"PS201": "info"})).findings.set_index("code")
    assert mild.loc["PS201", "points"] == 0


def test_enrich_adds_columns_and_changes_none() -> None:
    targets = make([*GOOD, BAD])
    added = enrich(targets.indicators)
    pd.testing.assert_frame_equal(added[targets.indicators.columns], targets.indicators)
    assert {"category", "kind", "official", "judged"} <= set(added.columns)


def test_a_reference_corpus_shows_copies_of_tables_elsewhere() -> None:
    from perfscore import Corpus

    known = make(GOOD, heads=[{"project_name": "城区学校校舍修缮", "doc": "去年.txt", "project_id": "去年.txt#1"}])
    rows = known.indicators.assign(doc="去年.txt", project_id="去年.txt#1")
    reference = Corpus.fit(known.projects, rows)
    card = score(make(GOOD), corpus=reference)
    assert "PS401" in set(card.findings["code"])
    assert "去年.txt#1" in set(card.findings["peer"])
