"""Rows and goals that are nearly equal between projects: groups of texts, counted in projects of one year."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from perfscore.content import EMPTY
from perfscore.frequency import Uses
from perfscore.grouping import near_texts
from perfscore.similar import U64, Int, combine, lookup, ranked
from perfscore.texts import Texts
from perfscore.thresholds import share

if TYPE_CHECKING:
    from perfscore.corpus import Corpus

__all__ = ["SHORT", "NearUses"]

Floats = npt.NDArray[np.float64]

SHORT = 4
"""Characters from which a text can be nearly equal to another: shorter ones are alike by chance."""


@dataclass(frozen=True)
class NearUses:
    """Texts by project and year, and which of them are nearly equal.

    Attributes
    ----------
    project, node : project (position in the corpus) and text (position) of each use
    texts, year : text and year of each node, the most used first
    n_projects : projects that use exactly this text
    star : centre of the group of each node, itself if it is in none
    similarity : with the centre (0-1)

    Examples
    --------
    >>> from perfscore.corpus import Corpus
    >>> names = ["全县农村公路养护里程达标", "全市农村公路养护里程达标", "校舍维修面积"]
    >>> rows = pd.DataFrame({"project_id": ["a", "b", "c"], "name": names})
    >>> corpus = Corpus.fit(pd.DataFrame({"project_id": ["a", "b", "c"], "doc": "文件"}), rows)
    >>> corpus.row_groups()[["group", "size", "n_projects"]].to_numpy().tolist()
    [[1, 2, 1], [1, 2, 1]]
    """

    project: Int
    node: Int
    texts: Texts
    year: Int
    n_projects: Int
    star: Int
    similarity: Floats
    identity: U64

    @classmethod
    def rows(cls, corpus: "Corpus", near: float) -> Self:
        """Rows by their template: name and description with numbers masked; mandated ones never join a group."""
        ledger = corpus.ledger
        project, row = ledger.listed
        said = corpus.places.masked.take(corpus.places.cells[:, :2].ravel())
        texts = Texts(said.characters, said.bounds[::2])
        return cls._of(corpus, project, texts.hashes()[row], texts, row, near, _mandated(corpus))

    @classmethod
    def goals(cls, corpus: "Corpus", near: float) -> Self:
        """Goals as they are; empty ones are left out."""
        goal = corpus.projects["goal"].to_numpy()
        project = np.flatnonzero(goal != EMPTY)
        texts = Texts.of(pa.array(corpus.goals["text"]))
        at = lookup(corpus.goals["goal"], goal[project])
        return cls._of(corpus, project, goal[project], texts, at, near, np.full(len(goal), np.inf))

    @classmethod
    def _of(cls, corpus: "Corpus", project: Int, key: U64, texts: Texts, at: Int, near: float, limit: Floats) -> Self:
        near, ledger = share("near", near), corpus.ledger
        year = ledger.year[project]
        nodes, first, node = ranked(combine(key, year.astype(np.uint64)))
        users = ranked(combine(nodes[node], ledger.identity[project]))[1]
        count = np.bincount(node[users], minlength=len(nodes))
        order = np.lexsort((nodes, -count))
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        chosen = texts.take(at[first[order]])
        star, similarity = np.arange(len(order)), np.ones(len(order))
        able = np.flatnonzero((chosen.lengths >= SHORT) & (count[order] < limit[project[first[order]]]))
        found, similarity[able] = near_texts(chosen.take(able), year[first[order]][able].astype(np.uint64), near)
        star[able] = able[found]
        return cls(
            project, rank[node], chosen, year[first[order]], count[order], star, similarity, ledger.identity[project]
        )

    def others(self) -> tuple[Int, Int]:
        """Number of other projects with the very text of each use, and with a nearly equal one (or the very same)."""
        none = np.zeros(len(self.node), np.int64)
        keys = (self.node.astype(np.uint64), self.star[self.node].astype(np.uint64))
        exact, near = (Uses.of(key, none, self.identity).others(key, none, self.identity) for key in keys)
        return exact, near

    def counts(self, project_id: "pd.Series[str]") -> "pd.Series[int]":
        """Other projects with a nearly equal text, added up over the texts of each project."""
        counts = np.bincount(self.project, self.others()[1], len(project_id)).astype(np.int64)
        return pd.Series(counts, pd.Index(project_id))

    def shares(self, project_id: "pd.Series[str]") -> pd.DataFrame:
        """Rows of each project, and which share of them others hold too: the very same, a nearly equal one."""
        weights = (None, *(others > 0 for others in self.others()))
        rows, *held = (np.bincount(self.project, weight, len(project_id)) for weight in weights)
        n_rows = rows.astype(np.int64)
        same, near = (count / np.where(n_rows > 0, n_rows, np.nan) for count in held)
        return pd.DataFrame({"n_rows": n_rows, "same": same, "near": near}, index=pd.Index(project_id))

    def groups(self) -> pd.DataFrame:
        """One line a text in a group of at least two texts."""
        size = np.bincount(self.star, minlength=len(self.star))
        star = self.star[self.node]
        users = ranked(combine(star.astype(np.uint64), self.identity))[1]
        projects = np.bincount(star[users], minlength=len(size))
        shown = np.flatnonzero(size[self.star] > 1)
        shown = shown[np.lexsort((shown, self.star[shown], -projects[self.star[shown]]))]
        number, _ = pd.factorize(self.star[shown])
        return pd.DataFrame(
            {
                "group": number + 1,
                "year": self.year[shown],
                "size": projects[self.star[shown]],
                "n_projects": self.n_projects[shown],
                "similarity": self.similarity[shown],
                "text": self.texts.take(shown).to_arrow().to_pandas(),
            }
        )


def _mandated(corpus: "Corpus") -> Floats:
    """For each project, how many projects of its year make mandated wording of what they share."""
    ledger = corpus.ledger
    year, of_year = np.unique(ledger.year, return_inverse=True)
    single = ranked(combine(ledger.identity, ledger.year.astype(np.uint64)))[1]
    counts = np.bincount(of_year[single], minlength=len(year))
    limits: Floats = np.maximum(corpus.settings.phrase_upper * counts, corpus.settings.phrase_projects)
    return limits[of_year]
