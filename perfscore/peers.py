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
from perfscore.similar import Int, combine, lookup

__all__ = ["Peers"]

# Words that say how another project has to do with this one, so its name is no leftover.
_RELATED = re.compile(r"配合|会同|协同|联合|协助|衔接|同步|依托|配套|报送|移交")
_HEAD = ("project_name", "purpose", "goal", "agency")


def _is_rate(name: str) -> bool:
    found = measure(name)
    return found is not None and found.dimension == "share"


def _explained(head: tuple[str, ...], text: str, other: str, is_agency: bool) -> bool:
    """Tell whether a project, known by the cells of ``_HEAD``, may well speak of another project or agency."""
    if any(other in said for said in head) or _RELATED.search(text):
        return True
    *_, agency = head
    return is_agency and ("满意" in text or bool(agency and other.startswith(agency)))


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
    def _owner(self) -> Int:
        """Position of the project of each row."""
        codes, ids = pd.factorize(self.indicators["project_id"])
        return lookup(self.projects["project_id"], ids)[codes]

    @cached_property
    def _siblings(self) -> set[tuple[str, str]]:
        found = self.common.copied
        return set(found.loc[found["siblings"], ["project_id", "peer"]].itertuples(index=False, name=None))

    def shared_goals(self) -> Iterator[tuple[str, str, int, int]]:
        """Yield (project_id, goal, number of other projects with the same goal, with nearly the same) of shared goals."""
        shared = self.common.projects[["same_goal", "near_goal"]].to_numpy()
        at = np.flatnonzero(shared.any(axis=1))
        said = self.projects[["project_id", "goal"]].take(at)
        yield from zip(said["project_id"].tolist(), said["goal"].tolist(), *shared[at].T.tolist(), strict=True)

    def other_names(self) -> Iterator[tuple[str, int, str, str, str, str]]:
        """Yield (project_id, row_no, field, text, name, peer) of the rows that hold the name of another project or agency.

        Names are looked for among the projects of the same document (``Names.scopes``) and the agencies of the batch; a
        name counts without its year and ending (经费, 项目 …), from five characters on. It does not count if the project's
        own head says it too, if the text says what the two have to do with each other, or if an agency belongs to the
        project's own or is only asked for its opinion.
        """
        scope = pd.Categorical(self.common.projects["scope"]).take(self._owner)
        for field in ("name", "description", "value"):
            opened = self.common.names.opened(self.indicators[field], scope)
            at = np.flatnonzero(opened.lengths)
            rows = self.indicators[["project_id", "row_no", field]].take(at).itertuples(index=False, name=None)
            heads = self.projects[list(_HEAD)].take(self._owner[at]).fillna("").itertuples(index=False, name=None)
            names = opened.take(at)
            for line, ((project_id, row_no, text), head) in enumerate(zip(rows, heads, strict=True)):
                held = names.items[names.bounds[line] : names.bounds[line + 1]].tolist()
                for other, peer in self.common.names.within(text, held).items():
                    if peer != project_id and not _explained(head, text, other, is_agency=not peer):
                        yield project_id, int(row_no), field, text, other, peer

    def default_rows(self) -> Iterator[tuple[str, int, str, float]]:
        """Yield (project_id, row_no, value, share) of the rows that carry the corpus's default value where it makes no sense.

        A default is a share that stands on at least ``default_share`` of all rows and in ``default_projects`` projects. It
        makes sense on satisfaction rows and on names that are rates themselves, so those are left alone.
        """
        defaults = self.common.values
        rows = self.indicators
        share = (rows["category"] != "满意度") & (rows["kind"] == "share")
        rows = rows.loc[share, ["project_id", "row_no", "name", "value"]]
        year = self.common.projects["year"].to_numpy(np.uint64)[self._owner[share]]
        asked = combine(Vocabulary.of(rows, ("value",)).column("value"), year)
        at = lookup(combine(defaults["key"].to_numpy(), defaults["year"].to_numpy(np.uint64)), asked)
        rows, at = rows[at >= 0], at[at >= 0]
        codes, names = pd.factorize(rows["name"])
        sensible = np.array([*map(_is_rate, names.tolist()), False])[codes]  # a missing name has code -1
        found = rows.loc[~sensible, ["project_id", "row_no", "value"]]
        shares = defaults["share"].to_numpy(float)[at[~sensible]]
        yield from zip(*(found[name].tolist() for name in found), shares.tolist(), strict=True)
