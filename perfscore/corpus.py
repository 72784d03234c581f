"""What is common in a set of project tables: how often a row, value, goal or phrase occurs, and who copied whose table.

A corpus keeps every distinct thing once, named by a 64-bit hash of its content: strings, rows of strings, tables of
rows, and the projects that use a table. Hashes depend neither on the order of reading nor on process or machine, so
parts made apart are put together by taking the union: ``merge`` is associative, commutative and exact, and what is
asked of a corpus is the same however its projects were split. All answers are counted from these when asked.

Counts are of distinct projects (the long-term and the annual half of one project are one project) and of one year: a
project is measured against its peers of the year, one of unknown year against the commonest year of the corpus.
Satisfaction rows and rows the budget system writes by itself are left out. The number of other projects that hold a row
is its document frequency; the shares of values and of stock phrases follow Lang & Stice-Lawrence 2015 (*Textual
analysis and international financial reporting*), with character instead of word n-grams because cells are short.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pandas as pd

from perfscore import storage
from perfscore.copies import find_copies
from perfscore.learning import learn
from perfscore.ledger import Ledger
from perfscore.merging import beside, gather
from perfscore.near import NearUses
from perfscore.places import Places
from perfscore.schema import COPIES, conform
from perfscore.thresholds import Settings, settings_of

__all__ = ["Corpus", "Settings"]


@dataclass(frozen=True, eq=False)
class Corpus:
    """What is common in a set of tables.

    Make one with ``fit`` or ``partial``, put parts together with ``merge``, keep it with ``save`` and ``load``.

    Attributes
    ----------
    projects : a project a line: project_id, year, name, and hashes: identity, title, owner, region, goal, table
    tables : a row of a distinct table a line: table, row (hashes)
    rows : a distinct row a line: row, name, description, value, basis (hashes), comparable
    strings : a distinct folded string of a row a line: string, masked (hashes), text
    goals : a distinct folded goal a line: goal (hash), text
    settings : what counts as alike and as common
    known : the same by position, where that is known already

    Examples
    --------
    >>> projects = pd.DataFrame({"doc": ["a", "b"], "project_id": ["a#1", "b#1"], "project_name": ["植树", "修路"]})
    >>> row = {"level2": "质量指标", "name": "验收合格率", "description": "验收合格的面积占比", "value": "≥95%"}
    >>> indicators = pd.DataFrame([{"project_id": "a#1", **row}, {"project_id": "b#1", **row}])
    >>> corpus = Corpus.fit(projects, indicators)
    >>> corpus.row_projects(indicators).tolist()
    [1, 1]
    """

    projects: pd.DataFrame
    tables: pd.DataFrame
    rows: pd.DataFrame
    strings: pd.DataFrame
    goals: pd.DataFrame
    settings: Settings
    known: Places | None = field(default=None, kw_only=True)

    @classmethod
    def fit(cls, projects: pd.DataFrame, indicators: pd.DataFrame | None = None, **settings: Any) -> Self:
        """Learn what is common in all projects at hand; the same as ``partial`` of everything, and needs both tables."""
        return cls.partial(projects, indicators, **settings)

    @classmethod
    def partial(cls, projects: pd.DataFrame, indicators: pd.DataFrame | None, **settings: Any) -> Self:
        """Learn from some of the projects; a project must come with all its rows.

        Parameters
        ----------
        projects : PROJECTS; only ``project_id`` and ``doc`` are needed
        indicators : INDICATORS, in any order; columns it lacks count as empty
        settings : fields of ``Settings``

        Raises
        ------
        ConfigError
            a setting is unknown or out of range
        SchemaError
            a column is missing, a project stands twice, or a row belongs to no project
        """
        return cls(settings=settings_of(settings), **learn(projects, indicators)._asdict())

    def merge(self, other: "Corpus") -> "Corpus":
        """Put two corpora together; the order does not matter, and a project held by both counts once.

        Raises
        ------
        ConfigError
            the settings differ
        SchemaError
            both hold a project of the same ``project_id`` with different content
        """
        return gather([self, other])

    @staticmethod
    def merge_all(parts: "Iterable[Corpus]") -> "Corpus":
        """Put many corpora together; the same as merging them two at a time in any order, in linear time.

        Parameters
        ----------
        parts : at least one corpus; an iterator is used up one at a time, so parts may be loaded as they are needed

        Raises
        ------
        ConfigError, SchemaError
            as in ``merge``; and if there is no part
        """
        return gather(parts)

    def with_submission(self, submission: "Corpus") -> "Corpus":
        """Put new projects beside this reference, to be judged against it.

        A project that the reference holds already (same id and year, same agency or document, same code or name) is taken
        from the submission: it was revised. Another project that happens to have the same id, or that of another year,
        stays, with “（语料）” added to its id.

        Raises
        ------
        ConfigError
            the settings differ
        """
        return beside(self, submission)

    def save(self, path: str | Path) -> None:
        """Write the corpus as a folder of five parquet files, with version and settings in each."""
        storage.save({name: getattr(self, name) for name in storage.TABLES}, asdict(self.settings), Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what ``save`` wrote.

        Raises
        ------
        SchemaError
            the folder holds no corpus, or one of another version
        """
        frames, settings = storage.load(Path(path))
        projects, tables, rows, strings, goals = (frames[name] for name in storage.TABLES)
        return cls(projects, tables, rows, strings, goals, settings_of(settings))

    def __repr__(self) -> str:
        years = "、".join(map(str, sorted(self.projects["year"].dropna().unique()))) or "未知"
        return f"<Corpus: {len(self.projects)} 个项目，{self.tables['table'].nunique()} 张不同的表，年度 {years}>"

    @cached_property
    def places(self) -> Places:
        """The corpus by position."""
        return self.known or Places.of(self)

    @cached_property
    def ledger(self) -> Ledger:
        """The corpus as positions, for what is counted from it."""
        return Ledger(self)

    def copies(self, projects: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return COPIES: groups of equal and nearly equal tables of one year.

        Parameters
        ----------
        projects : keep the groups these projects belong to; all groups if left out

        Returns
        -------
        COPIES with three more columns: ``shared_rows`` (0-1, rows that stand word for word in the representative),
        ``name_similarity`` (0-1, project name against that of the representative: sub-projects of one purpose in
        several places score high), ``table`` (equal tables have the same). ``perfscore.copies`` tells how.
        """
        found = self._copies
        if projects is not None:
            mine = found["project_id"].isin(projects["project_id"].astype("str"))
            found = found[found["group"].isin(found.loc[mine, "group"])]
        return found.reset_index(drop=True)

    @cached_property
    def _copies(self) -> pd.DataFrame:
        return conform(find_copies(self), COPIES, keep_extra=True)

    def row_projects(
        self, indicators: pd.DataFrame, projects: pd.DataFrame | None = None, masked: bool = False
    ) -> "pd.Series[int]":
        """Count the other projects of the year that hold the same row.

        Parameters
        ----------
        indicators : INDICATORS
        projects : PROJECTS of these rows, needed where they are not part of the corpus
        masked : compare name and description with numbers masked and leave the value out (the template of the row);
            otherwise name, description and value as they are

        Returns
        -------
        integers aligned with ``indicators``; 0 for satisfaction and official rows

        Raises
        ------
        SchemaError
            a project is neither in the corpus nor in ``projects``
        """
        return self.ledger.row_projects(indicators, projects, masked)

    def value_shares(self, indicators: pd.DataFrame, projects: pd.DataFrame | None = None) -> pd.DataFrame:
        """Say how common the target value of each row is in its year.

        Parameters
        ----------
        indicators, projects : as in ``row_projects``

        Returns
        -------
        frame aligned with ``indicators``: ``share`` (0-1 of the rows that have a value), ``n_projects`` (the own one
        counted); 0 for an empty value
        """
        return self.ledger.value_shares(indicators, projects)

    def values(self) -> pd.DataFrame:
        """Return every target value of every year, commonest first.

        Returns
        -------
        frame with ``year`` (0 if no year is known), ``value`` (folded), ``n_rows``, ``share`` (0-1 of the year's
        comparable rows that have a value), ``n_projects``
        """
        return self.ledger.values.drop(columns="key")

    def goal_projects(self, projects: pd.DataFrame) -> "pd.Series[int]":
        """Count the other projects of the year with the same goal; aligned with ``projects``, 0 for an empty goal."""
        return self.ledger.goal_projects(projects)

    def carried_over(self) -> pd.DataFrame:
        """Compare each project with its own table of the latest earlier year.

        The same project is found by its code within the agency, else by agency and name. The measure is that of
        *stickiness* in Dyer, Lang & Stice-Lawrence 2017, in rows.

        Returns
        -------
        frame with ``project_id``, ``previous`` (project_id), ``previous_year``, ``carried`` (0-1, share of comparable
        rows that stood there word for word) and ``carried_masked`` (name and description, numbers masked)
        """
        return self.ledger.carried_over()

    def boilerplate(self) -> "pd.Series[float]":
        """Share of the characters of each project that stand in rows with a stock phrase (Lang & Stice-Lawrence 2015).

        A phrase is a run of ``phrase`` characters of a name or description. It is stock if at least ``phrase_lower``
        of the projects of the year, and ``phrase_projects``, use it, but not ``phrase_upper`` of them: that is
        mandated wording.

        Returns
        -------
        shares (0-1) by project_id; missing for a project without comparable rows
        """
        return self.ledger.boilerplate()

    def row_groups(self, near: float = 0.85) -> pd.DataFrame:
        """Groups of nearly equal rows: the same template with small edits.

        Rows are compared by name and description, numbers masked, and never all with all; mandated rows (on
        ``phrase_upper`` of the projects of the year) and texts of one to three characters join no group.

        Parameters
        ----------
        near : similarity (0-1, share of the characters that both texts have in order) from which two are nearly equal

        Returns
        -------
        frame, a distinct text of a group a line: ``group`` (1, 2, … the most used first), ``year``, ``size`` (projects
        that use a text of the group), ``n_projects`` (that use this text), ``similarity`` (with the first text of the
        group, or with another one it is nearer to), ``text``
        """
        return NearUses.rows(self, near).groups()

    def goal_groups(self, near: float = 0.9) -> pd.DataFrame:
        """Groups of nearly equal goals; parameters and columns as in ``row_groups``, numbers kept."""
        return NearUses.goals(self, near).groups()

    def shared_rows(self, near: float = 0.85) -> pd.DataFrame:
        """Say which share of the rows of each project stands in other projects of the year as well.

        Returns
        -------
        frame by project_id: ``n_rows`` (comparable rows), ``same`` (0-1 of them, name and description equal but for
        numbers) and ``near`` (0-1, equal or nearly so); what is missing to 1 is the project's own
        """
        return NearUses.rows(self, near).shares(self.projects["project_id"])

    def near_goals(self, near: float = 0.9) -> "pd.Series[int]":
        """Count by project_id the other projects of the year with a nearly equal goal, those of the same goal included."""
        return NearUses.goals(self, near).counts(self.projects["project_id"]).rename("near_goals")
