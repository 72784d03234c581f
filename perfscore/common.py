"""What a project must know of all others: who copied it, how common its goal and its values are, how others are called.

A corpus holds every row of a batch; what the rules ask of it is little and is found once, for all projects. A part of the
batch is then judged with ``Common.of_projects``, which is small enough to be handed to any process.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from perfscore.columnar import mapped, write_mapped
from perfscore.config import Config
from perfscore.content import EMPTY
from perfscore.corpus import Corpus
from perfscore.neighbours import things_of, units_of
from perfscore.project_names import Names
from perfscore.similar import Int, lookup
from perfscore.threads import together

__all__ = ["Common"]

_PLACE = re.compile(r"[\u4e00-\u9fff]{1,4}?(省|市|县|区|镇|乡|村|街道|社区|小学|中学|学校|幼儿园|医院|卫生院|林场)")


@dataclass(frozen=True, eq=False)
class Common:
    """What is common in a batch of projects, as far as the rules ask.

    Attributes
    ----------
    projects : a project a line: ``project_id``, ``year`` (it is compared in), ``same_goal`` and ``near_goal`` (other
        projects whose goal is the same, and nearly the same), ``scope`` (among which projects names are looked for),
        ``unit`` (whose tables are filled in side by side)
    copied : a copy a line: ``project_id``, ``kind``, ``peer``, ``label`` (name of the peer), ``size`` (of the group),
        ``similarity`` (numbers masked), ``difference``, ``siblings`` (the same name but for the place)
    values : the values that are a default: ``year``, ``key`` (hash), ``share`` (0-1)
    names : names to look for in the rows of others
    things : what each project says it is for: ``unit``, ``word``, ``project_id`` (``neighbours.things_of``)
    """

    projects: pd.DataFrame
    copied: pd.DataFrame
    values: pd.DataFrame
    names: Names
    things: pd.DataFrame

    @classmethod
    def of(cls, projects: pd.DataFrame, corpus: Corpus, copies: pd.DataFrame, config: Config) -> Self:
        """Find out what is common.

        Parameters
        ----------
        projects : PROJECTS that will be judged; ``project_id``, ``doc``, ``project_name``, ``agency`` and ``purpose`` are
            enough
        corpus : these projects, and whatever else they are compared with
        copies : COPIES of these projects
        config : settings; what is a default value
        """
        ledger = corpus.ledger
        at = lookup(corpus.projects["project_id"], projects["project_id"])
        own = corpus.projects.take(at)
        year, goal = ledger.year_of(own["year"]), own["goal"].to_numpy()
        copied, names, values = together(
            lambda: _copied(copies.reset_index(drop=True), projects, corpus.projects, at),
            lambda: Names.of(projects),
            lambda: ledger.values,
        )
        same = ledger.goal_uses.others(goal, year, own["identity"].to_numpy())
        common = (values["share"] >= config.default_share) & (values["n_projects"] >= config.default_projects)
        same *= goal != EMPTY
        near = corpus.near_goals().to_numpy()[at] - same
        units = units_of(projects)
        heads = {
            "project_id": projects["project_id"].to_numpy(),
            "year": year,
            "same_goal": same,
            "near_goal": near,
            "scope": Names.scopes(projects).to_numpy(),
            "unit": units.to_numpy(),
        }
        return cls(
            pd.DataFrame(heads).astype({"project_id": "str", "scope": "str", "unit": "str"}),
            copied,
            values.loc[common, ["year", "key", "share"]].reset_index(drop=True),
            names,
            things_of(projects, units),
        )

    def of_projects(self, ids: "pd.Series[str]") -> Self:
        """Return what concerns some of the projects, in their order."""
        if self.projects["project_id"].equals(ids):
            return self
        projects = self.projects.take(lookup(self.projects["project_id"], ids)).reset_index(drop=True)
        copied = self.copied[lookup(ids, self.copied["project_id"]) >= 0].reset_index(drop=True)
        things = self.things[self.things["unit"].isin(projects["unit"])].reset_index(drop=True)
        return replace(self, projects=projects, copied=copied, things=things)

    def save(self, folder: Path) -> None:
        """Write a file a table, so that ``load`` reads only what concerns some of the projects."""
        folder.mkdir(parents=True, exist_ok=True)
        self.names.table.to_parquet(folder / "names.parquet", compression="lz4")
        by_project = {name: getattr(self, name).sort_values("project_id") for name in ("projects", "copied")}
        for name, frame in (by_project | {"values": self.values, "things": self.things}).items():
            write_mapped(pa.Table.from_pandas(frame, preserve_index=False), folder / f"{name}.arrow")

    @classmethod
    def load(cls, folder: Path, ids: "pd.Series[str]", names: Names) -> Self:
        """Read what ``save`` wrote of some projects, in their order; ``names`` are the same for all."""

        def span(name: str, key: str, wanted: "pd.Series[str]") -> pd.DataFrame:
            table = mapped(folder / f"{name}.arrow")
            begin = bisect_left(table[key], wanted.min(), key=str)
            return _frame(table[begin : bisect_right(table[key], wanted.max(), key=str)])

        projects, copied = (span(name, "project_id", ids) for name in ("projects", "copied"))
        things = span("things", "unit", projects["unit"])
        return cls(projects, copied, _frame(mapped(folder / "values.arrow")), names, things).of_projects(ids)


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True)  # which takes longer to read than the table
    return frame


def _copied(copies: pd.DataFrame, projects: pd.DataFrame, known: pd.DataFrame, at: Int) -> pd.DataFrame:
    """Name for each member of a group the other side; ``projects`` stand at ``at`` among those ``known`` to the corpus.

    The peer of a member is the representative of its group, that of the representative the member of another project most
    like it.
    """
    ids = pd.Index(known["project_id"])
    line_of = ids.get_indexer(copies["project_id"])
    identity = known["identity"].to_numpy()[line_of]
    owner = copies["project_id"].to_numpy() == copies["representative"].to_numpy()
    group, groups = pd.factorize(copies["group"])
    of_owner = np.zeros(len(groups), np.uint64)
    of_owner[group[owner]] = identity[owner]
    order = ["kind", "similarity", "similarity_masked", "project_id"]
    others = copies.loc[~owner & (identity != of_owner[group]), order]
    alike = others.sort_values(order, ascending=[True, False, False, True]).index.to_numpy()
    closest = np.full(len(groups), -1)
    closest[group[alike[::-1]]] = alike[::-1]  # written last, the one most like the representative stays
    first = owner & (closest[group] >= 0)
    line = np.where(first, closest[group], np.arange(len(copies)))
    said = copies[["similarity_masked", "difference"]].take(line).reset_index(drop=True)
    peer = copies["representative"].mask(first, copies["project_id"].take(line).reset_index(drop=True))
    # As they are printed; those that only the corpus knows as they are compared.
    names, mine = known["name"].to_numpy(object).copy(), np.zeros(len(known), bool)
    names[at], mine[at] = projects["project_name"].astype("str").fillna("").to_numpy(object), True
    own, other = names[line_of], names[ids.get_indexer(peer)]
    found = pd.DataFrame(
        {
            "project_id": copies["project_id"],
            "kind": copies["kind"],
            "peer": peer,
            "label": np.where(other == "", peer.to_numpy(object), other),
            "size": copies["size"].astype("int64"),
            "similarity": said["similarity_masked"],
            "difference": said["difference"].fillna(""),
            "siblings": _siblings(own, other),
        }
    )
    found = found.astype(dict.fromkeys(["project_id", "kind", "peer", "label", "difference"], "str"))
    own_copies: pd.DataFrame = found[mine[line_of]].reset_index(drop=True)
    return own_copies


def _siblings(own: npt.NDArray[np.object_], other: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Tell whether two projects are parts of one: the same name but for the place."""
    codes, names = pd.factorize(np.concatenate([own, other]))
    bared = np.array([_PLACE.sub("", name) for name in names], object)[codes]
    one, two = np.split(bared, 2)
    return np.asarray((one != "") & (one == two) & (own != other), bool)
