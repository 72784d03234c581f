"""Groups of like tables: against a slow, obvious oracle, and on planted copies."""

import random
import re

import pandas as pd
import pytest
from corpora import edited, folded, make, own_row, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from perfscore import copies, signatures
from perfscore.copies import stars
from perfscore.corpus import Corpus
from perfscore.forms import Forms
from perfscore.schema import COPIES

SEEDS = st.integers(0, 10**6)


def groups(found: pd.DataFrame) -> set[frozenset[str]]:
    return {frozenset(members) for _, members in found.groupby("group")["project_id"]}


def grams(form: frozenset[tuple[str, ...]], masked: bool) -> set[str]:
    """3-grams of names, descriptions and values."""
    cells = {re.sub(r"\d+", "#", cell) if masked else cell for row in form for cell in row[:3]}
    return {cell[i : i + 3] for cell in cells if cell for i in range(max(1, len(cell) - 2))}


def alike(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]], masked: bool = True) -> float:
    a, b = grams(one, masked), grams(other, masked)
    return len(a & b) / len(a | b) if a | b else 1.0


def satisfied(level1: str, name: str) -> bool:
    return "满意" in level1 or re.search(r"满意(度|率|程度)(?![^\W\d_])", name) is not None


def oracle(corpus: Corpus, projects: pd.DataFrame, indicators: pd.DataFrame) -> set[frozenset[str]]:
    """Groups by comparing everything with everything; only the order of equal weights is taken from the library."""
    chosen = corpus.settings
    content = {project: [] for project in projects["project_id"]}
    for row in indicators.fillna("").itertuples():
        if not satisfied(row.level1, row.name):
            content[row.project_id].append(tuple(map(folded, [row.name, row.description, row.value, row.basis])))
    rank = dict(zip(corpus.projects["project_id"], Forms.of(corpus).of_project, strict=True))
    form_of, users, size = {}, {}, {}
    for project, rows in content.items():
        letters = sum(len(re.sub(r"\d+", "", row[0] + row[1])) for row in rows)
        if letters and (len(rows) >= chosen.min_rows or letters >= chosen.min_characters):
            form_of[project] = (rank[project], frozenset(rows))
            users.setdefault(form_of[project], []).append(project)
            size[form_of[project]] = len(rows)
    forms = sorted(users)
    near = {
        (a, b): similarity
        for a in forms
        for b in forms
        if a != b and min(size[a], size[b]) >= chosen.min_rows and (similarity := alike(a[1], b[1])) >= chosen.near
    }
    star = {form: form for form in forms}
    left = set(forms)
    while left:
        components = connected(left, near)
        left = set()
        for component in components:
            head = min(component)
            for form in component:
                if form == head or (head, form) in near:
                    star[form] = head
                else:
                    left.add(form)
    alone = [f for f in forms if list(star.values()).count(star[f]) == 1 and len(users[f]) == 1]
    best = {f: min(((-s, b) for (a, b), s in near.items() if a == f), default=None) for f in alone}
    for form, found in best.items():
        if found:
            star[form] = star[found[1]]
    members: dict[object, set[str]] = {}
    for form in forms:
        members.setdefault(star[form], set()).update(users[form])
    return {frozenset(found) for found in members.values() if len(found) > 1}


def connected(nodes: set[object], near: dict[tuple[object, object], float]) -> list[set[object]]:
    left, found = set(nodes), []
    while left:
        component = {left.pop()}
        while more := {b for a, b in near if a in component and b in left}:
            component |= more
            left -= more
        found.append(component)
    return found


@settings(max_examples=25, deadline=None, derandomize=True)
@given(SEEDS, st.sampled_from([0.5, 0.7, 0.9]))
def test_fast_path_equals_slow_oracle(seed: int, near: float) -> None:
    projects, indicators = make(seed, 20)
    projects["project_name"] = projects["project_id"]  # each project its own
    corpus = Corpus.fit(projects, indicators, near=near)
    assert groups(corpus.copies()) == oracle(corpus, projects, indicators)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_similarities_are_exact(seed: int) -> None:
    projects, indicators = make(seed, 20)
    found = Corpus.fit(projects, indicators).copies()
    rows = indicators.fillna("")
    rows = rows[[not satisfied(level1, name) for level1, name in zip(rows["level1"], rows["name"], strict=True)]]
    cells = rows[["name", "description", "value", "basis"]].apply(lambda row: tuple(map(folded, row)), axis=1)
    form = cells.groupby(rows["project_id"]).agg(frozenset) if len(rows) else {}
    for row in found.itertuples():
        one, other = form[row.project_id], form[row.representative]
        assert row.similarity == pytest.approx(alike(one, other, masked=False))
        assert row.similarity_masked == pytest.approx(alike(one, other))
        assert row.shared_rows == pytest.approx(len(one & other) / len(one))


@settings(max_examples=25, deadline=None)
@given(SEEDS, SEEDS)
def test_order_of_rows_and_projects_does_not_matter(seed: int, shuffle: int) -> None:
    projects, indicators = make(seed, 20, years=(2023, 2024, None))
    found = Corpus.fit(projects, indicators).copies()
    again = Corpus.fit(
        projects.sample(frac=1, random_state=shuffle % 2**32), indicators.sample(frac=1, random_state=shuffle % 2**32)
    ).copies()
    pd.testing.assert_frame_equal(found, again)


def test_copies_have_the_columns_of_the_schema_first() -> None:
    found = Corpus.fit(*make(1)).copies()
    assert [*found.columns] == [*COPIES, "shared_rows", "name_similarity", "table"]


def table(seed: int, rows: int) -> list[dict[str, str]]:
    rnd = random.Random(seed)
    return [own_row(rnd) for _ in range(rows)]


def test_a_corpus_of_copies_only_is_flagged_throughout() -> None:
    rnd = random.Random(3)
    template = table(1, 8)
    listed = [[edited(row, rnd) if rnd.random() < 0.1 else row for row in template] for _ in range(200)]
    found = Corpus.fit(*tables(*listed)).copies()
    assert len(found) == 200
    assert found["group"].nunique() == 1


def test_exact_copies_are_always_grouped() -> None:
    listed = [table(seed, 3) for seed in range(50)]
    found = Corpus.fit(*tables(*listed, *listed)).copies()
    pairs = found[found["kind"] == "exact"].groupby("table").size()
    assert (pairs == 2).all()
    assert len(pairs) == 50
    assert (found.loc[found["kind"] == "exact", "similarity"] == 1).all()


def test_other_numbers_lower_only_the_similarity_with_numbers_kept() -> None:
    template = table(1, 6)
    changed = [{**row, "value": row["value"].replace("≥", "≥7")} for row in template]
    found = Corpus.fit(*tables(template, changed)).copies()
    assert (found["kind"] == "near").all()
    assert (found["similarity_masked"] == 1).all()
    assert found["similarity"].min() < 0.95
    assert found["difference"].str.contains("6/6行不同").any()


def test_blemishes_of_scraping_leave_a_copy_exact() -> None:
    template = table(1, 4)
    blemished = [
        {**row, "name": row["name"][:1] + " " + row["name"][1:], "value": row["value"].replace("≥", ">=")}
        for row in template
    ]
    assert Corpus.fit(*tables(template, blemished)).copies()["kind"].tolist() == ["exact", "exact"]


def test_short_names_do_not_collapse() -> None:
    names = ["数量", "质量", "时效", "成本", "人数", "次数", "面积", "里程", "件数", "比率", "频次", "金额"]
    listed = [
        [
            {"level1": "产出指标", "level2": "数量指标", "name": names[(i * 3 + k) % 12], "value": f"{k}"}
            for k in range(3)
        ]
        for i in range(4)
    ]
    assert Corpus.fit(*tables(*listed)).copies().empty


def test_short_tables_are_copies_only_when_equal_and_specific() -> None:
    bare = [{"name": "人数", "value": "≥95%"}, {"name": "时间", "value": "1年"}]
    said = [
        {"name": "农村公路养护里程", "description": "全年养护县乡两级农村公路的里程", "value": "≥120公里"},
        {"name": "危桥改造座数", "description": "完成改造的四五类危桥座数", "value": "≥3座"},
    ]
    nearly = [said[0], {**said[1], "value": "≥4座"}]
    projects, indicators = tables(bare, bare, said, said, nearly)
    assert groups(Corpus.fit(projects, indicators).copies()) == {frozenset({"t2#1", "t3#1"})}


def test_satisfaction_and_official_rows_are_left_out() -> None:
    satisfied = {
        "level1": "满意度指标",
        "name": "服务对象满意度",
        "description": "服务对象对项目的满意程度",
        "value": "≥95%",
    }
    official = {
        "level1": "产出指标",
        "name": "项目或定额成本控制率",
        "description": "项目或定额成本控制率",
        "value": "≤100%",
    }
    own = [[*table(seed, 2), satisfied, satisfied, official, official] for seed in (1, 2)]
    assert Corpus.fit(*tables(*own)).copies().empty
    assert Corpus.fit(*tables([satisfied] * 4, [satisfied] * 4)).copies().empty


def test_halves_of_one_project_are_no_copies_of_each_other() -> None:
    same = table(1, 5)
    projects, indicators = tables(same, same, project_code=["P1", "P1"], agency=["甲局", "甲局"])
    assert Corpus.fit(projects, indicators).copies().empty
    projects, indicators = tables(same, same, same, project_code=["P1", "P1", "P2"], agency=["甲局"] * 3)
    found = Corpus.fit(projects, indicators).copies().set_index("project_id")
    assert found.loc["t1#1", "representative"] == "t2#1"
    assert found.loc["t2#1", "representative"] == "t0#1"


def test_years_are_kept_apart_and_an_unknown_year_counts_as_the_commonest() -> None:
    same = table(1, 5)
    projects, indicators = tables(same, same, same, same, year=[2023, 2024, 2024, None], project_name=list("甲乙丙丁"))
    found = Corpus.fit(projects, indicators).copies()
    assert groups(found) == {frozenset({"t1#1", "t2#1", "t3#1"})}
    assert found["group"].str.startswith("2024-").all()


def test_scope_names_the_nearest_other_member() -> None:
    same = table(1, 5)
    projects, indicators = tables(
        *[same] * 5,
        project_name=list("甲乙丙丁戊"),
        agency=["一局", "一局", "二局", "三局", "四局"],
        division=["东县", "东县", "东县", "西县", "北县"],
    )
    scope = Corpus.fit(projects, indicators).copies().set_index("project_id")["scope"]
    assert scope.loc[[f"t{i}#1" for i in range(5)]].tolist() == [
        "within agency",
        "within agency",
        "between agencies",
        "between regions",
        "between regions",
    ]


def test_only_groups_of_the_projects_asked_for() -> None:
    one, two = table(1, 5), table(2, 5)
    projects, indicators = tables(one, one, two, two)
    found = Corpus.fit(projects, indicators).copies(projects.iloc[[0]])
    assert set(found["project_id"]) == {"t0#1", "t1#1"}


def test_difference_is_readable() -> None:
    template = table(1, 5)
    changed = [{**template[0], "value": "≥7777个"}, *template[1:]]
    found = Corpus.fit(*tables(template, template, changed)).copies().set_index("project_id")
    text = found.loc["t2#1", "difference"]
    assert text.startswith("1/5行不同：")
    assert "指标值 ≥7777个" in text
    assert template[0]["value"] in text
    assert found.loc["t0#1", "difference"] == ""


def test_difference_of_long_cells_shows_where_they_differ() -> None:
    template = table(1, 5)
    long = "按照年度实施方案的要求完成全部村组的道路硬化任务"
    projects, indicators = tables(
        [{**template[0], "description": long}, *template[1:]],
        [{**template[0], "description": long.replace("硬化", "绿化")}, *template[1:]],
    )
    text = Corpus.fit(projects, indicators).copies()["difference"].str.cat()
    assert "…组的道路绿化任务" in text
    assert "…组的道路硬化任务" in text


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_and_one_project(count: int) -> None:
    projects, indicators = make(1, 5)
    projects = projects.iloc[:count]
    indicators = indicators[indicators["project_id"].isin(projects["project_id"])]
    assert Corpus.fit(projects, indicators).copies().empty


def planted(seed: int, templates: int, copies_each: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    rnd = random.Random(seed)
    listed = []
    for number in range(templates):
        template = table(seed * 1000 + number, 8)
        listed += [[edited(row, rnd) if rnd.random() < 0.2 else row for row in template] for _ in range(copies_each)]
    return tables(*listed)


def test_buckets_find_what_comparing_all_pairs_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = Corpus.fit(*planted(1, 40, 10))
    forms = Forms.of(corpus)
    every, _ = stars(forms, 0.7)
    monkeypatch.setattr(signatures, "FEW", 0)
    bucketed, _ = stars(forms, 0.7)
    assert (every == bucketed).mean() >= 0.99


def test_a_hot_template_costs_no_square_of_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "FEW", 0)
    forms = Forms.of(Corpus.fit(*planted(1, 1, 1000)))
    first, _ = copies.candidates(forms.signs, forms.cohort.astype("uint64"))
    assert len(forms.key) > 500
    assert len(first) <= 2 * len(forms.key) * signatures.PERMUTATIONS // 4
