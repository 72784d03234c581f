"""Read the word lists. A list is a UTF-8 file in ``lexicons/`` whose header names its source, version and columns.

The header may also say what the columns may hold (``list_form``).

Rules never open files: they ask ``words(name)`` or ``table(name)``. A bureau's own folder is laid over the shipped one
with ``overlay(folder)``: a file of the same name adds its lines, and a line starting with ``!`` takes those away whose
first column is the same.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from importlib.resources import files
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

from perfscore.errors import LexiconError, why
from perfscore.list_form import ListForm
from perfscore.suggest import nearest

__all__ = ["cached", "derived", "forget", "header", "look_ahead", "overlay", "ready", "table", "text", "words"]

T = TypeVar("T")
P = ParamSpec("P")


class _Overlay(NamedTuple):
    """A folder of own lists as it was when it was laid over: a file changed later is another overlay."""

    folder: Path
    stamps: tuple[tuple[str, int, int], ...]


_laid: ContextVar[_Overlay | None] = ContextVar("lexicon_overlay", default=None)


@contextmanager
def overlay(folder: str | Path | None) -> Iterator[None]:
    """Lay a folder of own lists over the shipped ones while the block runs.

    Raises
    ------
    LexiconError
        the folder does not exist, or a file in it has the name of no list or is none
    """
    laid = None if folder is None else _lay(Path(folder))
    for name, *_ in laid.stamps if laid else ():
        _entries(name, laid)  # what is wrong with a list is said before anything is done by it
    token = _laid.set(laid)
    try:
        yield
    finally:
        _laid.reset(token)


def _lay(folder: Path) -> _Overlay:
    if not folder.is_dir():
        raise LexiconError(f"词表文件夹不存在：{folder}；请检查 lexicons 设置")
    known = sorted(file.name for file in files("perfscore.lexicons").iterdir() if file.name.endswith((".tsv", ".txt")))
    stamps = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or path.suffix == ".md":
            continue
        if path.name not in known:
            raise LexiconError(f"{path} 不是词表{nearest(path.name, known)}；文件名应为 {'、'.join(known)} 之一")
        stamps.append((path.name, path.stat().st_mtime_ns, path.stat().st_size))
    return _Overlay(folder, tuple(stamps))


def derived(build: Callable[[], T]) -> Callable[[], T]:
    """Cache something built from word lists (a pattern, a look-up), for those shipped and the overlay folder asked for last."""
    made: dict[_Overlay | None, T] = {}

    @wraps(build)
    def get() -> T:
        key = _laid.get()
        if key in made:
            return made[key]
        built = build()
        for old in made.keys() - {None, key}:
            made.pop(old, None)
        made[key] = built
        return built

    return get


MOST = 20_000  # answers of a function that are kept from one part of a batch to the next


class _Answers(dict[Any, Any]):
    """What a function said of its arguments; of what it was not asked yet, answers may lie ready."""

    def __init__(self, ask: Callable[[Any], Any]) -> None:
        super().__init__()
        self._ask = ask
        self.ready: list[tuple[dict[Any, int], Sequence[Any]]] = []

    def __missing__(self, argument: Any) -> Any:
        for places, answers in self.ready:
            if argument in places:
                self[argument] = answer = answers[places[argument]]
                return answer
        self[argument] = answer = self._ask(argument)
        return answer


class _Memory(dict["_Overlay | None", _Answers]):
    """The answers of a function, for the overlay folder asked for last."""

    def __init__(self, ask: Callable[[Any], Any]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, overlay: _Overlay | None) -> _Answers:
        self.clear()
        self[overlay] = _Answers(self._ask)
        return self[overlay]


_memories: dict[Callable[..., Any], _Memory] = {}


def cached(function: Callable[P, T]) -> Callable[P, T]:
    """Remember what a function that asks word lists says of its arguments, until ``forget``."""
    single = len(signature(function).parameters) == 1
    ask: Callable[..., Any] = function
    memory = _Memory(ask if single else lambda args: ask(*args))

    @wraps(function)
    def get_several(*args: Any) -> Any:
        return memory[_laid.get()][args]

    @wraps(function)
    def get_one(text: Any) -> Any:
        return memory[_laid.get()][text]

    # Asked millions of times: a fixed argument is handed on in half the time.
    get = get_one if single else get_several
    _memories[get] = memory
    return get  # type: ignore[return-value]


def look_ahead(function: Callable[[Any], T], texts: Sequence[Any], answers: Sequence[T]) -> None:
    """Let a ``cached`` function of one argument take what it says of distinct texts from a sequence, until ``forget``.

    The sequence may make an answer when it is taken.
    """
    _memories[function][_laid.get()].ready.append((dict(zip(texts, range(len(texts)), strict=True)), answers))


def ready(function: Callable[[Any], T], texts: Sequence[Any]) -> tuple[Any, list[int]] | None:
    """Return the answers that lie ready and the places of some texts in them; None if none hold all of these."""
    for places, answers in _memories[function][_laid.get()].ready:
        if all(map(places.__contains__, texts)):
            return answers, [*map(places.__getitem__, texts)]
    return None


def forget(most: int = MOST) -> None:
    """Give back the memory of ``cached`` functions that remember more than so many answers: nothing but speed depends on it."""
    for memory in _memories.values():
        for known in memory.values():
            known.ready.clear()
            if len(known) > most:
                known.clear()


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
def _entries(name: str, overlay: _Overlay | None) -> tuple[tuple[str, ...], ...]:
    meta, lines = _lines(text(name))
    for key in ("source", "version", "columns"):
        if not meta.get(key):
            raise LexiconError(f"词表 {name} 缺少表头 # {key}: …")
    form = ListForm.of(meta)
    entries = [form.cells(line, name) for line in lines]
    own = overlay.folder / name if overlay else None
    if own is not None and own.is_file():
        shipped = [cells[0] for cells in entries] if form.kept else []
        for line in _lines(_own(own))[1]:
            if line.startswith("!"):
                entries = _without(entries, line[1:].split("\t")[0].strip(), own)
            else:
                entries.append(form.cells(line, str(own)))
        left = {cells[0] for cells in entries}
        if lost := [word for word in shipped if word not in left]:
            raise LexiconError(f"词表 {own} 去掉了“{lost[0]}”，而它不能缺少；请删去这一行，或在后面写上改好的一行")
    return tuple(entries)


def _own(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"不能读取词表 {path}：{why(error)}；应为 UTF-8 编码的文本文件") from error


def _without(entries: list[tuple[str, ...]], word: str, own: Path) -> list[tuple[str, ...]]:
    kept = [cells for cells in entries if cells[0] != word]
    if len(kept) == len(entries):
        known = (cells[0] for cells in entries)
        raise LexiconError(f"词表 {own} 要去掉“{word}”，但词表里没有{nearest(word, known)}；请改正或删去这一行")
    return kept


def words(name: str) -> frozenset[str]:
    """Return the first column of a list as a set.

    Examples
    --------
    >>> "满意度" in words("measures.tsv")
    True
    """
    return _first_column(name, _laid.get())


@cache
def _first_column(name: str, overlay: _Overlay | None) -> frozenset[str]:
    return frozenset(entry[0] for entry in _entries(name, overlay))


def table(name: str) -> list[dict[str, str]]:
    """Return a list as records, one a line, keyed by the columns its header names; cells left out are empty."""
    columns = header(name)["columns"].split()
    return [dict(zip(columns, entry, strict=True)) for entry in _entries(name, _laid.get())]
