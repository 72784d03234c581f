"""A stranger's text made fit to show: no control characters, no direction tricks, and how wide it stands."""

import re
import unicodedata

__all__ = ["clip", "one_line", "printable", "width"]

# Control characters (tab and line feed stay), direction overrides, lone surrogates and non-characters: not allowed in
# XML, or able to change what a terminal or a page shows around them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def printable(text: str, instead: str = "") -> str:
    """Drop the characters that no reader can see and that XML or a terminal must not get.

    Parameters
    ----------
    text : any text
    instead : one character to put in their place where positions in the text must stay

    Examples
    --------
    >>> printable("a\\x1b[31m红\\x00")
    'a[31m红'
    """
    return _UNPRINTABLE.sub(instead, text)


def one_line(text: str) -> str:
    """Return printable text on one line, runs of white space as one space."""
    return " ".join(printable(text).split())


def width(text: str) -> int:
    """Return the columns a text takes where a Chinese character takes two.

    Examples
    --------
    >>> width("≥95百分比")
    9
    """
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def clip(text: str, limit: int) -> str:
    """Cut a text to at most ``limit`` characters, with an ellipsis in place of what was cut.

    Examples
    --------
    >>> clip("绩效目标", 3)
    '绩效…'
    """
    return text if len(text) <= limit else text[: limit - 1] + "…"
