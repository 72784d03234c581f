"""Read the word lists. A list is a UTF-8 file in ``lexicons/`` whose header names its source, version and columns.

Rules never open files: they ask ``words(name)`` or ``table(name)``. A bureau's own folder is laid over the shipped one
with ``overlay(folder)``: a file of the same name adds its lines, and a line starting with ``!`` takes one away.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from perfscore.errors import LexiconError

__all__ = ["derived", "header", "overlay", "table", "text", "words"]

T = TypeVar("T")

_folder: ContextVar[Path | None] = ContextVar("lexicon_overlay", default=None)


@contextmanager
def overlay(folder: str | Path | None) -> Iterator[None]:
    """Lay a folder of own lists over the shipped ones while the block runs.

    Raises
    ------
    LexiconError
        the folder does not exist
    """
    path = None if folder is None else Path(folder)
    if path is not None and not path.is_dir():
        raise LexiconError(f"词表文件夹不存在：{path}；请检查 lexicons 设置")
    token = _folder.set(path)
    try:
        yield
    finally:
        _folder.reset(token)


def derived(build: Callable[[], T]) -> Callable[[], T]:
    """Cache something built from word lists (a pattern, a look-up) once per overlay folder."""
    made: dict[Path | None, T] = {}

    @wraps(build)
    def get() -> T:
        key = _folder.get()
        if key not in made:
            made[key] = build()
        return made[key]

    return get


def text(name: str) -> str:
    """Return a shipped file as text.

    Raises
    ------
    LexiconError
        there is no such file
    """
    try:
        return files("perfscore.lexicons").joinpath(name).read_text("utf-8")
    except FileNotFoundError:
        raise LexiconError(f"没有词表 {name}") from None


def _lines(content: str) -> tuple[dict[str, str], list[str]]:
    meta: dict[str, str] = {}
    lines: list[str] = []
    for line in content.splitlines():
        if line.startswith("#"):
            key, colon, rest = line[1:].partition(":")
            if colon:
                meta.setdefault(key.strip(), rest.strip())
        elif line.strip():
            lines.append(line.rstrip("\n"))
    return meta, lines


def header(name: str) -> dict[str, str]:
    """Return the header of a list: at least ``source``, ``version`` and ``columns``."""
    return _lines(text(name))[0]


@cache
def _entries(name: str, folder: Path | None) -> tuple[tuple[str, ...], ...]:
    meta, lines = _lines(text(name))
    for key in ("source", "version", "columns"):
        if not meta.get(key):
            raise LexiconError(f"词表 {name} 缺少表头 # {key}: …")
    own = folder / name if folder else None
    if own is not None and own.is_file():
        for line in _lines(own.read_text("utf-8-sig"))[1]:
            if line.startswith("!"):
                lines = [kept for kept in lines if kept.split("\t")[0] != line[1:].split("\t")[0]]
            else:
                lines.append(line)
    width = len(meta["columns"].split())
    entries = []
    for line in lines:
        cells = tuple(cell.strip() for cell in line.split("\t"))
        if len(cells) > width:
            raise LexiconError(f"词表 {name} 一行有 {len(cells)} 列，应为 {width} 列：{line}")
        entries.append(cells + ("",) * (width - len(cells)))
    return tuple(entries)


def words(name: str) -> frozenset[str]:
    """Return the first column of a list as a set.

    Examples
    --------
    >>> "满意度" in words("measures.tsv")
    True
    """
    return frozenset(entry[0] for entry in _entries(name, _folder.get()))


def table(name: str) -> list[dict[str, str]]:
    """Return a list as records, one a line, keyed by the columns its header names; cells left out are empty."""
    columns = header(name)["columns"].split()
    return [dict(zip(columns, entry, strict=True)) for entry in _entries(name, _folder.get())]
