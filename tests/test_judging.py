"""How rules are run: once for all rows that are equal in what a rule reads."""

import tomllib
from pathlib import Path

import pytest

from perfscore.advice import READS, advise
from perfscore.names import category_of
from perfscore.quantity import parse
from perfscore.records import Row
from perfscore.rules.registry import CELLS, Rule, catalogue
from perfscore.text import normalise

CASES = [tomllib.loads(path.read_text("utf-8")) for path in sorted((Path(__file__).parent / "cases").glob("PS*.toml"))]


def make_row(cells: dict) -> Row:
    text = {cell: normalise(str(cells[cell])) for cell in CELLS if cell in cells}
    category = category_of(text.get("level2", ""), text.get("level1", ""))
    return Row(**text, category=category, quantity=parse(text.get("value", "")))


ROWS = [
    make_row(cells)
    for file in CASES
    for kind in ("fires", "passes", "known_failures")
    for case in file.get(kind, [])
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
