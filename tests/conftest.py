"""What several test modules share."""

import gc

import pandas as pd
import pytest

import perfscore
from perfscore.cli import main
from perfscore.scorecard import Scorecard


def pytest_collection_finish() -> None:
    """Look less often for garbage among all that the modules hold: it took a fifteenth of the run and found little."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def sample():
    """The bundled sample, read once."""
    return perfscore.load_sample()


@pytest.fixture(scope="session")
def sample_card(sample):
    """The bundled sample, scored once."""
    return perfscore.score(sample)


@pytest.fixture(scope="session")
def twice_read():
    """Two groups of copies: three projects of one name, and two of which one came in two halves, so in three rows."""
    projects = [(f"{part}.docx#1", "农村道路养护", "乡政府") for part in "abc"]
    projects += [("d.docx#1", "甲", "县局"), ("d.docx#2", "甲", "县局"), ("e.docx#1", "乙", "县局")]
    frame = pd.DataFrame(projects, columns=["project_id", "project_name", "agency"])
    frame = frame.assign(
        doc=frame["project_id"].str[:-2], score=40.0, grade="差", budget=[None, None, None, 1e4, None, 9e5]
    )
    groups = [("z", 3, part) for part in "abc"] + [("a", 2, part) for part in "edd"]
    copies = pd.DataFrame(groups, columns=["group", "size", "doc"]).assign(
        project_id=[*frame["project_id"][:3], "e.docx#1", "d.docx#1", "d.docx#2"],
        representative=["a.docx#1"] * 3 + ["d.docx#1", "e.docx#1", "e.docx#1"],
        similarity=[0.8, 1.0, 0.9, 0.8, 0.9, 1.0],
        similarity_masked=1.0,
        kind="exact",
        scope="within agency",
        difference="",
    )
    return Scorecard(projects=frame, copies=copies.drop(columns="doc"))


@pytest.fixture
def run(capsys):
    """Run the command line in this process: ``code, out, err = run("score", path)``."""

    def command(*arguments):
        code = main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return command
