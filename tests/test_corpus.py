"""The corpus: parts put together, kept on disk, and counts against counting by hand."""

import random
from collections import Counter
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from corpora import edited, folded, make, masked, own_row, tables
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from perfscore import merging
from perfscore.content import distinct_cells
from perfscore.corpus import Corpus, Settings
from perfscore.errors import ConfigError, SchemaError
from perfscore.grouping import near_texts
from perfscore.texts import Texts

SEEDS = st.integers(0, 10**6)
YEARS = (2023, 2024)


def same(one: Corpus, other: Corpus) -> None:
    for name in ("projects", "tables", "rows", "strings", "goals"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert one.settings == other.settings


def parts(projects: pd.DataFrame, indicators: pd.DataFrame, cuts: list[int]) -> list[Corpus]:
    """Learn from each part of the projects apart; ``cuts[i]`` is the part of project i."""
    part = pd.Series(cuts, projects["project_id"])
    return [
        Corpus.partial(
            projects[(part == k).to_numpy()], indicators[(indicators["project_id"].map(part) == k).to_numpy()]
        )
        for k in range(3)
    ]


@settings(max_examples=12, deadline=None)
@given(SEEDS, st.lists(st.integers(0, 2), min_size=12, max_size=12))
def test_any_split_merged_in_any_order_gives_the_same_corpus(seed: int, cuts: list[int]) -> None:
    projects, indicators = make(seed, 12, YEARS)
    whole = Corpus.fit(projects, indicators)
    a, b, c = parts(projects, indicators, cuts)
    for merged in (a.merge(b).merge(c), c.merge(a.merge(b)), b.merge(c).merge(a)):
        same(merged, whole)
    for order in permutations([a, b, c]):
        same(Corpus.merge_all(iter(order)), whole)
    pd.testing.assert_frame_equal(c.merge(b).merge(a).copies(), whole.copies())


def test_merging_twice_changes_nothing() -> None:
    corpus = Corpus.fit(*make(1))
    same(corpus.merge(corpus), corpus)
    same(corpus.merge(Corpus.fit(*make(1, 0))), corpus)


def test_many_small_parts_are_moved_a_few_times_only(monkeypatch: pytest.MonkeyPatch) -> None:
    projects, indicators = make(1, 100, YEARS)
    by_project = dict(list(indicators.groupby("project_id")))
    singles = [
        Corpus.partial(projects[at : at + 1], by_project.get(name, indicators[:0]))
        for at, name in enumerate(projects["project_id"])
    ]
    moved = []
    union = merging._union

    def counting(waiting: list[Corpus]) -> Corpus:
        moved.append(sum(map(merging._size, waiting)))
        return union(waiting)

    monkeypatch.setattr(merging, "_union", counting)
    same(Corpus.merge_all(singles), Corpus.fit(projects, indicators))
    assert sum(moved) <= 5 * sum(map(merging._size, singles))


def test_nothing_to_merge_is_refused() -> None:
    with pytest.raises(SchemaError, match="没有要合并的语料"):
        Corpus.merge_all([])


def test_merge_refuses_other_settings_and_another_project_of_the_same_id() -> None:
    projects, indicators = make(1)
    corpus = Corpus.fit(projects, indicators)
    with pytest.raises(ConfigError, match="设置不同"):
        corpus.merge(Corpus.fit(projects, indicators, near=0.8))
    with pytest.raises(SchemaError, match="内容不同"):
        corpus.merge(Corpus.fit(projects.assign(goal="别的目标"), indicators))


@pytest.mark.parametrize("count", [0, 1, 12])
def test_saved_and_loaded_is_the_same(tmp_path: Path, count: int) -> None:
    corpus = Corpus.fit(*make(2, count, YEARS), near=0.8)
    corpus.save(tmp_path / "corpus")
    loaded = Corpus.load(tmp_path / "corpus")
    same(loaded, corpus)
    same(loaded.merge(corpus), corpus)
    pd.testing.assert_frame_equal(loaded.copies(), corpus.copies())


def test_saved_bytes_do_not_depend_on_the_order_of_reading(tmp_path: Path) -> None:
    projects, indicators = make(2)
    Corpus.fit(projects, indicators).save(tmp_path / "a")
    Corpus.fit(projects[::-1], indicators[::-1]).save(tmp_path / "b")
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_what_is_no_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="不是语料文件夹：没有 projects"):
        Corpus.load(tmp_path)
    Corpus.fit(*make(1)).save(tmp_path)
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "rows.parquet")
    with pytest.raises(SchemaError, match="不是一次保存"):
        Corpus.load(tmp_path)


def test_settings_are_checked() -> None:
    with pytest.raises(ConfigError, match="是否想写 near"):
        Corpus.fit(*make(1), naer=0.7)
    with pytest.raises(ConfigError, match="near"):
        Settings(near=0)


def test_broken_keys_are_refused() -> None:
    projects, indicators = make(1)
    with pytest.raises(SchemaError, match="出现两次"):
        Corpus.fit(pd.concat([projects, projects]), indicators)
    with pytest.raises(SchemaError, match="在项目表中没有"):
        Corpus.fit(projects.iloc[:1], indicators)
    for part in (projects, indicators):
        with pytest.raises(SchemaError, match="缺少列 project_id"):
            Corpus.fit(
                *(frame.drop(columns="project_id") if frame is part else frame for frame in (projects, indicators))
            )


def comparable(row: pd.Series) -> bool:
    return "满意" not in row["level1"]


def key(row: pd.Series, template: bool) -> tuple[str, ...]:
    cells = [folded(row[name]) for name in ("name", "description", "value")]
    return tuple(map(masked, cells[:2])) if template else tuple(cells)


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.booleans())
def test_row_projects_counts_other_projects_of_the_year(seed: int, template: bool) -> None:
    projects, indicators = make(seed, 12, YEARS)
    projects["project_name"] = projects["project_id"]
    year = projects.set_index("project_id")["year"]
    held: dict[object, set[str]] = {}
    for _, row in indicators.iterrows():
        if comparable(row):
            held.setdefault((year[row["project_id"]], key(row, template)), set()).add(row["project_id"])
    expected = [
        len(held[year[row["project_id"]], key(row, template)] - {row["project_id"]}) if comparable(row) else 0
        for _, row in indicators.iterrows()
    ]
    assert Corpus.fit(projects, indicators).row_projects(indicators, masked=template).tolist() == expected


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_value_shares_count_comparable_rows_of_the_year(seed: int) -> None:
    projects, indicators = make(seed, 12, YEARS)
    projects["project_name"] = projects["project_id"]
    year = projects.set_index("project_id")["year"]
    rows = [
        (year[r["project_id"]], folded(r["value"]), r["project_id"]) for _, r in indicators.iterrows() if comparable(r)
    ]
    of_value, of_year = Counter(row[:2] for row in rows), Counter(row[0] for row in rows)
    corpus = Corpus.fit(projects, indicators)
    asked = indicators[indicators["level1"] == "产出指标"]
    shares = corpus.value_shares(asked)
    assert shares.index.equals(asked.index)
    for (_, row), (_, share) in zip(asked.iterrows(), shares.iterrows(), strict=True):
        key = (year[row["project_id"]], folded(row["value"]))
        assert share["share"] == pytest.approx(of_value[key] / of_year[key[0]])
        assert share["n_projects"] == len({found[2] for found in rows if found[:2] == key})
    values = corpus.values()
    assert values.groupby("year")["share"].sum().tolist() == pytest.approx([1.0] * values["year"].nunique())


def test_values_are_counted_by_what_they_say_commonest_first() -> None:
    template = [{"name": f"指标{i}", "value": "≥95%"} for i in range(3)]
    rare = [{"name": "另一指标", "value": ">= 95百分比"}, {"name": "数量", "value": "3个"}]
    found = Corpus.fit(*tables(*[template] * 5, rare)).values()
    assert found[["year", "value", "n_rows", "n_projects"]].to_numpy().tolist() == [
        [0, "≥95%", 16, 6],
        [0, "3个", 1, 1],
    ]


def test_goal_projects_leaves_out_empty_goals_and_the_other_half() -> None:
    row = [{"name": "数量", "value": "1个"}]
    projects, indicators = tables(
        *[row] * 5,
        goal=["改善 环境", "改善环境", "改善环境", "", None],
        project_code=["1", "1", "2", "3", "4"],
        agency=["甲"] * 5,
    )
    assert Corpus.fit(projects, indicators).goal_projects(projects).tolist() == [1, 1, 1, 0, 0]


def test_a_new_submission_is_judged_by_a_corpus_it_is_not_part_of() -> None:
    shared = {"name": "公路养护里程", "description": "养护的里程", "value": "≥30公里", "level2": "数量指标"}
    reference = Corpus.fit(
        *tables([shared], [shared], year=[2024, 2024], project_name=["甲", "乙"], goal=["养护公路"] * 2)
    )
    projects, indicators = tables([shared, {**shared, "value": "≥45公里"}], year=[2025], goal=["养护公路"])
    projects["project_id"] = indicators["project_id"] = "新#1"
    assert reference.row_projects(indicators, projects).tolist() == [2, 0]
    assert reference.row_projects(indicators, projects, masked=True).tolist() == [2, 2]
    assert reference.value_shares(indicators, projects)["share"].tolist() == [1.0, 0.0]
    assert reference.goal_projects(projects).tolist() == [2]
    with pytest.raises(SchemaError):
        reference.row_projects(indicators)


def test_carried_over_compares_with_last_year() -> None:
    old = [{"name": f"指标{i}甲", "description": f"说明{i}", "value": f"≥{i}个"} for i in range(4)]
    new = [old[0], old[1], {**old[2], "value": "≥77个"}, {"name": "新指标", "value": "1个"}]
    projects, indicators = tables(
        old, new, old, new,
        year=[2023, 2024, 2023, 2024], agency=["甲局"] * 4,
        project_code=["P1", "P1", None, None], project_name=["养护", "养护项目", "照明", "照明"],
    )  # fmt: skip
    found = Corpus.fit(projects, indicators).carried_over()
    assert found["project_id"].tolist() == ["t1#1", "t3#1"]
    assert found["previous"].tolist() == ["t0#1", "t2#1"]
    assert found["carried"].tolist() == [0.5, 0.5]
    assert found["carried_masked"].tolist() == [0.75, 0.75]


def test_boilerplate_is_the_share_of_characters_in_rows_with_a_stock_phrase() -> None:
    stock = {"name": "提升服务水平", "value": "≥95%"}
    own = [
        {"name": name, "value": "1个"}
        for name in ["绿化养护面积", "道路照明盏数", "食品抽检批次", "校舍维修栋数", "档案整理卷数", "防汛物资储备"]
    ]
    listed = [[stock, row] for row in own[:3]] + [[row] for row in own[3:]]
    found = Corpus.fit(*tables(*listed)).boilerplate()
    assert found.tolist() == [0.5, 0.5, 0.5, 0.0, 0.0, 0.0]
    # On three quarters of the projects it is mandated wording.
    everywhere = Corpus.fit(*tables(*[[stock, row] for row in own])).boilerplate()
    assert (everywhere == 0).all()


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_boilerplate_counts_phrases_by_project(seed: int) -> None:
    projects, indicators = make(seed, 10)
    projects["project_name"] = projects["project_id"]
    corpus = Corpus.fit(projects, indicators)
    used: dict[str, set[str]] = {}
    rows = []
    for _, row in indicators.iterrows():
        if comparable(row):
            cells = [folded(row["name"]), folded(row["description"])]
            phrases = {cell[i : i + 4] for cell in cells if cell for i in range(max(1, len(cell) - 3))}
            rows.append((row["project_id"], sum(map(len, cells)), phrases))
            for phrase in phrases:
                used.setdefault(phrase, set()).add(row["project_id"])
    stock = {phrase for phrase, who in used.items() if max(3, 0.3 * 10) <= len(who) < 0.75 * 10}
    for project, share in corpus.boilerplate().items():
        mine = [(size, bool(phrases & stock)) for owner, size, phrases in rows if owner == project]
        total = sum(size for size, _ in mine)
        expected = sum(size for size, common in mine if common) / total if total else np.nan
        assert share == pytest.approx(expected, nan_ok=True)


def test_columns_as_categories_or_missing_make_no_difference() -> None:
    projects, indicators = make(3)
    same(
        Corpus.fit(projects, indicators.astype({"value": "category", "name": "category"})),
        Corpus.fit(projects, indicators),
    )
    bare = Corpus.fit(projects, indicators.drop(columns="basis"))
    same(bare, Corpus.fit(projects, indicators.assign(basis=None)))


def test_input_is_left_as_it_was() -> None:
    projects, indicators = make(3)
    before = projects.copy(), indicators.copy()
    corpus = Corpus.fit(projects, indicators)
    corpus.row_projects(indicators)
    corpus.copies()
    pd.testing.assert_frame_equal(projects, before[0])
    pd.testing.assert_frame_equal(indicators, before[1])


def test_own_rows_make_a_corpus_that_says_so() -> None:
    rnd = random.Random(1)
    projects, indicators = tables([own_row(rnd)], [own_row(rnd)], year=[2024, 2024])
    assert repr(Corpus.fit(projects, indicators)) == "<Corpus: 2 个项目，2 张不同的表，年度 2024>"


def test_a_submission_replaces_its_earlier_version_and_spares_others_of_the_same_id() -> None:
    row = {"name": "公路养护里程", "description": "养护的里程", "value": "≥30公里"}
    reference = Corpus.fit(*tables([row], [row], [row], agency=["甲局", "乙局", "丙局"], project_name=list("子丑寅")))
    new = {**row, "value": "≥45公里"}
    projects, indicators = tables([new], [new], agency=["甲局", "丁局"], project_name=["子", "卯"])
    both = reference.with_submission(Corpus.fit(projects, indicators))
    assert both.projects["project_id"].tolist() == ["t0#1", "t1#1", "t1#1（语料）", "t2#1"]
    assert both.projects["name"].tolist() == ["子", "卯", "丑", "寅"]
    assert both.row_projects(indicators).tolist() == [1, 1]
    with pytest.raises(SchemaError, match="内容不同"):
        reference.merge(Corpus.fit(projects, indicators))


ROADS = ["全县农村公路日常养护里程", "全市农村公路日常养护里程", "全县农村公路日常养护总里程"]


def near_rows(*listed: str, **head: list[object]) -> Corpus:
    return Corpus.fit(*tables(*[[{"name": name, "value": "1个"}] for name in listed], **head))


def test_row_groups_join_templates_with_small_edits() -> None:
    found = near_rows(*ROADS, ROADS[0], "校舍维修面积").row_groups()
    assert found["text"].tolist()[0] == ROADS[0]
    assert set(found["text"]) == set(ROADS)
    assert found["n_projects"].tolist() == [2, 1, 1]
    assert (found["size"] == 4).all()
    assert found["similarity"].tolist()[0] == 1
    assert found["similarity"].between(0.85, 1).all()


def test_row_groups_mask_numbers_and_keep_years_apart() -> None:
    assert near_rows("培训农民120人次以上", "培训农民85人次以上").row_groups().empty  # one template, used twice
    assert near_rows(*ROADS[:2], year=[2023, 2024]).row_groups().empty


def test_short_texts_and_mandated_rows_join_no_group() -> None:
    short = ["人数", "次数", "人次", "及时率", "及格率"]
    assert near_rows(*short).row_groups(near=0.5).empty
    assert not near_rows("全县及时率", "全市及时率").row_groups(near=0.5).empty
    assert near_rows(*[ROADS[0]] * 9, ROADS[1]).row_groups().empty
    satisfied = [[{"level1": "满意度指标", "name": name, "value": "1个"}] for name in ROADS]
    assert Corpus.fit(*tables(*satisfied)).row_groups().empty


def test_shared_rows_are_those_of_other_projects() -> None:
    own = {"name": "校舍维修面积合计", "value": "1个"}
    listed = [[{"name": ROADS[0], "value": "1个"}, own], [{"name": ROADS[0], "value": "2个"}], [{"name": ROADS[1]}]]
    projects, indicators = tables(*listed, [], project_code=["1", "2", "3", "4"], agency=["甲局"] * 4)
    found = Corpus.fit(projects, indicators).shared_rows()
    assert found["n_rows"].tolist() == [2, 1, 1, 0]
    assert found["same"].tolist()[:3] == [0.5, 1, 0]
    assert found["near"].tolist()[:3] == [0.5, 1, 1]
    assert found.loc["t3#1", ["same", "near"]].isna().all()
    halves = Corpus.fit(projects.assign(project_code="1", project_name="养护"), indicators).shared_rows()
    assert halves["near"].max() == 0


def test_near_goals_count_other_projects() -> None:
    goals = ["完成农村公路养护任务，保障群众安全便捷出行", "完成农村公路养护任务，保障居民安全便捷出行"]
    corpus = near_rows(*ROADS, ROADS[0], "数量", goal=[*goals, "改善教学条件，完成校舍维修", goals[0], ""])
    assert corpus.near_goals().tolist() == [2, 2, 0, 2, 0]
    assert set(corpus.goal_groups()["text"]) == {folded(goal) for goal in goals}
    assert corpus.goal_groups()["n_projects"].tolist() == [2, 1]


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_nearly_equal_texts_are_grouped_as_by_comparing_all(seed: int) -> None:
    rnd = random.Random(seed)
    listed = sorted({edited(own_row(rnd), rnd)["description"] for _ in range(60)})
    star, similarity = near_texts(Texts.of(listed), np.zeros(len(listed), np.uint64), 0.85)
    near = {
        (a, b)
        for a in range(len(listed))
        for b in range(len(listed))
        if fuzz.ratio(listed[a], listed[b]) >= 85 and a != b
    }
    for one, centre in enumerate(star.tolist()):
        assert similarity[one] >= 0.85
        members = np.flatnonzero(star == centre)
        # Whoever is nearly equal to another one is in a group, next to a member of which it is one.
        assert (len(members) > 1) == any(a == one for a, _ in near)
        assert len(members) == 1 or any((one, other) in near for other in members.tolist())


CELLS_OF_A_COLUMN = ["甲", None, "乙", "甲", "", "丙"]
CODED = pa.chunked_array(
    [pa.array(CELLS_OF_A_COLUMN[:3]).dictionary_encode(), pa.array(CELLS_OF_A_COLUMN[3:]).dictionary_encode()]
)


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(CELLS_OF_A_COLUMN, dtype=object),
        pd.Series(CELLS_OF_A_COLUMN, dtype="str"),
        pd.Series(CELLS_OF_A_COLUMN, dtype="category"),
        pd.Series(["丁", "戊", "己", "庚", "辛", *CELLS_OF_A_COLUMN], dtype="category")[5:],
        pd.Series(CODED, dtype=pd.ArrowDtype(CODED.type)),
        pd.concat([pd.Series(CELLS_OF_A_COLUMN[:2], dtype="str"), pd.Series(CELLS_OF_A_COLUMN[2:], dtype="str")]),
    ],
    ids=["object", "str", "category", "part of a category", "dictionaries of a file", "put together"],
)
def test_cells_are_numbered_however_they_are_stored(column: "pd.Series[str]") -> None:
    codes, found = distinct_cells(column)
    assert [*map([*found.to_pylist(), None].__getitem__, codes)] == CELLS_OF_A_COLUMN
    assert len(set(found.to_pylist())) == len(found)


def test_cells_that_are_no_text_are_as_pandas_prints_them() -> None:
    for cells in ([1, 2, 1], [1.5, 2.0, None], ["甲", 1, None], [True, False, True]):
        column = pd.Series(cells)
        codes, found = distinct_cells(column)
        printed = [None if pd.isna(cell) else str(cell) for cell in column]
        assert [*map([*found.to_pylist(), None].__getitem__, codes)] == printed
