"""What a rule of corpus scope sees: the projects at hand and what is common among their peers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from perfscore.config import Config
from perfscore.corpus import Corpus
from perfscore.wording import bare, measure, specific_words

__all__ = ["Peers"]

_ENDING = re.compile(r"(专项)?(工作|业务)?(经费|费用|资金|项目|补助|补贴|费|款|工程|服务)$")
_PLACE = re.compile(r"[\u4e00-\u9fff]{1,4}?(省|市|县|区|镇|乡|村|街道|社区|小学|中学|学校|幼儿园|医院|卫生院|林场)")


def _core(name: str) -> str:
    return _ENDING.sub("", bare(name))


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

        The peer of a member is the representative of its group, that of the representative the member most like it.
        """
        copies = self.copies
        others = copies[copies["project_id"] != copies["representative"]]
        order = ["kind", "similarity", "similarity_masked", "project_id"]
        closest = others.sort_values(order, ascending=[True, False, False, True]).drop_duplicates("group")
        said_of = {member["group"]: member for member in closest.to_dict("records")}
        for member in copies[copies["kind"] == kind].to_dict("records"):
            project_id, peer, said = member["project_id"], member["representative"], member
            if project_id not in self._names:
                continue
            if project_id == peer and member["group"] in said_of:
                said = said_of[member["group"]]
                peer = said["project_id"]
            difference = "" if pd.isna(said["difference"]) else said["difference"]
            label = self._names.get(peer) or peer
            yield project_id, peer, label, int(member["size"]), float(said["similarity_masked"]), difference

    def siblings(self, project_id: str, peer: str) -> bool:
        """Tell whether two projects are parts of one: the same name but for the place."""
        left, right = (_PLACE.sub("", self._names.get(key) or "") for key in (project_id, peer))
        return bool(left) and left == right and self._names.get(project_id) != self._names.get(peer)

    @cached_property
    def _names(self) -> dict[str, str]:
        return dict(zip(self.projects["project_id"], self.projects["project_name"].fillna(""), strict=True))

    def other_names(self) -> Iterator[tuple[str, int, str, str, str, str]]:
        """Yield (project_id, row_no, field, text, name, peer) of the rows that hold the name of another project or agency.

        Names are looked for among the projects of the same document and the agencies of the batch; a name counts without
        its ending (经费, 项目 …), from five characters on, and not if the project's own head says it too.
        """
        heads = self.projects.set_index("project_id")
        for _, rows in self.indicators.groupby("doc", sort=False):
            ids = rows["project_id"].unique()
            cores = {_core(self._names.get(key, "")): key for key in sorted(ids, reverse=True)}
            cores |= {agency: "" for agency in heads["agency"].dropna().unique() if len(agency) > 5}
            known = {core: key for core, key in cores.items() if len(core) > 4 and specific_words(core)}
            if len(known) < 2:
                continue
            pattern = re.compile("|".join(sorted(map(re.escape, known), key=lambda core: (-len(core), core))))
            for field in ("name", "description", "value"):
                for project_id, row_no, text in zip(
                    rows["project_id"], rows["row_no"], rows[field].fillna(""), strict=True
                ):
                    for other in dict.fromkeys(pattern.findall(text)):
                        if known[other] != project_id and other not in self._head(project_id):
                            yield project_id, int(row_no), field, text, other, known[other]

    def _head(self, project_id: str) -> str:
        return self._heads.get(project_id, "")

    @cached_property
    def _heads(self) -> dict[str, str]:
        columns = ("project_name", "purpose", "goal", "agency")
        texts = self.projects[list(columns)].fillna("").agg("，".join, axis=1)
        return dict(zip(self.projects["project_id"], texts, strict=True))

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
        places = zip(rows["project_id"][common], rows["row_no"][common], rows["value"][common], strict=True)
        for (project_id, row_no, value), share in zip(places, shares["share"][common], strict=True):
            yield project_id, int(row_no), value, float(share)
