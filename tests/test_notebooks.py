"""The notebooks run, and the output they keep is what they print today."""

import nbformat
import pytest
from refresh import NOTEBOOKS, run, texts


def test_there_are_notebooks():
    assert [path.stem for path in NOTEBOOKS] == ["01_quickstart", "02_review_a_county", "03_tune_to_your_bureau"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_output_is_kept(path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert cells
    assert any(cell.outputs for cell in cells)
    assert [output.evalue for cell in cells for output in cell.outputs if output.output_type == "error"] == []
    assert [output.text for cell in cells for output in cell.outputs if output.get("name") == "stderr"] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_kept_output_is_fresh(path):
    assert texts(run(path)) == texts(nbformat.read(path, as_version=4))
