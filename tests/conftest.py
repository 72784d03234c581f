"""What several test modules share."""

import gc

import pytest

import perfscore
from perfscore.cli import main


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


@pytest.fixture
def run(capsys):
    """Run the command line in this process: ``code, out, err = run("score", path)``."""

    def command(*arguments):
        code = main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return command
