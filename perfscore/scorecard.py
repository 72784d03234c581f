"""The result of scoring: six plain tables, how they were made, and the ways to look at them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from perfscore import schema

if TYPE_CHECKING:
    from perfscore.reporting.annotate import Annotated
    from perfscore.reporting.notebook import FindingView, ProjectView
    from perfscore.reporting.pictures import Plots

__all__ = ["SUFFIXES", "TABLES", "Scorecard"]

Lang = Literal["zh", "en"]
SUFFIXES = (".xlsx", ".html", ".json", ".parquet")


@dataclass(frozen=True, eq=False, repr=False)
class Scorecard:
    """What ``score`` returns: the graded projects with the findings that made each grade.

    Attributes
    ----------
    projects : one row a project, weakest first, 未评 last (``schema.GRADES``)
    findings : one row a finding (``schema.FINDINGS``)
    indicators : one row an indicator (``schema.INDICATORS``), with ``category`` and ``kind`` (kind of value) after them
    copies : one row a member of a group of like tables (``schema.COPIES``)
    unread : what could not be read (``schema.UNREAD``)
    accepted : one row a finding that the settings accept, with the reason (``schema.ACCEPTED``); it costs nothing
    method : how the scores were made (version, profile, cut-offs …), printed on the last page of every report

    Examples
    --------
    >>> import pandas as pd
    >>> empty = pd.DataFrame({"doc": [], "project_id": []})
    >>> card = Scorecard(projects=empty)
    >>> sorted(card.to_frames())
    ['accepted', 'copies', 'findings', 'indicators', 'projects', 'unread']
    """

    projects: pd.DataFrame
    findings: pd.DataFrame = field(default_factory=lambda: _empty(schema.FINDINGS))
    indicators: pd.DataFrame = field(default_factory=lambda: _empty(schema.INDICATORS))
    copies: pd.DataFrame = field(default_factory=lambda: _empty(schema.COPIES))
    unread: pd.DataFrame = field(default_factory=lambda: _empty(schema.UNREAD))
    accepted: pd.DataFrame = field(default_factory=lambda: _empty(schema.ACCEPTED))
    method: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, table in TABLES.items():
            frame = schema.conform(getattr(self, name), table, keep_extra=name == "indicators")
            object.__setattr__(self, name, frame)

    def __repr__(self) -> str:
        projects, findings, unread = (len(frame) for frame in (self.projects, self.findings, self.unread))
        grades = "、".join(f"{grade} {count}" for grade, count in self.projects["grade"].value_counts().items())
        return f"<Scorecard: {projects} 个项目（{grades}），{findings} 个问题，{unread} 处未读>"

    def _repr_html_(self) -> str:
        from perfscore.reporting.notebook import scorecard_html

        return scorecard_html(self)

    def project(self, project_id: str, lang: Lang = "zh") -> "ProjectView":
        """Return one project with its rows and findings, for looking at in a notebook."""
        from perfscore.reporting.notebook import ProjectView

        return ProjectView.of(self, project_id, lang)

    def finding(self, index: int, lang: Lang = "zh") -> "FindingView":
        """Return the finding of a label of ``findings.index``, for looking at in a notebook."""
        from perfscore.reporting.notebook import FindingView

        return FindingView.of(self, index, lang)

    @property
    def plot(self) -> "Plots":
        """Pictures: ``ranking()``, ``values()``, ``copies()``, ``families()``, ``money()``; needs the extra ``plot``"""
        from perfscore.reporting.pictures import Plots

        return Plots(self)

    def to_frames(self) -> dict[str, pd.DataFrame]:
        """Return the six tables by name, as copies that may be changed freely."""
        return {name: getattr(self, name).copy() for name in TABLES}

    def _tables(self, form: str) -> dict[str, pd.DataFrame]:
        """The six tables as a folder holds them; as parquet, rows too are in the order of their projects."""
        tables = self.to_frames()
        if form == "parquet":
            tables["indicators"] = tables["indicators"].sort_values(["project_id", "row_no"], ignore_index=True)
        return tables

    def to_excel(self, path: str | Path, lang: Lang = "zh") -> Path:
        """Write the workbook for reviewers: ranking, findings, indicators with notes, copies, values, unread.

        Raises
        ------
        ConfigError
            ``path`` is no ``.xlsx``, or there is no such language
        """
        from perfscore.reporting import frames
        from perfscore.reporting.messages import known_language
        from perfscore.reporting.workbook import write_workbook

        known_language(lang)
        target = frames.single(path, ".xlsx")
        with frames.saving(target):
            write_workbook(self, target, lang)
        return target

    def to_html(self, path: str | Path | None = None, lang: Lang = "zh") -> str:
        """Return the page for reviewers, one file that needs nothing beside it; write it too if ``path`` is given.

        Raises
        ------
        ConfigError
            ``path`` is no ``.html``, or there is no such language
        """
        from perfscore.reporting import frames
        from perfscore.reporting.page import page

        target = None if path is None else frames.single(path, ".html", ".htm")
        text = page(self, lang)
        if target is not None:
            with frames.saving(target):
                target.write_text(text, encoding="utf-8", newline="\n")
        return text

    def annotate(self, document: str | Path, output: str | Path, lang: Lang = "zh") -> "Annotated":
        """Write the findings on one ``.docx`` or ``.xlsx`` into a copy of it, as comments or notes at the right cells."""
        from perfscore.reporting.annotate import annotate

        return annotate(document, self, output, lang)

    def to_opinion(self, path: str | Path, project: str | None = None, lang: Lang = "zh") -> Path:
        """Write the official review form as docx, filled in for one project (its id or name) or for all."""
        from perfscore.reporting.opinion import opinion

        return opinion(self, path, project, lang)

    def to_baseline(self, path: str | Path) -> Path:
        """Write what was found, accepted or not, as a ``.csv`` or ``.parquet`` that ``Config.baseline`` takes next time.

        Raises
        ------
        ConfigError
            the suffix is neither of these
        """
        from perfscore import baseline

        found = pd.concat([self.findings, self.accepted], ignore_index=True)
        return baseline.save(baseline.keys(found, self.projects, self.indicators), path)

    def save(
        self,
        path: str | Path,
        format: Literal["csv", "parquet"] | None = None,  # noqa: A002 - the word users of pandas expect
        lang: Lang = "zh",
    ) -> Path:
        """Write the scorecard; the suffix of ``path`` decides the form.

        Parameters
        ----------
        path : ``.xlsx``, ``.html``, ``.json`` (all tables), ``.parquet`` (the graded projects only), or a folder, which
            gets one file a table (``projects.csv``, ``findings.csv``, …; UTF-8 with BOM, so that Excel shows Chinese)
        format : form of the files in a folder, ``csv`` (the default) or ``parquet``
        lang : language of workbook and page; the tables are the same in both

        Raises
        ------
        ConfigError
            there is no path, ``format`` or ``lang`` of this kind, the suffix is none of these, or ``format`` is given
            for a single file
        PerfscoreError
            the file is open elsewhere and cannot be written
        """
        from perfscore.reporting import frames
        from perfscore.reporting.messages import known_language

        known_language(lang)
        target = Path(path)
        first = frames.outputs(path, tuple(TABLES), SUFFIXES, format)[0]
        with frames.saving(first):
            if first != target:
                frames.write_folder(self._tables(format or "csv"), target, format or "csv")
            elif target.suffix.lower() == ".xlsx":
                self.to_excel(target, lang)
            elif target.suffix.lower() == ".json":
                frames.write_json(self, target)
            elif target.suffix.lower() == ".parquet":
                frames.write_table(self.projects, target)
            else:
                self.to_html(target, lang)
        return target


TABLES: Mapping[str, schema.Table] = {
    "projects": schema.GRADES,
    "findings": schema.FINDINGS,
    "indicators": schema.INDICATORS,
    "copies": schema.COPIES,
    "unread": schema.UNREAD,
    "accepted": schema.ACCEPTED,
}


def _empty(table: schema.Table) -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in table})
