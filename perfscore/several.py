"""Several indicators in one printed row: each on a line of its own in the cell of the names and in that of the values."""

import re
from collections.abc import Collection, Sequence

from perfscore.headers import clean, is_amount

__all__ = ["is_unclear", "parted"]

_CIRCLED, _CHINESE = "①②③④⑤⑥⑦⑧⑨⑩", "一二三四五六七八九十"
_NUMBERS = [
    re.compile(
        rf"\s*(?:{circled}|(?:指标\s*)?[(（]?(?:{n}|{chinese})\s*(?:[)）、:：]|[.．](?!\d)|[.．](?=20\d\d年)))\s*"
    )
    for n, (circled, chinese) in enumerate(zip(_CIRCLED, _CHINESE, strict=True), 1)
]


def parted(
    texts: Sequence[str], names: Sequence[int], values: Sequence[int], shared: Collection[int] = ()
) -> list[list[str]]:
    """Return the cells of each indicator of a row: one list, unless names and values are lists of the same length.

    Lines that are not numbered are such a list only if each value is an amount by itself: others are one wrapped text.

    Parameters
    ----------
    texts : the cells of the row
    names, values : the columns of names and of values
    shared : columns with one text for all indicators of the row, whatever lines it has

    Examples
    --------
    >>> parted(["数量指标", "清淤长度\\n清淤土方", "≥3公里\\n≥9万方"], [1], [2])
    [['数量指标', '清淤长度', '≥3公里'], ['数量指标', '清淤土方', '≥9万方']]
    >>> parted(["数量指标", "清淤\\n长度", "≥3\\n公里"], [1], [2])
    [['数量指标', '清淤\\n长度', '≥3\\n公里']]
    """
    name, value = _only(texts, names), _only(texts, values)
    if name is None or value is None:
        return [list(texts)]
    split = _numbered if _numbered(texts[name]) else _lines
    items, numbered = split(texts[name]), _numbered(texts[value])
    amounts = numbered or _lines(texts[value])
    if len(items) != len(amounts) or (len(items) < 2 and not (numbered and split is _numbered)):
        return [list(texts)]
    if split is _lines and not (all(map(is_amount, amounts)) and not is_amount(clean(texts[value]))):
        return [list(texts)]
    lists = {i: found for i, text in enumerate(texts) if i not in shared and len(found := split(text)) == len(items)}
    lists |= {name: items, value: amounts}
    return [[lists[i][n] if i in lists else text for i, text in enumerate(texts)] for n in range(len(items))]


def is_unclear(texts: Sequence[str], names: Sequence[int], values: Sequence[int]) -> bool:
    """Say whether a row holds several numbered names whose values cannot be told apart.

    Examples
    --------
    >>> is_unclear(["1.清淤长度\\n2.清淤土方", "≥3公里，≥9万方"], [0], [1])
    True
    """
    name, value = _only(texts, names), _only(texts, values)
    several = name is not None and value is not None and len(_numbered(texts[name])) > 1
    return several and len(parted(texts, names, values)) == 1


def _only(texts: Sequence[str], columns: Sequence[int]) -> int | None:
    filled = [i for i in columns if i < len(texts) and texts[i].strip()]
    return filled[0] if len(filled) == 1 else None


def _lines(text: str) -> list[str]:
    return [whole for line in text.splitlines() if (whole := line.strip().rstrip("；;。，,"))]


def _numbered(text: str) -> list[str]:
    """The items of a text that numbers them from 1 on (1. ① （1） 指标1：), without their numbers; none if it does not.

    A line without the next number goes on with the item above it.
    """
    items: list[str] = []
    for line in filter(str.strip, text.splitlines()):
        number = _NUMBERS[len(items)].match(line) if len(items) < len(_NUMBERS) else None
        if number:
            items.append(line[number.end() :])
        elif items:
            items[-1] += "\n" + line
        else:
            return []
    return [item.strip().rstrip("；;。，,") for item in items] if all(items) else []
