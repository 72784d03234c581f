"""From tables to what rules see: categories and kinds of value for each row, distinct rows and projects as records.

Text is factorised first: what is found out of a text is found once per distinct text.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from perfscore.distinct import Column, Later, Rows
from perfscore.names import bare, category_of, official_rows
from perfscore.quantity import parse
from perfscore.records import Project, Row
from perfscore.schema import INDICATORS, conform
from perfscore.similar import Int, numbered
from perfscore.text import normalise, squash

__all__ = ["describe", "distinct_rows", "enrich", "projects_of"]

HEAD = ("project_id", "doc", "project_name", "agency", "year", "budget", "purpose", "goal")
CONTENT = ("level1", "level2", "name", "description", "value", "basis", "category")


def enrich(indicators: pd.DataFrame, described: pd.DataFrame | None = None) -> pd.DataFrame:
    """Add what is known of each row: category, kind of value, and whether it can be judged.

    Columns are added, never changed: ``category`` (canonical second-level class), ``kind`` (kind of the value), ``official``
    (a row the budget system writes by itself), ``left_out`` (official, or the long-term half of a form that prints the
    annual half beside it), ``judged`` (readable and not left out).

    Parameters
    ----------
    indicators : INDICATORS
    described : what ``describe`` finds of them, if that is known already

    Examples
    --------
    >>> row = {"doc": "a", "project_id": "a#1", "row_no": 1, "level2": "数量指标", "name": "植树数量", "value": "≥300株"}
    >>> enrich(pd.DataFrame([row]))[["category", "kind"]].iloc[0].tolist()
    ['数量', 'count']
    """
    frame = conform(indicators, INDICATORS, keep_extra=True)
    found = describe(frame) if described is None else described
    left_out = found["official"] | (frame["period"] == "总体").fillna(False).to_numpy(bool)
    return frame.assign(
        category=found["category"],
        kind=found["kind"],
        official=found["official"],
        left_out=left_out,
        judged=found["readable"] & ~left_out,
    )


def describe(frame: pd.DataFrame) -> pd.DataFrame:
    """Find ``category``, ``kind`` (of the value), ``official`` and ``readable`` of rows by their texts alone."""
    codes, first = numbered(*(_factorized(frame[name])[0] + 1 for name in ("level2", "level1")))
    labels = frame.loc[first, ["level2", "level1"]].fillna("").itertuples(index=False, name=None)
    categories = [category_of(level2, level1) for level2, level1 in labels]
    listed = official_rows()
    name, names = _factorized(frame["name"])
    value, values = _factorized(frame["value"])
    # A missing text has code -1, the last one: it is as an empty one.
    bared = [*map(bare, names), ""]
    return pd.DataFrame(
        {
            "category": _spread(categories, codes),
            "kind": _spread([parse(text).kind for text in (*values, "")], value),
            "official": np.array([text in listed for text in bared])[name],
            "readable": np.array([*map(_readable, bared)])[name],
        }
    )


def _readable(name: str) -> bool:
    """A name is readable if it is blank (a defect, not a reading fault) or holds letters and no replacement character."""
    return not name or ("\ufffd" not in name and any(map(str.isalpha, name)))


def _spread(answers: list[str], codes: Int) -> "pd.Series[str]":
    return pd.Series(pd.array(answers, dtype="str").take(codes))


def _factorized(texts: pd.Series) -> tuple[Int, list[str]]:
    codes, distinct = pd.factorize(texts)
    return np.asarray(codes, np.int64), distinct.tolist()


def distinct_rows(indicators: pd.DataFrame) -> tuple[Rows, Int]:
    """Return the distinct rows, and for each indicator the position of its row among them."""
    coded = {name: _factorized(indicators[name]) for name in CONTENT}
    number, first = numbered(*(codes + 1 for codes, _ in coded.values()))

    def column(name: str, change: Callable[[str], Any], missing: str | None = "") -> Column:
        """The cells of a column, changed once per text; a missing one has code -1, the last."""
        codes, texts = coded[name]
        return Column.of(codes[first], [*map(change, texts), missing])

    value = column("value", normalise)
    columns = {
        "level1": column("level1", lambda text: squash(normalise(text))),
        "level2": column("level2", lambda text: squash(normalise(text))),
        "name": column("name", normalise),
        "description": column("description", normalise, None),
        "value": value,
        "basis": column("basis", normalise, None),
        "category": column("category", str),
        "quantity": Column(value.codes, Later(parse, value.cells)),
    }
    return Rows(columns), number


def projects_of(
    projects: pd.DataFrame,
    rows: Rows,
    number: Int,
    owner: Int,
    row_no: Int,
    chosen: Int,
    unread: Mapping[str, tuple[Row, ...]],
) -> Iterator[Project]:
    """Yield some projects with their rows, as the rules of project scope see them.

    Parameters
    ----------
    projects : PROJECTS
    rows : distinct rows
    number, owner, row_no : of each indicator its row among these, the position of its project, and its printed number
    chosen : positions of the projects that are wanted
    unread : by project_id the rows of which only labels could be read
    """
    order = np.lexsort((row_no, owner))
    bounds = np.searchsorted(owner[order], np.arange(len(projects) + 1))
    wanted = projects.take(chosen)
    heads = (pa.array(wanted[name], from_pandas=True).to_pylist() for name in HEAD)
    rows.records(np.unique(number[np.isin(owner, chosen)]))  # made together
    for at, (project_id, doc, name, agency, year, budget, purpose, goal) in zip(
        chosen.tolist(), zip(*heads, strict=True), strict=True
    ):
        held = order[bounds[at] : bounds[at + 1]]
        yield Project(
            project_id=project_id or "",
            doc=doc or "",
            name=normalise(name or ""),
            agency=agency or "",
            year=None if year is None else int(year),
            budget=budget,
            purpose=normalise(purpose or ""),
            goal=None if goal is None else normalise(goal),
            rows=tuple(rows.records(number[held])),
            row_nos=tuple(row_no[held].tolist()),
            unread=unread.get(project_id, ()),
        )
