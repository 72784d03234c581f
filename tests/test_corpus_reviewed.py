"""What a reviewer expects of a corpus: who copied whom in a province, in two years, beside a reference, in odd tables."""

import json
import random
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from perfscore import Corpus, Targets, read, score
from perfscore.errors import ConfigError, SchemaError
from perfscore.grouping import near_texts
from perfscore.texts import Texts

ROWS = [
    ("补贴发放人数", "全年享受困难残疾人生活补贴的残疾人人数", "≥1200人", "残联年度计划"),
    ("补贴对象识别准确率", "经抽查符合条件的补贴对象占比", "≥98%", "省级实施细则"),
    ("补贴按月发放及时率", "每月20日前完成社会化发放的批次占比", "≥95%", "省级实施细则"),
    ("人均补贴标准", "每名困难残疾人每月补贴的金额", "≤120元/月", "财政资金文件"),
    ("护理支出负担减轻程度", "享受补贴家庭护理支出下降的比例", "≥10%", "上年绩效评价"),
]
CELLS = ("name", "description", "value", "basis")
ONE = {"agency": "甲局", "project_name": "养护"}
Rows = list[tuple[str, str, str, str]]


def project(name: str, rows: Rows = ROWS, **head: object) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(CELLS))
    return frame.assign(level1="产出指标", level2="数量指标", project_id=name, row_no=range(1, len(rows) + 1), **head)


def targets(*projects: pd.DataFrame) -> Targets:
    return read(pd.concat(projects, ignore_index=True))


def fit(*projects: pd.DataFrame, **settings: float) -> Corpus:
    given = targets(*projects)
    return Corpus.fit(given.projects, given.indicators, **settings)


def copied(*projects: pd.DataFrame, corpus: Corpus | None = None) -> dict[str, tuple[str, str]]:
    """The rule and the peer of each project that is said to be a copy."""
    found = score(targets(*projects), corpus=corpus).findings
    found = found[found["code"].isin(["PS401", "PS402"])]
    return dict(zip(found["project_id"], zip(found["code"], found["peer"], strict=True), strict=True))


def test_the_same_project_of_many_counties_is_one_template() -> None:
    head = {"agency": "残联", "project_name": "困难残疾人生活补贴", "project_code": "001", "year": 2024}
    found = fit(*(project(f"{at}", division=f"{at}县", **head) for at in range(20))).copies()
    assert len(found) == 20
    assert set(found["size"]) == {20}
    assert set(found["scope"]) == {"between regions"}


@pytest.mark.parametrize(
    ("heads", "scope"),
    [
        ([{"agency": "残联", "division": "东县"}, {"agency": "残联", "division": "西县"}], "between regions"),
        ([{"agency": "残联", "division": "东县"}, {"agency": "残联", "division": "东县"}], "within agency"),
        ([{"division": "东县"}, {"division": "西县"}], "between regions"),
        ([{"division": "东县"}, {"division": "东县"}], "between agencies"),
        ([{}, {}], "between agencies"),
    ],
)
def test_how_near_two_projects_of_a_table_of_rows_are(heads, scope) -> None:
    found = fit(
        *(project(name, project_name=name * 3, **head) for name, head in zip("ab", heads, strict=True))
    ).copies()
    assert found["scope"].tolist() == [scope, scope]


def test_projects_of_one_name_without_an_agency_are_two() -> None:
    assert len(fit(project("a", project_name="专项业务"), project("b", project_name="专项业务")).copies()) == 2


def test_a_project_is_no_copy_of_its_other_half() -> None:
    halves = {**ONE, "project_code": "P1"}
    other = {"agency": "乙局", "project_name": "补贴", "project_code": "P2"}
    found = copied(project("a1", **halves), project("a2", **halves), project("b", **other))
    assert found == {"a1": ("PS401", "b"), "a2": ("PS401", "b"), "b": ("PS401", "a1")}
    assert set(fit(project("a1", **halves), project("a2", **halves), project("b", **other)).copies()["size"]) == {2}
    many = [(f"指标{it}号内容项目数量", f"完成{it}类任务的具体数量说明", "≥1个", "依据") for it in "甲乙丙丁戊己庚辛"]
    found = copied(project("a1", many, **halves), project("a2", many[:6], **halves), project("b", many[2:], **other))
    assert found == {"a1": ("PS402", "b"), "b": ("PS402", "a1")}


def test_beside_a_reference_the_verdict_is_that_of_one_batch() -> None:
    def county(name: str) -> pd.DataFrame:
        rows = [
            (label, said.replace("残疾人", f"{name}县残疾人", 1), value, basis) for label, said, value, basis in ROWS
        ]
        head = {"agency": f"{name}县残联", "division": f"{name}县", "project_name": f"{name}县困难补贴", "year": 2024}
        return project(name, rows, **head)

    assert copied(county("东"), county("西")) == copied(county("东"), corpus=fit(county("西"))) == {}
    other = project("西", agency="西局", project_name="西部大补贴", year=2024)
    found = score(targets(county("东")), corpus=fit(other)).findings
    (message,) = found.loc[found["code"] == "PS402", "message"]
    assert "“西部大补贴”" in message


def test_what_was_revised_takes_the_place_of_its_earlier_version(tmp_path: Path) -> None:
    for name in ("v1", "v2"):
        project("X1", project_name="困难补贴", project_code="C1", year=2024).to_parquet(tmp_path / f"{name}.parquet")
    first, second = (read(tmp_path / f"{name}.parquet") for name in ("v1", "v2"))
    found = score(second, corpus=Corpus.fit(first.projects, first.indicators)).findings
    assert not found["code"].isin(["PS401", "PS402"]).any()


def test_another_year_is_no_revision() -> None:
    reference = fit(project("x#1", year=2023, **ONE), project("y#1", year=2023, agency="乙局", project_name="照明"))
    submission = fit(project("x#1", year=2024, **ONE))
    both = reference.with_submission(submission)
    assert both.projects["project_id"].tolist() == ["x#1", "x#1（语料）", "y#1"]
    assert both.carried_over()[["project_id", "previous"]].values.tolist() == [["x#1", "x#1（语料）"]]
    with pytest.raises(SchemaError, match="年度 2023、2024"):
        reference.merge(submission)
    again = both.with_submission(fit(project("x#1", ROWS[:3], agency="丙局", project_name="照明", year=2024)))
    assert again.projects["project_id"].tolist() == ["x#1", "x#1（语料）", "x#1（语料）（语料）", "y#1"]


@pytest.mark.parametrize(
    ("heads", "pairs"),
    [
        ([("a", 2024, {})], []),
        ([("a", None, {}), ("b", None, {"project_code": "9"})], []),
        ([("a", 2023, {"project_code": "1"}), ("b", 2024, {"project_code": "1", "project_name": "养护二期"})], ["b<a"]),
        ([("a", 2023, {"project_code": "1"}), ("b", 2024, {"project_code": "2"})], ["b<a"]),
        ([("a", 2023, {"project_name": "2023年照明"}), ("b", 2024, {"project_name": "照明(2024年)"})], ["b<a"]),
        ([("a", 2022, {}), ("b", 2023, {}), ("c", 2024, {})], ["b<a", "c<b"]),
        ([("a", 2023, {}), ("a2", 2023, {}), ("b", 2024, {}), ("b2", 2024, {})], ["b<a", "b2<a"]),
        ([("a", 2023, {"division": "东县"}), ("b", 2024, {"division": "西县"})], []),
    ],
)
def test_last_years_table_is_found(heads, pairs) -> None:
    found = fit(*(project(name, year=year, **{**ONE, **head}) for name, year, head in heads)).carried_over()
    assert [f"{row.project_id}<{row.previous}" for row in found.itertuples()] == pairs
    assert found["carried"].eq(1).all()


def test_the_half_of_last_year_that_is_more_like_it_counts() -> None:
    years = [
        (name, rows, year) for year in (2023, 2024) for name, rows in ((f"{year}", ROWS[:4]), (f"{year}b", ROWS[4:]))
    ]
    found = fit(*(project(name, rows, year=year, **ONE) for name, rows, year in years)).carried_over()
    assert found[["project_id", "previous"]].values.tolist() == [["2024", "2023"], ["2024b", "2023b"]]


def test_one_long_basis_makes_no_template() -> None:
    basis = "《中华人民共和国预算法》、《关于全面实施预算绩效管理的意见》（中发〔2018〕34号）、项目支出绩效评价管理办法（财预〔2020〕10号）"
    farming = [
        ("培训农民人数", "", "≥500人", basis),
        ("结业考核合格率", "", "≥95%", basis),
        ("首期开班时间", "", "6月底前", basis),
    ]
    roads = [
        ("道路养护里程", "", "≥70公里", basis),
        ("优良路面占比", "", "≥90%", basis),
        ("抢修响应时长", "", "≤2小时", basis),
    ]
    assert (
        copied(
            project("a", farming, agency="农业局", project_name="农民培训"),
            project("b", roads, agency="交通局", project_name="公路养护"),
        )
        == {}
    )


@pytest.mark.parametrize(
    "rows",
    [
        [("", "", "", "")] * 3,
        [("1", "", "2", ""), ("3", "", "4", ""), ("5", "", "6", "")],
        [("服务对象满意度", "", "≥95%", ""), ("群众满意度（%）", "", "≥95%", ""), ("企业满意率", "", "≥90%", "")],
        [
            ("足额保障率（%）", "保障", "100%", ""),
            ("运转保障率", "", "100%", ""),
            ('"三公经费"控制率', "", "≤100%", ""),
        ],
    ],
    ids=["blank", "numbers", "satisfaction", "official"],
)
def test_tables_that_say_nothing_of_their_own_are_no_copies(rows) -> None:
    assert copied(*(project(name, rows, agency=name, project_name=f"{name}项目") for name in "甲乙丙")) == {}


def test_a_row_that_is_there_twice_is_told() -> None:
    found = fit(
        project("a", agency="a", project_name="甲"), project("b", ROWS + ROWS[:1], agency="b", project_name="乙")
    ).copies()
    assert {*found["difference"]} == {"", "6行全部相同，只是重复的行数不同"}


@pytest.mark.parametrize(("near", "changed"), [(0.3, 4), (0.5, 2)])
def test_how_many_tables_there_are_does_not_matter_to_a_pair(near, changed) -> None:
    chance = random.Random(1)

    def text(size: int) -> str:
        return "".join(chr(0x4E00 + chance.randrange(2500) * 7) for _ in range(size))

    def some(count: int) -> Rows:
        return [(text(8), text(16), "≥1个", "") for _ in range(count)]

    tables = []
    for _ in range(300):
        rows = some(9)
        tables += [rows, some(changed) + rows[changed:]]
    heads = [project(f"p{at:03}", rows, agency=f"{at}局", project_name=text(5)) for at, rows in enumerate(tables)]
    found = fit(*heads, near=near).copies().set_index("project_id")["group"]
    assert np.mean([found.get(f"p{at:03}") == found.get(f"p{at + 1:03}", "") for at in range(0, 600, 2)]) > 0.98


@pytest.mark.parametrize("near", [0.6, 0.7, 0.85, 0.9])
def test_texts_just_as_alike_as_asked_for_are_found(near) -> None:
    chance = random.Random(2)
    letters = [chr(0x4E00 + at * 7) for at in range(2500)]
    texts = []
    for _ in range(400):
        one = chance.choices(letters, k=20)
        other = list(one)
        for at in chance.sample(range(20), round(20 * (1 - near))):
            other[at] = chance.choice(letters)
        texts += ["".join(one), "".join(other)]
    star, _ = near_texts(Texts.of(texts), np.zeros(len(texts), np.uint64), near)
    assert np.mean(star[0::2] == star[1::2]) > 0.95


def test_files_of_two_corpora_are_no_corpus(tmp_path: Path) -> None:
    for name, rows in (("one", ROWS), ("two", ROWS[:3])):
        fit(*(project(f"{name}{at}", rows, agency=f"{at}局", project_name=f"项目{at}") for at in range(3))).save(
            tmp_path / name
        )
    shutil.copy(tmp_path / "two" / "tables.parquet", tmp_path / "one")
    with pytest.raises(SchemaError, match="不是一次保存"):
        Corpus.load(tmp_path / "one")


@pytest.mark.parametrize(
    "meta", [b"x", b"[]", b"{}", json.dumps({"version": 3, "settings": {}, "content": {}}).encode()]
)
def test_what_a_corpus_says_of_itself_is_checked(tmp_path: Path, meta) -> None:
    fit(project("a", **ONE)).save(tmp_path)
    for file in tmp_path.iterdir():
        table = pq.read_table(file)
        pq.write_table(table.replace_schema_metadata({**table.schema.metadata, b"perfscore.corpus": meta}), file)
    with pytest.raises(SchemaError, match="请重新建立"):
        Corpus.load(tmp_path)


@pytest.mark.parametrize(
    "settings",
    [{"near": "0.8"}, {"near": True}, {"min_rows": "3"}, {"min_rows": 2.5}, {"phrase_lower": 0.9, "phrase_upper": 0.1}],
    ids=str,
)
def test_settings_that_make_no_sense_are_refused(settings) -> None:
    with pytest.raises(ConfigError, match=next(iter(settings))):
        fit(project("a", **ONE), **settings)


def test_a_likeness_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ConfigError, match="near"):
        fit(project("a", **ONE)).row_groups(near=-1)


@pytest.mark.parametrize("year", ["2024年", "", 2024.5])
def test_a_year_that_is_none_is_refused(year) -> None:
    projects = pd.DataFrame({"project_id": ["a"], "doc": ["d"], "year": [year]})
    with pytest.raises(SchemaError, match="year"):
        Corpus.fit(projects, pd.DataFrame({"project_id": ["a"], "name": ["清淤长度"]}))
