"""How rules are run: once for all rows that are equal in what a rule reads."""

import pytest
from test_rules import FILES, load, make_row

from perfscore.advice import READS, advise
from perfscore.records import Row
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
    """The other cells must not matter to what it says, nor those that are not ``READS`` to the advice."""
    found = 0
    for row in ROWS:
        hits = rule.check(row) or []
        assert hits == (rule.check(seen(row, rule.reads)) or [])
        for hit in hits:
            assert advise(rule.code, hit, row) == advise(rule.code, hit, seen(row, READS))
        found += len(hits)
    assert found, "no case tells anything"
