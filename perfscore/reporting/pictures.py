"""Pictures of a scorecard, as PNG or SVG, with Chinese text that shows on a machine without Chinese fonts too.

The package brings a small font (GB 2312) and draws with it everywhere, so that a picture is the same on every machine.
"""

from collections.abc import Callable
from functools import cache, wraps
from importlib.resources import as_file, files
from io import BytesIO
from typing import TYPE_CHECKING, Any, ParamSpec

import pandas as pd

from perfscore.errors import PerfscoreError
from perfscore.official import FAMILIES
from perfscore.reporting import summary
from perfscore.reporting.messages import label
from perfscore.reporting.plain import clip, one_line

try:
    import matplotlib as mpl
    from matplotlib import font_manager
    from matplotlib.figure import Figure
except ImportError as error:
    raise PerfscoreError("画图需要 matplotlib；请运行 pip install 'perfscore[plot]'") from error

if TYPE_CHECKING:
    from perfscore.scorecard import Lang, Scorecard

__all__ = ["Picture", "Plots"]

P = ParamSpec("P")

_FONT = "perfscore CJK"
_NO_GLYPH = "〓"  # the printer's mark for a character that the case does not hold
_GRADES = {
    "差": ("#b3261e", "^"),
    "中": ("#b36b00", "s"),
    "良": ("#0b5394", "D"),
    "优": ("#1b7a2b", "o"),
    "未评": ("#7a858f", "x"),
}
_SEVERITIES = {"critical": "#b3261e", "major": "#e08a00", "minor": "#d9c84a", "info": "#7fa8cc"}
_LONGEST = 22  # characters of a name beside a bar


class Picture(Figure):
    """A matplotlib figure that shows itself in a notebook and saves to the same bytes each time."""

    def _repr_png_(self) -> bytes:
        content = BytesIO()
        self.savefig(content, format="png")
        return content.getvalue()

    def savefig(self, fname: Any, **settings: Any) -> None:
        """Save as PNG or SVG (the suffix decides); text is drawn as outlines, without the time of saving."""
        form = settings.get("format") or str(fname).rpartition(".")[2].lower()
        if form == "svg":
            settings.setdefault("metadata", {"Date": None})
        with mpl.rc_context({"svg.hashsalt": "perfscore", "svg.fonttype": "path"}):
            super().savefig(fname, **settings)


@cache
def _glyphs() -> frozenset[int]:
    """Register the font of the package; return the characters it can draw."""
    with as_file(files("perfscore.reporting").joinpath("fonts", "perfscore-cjk.otf")) as path:
        font_manager.fontManager.addfont(str(path))
        return frozenset(font_manager.get_font(str(path)).get_charmap())


def _drawn(text: object, longest: int = _LONGEST) -> str:
    """Text on one line of characters that can be drawn; ``$`` would start a formula."""
    words = clip(one_line(text if isinstance(text, str) else ""), longest)
    return "".join(char if ord(char) in _glyphs() else _NO_GLYPH for char in words).replace("$", "＄")


def _in_our_font(draw: Callable[P, Picture]) -> Callable[P, Picture]:
    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Picture:
        _glyphs()
        style: Any = {"font.family": [_FONT], "axes.unicode_minus": False, "font.size": 10, "figure.dpi": 120}
        with mpl.rc_context(style):
            return draw(*args, **kwargs)

    return drawn


class Plots:
    """The pictures of one scorecard; each method returns a ``Picture``, to be shown or saved.

    Examples
    --------
    >>> from perfscore import load_sample, score
    >>> picture = score(load_sample()).plot.ranking(top=5)  # picture.savefig("ranking.svg") writes it
    >>> len(picture.axes[0].patches)
    5
    """

    def __init__(self, scorecard: "Scorecard") -> None:
        self._card = scorecard

    @_in_our_font
    def ranking(self, top: int = 30, lang: "Lang" = "zh") -> Picture:
        """Draw the ``top`` weakest projects with score and grade."""
        shown = self._card.projects.dropna(subset=["score"]).head(top).iloc[::-1]
        names = [
            _drawn(name) or _drawn(key) for name, key in zip(shown["project_name"], shown["project_id"], strict=True)
        ]
        figure, axes = _bars(len(shown), label("ranking", lang))
        axes.barh(range(len(shown)), shown["score"], color=[_GRADES[grade][0] for grade in shown["grade"]])
        for place, (score, grade) in enumerate(zip(shown["score"], shown["grade"], strict=True)):
            axes.text(score + 1, place, f"{score:.1f} {grade}", va="center")
        axes.set_yticks(range(len(shown)), names)
        axes.set_xlim(0, 112)
        axes.set_xlabel(label("score", lang))
        return figure

    @_in_our_font
    def values(self, top: int = 20, lang: "Lang" = "zh") -> Picture:
        """Draw how much of each agency's rows the commonest value takes, most uniform agencies first."""
        table = summary.values(self._card).groupby("agency", sort=False).head(1).head(top).iloc[::-1]
        figure, axes = _bars(len(table), label("values", lang))
        axes.barh(range(len(table)), table["share"] * 100, color="#4a6f94")
        for place, (value, share) in enumerate(zip(table["value"], table["share"], strict=True)):
            axes.text(share * 100 + 1, place, f"{_drawn(value, 14) or label('blank', lang)} {share:.0%}", va="center")
        axes.set_yticks(range(len(table)), [_drawn(agency) or label("no_agency", lang) for agency in table["agency"]])
        axes.set_xlim(0, 125)
        axes.set_xlabel(label("share_percent", lang))
        return figure

    @_in_our_font
    def copies(self, top: int = 20, lang: "Lang" = "zh") -> Picture:
        """Draw the largest groups of like tables: how many projects are exact copies, how many nearly so."""
        members = self._card.copies.assign(exact=self._card.copies["kind"] == "exact")
        groups = members.groupby("group", sort=False).agg(
            size=("size", "first"), exact=("exact", "sum"), representative=("representative", "first")
        )
        groups = groups.reset_index().head(top).iloc[::-1]
        groups["exact"] = groups["exact"].clip(upper=groups["size"])  # the halves of a project are one
        names = self._card.projects.set_index("project_id")["project_name"]
        figure, axes = _bars(len(groups), label("copies", lang))
        places = range(len(groups))
        near = groups["size"] - groups["exact"]
        axes.barh(places, groups["exact"], color="#b3261e", label=label("exact", lang))
        axes.barh(places, near, left=groups["exact"], color="#f0b8a0", hatch="//", label=label("near", lang))
        titles = [_drawn(names.get(project_id, project_id)) for project_id in groups["representative"]]
        axes.set_yticks(places, [f"{number + 1} {title}" for number, title in zip(groups.index, titles, strict=True)])
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set_xlabel(label("size", lang))
        if len(groups):
            figure.legend(loc="outside lower right", ncols=2)
        return figure

    @_in_our_font
    def families(self, lang: "Lang" = "zh") -> Picture:
        """Draw the number of findings of each family of rules, by severity."""
        findings = self._card.findings
        counts = pd.crosstab(findings["code"].str[:3], findings["severity"])
        codes = sorted(counts.index, reverse=True)
        figure, axes = _bars(len(codes), label("findings", lang))
        left = pd.Series(0, index=codes)
        for severity, colour in _SEVERITIES.items():
            if severity in counts.columns:
                axes.barh(
                    range(len(codes)), counts[severity].loc[codes], left=left, color=colour, label=label(severity, lang)
                )
                left = left + counts[severity].loc[codes]
        axes.set_yticks(range(len(codes)), [f"{code} {FAMILIES.get(code, '')}" for code in codes])
        axes.set_xlabel(label("finding_count", lang))
        if len(codes):
            figure.legend(loc="outside lower right", ncols=4)
        return figure

    @_in_our_font
    def money(self, lang: "Lang" = "zh") -> Picture:
        """Draw budget (logarithmic, 万元) against score; each grade has a mark of its own."""
        projects = self._card.projects
        known = projects[projects["score"].notna() & (projects["budget"] > 0)]
        figure = Picture(figsize=(7, 4.5), layout="constrained")
        axes = figure.subplots()
        for grade, (colour, marker) in _GRADES.items():
            own = known[known["grade"] == grade]
            if len(own):
                axes.scatter(own["budget"] / 1e4, own["score"], c=colour, marker=marker, s=24, alpha=0.7, label=grade)
        if len(known):
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
            axes.legend()
        axes.set_ylim(0, 102)
        axes.set_title(label("money", lang))
        axes.set_xlabel(label("budget_10k", lang))
        axes.set_ylabel(label("score", lang))
        axes.grid(alpha=0.3)
        return figure


def _bars(count: int, title: str) -> tuple[Picture, Any]:
    figure = Picture(figsize=(8, 1.4 + 0.28 * max(count, 3)), layout="constrained")
    axes = figure.subplots()
    axes.set_title(title)
    axes.set_ylim(-0.7, max(count, 1) - 0.3)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes
