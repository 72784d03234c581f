"""Rubrics of one's own: what a key may hold, and that everything else is refused with what was expected."""

import pytest

from perfscore import Config
from perfscore.engine import chosen
from perfscore.errors import ConfigError
from perfscore.profile import Profile, profiles
from perfscore.toml import to_toml

SHIPPED = Profile.load("default").to_dict()
GATE = SHIPPED["gates"][0]


@pytest.mark.parametrize("name", profiles())
def test_a_shipped_rubric_written_out_is_the_same(name):
    rubric = Profile.load(name)
    assert Profile.of(rubric.to_dict(), "a") == rubric


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("name", 3, "name 是 3，应为不空的文字"),
        ("title", " ", "title 是 ' '"),
        ("verified", "no", "verified 是 'no'，应为 true 或 false"),
        ("full_share", True, "full_share 是 True，应为 0 到 1 的数"),
        ("full_share", 0, "应大于 0"),
        ("full_share", float("nan"), "full_share 是 nan"),
        ("extends", 3, "extends 是 3，应为不空的文字"),
        ("criteria", {**SHIPPED["criteria"], "规范完整性": "10"}, "规范完整性 是 '10'，应为 0 到 100 的数"),
        ("criteria", {**SHIPPED["criteria"], "规范完整性": -3}, "规范完整性 是 -3"),
        ("criteria", {**SHIPPED["criteria"], "规范完整": 3}, "criteria：没有设置 规范完整（是否想写 规范完整性？）"),
        ("criteria", {"规范完整性": 10}, "criteria 缺少 明确清晰性"),
        ("criteria", dict.fromkeys(SHIPPED["criteria"], 0), "应大于 0"),
        ("criteria", 10, "criteria 是 10，应为表"),
        ("severity", {**SHIPPED["severity"], "critical": 5.0}, "critical 是 5.0，应为 0 到 1 的数"),
        ("severity", {"critical": 1.0}, "severity 缺少 major、minor、info"),
        ("cutoffs", {"优": 90, "良": 80}, "cutoffs 缺少 中；应写全 优、良、中"),
        ("cutoffs", {"优": 80, "良": 90, "中": 60}, "由高到低"),
        ("cutoffs", {"优": 101, "良": 90, "中": 60}, "优 是 101，应为 0 到 100 的数"),
        ("classes", {}, "classes 是 {}，应为按年份的表"),
        ("classes", 3, "classes 是 3"),
        ("classes", {"abc": {"数量": "major"}}, "classes 的年份 是 'abc'，应为四位数字"),
        ("classes", {"2021": "major"}, "2021 是 'major'，应为表"),
        ("classes", {"2021": {"数量指": "major"}}, "2021：没有设置 数量指（是否想写 数量？）"),
        (
            "classes",
            {"2021": {"数量": "mayor"}},
            "数量 是 'mayor'，应为 critical、major、minor、info 之一（是否想写 major？）",
        ),
        ("classes", {"2021": {"数量": ["major"]}}, "数量 是 ['major']"),
        ("gates", 3, "gates 是 3，应为列表"),
        ("gates", [3], "gates 第 1 条 是 3，应为表"),
        ("gates", [GATE, {**GATE, "share": "0.5"}], "gates 第 2 条：share 是 '0.5'，应为 0 到 1 的数"),
        ("gates", [{**GATE, "cap": "好"}], "cap 是 '好'，应为 优、良、中、差 之一"),
        ("gates", [{"code": "PS101"}], "gates 第 1 条 缺少 severity、share、cap、reason"),
        ("gates", [{**GATE, "colour": "红"}], "没有设置 colour"),
    ],
)
def test_a_wrong_value_is_refused_by_key_value_and_what_was_expected(key, value, said):
    with pytest.raises(ConfigError) as caught:
        Profile.of({"extends": "default", key: value}, "own.toml")
    assert str(caught.value).startswith("own.toml")
    assert said in str(caught.value)


def test_rubrics_that_extend_each_other_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, other in (("a.toml", "b.toml"), ("b.toml", "a.toml")):
        (tmp_path / name).write_text(to_toml({"extends": other}), "utf-8")
    with pytest.raises(ConfigError, match="extends 绕了一圈"):
        Profile.load("a.toml")


@pytest.mark.parametrize("code", ["PS999", "PS3"])
def test_a_gate_on_no_rule_is_refused(code):
    config = Config().replace(profile=SHIPPED | {"gates": [{**GATE, "code": code}]})
    with pytest.raises(ConfigError, match=f"gates 的 code 是 '{code}'.*应为一条规则的编号"):
        chosen(config)


def test_tables_may_stand_in_any_order():
    backwards = {name: dict(reversed(SHIPPED[name].items())) for name in ("criteria", "severity", "cutoffs", "classes")}
    own = Profile.of({**SHIPPED, **backwards}, "a")
    assert own == Profile.load("default")
    assert own.classes_for(2022)["数量"] == "critical"
