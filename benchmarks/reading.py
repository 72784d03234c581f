"""Measure reading: files a second and peak memory for 200 docx, 200 xlsx and 50 pdf of 30 pages, made by seed.

    python benchmarks/reading.py                         # all three, one process and one a processor
    python benchmarks/reading.py --kinds docx --files 20 --workers 1 2

The tables are those of the tests (``tests/layouts.py``): three projects a docx or xlsx, and in a pdf as many as fill its
pages. Every run is a process of its own; the time is that of ``read`` without imports, the memory the peak of the
process and of its largest worker.
"""

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

FILES = {"docx": 200, "xlsx": 200, "pdf": 50}
PAGES = 30


def write(folder: Path, kind: str, count: int) -> None:
    """Write so many files of a kind."""
    import layouts
    import render

    for seed in range(count):
        # a merged cell higher than a page cannot be set, so a pdf has blank cells below its labels
        tables = (layouts.blank_below if kind == "pdf" else layouts.single_block)(seed).tables
        writer = {"docx": render.to_docx, "xlsx": render.to_xlsx, "pdf": pages}[kind]
        (folder / f"{seed:03}.{kind}").write_bytes(writer(tables))


def pages(tables: list) -> bytes:
    """A pdf of at least ``PAGES`` pages: the tables again and again under other titles."""
    import pdfplumber
    import render

    many: list = []
    data, found = b"", 0
    while found < PAGES:
        many += [replace(table, title=f"{len(many) + n}、{table.title}") for n, table in enumerate(tables, 1)]
        if len(many) >= PAGES * 2 // 3:
            data = render.to_pdf(many)
            with pdfplumber.open(io.BytesIO(data)) as pdf:
                found = len(pdf.pages)
    return data


def measure(folder: str, workers: int) -> dict[str, float]:
    """Read a folder and say what it took; run in a process of its own."""
    from perfscore import read
    from perfscore.tables import assemble  # noqa: F401

    start = time.perf_counter()
    targets = read(folder, workers=workers)
    seconds = time.perf_counter() - start
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "seconds": seconds,
        "rows": len(targets.indicators),
        "unread": len(targets.unread),
        "own_mib": own,
        "worker_mib": child,
    }


def runs(kinds: list[str], files: int | None, workers: list[int]) -> Iterator[str]:
    """Yield a line of figures for each kind and number of processes."""
    for kind in kinds:
        count = files or FILES[kind]
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), kind, count)
            size = sum(path.stat().st_size for path in Path(folder).iterdir()) / 2**20
            for number in workers:
                command = [sys.executable, __file__, "--folder", folder, "--workers", str(number)]
                found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                yield (
                    f"{kind}: {count} files, {size:.1f} MiB, {number} process(es): {count / found['seconds']:.1f} files/s, "
                    f"{found['rows']} rows, {found['unread']} unread, peak {found['own_mib']:.0f} MiB"
                    + (f" + {found['worker_mib']:.0f} MiB a worker" if number > 1 else "")
                )


def main() -> None:
    """Parse the options, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", nargs="+", choices=list(FILES), default=list(FILES))
    parser.add_argument("--files", type=int, help="number of files of each kind")
    parser.add_argument("--workers", nargs="+", type=int, default=sorted({1, os.cpu_count() or 1}))
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.folder:
        sys.stdout.write(json.dumps(measure(args.folder, args.workers[0])))
        return
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    sys.stdout.write(f"{os.cpu_count()} processors, load before {load:.1f}\n")
    for line in runs(args.kinds, args.files, args.workers):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
