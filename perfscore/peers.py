"""What a rule of corpus scope sees: the projects at hand and what is common among their peers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from perfscore.config import Config
from perfscore.corpus import Corpus
from perfscore.wording import measure

__all__ = ["Peers"]

_PLACE = re.compile(r"[\u4e00-\u9fff]{1,4}?(省|市|县|区|镇|乡|村|街道|社区|小学|中学|学校|幼儿园|医院|卫生院|林场)")


def _is_rate(name: str) -> bool:
    found = measure(name)
    return found is not None and found.dimension == "share"


@dataclass(frozen=True)
class Peers:
    """The projects and rows under review, beside the corpus they are compared with.

    ``projects`` is PROJECTS; ``indicators`` is INDICATORS with ``category`` and ``kind``, official rows left out.
    """

    projects: pd.DataFrame
    indicators: pd.DataFrame
    corpus: Corpus
    config: Config

    @cached_property
    def copies(self) -> pd.DataFrame:
        """COPIES: the groups of like tables the projects belong to."""
        return self.corpus.copies(self.projects)

    def copied(self, kind: str) -> Iterator[tuple[str, str, str, int, float, str]]:
        """Yield (project_id, peer, name of the peer, size, similarity without numbers, difference) of each member.

        The peer of a member is the representative of its group; the peer of the representative is the member most like it.
        """
        copies = self.copies
        others = copies[copies["project_id"] != copies["representative"]]
        closest = others.sort_values(
            ["kind", "similarity", "similarity_masked", "project_id"], ascending=[True, False, False, True]
        )
        closest = closest.drop_duplicates("group").set_index("group")
        names = self.projects.set_index("project_id")["project_name"]
        here = copies[(copies["kind"] == kind) & copies["project_id"].isin(names.index)]
        for member in here.itertuples(index=False):
            peer, said = member.representative, member
            if member.project_id == peer and member.group in closest.index:
                said = closest.loc[member.group]
                peer = said["project_id"]
            name = names.get(peer)
            label = peer if name is None or pd.isna(name) else name
            difference = "" if pd.isna(said.difference) else said.difference
            yield member.project_id, peer, label, int(member.size), float(said.similarity_masked), difference

    def siblings(self, project_id: str, peer: str) -> bool:
        """Tell whether two projects are parts of one: the same name but for the place."""
        left, right = (_PLACE.sub("", self._names.get(key) or "") for key in (project_id, peer))
        return bool(left) and left == right and self._names.get(project_id) != self._names.get(peer)

    @cached_property
    def _names(self) -> dict[str, str]:
        return dict(zip(self.projects["project_id"], self.projects["project_name"].fillna(""), strict=True))

    def default_rows(self) -> Iterator[tuple[str, int, str, float]]:
        """Yield (project_id, row_no, value, share) of the rows that carry the corpus's default value where it makes no sense.

        A default is a share that stands on at least ``default_share`` of all rows and in ``default_projects`` projects. It
        makes sense on satisfaction rows and on names that are rates themselves, so those are left alone.
        """
        shares_only = self.indicators[(self.indicators["category"] != "满意度") & (self.indicators["kind"] == "share")]
        distinct = {name: _is_rate(name) for name in shares_only["name"].dropna().unique()}
        rows = shares_only[~shares_only["name"].map(distinct).fillna(False).astype(bool)]
        shares = self.corpus.value_shares(rows)
        common = (shares["share"] >= self.config.default_share) & (shares["n_projects"] >= self.config.default_projects)
        for row, share in zip(rows[common].itertuples(index=False), shares.loc[common, "share"], strict=True):
            yield row.project_id, int(row.row_no), row.value, float(share)
