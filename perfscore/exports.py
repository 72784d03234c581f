"""Frames of rows as data platforms export them: one row an indicator, the project named beside it, codes for signs."""

import pandas as pd

from perfscore.errors import SchemaError
from perfscore.headers import PERIODS, YES, money_unit, role, sign_of, unnumbered
from perfscore.heads import money
from perfscore.schema import INDICATORS, PROJECTS, conform

__all__ = ["from_frame"]

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
_MONEY = ("budget", "fiscal", "other")


def from_frame(frame: pd.DataFrame, doc: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bring a frame of indicator rows into PROJECTS and INDICATORS.

    Column names may be those of ``schema``, of the national export ``PM_PERF_INDICATOR`` in either case, or any header
    of ``headers.tsv``. Rows marked deleted (``is_deleted`` 1; 2 is *not* deleted) or kept as backup are left out, sign
    codes become signs, sign, value and unit become one value. Projects are told apart by ``project_id``, else by code,
    else by name and agency. Money is in 元 unless its column or cell names another unit.

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
    frame = _in_yuan(frame)
    for column in ("deleted", "backup"):
        if column in frame:
            frame = frame[~_text(frame[column]).str.lower().isin(YES)]
    missing = [name for name in ("name", "value") if name not in frame]
    if missing:
        raise SchemaError(f"缺少列 {'、'.join(missing)}；现有列 {'、'.join(map(str, frame.columns))}；请补上或改名")
    frame = frame.reset_index(drop=True)
    name = _text(frame["name"])
    frame["name"] = name.map({one: unnumbered(one) for one in name.dropna().unique()})
    frame["value"] = _values(frame)
    if "period" in frame:
        frame["period"] = _text(frame["period"]).replace(PERIODS)
    frame["doc"] = _text(frame["doc"]) if "doc" in frame else doc
    key = _project_key(frame)
    frame["project_no"] = key.groupby(frame["doc"], sort=False).transform(lambda keys: pd.factorize(keys)[0] + 1)
    if "project_id" not in frame:
        frame["project_id"] = frame["doc"] + "#" + frame["project_no"].astype(str)
    frame["project_id"] = _text(frame["project_id"])
    frame["row_no"] = frame.groupby("project_id", sort=False).cumcount() + 1
    if "weight" in frame:
        frame["weight"] = pd.to_numeric(frame["weight"], errors="coerce")
    return _projects(frame), conform(_texts(frame, INDICATORS), INDICATORS)


def _renamed(frame: pd.DataFrame) -> pd.DataFrame:
    taken: dict[str, str] = {}
    for column in map(str, frame.columns):
        name = column if column in INDICATORS or column in PROJECTS else _canonical(column)
        if name and name not in taken.values():
            taken[column] = name
    return frame.rename(columns=str)[list(taken)].rename(columns=taken)


def _in_yuan(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame under our names; money is in 元 unless the column or the cell names another unit."""
    units = {_canonical(column): money_unit(column) for column in reversed(list(map(str, frame.columns)))}
    frame = _renamed(frame)
    for name in _MONEY:
        if name in frame:
            text, unit = _text(frame[name]).fillna(""), units.get(name) or "元"
            frame[name] = text.map({one: money(one, unit) for one in text.unique()}).astype("float64")
    return frame


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
    if pd.api.types.is_float_dtype(column) and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    return column.astype("str").where(column.notna())


def _texts(frame: pd.DataFrame, table: object) -> pd.DataFrame:
    columns = {
        name: _text(frame[name]) if INDICATORS[name].kind == "text" else frame[name]
        for name in INDICATORS
        if name in frame
    }
    return pd.DataFrame(columns, index=frame.index)


def _values(frame: pd.DataFrame) -> pd.Series:
    value = _text(frame["value"]).fillna("").str.strip()
    if "operator" in frame:
        sign = _text(frame["operator"]).fillna("").str.strip()
        sign = sign.map({one: sign_of(one) for one in sign.unique()})
        value = sign.where((value != "") & ~value.str.match(r"[≥≤><＞＜=＝]"), "") + value
    if "unit" in frame:
        unit = _text(frame["unit"]).fillna("").str.strip()
        pairs = pd.Series(
            [one if one and not text.endswith(one) else "" for text, one in zip(value, unit, strict=True)],
            index=frame.index,
        )
        value = value + pairs.where(value != "", "")
    return value


def _project_key(frame: pd.DataFrame) -> pd.Series:
    for name in ("project_id", "project_code"):
        if name in frame:
            return _text(frame[name]).fillna("")
    names = [name for name in ("project_name", "agency", "division", "project_no") if name in frame]
    if not names:
        raise SchemaError("没有标明项目的列（project_id、项目代码或项目名称）；请补上")
    return frame[names].astype("str").agg("\x1f".join, axis=1)


def _projects(frame: pd.DataFrame) -> pd.DataFrame:
    heads = [name for name in _HEADS if name in frame]
    groups = frame.groupby("project_id", sort=False)
    projects = groups[["doc", "project_no", *heads]].first().reset_index()
    projects["n_rows"] = groups.size().to_numpy()
    for name in heads:
        if PROJECTS[name].kind == "text":
            projects[name] = _text(projects[name])
        else:
            projects[name] = pd.to_numeric(projects[name], errors="coerce")
    return conform(projects, PROJECTS)
