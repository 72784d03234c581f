"""Which project a row of a table of rows belongs to: what is told of it, filled down, told apart by year, and numbered."""

from typing import Any

import numpy as np
import pandas as pd

from perfscore import similar
from perfscore.columnar import each_distinct
from perfscore.titles import year_of

__all__ = ["PROJECT", "YEAR", "blank", "dated", "filled", "lacks", "named", "of_years", "project_key", "with_ids"]

PROJECT = ("project_id", "project_code", "project_name", "agency", "division", "project_no")
"""What tells projects apart: the id, else the code, else the others together."""
YEAR = "year"
"""Tells the table of one year from that of another."""


def blank(column: pd.Series) -> "pd.Series[bool]":
    """Which cells of a column of text say nothing."""
    return column.isna() | (column == "") | column.str.isspace()


def lacks(rows: pd.DataFrame) -> bool:
    """Whether a cell is blank that may be filled."""
    return any(blank(rows[name]).any() for name in (*PROJECT, YEAR) if name in rows)


def filled(rows: pd.DataFrame) -> pd.DataFrame:
    """Fill down what tells the project, as in merged cells.

    A row goes on with the project above if its id is the same as there, or all that would tell its project is blank or the
    same; its blank cells are filled then.
    """
    names = [name for name in (*PROJECT, YEAR) if name in rows]
    missing = {name: blank(rows[name]) for name in names}
    if not any(cells.any() and not cells.all() for cells in missing.values()):
        return rows
    columns = [rows[name].astype(object).where(~missing[name], None).tolist() for name in names]
    above: tuple[Any, ...] = (None,) * len(names)
    done = []
    for own in zip(*columns, strict=True):
        pairs = [*zip(own, above, strict=True)]
        same = names[0] == PROJECT[0] and own[0] is not None and own[0] == above[0]
        goes_on = same or all(mine is None or mine == theirs for mine, theirs in pairs)
        above = tuple(theirs if mine is None else mine for mine, theirs in pairs) if goes_on else own
        done.append(above)
    told = dict(zip(names, zip(*done, strict=True), strict=True))
    return rows.assign(**{name: pd.Series(told[name], rows.index, dtype="str") for name in names})


def of_years(rows: pd.DataFrame) -> set[str]:
    """The ids that rows of several years bear: systems keep the id of a project that goes on."""
    if PROJECT[0] not in rows or YEAR not in rows:
        return set()
    pairs = pd.DataFrame({"id": rows[PROJECT[0]], "year": _year(rows)})
    pairs = pairs[~blank(pairs["id"]) & (pairs["year"] != "")].drop_duplicates()
    return set(pairs.loc[pairs["id"].duplicated(), "id"])


def dated(rows: pd.DataFrame, ids: set[str]) -> pd.DataFrame:
    """Tell the tables of several years of a project apart: its id gets the year."""
    if not ids:
        return rows
    year = _year(rows)
    own = rows[PROJECT[0]].isin(ids) & (year != "")
    return rows.assign(project_id=rows[PROJECT[0]].mask(own, rows[PROJECT[0]] + "（" + year + "）"))


def _year(rows: pd.DataFrame) -> "pd.Series[str]":
    """The year of each row as text; empty where none is told."""
    return each_distinct(rows[YEAR].fillna(""), lambda text: str(year_of(text) or ""))


def project_key(rows: pd.DataFrame) -> "pd.Series[str]":
    """What tells the project of each row: its id, else its code and year, else all else and the year together."""
    if "project_id" in rows and not blank(rows["project_id"]).any():
        return rows["project_id"]
    key = pd.Series("", rows.index, dtype="str")
    year = "\x1f" + _year(rows) if YEAR in rows else ""
    others = [rows[name].fillna("") for name in PROJECT[2:] if name in rows]
    if others:
        number, first = similar.numbered(*(pd.factorize(texts)[0] for texts in others))
        parts = zip(*(texts.take(first).tolist() for texts in others), strict=True)
        joined = ["\x1f".join(said) if any(said) else "" for said in parts]
        key = pd.Series(joined, dtype="str").take(number).set_axis(rows.index)
        key = (key + year).where(key != "", "")
    if "project_code" in rows:
        key = ("\x1f" + rows["project_code"] + year).mask(blank(rows["project_code"]), key)
    if "project_id" in rows:
        key = rows["project_id"].mask(blank(rows["project_id"]), key)
    return key


def named(rows: pd.DataFrame) -> "pd.Series[str]":
    """Document and project of each row as one text."""
    return rows["doc"].str.len().astype("str") + ":" + rows["doc"] + rows["key"]


def with_ids(rows: pd.DataFrame) -> pd.DataFrame:
    """Number the projects of keyed rows as they appear in their document, and name those that have no id."""
    owner, _ = pd.factorize(named(rows))
    first = pd.DataFrame({"doc": rows["doc"], "owner": owner}).drop_duplicates("owner")
    number = (first.groupby("doc", sort=False).cumcount() + 1).to_numpy(np.int64)[owner]
    position = rows["doc"] + "#" + pd.Series(number).astype("str")
    given = rows.get("project_id", position)
    return rows.assign(project_no=number, project_id=given.mask(blank(given), position))
