"""What a rule of corpus scope sees: the projects at hand and what is common among their peers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from perfscore.common import Common
from perfscore.config import Config
from perfscore.content import Vocabulary
from perfscore.names import measure
from perfscore.similar import combine, lookup

__all__ = ["Peers"]

# Words that say how another project has to do with this one, so its name is no leftover.
_RELATED = re.compile(r"配合|会同|协同|联合|协助|衔接|同步|依托|配套|报送|移交")
_HEAD = ("project_name", "purpose", "goal", "agency")


def _is_rate(name: str) -> bool:
    found = measure(name)
    return found is not None and found.dimension == "share"


def _explained(project: pd.Series, text: str, other: str, is_agency: bool) -> bool:
    """Tell whether a project may well speak of another project or agency."""
    head = project[list(_HEAD)].fillna("")
    if any(other in said for said in head) or _RELATED.search(text):
        return True
    return is_agency and ("满意" in text or bool(head["agency"] and other.startswith(head["agency"])))


@dataclass(frozen=True)
class Peers:
    """The projects and rows under review, beside what is common among all they are compared with.

    ``projects`` is PROJECTS; ``indicators`` is INDICATORS with ``category`` and ``kind``, official rows left out; ``common``
    is of these projects, in their order.
    """

    projects: pd.DataFrame
    indicators: pd.DataFrame
    common: Common
    config: Config

    def copied(self, kind: str) -> Iterator[tuple[str, str, str, int, float, str]]:
        """Yield (project_id, peer, name of the peer, size, similarity without numbers, difference) of each copy."""
        found = self.common.copied
        columns = ["project_id", "peer", "label", "size", "similarity", "difference"]
        yield from found.loc[found["kind"] == kind, columns].itertuples(index=False, name=None)

    def siblings(self, project_id: str, peer: str) -> bool:
        """Tell whether two projects are parts of one: the same name but for the place."""
        return (project_id, peer) in self._siblings

    @cached_property
    def _siblings(self) -> set[tuple[str, str]]:
        found = self.common.copied
        return set(found.loc[found["siblings"], ["project_id", "peer"]].itertuples(index=False, name=None))

    def shared_goals(self) -> Iterator[tuple[str, str, int, int]]:
        """Yield (project_id, goal, number of other projects with the same goal, with nearly the same) of shared goals."""
        shared = self.common.projects[["same_goal", "near_goal"]].to_numpy()
        for at in np.flatnonzero(shared.any(axis=1)):
            project, (same, near) = self.projects.iloc[at], shared[at].tolist()
            yield project["project_id"], project["goal"], same, near

    def other_names(self) -> Iterator[tuple[str, int, str, str, str, str]]:
        """Yield (project_id, row_no, field, text, name, peer) of the rows that hold the name of another project or agency.

        Names are looked for among the projects of the same document (``Names.scopes``) and the agencies of the batch; a
        name counts without its year and ending (经费, 项目 …), from five characters on. It does not count if the project's
        own head says it too, if the text says what the two have to do with each other, or if an agency belongs to the
        project's own or is only asked for its opinion.
        """
        owner = pd.Index(self.projects["project_id"]).get_indexer(self.indicators["project_id"])
        scope = self.common.projects["scope"].take(owner)
        for field in ("name", "description", "value"):
            opened = self.common.names.opened(self.indicators[field], scope)
            for at in np.flatnonzero(opened.lengths):
                row, project = self.indicators.iloc[at], self.projects.iloc[owner[at]]
                lines = opened.items[opened.bounds[at] : opened.bounds[at + 1]].tolist()
                for other, peer in self.common.names.within(row[field], lines).items():
                    if peer != row["project_id"] and not _explained(project, row[field], other, is_agency=not peer):
                        yield row["project_id"], int(row["row_no"]), field, row[field], other, peer

    def default_rows(self) -> Iterator[tuple[str, int, str, float]]:
        """Yield (project_id, row_no, value, share) of the rows that carry the corpus's default value where it makes no sense.

        A default is a share that stands on at least ``default_share`` of all rows and in ``default_projects`` projects. It
        makes sense on satisfaction rows and on names that are rates themselves, so those are left alone.
        """
        defaults = self.common.values
        rows = self.indicators[(self.indicators["category"] != "满意度") & (self.indicators["kind"] == "share")]
        year = self.common.projects["year"].to_numpy(np.uint64)
        own = year[lookup(self.common.projects["project_id"], rows["project_id"])]
        asked = combine(Vocabulary.of(rows, ("value",)).column("value"), own)
        at = lookup(combine(defaults["key"].to_numpy(), defaults["year"].to_numpy(np.uint64)), asked)
        rows = rows.assign(share=np.append(defaults["share"].to_numpy(float), 0.0)[at])[at >= 0]
        rate = {name: _is_rate(name) for name in rows["name"].dropna().unique()}
        rows = rows[~rows["name"].map(rate).fillna(False).astype(bool)]
        for project_id, row_no, value, share in zip(
            rows["project_id"], rows["row_no"], rows["value"], rows["share"], strict=True
        ):
            yield project_id, int(row_no), value, float(share)
