"""The nearest known name, for error messages."""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["nearest"]


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``，是否想写 X？`` for the known name closest to ``name``, or nothing if none is close.

    Examples
    --------
    >>> nearest("profle", ["profile", "select"])
    '，是否想写 profile？'
    """
    close = get_close_matches(name, list(known), n=1)
    return f"，是否想写 {close[0]}？" if close else ""
