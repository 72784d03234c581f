"""Addresses of cells as spreadsheets print them."""

from functools import lru_cache

from perfscore.readers.limits import MAX_SPAN

__all__ = ["column_letters"]


@lru_cache(MAX_SPAN)
def column_letters(column: int) -> str:
    """Return the letters of a column counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
