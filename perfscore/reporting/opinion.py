"""The official review form of a project, filled in as far as its table allows, as docx to change and sign."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from perfscore.errors import PerfscoreError
from perfscore.official import CRITERIA
from perfscore.reporting import summary
from perfscore.reporting.archive import settled
from perfscore.reporting.frames import saving
from perfscore.reporting.messages import label, method_text, opinion_texts, split_codes
from perfscore.reporting.package import stamped
from perfscore.reporting.plain import clip, one_line
from perfscore.results import AUTHOR
from perfscore.rules.registry import Rule, catalogue
from perfscore.suggest import nearest

if TYPE_CHECKING:
    from perfscore.scorecard import Lang, Scorecard

__all__ = ["opinion"]

Finding = Mapping[Any, Any]  # a row of FINDINGS

# 条件充分性 asks for plans, rules and staff, which no target table shows.
_CRITERIA = {**CRITERIA, "条件充分性": "可行性"}
_FONT = "宋体"
_INDENT = "　　"
_WIDTHS = (2.0, 2.6, 10.0, 2.0)  # cm


def opinion(scorecard: "Scorecard", output: str | Path, project: str | None = None, lang: "Lang" = "zh") -> Path:
    """Write the review form of one project, or of all, weakest first, each on a page of its own.

    The form has the four dimensions and eight sub-items of the review form of 财预〔2015〕88号. Points are those of the
    score of 0-100, so they add up to ``100 - score``; the sub-item that no table shows is left to the reviewer, and so
    is the signature. Wording is proposed, never final.

    Parameters
    ----------
    scorecard : the result of scoring
    output : the docx to write
    project : key or name of the project; all without it
    lang : language of the headings

    Raises
    ------
    PerfscoreError
        there is no such project
    """
    projects = scorecard.projects
    if project is not None:
        known = projects[["project_id", "project_name"]]
        projects = projects[(known == project).any(axis=1)]
        if projects.empty:
            hint = nearest(project, [text for column in known for text in known[column].dropna()])
            raise PerfscoreError(f"没有项目 {project}{hint}；应为项目标识（文件名#序号）或项目名称")
    by_project = dict(list(_plain(scorecard.findings).groupby("project_id", sort=False)))
    document = _blank()
    for number, grade in enumerate(_plain(projects).to_dict("records")):
        if number:
            document.add_page_break()
        found = by_project.get(grade["project_id"])
        findings = [] if found is None else found.to_dict("records")
        _form(document, grade, findings, scorecard.method, lang)
    content = BytesIO()
    document.core_properties.author = AUTHOR
    document.save(content)
    target = Path(output)
    with saving(target):
        target.write_bytes(stamped(settled(content.getvalue())))
    return target


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Cells as plain values, missing as an empty text."""
    plain = frame.astype(object)
    return plain.where(plain.notna(), "")


def _blank() -> Any:
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2.0)
    return document


def _form(
    document: Any, project: Finding, findings: Sequence[Finding], method: Mapping[str, str], lang: "Lang"
) -> None:
    colon = label("colon", lang)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(label("form_title", lang))
    run.bold, run.font.size = True, Pt(15)
    for key in ("project_name", "project_code", "agency", "year", "budget", "doc"):
        if project[key] != "":
            words = f"{project[key]:,.2f}" if key == "budget" else one_line(str(project[key]))
            document.add_paragraph(f"{label(key, lang)}{colon}{words}").paragraph_format.space_after = Pt(0)
    _criteria_table(document, findings, bool(project["score"] == ""), lang)
    _result(document, project, method, lang)
    document.add_paragraph().add_run(label("proposed", lang)).bold = True
    lines = list(_wording(findings, lang)) or [label("no_findings" if project["score"] != "" else "not_graded", lang)]
    for line in lines:
        paragraph = document.add_paragraph(line)
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.keep_with_next = not line.startswith(_INDENT)  # a heading stays with its first line
    for line in (label("signature", lang), label("disclaimer", lang), label("neutral", lang)):
        document.add_paragraph(line)


def _criteria_table(document: Any, findings: Sequence[Finding], ungraded: bool, lang: "Lang") -> None:
    rules = {rule.code: rule for rule in catalogue()}
    table = document.add_table(rows=1, cols=len(_WIDTHS), style="Table Grid")
    _fill(
        table.rows[0].cells,
        [label(key, lang) for key in ("dimension", "criterion", "issues", "points_lost")],
        bold=True,
    )
    _repeat_heading(table.rows[0])
    first: dict[str, Any] = {}
    for criterion, dimension in _CRITERIA.items():
        own = [
            finding
            for finding in findings
            if finding["code"] in rules and rules[finding["code"]].criterion == criterion
        ]
        lost = sum(finding["points"] or 0.0 for finding in own)
        words = label("semicolon", lang).join(
            _issue(rules[code], found, lang) for (code,), found in _together(own, "code")
        ) or label("none_seen", lang)
        points = "" if ungraded else f"{lost:.2f}"
        if criterion not in CRITERIA:
            words, points = label("not_visible", lang), "—"
        cells = table.add_row().cells
        _fill(cells, ["" if dimension in first else label(dimension, lang), label(criterion, lang), words, points])
        if dimension in first:
            first[dimension].merge(cells[0])
        else:
            first[dimension] = cells[0]
    table.autofit = False
    for column, centimetres in zip(table.columns, _WIDTHS, strict=True):
        column.width = Cm(centimetres)
        for cell in column.cells:
            cell.width = Cm(centimetres)


def _fill(cells: Iterable[Any], words: list[str], bold: bool = False) -> None:
    for cell, text in zip(cells, words, strict=True):
        if text:
            cell.paragraphs[0].add_run(text).bold = bold


def _repeat_heading(row: Any) -> None:
    """Print the heading again where the table goes on over the page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _together(findings: Sequence[Finding], *keys: str) -> list[tuple[tuple[Any, ...], list[Finding]]]:
    """Findings that are alike in the keys, those that cost most first."""
    grouped: dict[tuple[Any, ...], list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(tuple(finding[key] for key in keys), []).append(finding)
    return sorted(grouped.items(), key=lambda item: (-sum(one["points"] or 0.0 for one in item[1]), item[0]))


def _issue(rule: Rule, findings: Sequence[Finding], lang: "Lang") -> str:
    return f"{rule.code} {summary.titles_in(lang)[rule.code]}（{_rows(findings, lang)}）"


def _rows(findings: Sequence[Finding], lang: "Lang") -> str:
    numbers = sorted({finding["row_no"] for finding in findings if finding["row_no"] != ""})
    if not numbers:
        return label("whole_table", lang)
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = (f"{run[0]}—{run[-1]}" if len(run) > 2 else label("listed", lang).join(map(str, run)) for run in runs)
    return label("rows_named", lang).format(n=label("listed", lang).join(shown))


def _result(document: Any, project: Finding, method: Mapping[str, str], lang: "Lang") -> None:
    score = "—" if project["score"] == "" else f"{project['score']:.1f}"
    colon = label("colon", lang)
    words = [f"{label('score', lang)}{colon}{score}", f"{label('grade', lang)}{colon}{project['grade']}"]
    if project["visible"] != "":
        words.append(label("of_100", lang).format(n=f"{project['visible']:g}"))
    words += [project[key] for key in ("gates", "reason") if project[key]]
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(8)
    paragraph.add_run("　".join(words)).bold = True
    basis = label("semicolon", lang).join(
        method_text(method[key], lang) for key in ("profile", "verified", "cutoffs") if method.get(key)
    )
    if basis:
        document.add_paragraph(f"{label('profile', lang)}{colon}{basis}")


def _wording(findings: Sequence[Finding], lang: "Lang") -> Iterator[str]:
    """Propose the text of the opinion: by opinion code, by what is wrong, with an example and what to do."""
    by_opinion: dict[str, list[Finding]] = {}
    for finding in findings:
        for code in split_codes(finding["opinion"]) if finding["severity"] != "info" else []:
            by_opinion.setdefault(code, []).append(finding)
    for code in sorted(by_opinion, key=lambda code: (not code.isdecimal(), int(code) if code.isdecimal() else 0, code)):
        yield opinion_texts(code, lang)
        for _, found in _together(by_opinion[code], "code", "message"):
            worst = max(found, key=lambda one: one["points"] or 0.0)
            said, quote = one_line(worst["message"]), clip(one_line(worst["evidence"]), 40)
            shown = f"{_rows(found, lang)}{label('colon', lang)}{said}" + (
                f"（“{quote}”）" if quote and f"“{quote}”" not in said else ""
            )
            advice = f"；{label('advice', lang)}：{one_line(worst['advice'])}" if worst["advice"] else ""
            yield f"{_INDENT}{shown}{advice}"
