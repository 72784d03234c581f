"""Evaluation and calibration to look at: tables in the terminal, tab-separated into a pipe, and one HTML page."""

from collections.abc import Sequence
from importlib.resources import files
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
from jinja2 import Environment, FunctionLoader
from markupsafe import Markup
from rich.console import Console
from rich.table import Table
from rich.text import Text

from perfscore.reporting.messages import label, texts
from perfscore.reporting.plain import one_line

if TYPE_CHECKING:
    from perfscore.calibration import Calibration
    from perfscore.evaluation import Evaluation
    from perfscore.scorecard import Lang

__all__ = ["page", "print_calibration", "print_evaluation"]

_SHOWN = 20  # wrong calls of one defect that the page shows, and lost labels that the terminal does
_PER_DEFECT = ("code", "defect", "labels", "found", "precision", "recall", "f1", "interval")
_LABELLED = ("project_name", "project_id", "labelled_score", "score", "off_by", "labelled_grade", "grade")
_WRONG = ("call", "project_id", "row_no", "level2", "name", "description", "value", "basis", "message")


def print_evaluation(evaluation: "Evaluation", console: Console | None = None, lang: "Lang" = "zh") -> None:
    """Print the figures of each defect, the means, and which labels stand beside nothing."""
    console = console or Console()
    _print(console, _PER_DEFECT, _per_defect(evaluation), lang)
    for line in _summary(evaluation, lang):
        console.out(line, highlight=False)
    _print_unmatched(evaluation.unmatched, console, lang)


def print_calibration(calibration: "Calibration", console: Console | None = None, lang: "Lang" = "zh") -> None:
    """Print the fitted points beside the given ones, and what cross-validation says of them."""
    console = console or Console()
    points = [
        (label(str(row["item"]), lang), f"{row['before']:g}", f"{row['after']:g}")
        for row in calibration.points.to_dict("records")
    ]
    _print(console, ("points_of", "before", "after"), points, lang)
    folds = [
        (row["left_out"], str(row["n"]), _figure(row["before"], 1), _figure(row["after"], 1))
        for row in calibration.folds.to_dict("records")
    ]
    _print(console, ("left_out", "n_projects_short", "mad_before", "mad_after"), folds, lang)
    before, after = calibration.before, calibration.after
    figures = {"n": before.n, "mad_before": _figure(before.mad, 2), "mad_after": _figure(after.mad, 2)}
    figures |= {"tau_before": _figure(before.tau_b, 3), "tau_after": _figure(after.tau_b, 3)}
    console.out(label("cross_validated", lang).format(**figures), highlight=False)
    console.out(label("calibration_helped" if calibration.helped else "calibration_no_help", lang), highlight=False)
    _print_unmatched(calibration.unmatched, console, lang)


def page(evaluation: "Evaluation", lang: "Lang" = "zh") -> str:
    """Return the evaluation as one HTML document that needs nothing beside it; every text is escaped."""
    environment = Environment(loader=FunctionLoader(_template), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("evaluation.html").render(
        lang="zh-CN" if lang == "zh" else "en",
        t=SimpleNamespace(**texts(lang)),
        style=Markup(_template("report.css")),
        summary=_summary(evaluation, lang),
        heads=_PER_DEFECT,
        per_defect=_per_defect(evaluation),
        wrong_heads=_WRONG,
        wrong=[
            (rule, *_wrong(evaluation.confusions, str(rule["defect"]), lang))
            for rule in evaluation.per_defect.to_dict("records")
        ],
        labelled_heads=_LABELLED,
        labelled=_cells(
            evaluation.labelled.sort_values("off_by", key=lambda off: -off.abs(), kind="stable"), _LABELLED
        ),
        unmatched=_cells(evaluation.unmatched, ("label", "why_not")),
        unmeasured=_cells(evaluation.unmeasured, ("defect", "found")),
    )


def _template(name: str) -> str:
    return files("perfscore.reporting").joinpath("templates", name).read_text("utf-8")


def _per_defect(evaluation: "Evaluation") -> list[tuple[str, ...]]:
    return [
        (
            row["code"],
            row["defect"],
            f"{row['labels']}{'' if row['enough'] else '*'}",
            str(row["found"]),
            *(_figure(row[name], 2) for name in ("precision", "recall", "f1")),
            f"{_figure(row['f1_low'], 2)}–{_figure(row['f1_high'], 2)}",
        )
        for row in evaluation.per_defect.to_dict("records")
    ]


def _summary(evaluation: "Evaluation", lang: "Lang") -> list[str]:
    lines = [
        label("evaluated_rows", lang).format(
            rows=evaluation.n_rows,
            projects=evaluation.n_projects,
            macro=_figure(evaluation.macro_f1, 3),
            micro=_figure(evaluation.micro_f1, 3),
        )
    ]
    if evaluation.agreement is not None:
        n, tau_b, low, high, mad = evaluation.agreement
        figures = {"tau": _figure(tau_b, 3), "low": _figure(low, 2), "high": _figure(high, 2), "mad": _figure(mad, 1)}
        lines.append(label("evaluated_scores", lang).format(n=n, **figures))
    if not evaluation.per_defect["enough"].all():
        lines.append(label("too_few_labels", lang))
    if len(evaluation.unmeasured):
        found = "、".join(f"{row.defect} {row.found}" for row in evaluation.unmeasured.itertuples(index=False))
        lines.append(label("not_labelled", lang).format(found=found))
    return lines


def _figure(figure: float, digits: int) -> str:
    return "—" if pd.isna(figure) else f"{figure:.{digits}f}"


def _wrong(confusions: pd.DataFrame, defect: str, lang: "Lang") -> tuple[list[tuple[str, ...]], int]:
    """Return the wrong calls of a defect that are shown, and how many are not."""
    calls = confusions[confusions["defect"] == defect]
    named = calls.assign(call=calls["call"].map({call: label(f"call_{call}", lang) for call in ("false", "missed")}))
    return _cells(named.head(_SHOWN), _WRONG), max(len(calls) - _SHOWN, 0)


def _cells(frame: pd.DataFrame, columns: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(map(_text, row)) for row in frame[list(columns)].astype(object).itertuples(index=False)]


def _text(cell: Any) -> str:
    if pd.isna(cell):
        return ""
    return f"{cell:.1f}" if isinstance(cell, float) else one_line(str(cell))


def _print(console: Console, columns: Sequence[str], rows: Sequence[tuple[str, ...]], lang: "Lang") -> None:
    heads = [label(column, lang) for column in columns]
    if not console.is_terminal:
        for row in (heads, *rows):
            console.file.write("\t".join(row) + "\n")
        return
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    figures = {place for place, cell in enumerate(rows[0]) if cell[:1] in "0123456789—"} if rows else set()
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place in figures else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def _print_unmatched(unmatched: pd.DataFrame, console: Console, lang: "Lang") -> None:
    if unmatched.empty:
        return
    console.out(label("n_unmatched", lang).format(n=len(unmatched)), highlight=False)
    for shown, why_not in _cells(unmatched.head(_SHOWN), ("label", "why_not")):
        console.out(f"  {shown}：{why_not}", highlight=False)
    if len(unmatched) > _SHOWN:
        console.out(f"  … {len(unmatched) - _SHOWN}", highlight=False)
