"""Numbers as officials write them: 1,234.5  3.5万  三十五  两百  十几  100余  百分之九十五  三分之二  一半."""

import re
from typing import NamedTuple

__all__ = ["DIGITS", "NUMBER", "Number", "plain", "read", "rounded", "scale"]

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_LONGEST = 30  # characters; anything longer is a code
_SCALES = _TENS | _MYRIADS
_FRACTIONS = {"一半": 50.0, "半数": 50.0, "百分百": 100.0}

_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
# 千 and 百 also open a unit: 千克, 千瓦, 百分点.
_SCALE = r"(?:[十百千]?万亿|[十百千]?[万亿]|(?:百|千)(?![瓦米克伏卡字分人乡村户]))"
_HAN = r"[零〇一二两三四五六七八九十百千几数半][零〇一二两三四五六七八九十百千万亿几余多]*"
_SIMPLE = rf"(?:{_ARABIC}[余多]?{_SCALE}?(?:余|多(?!种|样|元|项|次))?|{_HAN})"
DIGITS = "0-9零〇一二两三四五六七八九十百千万亿几半余多"  # of every numeral; inside a set of characters
NUMBER = rf"(?:一半|半数|百分百|[百千万]分之{_SIMPLE}|[二三四五六七八九十]分之[一二三四五六七八九]|{_SIMPLE})"


class Number(NamedTuple):
    """A number or range; ``share`` says that it is in percent; ``han`` that it is written in characters."""

    low: float
    high: float
    approximate: bool = False
    share: bool = False
    han: bool = False


def rounded(value: float) -> float:
    """Round to 15 significant digits, so that a factor such as 1/24 or 10 000 leaves no trace of binary fractions."""
    return float(f"{value:.15g}")


def plain(value: float) -> str:
    """Write a number without exponent and without a needless ".0".

    Examples
    --------
    >>> plain(806600.0), plain(0.00001)
    ('806600', '0.00001')
    """
    digits = f"{value:.12f}" if abs(value) < 1e-3 else repr(value)
    if "e" in digits:
        digits = f"{value:.12f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def scale(printed: str) -> int:
    """Return what the characters at the end of a number multiply it by.

    Examples
    --------
    >>> scale("3.5千万"), scale("35")
    (10000000, 1)
    """
    factor = 1
    for char in reversed(printed):
        if char not in _SCALES:
            break
        factor *= _SCALES[char]
    return factor


def _han(text: str) -> int | None:
    """Value of a plain Chinese numeral, ``None`` if it is none (二五八, 十十)."""
    total = section = 0
    digit: int | None = None
    ceiling = 10**4
    for char in text:
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
        elif char in _TENS:
            if _TENS[char] >= ceiling:
                return None
            ceiling = _TENS[char]
            section += (1 if digit is None else digit) * ceiling
            digit = None
        else:
            section += digit or 0
            if char == "亿":
                total = (total + section or 1) * _MYRIADS[char]
            else:
                total += (section or 1) * _MYRIADS[char]
            section, digit, ceiling = 0, None, 10**4
    return total + section + (digit or 0)


def _range(text: str) -> tuple[float, float] | None:
    """Read a Chinese numeral with 几, 数 or two digits side by side (十几, 数百, 三五)."""
    if "几" in text or text[0] == "数":
        if len(text) == 1:
            return (2.0, 9.0) if text == "几" else None
        first, last = (text.replace("几", d).replace("数", d) for d in ("二" if text[0] in "几数" else "一", "九"))
        low, high = _han(first), _han(last)
    elif len(text) == 2 and text[0] in _DIGITS and text[1] in _DIGITS:
        low, high = _DIGITS[text[0]], _DIGITS[text[1]]
        if not 0 < low < high <= low + 2:
            return None
    else:
        low = high = _han(text)
    return None if low is None or high is None else (float(low), float(high))


def _arabic(text: str) -> float:
    match = re.match(_ARABIC, text)
    assert match is not None
    return rounded(float(match[0].replace(",", "")) * scale(text))


def read(text: str) -> Number | None:
    """Read a text that matches ``NUMBER`` in full; ``None`` if it is no number after all.

    Examples
    --------
    >>> read("3.5万").low, read("三十五").low, read("百分之九十五").low
    (35000.0, 35.0, 95.0)
    >>> read("十几")
    Number(low=11.0, high=19.0, approximate=True, share=False, han=True)
    >>> read("二五八") is None
    True
    """
    if len(text) > _LONGEST:
        return None
    if text in _FRACTIONS:
        return Number(_FRACTIONS[text], _FRACTIONS[text], share=True, han=True)
    whole, of, part = text.partition("分之")
    if of:
        over, under = read(part), _han(whole)
        if over is None or not under:
            return None
        low, high = (rounded(100 * end / under) for end in over[:2])
        return Number(low, high, over.approximate, share=True, han=True)
    approximate = text[-1] in "余多" or "余" in text or "多" in text
    bare = text.replace("余", "").replace("多", "")
    if bare[:1].isdigit() and bare[0].isascii():
        value = _arabic(bare)
        return Number(value, value, approximate)
    if bare == "半":
        return Number(0.5, 0.5, han=True)
    span = _range(bare) if bare and "半" not in bare else None
    return None if span is None else Number(*span, approximate or span[0] != span[1], han=True)
