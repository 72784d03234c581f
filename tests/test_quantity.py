"""What a person would say of a value; what must not be taken for one; and what holds for every string."""

import csv
import re
import time
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perfscore import lexicon
from perfscore.grammar import grammar
from perfscore.quantity import Quantity, find, may_say_share, parse, unit_in_name
from perfscore.text import normalise

TABLE = tomllib.loads((Path(__file__).parent / "quantity.toml").read_text("utf-8"))
GOLD = Path(__file__).parents[2] / "shared" / "gold" / "rows.csv"
SYNONYMS = {
    "≥": ("≥", ">=", "=>", "＞＝", "》=", "≧", "⩾", "不低于", "不少于", "至少", "达到", "大于等于", "大于或等于"),
    "≤": ("≤", "<=", "=<", "＜＝", "《=", "≦", "⩽", "不高于", "不超过", "至多", "小于等于", "控制在", "不大于"),
    ">": (">", "＞", "超过", "大于", "高于", "多于"),
    "<": ("<", "＜", "低于", "小于", "少于", "不足"),
    "=": ("=", "＝", "等于", "为"),
}
UNITS = sorted({row["unit"] for row in lexicon.table("units.tsv")})
ALPHABET = "0123456789.,%％≥≤＞<=》、。（）()/-~至 　一二三十百千万亿半几两零元个天年月日前底内每第以上约人次号A的提升"


def bare(quantity: Quantity) -> Quantity:
    return replace(quantity, start=0, end=0)


@pytest.mark.parametrize("case", TABLE["values"], ids=lambda case: case[0])
def test_a_value_is_read_as_a_person_reads_it(case):
    value, kind, comparator, low, high, unit, *more = case
    fields = {"period": "", "deadline": "", "approximate": False} | (more[0] if more else {})
    quantity = parse(value)
    found = (quantity.kind, quantity.comparator, quantity.low, quantity.high, quantity.unit)
    assert found == (kind, comparator, *(None if end == "-" else end for end in (low, high)), unit)
    assert {name: getattr(quantity, name) for name in fields} == fields
    assert bare(parse(str(quantity))) == bare(quantity)


def test_the_table_of_values_is_large_and_has_every_kind():
    assert len(TABLE["values"]) >= 150
    assert {case[1] for case in TABLE["values"]} == set(Quantity.__annotations__["kind"].__args__)
    assert len({case[0] for case in TABLE["values"]}) == len(TABLE["values"])


@pytest.mark.parametrize("case", TABLE["texts"], ids=lambda case: case[0])
def test_only_quantities_are_found_in_text(case):
    text, words = case
    assert [normalise(text[quantity.start : quantity.end]) for quantity in find(text)] == words


@pytest.mark.parametrize("case", TABLE["names"], ids=lambda case: case[0])
def test_the_unit_printed_in_a_name(case):
    assert unit_in_name(case[0]) == tuple(case[1:])


@pytest.mark.parametrize("name", ["群众满意度", "", "（）", "项目（一期）", "贫困村（个）出列", "任务数（2024年）"])
def test_a_name_without_a_unit(name):
    assert unit_in_name(name) is None


def test_a_wish_spans_the_whole_cell_and_a_quantity_its_words():
    assert (parse("逐步 提升").start, parse("逐步 提升").end) == (0, 5)
    quantity = parse("提升率 达到 5% 以上。")
    assert "提升率 达到 5% 以上。"[quantity.start : quantity.end] == "达到 5% 以上"


@pytest.mark.parametrize("sign", SYNONYMS)
@given(number=st.integers(1, 10**6), unit=st.sampled_from(["%", "个", "万元", "天", "元/人", "人次"]))
def test_comparators_have_synonyms(sign, number, unit):
    read = {bare(parse(f"{word}{number}{unit}")) for word in SYNONYMS[sign]}
    assert len(read) == 1
    assert read.pop().comparator == sign


@given(number=st.integers(1, 10**6), unit=st.sampled_from(["%", "个", "万元", "天", "台/套"]))
def test_a_word_after_the_number_says_the_same(number, unit):
    assert {bare(parse(f"{number}{unit}{word}")) for word in ("以上", "及以上", "（含）以上")} == {
        bare(parse(f"≥{number}{unit}"))
    }
    assert {bare(parse(f"{number}{unit}{word}")) for word in ("以内", "之内", "以下")} == {
        bare(parse(f"≤{number}{unit}"))
    }


@given(
    period=st.sampled_from(["", "每月", "每季度", "全年", "每3年"]),
    sign=st.sampled_from(["", "≥", "≤", ">", "<", "="]),
    about=st.sampled_from(["", "约"]),
    low=st.decimals(0, 10**9, places=3, allow_nan=False),
    high=st.none() | st.decimals(0, 10**9, places=2, allow_nan=False),
    unit=st.sampled_from([*UNITS, "", "万元", "元/人", "万元/户", "次/年", "台/套", "宗/批", "吨/天", "元/人/月"]),
)
def test_the_canonical_spelling_reads_back(period, sign, about, low, high, unit):
    upper = "" if high is None else f"-{high}"
    first = parse(f"{period}{sign}{about}{low}{upper}{unit}")
    assert bare(parse(str(first))) == bare(first)


@given(st.dates())
def test_dates_read_back(day):
    for value in (f"{day.year}年{day.month}月{day.day}日前", f"{day.month}月底前", f"{day.month}月{day.day}日"):
        assert parse(value).kind == "date" or not 1900 <= day.year < 2100
        assert bare(parse(str(parse(value)))) == bare(parse(value))


@given(st.text(ALPHABET, max_size=24) | st.text(max_size=24))
def test_any_string_has_a_value_and_a_spelling(value):
    quantity = parse(value)
    assert bare(parse(str(quantity))) == bare(quantity)
    assert 0 <= quantity.start <= quantity.end <= len(value)
    assert (quantity.kind == "empty") == (not normalise(value).strip())
    assert (quantity.low is None) == (quantity.high is None)
    assert quantity.low is None or quantity.low <= quantity.high < float("inf")


@given(st.text(ALPHABET, max_size=40))
def test_found_spans_are_in_order_and_hold_a_number(text):
    end = 0
    for quantity in find(text):
        assert end <= quantity.start < quantity.end <= len(text)
        assert re.search(r"[0-9一二三十百千半几两零年]", normalise(text[quantity.start : quantity.end]))
        assert quantity.kind not in ("wish", "yesno", "placeholder", "empty")
        end = quantity.end


@given(
    st.sampled_from([case[0] for case in TABLE["values"]]),
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from(" 　\n"))),
)
def test_blanks_from_wrapping_change_nothing(value, blanks):
    wrapped = value
    for place, blank in blanks:
        wrapped = f"{wrapped[:place]}{blank}{wrapped[place:]}"
    assert bare(parse(wrapped)) == bare(parse(value)) or not value.strip()


@given(st.sampled_from(TABLE["texts"]), st.integers(0, 30))
def test_blanks_move_only_the_spans(case, place):
    text = case[0]
    assert list(map(bare, find(f"{text[:place]}\n{text[place:]}"))) == list(map(bare, find(text)))


@pytest.mark.parametrize(
    "value", ["9" * 5000, "一亿" * 3000, "-" * 5000 + "a", "个人" * 3000, "1," * 4000, "(" * 5000, "每" * 5000 + "1次"]
)
def test_a_long_string_takes_no_long_time(value):
    start = time.perf_counter()
    parse(value)
    find(value)
    assert time.perf_counter() - start < 2


def test_a_bureau_adds_its_own_counter(tmp_path):
    (tmp_path / "units.tsv").write_text("甑\t甑\tcount\t1\n", "utf-8")
    assert find("酿酒5甑，合格") == ()
    with lexicon.overlay(tmp_path):
        assert [str(quantity) for quantity in find("酿酒5甑，合格")] == ["5甑"]
        assert "甑" in grammar().units


def test_the_lists_say_what_they_promise():
    assert {row["dimension"] for row in lexicon.table("units.tsv")} == {
        "share", "money", "duration", "score", "count", "measure"
    }  # fmt: skip
    assert {row["comparator"] for row in lexicon.table("comparators.tsv")} == set(SYNONYMS)
    assert {row["kind"] for row in lexicon.table("placeholders.tsv")} == {"placeholder", "yesno"}
    for name in ("units.tsv", "comparators.tsv", "placeholders.tsv", "incidents.tsv"):
        forms = [next(iter(row.values())) for row in lexicon.table(name)]
        assert len(set(forms)) == len(forms), name


def plainly(value: str) -> str:
    """Say the kind of a printed value by its last characters, without the grammar."""
    if not value:
        return "empty"
    if not re.search(r"[0-9]", value):
        return "wish"
    endings = {"百分比|%": "share", "元": "money", "月底前": "date", "天|小时|年|个月": "duration", "万": "number"}
    return next((kind for ending, kind in endings.items() if re.search(rf"(?:{ending})$", value)), "count")


@pytest.mark.skipif(not GOLD.exists(), reason="the hand-checked documents are not part of the project")
def test_every_value_of_the_real_documents():
    values = {row["value"] for row in csv.DictReader(GOLD.read_text("utf-8").splitlines())}
    assert len(values) > 50
    for value in sorted(values):
        quantity = parse(value)
        assert quantity.kind == plainly(value), value
        number = re.search(r"[0-9.]+", value)
        if number and quantity.kind not in ("date", "duration"):
            scale = 10**4 if "万" in value else 1
            assert quantity.low == quantity.high == pytest.approx(float(number[0]) * scale), value
        assert quantity.comparator == (value[0] if value[:1] in {"≥", "≤", ">"} else "≤" if "前" in value else ""), (
            value
        )


@given(st.text(st.sampled_from("合格率增长完成任务占3五十百千万.%％‰成倍半余多分之点个(（)）个 百分比"), max_size=14))
@example("增长(倍)3")
@example("提高三 成")
def test_a_text_that_cannot_hold_a_share_holds_none(text):
    assert may_say_share(text) or not any(quantity.kind == "share" for quantity in find(text))


def test_a_share_may_be_said_in_every_unit():
    shares = [row["form"] for row in lexicon.table("units.tsv") if row["dimension"] == "share"]
    assert all(may_say_share(f"不低于5{form}") for form in shares)
    assert not may_say_share("按时完成率")
