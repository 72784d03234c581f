"""Good tables stay clean: at most one costly finding, graded 良 or 优, whatever else is in the batch.

Twenty tables of ten fields, written by the guide, stand in tests/exemplary, one file a field. ``WRONGED`` names the
tables still judged wrongly and the rules at fault; such a test must fail, so mending a rule forces an edit here.
"""

import tomllib
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from perfscore.engine import score
from perfscore.rules.registry import catalogue
from perfscore.schema import INDICATORS, PROJECTS, UNREAD, conform
from perfscore.scorecard import Scorecard
from perfscore.targets import Targets

TABLES = {
    table["project_name"]: table
    for path in sorted((Path(__file__).parent / "exemplary").glob("*.toml"))
    for table in tomllib.loads(path.read_text("utf-8"))["tables"]
}
REASONS = {
    "PS204": "effects that are counts or times are taken for output",
    "PS205": "formulas and synonyms are taken for another thing",
    "PS206": "a part of a total is taken for a contradiction",
    "PS301": "graded values are taken for wishes",
    "PS302": "a noun phrase is taken for a task",
    "PS503": "a form without the column, or a named document, is taken for no basis",
}
WRONGED: dict[str, str] = {}
OWN_SCOPES = {rule.code for rule in catalogue() if rule.scope != "corpus"}


def targets_of(*names: str) -> Targets:
    heads, rows = [], []
    for number, name in enumerate(names, 1):
        key = {"doc": "范例", "project_no": number, "project_id": name}
        heads.append(key | {field: cell for field, cell in TABLES[name].items() if field != "rows"})
        rows += [key | {"row_no": row_no} | cells for row_no, cells in enumerate(TABLES[name]["rows"], 1)]
    indicators = conform(pd.DataFrame(rows), INDICATORS)
    coverage = pd.DataFrame({"doc": ["范例"], "seen": [len(rows)], "understood": [len(rows)]})
    unread = conform(pd.DataFrame(columns=list(UNREAD)), UNREAD)
    return Targets(conform(pd.DataFrame(heads), PROJECTS), indicators, unread, coverage)


def own_findings(findings: pd.DataFrame, name: str) -> list[tuple]:
    """What the rules that look at one project only found in it."""
    kept = findings[(findings["project_id"] == name) & findings["code"].isin(OWN_SCOPES)]
    columns = ["code", "row_no", "severity", "field", "message"]
    return sorted(map(tuple, kept[columns].astype("object").fillna("").to_numpy().tolist()), key=str)


@cache
def alone(name: str) -> Scorecard:
    """One table, scored on its own."""
    return score(targets_of(name))


@pytest.fixture(scope="module")
def batch():
    """All tables, scored together."""
    return score(targets_of(*TABLES))


def wronged(name: str) -> pytest.MarkDecorator | tuple:
    reason = "; ".join(REASONS.get(code, code) for code in WRONGED.get(name, "").split())
    return pytest.mark.xfail(strict=True, reason=reason) if reason else ()


def costly(card, name: str) -> pd.DataFrame:
    findings = card.findings[card.findings["project_id"] == name]
    return findings.loc[findings["points"] > 0, ["code", "row_no", "evidence", "message", "points"]]


def test_there_are_two_tables_a_field_in_ten_fields() -> None:
    files = sorted((Path(__file__).parent / "exemplary").glob("*.toml"))
    assert [len(tomllib.loads(path.read_text("utf-8"))["tables"]) for path in files] == [2] * 10
    assert len(TABLES) == 20
    assert set(WRONGED) <= set(TABLES)


@pytest.mark.parametrize("name", [pytest.param(name, marks=wronged(name)) for name in TABLES])
def test_a_good_table_stays_clean(name: str) -> None:
    card = alone(name)
    found = costly(card, name)
    assert len(found) <= 1, found.to_string()
    assert card.projects["grade"].tolist()[0] in {"良", "优"}, found.to_string()


@pytest.mark.parametrize("name", TABLES)
def test_the_batch_does_not_matter(batch, name: str) -> None:
    assert own_findings(alone(name).findings, name) == own_findings(batch.findings, name)
    together = batch.projects[batch.projects["project_id"] == name]
    for column in ("score", "grade"):
        assert together[column].tolist() == alone(name).projects[column].tolist()


def test_good_tables_are_no_copies_of_each_other(batch) -> None:
    corpus_rules = batch.findings[~batch.findings["code"].isin(OWN_SCOPES)]
    assert corpus_rules[["project_id", "code", "message"]].to_numpy().tolist() == []
