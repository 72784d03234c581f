"""How results show themselves in a notebook: escaped, complete, and the same each time."""

import re

import pandas as pd
import pytest
from lxml import html
from make_scorecard import HOSTILE, make_scorecard

import perfscore
from perfscore.errors import PerfscoreError


@pytest.fixture(scope="module")
def card():
    return make_scorecard(20)


def parsed(source):
    tree = html.fragment_fromstring(source)
    assert not tree.xpath("//script | //img")
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
    return tree


def test_the_scorecard_shows_the_weakest_and_says_what_is_left(card):
    tree = parsed(card._repr_html_())
    names = [row[3].text_content() for row in tree.xpath("//tbody/tr")]
    assert len(names) == 15
    assert names[0] == card.projects["project_name"][0]
    assert "另有 5 个项目" in tree.text_content()


def test_a_project_shows_its_table_with_marks_and_reasons(card):
    for project_id, name in zip(card.projects["project_id"], card.projects["project_name"], strict=True):
        tree = parsed(card.project(project_id)._repr_html_())
        own = card.findings[card.findings["project_id"] == project_id]
        assert len(tree.xpath("//tbody/tr")) == 6
        assert len(tree.xpath("//li/code")) == len(own)
        if name == HOSTILE[0]:
            assert HOSTILE[0] in tree.text_content()


def test_a_finding_shows_its_cell_with_the_words_marked(card):
    row = card.findings[(card.findings["field"] == "value") & (card.findings["evidence"] != "")].iloc[0]
    tree = parsed(card.finding(row.name)._repr_html_())
    assert tree.xpath("//mark")[0].text_content() == row["evidence"]
    assert row["message"] in tree.text_content()


def test_what_is_not_there_is_named(card):
    with pytest.raises(PerfscoreError, match="x#1"):
        card.project("x#1")
    with pytest.raises(PerfscoreError, match="99999"):
        card.finding(99_999)


def test_targets_show_what_was_read(sample):
    tree = parsed(f"<div>{sample._repr_html_()}</div>")
    assert f"{len(sample.indicators)} 行指标" in tree.text_content()
    assert sample.projects["project_name"][0] in tree.text_content()


def test_targets_escape_what_was_read():
    rows = pd.DataFrame({"project_id": ["a"], "project_name": [HOSTILE[0]], "name": ["x"], "value": ["≥1个"]})
    assert HOSTILE[0] in parsed(f"<div>{perfscore.read(rows)._repr_html_()}</div>").text_content()


def test_the_real_sample_shows_each_project_and_finding(sample_card):
    codes = sample_card.findings.groupby("project_id")["code"].apply(sorted)
    for project_id, count in sample_card.projects.set_index("project_id")["n_rows"].items():
        tree = parsed(sample_card.project(project_id)._repr_html_())
        assert len(tree.xpath("//tbody/tr")) == count
        assert sorted(code.text_content() for code in tree.xpath("//li/code")) == codes.get(project_id, [])
    for finding in sample_card.findings.itertuples():
        text = parsed(sample_card.finding(finding.Index)._repr_html_()).text_content()
        assert finding.code in text
        assert finding.message[:60] in text  # long ones are cut


def test_colours_follow_the_notebook(card):
    style = re.search("<style>(.*?)</style>", card._repr_html_(), re.S)[1]
    assert set(re.findall(r"(?<!-)color:\s*(\w+)", style)) == {"inherit"}
    assert re.findall(r"background: (\S+)\(", style) == ["rgba"]


def test_the_names_of_the_views_speak(card):
    assert "个问题" in repr(card.project(card.projects["project_id"][0]))
    assert repr(card.finding(0)).startswith("<FindingView: PS")
    assert isinstance(card, perfscore.Scorecard)
