"""How far the findings agree with labels of tables that the rules were not written on (tests/labelled)."""

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
TAU = {"provinces": 0.65, "counties": 0.7, "bureaus": 0.55}


@pytest.fixture(scope="module", params=TAU)
def found(request: pytest.FixtureRequest) -> Evaluation:
    def table(name: str) -> pd.DataFrame:
        return pd.read_csv(LABELLED / request.param / f"{name}.csv", dtype=str, keep_default_na=False)

    rows, projects = table("rows").replace("<none>", None), table("projects")
    for frame in (rows, projects):
        frame["project_id"] = frame["doc"] + "#" + frame["project_no"]
        frame["project_no"] = frame["project_no"].astype(int)
    rows["row_no"] = rows["row_no"].astype(int)
    heads = projects.assign(**{name: pd.to_numeric(projects[name]) for name in ("budget", "year")})
    unread = conform(pd.DataFrame({"doc": [], "reason": []}), UNREAD)
    targets = Targets(conform(heads, PROJECTS), conform(rows, INDICATORS), unread, pd.DataFrame())
    return evaluate(score(targets), table("row_labels"), table("project_labels"))


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


def test_scores_agree_with_the_labels(found: Evaluation, request: pytest.FixtureRequest) -> None:
    assert found.agreement.tau_b >= TAU[request.node.callspec.params["found"]]
    assert found.agreement.mad <= 10
