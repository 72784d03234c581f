"""Values as a spreadsheet shows them."""

import datetime as dt
from decimal import Decimal

__all__ = ["plain", "show"]

Value = bool | int | float | str | dt.date | dt.time | dt.timedelta


def show(value: Value) -> str:
    """Return a value as shown in a cell without a number format of its own."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return plain(value)
    return str(value)


def plain(number: float) -> str:
    """Return a number without exponent, superfluous zeros or the noise of binary fractions.

    Examples
    --------
    >>> plain(50.0), plain(80.66), plain(0.1 + 0.2), plain(1.5e-7)
    ('50', '80.66', '0.3', '0.00000015')
    """
    if isinstance(number, int) or (number.is_integer() and abs(number) < 1e15):
        return str(int(number))
    return format(Decimal(f"{number:.15g}"), "f")
