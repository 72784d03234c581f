"""What is common in a set of project tables: how often a row, value, goal or phrase occurs, and who copied whose table.

A corpus keeps every distinct thing once, named by a 64-bit hash of its content: strings, rows of strings, tables of
rows, and the projects that use a table. Hashes depend neither on the order of reading nor on process or machine, so
parts made apart are put together by taking the union: ``merge`` is associative, commutative and exact, and what is
asked of a corpus is the same however its projects were split. All answers are counted from these four tables when
asked.

Counts are of distinct projects (the long-term and the annual half of one project are one project) and of one year: a
project is measured against its peers of the year, one of unknown year against the commonest year of the corpus.
Satisfaction rows and rows the budget system writes by itself are left out. The number of other projects that hold a row
is its document frequency; the shares of values and of stock phrases follow Lang & Stice-Lawrence 2015 (*Textual
analysis and international financial reporting*), with character instead of word n-grams because cells are short.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from perfscore import storage
from perfscore.content import EMPTY, Cells, distinct_goals, distinct_rows, distinct_tables, heads, positions
from perfscore.copies import find_copies
from perfscore.errors import SchemaError
from perfscore.ledger import Ledger
from perfscore.merging import beside, gather, ordered
from perfscore.near import NearUses
from perfscore.places import Places
from perfscore.schema import COPIES, conform
from perfscore.similar import U64, Int, combine, lookup, parallel
from perfscore.thresholds import Settings, settings_of

__all__ = ["Corpus", "Settings"]


_BOTH = "请写 Corpus.fit(targets.projects, targets.indicators)"


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
        if indicators is None:
            raise SchemaError(f"没有给出指标表；{_BOTH}")
        return cls.partial(projects, indicators, **settings)

    @classmethod
    def partial(cls, projects: pd.DataFrame, indicators: pd.DataFrame, **settings: Any) -> Self:
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
        chosen = settings_of(settings)
        for frame, what in ((projects, "项目表"), (indicators, "指标表")):
            if not isinstance(frame, pd.DataFrame):
                raise SchemaError(f"{what}应为 DataFrame，得到 {type(frame).__name__}；{_BOTH}")
            if "project_id" not in frame:
                raise SchemaError(f"{what}缺少列 project_id；现有列 {'、'.join(map(str, frame.columns))}")

        def held() -> tuple[pd.DataFrame, Int]:
            kept = heads(projects)
            return kept, positions(kept["project_id"], indicators["project_id"])

        (kept, at), cells = _together(held, lambda: Cells.of(indicators))
        row = cells.row
        table, found, lines = distinct_tables(row, at, len(kept))
        (rows, placed, tables), strings = _together(lambda: distinct_rows(cells, row, lines), cells.strings)
        return cls(
            ordered(kept.assign(table=table), "project_id"),
            pd.DataFrame({"table": np.repeat(found, tables.lengths), "row": rows["row"].to_numpy()[tables.items]}),
            rows,
            strings,
            distinct_goals(projects),
            chosen,
            known=Places(cells.vocabulary.texts, cells.masked, placed, tables),
        )

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

        Examples
        --------
        >>> rows = pd.DataFrame({"project_id": ["a", "b", "c"], "name": ["植树面积", "修路里程", "植树面积"]})
        >>> heads = rows[["project_id"]].assign(doc="文件")
        >>> parts = [Corpus.partial(heads[at : at + 1], rows[at : at + 1]) for at in range(3)]
        >>> Corpus.merge_all(iter(parts))
        <Corpus: 3 个项目，2 张不同的表，年度 未知>
        """
        return gather(parts)

    def with_submission(self, submission: "Corpus") -> "Corpus":
        """Put new projects beside this reference, to be judged against it.

        A project that the reference holds already (same id, same agency or document, same code or name) is taken from
        the submission: it was revised. Another project that happens to have the same id stays, with “（语料）” added to it.

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
        several places score high), ``table`` (equal tables have the same). ``perfscore.copies`` tells how groups are
        found.
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
        cells = Cells.of(indicators)
        uses = self.ledger.template_uses if masked else self.ledger.row_uses
        counts = uses.others(cells.key(masked), *self._askers(indicators["project_id"], projects))
        return pd.Series(np.where(cells.comparable, counts, 0), indicators.index, dtype="int64", name="row_projects")

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
        year, _ = self._askers(indicators["project_id"], projects)
        wanted = combine(Cells.of(indicators).vocabulary.column("value"), year.astype(np.uint64))
        values = self.ledger.values
        at = lookup(combine(values["key"].to_numpy(), values["year"].to_numpy(np.uint64)), wanted)
        found = values[["share", "n_projects"]].reindex(at).fillna(0)
        return found.astype({"n_projects": "int64"}).set_axis(indicators.index)

    def values(self) -> pd.DataFrame:
        """Return every target value of every year, commonest first.

        Returns
        -------
        frame with ``year`` (0 if no year is known), ``value`` (folded), ``n_rows``, ``share`` (0-1 of the year's
        comparable rows that have a value), ``n_projects``
        """
        return self.ledger.values.drop(columns="key")

    def default_values(self, share: float = 0.3, projects: int = 5) -> pd.DataFrame:
        """Return the ``values`` on at least ``share`` (0-1) of the rows of a year and in ``projects`` projects."""
        values = self.values()
        return values[(values["share"] >= share) & (values["n_projects"] >= projects)].reset_index(drop=True)

    def goal_projects(self, projects: pd.DataFrame) -> "pd.Series[int]":
        """Count the other projects of the year with the same goal; aligned with ``projects``, 0 for an empty goal."""
        goal = heads(projects)["goal"].to_numpy()
        counts = self.ledger.goal_uses.others(goal, *self._askers(projects["project_id"], projects))
        return pd.Series(np.where(goal == EMPTY, 0, counts), projects.index, dtype="int64", name="goal_projects")

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

        Examples
        --------
        >>> names = ["全县农村公路养护里程达标", "全市农村公路养护里程达标", "校舍维修面积"]
        >>> rows = pd.DataFrame({"project_id": ["a", "b", "c"], "name": names})
        >>> corpus = Corpus.fit(pd.DataFrame({"project_id": ["a", "b", "c"], "doc": "文件"}), rows)
        >>> corpus.row_groups()[["group", "size", "n_projects"]].to_numpy().tolist()
        [[1, 2, 1], [1, 2, 1]]
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
        uses = NearUses.rows(self, near)
        counts = [
            np.bincount(uses.project, weights, len(self.projects))
            for weights in (None, *(n > 0 for n in uses.others()))
        ]
        n_rows = counts[0].astype(np.int64)
        shares = {
            name: count / np.where(n_rows > 0, n_rows, np.nan)
            for name, count in zip(("same", "near"), counts[1:], strict=True)
        }
        return pd.DataFrame({"n_rows": n_rows, **shares}, index=pd.Index(self.projects["project_id"]))

    def near_goals(self, near: float = 0.9) -> "pd.Series[int]":
        """Count by project_id the other projects of the year with a nearly equal goal, those of the same goal included."""
        uses = NearUses.goals(self, near)
        counts = np.bincount(uses.project, uses.others()[1], len(self.projects)).astype(np.int64)
        return pd.Series(counts, pd.Index(self.projects["project_id"]), name="near_goals")

    def _askers(self, project_id: "pd.Series[Any]", projects: pd.DataFrame | None) -> tuple[Int, U64]:
        """Year and identity of the project each line asks for."""
        known = self.projects if projects is None else heads(projects)
        at = positions(known["project_id"], project_id)
        return self.ledger.year_of(known["year"])[at], known["identity"].to_numpy()[at]


def _together(*tasks: Callable[[], Any]) -> list[Any]:
    """Do some things side by side."""
    return parallel(lambda task: task(), tasks)
