"""How a result shows itself in a notebook: small tables, escaped, in the colours of the notebook, light or dark."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pandas as pd
from jinja2 import Environment, FunctionLoader
from markupsafe import Markup, escape

from perfscore.errors import PerfscoreError
from perfscore.reporting import summary
from perfscore.reporting.messages import label, texts
from perfscore.reporting.plain import clip, printable

if TYPE_CHECKING:
    from perfscore.scorecard import Lang, Scorecard

__all__ = ["FindingView", "ProjectView", "scorecard_html"]

_SHOWN = 15  # rows shown of a long table
_LONGEST = 120  # characters shown of a name
_ROW_FIELDS = ("level1", "level2", "name", "description", "value", "basis")
_HEAD_FIELDS = ("agency", "budget", "purpose", "goal", "doc", "place")


@dataclass(frozen=True, eq=False, repr=False)
class ProjectView:
    """One project of a scorecard; ``grade`` is its row of ``projects``, the frames are its rows of the others."""

    grade: pd.Series
    indicators: pd.DataFrame
    findings: pd.DataFrame
    lang: "Lang" = "zh"

    @classmethod
    def of(cls, scorecard: "Scorecard", project_id: str, lang: "Lang" = "zh") -> "ProjectView":
        """Pick one project.

        Raises
        ------
        PerfscoreError
            there is no such project
        """
        found = scorecard.projects[scorecard.projects["project_id"] == project_id]
        if found.empty:
            raise PerfscoreError(f"没有项目 {project_id}；可用的标识见 scorecard.projects['project_id']")
        rows, findings = scorecard.indicators, scorecard.findings
        own = rows[rows["project_id"] == project_id], findings[findings["project_id"] == project_id]
        return cls(found.iloc[0], *own, lang)

    def __repr__(self) -> str:
        return f"<ProjectView: {self.grade['project_id']} {self.grade['grade']}，{len(self.findings)} 个问题>"

    def _repr_html_(self) -> str:
        whole = self.findings[self.findings["row_no"].isna()]
        rows = []
        for row in _records(self.indicators):
            own = _records(self.findings[self.findings["row_no"] == row["row_no"]])
            cells = [marked(row[name], [one for one in own if one["field"] == name]) for name in self._columns()]
            rows.append((row["row_no"], cells, own))
        head = [
            (name, self.grade[name])
            for name in _HEAD_FIELDS
            if not pd.isna(self.grade[name]) and self.grade[name] != ""
        ]
        return _render(
            "project",
            self.lang,
            project=self.grade,
            head=head,
            columns=self._columns(),
            rows=rows,
            whole=_records(whole),
        )

    def _columns(self) -> list[str]:
        return [name for name in _ROW_FIELDS if self.indicators[name].notna().any()]


@dataclass(frozen=True, eq=False, repr=False)
class FindingView:
    """One finding: ``row`` is its row of ``findings``, ``text`` the cell it is about."""

    row: pd.Series
    text: str
    lang: "Lang" = "zh"

    @classmethod
    def of(cls, scorecard: "Scorecard", index: int, lang: "Lang" = "zh") -> "FindingView":
        """Pick the finding of a label of ``scorecard.findings.index``.

        Raises
        ------
        PerfscoreError
            there is no such finding
        """
        if index not in scorecard.findings.index:
            raise PerfscoreError(f"没有第 {index} 个问题；scorecard.findings 共 {len(scorecard.findings)} 行")
        row = scorecard.findings.loc[index]
        whole = pd.isna(row["row_no"])
        keys: Any = ["project_id"] if whole else ["project_id", "row_no"]
        frame: pd.DataFrame = (scorecard.projects if whole else scorecard.indicators).set_index(keys)
        key = row["project_id"] if whole else (row["project_id"], row["row_no"])
        text = frame.at[key, row["field"]] if row["field"] in frame.columns else ""
        return cls(row, text if isinstance(text, str) else "", lang)

    def __repr__(self) -> str:
        return f"<FindingView: {self.row['code']} {self.row['project_id']}：{self.row['message']}>"

    def _repr_html_(self) -> str:
        finding = _records(self.row.to_frame().T)[0]
        return _render("finding", self.lang, finding=finding, text=marked(self.text, [finding]))


def scorecard_html(scorecard: "Scorecard", lang: "Lang" = "zh") -> str:
    """Return the weakest projects, the count of each grade, and where the full tables are."""
    shown = scorecard.projects.head(_SHOWN)
    rows = list(zip(_records(shown), summary.reasons(scorecard), strict=False))
    counts = scorecard.projects["grade"].value_counts()
    return _render(
        "scorecard",
        lang,
        card=scorecard,
        rows=rows,
        counts=[(grade, int(counts[grade])) for grade in summary.GRADES if grade in counts.index],
        left=len(scorecard.projects) - len(shown),
    )


def marked(text: Any, findings: list[dict[str, Any]]) -> Markup:
    """Escape a cell and mark the words of its findings.

    Examples
    --------
    >>> marked("<b>提高", [{"start": 3, "end": 5}])
    Markup('&lt;b&gt;<mark>提高</mark>')
    """
    words = printable(text, "\ufffd") if isinstance(text, str) else ""
    if findings and not words:
        return Markup("<mark>{}</mark>").format(label("blank"))
    covered = [False] * len(words)
    for finding in findings:
        start, end = (finding[key] if isinstance(finding[key], int) else None for key in ("start", "end"))
        covered[start:end] = [True] * len(covered[start:end])
    pieces, at = [], 0
    while at < len(words):
        stop = next((place for place in range(at, len(words)) if covered[place] != covered[at]), len(words))
        pieces.append(Markup("<mark>{}</mark>").format(words[at:stop]) if covered[at] else escape(words[at:stop]))
        at = stop
    return Markup("").join(pieces)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object)
    return [
        {str(key): value for key, value in row.items()} for row in plain.where(plain.notna(), "").to_dict("records")
    ]


def _render(part: str, lang: "Lang", **values: Any) -> str:
    return str(getattr(_template().module, part)(texts(lang), **values))


@cache
def _template() -> Any:
    def load(name: str) -> str:
        return files("perfscore.reporting").joinpath("templates", name).read_text("utf-8")

    environment = Environment(loader=FunctionLoader(load), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["shown"] = lambda value: clip(printable(value), _LONGEST) if isinstance(value, str) else value
    return environment.get_template("notebook.html")
