"""What a word list asks of its lines, as its header says it.

``# columns: noun dimension`` names the columns. ``# values of dimension: share count (empty)`` says what a cell may be:
``(any)`` is any text, ``(number)`` a positive number or fraction; parts joined by a comma or ``?`` are each one of the
values, and a ``?`` ends a doubtful one. ``# kept: all`` says that no entry may be lost.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Self

from perfscore.errors import LexiconError
from perfscore.suggest import nearest

__all__ = ["ListForm"]

_ANY, _EMPTY, _NUMBER = "(any)", "(empty)", "(number)"
_MEANT = {_ANY: "不空的文字", _EMPTY: "空", _NUMBER: "大于 0 的数（如 100、0.1、1/24）"}
_POSITIVE = re.compile(r"0*[1-9][0-9]*(/0*[1-9][0-9]*)?|(?=.*[1-9])[0-9]+\.[0-9]+")


class ListForm(NamedTuple):
    """What the header of a list asks of its lines.

    Attributes
    ----------
    columns : their names
    values : what the cells of some columns may be
    kept : whether no entry may be lost
    """

    columns: list[str]
    values: dict[str, list[str]]
    kept: bool

    @classmethod
    def of(cls, meta: Mapping[str, str]) -> Self:
        """Return what the lines of a header ask, by what stands before and behind the colon.

        Examples
        --------
        >>> form = ListForm.of({"columns": "noun dimension", "values of dimension": "share count (empty)"})
        >>> form.cells("合格率\\tshare", "measures.tsv"), form.cells("环境", "measures.tsv")
        (('合格率', 'share'), ('环境', ''))
        """
        columns = meta["columns"].split()
        values = {column: meta[key].split() for column in columns if (key := f"values of {column}") in meta}
        return cls(columns, values, meta.get("kept") == "all")

    def cells(self, line: str, where: str) -> tuple[str, ...]:
        """Return the cells of a line, one for each column; ``where`` says in errors where it stands.

        Raises
        ------
        LexiconError
            the line has too many cells, or one that it cannot have
        """
        columns = self.columns
        cells = tuple(cell.strip() for cell in line.split("\t"))
        expected = f"应为 {len(columns)} 列（{' '.join(columns)}），以 Tab 分隔，末尾空列可省"
        if len(cells) > len(columns):
            raise LexiconError(f"词表 {where} 有一行是 {len(cells)} 列：{line}；{expected}")
        if len(cells) == 1 < len(columns) and len(line.split()) > 1:
            raise LexiconError(f"词表 {where} 有一行用空格分隔：{line}；{expected}")
        cells += ("",) * (len(columns) - len(cells))
        if not cells[0]:
            raise LexiconError(f"词表 {where} 有一行第一列是空的：{line.strip()}；{expected}")
        for column, cell in zip(columns, cells, strict=True):
            if column in self.values and not _allowed(cell, self.values[column]):
                values = "、".join(_MEANT.get(value, value) for value in self.values[column])
                raise LexiconError(
                    f"词表 {where} 中“{cells[0]}”的 {column} 是“{cell}”{nearest(cell, self.values[column])}；应为 {values}"
                )
        return cells


def _allowed(cell: str, values: Sequence[str]) -> bool:
    if not cell:
        return _EMPTY in values
    if _ANY in values or (_NUMBER in values and _POSITIVE.fullmatch(cell)):
        return True
    return cell not in _MEANT and all(part in values for part in re.split("[,?]", cell.removesuffix("?")))
