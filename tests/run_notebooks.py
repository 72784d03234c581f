"""Run the notebooks and keep their output: ``python tests/run_notebooks.py``."""

import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def run(path: Path) -> nbformat.NotebookNode:
    """Run a notebook in its own folder and return it with fresh output, without times and counters that change."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=600, kernel_name="python3", record_timing=False)
    client.execute(cwd=str(path.parent))
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"cell-{number}"
        cell.metadata = {}
    notebook.metadata = {"kernelspec": notebook.metadata.get("kernelspec", {}), "language_info": {"name": "python"}}
    return notebook


def texts(notebook: nbformat.NotebookNode) -> list[str]:
    """The printed and plain-text output of every cell, without addresses of objects."""
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            found.append(re.sub(r"0x[0-9a-f]+", "0x", text))
    return found


if __name__ == "__main__":
    for path in NOTEBOOKS:
        nbformat.write(run(path), path)
        sys.stdout.write(f"{path.name}\n")
