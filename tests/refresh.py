"""Write again what is made from something else: ``python tests/refresh.py``.

The documents of the sample, the excerpt in the READMEs, the measured figures (where ``../shared`` holds the labels), the
rule page, and the output kept in the notebooks.
"""

import io
import re
from pathlib import Path

import build_sample
import nbformat
from nbclient import NotebookClient
from rich.console import Console

import perfscore
from perfscore import Scorecard, rulebook
from perfscore.evaluation import Evaluation, evaluate
from perfscore.labels import read_labels
from perfscore.reporting.terminal import print_ranking

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
RULES = ROOT / "docs" / "rules.md"
SHARED = ROOT.parent / "shared"
MEASURED = ROOT / "lexicons" / "measured.tsv"
EVERY = 4  # so that the excerpt runs from the weakest to the best


def run(path: Path) -> nbformat.NotebookNode:
    """Run a notebook in its own folder and return it with fresh output, without times and counters that change."""
    notebook = nbformat.read(path, as_version=4)
    # Streams are joined: into how many pieces a kernel sends what is printed depends on the load of the machine.
    client = NotebookClient(notebook, timeout=600, kernel_name="python3", record_timing=False, coalesce_streams=True)
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


def excerpt(scorecard: Scorecard) -> str:
    """The ranking as a terminal of 100 columns shows it: every fourth project, and the one that could not be judged."""
    screen = io.StringIO()
    print_ranking(scorecard, Console(width=100, force_terminal=True, color_system=None, file=screen))
    head, *parts = re.split(r"^(?= {2,}(?:\d+ |未评))", screen.getvalue(), flags=re.M)
    shown = "".join([head, *parts[:-1:EVERY], parts[-1]])
    return "".join(f"{line.rstrip()}\n" for line in shown.splitlines())


def refreshed(readme: str, scorecard: Scorecard) -> str:
    """Return a README with the excerpt between its marks, and with the points that a table can show."""
    before, start, rest = readme.partition("<!-- excerpt: perfscore score --sample -->\n")
    _, end, after = rest.partition("<!-- end -->")
    text = f"{before}{start}```text\n{excerpt(scorecard)}```\n{end}{after}"
    return re.sub(r"(可评分值 |can show |能判断 )[\d.]+", rf"\g<1>{scorecard.projects['visible'].max():g}", text)


def evaluation() -> Evaluation:
    """Measure the rules on the labels beside the checkout."""
    labels = SHARED / "labels"
    card = perfscore.score(perfscore.read(SHARED / "seeds"))
    return evaluate(card, read_labels(labels / "dev_rows.csv"), read_labels(labels / "dev_projects.csv"))


def measured(found: Evaluation) -> str:
    """The figures of an evaluation as the word list that the rule page prints."""
    assert found.agreement is not None
    head = {
        "source": "labels of real documents by the label guideline: majority of three independent readings by "
        "language-model reviewers, not by officials; written by tests/refresh.py, as perfscore evaluate measures",
        "version": "2026-11",
        "columns": "defect labels found precision recall f1 low high",
        "rows": found.n_rows,
        "projects": found.n_projects,
        "macro_f1": f"{found.macro_f1:.2f}",
        "micro_f1": f"{found.micro_f1:.2f}",
        "tau_b": f"{found.agreement.tau_b:.2f}",
        "mad": f"{found.agreement.mad:.1f}",
    }
    table = found.per_defect[["defect", "labels", "found", "precision", "recall", "f1", "f1_low", "f1_high"]]
    lines = [f"# {key}: {value}" for key, value in head.items()]
    return "\n".join(lines) + "\n" + table.to_csv(sep="\t", header=False, index=False, float_format="%.2f")


def main() -> None:
    build_sample.build(build_sample.SAMPLES)
    scorecard = perfscore.score(perfscore.load_sample())
    for readme in READMES:
        readme.write_text(refreshed(readme.read_text("utf-8"), scorecard), encoding="utf-8", newline="\n")
    if SHARED.exists():
        MEASURED.write_text(measured(evaluation()), encoding="utf-8", newline="\n")
    RULES.write_text(f"{rulebook.page()}\n", encoding="utf-8", newline="\n")
    for path in NOTEBOOKS:
        nbformat.write(run(path), path)


if __name__ == "__main__":
    main()
