"""What stands above the rows of a target table: title, unit, money, purpose, spending plan, goal, year."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from perfscore.cuts import join
from perfscore.head_cells import MONEY, NUMBER, UNIT, is_labelled, label_and_value, money
from perfscore.headers import clean, fold, money_unit, period, role
from perfscore.titles import Title, year_of

__all__ = ["Head"]

_IDENTITY = ("project_name", "project_code")
_NAMING = (*_IDENTITY, "agency", "unit_name", "year")
_AGENCY = re.compile(
    r"^(?:[\[【(（]?(\d{3,9})[\]】)）]?)\s*[-—_]?\s*((?![年月日])[\u4e00-\u9fff][\u4e00-\u9fff（）()、]{2,40})$"
)
_ONLY_YEAR = re.compile(r"[(（]?20\d\d年?度?[)）]?")
_OF_MONEY = re.compile(r"[^。；;]{0,10}(?:预算|资金|金额|投资|经费|总额)[^。；;]{0,14}", re.DOTALL)
_AFTER_ITEM = re.compile(r"(?<=[。；;，,])\s*(?=(?:\d{1,2}[、.．](?!\d)|目标\d))")
_ITEM = re.compile(r"^(?:目标\s*\d+|[(（]?\d{1,2}\s*[)）.．、:：]|[(（]?[一二三四五六七八九十]+[)）、]|[①-⑳])")


def _a_year(text: str) -> int | None:
    return year_of(text) if re.fullmatch(r"20\d\d年(?:度|预算)?", clean(text)) else None


_GOALS = ("goal", "overall_goal", "annual_goal", "long_goal")


def _goal_key(key: str, label: str) -> str:
    """The goal of the year apart from the one of all years, where the label tells; every other key as it is."""
    if key != "goal":
        return key
    bare = re.split("[:：]", label, maxsplit=1)[0]
    time = period(bare) or ("总体" if "总目标" in fold(bare) else "")
    return {"总体": "overall_goal", "年度": "annual_goal"}.get(time, key)


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
    _is_spoken: bool = False
    _below: dict[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.pieces)

    def again(self) -> "Head":
        """Return what this head says of all projects of a list: unit of money, year and agency, but nothing of its own."""
        shared = {key: said for key, said in self.pieces.items() if key in ("agency", "agency_code", "unit_name")}
        if year := self.year():
            shared["year"] = [[f"{year}年"]]
        return Head(unit=self.unit, pieces=shared)

    def year(self) -> int | None:
        """Return the budget year under a label, in a line by itself or in the title."""
        return year_of(self.text("year")) or (self.title.year if self.title else None)

    def tells(self) -> bool:
        """Say whether a goal, money or what it is for is told, which belongs to one project."""
        return any(key in self.pieces for key in (*_GOALS, *MONEY, "purpose"))

    def names_another(self, fresh: "Head") -> bool:
        """Say whether what comes names another project than this head."""
        return any(fresh.text(key) and self.text(key) not in ("", fresh.text(key)) for key in _IDENTITY)

    def differs(self, fresh: "Head") -> bool:
        """Say whether what comes opens the next project: it names one, or tells under a label of this head another thing.

        The same once more is only printed again on the next page.
        """
        for key in (*_IDENTITY, "goal", "overall_goal", "annual_goal", "budget"):
            if fresh.text(key) and self.text(key):
                return fresh.text(key) != self.text(key)
        return any(fresh.text(key) for key in _IDENTITY)

    def add_caption(self, text: str) -> bool:
        """Take a line such as ``431001井陉县…`` or ``单位：万元``; say whether it was one."""
        bare = clean(text)
        year = next((part for part in _parts(text) if _ONLY_YEAR.fullmatch(clean(part))), "")
        if year:
            self.pieces["year"] = [[clean(year)]]
        if year and clean(year) == bare:
            return True
        named = self._add_named(text)
        if len(bare) > 60:
            return named
        unit, agency = UNIT.search(bare), _AGENCY.match(re.split(r"(?:金额)?单位[:：]", bare)[0])
        if unit:
            self.unit = unit[1]
        if agency:
            self.pieces["agency_code"], self.pieces["unit_name"] = [[agency[1]]], [[agency[2]]]
        return bool(named or unit or agency or year)

    def _add_named(self, text: str) -> bool:
        """Take what a line of text tells of the project: ``项目名称：清淤``, ``填报单位：云河县水务局　单位：万元``."""
        if self._add_spoken(text):
            return True
        parts = [NUMBER.sub("", part) for part in _parts(text)]
        found = [(*label_and_value(part), money_unit(part)) for part in parts]
        told = [(key, value, unit) for key, value, unit in found if key in MONEY and money(value, "元") is not None]
        found = [(*label_and_value(UNIT.sub("", part)), "") for part in parts]
        told += [(key, value, unit) for key, value, unit in found if key in _NAMING and value.strip()]
        for key, value, unit in told:
            self.pieces.setdefault(key, [[value]])
            self.unit = unit or self.unit
        return bool(told)

    def _add_spoken(self, text: str) -> bool:
        """Take a goal, or what the money is for, that a paragraph tells behind its label: ``（三）年度绩效目标：…``."""
        front, colon, value = NUMBER.sub("", text).replace(":", "：", 1).partition("：")
        key = _goal_key(role(front, "head"), front) if colon and len(front) <= 20 else ""
        if key != "purpose" and key not in _GOALS:
            return False
        self.pieces.setdefault(key, [[value]] if value.strip() else [])
        self._label, self._label_text, self._is_spoken = key, front, True
        self.period = period(front) if key in _GOALS else self.period
        return True

    def add_row(self, cells: Sequence[object], texts: Sequence[str]) -> bool:
        """Take a row of labels and values; say whether it belongs to a head.

        A blank or merged first cell goes on with the label of the row above; a label may also be cut over two rows.
        """
        spots = _distinct(cells)
        words = [self._without_unit(texts[i]) for i in spots]
        if not any(word.strip() for word in words):
            return bool(self.pieces)
        below = self._below
        self._below = {}
        for word in words:
            unit = money_unit(word)
            if unit and (role(word, "head") in MONEY or (not self.unit and _OF_MONEY.fullmatch(word))):
                self.unit = unit
        first = words[0].strip()
        whole = role(self._label_text + first, "head") if first and self._label_text else ""
        found = [(_goal_key(key, word), value) for word in words for key, value in [label_and_value(word)]]
        if whole and not (found[0][0] and found[0][0] != _goal_key(whole, self._label_text + first)):
            found[0] = (_goal_key(whole, self._label_text + first), "")
        goes_on = not first or first == self._label_text
        if below and (goes_on or spots[0] in below) and not any(key for key, _ in found[int(goes_on) :]):
            for spot in spots:
                if spot in below and texts[spot].strip() and not (goes_on and spot == spots[0]):
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
            self._label, self._label_text, self._is_spoken = found[0][0], first, False
            self.period = period(first) if found[0][0] in _GOALS else self.period
        self._take(found, spots)
        return True

    def _without_unit(self, text: str) -> str:
        """Note the unit of money that a cell names at its end, and return the rest: ``填报单位：水务局　单位：万元``."""
        caption = re.search(r"(?:^|\s)" + UNIT.pattern + r"\s*$", text)
        if not caption:
            return text
        self.unit = caption[1]
        return text[: caption.start()]

    def _take(self, found: list[tuple[str, str]], spots: list[int]) -> None:
        keys = [i for i, (key, _) in enumerate(found) if key]
        side_by_side = len(keys) > 1 and all(key in _GOALS and not value for key, value in found)
        for n, i in enumerate(keys):
            key, inline = found[i]
            if key in _GOALS:
                # the form has a place for it, though it may be blank
                self.pieces.setdefault("long_goal" if key == "long_goal" else "goal", [])
            end = keys[n + 1] if n + 1 < len(keys) else len(found)
            values = [inline] if inline else []
            values += [value for _, value in found[i + 1 : end]]
            if any(value.strip() for value in values):
                self._store(key, values)
            elif key in _GOALS and (i or side_by_side):
                self._below[spots[i]] = key

    def _store(self, key: str, values: Sequence[str]) -> None:
        if key in MONEY and not re.match(r"\s*-?[\d.]", "".join(values)):
            key = "purpose" if self._label == "purpose" else key
        said, pieces = self.pieces.setdefault(key, []), [value for value in values if value.strip()]
        if pieces not in said:  # printed above each half of a form
            said.append(pieces)

    def add_text(self, text: str) -> bool:
        """Take a line of running text as more of the goal, if the goal was the last label."""
        if self._label not in _GOALS or (self._is_spoken and is_labelled(text)):
            return False
        self.pieces.setdefault(self._label, []).append([text])
        return True

    def goal(self, known: frozenset[str] = frozenset()) -> str | None:
        """Return the goal; ``None`` if the form has no place for one.

        Of two goals the one of the year counts, which the indicators and the budget of the year belong to: an overall
        goal is left out where an annual one stands beside it, and a long-term goal where there is any other.
        """
        if not any(key in self.pieces for key in _GOALS):
            return None
        said = [part for key in self.pieces if key in _GOALS[:-1] for part in self._parts_of_goal(key, known)]
        if {"overall_goal", "annual_goal"} <= {key for key, _, text in said if text}:
            return "\n".join(text for key, _, text in said if text and key != "overall_goal")
        return "\n".join(line for _, line, _ in said) or self.lines("long_goal", known)

    def _parts_of_goal(self, key: str, known: frozenset[str]) -> Iterator[tuple[str, str, str]]:
        """The lines of a goal: which goal each belongs to, as printed, and without the label that begins another."""
        here = key
        for line in self.lines(key, known).splitlines():
            inner, text = label_and_value(line) if key != "annual_goal" else ("", line)
            inner = _goal_key(inner, line).replace("long", "overall")
            here, text = (inner, text) if inner in ("overall_goal", "annual_goal") else (here, line)
            yield here, line, text

    def text(self, key: str, known: frozenset[str] = frozenset()) -> str:
        """Return what was said under a label, the pieces of cut cells joined."""
        return "".join(clean(join(pieces, known)) for pieces in self.pieces.get(key, []))

    def lines(self, key: str, known: frozenset[str] = frozenset()) -> str:
        """Return a text of several items, one a line; a line that was only wrapped is joined to its start."""
        texts = [_AFTER_ITEM.sub("\n", join(pieces, known)) for pieces in self.pieces.get(key, [])]
        printed = [line for text in texts for line in map(clean, text.splitlines()) if line]
        full = max(map(len, printed), default=0)
        lines: list[str] = []
        for before, line in zip(["", *printed], printed, strict=False):
            wrapped = before and len(before) > max(12, full - 3) and before[-1] not in "。；;！"
            if wrapped and not _ITEM.match(line):
                lines[-1] += line
            else:
                lines.append(line)
        return "\n".join(lines)

    def amount(self, key: str, unit: str, year: int | None = None) -> float | None:
        """Return the first amount under a label in 元; ``unit`` counts where neither cell nor head names one.

        Of amounts for several years that of the budget year counts.
        """
        said = self.pieces.get(key, [])
        of_year = [pieces for pieces in said if any(_a_year(piece) == year for piece in pieces)] if year else []
        cells = [piece for pieces in of_year or said for piece in pieces]
        return next((found for cell in cells if (found := money(cell, self.unit or unit)) is not None), None)

    def plan(self) -> str:
        """Return the cumulative percentages of the spending plan, joined by /."""
        shares: list[str] = []
        for pieces in self.pieces.get("plan", []):
            text = re.sub(r"\.+", ".", re.sub(r"\s", "", "".join(pieces)))
            shares += re.findall(r"\d{1,3}(?:\.\d+)?[%％]", text)
        return "/".join(share.replace("％", "%") for share in shares)


def _parts(text: str) -> list[str]:
    """The parts of a line that wide blanks set apart."""
    return [part for part in re.split(r"\s{2,}|\t|\u3000", text) if part.strip()]
