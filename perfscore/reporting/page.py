"""The page for reviewers: one HTML file that needs nothing beside it and asks nothing of the network."""

import base64
import hashlib
from importlib.resources import files
from types import SimpleNamespace
from typing import TYPE_CHECKING

from jinja2 import Environment, FunctionLoader
from markupsafe import Markup

from perfscore.reporting import summary
from perfscore.reporting.messages import texts
from perfscore.reporting.payload import embed, payload
from perfscore.reporting.plain import one_line

if TYPE_CHECKING:
    from perfscore.scorecard import Lang, Scorecard

__all__ = ["page"]

_SCRIPTS = ("base.js", "ranking.js", "project.js", "copies.js", "overview.js", "start.js")


def page(scorecard: "Scorecard", lang: "Lang" = "zh") -> str:
    """Return the report as one HTML document.

    Every text of the tables is data: in the JSON block for the script, which shows it as text only, and escaped in the
    ranking for browsers without script. A content policy lets nothing but the page's own script run.
    """
    script = "".join(map(_template, _SCRIPTS))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment = Environment(loader=FunctionLoader(_template), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("report.html").render(
        lang="zh-CN" if lang == "zh" else "en",
        t=SimpleNamespace(**texts(lang)),
        style=Markup(_template("report.css")),
        script=Markup(script),
        digest=digest,
        data=Markup(embed(payload(scorecard, lang))),
        ranking=_plain_ranking(scorecard, lang),
        counts=_counts(scorecard),
    )


def _template(name: str) -> str:
    return files("perfscore.reporting").joinpath("templates", name).read_text("utf-8")


def _counts(scorecard: "Scorecard") -> list[tuple[str, int]]:
    counts = scorecard.projects["grade"].value_counts()
    return [(grade, int(counts[grade])) for grade in summary.GRADES if grade in counts.index]


def _plain_ranking(scorecard: "Scorecard", lang: "Lang") -> list[tuple[str, ...]]:
    whys = summary.reasons(scorecard, lang=lang)
    columns = scorecard.projects[["rank", "grade", "score", "project_name", "agency"]]
    shown = columns.assign(score=columns["score"].map("{:.1f}".format, na_action="ignore")).astype(object)
    rows = shown.where(shown.notna(), "").itertuples(index=False)
    return [(*(one_line(str(cell)) for cell in row), why) for row, why in zip(rows, whys, strict=True)]
