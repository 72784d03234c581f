"""Putting corpora together: the union of what their parts hold, in time linear in the size of the parts."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from perfscore.errors import ConfigError, SchemaError
from perfscore.similar import ranked
from perfscore.threads import together

if TYPE_CHECKING:
    from perfscore.corpus import Corpus

__all__ = ["beside", "gather", "ordered"]

# Added to the id of a project of a reference where a submission has another project of this id.
_OLD = "（语料）"


def gather(parts: Iterable["Corpus"]) -> "Corpus":
    """Merge many corpora, taken one at a time; see ``Corpus.merge_all``.

    Parts wait until they hold as much as what is merged already, so each line is moved a few times at most, and no more
    is kept in memory than twice the result and one part.

    Examples
    --------
    >>> from perfscore.corpus import Corpus
    >>> rows = pd.DataFrame({"project_id": ["a", "b", "c"], "name": ["植树面积", "修路里程", "植树面积"]})
    >>> heads = rows[["project_id"]].assign(doc="文件")
    >>> parts = [Corpus.partial(heads[at : at + 1], rows[at : at + 1]) for at in range(3)]
    >>> gather(iter(parts))
    <Corpus: 3 个项目，2 张不同的表，年度 未知>
    """
    waiting: list[Corpus] = []
    for part in parts:
        if waiting and part.settings != waiting[0].settings:
            raise ConfigError(
                f"语料的设置不同：{waiting[0].settings.unlike(part.settings)}；请用相同的设置重新建立其中一个"
            )
        waiting.append(part)
        if sum(map(_size, waiting[1:])) > _size(waiting[0]):
            waiting = [_union(waiting)]
    if not waiting:
        raise SchemaError("没有要合并的语料；请至少给出一个")
    return _union(waiting)


def beside(reference: "Corpus", submission: "Corpus") -> "Corpus":
    """Put a submission beside a reference; see ``Corpus.with_submission``."""
    known = reference.projects
    taken = known["project_id"].isin(submission.projects["project_id"])
    if not taken.any():
        return gather([reference, submission])
    new = submission.projects.set_index("project_id")[["identity", "year"]].reindex(known["project_id"]).reset_index()
    same_year = known["year"].eq(new["year"]).fillna(False) | (known["year"].isna() & new["year"].isna())
    revised = taken & known["identity"].eq(new["identity"]).fillna(False) & same_year
    ids, others = known["project_id"], {*known.loc[~taken, "project_id"], *submission.projects["project_id"]}
    while (clash := taken & ids.isin(others)).any():
        ids = ids.mask(clash, ids + _OLD)
    return gather([replace(reference, projects=known.assign(project_id=ids)[~revised]), submission])


def _size(corpus: "Corpus") -> int:
    return len(corpus.projects) + len(corpus.tables) + len(corpus.rows) + len(corpus.strings)


def _union(parts: Sequence["Corpus"]) -> "Corpus":
    """The union of some corpora of the same settings."""
    if len(parts) == 1:
        return parts[0]
    projects, tables, rows, strings, goals = together(
        lambda: _projects([part.projects for part in parts]),
        lambda: _tables([part.tables for part in parts]),
        lambda: _once([part.rows for part in parts], "row"),
        lambda: _once([part.strings for part in parts], "string"),
        lambda: _once([part.goals for part in parts], "goal"),
    )
    return type(parts[0])(projects, tables, rows, strings, goals, parts[0].settings)


def _once(frames: list[pd.DataFrame], key: str) -> pd.DataFrame:
    """Keep each thing once, in order of its hash."""
    together = pd.concat(frames, ignore_index=True)
    return together.take(np.unique(together[key].to_numpy(), return_index=True)[1]).reset_index(drop=True)


def _tables(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Take the rows of each table from the first part that holds it: a row may stand in a table twice."""
    together = pd.concat(frames, ignore_index=True)
    part = np.repeat(np.arange(len(frames)), [len(frame) for frame in frames])
    _, first, table = ranked(together["table"].to_numpy())
    kept = np.flatnonzero(part == part[first][table])
    # The rows of a table are in order in each part.
    return together.take(kept[np.argsort(table[kept], kind="stable")]).reset_index(drop=True)


def _projects(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Keep each project once, in order of its id; refuse one that differs between two parts."""
    together = ordered(pd.concat(frames, ignore_index=True), "project_id")
    again = together["project_id"].duplicated()
    if not again.any():
        return together
    differs = together[together["project_id"].duplicated(keep=False)].drop_duplicates()["project_id"]
    differs = differs[differs.duplicated()]
    if len(differs):
        name = differs.iloc[0]
        years = together.loc[together["project_id"] == name, "year"].astype("str").fillna("未知").unique()
        of = f"（年度 {'、'.join(years)}）" if len(years) > 1 else ""
        raise SchemaError(f"项目 {name} 在两个语料中内容不同{of}；请改项目标识或去掉其中一个")
    return together[~again].reset_index(drop=True)


def ordered(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Sort a frame by some columns and number its lines anew."""
    return frame.sort_values(list(columns), ignore_index=True)
