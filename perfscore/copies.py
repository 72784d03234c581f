"""Who copied whose table: groups of equal and nearly equal tables, never all pairs, in nearly linear time.

How a group is found:

1. Tables are compared by their comparable rows only (no satisfaction rows, no rows of the budget system). Equal ones
   are merged into one *form*; a form weighs as many projects as use it.
2. Two forms are as similar as the sets of character 3-grams of their names, descriptions and values (Jaccard), the basis
   left out because it is often one for a whole agency. This is counted with numbers kept and with numbers masked: same
   words and same numbers is a copy, same words and other numbers a template filled in. Groups go by the masked one.
3. Pairs worth comparing come from MinHash (``perfscore.signatures``); a pair whose estimate is near the threshold is
   compared exactly, the others are accepted or dropped by the estimate.
4. Linked forms make connected components, and components are cut into stars: the heaviest form is the representative,
   every form exactly similar to it joins it, the rest is linked up and cut again. So a chain of small changes never
   makes one huge group, and each member is similar to its representative. A form left alone joins the group of the
   linked form it is most similar to, and is compared with that one.

Forms of different years never meet. Thresholds are absolute: where most tables are copies, most are flagged (a limit
relative to the median distance flags nothing there: cleanlab issue 919). Ties are broken by content, so the order of
files, projects and rows does not matter. Short tables agree by chance: one of fewer than ``min_rows`` rows is never
nearly equal to another, and equal ones count only if their names and descriptions have ``min_characters`` characters.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from perfscore.content import EMPTY
from perfscore.differences import differences
from perfscore.forms import Forms
from perfscore.grouping import join_lone, stars_of
from perfscore.signatures import band_for, candidates
from perfscore.similar import U64, Int, distinct
from perfscore.threads import together

if TYPE_CHECKING:
    from perfscore.corpus import Corpus

__all__ = ["find_copies", "stars"]

Marks = npt.NDArray[np.bool_]


def find_copies(corpus: "Corpus") -> pd.DataFrame:
    """Return the groups of like tables of a corpus: COPIES and the columns ``Corpus.copies`` adds."""
    forms = Forms.of(corpus)
    star, peer = stars(forms, corpus.settings.near)
    return _described(corpus, forms, _members(corpus, forms, star, peer))


def stars(forms: Forms, near: float) -> tuple[Int, Int]:
    """Group forms: return for each the representative of its group and the form it is compared with.

    A form in no group is its own representative. The two differ only where a form joined through another member.
    """
    able = np.flatnonzero(forms.near)
    first, second = candidates(forms.signs[able], forms.cohort[able].astype(np.uint64), band_for(near))
    first, second = able[first], able[second]
    linked = forms.alike(first, second, near)
    first, second = first[linked], second[linked]
    star = stars_of(len(forms.key), first, second, lambda a, b: forms.alike(a, b, near))
    single = (np.bincount(star, minlength=len(star))[star] == 1) & (forms.weight == 1)
    return join_lone(star, single, first, second, forms.similarity, near)


def _members(corpus: "Corpus", forms: Forms, star: Int, peer: Int) -> pd.DataFrame:
    """One line a project in a group of at least two projects: form, peer form, representative project."""
    projects = corpus.projects
    at = np.flatnonzero(forms.of_project >= 0)
    form = forms.of_project[at]
    members = pd.DataFrame(
        {
            "at": at,
            "form": form,
            "star": star[form],
            "peer": peer[form],
            "identity": projects["identity"].to_numpy()[at],
            "outer": form != star[form],
        }
    )
    members = _of_several(members)
    # Projects are in order of project_id, so the first of a form is the same whatever was read first.
    members = members.sort_values(["star", "outer", "form", "at"], ignore_index=True)
    firsts = members.drop_duplicates("form").set_index("form")
    heads = members.drop_duplicates("star").set_index("star")
    other = members["identity"] != members["star"].map(heads["identity"])
    seconds = members[other].drop_duplicates("star").set_index("star")
    # A project is never compared with its own other half.
    peer_at = first_at = members["peer"].map(firsts["at"])
    for fallback in (heads, seconds):
        same = (projects["identity"].to_numpy()[peer_at] == members["identity"]) & (peer_at != members["at"])
        peer_at = peer_at.where(~same, members["star"].map(fallback["at"]))
    members = members.assign(peer_at=peer_at, peer=forms.of_project[peer_at])
    # So a half that is like its other half alone is in no group.
    moved = np.flatnonzero(peer_at != first_at)
    first, second = (members[side].to_numpy()[moved] for side in ("form", "peer"))
    unlike = forms.similarity(first, second) < corpus.settings.near
    return _of_several(members.drop(index=moved[unlike].tolist())).reset_index(drop=True)


def _of_several(members: pd.DataFrame) -> pd.DataFrame:
    """The groups of at least two projects."""
    return members[_sizes(members) > 1]


def _sizes(members: pd.DataFrame) -> "pd.Series[int]":
    """How many projects the group of each member has; the halves of one count once."""
    sizes: pd.Series[int] = members["star"].map(members.drop_duplicates(["star", "identity"]).groupby("star").size())
    return sizes


def _described(corpus: "Corpus", forms: Forms, members: pd.DataFrame) -> pd.DataFrame:
    """Turn members into COPIES: similarities, kind, scope and what differs, worked out once a pair of forms."""
    pair, pairs = distinct(members["form"].to_numpy(np.uint64) << np.uint64(32) | members["peer"].to_numpy(np.uint64))
    first, second = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    (texts, shared), (kept, masked) = together(
        lambda: differences(forms, first, second),
        lambda: [forms.similarity(first, second, masked=masked) for masked in (False, True)],
    )
    projects = corpus.projects.iloc[members["at"]].reset_index(drop=True)
    peers = corpus.projects.iloc[members["peer_at"]].reset_index(drop=True)
    star = members["star"].to_numpy()
    year = np.where(forms.cohort[star] > 0, forms.cohort[star].astype(str).astype(object) + "-", "")
    frame = pd.DataFrame(
        {
            "group": year + _hex(forms.key[star]),
            "project_id": projects["project_id"],
            "size": _sizes(members),
            "representative": peers["project_id"],
            "similarity": kept[pair],
            "similarity_masked": masked[pair],
            "kind": np.where(_exact(members), "exact", "near"),
            "scope": _scope(members, projects),
            "difference": np.array(texts, dtype=object)[pair],
            "shared_rows": shared[pair],
            "name_similarity": process.cpdist(
                projects["name"].tolist(), peers["name"].tolist(), scorer=fuzz.ratio, dtype=np.float64
            )
            / 100,
            "table": _hex(forms.key[members["form"]]),
        }
    )
    return frame.sort_values(["size", "group"], ascending=[False, True], kind="stable", ignore_index=True)


def _hex(keys: U64) -> npt.NDArray[np.object_]:
    codes, found = distinct(keys)
    names = np.array([f"{key:016x}"[:12] for key in found.tolist()], dtype=object)
    return names[codes]


def _exact(members: pd.DataFrame) -> Marks:
    """Whether the very same form is that of the representative; for the representative, that of another project."""
    users = members.drop_duplicates(["form", "identity"]).groupby("form").size()
    shared = members["form"].map(users) > 1
    return ((members["form"] == members["peer"]) & shared).to_numpy()


def _scope(members: pd.DataFrame, projects: pd.DataFrame) -> npt.NDArray[np.object_]:
    """How near the nearest other project of the group is: same agency, same region, or neither."""
    of = pd.DataFrame(
        {
            "star": members["star"].to_numpy(),
            "identity": members["identity"].to_numpy(),
            "owner": projects["owner"].to_numpy(),
            "region": projects["region"].to_numpy(),
        }
    )
    single = of.drop_duplicates(["star", "identity"])

    def others(columns: list[str], among: pd.DataFrame) -> Marks:
        counts = among.groupby(columns).size().rename("count")
        return of[columns].merge(counts, how="left", left_on=columns, right_index=True)["count"].fillna(0).to_numpy()

    unknown = others(["star"], single[single["region"] == EMPTY]) > 0
    within = others(["star", "owner"], single) > 1
    between = (others(["star", "region"], single) > 1) | (of["region"] == EMPTY).to_numpy() | unknown
    return np.select([within, between], ["within agency", "between agencies"], "between regions").astype(object)
