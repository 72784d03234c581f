"""Every rule against its cases (tests/cases/CODE_defect.toml), and the promises all rules keep.

A case of a row rule gives the cells of one row; of a project rule, the head and ``rows``; of a corpus rule, ``projects``,
or head and ``rows`` of the only one.
``fires`` must be found (``rows`` to blame in ``at`` for tables), ``passes`` must not, ``skips`` must not even apply;
``known_failures`` are wrong today, so mending one forces an edit here.
"""

import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from perfscore import lexicon
from perfscore.common import Common
from perfscore.config import Config
from perfscore.corpus import Corpus
from perfscore.enriching import distinct_rows, enrich
from perfscore.names import category_of
from perfscore.peers import Peers
from perfscore.quantity import parse
from perfscore.records import Hit, Project, Row, Said
from perfscore.rulebook import page
from perfscore.rules.registry import Rule, catalogue, explain, find, rule
from perfscore.schema import INDICATORS, PROJECTS, conform
from perfscore.text import normalise

CASES = Path(__file__).parent / "cases"
ROOT = Path(__file__).parent.parent
FILES = {path.stem[:5]: path for path in sorted(CASES.glob("PS*.toml"))}


def make_row(cells: dict) -> Row:
    text = {key: normalise(str(value)) for key, value in cells.items()}
    value = text.get("value", "")
    return Row(
        level1=text.get("level1", ""),
        level2=text.get("level2", ""),
        name=text.get("name", ""),
        description=text.get("description"),
        value=value,
        basis=text.get("basis"),
        category=category_of(text.get("level2", ""), text.get("level1", "")),
        quantity=parse(value),
    )


def make_project(case: dict) -> Project:
    rows = tuple(make_row(cells) for cells in case["rows"])
    head = {key: case[key] for key in ("name", "agency", "year", "budget", "purpose", "goal") if key in case}
    return Project(project_id="表#1", rows=rows, row_nos=tuple(range(1, len(rows) + 1)), **head)


def make_peers(case: dict) -> Peers:
    heads, rows = [], []
    for number, project in enumerate(case.get("projects", [case]), 1):
        project_id = f"表#{number}"
        heads.append(
            {
                "doc": "表",
                "project_no": number,
                "project_id": project_id,
                "project_name": project.get("name", f"项目{number}"),
            }
            | {key: project[key] for key in ("agency", "goal", "year", "purpose", "budget") if key in project}
        )
        for row_no, cells in enumerate(project.get("rows", case.get("rows", [])), 1):
            rows.append({"doc": "表", "project_no": number, "project_id": project_id, "row_no": row_no} | cells)
    projects, indicators = conform(pd.DataFrame(heads), PROJECTS), enrich(conform(table_of(rows), INDICATORS))
    config = Config().replace(**case.get("config", {}))
    corpus = Corpus.fit(projects, indicators)
    common = Common.of(projects, corpus, corpus.copies(projects), config)
    return Peers(projects, indicators, *distinct_rows(indicators), common, config)


def table_of(rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=list(INDICATORS))


def judge(rule: Rule, case: dict) -> list[Hit] | None:
    subject = {"row": make_row, "project": make_project, "projects": make_peers, "corpus": make_peers}[rule.scope](case)
    config = Config().replace(**case.get("config", {}))
    found = rule.check(subject, config) if rule.wants_config else rule.check(subject)
    return found if found is None else [hit for said in found for hit in single(said, subject)]


def single(said: Hit | Said, peers: Peers) -> list[Hit]:
    """The hits on single rows that a hit on many stands for."""
    if isinstance(said, Hit):
        return [said]
    lines = peers.indicators[["project_id", "row_no"]].take(said.rows).itertuples(index=False, name=None)
    return [said.hit._replace(project_id=project_id, row_no=int(row_no)) for project_id, row_no in lines]


def load(code: str, kind: str) -> list:
    if code not in FILES:
        return []
    return tomllib.loads(FILES[code].read_text("utf-8")).get(kind, [])


def every(kind: str) -> list:
    return [
        pytest.param(rule, case, id=f"{rule.code}-{kind}-{number}")
        for rule in catalogue()
        for number, case in enumerate(load(rule.code, kind), 1)
    ]


def blamed(hits: list[Hit], of_projects: bool) -> list:
    return sorted({hit.project_id if of_projects else hit.row_no for hit in hits if of_projects or hit.row_no})


@pytest.mark.parametrize(("rule", "case"), every("fires"))
def test_fires(rule: Rule, case: dict) -> None:
    hits = judge(rule, case)
    assert hits, "the rule should find this"
    if "at" in case:
        assert blamed(hits, "projects" in case) == case["at"]
    if "severity" in case:
        assert {hit.severity or rule.severity for hit in hits} == {case["severity"]}


@pytest.mark.parametrize(("rule", "case"), every("passes"))
def test_passes(rule: Rule, case: dict) -> None:
    assert not judge(rule, case)


@pytest.mark.parametrize(("rule", "case"), every("skips"))
def test_does_not_apply(rule: Rule, case: dict) -> None:
    assert judge(rule, case) is None


@pytest.mark.parametrize(("rule", "case"), every("known_failures"))
def test_known_failures(rule: Rule, case: dict) -> None:
    """``want`` says what would be right; the day it is reached, the case moves up."""
    fired = bool(judge(rule, case))
    assert fired != (case["want"] == "fires")


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.code)
class TestContract:
    def test_lives_in_a_module_named_after_its_defect(self, rule: Rule) -> None:
        assert rule.check.__module__.rsplit(".", 1)[1] == rule.defect or rule.code in {"PS208"}

    def test_has_cases_that_fire_and_cases_that_do_not(self, rule: Rule) -> None:
        assert rule.code in FILES, f"write tests/cases/{rule.code}_{rule.defect}.toml"
        assert FILES[rule.code].stem == f"{rule.code}_{rule.defect}"
        assert len(load(rule.code, "fires")) >= 3
        assert len(load(rule.code, "passes")) >= 5

    def test_cites_a_basis_and_gives_examples(self, rule: Rule) -> None:
        assert re.search(r"财预|规范|≥", rule.basis)
        assert min(len(rule.bad), len(rule.good), len(rule.advice)) >= 10

    def test_survives_an_empty_subject(self, rule: Rule) -> None:
        nothing = {"rows": [{"name": "", "value": ""}]}
        empty = {"row": {}, "project": {"rows": []}, "projects": nothing, "corpus": {"projects": [nothing]}}
        hits = judge(rule, empty[rule.scope])
        assert hits is None or all(isinstance(hit, Hit) for hit in hits)

    def test_is_explained(self, rule: Rule) -> None:
        assert explain(rule.code.lower()).startswith(f"{rule.code} {rule.title}")
        assert find(rule.code) is rule


def test_every_rule_has_an_english_title() -> None:
    titles = {entry["code"]: entry["title"] for entry in lexicon.table("rule_titles.tsv")}
    assert list(titles) == [rule.code for rule in catalogue()]
    assert all(titles.values())


def test_no_case_file_without_a_rule() -> None:
    assert set(FILES) <= {rule.code for rule in catalogue()}


def test_the_rule_page_is_fresh() -> None:
    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == page() + "\n"


@pytest.mark.parametrize(
    ("settings", "check", "said"),
    [
        ({}, lambda row: [], "reads"),
        ({"reads": {"budget": ()}}, lambda row: [], "reads"),
        ({"reads": {"budget": ()}}, lambda project: [], "reads"),
        ({"among": lambda peers, config: None}, lambda corpus: [], "among"),
    ],
)
def test_a_rule_declares_what_fits_its_scope(settings: dict, check, said: str) -> None:
    register = rule("PS199", defect="x", severity="minor", criterion="目标相关性", opinion="3", **settings)
    with pytest.raises(TypeError, match=said):
        register(check)
