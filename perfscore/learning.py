"""From PROJECTS and INDICATORS to the tables of a corpus: every distinct thing once, in order of its hash."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from perfscore.content import Cells, distinct_rows, distinct_tables
from perfscore.errors import SchemaError
from perfscore.identity import distinct_goals, heads, positions
from perfscore.merging import ordered
from perfscore.places import Places
from perfscore.similar import Int
from perfscore.threads import together

__all__ = ["Learnt", "learn"]

_BOTH = "请写 Corpus.fit(targets.projects, targets.indicators)"


class Learnt(NamedTuple):
    """The tables of a corpus (see ``Corpus``), and the same by position."""

    projects: pd.DataFrame
    tables: pd.DataFrame
    rows: pd.DataFrame
    strings: pd.DataFrame
    goals: pd.DataFrame
    known: Places


def learn(projects: pd.DataFrame, indicators: pd.DataFrame | None) -> Learnt:
    """Learn from some projects and all their rows; parameters and errors as in ``Corpus.partial``."""
    if indicators is None:
        raise SchemaError(f"没有给出指标表；{_BOTH}")
    for frame, what in ((projects, "项目表"), (indicators, "指标表")):
        if not isinstance(frame, pd.DataFrame):
            raise SchemaError(f"{what}应为 DataFrame，得到 {type(frame).__name__}；{_BOTH}")
        if "project_id" not in frame:
            raise SchemaError(f"{what}缺少列 project_id；现有列 {'、'.join(map(str, frame.columns))}")

    def held() -> tuple[pd.DataFrame, Int]:
        kept = heads(projects)
        return kept, positions(kept["project_id"], indicators["project_id"])

    (kept, at), cells = together(held, lambda: Cells.of(indicators))
    row = cells.row
    table, found, lines = distinct_tables(row, at, len(kept))
    (rows, placed, tables), strings, kept, goals = together(
        lambda: distinct_rows(cells, row, lines),
        cells.strings,
        lambda: ordered(kept.assign(table=table), "project_id"),
        lambda: distinct_goals(projects),
    )
    listed = pd.DataFrame({"table": np.repeat(found, tables.lengths), "row": rows["row"].to_numpy()[tables.items]})
    return Learnt(kept, listed, rows, strings, goals, Places(cells.vocabulary.texts, cells.masked, placed, tables))
