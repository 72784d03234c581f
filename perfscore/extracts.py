"""Tables that perfscore has written, read again: the same projects, rows and unread places come back.

``perfscore extract`` writes them, and ``perfscore score`` into a folder; what the score says in them is not read. Workbooks
and folders part one reading into several tables; they are put together by ``project_id``. A csv file cannot tell a blank
cell from a column that the form lacks: what is blank in all rows of a project is taken as lacking.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from perfscore.exports import from_frame, from_rows, numbers, standard
from perfscore.lexicon import derived, table
from perfscore.readers.blocks import Document, Grid
from perfscore.results import SKIPPED, TWICE
from perfscore.schema import ACCEPTED, BASELINE, COPIES, GRADES, INDICATORS, PROJECTS, UNREAD, Table, conform

__all__ = ["Parts", "from_document", "from_table", "kind_of", "of_rows", "put_together"]

_SIGNS = {
    "findings": {"project_id", "code", "defect", "severity"},
    "copies": {"group", "project_id", "representative"},
    "baseline": {"project_code", "category", "name", "code"},
    "indicators": {"doc", "project_id", "row_no", "name", "value"},
    "projects": {"doc", "project_id", "project_name", "n_rows"},
    "unread": {"doc", "place", "reason", "advice"},
}
"""The columns by which a table of our own is known; the first three say nothing of a target table."""
_ADDED = ("category", "kind", "official", "left_out", "judged")
ALONE = ("这是读取结果的项目表，没有同时给出指标明细", "请与 indicators 文件一起读取")


@dataclass(frozen=True)
class Parts:
    """Frames of one file, with the columns of ``schema``; those that the file does not hold are empty.

    ``own`` says whether perfscore wrote the file.
    """

    doc: str
    own: bool
    projects: pd.DataFrame
    indicators: pd.DataFrame
    unread: pd.DataFrame

    @classmethod
    def of(
        cls,
        projects: list[pd.DataFrame],
        indicators: list[pd.DataFrame],
        unread: list[pd.DataFrame],
        doc: str = "",
        own: bool = False,
    ) -> "Parts":
        """Put frames of each table into one."""
        return cls(doc, own, _all(projects, PROJECTS), _all(indicators, INDICATORS), _all(unread, UNREAD))

    def ids(self) -> list[str]:
        """The projects whose rows the file holds."""
        return self.indicators["project_id"].drop_duplicates().tolist()

    def without(self, ids: list[str]) -> "Parts":
        """The same file without some projects; it says so in ``unread``."""
        left_out = pd.DataFrame([(self.doc, name, *TWICE) for name in ids], columns=list(UNREAD))
        projects, rows = (frame[~frame["project_id"].isin(ids)] for frame in (self.projects, self.indicators))
        return Parts(self.doc, self.own, projects, rows, _all([self.unread, left_out], UNREAD))


def from_document(document: Document) -> Parts | None:
    """Return the tables of our own that a document consists of; None if it holds anything else.

    Examples
    --------
    >>> from perfscore.readers import read_bytes
    >>> text = "doc,project_id,row_no,name,value\\na.docx,a.docx#1,1,清淤长度,≥3公里\\n"
    >>> parts = from_document(read_bytes(text.encode(), "indicators.csv")[0])
    >>> parts.indicators[["doc", "name", "value"]].values.tolist()
    [['a.docx', '清淤长度', '≥3公里']]
    """
    frames = [_frame(block) if isinstance(block, Grid) else None for block in document.blocks]
    found = [frame for frame in frames if frame is not None]
    return _parts(found, document.name) if found and len(found) == len(frames) else None


def from_table(frame: pd.DataFrame, doc: str) -> Parts:
    """Return a frame of our own, or one of rows as data platforms export them.

    Raises
    ------
    SchemaError
        it is neither
    """
    kind = _kind(frame)
    if kind not in ("", "indicators"):
        return _parts([frame], doc)
    return of_rows(standard(frame), doc, kind != "")


def of_rows(rows: pd.DataFrame, doc: str, own: bool) -> Parts:
    """Return ``standard`` rows; ``own`` says whether perfscore wrote them.

    Raises
    ------
    SchemaError
        they are no rows of indicators
    """
    projects, indicators = from_rows(rows, doc)
    return Parts.of([projects], [indicators], [], doc, own)


def put_together(parts: Iterable[Parts]) -> Parts:
    """Fill what is told of a project in one file into the project whose rows another file holds."""
    parts = list(parts)
    both = Parts.of([p.projects for p in parts], [p.indicators for p in parts], [p.unread for p in parts])
    projects, rows = both.projects, both.indicators
    known = projects["project_id"].isin(rows["project_id"])
    alone = projects.loc[~known, "doc"].drop_duplicates().to_frame()
    alone["reason"], alone["advice"] = ALONE
    groups = projects[known].groupby("project_id", sort=False)
    order = rows["project_id"].drop_duplicates()
    merged = groups.first().reindex(order).reset_index() if len(order) else projects[known]
    merged["n_rows"] = merged["project_id"].map(rows["project_id"].value_counts())
    return Parts.of([merged], [rows], [both.unread, alone])


def _all(frames: list[pd.DataFrame], columns: Table) -> pd.DataFrame:
    filled = [conform(frame, columns) for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else conform(pd.DataFrame(columns=list(columns)), columns)


@derived
def _columns() -> dict[str, str]:
    tables = (GRADES, INDICATORS, ACCEPTED, COPIES, BASELINE, UNREAD, _ADDED)
    return {name: name for columns in tables for name in columns} | {
        entry["header"]: entry["column"] for entry in table("extract_headers.tsv")
    }


def _frame(grid: Grid) -> pd.DataFrame | None:
    """A grid whose every heading is one of our own, as a frame; blank cells are missing."""
    names = [_columns().get(cell.text.strip(), "") for cell in grid.rows[0]] if grid.rows else []
    if not all(names) or len(set(names)) < len(names):
        return None
    lines = [[cell.text or None for cell in row] + [None] * (len(names) - len(row)) for row in grid.rows[1:]]
    frame = pd.DataFrame(lines, columns=names, dtype=object)
    return frame if _kind(frame) else None


def _kind(frame: pd.DataFrame) -> str:
    return kind_of(map(str, frame.columns))


def kind_of(columns: Iterable[str]) -> str:
    """Say which table of our own has these columns; "" if it is none.

    Examples
    --------
    >>> kind_of(["group", "project_id", "representative"]), kind_of(["三级指标", "指标值"])
    ('copies', '')
    """
    present = set(columns)
    return next((kind for kind, signs in _SIGNS.items() if signs <= present), "")


def _parts(frames: list[pd.DataFrame], doc: str) -> Parts:
    kept: dict[str, list[pd.DataFrame]] = {kind: [] for kind in _SIGNS}
    for frame in frames:
        kept[_kind(frame)].append(frame)
    projects = [_numbers(frame, PROJECTS) for frame in kept["projects"]]
    indicators = []
    for frame in kept["indicators"]:
        if len(frame):
            heads, rows = from_frame(_blanks(_numbers(frame, INDICATORS)), doc)
            projects.append(heads)
            indicators.append(rows)
    unread = [frame[frame["reason"] != SKIPPED[0]] for frame in kept["unread"]]
    return Parts.of(projects, indicators, unread, doc, True)


def _numbers(frame: pd.DataFrame, columns: Table) -> pd.DataFrame:
    found = {
        name: numbers(frame[name].astype("str").str.replace(",", ""))
        for name, column in columns.items()
        if name in frame and column.kind != "text"
    }
    return frame.assign(**found)


def _blanks(frame: pd.DataFrame) -> pd.DataFrame:
    """Blank cells of a column that the project's form has."""
    texts = [name for name in ("level1", "level2", "name", "description", "value", "basis") if name in frame]
    has = frame[texts].notna().groupby(frame["project_id"], sort=False).transform("any")
    has["name"] = has["value"] = True
    return frame.assign(**{name: frame[name].mask(has[name] & frame[name].isna(), "") for name in texts})
