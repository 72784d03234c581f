"""Tables by their content: every string, row and table of PROJECTS and INDICATORS as a 64-bit hash of what it says.

The same content has the same hash wherever it stands and whoever reads it. Cells are folded first (``similar.canonical``), so
a blank, a full-width digit or another spelling of ≥ makes no difference; the order of the rows of a table makes none either.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfscore import lexicon
from perfscore.errors import SchemaError
from perfscore.similar import U64, Int, Ragged, canonical, combine, hashes, mask, mix

__all__ = ["CELLS", "EMPTY", "Cells", "distinct_tables", "heads", "positions"]

CELLS = ("name", "description", "value", "basis")
EMPTY = hashes([""])[0]
SATISFACTION = "满意"


@dataclass(frozen=True, slots=True)
class Text:
    """One text column by distinct strings: ``codes`` point into the folded ``texts``; a missing cell counts as empty."""

    codes: Int
    texts: list[str]

    @classmethod
    def of(cls, column: pd.Series) -> "Text":
        """Fold the distinct strings of a column."""
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes, found = column.cat.codes.to_numpy(), column.cat.categories
        else:
            codes, found = pd.factorize(column)
        # A missing cell has code -1, the last entry.
        return cls(codes.astype(np.int64), canonical([*map(str, found), ""]))

    @property
    def hashes(self) -> U64:
        """Hash of each cell."""
        return hashes(self.texts)[self.codes]

    def where(self, texts: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Spread a mark on the distinct texts to the cells."""
        return texts[self.codes]


def _text(frame: pd.DataFrame, column: str) -> Text:
    if column in frame:
        return Text.of(frame[column])
    return Text(np.zeros(len(frame), np.int64), [""])


@dataclass(frozen=True, slots=True)
class Cells:
    """The rows of INDICATORS as hashes.

    Attributes
    ----------
    columns : the four text columns
    kept, masked : column -> hash of each cell, as it is and with numbers masked
    comparable : whether a row counts when tables are compared: not a satisfaction row, not written by the budget system
    """

    columns: dict[str, Text]
    kept: dict[str, U64]
    masked: dict[str, U64]
    comparable: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, indicators: pd.DataFrame) -> "Cells":
        """Hash the rows; columns the frame lacks count as empty."""
        columns = {name: _text(indicators, name) for name in CELLS}
        kept = {name: column.hashes for name, column in columns.items()}
        masked = {name: hashes(mask(column.texts))[column.codes] for name, column in columns.items()}
        official = set(canonical(sorted(lexicon.words("official_rows.tsv"))))
        left_out = columns["name"].where(np.array([text in official for text in columns["name"].texts]))
        for label in ("level1", "level2", "category"):
            column = _text(indicators, label)
            left_out |= column.where(np.array([SATISFACTION in text for text in column.texts]))
        return cls(columns, kept, masked, ~left_out)

    @property
    def row(self) -> U64:
        """Hash of each row: its four cells, and whether it is comparable."""
        return combine(*self.kept.values(), self.comparable.astype(np.uint64))

    def key(self, masked: bool) -> U64:
        """Hash of each row without its basis; masked: name and description with numbers masked, without the value."""
        return template_key(self.masked) if masked else row_key(self.kept)

    def strings(self) -> pd.DataFrame:
        """Return each distinct string once: ``string``, ``masked`` (hashes) and ``text``, in order of hash."""
        texts = sorted(set().union(*(column.texts for column in self.columns.values())))
        frame = pd.DataFrame(
            {"string": hashes(texts), "masked": hashes(mask(texts)), "text": pd.Series(texts, dtype="str")}
        )
        return frame.sort_values("string", ignore_index=True)


def row_key(cells: dict[str, U64]) -> U64:
    """Key of a row as it is: name, description, value."""
    return combine(cells["name"], cells["description"], cells["value"])


def template_key(masked: dict[str, U64]) -> U64:
    """Key of the template of a row: name and description with numbers masked."""
    return combine(masked["name"], masked["description"])


def positions(projects: pd.Series, indicators: pd.Series) -> Int:
    """Position in ``projects`` of the project of each row.

    Raises
    ------
    SchemaError
        a row belongs to no project, or a project stands twice
    """
    index = pd.Index(projects.astype("str"))
    if not index.is_unique:
        raise SchemaError(f"项目 {index[index.duplicated()][0]} 出现两次；project_id 应唯一")
    codes, found = pd.factorize(indicators)
    at = index.get_indexer(pd.Index(found).astype("str"))
    if (at < 0).any():
        raise SchemaError(f"指标行的 project_id {found[at < 0][0]} 在项目表中没有；请一并给出项目")
    if (codes < 0).any():
        raise SchemaError("有指标行没有 project_id；请补上")
    return at.astype(np.int64)[codes]


def heads(projects: pd.DataFrame) -> pd.DataFrame:
    """Return what is kept of each project, in the order given.

    ``identity`` says which project it is within its agency (or document, if the agency is unknown): by code, else by name, else
    by project_id; so the long-term and the annual table of a project are one project. ``title`` is agency and name, to find a
    project in another year; 0 where either is unknown. ``goal`` is the hash of the goal text.
    """
    kept = {name: _text(projects, name).hashes for name in ("doc", "agency", "project_code", "project_name", "goal")}
    ids = pd.Series(projects["project_id"].astype("str"))
    owner = np.where(kept["agency"] == EMPTY, kept["doc"], kept["agency"])
    named = np.where(kept["project_name"] == EMPTY, hashes(ids.tolist()), kept["project_name"])
    known = (kept["agency"] != EMPTY) & (kept["project_name"] != EMPTY)
    missing = pd.Series(pd.NA, index=projects.index)
    return pd.DataFrame(
        {
            "project_id": ids,
            "year": projects.get("year", missing).astype("Int64"),
            "identity": combine(owner, np.where(kept["project_code"] == EMPTY, named, kept["project_code"])),
            "title": np.where(known, combine(kept["agency"], kept["project_name"]), np.uint64(0)),
            "goal": kept["goal"],
            **{
                new: projects.get(old, missing).astype("str").fillna("")
                for new, old in (
                    ("agency", "agency"),
                    ("doc", "doc"),
                    ("division", "division"),
                    ("name", "project_name"),
                )
            },
        }
    ).reset_index(drop=True)


def distinct_tables(row: U64, project: Int, count: int) -> tuple[U64, pd.DataFrame]:
    """Return the table hash of each of ``count`` projects, and the rows of each distinct table once (``table``, ``row``)."""
    if (np.diff(project) < 0).any():
        order = np.argsort(project, kind="stable")
        row, project = row[order], project[order]
    lengths = np.bincount(project, minlength=count)
    rows = Ragged.of(lengths, row)
    table = np.zeros(count, np.uint64)
    filled = np.flatnonzero(lengths)
    if len(filled):
        table[filled] = mix(np.add.reduceat(mix(row), rows.bounds[filled]))
    found, first = np.unique(table[filled], return_index=True)
    sample = rows.take(filled[first])
    frame = pd.DataFrame({"table": np.repeat(found, sample.lengths), "row": sample.items})
    return table, frame.sort_values(["table", "row"], ignore_index=True)
