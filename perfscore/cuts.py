"""Mend cells that a false column of an OCR table cut in two: overlaps counted once, stray marks dropped.

A stray mark is dropped only if what remains stands whole elsewhere in the same document; nothing is invented.
"""

import itertools
import re
from collections.abc import Sequence

from perfscore.headers import clean

__all__ = ["join"]

_ITEM = re.compile(r"^(\d{1,2}[.、．]|[(（]\d{1,2}[)）])\s*")


def join(pieces: Sequence[str], known: frozenset[str] = frozenset()) -> str:
    """Join the pieces of one cell.

    Parameters
    ----------
    pieces : texts of neighbouring cells that belong to one column; white space in a piece is a line break of the cell
    known : cleaned texts that stand uncut elsewhere in the document; they decide between possible joins

    Examples
    --------
    >>> join(["保障机构运转高", "高效有序"]), join(["项目成本", "项目成本"])
    ('保障机构运转高效有序', '项目成本')
    >>> join(["道路设施巡 情况", "查完成"], frozenset({"道路设施巡查完成情况"}))
    '道路设施巡查完成情况'
    """
    parts = [part for part in pieces if clean(part)]
    if len(parts) <= 1:
        return parts[0] if parts else ""
    texts = [clean(part) for part in parts]
    for candidate in _readings(texts):
        item = _ITEM.match(candidate)
        if candidate in known or (item and candidate[item.end() :] in known):
            return candidate
    whole = parts[0]
    for part in parts[1:]:
        whole = _join_two(whole, part)
    return whole


def _readings(texts: Sequence[str]) -> list[str]:
    """Every way to join with at most one stray character dropped on either side of each cut (few cuts only)."""
    if len(texts) > 4:
        return []
    drops = list(itertools.product((0, 1), repeat=2 * (len(texts) - 1)))
    drops.sort(key=sum)
    readings = []
    for drop in drops:
        cut = "".join(
            text[(drop[2 * i - 1] if i else 0) : len(text) - (drop[2 * i] if i < len(texts) - 1 else 0)]
            for i, text in enumerate(texts)
        )
        readings.append(cut)
    return readings


def _join_two(left: str, right: str) -> str:
    a, b = clean(left), clean(right)
    if b.startswith(a) or (len(a) >= 3 and _same(a, b[: len(a)])):
        return right
    if a.endswith(b) or (len(b) >= 3 and _same(a[-len(b) :], b)):
        return left
    lines, other = _ITEM.sub(r"\1", left.strip()).split(), right.split()
    if len(lines) > 1:
        pairs = itertools.zip_longest(lines, other, fillvalue="")
        return "".join(_overlap(x, y) for x, y in pairs)
    return _overlap(a, b)


def _same(a: str, b: str) -> bool:
    """Equal but for one misread character in four."""
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) * 4 <= len(a)


def _overlap(a: str, b: str) -> str:
    for size in range(min(len(a), len(b)), 0, -1):
        if a.endswith(b[:size]):
            return a + b[size:]
    return a + b
