"""Values as a spreadsheet shows them: 0.95 in a cell formatted ``0%`` is 95% to everyone who looks at it."""

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

__all__ = ["BUILTIN", "plain", "show"]

Value = bool | int | float | str | dt.date | dt.time | dt.timedelta

CHINESE = {
    14: "yyyy/m/d",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"',
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""Formats that a file gives by number alone and that differ in a Chinese Excel (ECMA-376 part 1, 18.8.30, zh-cn)."""

BUILTIN: dict[int, str] = {**BUILTIN_FORMATS, **CHINESE}
"""Format number → format code."""

NAMED = {
    "percent": "0.00%", "fixed": "0.00", "standard": "#,##0.00",
    "short date": "yyyy/m/d", "medium date": "yyyy/m/d", "general date": "yyyy/m/d", "long date": 'yyyy"年"m"月"d"日"',
}  # fmt: skip
"""Names that SpreadsheetML uses for format codes."""

SYSTEM = {"[$-F800]": 'yyyy"年"m"月"d"日"', "[$-F400]": "h:mm:ss"}
"""Formats that follow the settings of the computer: long date and time."""

TOKEN = re.compile(
    r'"(?P<literal>[^"]*)"|\\(?P<escaped>.)|(?P<skip>[_*].)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|(?P<bracket>\[[^\]]*\])'
    r"|(?P<general>General|G/通用格式)|(?P<ampm>AM/PM|A/P|上午/下午)|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+)"
    r"|(?P<number>[0#?][0#?,.]*|\.[0#?]+)|(?P<percent>%)|(?P<odd>[Ee][+-]|/)|(?P<other>.)",
    re.S,
)


def show(value: Value, code: str = "", *, epoch_1904: bool = False) -> str:
    """Return a value as shown in a cell with the number format ``code``.

    Covers percent, thousands, decimals, dates, times, and text around the number. Fractions, exponents, conditions, and
    text in place of a number, are shown as the plain number, which loses nothing.

    Examples
    --------
    >>> show(0.95, "0%"), show(1234.5, "#,##0.00"), show(0.9, '"≥"0%'), show(dt.date(2024, 12, 31), "yyyy/m/d")
    ('95%', '1,234.50', '≥90%', '2024/12/31')
    >>> show(50.0), show("≥95%"), show(True)
    ('50', '≥95%', 'TRUE')
    """
    code = next((long for mark, long in SYSTEM.items() if code.startswith(mark)), NAMED.get(code.lower(), code))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if not code:
            return plain(value)
        if not is_date_format(code):
            return _number(Decimal(plain(value)), code)
        try:
            moment = from_excel(value, CALENDAR_MAC_1904 if epoch_1904 else CALENDAR_WINDOWS_1900)
        except (ValueError, OverflowError):
            return plain(value)
        value = moment if moment is not None else value
    if isinstance(value, dt.date | dt.time):
        return _moment(value, code) if is_date_format(code) and code else _iso(value)
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
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


def _iso(value: dt.date | dt.time) -> str:
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d" if value.time() == dt.time() else "%Y-%m-%d %H:%M:%S")
    return value.isoformat()


def _tokens(section: str) -> list[tuple[str, str]]:
    return [(found.lastgroup or "", found[found.lastgroup or 0]) for found in TOKEN.finditer(section)]


def _number(number: Decimal, code: str) -> str:
    """Show a number; the code has up to three sections, for positive, negative and zero."""
    sections = re.findall(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])+|(?<=;)(?=;|$)', code)
    which = 1 if number < 0 and len(sections) > 1 else 2 if number == 0 and len(sections) > 2 else 0
    tokens = _tokens(sections[which]) if sections else []
    kinds = [kind for kind, _ in tokens]
    conditional = any(kind == "bracket" and text[1:2] in "<>=" for kind, text in tokens)
    if "odd" in kinds or conditional or kinds.count("number") + kinds.count("general") != 1:
        return format(number, "f")
    shifted = abs(number) * 100 ** kinds.count("percent")
    sign = "-" if number < 0 and which == 0 else ""
    parts = []
    for kind, text in tokens:
        if kind == "number":
            parts.append(_digits(shifted, text))
        elif kind == "general":
            parts.append(format(shifted, "f"))
        elif kind not in {"skip", "bracket"}:
            parts.append(text)
    return sign + "".join(parts).strip()


def _digits(number: Decimal, pattern: str) -> str:
    whole, _, decimals = pattern.partition(".")
    for _ in range(len(pattern) - len(pattern.rstrip(","))):
        number /= 1000
    wanted = len(decimals.rstrip(",")) if decimals else 0
    rounded = number.quantize(Decimal(1).scaleb(-wanted), ROUND_HALF_UP)
    text = format(rounded, ",f" if "," in whole.rstrip(",") else "f")
    optional = len(decimals) - len(decimals.rstrip("#?,"))
    kept = text[: len(text) - optional] if optional else text
    tail = text[len(kept) :].rstrip("0")
    integral, _, fraction = (kept + tail).partition(".")
    if "0" not in whole and integral == "0" and fraction:
        integral = ""
    integral = integral.zfill(whole.count("0"))
    return f"{integral}.{fraction}" if fraction else integral


def _moment(value: dt.date | dt.time, code: str) -> str:
    """Show a date or time; ``m`` means minutes right after hours or right before seconds."""
    tokens = [token for token in _tokens(code.split(";")[0]) if token[0] not in {"skip", "bracket"}]
    dated = [index for index, (kind, _) in enumerate(tokens) if kind == "date"]
    letters = " " + "".join(tokens[index][1][0].lower() for index in dated) + " "
    minutes = {
        index
        for order, index in enumerate(dated, 1)
        if letters[order] == "m" and (letters[order - 1] == "h" or letters[order + 1] == "s")
    }
    parts = []
    for index, (kind, text) in enumerate(tokens):
        if kind == "date":
            parts.append(_part(value, "n" * len(text) if index in minutes else text.lower()))
        elif kind == "ampm":
            parts.append("上午" if getattr(value, "hour", 0) < 12 else "下午")
        elif kind != "general":
            parts.append(text)
    return "".join(parts).strip()


def _part(value: dt.date | dt.time, token: str) -> str:
    fields = {"y": "year", "m": "month", "d": "day", "h": "hour", "n": "minute", "s": "second"}
    number = getattr(value, fields[token[0]], 0)
    if token[0] == "y":
        return f"{number:04d}" if len(token) > 2 else f"{number % 100:02d}"
    return f"{number:02d}" if len(token) == 2 else str(number)
