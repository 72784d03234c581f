"""What stands on each sheet of the workbook: plain frames, and the findings on their cells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from perfscore.official import SEVERITIES
from perfscore.reporting import summary
from perfscore.reporting.messages import label, method_text, opinion_texts

if TYPE_CHECKING:
    from perfscore.scorecard import Lang, Scorecard

__all__ = ["NOTES", "Finding", "Sheet", "sheets"]

NOTES = 2_000  # more notes on cells than this make a spreadsheet slow to open
# Columns after the bar are on the sheet, not on paper.
_RANKING = (
    "rank grade score project_name agency year budget reasons note | lost_completeness lost_relevance "
    "lost_appropriateness lost_feasibility visible assessable n_rows finding_count project_code doc place "
    "project_id"
)
_FINDINGS = (
    "rank project_name agency row_no severity code rule field evidence message advice points | opinion peer project_id"
)
_ACCEPTED = "rank project_name agency row_no code rule field evidence message reason | severity opinion peer project_id"
_COPIES = (
    "group size project_name agency representative similarity similarity_masked copy_kind scope difference | project_id"
)

Finding = Mapping[Any, Any]  # a row of FINDINGS
Marks = Mapping[tuple[int, str], list[Finding]]


@dataclass(frozen=True)
class Sheet:
    """One sheet: a frame whose columns are keys of the catalogue, and marks on its cells: (row, column) -> findings."""

    title: str
    frame: pd.DataFrame
    marks: Marks = field(default_factory=dict)
    printed: int = 0  # columns on paper, from the left; all with 0


def sheets(scorecard: "Scorecard", lang: "Lang") -> Iterable[Sheet]:
    projects = scorecard.projects.set_index("project_id", drop=False)
    yield _sheet("ranking", _ranking(scorecard, lang), _RANKING, lang)
    yield _sheet("findings", _findings(scorecard, scorecard.findings, lang), _FINDINGS, lang)
    frame, marks = _indicators(scorecard, lang)
    yield Sheet(label("indicators", lang), frame, marks, printed=len(frame.columns) - 2)
    copies = scorecard.copies.rename(columns={"kind": "copy_kind"})
    copies = copies.assign(
        group=pd.factorize(copies["group"])[0] + 1,
        project_name=copies["project_id"].map(projects["project_name"]),
        agency=copies["project_id"].map(projects["agency"]),
        representative=copies["representative"].map(projects["project_name"]).fillna(copies["representative"]),
        copy_kind=_worded(copies["copy_kind"], lang),
        scope=_worded(copies["scope"], lang),
    )
    yield _sheet("copies", copies, _COPIES, lang)
    values = summary.values(scorecard)
    yield Sheet(label("values", lang), values.assign(value=values["value"].replace("", label("blank", lang))))
    if len(scorecard.accepted):
        yield _sheet("accepted", _findings(scorecard, scorecard.accepted, lang), _ACCEPTED, lang)
    yield Sheet(label("unread", lang), scorecard.unread)
    yield Sheet(label("method", lang), _method(scorecard, lang))


def _sheet(title: str, frame: pd.DataFrame, order: str, lang: "Lang") -> Sheet:
    printed, _, beside = order.partition("|")
    return Sheet(label(title, lang), frame[printed.split() + beside.split()], printed=len(printed.split()))


def _worded(column: pd.Series, lang: "Lang") -> pd.Series:
    return column.map({word: label(word, lang) for word in column.dropna().unique()})


def _ranking(scorecard: "Scorecard", lang: "Lang") -> pd.DataFrame:
    projects = scorecard.projects
    note = projects["gates"].fillna("").where(projects["gates"].fillna("") != "", projects["reason"])
    return projects.assign(
        reasons=summary.reasons(scorecard, lang=lang).to_numpy(),
        note=note,
        finding_count=projects["n_findings"],
    )


def _findings(scorecard: "Scorecard", findings: pd.DataFrame, lang: "Lang") -> pd.DataFrame:
    projects = scorecard.projects.set_index("project_id")
    titles = summary.rule_titles(scorecard, lang)
    position = {project_id: place for place, project_id in enumerate(projects.index)}
    weight = {severity: place for place, severity in enumerate(SEVERITIES)}
    return findings.assign(
        **{name: findings["project_id"].map(projects[name]) for name in ("rank", "project_name", "agency")},
        rule=findings["code"].map(titles),
        position=findings["project_id"].map(position),
        weight=findings["severity"].map(weight),
        severity=_worded(findings["severity"], lang),
        points=findings["points"].where(findings["project_id"].map(projects["score"]).notna()),
        field=_worded(findings["field"], lang),
        opinion=findings["opinion"].map(lambda codes: opinion_texts(codes, lang), na_action="ignore"),
    ).sort_values(["position", "row_no", "weight", "code"], na_position="first")


def _indicators(scorecard: "Scorecard", lang: "Lang") -> tuple[pd.DataFrame, dict[tuple[int, str], list[Any]]]:
    """The rows in the order of the ranking, and the findings by (row of the sheet, column)."""
    projects = scorecard.projects.set_index("project_id")
    order = {project_id: place for place, project_id in enumerate(projects.index)}
    rows = scorecard.indicators
    frame = rows.assign(
        position=rows["project_id"].map(order),
        rank=rows["project_id"].map(projects["rank"]),
        project_name=rows["project_id"].map(projects["project_name"]),
    ).sort_values(["position", "row_no"], ignore_index=True)
    columns = ["rank", "project_name", "row_no", "level1", "level2", "name", "description", "value", "basis", "weight"]
    if "kind" in frame.columns:
        frame["kind"] = frame["kind"].map({kind: label(f"kind_{kind}", lang) for kind in frame["kind"].unique()})
    columns += [name for name in ("category", "kind") if name in frame.columns]
    columns = [name for name in columns if name in ("rank", "name", "value") or frame[name].notna().any()]
    index = {key: place for place, key in enumerate(zip(frame["project_id"], frame["row_no"], strict=True))}
    marks: dict[tuple[int, str], list[Finding]] = {}
    issues = {place: [why] for place, why in summary.unjudged(frame, lang).items()}
    titles = summary.rule_titles(scorecard, lang)
    on_rows = scorecard.findings[scorecard.findings["row_no"].notna()].astype(object)
    for finding in on_rows.where(on_rows.notna(), "").to_dict("records"):
        place = index.get((finding["project_id"], finding["row_no"]), -1)
        if place < 0:
            continue
        column = finding["field"] if finding["field"] in columns else "name"
        marks.setdefault((place, column), []).append(finding)
        words = (
            f"[{label(finding['severity'], lang)}] {finding['code']} {titles[finding['code']]}：{finding['message']}"
        )
        issues.setdefault(place, []).append(words)
    frame["issues"] = pd.Series({place: "\n".join(lines) for place, lines in issues.items()}, dtype="str")
    return frame[[*columns, "issues", "doc", "place"]], marks


def _method(scorecard: "Scorecard", lang: "Lang") -> pd.DataFrame:
    lines = [(label(key, lang), method_text(text, lang)) for key, text in scorecard.method.items() if text]
    lines += [("", label(key, lang)) for key in ("lead", "marks", "neutral")]
    lines.append(("", label("notes_cut", lang).format(n=NOTES)))
    counts = scorecard.findings["code"].value_counts()
    lines += [
        (code, f"{title}{label('colon', lang)}{label('n_findings', lang).format(n=counts[code])}")
        for code, title in summary.rule_titles(scorecard, lang).items()
        if code in counts
    ]
    return pd.DataFrame(lines, columns=["item", "content"])
