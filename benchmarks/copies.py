"""Measure the search for copied tables against other tools: parquet file to groups, on the same file, in turn.

    python benchmarks/copies.py                         # 100 000 rows of generate.py
    python benchmarks/copies.py --rows 1000000 --repeats 3
    python benchmarks/copies.py --parquet corpus.parquet [--out benchmarks/RESULTS.md]

Every run is a process of its own; the time is the work without imports, the memory the peak of the process. The peers
get the texts of whole tables, joined from distinct folded strings, and identical tables merged first, as a careful
user would; they look for similar tables among those kept so far, check them by signature and keep a table only
if nothing was similar (listing all pairs would be quadratic in the copies of the most popular template). Recall: share
of edited copies in the group that holds most word-for-word copies of their template. Precision: share of pairs of a
group that copy the same template. A peer that is not installed is left out.
"""

import argparse
import importlib.util
import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from generate import truth_of, write

from perfscore.content import distinct_cells
from perfscore.copies import stars
from perfscore.corpus import Corpus
from perfscore.forms import Forms
from perfscore.texts import Texts

TEXTS = ["level1", "level2", "name", "description", "value", "basis"]
KEYS = ["project_id", "project_name", "agency", "division"]
HEADS = {"region": "division", "department": "agency"}
PEER_NEAR = 0.6
PERMUTATIONS = 64


def read(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """PROJECTS and INDICATORS of a flat parquet file; texts stay as the file holds them, numbered."""
    named = {name: HEADS.get(name, name) for name in pq.read_schema(path).names}
    wanted = [name for name in named if named[name] in (*KEYS, *TEXTS)]
    table = pq.read_table(path, columns=wanted, read_dictionary=wanted).rename_columns([named[name] for name in wanted])
    number, _ = distinct_cells(table["project_id"].to_pandas())
    projects = table.select(KEYS).take(np.flatnonzero(~pd.Series(number).duplicated()))
    indicators = table.select(["project_id", *TEXTS]).to_pandas(types_mapper=pd.ArrowDtype)
    return projects.to_pandas(types_mapper=pd.ArrowDtype).assign(doc="corpus"), indicators


def perfscore(path: Path) -> dict[str, int]:
    """Groups by perfscore: read, fit, search; each project's group."""
    corpus = Corpus.fit(*read(path))
    forms = Forms.of(corpus)
    star, _ = stars(forms, corpus.settings.near)
    known = forms.of_project >= 0
    return dict(zip(corpus.projects["project_id"][known], star[forms.of_project[known]].tolist(), strict=True))


def full(path: Path) -> dict[str, int]:
    """The whole COPIES table with exact similarities and readable differences."""
    copies = Corpus.fit(*read(path)).copies()
    return dict(zip(copies["project_id"], pd.factorize(copies["group"])[0].tolist(), strict=True))


def texts_of(path: Path) -> tuple[list[str], list[str]]:
    """Project ids and the folded text of each table, as the peers need it."""
    _, rows = read(path)
    joined = None
    for name in TEXTS[2:]:
        codes, found = distinct_cells(rows[name])
        column = np.array(Texts.of(found).folded().to_list(), dtype=object)[codes]
        joined = column if joined is None else joined + "\n" + column
    number, ids = distinct_cells(rows["project_id"])
    tables = pd.Series(joined).groupby(number).agg("\n".join)
    return ids.to_pylist(), tables.tolist()


def grams_of(text: str) -> list[str]:
    """Character 3-grams of a text."""
    return [text[at : at + 3] for at in range(len(text) - 2)]


def online(path: Path, sign: Callable[[list[str]], Any], index: Any) -> dict[str, int]:
    """Query, check by signature, insert only what is like nothing kept so far."""
    ids, texts = texts_of(path)
    merged, found = pd.factorize(np.array(texts, dtype=object))
    group = np.empty(len(found), np.int64)
    kept: dict[int, Any] = {}
    for number, text in enumerate(found):
        signature = sign(grams_of(text))
        likeness, best = max(
            ((signature.jaccard(kept[near]), -near) for near in index.query(signature)), default=(0.0, 0)
        )
        if likeness >= PEER_NEAR:
            group[number] = -best
        else:
            group[number] = number
            kept[number] = signature
            index.insert(number, signature)
    return dict(zip(ids, group[merged].tolist(), strict=True))


def rensa(path: Path) -> dict[str, int]:
    """The same by rensa."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=PEER_NEAR, num_perm=PERMUTATIONS, num_bands=16)

    def sign(grams: list[str]) -> Any:
        signature = RMinHash(num_perm=PERMUTATIONS, seed=1)
        signature.update(grams)
        return signature

    return online(path, sign, index)


def datasketch(path: Path) -> dict[str, int]:
    """The same by datasketch."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=PERMUTATIONS, params=(16, 4))

    def sign(grams: list[str]) -> Any:
        signature = MinHash(num_perm=PERMUTATIONS, seed=1)
        signature.update_batch([gram.encode() for gram in set(grams)])
        return signature

    return online(path, sign, index)


PEERS = ("rensa", "datasketch")
FINDERS = {"perfscore": perfscore, "perfscore, whole COPIES table": full, "rensa": rensa, "datasketch": datasketch}


def quality(groups: dict[str, int], truth: pd.DataFrame) -> tuple[float, float]:
    """Recall and precision against the planted copies."""
    truth = truth.assign(group=truth["project_id"].astype(str).map(groups))
    verbatim = truth[(truth["kind"] == "verbatim") & truth["group"].notna()]
    main = verbatim.groupby("template")["group"].agg(lambda group: group.value_counts().index[0])
    edited = truth[truth["kind"] == "edited"]
    recall = float((edited["group"] == edited["template"].map(main)).mean()) if len(edited) else float("nan")
    grouped = truth[truth["group"].notna()].reset_index()
    origin = grouped["template"].where(grouped["template"] >= 0, -1 - grouped["index"])
    same, every = (grouped.groupby(by).size() for by in (["group", origin], ["group"]))
    pairs = (every * (every - 1)).sum()
    return recall, float((same * (same - 1)).sum() / pairs) if pairs else float("nan")


def run(finder: str, path: Path) -> None:
    """Run one finder in this process and print what it took as JSON."""
    if finder in PEERS:
        importlib.import_module(finder)
    begin = time.perf_counter()
    groups = FINDERS[finder](path)
    seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    recall, precision = quality(groups, pd.read_parquet(truth_of(path)))
    sys.stdout.write(json.dumps({"seconds": seconds, "memory": memory, "recall": recall, "precision": precision}))


def measure(path: Path, repeats: int, finders: list[str]) -> pd.DataFrame:
    """Run all finders in turn, several times; one line a run."""
    runs = []
    for repeat in range(repeats):
        for finder in finders:
            command = [sys.executable, __file__, "--finder", finder, "--parquet", str(path)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            runs.append({"finder": finder, "repeat": repeat, **json.loads(done.stdout)})
    return pd.DataFrame(runs)


def report(runs: pd.DataFrame, path: Path) -> str:
    """Medians, ratios of paired runs, recall and precision as a Markdown table."""
    rows = pq.read_metadata(path).num_rows
    base = runs[runs["finder"] == "perfscore"].set_index("repeat")["seconds"]
    packages = [
        "numpy",
        "pandas",
        "pyarrow",
        *(name for name in PEERS if name in set(runs["finder"])),
    ]
    lines = [
        f"{rows:,} rows; {platform.machine()}, Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in packages),
        "",
        "| finder | seconds | times perfscore (paired) | memory, MB | recall | precision |",
        "|---|---|---|---|---|---|",
    ]
    for finder, of_finder in runs.groupby("finder", sort=False):
        ratio = statistics.median(of_finder.set_index("repeat")["seconds"] / base)
        middle = of_finder.median(numeric_only=True)
        lines.append(
            f"| {finder} | {middle['seconds']:.2f} | {ratio:.1f} | {middle['memory']:.0f} "
            f"| {middle['recall']:.4f} | {middle['precision']:.4f} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="比较雷同表查找的速度和准确度")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--edit-share", type=float, default=0.2)
    parser.add_argument("--parquet", type=Path, help="a corpus with its .truth file, instead of a generated one")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, help="write the table to this file as well")
    parser.add_argument("--finder", choices=FINDERS, help="run one finder once and print JSON")
    parser.add_argument("--finders", nargs="+", choices=FINDERS, default=list(FINDERS), help="leave out the others")
    given = parser.parse_args()
    if given.finder:
        run(given.finder, given.parquet)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = given.parquet or Path(folder) / "corpus.parquet"
        if not given.parquet:
            write(
                path,
                rows=given.rows,
                seed=given.seed,
                templates=300,
                verbatim=1 / 3,
                edited=1 / 3,
                edit_share=given.edit_share,
            )
        installed = [name for name in given.finders if name not in PEERS or importlib.util.find_spec(name)]
        table = report(measure(path, given.repeats, installed), path)
    sys.stdout.write(table)
    if given.out:
        given.out.write_text("# Copied tables: parquet file to groups\n\n" + table, "utf-8")


if __name__ == "__main__":
    main()
