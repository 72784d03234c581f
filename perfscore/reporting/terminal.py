"""The ranking in the terminal: aligned by display width, short on a narrow screen, tab-separated into a pipe."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from perfscore.reporting import summary
from perfscore.reporting.messages import label
from perfscore.reporting.plain import clip, one_line

if TYPE_CHECKING:
    from perfscore.scorecard import Lang, Scorecard

__all__ = ["print_ranking", "print_unread"]

_STYLES = {"差": "bold red", "中": "yellow", "良": "cyan", "优": "green"}
_AGENCY_FROM = 112  # columns a screen must have before the agency is shown
_REASONS_FROM = 64  # columns before the reasons get a column of their own
_NAME = 60  # characters of a project name shown on a screen
_UNREAD_SHOWN = 5
_RULE = re.compile(r"^(PS\d+) ", re.M)


def print_ranking(
    scorecard: "Scorecard", console: Console | None = None, limit: int | None = 50, lang: "Lang" = "zh"
) -> None:
    """Print the ranking, weakest first, and how to ask what a rule means.

    Parameters
    ----------
    scorecard : the result of scoring
    console : where to print; standard output if not given. Off a terminal every project is printed, one a line, columns
        separated by tabs
    limit : how many projects to show on a terminal, all with ``None``
    lang : language of headings and hints
    """
    console = console or Console()
    if scorecard.projects.empty:
        console.print(label("no_projects", lang), markup=False)
    elif console.is_terminal:
        _table(scorecard, console, limit, lang)
    else:
        _lines(scorecard, console, lang)


def print_unread(unread: pd.DataFrame, console: Console | None = None, lang: "Lang" = "zh") -> None:
    """Print what could not be read (UNREAD) and what to do about it, the first few places; nothing if all was read.

    ``console`` is standard error if not given, so that a pipe gets the ranking only.
    """
    if unread.empty:
        return
    console = console or Console(stderr=True)
    console.out(label("unread_hint", lang).format(n=len(unread)), highlight=False)
    for entry in unread.head(_UNREAD_SHOWN).itertuples():
        where = " ".join(part for part in (_text(entry.doc), _text(entry.place)) if part)
        what = "；".join(part for part in (_text(entry.reason), _text(entry.advice)) if part)
        console.out(f"  {where}：{what}", highlight=False)
    if len(unread) > _UNREAD_SHOWN:
        console.out(f"  {label('more_unread', lang).format(n=len(unread) - _UNREAD_SHOWN)}", highlight=False)


def _rows(scorecard: "Scorecard", lang: "Lang") -> Iterator[tuple[str, str, str, str, str, str]]:
    """Rank, grade, score, project, agency, reasons of each project as clean text; what capped the grade comes first."""
    whys = summary.reasons(scorecard, lang=lang)
    for project, why in zip(scorecard.projects.to_dict("records"), whys, strict=True):
        name, agency, reason, gates = (_text(project[key]) for key in ("project_name", "agency", "reason", "gates"))
        rank = "" if pd.isna(project["rank"]) else str(project["rank"])
        score = "" if pd.isna(project["score"]) else f"{project['score']:.1f}"
        whole = reason or "；".join(part for part in (gates, why) if part)
        yield rank, _text(project["grade"]), score, name or _text(project["project_id"]), agency, whole


def _text(value: object) -> str:
    return one_line(value) if isinstance(value, str) else ""


def _table(scorecard: "Scorecard", console: Console, limit: int | None, lang: "Lang") -> None:
    with_agency, with_reasons = console.width >= _AGENCY_FROM, console.width >= _REASONS_FROM
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold", caption_justify="left")
    table.add_column(label("rank", lang), justify="right", no_wrap=True)
    table.add_column(label("grade", lang), no_wrap=True)
    table.add_column(label("score", lang), justify="right", no_wrap=True)
    table.add_column(label("project_name", lang), ratio=3, overflow="fold")
    if with_agency:
        table.add_column(label("agency", lang), ratio=2, overflow="fold")
    if with_reasons:
        table.add_column(label("reasons", lang), ratio=5, overflow="fold")
    rows = list(_rows(scorecard, lang))
    for rank, grade, score, name, agency, why in rows[:limit]:
        why = _RULE.sub(
            r"\1：", why.replace("；", "\n")
        )  # without a blank the screen breaks none of them off its title
        project = Text(clip(name, _NAME))
        if why and not with_reasons:
            project.append(f"\n{why}", style="dim")
        cells = [Text(rank), Text(grade, style=_STYLES.get(grade, "dim")), Text(score), project]
        table.add_row(*cells, *([Text(agency)] if with_agency else []), *([Text(why)] if with_reasons else []))
    console.print(table)
    if limit is not None and len(rows) > limit:
        console.print(label("more", lang).format(n=len(rows) - limit), style="dim", markup=False, highlight=False)
    if len(scorecard.findings):
        code = scorecard.findings.groupby("code")["points"].sum().idxmax()
        console.print(label("explain_hint", lang).format(code=code), style="dim", markup=False, highlight=False)


def _lines(scorecard: "Scorecard", console: Console, lang: "Lang") -> None:
    heads = (label(key, lang) for key in ("rank", "grade", "score", "project_name", "agency", "reasons"))
    for row in (tuple(heads), *_rows(scorecard, lang)):
        console.file.write("\t".join(row) + "\n")  # ``out`` would turn the tabs into blanks
