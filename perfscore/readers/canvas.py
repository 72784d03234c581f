"""A table under construction: cells are put where they stand, with what they cover, and come out as a Grid."""

from collections.abc import Callable

from perfscore.errors import ReadError
from perfscore.readers.blocks import Cell, Grid
from perfscore.readers.limits import MAX_CELLS, MAX_TEXT

__all__ = ["Canvas"]


class Canvas:
    """Cells by position; the first cell put at a position keeps it.

    Parameters
    ----------
    address : gives the place of the cell at (row, column), both counted from 0

    Examples
    --------
    >>> canvas = Canvas(lambda row, column: f"第{row + 1}行第{column + 1}列")
    >>> canvas.put(0, 0, "产出指标", n_rows=2)
    >>> canvas.put(1, canvas.free(1), "数量指标")
    >>> grid = canvas.grid("表1")
    >>> [[cell.text for cell in row] for row in grid.rows]
    [['产出指标', ''], ['产出指标', '数量指标']]
    >>> grid.rows[0][0] is grid.rows[1][0]
    True
    """

    def __init__(self, address: Callable[[int, int], str]) -> None:
        self._address = address
        self._rows: list[list[Cell | None]] = []
        self._area = self._width = 0

    def cell(self, row: int, column: int, text: str) -> Cell:
        """Return a new cell that knows its place; overlong text is cut where Excel would cut it, with a mark."""
        text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        return Cell(text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…", self._address(row, column))

    def at(self, row: int, column: int) -> Cell | None:
        """Return the cell at a position, if any was put there."""
        if row < len(self._rows) and column < len(self._rows[row]):
            return self._rows[row][column]
        return None

    def free(self, row: int, column: int = 0) -> int:
        """Return the first column from ``column`` on that no cell covers in this row."""
        while self.at(row, column) is not None:
            column += 1
        return column

    def put(self, row: int, column: int, cell: Cell | str, n_rows: int = 1, n_columns: int = 1) -> None:
        """Put a cell, or a text as a new cell, over ``n_rows`` by ``n_columns`` positions.

        Raises
        ------
        ReadError : the table, blanks between its cells included, would become larger than ``MAX_CELLS``
        """
        self._area += n_rows * n_columns
        self._width = max(self._width, column + n_columns)
        if max(self._area, max(len(self._rows), row + n_rows) * max(self._width, 1)) > MAX_CELLS:
            raise ReadError(
                f"表格超过{MAX_CELLS}个单元格",
                "请删去远处的零散单元格，或拆分后再读；指标明细可用 pandas 存成 .parquet 再读，大小不限",
            )
        cell = self.cell(row, column, cell) if isinstance(cell, str) else cell
        while len(self._rows) < row + n_rows:
            self._rows.append([])
        for line in self._rows[row : row + n_rows]:
            line.extend([None] * (column + n_columns - len(line)))
            for position in range(column, column + n_columns):
                if line[position] is None:
                    line[position] = cell

    def grid(self, place: str) -> Grid:
        """Return the table, every position that was left out as a blank cell."""
        return Grid(
            tuple(
                tuple(
                    (line[column] if column < len(line) else None) or self.cell(row, column, "")
                    for column in range(self._width)
                )
                for row, line in enumerate(self._rows)
            ),
            place,
        )
