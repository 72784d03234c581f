"""How rules are run: once for all rows that are equal in what a rule reads."""

import pytest
from test_rules import FILES, load, make_row

from perfscore.advice import advise, reads
from perfscore.records import Hit, Row
from perfscore.rules.registry import Rule, catalogue

ROWS = [
    make_row(cells)
    for code in FILES
    for kind in ("fires", "passes", "known_failures")
    for case in load(code, kind)
    for cells in case.get("rows", [case])
]


def seen(row: Row, cells: tuple[str, ...]) -> Row:
    both = (*cells, "quantity") if "value" in cells else cells
    return Row(**{cell: getattr(row, cell) for cell in both})


@pytest.mark.parametrize("rule", [rule for rule in catalogue() if rule.scope == "row"], ids=lambda rule: rule.code)
def test_a_row_rule_reads_nothing_but_what_it_names(rule: Rule) -> None:
    """The other cells must not matter to what it says."""
    found = 0
    for row in ROWS:
        hits = rule.check(row) or []
        assert hits == (rule.check(seen(row, rule.reads)) or [])
        found += len(hits)
    assert found, "no case tells anything"


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.code)
def test_an_advice_depends_on_nothing_but_what_it_reads(rule: Rule) -> None:
    """Whatever row a rule may find something on."""
    for row in ROWS:
        for hit in (Hit("…"), Hit("…", "name", 0, 2), Hit("…", "value", severity="minor"), Hit("…", remedy="质量")):
            assert advise(rule.code, hit, row) == advise(rule.code, hit, seen(row, reads(rule.code)))
