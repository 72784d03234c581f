"""Frames of rows as data platforms export them: one row an indicator, the project named beside it, codes for signs."""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfscore import similar
from perfscore.columnar import each_distinct
from perfscore.errors import SchemaError
from perfscore.head_cells import money
from perfscore.headers import PERIODS, YES, money_unit, role, sign_of, unnumbered
from perfscore.project_keys import PROJECT, YEAR, dated, filled, of_years, project_key, with_ids
from perfscore.schema import INDICATORS, PROJECTS, conform
from perfscore.titles import year_of

__all__ = [
    "NUMBERS",
    "TEXTS",
    "from_frame",
    "from_rows",
    "keyed",
    "known",
    "numbers",
    "prepared",
    "require",
    "standard",
    "tables",
]

_HEADS = (
    "project_name",
    "project_code",
    "agency",
    "agency_code",
    "division",
    "year",
    "budget",
    "fiscal",
    "other",
    "purpose",
    "goal",
    "plan",
)
_COLUMNS = {**INDICATORS, **{name: PROJECTS[name] for name in _HEADS}}
TEXTS = frozenset(name for name, column in _COLUMNS.items() if column.kind == "text")
NUMBERS = frozenset({"row_no", "weight", "year", "budget", "fiscal", "other"})
_MONEY = ("budget", "fiscal", "other")
_EXACT = 2.0**53  # whole numbers below are exact as floats


def from_frame(frame: pd.DataFrame, doc: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bring a frame of indicator rows into PROJECTS and INDICATORS.

    Column names may be those of ``schema``, of the national export ``PM_PERF_INDICATOR`` in either case, or any header
    of ``headers.tsv``. Rows marked deleted (``is_deleted`` 1; 2 is *not* deleted) or kept as backup are left out, sign
    codes become signs, sign, value and unit become one value. Projects are told apart by ``project_id``, else by code,
    else by name and agency; a row that tells none belongs to the project above, as in a merged cell. Money is in 元 unless
    its column or cell names another unit.

    Parameters
    ----------
    frame : one row an indicator
    doc : name for ``doc`` where the frame has no such column

    Raises
    ------
    SchemaError
        no column holds the name of the indicator, its value, or what project it belongs to

    Examples
    --------
    >>> rows = pd.DataFrame({"PRO_CODE": ["A1", "A1"], "LV3_PERF_IND_NAME": ["清淤长度", "旧行"], "COMPUTESIGN": [1, 1],
    ...                      "INDEXVAL": ["3", "4"], "METERUNIT": ["公里", "公里"], "IS_DELETED": [2, 1]})
    >>> projects, indicators = from_frame(rows, "export.csv")
    >>> indicators[["name", "value"]].values.tolist(), projects["project_code"].tolist()
    ([['清淤长度', '≥3公里']], ['A1'])
    """
    return from_rows(standard(frame), doc)


def from_rows(rows: pd.DataFrame, doc: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bring ``standard`` rows, all of a document, into PROJECTS and INDICATORS; errors as in ``from_frame``."""
    require(rows.columns)
    rows = filled(rows)
    return tables(with_ids(prepared(dated(rows, of_years(rows)), doc)))


def standard(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows under the names of ``schema``, each cell as text by itself; money as numbers, in 元.

    Money is in 元 unless the column or the cell names another unit. Of several columns that say the same the first counts.
    """
    given = frame.loc[:, ~frame.columns.astype("str").duplicated()].rename(columns=str)
    taken = known(given.columns)
    units = {name: money_unit(column) for column, name in taken.items()}
    rows = given[list(taken)].rename(columns=taken)
    texts = {name: _text(rows[name]) for name in taken.values()}
    for name in _MONEY:
        if name in texts:
            texts[name] = each_distinct(texts[name].fillna(""), partial(money, unit=units[name] or "元"), "float64")
    return rows.assign(**texts)


def prepared(rows: pd.DataFrame, doc: str) -> pd.DataFrame:
    """Make of ``standard`` rows what the tables hold, of each by itself: any run of the rows of a file gives the same.

    Deleted rows are left out. ``key`` says what project of its document a row belongs to.
    """
    rows = keyed(rows, doc)
    rows["name"] = each_distinct(rows["name"], unnumbered)
    rows["value"] = _values(rows)
    if "period" in rows:
        rows["period"] = rows["period"].replace(PERIODS)
    for name in rows:
        if name == YEAR:
            rows[name] = each_distinct(rows[name], year_of, "float64")
        elif name in NUMBERS:
            rows[name] = numbers(rows[name])
    return rows[[name for name in rows if name == "key" or name in TEXTS or name in NUMBERS]]


def numbers(column: pd.Series) -> pd.Series:
    """Return a column as numbers; what is none, or no finite one, is missing.

    Examples
    --------
    >>> numbers(pd.Series(["10", "inf", "十"])).tolist()
    [10.0, nan, nan]
    """
    codes, cells = pd.factorize(column, use_na_sentinel=False)
    found = pd.to_numeric(pd.Series(cells), errors="coerce").astype("float64")
    return found.where(np.isfinite(found)).take(codes).set_axis(column.index) + 0.0  # a zero has no sign


def require(columns: Iterable[str]) -> None:
    """Make sure that these columns, under the names of ``schema``, hold indicators.

    Raises
    ------
    SchemaError
        as in ``from_frame``
    """
    present = list(map(str, columns))
    if missing := [name for name in ("name", "value") if name not in present]:
        raise SchemaError(f"缺少列 {'、'.join(missing)}；现有列 {'、'.join(present)}；请补上或改名")
    if not any(name in present for name in PROJECT):
        raise SchemaError("没有标明项目的列（project_id、项目代码或项目名称）；请补上")


def keyed(rows: pd.DataFrame, doc: str) -> pd.DataFrame:
    """Leave out the deleted rows and name document (``doc``) and project (``key``) of each of the others."""
    for column in ("deleted", "backup"):
        if column in rows:
            rows = rows[~rows[column].str.strip().str.lower().isin(YES)]
    rows = rows.reset_index(drop=True)
    docs = rows["doc"].fillna(doc) if "doc" in rows else pd.Series(doc, index=rows.index, dtype="str")
    return rows.assign(doc=docs, key=project_key(rows))


def tables(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make PROJECTS and INDICATORS of numbered rows; of each project, all its rows."""
    owner, ids = pd.factorize(rows["project_id"])
    rows = rows.assign(row_no=_row_numbers(rows, owner))
    return _projects(rows, owner, len(ids)), conform(rows, INDICATORS)


def _row_numbers(rows: pd.DataFrame, owner: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.int64]:
    """Count the rows of each project, in the order of the numbers they bear if no two of it bear the same."""
    place, order = np.arange(len(rows)), np.argsort(owner, kind="stable")
    if "row_no" in rows:
        printed = pd.to_numeric(rows["row_no"], errors="coerce").to_numpy(float, na_value=np.nan)
        order = np.lexsort((printed, owner))
        unclear, above, below = np.isnan(printed), order[:-1], order[1:]
        unclear[below] |= (printed[below] == printed[above]) & (owner[below] == owner[above])
        if unclear.any():
            unclear = np.bincount(owner, unclear) > 0
            order = np.lexsort((np.where(unclear[owner], place, printed), owner))
    counts = np.bincount(owner)
    numbers = np.empty(len(rows), np.int64)
    numbers[order] = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    return numbers


def known(columns: Iterable[str]) -> dict[str, str]:
    """Return the name in ``schema`` of each column that has one; of two of the same name, the first.

    指标内容 and the like name the indicator only where no other column does.
    """
    columns = list(columns)
    named = any(role(column, "table") == "name" for column in columns)
    taken: dict[str, str] = {}
    for column in columns:
        name = column if column in INDICATORS or column in PROJECTS else _canonical(column)
        if named and role(column, "table") == "name?description":
            name = "description"
        if name and name not in taken.values():
            taken[column] = name
    return taken


def _canonical(column: str) -> str:
    found = role(column, "table") or role(column, "head")
    return {
        "name?description": "name",
        "operator?nature": "operator",
        "unit_name": "agency",
        "other_money": "other",
        "number": "row_no",
    }.get(found, found)


def _text(column: pd.Series) -> pd.Series:
    """A column as text: whole numbers without .0, missing stays missing."""
    if column.dtype == "str":
        return column
    if pd.api.types.infer_dtype(column, skipna=True) == "string":
        return column.astype("str").where(column.notna())
    if pd.api.types.is_integer_dtype(column):
        codes, found = pd.factorize(column)
        return pd.Series([*map(str, found.tolist()), None], dtype="str").take(codes).set_axis(column.index)
    if pd.api.types.is_float_dtype(column):
        whole = ((column % 1 == 0) & (column.abs() < _EXACT)).fillna(False).astype(bool)
        texts = column.astype("str").mask(whole, column.where(whole).astype("Int64").astype("str"))
        return texts.where(column.notna())
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _text(column.astype(column.cat.categories.dtype))
    return pd.Series([*map(_spelt, column)], column.index, dtype="str")


def _spelt(cell: Any) -> str | None:
    """A cell as text, whatever stands in the other cells of its column."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    if isinstance(cell, float | Decimal) and isfinite(cell):
        if cell == int(cell) and abs(int(cell)) < _EXACT:
            return str(int(cell))
        return f"{cell.normalize():f}" if isinstance(cell, Decimal) else str(cell)
    if isinstance(cell, list | dict | np.ndarray):
        return str(cell)
    return None if pd.isna(cell) else str(cell).removesuffix(" 00:00:00")


def _values(frame: pd.DataFrame) -> pd.Series:
    """Sign, value and unit as one text; put together once for all rows that say the same."""
    said = {name: frame[name].fillna("") for name in ("value", "operator", "unit") if name in frame}
    number, first = similar.numbered(*(pd.factorize(texts)[0] for texts in said.values()))
    parts = {name: texts.take(first).str.strip() for name, texts in said.items()}
    value: pd.Series = parts["value"]
    if "operator" in parts:
        sign = each_distinct(parts["operator"], sign_of)
        value = sign.where((value != "") & ~value.str.match(r"[≥≤><＞＜=＝]"), "") + value
    if "unit" in parts:
        pairs = pd.Series(
            [one if one and not text.endswith(one) else "" for text, one in zip(value, parts["unit"], strict=True)],
            index=value.index,
        )
        value = value + pairs.where(value != "", "")
    return value.take(number).set_axis(frame.index)


def _projects(rows: pd.DataFrame, owner: npt.NDArray[np.integer[Any]], count: int) -> pd.DataFrame:
    """Take from the rows of each project the first that says something of it, column by column."""
    columns = {}
    for name in ("project_id", "doc", "project_no", *_HEADS):
        if name in rows:
            known = np.flatnonzero(rows[name].notna())
            first = np.full(count, -1)
            first[owner[known][::-1]] = known[::-1]
            columns[name] = pd.Series(pd.api.extensions.take(rows[name].array, first, allow_fill=True))
    columns["n_rows"] = pd.Series(np.bincount(owner, minlength=count))
    return conform(pd.DataFrame(columns), PROJECTS)
