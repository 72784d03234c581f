"""What stands above the rows of a target table: title, unit, money, purpose, spending plan, goal, year."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from perfscore.cuts import join
from perfscore.headers import clean, fold, period, role
from perfscore.lexicon import derived, table

__all__ = ["Head", "Title", "find_title", "heading_name", "money", "year_of"]

MONEY = ("budget", "fiscal", "other_money")
_NUMBER = re.compile(
    r"^(?:第?[一二三四五六七八九十百]+[、.．]|[(（][一二三四五六七八九十\d]+[)）]|\d{1,3}[、.．:：)）](?!\d)|(?:附件|附表|表)[\d一二三四五六七八九十.\-—]*[:：、\s])\s*"
)
_CONTENTS = re.compile(r"[.·…]{2,}\s*\d*\s*$|\t\s*\.?\s*[\dlIO]{1,3}(?:[\t\s]*\d)*\s*$|\.\s*\d{1,3}\s*$")
_AGENCY = re.compile(
    r"^(?:[\[【(（]?(\d{3,9})[\]】)）]?)\s*[-—_]?\s*((?![年月日])[\u4e00-\u9fff][\u4e00-\u9fff（）()、]{2,40})$"
)
_UNIT = re.compile(r"(?:单位|金额单位|部门|金额)[:：(（]?(?:人民币)?(万元|亿元|元)[)）]?")
_ONLY_YEAR = re.compile(r"[(（]?20\d\d年?度?[)）]?")
_MONEY_UNIT = re.compile(r"[(（](?:单位[:：])?(万元|亿元|元)[)）]")
_AMOUNT = re.compile(r"(-?\d[\d,，]*(?:\.\d+)?)\s*(万元|亿元|元|万)?")
_FACTOR = {"元": 1.0, "万元": 1e4, "万": 1e4, "亿元": 1e8}
_YEAR = re.compile(r"(20[0-4]\d)\s*年?")
_LIST = re.compile(r"^(?:目标\s*\d+|[(（]?\d{1,2}\s*[)）.．、:：]|[(（]?[一二三四五六七八九十]+[)）、]|[①-⑳])")


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a table: the project it names ("" if none) and its kind (project, unit, library)."""

    name: str
    kind: str


@derived
def _titles() -> list[tuple[str, str]]:
    return sorted(((fold(e["title"]), e["kind"]) for e in table("titles.tsv")), key=lambda e: -len(e[0]))


def find_title(text: str) -> Title | None:
    """Recognise the title of a table; lines of a table of contents are none.

    Examples
    --------
    >>> find_title("## 3、河道清淤费绩效目标表"), find_title("项目支出绩效目标申报表（2023年度）").name
    (Title(name='河道清淤费', kind='project'), '')
    >>> find_title("3、河道清淤费绩效目标表........12")
    """
    if len(text) > 160 or _CONTENTS.search(text) or "\t" in text.strip():
        return None
    name = _NUMBER.sub("", clean(text))
    bare = re.sub(r"[(（][^()（）]*[)）]$", "", name)
    key = fold(bare)
    for words, kind in _titles():
        if key.endswith(words):
            start = re.search(r"\s*".join(re.escape(char) for char in words) + r"\s*$", bare)
            front = bare[: start.start()] if start else ""
            front = re.sub(r"^(?:20\d\d年度?)", "", front).strip('《》“”"')
            generic = re.fullmatch(
                r"(?:.*(?:省|市|县|区|州|旗))?(?:本级|省级|市级|县级|区级)?(?:部门)?(?:预算)?(?:专项|项目|政策及项目|部门|财政)?(?:支出|预算|资金|入库)?(?:年度)?",
                front,
            )
            return Title("" if generic else front, kind)
    return None


def heading_name(text: str) -> str:
    """Return the project that a short numbered heading names (``3、河道清淤费``), or "".

    Examples
    --------
    >>> heading_name("3、河道清淤费"), heading_name("三、工作保障措施"), heading_name("3.完成清淤，保障行洪。")
    ('河道清淤费', '', '')
    """
    bare = clean(text)
    number = re.match(r"(?:\d{1,3}[、.．]|[(（][\d一二三四五六七八九十]+[)）])(?!\d)", bare)
    if not number or len(bare) > 50 or re.search("[，。；：！]", bare):
        return ""
    return bare[number.end() :].removesuffix("绩效目标")


def year_of(text: str) -> int | None:
    """Return the budget year a title or label names: ``2023`` for ``2023年度``."""
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def money(text: str, unit: str) -> float | None:
    """Return an amount in 元; ``unit`` counts where the cell itself names none. None if there is no amount or no unit."""
    match = _AMOUNT.fullmatch(clean(text).rstrip("。"))
    if not match:
        return None
    factor = _FACTOR.get(match[2] or unit)
    # rounded to the fen: 0.07 万元 is 700 元, not 700.0000000000001
    return None if factor is None else round(float(re.sub("[,，]", "", match[1])) * factor, 2)


def _distinct(cells: Sequence[object]) -> list[int]:
    """Positions of a row without the repeats of merged cells."""
    return [i for i in range(len(cells)) if i == 0 or cells[i] is not cells[i - 1]]


@dataclass
class Head:
    """The block above the rows of one table, filled row by row."""

    title: Title | None = None
    unit: str = ""
    pieces: dict[str, list[list[str]]] = field(default_factory=dict)
    period: str = ""
    _label: str = ""
    _label_text: str = ""
    _below: dict[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.pieces)

    def add_caption(self, text: str) -> bool:
        """Take a line such as ``431001井陉县…`` or ``单位：万元``; say whether it was one."""
        bare = clean(text)
        if _ONLY_YEAR.fullmatch(bare):
            self.pieces["year"] = [[bare]]
            return True
        unit, agency = _UNIT.search(bare), _AGENCY.match(re.split(r"(?:金额)?单位[:：]", bare)[0])
        if len(bare) > 60 or not (unit or agency):
            return False
        if unit:
            self.unit = unit[1]
        if agency:
            self.pieces["agency_code"], self.pieces["unit_name"] = [[agency[1]]], [[agency[2]]]
        return True

    def add_row(self, cells: Sequence[object], texts: Sequence[str]) -> bool:
        """Take a row of labels and values; say whether it belongs to a head.

        A blank or merged first cell goes on with the label of the row above; a label may also be cut over two rows.
        """
        spots = _distinct(cells)
        words = [texts[i] for i in spots]
        if not any(word.strip() for word in words):
            return bool(self.pieces)
        below = self._below
        self._below = {}
        for word in words:
            unit = _MONEY_UNIT.search(word)
            if unit and role(word, "head") in MONEY:
                self.unit = unit[1]
        first = words[0].strip()
        whole = role(self._label_text + first, "head") if first and self._label_text else ""
        found = [_label_and_value(word) for word in words]
        if whole and not (found[0][0] and found[0][0] != whole):
            found[0] = (whole, "")
        goes_on = not first or first == self._label_text
        if below and goes_on and not any(key for key, _ in found[1:]):
            for spot in spots:
                if spot in below and texts[spot].strip():
                    self.pieces.setdefault(below[spot], []).append([texts[spot]])
            return True
        if not any(key for key, _ in found):
            if first and not goes_on:
                self._label, self._label_text = "", first
                return False
            if self._label:
                self._store(self._label, words[1:] if goes_on and first else words)
                return True
            return False
        if first:
            self._label, self._label_text = found[0][0], first
            self.period = period(first) if found[0][0] in ("goal", "long_goal") else self.period
        self._take(found, spots)
        return True

    def _take(self, found: list[tuple[str, str]], spots: list[int]) -> None:
        keys = [i for i, (key, _) in enumerate(found) if key]
        for n, i in enumerate(keys):
            key, inline = found[i]
            end = keys[n + 1] if n + 1 < len(keys) else len(found)
            values = [inline] if inline else []
            values += [value for _, value in found[i + 1 : end]]
            if any(value.strip() for value in values):
                self._store(key, values)
            elif i and key in ("goal", "long_goal"):
                self._below[spots[i]] = key

    def _store(self, key: str, values: Sequence[str]) -> None:
        if key in MONEY and not re.match(r"\s*-?[\d.]", "".join(values)):
            key = "purpose" if self._label == "purpose" else key
        self.pieces.setdefault(key, []).append([value for value in values if value.strip()])

    def add_text(self, text: str) -> bool:
        """Take a line of running text as more of the goal, if the goal was the last label."""
        if self._label not in ("goal", "long_goal"):
            return False
        self.pieces.setdefault(self._label, []).append([text])
        return True

    def text(self, key: str, known: frozenset[str] = frozenset()) -> str:
        """Return what was said under a label, the pieces of cut cells joined."""
        return "".join(clean(join(pieces, known)) for pieces in self.pieces.get(key, []))

    def lines(self, key: str, known: frozenset[str] = frozenset()) -> str:
        """Return a text of several items, one a line; a line that was wrapped is joined to its start."""
        lines: list[str] = []
        for pieces in self.pieces.get(key, []):
            text = join(pieces, known)
            text = re.sub(r"(?<=[。；;，,])\s*(?=(?:\d{1,2}[、.．](?!\d)|目标\d))", "\n", text)
            for raw in text.splitlines():
                line = clean(raw)
                if not line:
                    continue
                opens = _LIST.match(line) or not lines or lines[-1][-1] in "。；;！"
                if opens:
                    lines.append(line)
                else:
                    lines[-1] += line
        return "\n".join(lines)

    def plan(self) -> str:
        """Return the cumulative percentages of the spending plan, joined by /."""
        shares: list[str] = []
        for pieces in self.pieces.get("plan", []):
            text = re.sub(r"\.+", ".", re.sub(r"\s", "", "".join(pieces)))
            shares += re.findall(r"\d{1,3}(?:\.\d+)?[%％]", text)
        return "/".join(share.replace("％", "%") for share in shares)


def _label_and_value(text: str) -> tuple[str, str]:
    if _UNIT.fullmatch(clean(text)):
        return "", text
    key = role(text, "head")
    if key:
        return key, ""
    front, colon, rest = text.partition("：") if "：" in text else text.partition(":")
    if colon and len(front) <= 20:
        inner = re.match(r"\s*(财政拨款|财政资金|其他资金)\s*[:：]?(.*)", rest)
        if front.strip() == "其中" and inner:
            return role(inner[1], "head"), inner[2]
        key = role(front, "head")
        if key and rest.strip():
            return key, rest
    return "", text
