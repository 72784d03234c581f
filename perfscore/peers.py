"""What a rule of corpus scope sees: the projects at hand and what is common among their peers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from perfscore.config import Config
from perfscore.corpus import Corpus
from perfscore.names import bare, measure
from perfscore.wording import specific_words

__all__ = ["Peers"]

_ENDING = re.compile(r"(专项)?(工作|业务)?(经费|费用|资金|项目|补助|补贴|费|款|工程|服务)$")
_PLACE = re.compile(r"[\u4e00-\u9fff]{1,4}?(省|市|县|区|镇|乡|村|街道|社区|小学|中学|学校|幼儿园|医院|卫生院|林场)")
_YEAR = re.compile(r"^20\d{2}年?度?")
# Words that say how another project has to do with this one, so its name is no leftover.
_RELATED = re.compile(r"配合|会同|协同|联合|协助|衔接|同步|依托|配套|报送|移交")
_OPENING = 5


def _core(name: str) -> str:
    return _YEAR.sub("", _ENDING.sub("", bare(name)))


def _by_opening(names: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    """Group names, of five characters or more, with their projects by their first five characters, the longest first."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        groups.setdefault(name[:_OPENING], []).append((name, names[name]))
    return groups


def _names_in(
    text: str, here: dict[str, list[tuple[str, str]]], everywhere: dict[str, list[tuple[str, str]]]
) -> dict[str, str]:
    """Return the names that stand in a text, each with its project, in order; a name inside a longer one is none."""
    found: dict[str, str] = {}
    done = 0
    for start in range(len(text) - _OPENING + 1):
        opening = text[start : start + _OPENING]
        if start < done or (opening not in here and opening not in everywhere):
            continue
        named = here.get(opening, []) + everywhere.get(opening, [])
        hits = [(name, peer) for name, peer in named if text.startswith(name, start)]
        if hits:
            name, peer = max(hits, key=lambda hit: len(hit[0]))
            found.setdefault(name, peer)
            done = start + len(name)
    return found


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
        its year and ending (经费, 项目 …), from five characters on. It does not count if the project's own head says it too, if
        the text says what the two have to do with each other, or if an agency belongs to the project's own or is only
        asked for its opinion.
        """
        agencies = [
            name for name in self.projects["agency"].dropna().unique() if len(name) > 5 and specific_words(name)
        ]
        everywhere = _by_opening(dict.fromkeys(agencies, ""))
        for _, rows in self.indicators.groupby("doc", sort=False):
            cores = {_core(self._names.get(key, "")): key for key in sorted(rows["project_id"].unique(), reverse=True)}
            here = _by_opening({core: key for core, key in cores.items() if len(core) > 4 and specific_words(core)})
            for field in ("name", "description", "value"):
                for project_id, row_no, text in zip(
                    rows["project_id"], rows["row_no"], rows[field].fillna(""), strict=True
                ):
                    for other, peer in _names_in(text, here, everywhere).items():
                        if peer != project_id and not self._explained(project_id, text, other, is_agency=not peer):
                            yield project_id, int(row_no), field, text, other, peer

    def _explained(self, project_id: str, text: str, other: str, is_agency: bool) -> bool:
        """Tell whether a project may well speak of another project or agency."""
        if other in self._head(project_id) or _RELATED.search(text):
            return True
        agency = self._agencies.get(project_id)
        return is_agency and ("满意" in text or bool(agency and other.startswith(agency)))

    @cached_property
    def _agencies(self) -> dict[str, str]:
        return dict(zip(self.projects["project_id"], self.projects["agency"].fillna(""), strict=True))

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
        shares = self.corpus.value_shares(rows, self.projects)
        common = (shares["share"] >= self.config.default_share) & (shares["n_projects"] >= self.config.default_projects)
        places = zip(rows["project_id"][common], rows["row_no"][common], rows["value"][common], strict=True)
        for (project_id, row_no, value), share in zip(places, shares["share"][common], strict=True):
            yield project_id, int(row_no), value, float(share)
