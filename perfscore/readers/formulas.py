"""Formulas that left nothing to read in their cell: computed to an error, or saved before they were computed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from perfscore.readers.addresses import column_letters

__all__ = ["Formulas"]

_NAMED = 5
_Place = tuple[int, int]


@dataclass
class Formulas:
    """Where on one sheet they stand: row and column, counted from 0.

    Examples
    --------
    >>> list(Formulas(errors=[(1, 3)]).notes("工作表 一"))
    [('工作表 一', '1 个公式的结果是错误值（D2），读成了空白', '请改正公式，或填上结果后再读')]
    """

    uncomputed: list[_Place] = field(default_factory=list)
    errors: list[_Place] = field(default_factory=list)

    def notes(self, place: str) -> Iterator[tuple[str, str, str]]:
        """Yield what to say of them in ``unread``."""
        if self.uncomputed:
            reason = f"{len(self.uncomputed)} 个公式没有保存计算结果（{_named(self.uncomputed)}），读成了空白"
            yield place, reason, "请用 Excel 或 WPS 打开，保存后再读"
        if self.errors:
            reason = f"{len(self.errors)} 个公式的结果是错误值（{_named(self.errors)}），读成了空白"
            yield place, reason, "请改正公式，或填上结果后再读"


def _named(cells: list[_Place]) -> str:
    shown = "、".join(f"{column_letters(column)}{row + 1}" for row, column in cells[:_NAMED])
    return shown + (" 等" if len(cells) > _NAMED else "")
