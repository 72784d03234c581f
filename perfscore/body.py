"""The rows below a header: which table each belongs to, and what page breaks tore off is put back."""

import re
from collections.abc import Iterable, Sequence

from perfscore import pages
from perfscore.columns import Columns, find_header
from perfscore.head_cells import label_and_value
from perfscore.headers import SIGNS, clean, fold, is_amount, role
from perfscore.heads import Head
from perfscore.layout import Layout
from perfscore.projects import Table
from perfscore.readers.blocks import Cell, Grid
from perfscore.reading import Reading
from perfscore.rows import Record

__all__ = ["FOOT", "Body", "place_of", "words_of"]

FOOT = re.compile(
    r"(?:注|备注|说明|填[表报]\w{0,4}|制表\w?|审核\w{0,2}|联系\w{1,2}|\w{0,4}负责人)[\d（）()盖章签字]*[:：].*"
    r"|(?:(?:合|总|小)\s*计|总\s*分)(?:[（(][^（()）]*[)）])?"
)
"""What stands below a table: notes, who filled it in, totals."""
_COUNTING = frozenset("甲乙丙丁戊己庚辛") | {"栏次", "行次", "栏目", "序号"}
_WORDY = 8  # characters: longer than the names of persons and offices
_IDENTITY = ("project_name", "project_code")


class Body:
    """Puts the rows below a header into the table at hand.

    Parameters
    ----------
    reading : the tables of the document
    known : texts that stand whole in the document, for mending cut cells
    year : the budget year of the document, for forms with a value for each of several years
    """

    def __init__(self, reading: Reading, known: frozenset[str], year: int | None = None) -> None:
        self.reading = reading
        self.known = known
        self.year = year
        self.above: tuple[Sequence[Cell], str, int] | None = None
        self.after_head = self.after_header = False
        self.torn: dict[tuple[str, str], str] = {}

    def begin_grid(self, grid: Grid, rows: Sequence[Sequence[str]]) -> None:
        """A grid without header goes on with the table above only if its rows look like it."""
        if not self.reading.now or not self.reading.now.layout:
            return
        layout = self.reading.now.layout
        layout.after_break = bool(self.above and pages.over_page(self.above[1], grid.place))
        if any(find_header(rows, at) for at in range(min(len(rows), 12))):
            return
        rest = layout.after_break and self.above and layout.is_rest(rows[0], _texts(self.above[0]))
        own = [row for row in rows[1 if rest else 0 :] if (words := words_of(row))[1:] and not FOOT.fullmatch(words[0])]
        strange = self.reading.apart and not any(layout.has_label(row) for row in own)
        if strange or sum(layout.fits(row) for row in own) * 2 < len(own):
            self.reading.close()

    def header(self, columns: Columns, grid: Grid, at: int) -> None:
        """Begin the rows below a header, and report the columns that nothing is read from."""
        now = self.reading.now
        if not now or (now.records and self.reading.heading):  # a line between two headers names another project
            now = self.reading.open(Head(), grid.place)
        self.reading.heading = ""
        level1 = self.reading.level1 or (now.layout.level1 if now.layout else "")
        columns = columns.of_year(now.head.year() or self.year)
        now.layout = Layout.of(columns, now.head.period)
        now.layout.level1, self.reading.level1 = level1, ""
        self.after_head, self.after_header = False, True
        now.layout.after_break = now.layout.repeated = bool(now.records)
        if now.layout.is_guessed and not {"goal", "long_goal"} <= now.head.pieces.keys():
            reason = "左右并列的两组指标没有写明哪组是总体（实施期）、哪组是年度：左边按总体读，右边按年度读"
            advice = "请核对；如是两个项目，请把各项目的表分开再读"
            self.reading.report(place_of(grid.rows[at][0], grid), reason, advice)
        if columns.guessed:
            reason = f"没有认得的指标值栏，按内容把“{columns.guessed}”一栏读作指标值"
            self.reading.report(place_of(grid.rows[at][0], grid), reason, "请核对；需要时在 headers.tsv 中补上表头")
        for i, (cell, name, used) in enumerate(zip(grid.rows[at], columns.names, now.layout.used, strict=False)):
            if name.strip() and not used:
                reason = f"没有读的列“{clean(name)}”：不认识这个表头，或同样的列已有一个"
                note = (place_of(cell, grid), reason, "需要这一列时，请在 headers.tsv 中补上表头")
                below = [clean(row[i].text) for row in grid.rows[at + 1 :] if i < len(row)]
                says = any(text in SIGNS.values() or (is_amount(text) and not text.isdigit()) for text in below)
                wordy = sum(len(text) >= _WORDY for text in below) * 2 > sum(map(bool, below))  # a description, a basis
                missed = says or wordy or role(name, "table") or role(name, "head") or "value" not in columns.roles
                (self.reading.unread if missed else self.reading.minor).append(note)

    def row(self, now: Table, layout: Layout, grid: Grid, at: int) -> bool:
        """Take a row of the table at hand; say whether it was understood."""
        cells: Sequence[Cell] = grid.rows[at]
        texts = _texts(cells)
        # labels are merged from above: a row is where its name is
        own = layout.halves[0][1]["name"][0]
        place = place_of(cells[min(own, len(cells) - 1)], grid)
        words = [text.strip() for text in texts if text.strip()]
        numbered, self.after_header = self.after_header and _counts_columns(words), False
        if numbered:
            return True
        goes_on, self.after_head = self.after_head and not (texts[0].strip() or layout.fits(texts)), False
        if goes_on and now.head.add_row(cells, texts):  # a goal of several rows between the rows of two periods
            self.after_head = True
            return True
        distinct = ["" if i and cell is cells[i - 1] else cell.text for i, cell in enumerate(cells)]
        if label_and_value(words[0])[0] and not (layout.fits(distinct) or layout.starts_at_name(texts)):
            fresh = Head()
            fresh.add_row(cells, texts)
            if now.head.differs(fresh):
                self.reading.open(fresh, place)
            else:
                now.head.add_row(cells, texts)
                self.after_head = True
            return True
        if layout.runs_across(texts) or FOOT.fullmatch(words[0]):
            return True  # a line of text across the table, or a total
        if layout.is_bare_name(texts):
            self.reading.seen += 1
            reason = f"只有一格文字，分不清是指标还是说明，没有读：{words[0][:80]}"
            self.reading.report(place, reason, "如是指标，请写明指标值；如只是说明，不必处理")
            return False
        over, layout.after_break = layout.after_break and not layout.repeated, False
        if (over or layout.repeated) and now.records and self.above and layout.is_rest(texts, _texts(self.above[0])):
            cells, place, over = *self._mended(layout, cells), False
        else:
            self.reading.seen += 1
        if layout.is_unclear(texts):
            reason = f"一格里有几条指标，分不清各自的指标值，按一条读了：{' | '.join(words)[:80]}"
            self.reading.report(place, reason, "请每条指标占一行，或使指标值与指标同样编号、同样分行")
        placed = [self._record(layout, record, over) for record in layout.records(cells, self.known, place)]
        self.above = (cells, place, len(placed)) if all(placed) else None
        if not placed and (named := self._named_alone(layout, texts)):
            reason = f"只有项目栏有字，没有指标，这一行没有读：{named[:80]}"
            self.reading.report(place, reason, "如下面各行是这个项目的指标，请在每一行都写明项目；否则请核对原文这一行")
            return False
        beyond = [text for text in texts[len(layout.roles) :] if text.strip()]
        if all(placed) and not beyond:
            self.reading.understood += 1
            return True
        reason = (
            f"比表头多出单元格：{' | '.join(beyond)[:80]}"
            if beyond
            else f"像指标行但放不进表：{' | '.join(words)[:80]}"
        )
        self.reading.report(place, reason, "请核对原文这一行")
        return False

    def _named_alone(self, layout: Layout, texts: Sequence[str]) -> str:
        """The project that is named in a row with nothing else, unless its name is merged down from the row above."""
        columns = layout.project_columns()
        if any(
            text.strip() for i, text in enumerate(texts) if i not in columns and layout.roles[i : i + 1] != ("number",)
        ):
            return ""
        above = self.reading.now.records[-1].project.values() if self.reading.now and self.reading.now.records else ()
        words = [texts[i].strip() for i in columns if i < len(texts)]
        return " | ".join(word for word in words if word and word not in above)

    def _record(self, layout: Layout, record: Record, over: bool) -> bool:
        """Add a record to the table it belongs to; say whether it could be placed."""
        now = self.reading.now
        assert now is not None
        self._name_whole([record])
        if record.level1 is None and layout.level1:
            record.level1 = layout.level1
        if over and now.records and record.may_go_on(now.records):
            self._mend_project(now, record)
        another = record.is_project_of_its_own(now.records)
        if another or (layout.restarts(now.records, record) and not now.head.title):
            now = self.reading.open(now.head.again() if another else Head(), record.place)
            now.layout = layout
        layout.repeated = False
        if record.is_slot() or record.name or (record.value and record.description):
            now.records.append(record)
        else:
            return False
        return True

    def _mended(self, layout: Layout, rest: Sequence[Cell]) -> tuple[list[Cell], str]:
        """Take back the row above a page break, and return its cells and place with what the break tore off."""
        now, tables = self.reading.now, self.reading.tables
        assert now is not None
        assert self.above is not None
        cells, place, taken = self.above
        del now.records[len(now.records) - taken :]
        if not now.records and tables and tables[-1].layout is now.layout and now.head == tables[-1].head.again():
            self.reading.now = now = tables.pop()  # it seemed another project, for the break tore its name
        self.reading.understood -= 1
        whole = pages.whole_cells(cells, rest)
        for at, key in layout.project_columns().items():
            if at < len(cells) and at < len(rest) and rest[at].text.strip():
                for torn in (cells[at], rest[at]):
                    self.torn[key, torn.text.strip()] = whole[at].text
        self._name_whole(now.records)
        return whole, place

    def _name_whole(self, records: Iterable[Record]) -> None:
        for record in records:
            record.project = {key: self.torn.get((key, text), text) for key, text in record.project.items()}

    def _mend_project(self, now: Table, record: Record) -> None:
        """Join what is named beside the rows above a page break with what goes on below it, in all of these rows."""
        last = now.records[-1].project
        rest = {key: text for key, text in record.project.items() if text and last.get(key) and text != last[key]}
        whole = {**last, **{key: pages.whole_text(last[key], text) for key, text in rest.items()}}
        self.torn = {(key, text): whole[key] for key, text in rest.items()}
        for row in (*now.records, record):
            row.project = dict(whole)
        if rest:
            read = "；".join(clean(whole[key]) for key in rest)[:80]
            self.reading.unread.append(
                (record.place, f"分页处断开的项目栏按接着写的读：{read}", "请核对是不是同一个项目")
            )


def place_of(cell: Cell, grid: Grid) -> str:
    """Return where a cell is: its place in the file, or in the table where the reader knows no more."""
    inside = not grid.place or cell.place.startswith(grid.place)
    return cell.place if inside else f"{grid.place} {cell.place}".strip()


def _counts_columns(words: Sequence[str]) -> bool:
    """Say whether a row below a header only counts the columns: ``1 | 2 | 3``, ``栏次 | 1 | 2``, ``甲 | 乙 | 丙 | 1``."""
    counted = [fold(word).strip("()") for word in words]
    digits = [word for word in dict.fromkeys(counted) if word not in _COUNTING]
    numbers = [int(word) if word.isdecimal() and len(word) < 3 else -1 for word in digits]
    first = numbers[0] if numbers else 1
    return len(counted) > 2 and first in (0, 1, 2) and numbers == list(range(first, first + len(numbers)))


def words_of(texts: Iterable[str]) -> list[str]:
    """The distinct texts of a row."""
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _texts(cells: Iterable[Cell]) -> list[str]:
    return [cell.text for cell in cells]
