"""How far the findings agree with labels of tables that the rules were not written on (tests/labelled)."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from perfscore import score
from perfscore.evaluation import Evaluation, evaluate
from perfscore.schema import INDICATORS, PROJECTS, UNREAD, conform
from perfscore.targets import Targets

LABELLED = Path(__file__).parent / "labelled"


FEW = 6  # labels of a defect, below which one disagreement says nothing
# The project scores are one reader's judgement of few tables, so ranks agree less than labels do.
TAU = {"provinces": 0.65, "counties": 0.7, "bureaus": 0.55, "agencies": 0.7, "units": 0.65}
MAD = {"units": 14}  # this reader gives all tables fewer points than the others do
SETS = (*TAU, "offices")


@cache
def agreement_with(name: str) -> Evaluation:
    """Score a set of tables and compare it with its labels."""

    def table(kind: str) -> pd.DataFrame:
        return pd.read_csv(LABELLED / name / f"{kind}.csv", dtype=str, keep_default_na=False)

    rows, projects = table("rows").replace("<none>", None), table("projects")
    for frame in (rows, projects):
        frame["project_id"] = frame["doc"] + "#" + frame["project_no"]
        frame["project_no"] = frame["project_no"].astype(int)
    rows["row_no"] = rows["row_no"].astype(int)
    heads = projects.assign(**{column: pd.to_numeric(projects[column]) for column in ("budget", "year")})
    unread = conform(pd.DataFrame({"doc": [], "reason": []}), UNREAD)
    targets = Targets(conform(heads, PROJECTS), conform(rows, INDICATORS), unread, pd.DataFrame())
    return evaluate(score(targets), table("row_labels"), table("project_labels") if name in TAU else None)


@pytest.fixture(params=SETS)
def found(request: pytest.FixtureRequest) -> Evaluation:
    return agreement_with(request.param)


def test_every_label_is_matched(found: Evaluation) -> None:
    assert found.unmatched.empty


def test_findings_agree_with_the_labels(found: Evaluation) -> None:
    assert found.macro_f1 >= 0.85
    assert found.micro_f1 >= 0.88


def test_rules_that_cost_much_are_precise(found: Evaluation) -> None:
    dear = [
        "unit_conflict",
        "no_quantity",
        "direction_conflict",
        "label_as_name",
        "not_an_indicator",
        "implausible_value",
    ]
    measured = found.per_defect[found.per_defect["defect"].isin(dear) & (found.per_defect["labels"] >= FEW)]
    assert len(measured)
    assert (measured["precision"] >= 0.88).all()


@pytest.mark.parametrize(("name", "tau"), TAU.items())
def test_scores_agree_with_the_labels(name: str, tau: float) -> None:
    found = agreement_with(name).agreement
    assert found is not None
    assert found.tau_b >= tau
    assert found.mad <= MAD.get(name, 11)
