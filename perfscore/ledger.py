"""A corpus as positions: which project holds which row in which year, and everything that is counted from it."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfscore.content import CELLS, EMPTY, Cells, Vocabulary, row_key, template_key
from perfscore.frequency import Uses, document_frequency
from perfscore.identity import heads, positions
from perfscore.similar import U64, Int, Ragged, combine, distinct, lookup

if TYPE_CHECKING:
    from perfscore.corpus import Corpus

__all__ = ["Ledger"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ledger:
    """The rows of all projects of a corpus, and the counts that need them; made on demand and kept."""

    corpus: "Corpus"

    @cached_property
    def year(self) -> Int:
        """Year each project is compared in; one of unknown year counts as of the commonest (0 if none is known)."""
        return self.year_of(self.corpus.projects["year"])

    @cached_property
    def _known_years(self) -> Int:
        """The years of the corpus, the commonest first, later before earlier."""
        counts = self.corpus.projects["year"].dropna().astype("int64").value_counts()
        return np.array(sorted(counts.index, key=lambda year: (-counts[year], -year)), dtype=np.int64)

    def year_of(self, years: "pd.Series[Any]") -> Int:
        """Year of the corpus each year is compared with: itself, else the nearest; the commonest if unknown."""
        if not len(self._known_years):
            return np.zeros(len(years), np.int64)
        known = np.sort(self._known_years)
        asked = years.fillna(self._known_years[0]).to_numpy(np.int64)
        return np.asarray(known[np.abs(asked[:, None] - known[None, :]).argmin(axis=1)])

    @cached_property
    def identity(self) -> U64:
        """Which project each project is: the halves of one project share it."""
        return self.corpus.projects["identity"].to_numpy()

    @property
    def tables(self) -> Ragged:
        """The rows (positions) of each distinct table, in order of the hash of the table."""
        return self.corpus.places.tables

    @cached_property
    def of_table(self) -> Int:
        """Table (position in ``tables``) of each project; -1 for one without rows."""
        table = self.corpus.tables["table"].to_numpy()
        return lookup(table[self.tables.bounds[:-1]], self.corpus.projects["table"])

    @cached_property
    def listed(self) -> tuple[Int, Int]:
        """Project and row (positions) of every comparable row of every project."""
        holders = np.flatnonzero(self.of_table >= 0)
        taken = self.tables.take(self.of_table[holders])
        project = np.repeat(holders, taken.lengths)
        kept = self.corpus.rows["comparable"].to_numpy()[taken.items]
        return project[kept], taken.items[kept]

    @cached_property
    def _row_keys(self) -> U64:
        return row_key(*(self.corpus.rows[name].to_numpy() for name in CELLS[:3]))

    @cached_property
    def _template_keys(self) -> U64:
        masked = self.corpus.strings["masked"].to_numpy()[self.corpus.places.cells]
        return template_key(*masked.T[:2])

    @cached_property
    def row_uses(self) -> Uses:
        """Use of each row as it is."""
        project, row = self.listed
        return Uses.of(self._row_keys[row], self.year[project], self.identity[project])

    @cached_property
    def template_uses(self) -> Uses:
        """Use of each row with numbers masked and the value left out."""
        project, row = self.listed
        return Uses.of(self._template_keys[row], self.year[project], self.identity[project])

    @cached_property
    def goal_uses(self) -> Uses:
        """Use of each goal text."""
        return Uses.of(self.corpus.projects["goal"].to_numpy(), self.year, self.identity)

    @cached_property
    def values(self) -> pd.DataFrame:
        """Target values by year, commonest first; ``Corpus.values`` and the hash of the value as ``key``."""
        project, row = self.listed
        strings, value = self.corpus.strings, self.corpus.places.cells[:, CELLS.index("value")]
        year, years = pd.factorize(self.year, sort=True)
        who, _ = distinct(self.identity)
        use = year[project] * len(strings) + value[row]
        n_rows = np.bincount(use, minlength=len(years) * len(strings))
        users = np.sort(who[project] * len(n_rows) + use)
        n_projects = np.bincount(users[np.diff(users, prepend=-1) > 0] % max(len(n_rows), 1), minlength=len(n_rows))
        n_rows.reshape(len(years), len(strings))[:, strings["string"] == EMPTY] = 0
        known = np.flatnonzero(n_rows)
        of_year, of_string = np.divmod(known, max(len(strings), 1))
        values = pd.DataFrame(
            {
                "year": years[of_year],
                "key": strings["string"].to_numpy()[of_string],
                "n_rows": n_rows[known],
                "n_projects": n_projects[known],
                "value": strings["text"].take(of_string).array,
            }
        )
        values["share"] = values["n_rows"] / values.groupby("year")["n_rows"].transform("sum")
        values = values.sort_values(["year", "n_rows", "value"], ascending=[True, False, True], ignore_index=True)
        return values[["year", "value", "n_rows", "share", "n_projects", "key"]]

    def row_projects(self, indicators: pd.DataFrame, projects: pd.DataFrame | None, masked: bool) -> "pd.Series[int]":
        """Number of other projects of the year with the same row."""
        cells = Cells.of(indicators)
        uses = self.template_uses if masked else self.row_uses
        counts = uses.others(cells.key(masked), *self._askers(indicators["project_id"], projects))
        return pd.Series(np.where(cells.comparable, counts, 0), indicators.index, dtype="int64", name="row_projects")

    def value_shares(self, indicators: pd.DataFrame, projects: pd.DataFrame | None) -> pd.DataFrame:
        """How common the target value of each row is in its year."""
        year, _ = self._askers(indicators["project_id"], projects)
        wanted = combine(Vocabulary.of(indicators, ("value",)).column("value"), year.astype(np.uint64))
        at = lookup(combine(self.values["key"].to_numpy(), self.values["year"].to_numpy(np.uint64)), wanted)
        found = self.values[["share", "n_projects"]].reindex(at).fillna(0)
        return found.astype({"n_projects": "int64"}).set_axis(indicators.index)

    def goal_projects(self, projects: pd.DataFrame) -> "pd.Series[int]":
        """Number of other projects of the year with the same goal."""
        goal = heads(projects)["goal"].to_numpy()
        counts = self.goal_uses.others(goal, *self._askers(projects["project_id"], projects))
        return pd.Series(np.where(goal == EMPTY, 0, counts), projects.index, dtype="int64", name="goal_projects")

    def _askers(self, project_id: "pd.Series[Any]", projects: pd.DataFrame | None) -> tuple[Int, U64]:
        """Year and identity of the project each line asks for."""
        known = self.corpus.projects if projects is None else heads(projects)
        at = positions(known["project_id"], project_id)
        return self.year_of(known["year"])[at], known["identity"].to_numpy()[at]

    def carried_over(self) -> pd.DataFrame:
        """Each project beside its own table of the latest earlier year; of two halves beside the one it is more like."""
        known = self.corpus.projects.reset_index(names="at").dropna(subset="year")
        alone = (known["title"] != 0) & ~known.duplicated(["title", "year"], keep=False)
        pairs = pd.concat([_before(known, "identity"), _before(known[alone], "title")], ignore_index=True)
        carried = {"carried": self._carried(pairs, self._row_keys)}
        carried["carried_masked"] = self._carried(pairs, self._template_keys)
        pairs = pairs.assign(**carried).sort_values(
            ["now", "by", "carried", "carried_masked", "at"], ascending=[True, True, False, False, True]
        )
        found = pairs.drop_duplicates("now").reset_index(drop=True)
        ids = self.corpus.projects["project_id"].to_numpy()
        return pd.DataFrame(
            {
                "project_id": pd.Series(ids[found["now"]], dtype="str"),
                "previous": pd.Series(ids[found["at"]], dtype="str"),
                "previous_year": found["year"].astype("Int64"),
                "carried": found["carried"],
                "carried_masked": found["carried_masked"],
            }
        )

    def _carried(self, pairs: pd.DataFrame, keys: U64) -> Floats:
        """Share of the rows of project ``now`` that project ``at`` holds; missing without comparable rows."""
        project, row = self.listed
        lengths = np.bincount(project, minlength=len(self.corpus.projects))
        held = Ragged.of(lengths, np.argsort(project, kind="stable")).take(pairs["now"].to_numpy(np.int64))
        pair = np.repeat(np.arange(len(pairs)), held.lengths)
        asked = combine(keys[row[held.items]], pairs["at"].to_numpy(np.uint64)[pair])
        hits = np.bincount(pair, np.isin(asked, combine(keys[row], project.astype(np.uint64))), len(pairs))
        return np.asarray(hits / np.where(held.lengths > 0, held.lengths, np.nan))

    def boilerplate(self) -> "pd.Series[float]":
        """Share of the characters of names and descriptions of each project that stand in rows with a stock phrase."""
        project, row = self.listed
        count = len(self.corpus.projects)
        size = self.corpus.places.texts.lengths[self.corpus.places.cells[:, :2]].sum(axis=1)[row]
        total = np.bincount(project, size, count)
        stock = np.bincount(project, size * self._stock_rows(), count)
        share = stock / np.where(total > 0, total, np.nan)
        return pd.Series(share, pd.Index(self.corpus.projects["project_id"]), name="boilerplate")

    def _stock_rows(self) -> npt.NDArray[np.bool_]:
        """Whether each listed row holds a stock phrase of its year."""
        project, row = self.listed
        chosen, rows = self.corpus.settings, len(self.corpus.rows)
        grams, found = self.corpus.places.texts.grams(chosen.phrase)
        phrases = Ragged.of(np.full(rows, 2), self.corpus.places.cells[:, :2].ravel()).through(grams)
        of_row = np.repeat(np.arange(rows), phrases.lengths)
        stock = np.zeros(len(row), np.bool_)
        for year in np.unique(self.year):
            used = np.flatnonzero(self.year[project] == year)
            count = len(np.unique(self.identity[self.year == year]))
            frequency = document_frequency(row[used], self.identity[project[used]], phrases, len(found))
            common = frequency >= max(chosen.phrase_projects, chosen.phrase_lower * count)
            common &= frequency < chosen.phrase_upper * count
            stock[used] = (np.bincount(of_row, common[phrases.items], rows) > 0)[row[used]]
        return stock


def _before(known: pd.DataFrame, key: str) -> pd.DataFrame:
    """Pairs of projects of one key: each beside those of the latest year before it; ``by`` says what the key is."""
    years = known[[key, "year"]].drop_duplicates().sort_values([key, "year"])
    years["before"] = years["year"].shift().where(years[key].eq(years[key].shift()))
    now = known[[key, "year", "at"]].merge(years.dropna(), on=[key, "year"]).drop(columns="year")
    earlier = known[[key, "year", "at"]].rename(columns={"year": "before"})
    pairs = now.rename(columns={"at": "now"}).merge(earlier, on=[key, "before"])
    return pairs.rename(columns={"before": "year"})[["now", "at", "year"]].assign(by=key)
