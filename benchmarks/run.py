"""Measure perfscore and other tools on the same data in one run, in turn and repeated; write ``RESULTS.md``.

    python benchmarks/run.py                                   # all of it, about eight minutes
    python benchmarks/run.py --sections copies rows --rows 100000 --repeats 1
    python benchmarks/run.py --maker ../shared/bench/make_corpus.py --out benchmarks/RESULTS.md

Needs Linux, psutil and the peers beside perfscore: ``pip install psutil rensa datasketch sparse_dot_topn``; a peer that
is not installed is left out.

Every run is a process of its own. The time is the work from the parquet file on, without imports; of the whole job it is
that of the command, start and imports included. Processor seconds are those of all threads and processes. The memory is
the peak of the process; of the whole job that of all its processes together, looked at five times a second, what they
share counted once (PSS). Ratios are of runs in the same round. Recall: share of the edited copies that stand in the group
which holds most word-for-word copies of their template. Precision: share of the pairs of a group that copy the same
template.
"""

import argparse
import contextlib
import ctypes
import importlib.util
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pyarrow.parquet as pq

HERE = Path(__file__).parent
VERSIONS = "numpy pandas pyarrow scipy rapidfuzz jieba rensa datasketch sparse-dot-topn scikit-learn".split()
HARD = {"--edit-share": "0.45", "--seed": "5"}
NO_COPIES = {"--verbatim": "0", "--edited": "0", "--seed": "9"}
WHOLE = {
    "perfscore score": ["-m", "perfscore", "score", "{file}", "-o", "{out}", "--format", "parquet", "--quiet"],
    "perfscore score, in memory": [
        "-c",
        "import sys, perfscore; perfscore.score(perfscore.read(sys.argv[1])).save(sys.argv[2], 'parquet')",
        "{file}",
        "{out}",
    ],
}
"""Commands that are measured with their start; the first judges rows in parts, under a ceiling of memory."""


@dataclass(frozen=True)
class Section:
    """Tasks on one file; the first is what the others are compared with."""

    key: str
    title: str
    share: float
    made: dict[str, str]
    tasks: tuple[str, ...]
    repeats: int


SECTIONS = (
    Section(
        "copies",
        "Copied tables: parquet file to groups",
        1,
        {},
        ("perfscore", "rensa", "perfscore, whole COPIES table"),
        3,
    ),
    Section("hard", "Copied tables, hard: 45 % of the rows of a copy edited", 1, HARD, ("perfscore", "rensa"), 3),
    Section("none", "Copied tables, none planted", 1, NO_COPIES, ("perfscore", "rensa"), 2),
    Section(
        "small", "Copied tables, other finders", 0.1, {}, ("perfscore", "rensa", "datasketch", "sparse_dot_topn"), 3
    ),
    Section("tiny", "Copied tables, all pairs", 0.01, {}, ("perfscore", "rapidfuzz cdist"), 3),
    Section("rows", "Nearly equal rows", 0.1, {}, ("perfscore, nearly equal rows", "rapidfuzz cdist, all rows"), 3),
    Section("many rows", "Nearly equal rows, all of them", 1, {}, ("perfscore, nearly equal rows",), 2),
    Section(
        "words",
        "Words of names and descriptions",
        0.1,
        {},
        ("perfscore, distinct texts at once", "jieba on every row"),
        3,
    ),
    Section("counts", "Other projects with the same row", 1, {}, ("perfscore, row_projects", "pandas group-by"), 3),
    Section("whole", "The whole job: parquet in, graded parquet out, all rules", 0.1, {}, tuple(WHOLE), 2),
    Section("whole, large", "The whole job, large", 1, {}, ("perfscore score", "jieba on every row"), 1),
)


def run(task: str, path: Path) -> dict[str, Any]:
    """Run one task in this process."""
    from generate import truth_of
    from tasks import PEERS, TASKS, quality

    for name in PEERS.get(task, ()):
        importlib.import_module(name)
    begin, worked = time.perf_counter(), time.process_time()
    found = TASKS[task](path)
    seconds, worked = time.perf_counter() - begin, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result = {"seconds": seconds, "processor": worked, "memory": memory}
    if isinstance(found, int):
        result["found"] = found
    elif found is not None:
        recall, precision = quality(found, pd.read_parquet(truth_of(path)))
        result |= {"recall": recall, "precision": precision, "grouped": grouped(found)}
    return result


def grouped(groups: dict[str, int]) -> float:
    """Share of the tables that stand in a group with another one."""
    group = pd.Series(groups)
    return float(group.duplicated(keep=False).mean())


def apart(task: str, path: Path) -> dict[str, Any]:
    """Run one task in a process of its own."""
    if task not in WHOLE:
        command = [sys.executable, __file__, "--task", task, "--file", str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        result: dict[str, Any] = json.loads(done.stdout)
        return result
    with tempfile.TemporaryDirectory() as folder:
        return family([sys.executable, *(part.format(file=path, out=folder) for part in WHOLE[task])])


def family(command: list[str]) -> dict[str, Any]:
    """Run a command and measure it with all processes that it starts."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: what the command leaves behind is waited for here
    before, peak = _worked(), 0
    begin = time.perf_counter()
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        first = psutil.Process(process.pid)
        while process.poll() is None:
            peak = max(peak, sum(map(_held, [first, *_children(first)])))
            time.sleep(0.2)
        seconds = time.perf_counter() - begin
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    return {"seconds": seconds, "processor": _worked() - before, "memory": peak / 2**20}


def _children(process: psutil.Process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        found: list[psutil.Process] = process.children(recursive=True)
        return found
    return []


def _held(process: psutil.Process) -> int:
    """Bytes of memory of a process, its part of what it shares; none if it has just ended."""
    with contextlib.suppress(psutil.Error):
        return int(process.memory_full_info().pss)
    return 0


def _worked() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(section: Section, path: Path, repeats: int) -> pd.DataFrame:
    """Run all tasks of a section in turn, several times; one line a run."""
    from tasks import PEERS

    runs = []
    for repeat in range(repeats):
        for task in section.tasks:
            if all(map(importlib.util.find_spec, PEERS.get(task, ()))):
                runs.append({"task": task, "repeat": repeat, **apart(task, path)})
                sys.stderr.write(f"{section.key}: {task} {runs[-1]['seconds']:.2f} s\n")
    return pd.DataFrame(runs).reindex(
        columns=["task", "repeat", "seconds", "processor", "memory", "recall", "precision", "grouped", "found"]
    )


def report(section: Section, runs: pd.DataFrame, rows: int) -> Iterator[str]:
    """Medians, ratios of paired runs, recall and precision as a Markdown table."""
    base = runs[runs["task"] == section.tasks[0]].set_index("repeat")["seconds"]
    judged = runs["grouped"].notna().any()
    heads = ["task", "seconds", "processor seconds", "rows a second", f"times {section.tasks[0]}", "memory, MB"]
    heads += ["recall", "precision", "tables grouped"] if judged else []
    heads += ["texts found"] if runs["found"].notna().any() else []
    yield f"## {section.title}: {rows:,} rows"
    yield ""
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for task, of_task in runs.groupby("task", sort=False):
        ratios = of_task.set_index("repeat")["seconds"] / base
        middle = of_task.median(numeric_only=True)
        cells = [task, f"{middle['seconds']:.2f}", f"{middle['processor']:.2f}", f"{rows / middle['seconds']:,.0f}"]
        cells += [
            f"{statistics.median(ratios):.1f} ({' '.join(f'{ratio:.1f}' for ratio in ratios)})",
            f"{middle['memory']:.0f}",
        ]
        if judged:
            cells += [
                "" if pd.isna(middle[name]) else f"{middle[name]:.4f}" for name in ("recall", "precision", "grouped")
            ]
        if not pd.isna(middle["found"]):
            cells.append(f"{middle['found']:,.0f}")
        yield f"| {' | '.join(cells)} |"
    yield ""


def machine(load: float) -> str:
    """What the figures were measured on; ``load`` is that of the machine when the run began."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = named[0] if named else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(
        f"{name} {version(name)}"
        for name in VERSIONS
        if importlib.util.find_spec(name.replace("-", "_").replace("scikit_learn", "sklearn"))
    )
    return (
        f"{os.cpu_count()} processors ({model}), {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}; "
        f"{packages}. Load of the machine when the run began: {load:.1f}, when it ended: {os.getloadavg()[0]:.1f} "
        "(ratios suffer from other work: perfscore uses all processors, most peers one)."
    )


def main() -> None:
    """Run the command line."""
    shared = HERE.parents[1] / "shared" / "bench" / "make_corpus.py"
    parser = argparse.ArgumentParser(description="在同样的数据上比较 perfscore 和其他工具")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the largest corpus")
    parser.add_argument("--repeats", type=int, help="repeats of every section; one to three if left out")
    parser.add_argument("--sections", nargs="+", choices=[section.key for section in SECTIONS])
    parser.add_argument("--maker", type=Path, default=shared if shared.exists() else HERE / "generate.py")
    parser.add_argument("--keep", type=Path, help="folder for the corpora, made there if they are not")
    parser.add_argument("--out", type=Path, help="write the results to this file as well")
    parser.add_argument("--task", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.task:
        sys.stdout.write(json.dumps(run(given.task, given.file)))
        return
    load = os.getloadavg()[0]
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for section in SECTIONS:
            if given.sections and section.key not in given.sections:
                continue
            options = {"--rows": str(int(given.rows * section.share)), **section.made}
            path = folder / f"{'_'.join(options.values())}.parquet"
            if not path.exists():
                asked = [part for option in options.items() for part in option]
                subprocess.run(
                    [sys.executable, str(given.maker), *asked, "--out", str(path)], check=True, stdout=sys.stderr
                )
            runs = measure(section, path, given.repeats or section.repeats)
            lines += report(section, runs, pq.read_metadata(path).num_rows)
    said = (__doc__ or "").split("\n\n")[3].strip()
    head = ["# Measured", said, machine(load), f"Corpora by `{given.maker.name}`."]
    text = "\n\n".join([*head, "\n".join(lines).rstrip()]) + "\n"
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
