"""The page as text: one file, nothing from outside, and no text of a table that becomes markup or script."""

import base64
import hashlib
import json
import re

import pytest
from lxml import html
from make_scorecard import HOSTILE, make_scorecard

from perfscore.reporting.catalogue import TEXTS
from perfscore.reporting.payload import payload
from perfscore.reporting.plain import one_line


@pytest.fixture(scope="module")
def card():
    return make_scorecard()


@pytest.fixture(scope="module")
def source(card):
    return card.to_html()


@pytest.fixture(scope="module")
def tree(source):
    return html.document_fromstring(source)


def test_nothing_is_fetched(tree, source):
    links = [value for element in tree.iter() for name, value in element.attrib.items() if name in ("src", "href")]
    assert links
    assert all(link.startswith("#") for link in links)
    assert "url(" not in source
    assert "@import" not in source


def test_only_the_script_of_the_page_may_run(tree):
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    scripts = [element for element in tree.iter("script") if element.get("type") is None]
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].text.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_texts_of_the_tables_stay_texts(tree, source):
    assert len(tree.xpath("//script")) == 2
    assert not tree.xpath("//img")
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
    block = re.search(r'id="data">(.*?)</script>', source, re.S)[1]
    assert "<" not in block
    assert HOSTILE[0] in json.loads(block)["texts"]


def test_without_script_the_ranking_is_there(tree, card):
    rows = tree.xpath("//noscript//tbody/tr")
    names = [row[3].text_content() for row in rows]
    assert names == [one_line(name) for name in card.projects["project_name"]]


def test_payload_leads_back_to_every_row_and_finding(card):
    data = payload(card)
    for at, project_id in enumerate(card.projects["project_id"]):
        rows = range(data["rows_from"][at], data["rows_from"][at + 1])
        own = card.indicators[card.indicators["project_id"] == project_id]
        assert [data["indicators"]["row_no"][row] for row in rows] == own["row_no"].tolist()
        assert [len(data["texts"][data["indicators"]["name"][row]]) for row in rows] == own["name"].str.len().tolist()
        found = data["findings_from"][at + 1] - data["findings_from"][at]
        assert found == (card.findings["project_id"] == project_id).sum()


def test_each_text_of_the_catalogue_is_in_both_languages():
    assert not [key for key, pair in TEXTS.items() if len(pair) != 2 or not all(pair)]
    assert not [key for key, (zh, en) in TEXTS.items() if ("{n}" in zh) != ("{n}" in en)]
    grades = re.compile("[优良中差]|未评")
    assert not [key for key, (_, en) in TEXTS.items() if re.search("[\u4e00-\u9fff]", grades.sub("", en))]


def test_every_label_that_the_page_asks_for_exists(source, card):
    script = source.split("<script>")[1]
    asked = set(re.findall(r"LABELS\.(\w+)", script)) | set(re.findall(r'cell\("(\w+)"', script))
    assert len(asked) > 30
    assert asked <= set(TEXTS)


def test_english_page_has_no_chinese_heading(card):
    english = html.document_fromstring(card.to_html(lang="en"))
    heads = [element.text_content() for element in english.iter("h1", "h2", "th", "label", "button")]
    assert len(heads) > 20
    assert not [head for head in heads if re.search("[\u4e00-\u9fff]", head)]


def test_the_script_runs_in_old_browsers(source):
    esprima = pytest.importorskip("esprima")  # parses ECMAScript 2017 and nothing later
    script = source.split("<script>")[1].split("</script>")[0]
    assert len(esprima.parseScript(script).body) > 40
