"""The projects of a corpus: which is which, whose it is, of what year, and what its goal says."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from perfscore.content import EMPTY, Vocabulary, distinct_cells
from perfscore.errors import SchemaError
from perfscore.similar import U64, Int, combine
from perfscore.texts import Texts
from perfscore.titles import undated_all

__all__ = ["distinct_goals", "heads", "positions"]

_HEADS = ("doc", "agency", "project_code", "project_name", "goal", "division")


def heads(projects: pd.DataFrame) -> pd.DataFrame:
    """Return what is kept of each project, in the order given.

    ``owner`` is the agency within its region: bare names (教育局) are those of every county. Where the agency is unknown it
    is the document, or of a table of rows, which holds projects of anybody, the project itself. ``identity`` says which
    project it is of its owner: by code, else by name, else by project_id; so the long-term and the annual table of a
    project are one project. ``title`` is agency, region and name without a year, to find a project in another year; 0
    where agency or name are unknown. ``region`` and ``goal`` are hashes of their texts.

    Raises
    ------
    SchemaError
        a year is no whole number
    """
    vocabulary = Vocabulary.of(projects, _HEADS)
    doc, agency, code, name, goal, region = (vocabulary.column(column) for column in _HEADS)
    ids = projects["project_id"].astype("str").reset_index(drop=True)
    unnamed = name == EMPTY
    key = np.where(code == EMPTY, name, code)
    key[unnamed & (code == EMPTY)] = _hashed(ids[unnamed & (code == EMPTY)])
    owner = np.where(agency == EMPTY, doc, agency)
    alone = np.flatnonzero(agency == EMPTY)
    alone = alone[_own_ids(ids.take(alone), projects["doc"].take(alone) if "doc" in projects else None)]
    owner[alone] = _hashed(ids.take(alone))
    owner = combine(owner, region)
    used = vocabulary.used("project_name")
    at = np.searchsorted(used, vocabulary.codes["project_name"])
    names = vocabulary.texts.take(used).to_arrow()
    undated = Texts.of(undated_all(names)).hashes()
    return pd.DataFrame(
        {
            "project_id": ids,
            "year": _years(projects).reset_index(drop=True),
            "identity": combine(owner, key),
            "title": np.where((agency != EMPTY) & ~unnamed, combine(owner, undated[at]), np.uint64(0)),
            "owner": owner,
            "region": region,
            "goal": goal,
            "name": names.take(pa.array(at)).to_pandas(),
        }
    )


def _hashed(texts: "pd.Series[str]") -> U64:
    return Texts.of(pa.array(texts)).hashes()


def _own_ids(ids: "pd.Series[str]", docs: "pd.Series[Any] | None") -> npt.NDArray[np.bool_]:
    """Tell which ids are given by a table of rows, not by the place in a document (``a.docx#1``)."""
    if docs is None:
        return np.ones(len(ids), bool)
    pairs = zip(ids.tolist(), docs.astype("str").fillna("").tolist(), strict=True)
    return np.array([not one.startswith(f"{doc}#") for one, doc in pairs], bool)


def _years(projects: pd.DataFrame) -> "pd.Series[Any]":
    if "year" not in projects:
        return pd.Series(pd.NA, index=projects.index, dtype="Int64")
    try:
        return projects["year"].astype("Int64")
    except (TypeError, ValueError, pa.ArrowException) as error:
        raise SchemaError(
            f"项目表的 year 列应为整数年份，如 2024；得到 {projects['year'].dtype} 类型的其他内容"
        ) from error


def positions(projects: "pd.Series[str]", indicators: "pd.Series[str]") -> Int:
    """Position in ``projects`` of the project of each row.

    Raises
    ------
    SchemaError
        a row belongs to no project, or a project stands twice
    """
    known, ids = distinct_cells(projects)
    if (known < 0).any():
        raise SchemaError("有项目没有 project_id；请补上")
    if (twice := np.bincount(known, minlength=1)).max() > 1:
        raise SchemaError(f"项目 {ids[int(twice.argmax())]} 出现两次；project_id 应唯一")
    codes, found = distinct_cells(indicators)
    if (codes < 0).any():
        raise SchemaError("有指标行没有 project_id；请补上")
    ids = ids.take(pa.array(known))
    if found.equals(ids):
        return codes.astype(np.int64)
    at = pc.index_in(found, ids).fill_null(-1).to_numpy(zero_copy_only=False)
    if (at < 0).any():
        raise SchemaError(f"指标行的 project_id {found[int(np.argmin(at))]} 在项目表中没有；请一并给出项目")
    return np.asarray(at[codes], np.int64)


def distinct_goals(projects: pd.DataFrame) -> pd.DataFrame:
    """Return each distinct goal once, but no empty one: ``goal`` (hash) and folded ``text``, in order of hash."""
    vocabulary = Vocabulary.of(projects, ("goal",))
    said = np.flatnonzero(vocabulary.hashes != EMPTY)
    return pd.DataFrame({"goal": vocabulary.hashes[said], "text": vocabulary.texts.take(said).to_arrow().to_pandas()})
