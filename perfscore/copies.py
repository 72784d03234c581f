"""Who copied whose table: groups of equal and nearly equal tables, never all pairs, in nearly linear time.

How a group is found:

1. Tables are compared by their comparable rows only (no satisfaction rows, no rows of the budget system). Equal ones
   are merged into one *form*; a form weighs as many projects as use it.
2. Two forms are as similar as the sets of character 3-grams of their cells (Jaccard), counted with numbers kept and
   with numbers masked: same words and same numbers is a copy, same words and other numbers a template filled in.
   Groups go by the masked one.
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

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from perfscore.content import CELLS, EMPTY
from perfscore.differences import difference
from perfscore.signatures import agreement, candidates, signatures, union
from perfscore.similar import U64, Int, Ragged, as_sets, combine, distinct, jaccard, lookup, mask, mix, shingles

if TYPE_CHECKING:
    from perfscore.corpus import Corpus

__all__ = ["Forms", "find_copies", "stars"]

# An estimate from 64 values has a standard error of at most 1/16. Four of them below the threshold a pair is given up;
# above it less will do, for no form joins a group without an exact comparison.
_BELOW, _ABOVE = 0.25, 0.15
Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]


def find_copies(corpus: "Corpus") -> pd.DataFrame:
    """Return the groups of like tables of a corpus: COPIES and the columns ``Corpus.copies`` adds."""
    forms = Forms.of(corpus)
    star, peer = stars(forms, corpus.settings.near)
    return _described(corpus, forms, _members(corpus, forms, star, peer))


@dataclass(frozen=True)
class Forms:
    """Distinct tables of a year by their comparable rows, heaviest first, with what is needed to compare them.

    Attributes
    ----------
    key, cohort : content hash and year of each form
    weight : projects that use the form
    near : whether the form has rows enough to be nearly equal to another
    rows : positions in ``cells`` of the distinct rows of each form
    of_project : form of each project of the corpus; -1 for one with too little to compare
    cells : the four cells of each row, as positions in ``strings``
    strings : distinct folded strings
    """

    key: U64
    cohort: Int
    weight: Int
    near: Marks
    rows: Ragged
    of_project: Int
    cells: Int
    strings: list[str]

    @classmethod
    def of(cls, corpus: "Corpus") -> "Forms":
        """Merge the equal tables of a corpus."""
        rows = corpus.rows[corpus.rows["comparable"]]
        codes, used = distinct(rows[list(CELLS)].to_numpy(np.uint64).ravel())
        strings = corpus.strings["text"].take(lookup(corpus.strings["string"], used)).tolist()
        cells = codes.reshape(-1, len(CELLS))
        core, usable, near, of_table, listed = _cores(corpus, rows["row"], cells, strings)
        held = of_table >= 0
        held[held] = usable[of_table[held]]
        table, cohort = of_table[held], corpus.ledger.year[held]
        own, first, form = np.unique(
            combine(core[table], cohort.astype(np.uint64)), return_index=True, return_inverse=True
        )
        used_by = np.unique(combine(own[form], corpus.projects["identity"].to_numpy()[held]), return_index=True)[1]
        weight = np.bincount(form[used_by], minlength=len(own))
        order = np.lexsort((core[table[first]], -weight))
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        of_project = np.full(len(held), -1)
        of_project[held] = rank[form]
        sample = table[first][order]
        return cls(
            core[sample],
            cohort[first][order],
            weight[order],
            near[sample],
            listed.take(sample),
            of_project,
            cells,
            strings,
        )

    @cached_property
    def strings_of(self) -> Ragged:
        """The strings of each form; repeats are possible."""
        return self.rows.through(self._cells_of_row)

    @cached_property
    def _cells_of_row(self) -> Ragged:
        return Ragged.of(np.full(len(self.cells), len(CELLS)), self.cells.ravel())

    @cached_property
    def templates(self) -> tuple[Ragged, U64]:
        """The 3-grams of each string, numbers masked: their positions among the distinct 3-grams, and these."""
        return _numbered(shingles(mask(self.strings)))

    @cached_property
    def signs(self) -> npt.NDArray[np.uint16]:
        """MinHash signature of each form, numbers masked."""
        rows = union(signatures(*self.templates), self._cells_of_row)
        return union(rows, self.rows)

    def similarity(self, first: Int, second: Int, masked: bool = True) -> Floats:
        """Exact similarity (0-1) of pairs of forms: Jaccard of the 3-grams of all cells."""
        return Comparison(self, np.concatenate([first, second]), masked).similarity(first, second)


class Comparison:
    """Exact similarities among some forms, whose 3-grams are spelt out once."""

    def __init__(self, forms: Forms, among: Int, masked: bool = True) -> None:
        self.nodes = np.unique(among)
        grams, _ = forms.templates if masked else _numbered(shingles(forms.strings))
        self.sets = as_sets(forms.strings_of.take(self.nodes).through(grams))

    def similarity(self, first: Int, second: Int) -> Floats:
        """Similarity (0-1) of pairs of forms."""
        return jaccard(self.sets, np.searchsorted(self.nodes, first), np.searchsorted(self.nodes, second))


def _numbered(grams: Ragged) -> tuple[Ragged, U64]:
    ids, found = distinct(grams.items)
    return Ragged(ids, grams.bounds), found


def _cores(
    corpus: "Corpus", row: "pd.Series[int]", cells: Int, strings: list[str]
) -> tuple[U64, Marks, Marks, Int, Ragged]:
    """Reduce each distinct table to its comparable rows.

    Returns the hash of these rows, whether they can be compared at all and be nearly equal, the table of each project,
    and the positions of the distinct rows of each table.
    """
    at = lookup(row, corpus.tables["row"])
    comparable = at >= 0
    listed, at = corpus.tables[comparable], at[comparable]
    table, begins = np.unique(listed["table"].to_numpy(), return_index=True)
    if not len(table):
        nothing = np.empty(0, np.int64)
        return table, nothing > 0, nothing > 0, np.full(len(corpus.projects), -1), Ragged.of(nothing, nothing)
    lengths = np.diff(begins, append=len(at))
    near = lengths >= corpus.settings.min_rows
    said = np.fromiter(map(len, strings), np.int64, len(strings))[cells[:, :2]].sum(axis=1)
    wordy = np.add.reduceat(said[at], begins) >= corpus.settings.min_characters
    core = mix(np.add.reduceat(mix(listed["row"].to_numpy()), begins))
    of_table = lookup(table, corpus.projects["table"])
    return core, near | wordy, near, of_table, Ragged.of(lengths, at)


def stars(forms: Forms, near: float) -> tuple[Int, Int]:
    """Group forms: return for each the representative of its group and the form it is compared with.

    A form in no group is its own representative. The two differ only where a form joined through another member.
    """
    able = np.flatnonzero(forms.near)
    first, second = candidates(forms.signs[able], forms.cohort[able].astype(np.uint64))
    first, second = able[first], able[second]
    estimate = agreement(forms.signs, first, second)
    likely = estimate >= near - _BELOW
    first, second, estimate = first[likely], second[likely], estimate[likely]
    exact = Comparison(forms, np.concatenate([first, second]))
    doubtful = estimate < near + _ABOVE
    estimate[doubtful] = exact.similarity(first[doubtful], second[doubtful])
    linked = estimate >= near
    first, second = first[linked], second[linked]
    star = _cut(len(forms.key), first, second, exact, near)
    single = (np.bincount(star, minlength=len(star))[star] == 1) & (forms.weight == 1)
    ends = np.concatenate([first, second]), np.concatenate([second, first])
    return _attach(star, single, ends, exact, near)


def _cut(count: int, a: Int, b: Int, exact: Comparison, near: float) -> Int:
    """Cut the components of linked forms into stars; return the centre of each form."""
    star = np.arange(count)
    while len(a):
        nodes, ends = np.unique(np.concatenate([a, b]), return_inverse=True)
        a_node, b_node = np.split(ends, 2)
        graph = coo_array((np.ones(len(a), np.int8), (a_node, b_node)), shape=(len(nodes), len(nodes)))
        component = connected_components(graph, directed=False)[1]
        head = nodes[np.unique(component, return_index=True)[1]][component]
        joins = exact.similarity(head, nodes) >= near
        star[nodes[joins]] = head[joins]
        rest = ~(joins[a_node] | joins[b_node])
        a, b = a[rest], b[rest]
    return star


def _attach(star: Int, single: Marks, links: tuple[Int, Int], exact: Comparison, near: float) -> tuple[Int, Int]:
    """Let forms left alone join the group of the linked form they are most similar to."""
    peer = star.copy()
    one, other = links[0][single[links[0]]], links[1][single[links[0]]]
    similarity = exact.similarity(one, other)
    like = similarity >= near
    one, other, similarity = one[like], other[like], similarity[like]
    order = np.lexsort((other, -similarity, one))
    joining, at = np.unique(one[order], return_index=True)
    chosen = other[order][at]
    star[joining], peer[joining] = star[chosen], chosen
    return star, peer


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
    sizes = members.drop_duplicates(["star", "identity"]).groupby("star").size()
    members = members[members["star"].map(sizes) > 1]
    # Projects are in order of project_id, so the first of a form is the same whatever was read first.
    members = members.sort_values(["star", "outer", "form", "at"], ignore_index=True)
    firsts = members.drop_duplicates("form").set_index("form")
    heads = members.drop_duplicates("star").set_index("star")
    other = members["identity"] != members["star"].map(heads["identity"])
    seconds = members[other].drop_duplicates("star").set_index("star")
    # A project is never compared with its own other half.
    peer_at = members["peer"].map(firsts["at"])
    for fallback in (heads, seconds):
        same = (projects["identity"].to_numpy()[peer_at] == members["identity"]) & (peer_at != members["at"])
        peer_at = peer_at.where(~same, members["star"].map(fallback["at"]))
    return members.assign(peer_at=peer_at, peer=forms.of_project[peer_at])


def _described(corpus: "Corpus", forms: Forms, members: pd.DataFrame) -> pd.DataFrame:
    """Turn members into COPIES: similarities, kind, scope and what differs, worked out once a pair of forms."""
    pair, pairs = distinct(members["form"].to_numpy(np.uint64) << np.uint64(32) | members["peer"].to_numpy(np.uint64))
    first, second = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    told = [difference(forms, a, b) for a, b in zip(first.tolist(), second.tolist(), strict=True)]
    texts = pd.Series([text for text, _ in told], dtype="str")
    projects = corpus.projects.iloc[members["at"]].reset_index(drop=True)
    peers = corpus.projects.iloc[members["peer_at"]].reset_index(drop=True)
    star = members["star"].to_numpy()
    year = np.where(forms.cohort[star] > 0, forms.cohort[star].astype(str).astype(object) + "-", "")
    frame = pd.DataFrame(
        {
            "group": year + _hex(forms.key[star]),
            "project_id": projects["project_id"],
            "size": members.groupby("star")["at"].transform("size"),
            "representative": peers["project_id"],
            "similarity": forms.similarity(first, second, masked=False)[pair],
            "similarity_masked": forms.similarity(first, second)[pair],
            "kind": np.where(_exact(members), "exact", "near"),
            "scope": _scope(members, projects),
            "difference": texts.take(pair).to_numpy(),
            "shared_rows": np.array([share for _, share in told])[pair] if told else np.empty(0),
            "name_similarity": process.cpdist(projects["name"].tolist(), peers["name"].tolist(), scorer=fuzz.ratio)
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
