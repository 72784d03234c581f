"""The nearest known name, for error messages."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

__all__ = ["nearest"]

_CLOSE = 0.65
_FEW = 2


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``（是否想写 X？）`` for the known name closest to ``name``, or the two; nothing if none or more are as close.

    Examples
    --------
    >>> nearest("profle", ["profile", "select"])
    '（是否想写 profile？）'
    >>> nearest("PS309", ["PS301", "PS302", "PS303"])
    ''
    """
    close = get_close_matches(name, list(known), n=_FEW + 1, cutoff=_CLOSE)
    likeness = [SequenceMatcher(None, one, name).ratio() for one in close]
    best = [one for one, like in zip(close, likeness, strict=True) if like == likeness[0]]
    return f"（是否想写 {' 或 '.join(best)}？）" if 0 < len(best) <= _FEW else ""
