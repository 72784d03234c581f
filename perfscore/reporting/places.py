"""Find the cell of a document that a finding is about, so that it can be written back beside it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from perfscore.columns import find_header
from perfscore.headers import clean, role
from perfscore.readers.blocks import Cell, Document, Grid

__all__ = ["Places", "locate"]

Key = tuple[str, int]  # project_id, row_no
_ROW_FIELDS = ("name", "description", "value", "basis", "level1", "level2", "weight")


@dataclass
class Places:
    """Where the cells of the rows and of the heads of projects stand: place by field."""

    rows: dict[Key, dict[str, str]] = field(default_factory=dict)
    heads: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, finding: Mapping[Any, Any]) -> str:
        """Return the place of a finding; ``""`` if it could not be found.

        A finding on a whole table whose field has no cell stands at the heading of the table's indicators.
        """
        if finding["row_no"] == "":
            head = self.heads.get(finding["project_id"], {})
            return head.get(finding["field"]) or head.get("", "")
        cells = self.rows.get((finding["project_id"], finding["row_no"]), {})
        return cells.get(finding["field"]) or cells.get("name", "")


def locate(document: Document, indicators: pd.DataFrame) -> Places:
    """Find the cells of the rows of one document, each in the printed row that its ``place`` is in.

    Parameters
    ----------
    document : what the reader made of the file
    indicators : the INDICATORS read from it
    """
    rows = indicators.sort_values(["project_no", "row_no"]).astype(object)
    waiting: dict[str, list[dict[Any, Any]]] = {}
    for row in rows.where(rows.notna(), "").to_dict("records"):
        waiting.setdefault(row["place"], []).append(row)
    places = Places()
    head: list[Sequence[Cell]] = []
    for cells, spots in _printed_rows(document):
        own: dict[str, dict[Any, Any]] = {}  # a form may print two periods side by side
        for place in dict.fromkeys(cell.place for cell in cells):
            for row in waiting.get(place, ()):  # several where the name is merged down: one a printed row
                own.setdefault(row["period"], row)
        for row in own.values():
            waiting[row["place"]].remove(row)
            if row["project_id"] not in places.heads:
                places.heads[row["project_id"]] = _head_places(head)
                head = []
            places.rows[row["project_id"], row["row_no"]] = _row_places(row, cells, spots)
        if not own:
            head.append(cells)
    return places


Spots = Mapping[str, Sequence[int]]


def _printed_rows(document: Document) -> Iterator[tuple[Sequence[Cell], Spots]]:
    """Yield every row of every table with the columns that the last header gave it; a header row with none."""
    spots: dict[str, list[int]] = {}
    for grid in document:
        if not isinstance(grid, Grid):
            continue
        texts = [[cell.text for cell in row] for row in grid.rows]
        at = 0
        while at < len(texts):
            header = find_header(texts, at)
            height = header[1] if header else 1
            if header:
                spots = {}
                for column, name in enumerate(header[0].roles):
                    spots.setdefault(name, []).append(column)
            for row in grid.rows[at : at + height]:
                yield row, {} if header else spots
            at += height


def _squash(text: str) -> str:
    return re.sub(r"\s", "", clean(text))


def _at(cells: Sequence[Cell], spots: Spots, name: str) -> list[Cell]:
    return [cells[column] for column in spots.get(name, ()) if column < len(cells)]


def _row_places(row: Mapping[Any, Any], cells: Sequence[Cell], spots: Spots) -> dict[str, str]:
    places = {}
    for name in _ROW_FIELDS:
        found = _at(cells, spots, name)
        same = [cell for cell in found if _squash(cell.text) == _squash(str(row[name]))]
        if found:
            places[name] = (same or found)[0].place
    return places


def _head_places(rows: Sequence[Sequence[Cell]]) -> dict[str, str]:
    """The cells above the first row of a table: the value beside each label; under ``""`` where the table begins."""
    places: dict[str, str] = {}
    for cells in rows:
        distinct = list(dict.fromkeys(cells))
        for at, cell in enumerate(distinct):
            name = role(re.split("[:：]", cell.text, maxsplit=1)[0], "head")
            glued = len(re.split("[:：]", cell.text, maxsplit=1)) > 1
            beside = cell if glued or at + 1 == len(distinct) else distinct[at + 1]
            if name:
                places[name] = beside.place
    if "unit_name" in places:
        places.setdefault("agency", places["unit_name"])
    header = next((cells for cells in reversed(rows) if find_header([[cell.text for cell in cells]])), None)
    first = header or (rows[-1] if rows else ())
    places[""] = next((cell.place for cell in first if cell.text.strip()), "")
    return places
