"""Pictures: Chinese without installed fonts, the same bytes each time, and a clear word when matplotlib is missing."""

import subprocess
import sys

import pandas as pd
import pytest
from make_scorecard import make_scorecard

from perfscore.scorecard import Scorecard

pytest.importorskip("matplotlib")
from matplotlib import font_manager

from perfscore.reporting import pictures

KINDS = ["ranking", "values", "copies", "families", "money"]


@pytest.fixture(scope="module")
def card():
    return make_scorecard(30)


@pytest.fixture
def no_other_fonts(monkeypatch):
    """Only the font of the package and nothing else: no fall-back can draw what it lacks."""
    pictures._glyphs()
    own = [font for font in font_manager.fontManager.ttflist if font.name == pictures._FONT]
    assert own
    monkeypatch.setattr(font_manager.fontManager, "ttflist", own)


@pytest.mark.parametrize("kind", KINDS)
def test_every_character_has_a_glyph(card, kind, tmp_path, no_other_fonts):
    figure = getattr(card.plot, kind)()
    figure.savefig(tmp_path / "a.png")  # a missing glyph is a warning, and warnings are errors
    figure.savefig(tmp_path / "a.svg")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert "<text" not in (tmp_path / "a.svg").read_text("utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_scorecard_gives_the_same_picture(card, kind, tmp_path):
    for name in ("a.svg", "b.svg"):
        getattr(card.plot, kind)().savefig(tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_to_draw_is_an_empty_picture(kind, lang, tmp_path):
    empty = Scorecard(projects=pd.DataFrame({"doc": [], "project_id": []}))
    figure = getattr(empty.plot, kind)(lang=lang)
    figure.savefig(tmp_path / "a.png")
    (axes,) = figure.axes
    assert axes.get_title()
    assert axes.get_xlabel()
    assert [*axes.patches, *axes.collections, *axes.texts, *figure.legends] == []
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_the_ranking_draws_scores(card):
    axes = card.plot.ranking(top=5).axes[0]
    assert [bar.get_width() for bar in axes.patches][::-1] == card.projects["score"].head(5).tolist()


def test_shares_of_the_values_are_drawn(card):
    axes = card.plot.values().axes[0]
    agencies = card.projects.set_index("project_id")["agency"]
    rows = card.indicators[card.indicators["project_id"].map(agencies) == "青禾县水利局"]
    same = rows["value"].isin(["≥95百分比", "≥95%"]).mean() * 100
    assert any(bar.get_width() == pytest.approx(same) for bar in axes.patches)


def test_a_character_that_the_font_lacks_is_marked():
    assert pictures._drawn("😀满意度$") == "〓满意度＄"


def test_a_notebook_gets_a_picture(card):
    assert card.plot.money()._repr_png_().startswith(b"\x89PNG")


def test_without_matplotlib_the_extra_is_named(tmp_path):
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "import pandas as pd; from perfscore.scorecard import Scorecard\n"
        "Scorecard(projects=pd.DataFrame({'doc': [], 'project_id': []})).plot"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", env=None)
    assert "PerfscoreError" in done.stderr
    assert "perfscore[plot]" in done.stderr


def test_a_group_is_as_large_as_its_projects(twice_read):
    axes = twice_read.plot.copies().axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()][::-1] == ["1 农村道路养护", "2 甲"]
    widths = [bar.get_width() for bar in axes.patches]
    assert [exact + near for exact, near in zip(widths[:2], widths[2:], strict=True)][::-1] == [3, 2]
