"""The page in a browser: no error, no request, filter, sort, drill down, keyboard, print."""

import base64
import io
import json
import shutil

import pdfplumber
import pytest
from make_scorecard import HOSTILE, make_scorecard

webdriver = pytest.importorskip("selenium.webdriver")
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import Select, WebDriverWait  # noqa: E402

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium or chromedriver is not installed"),
]
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@pytest.fixture(scope="module")
def card():
    return make_scorecard(130)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('user')}", "--window-size=1280,900"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def address(card, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    card.to_html(path)
    return path.as_uri()


@pytest.fixture
def page(browser, address):
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get("about:blank")
    browser.set_window_size(1280, 900)
    browser.get(address)
    WebDriverWait(browser, 20).until(
        lambda driver: driver.execute_script("return document.documentElement.dataset.complete")
    )
    return browser


def rows(page):
    return page.execute_script(
        'return [...document.querySelectorAll("#ranking-rows tr")].map((r) => Number(r.dataset.project))'
    )


def click(page, selector):
    page.execute_script("arguments[0].click()", page.find_element(By.CSS_SELECTOR, selector))


def test_it_loads_without_error_and_without_a_request(page, address):
    assert page.get_log("browser") == []
    sent = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    requests = [one["params"] for one in sent if one["method"] == "Network.requestWillBeSent"]
    assert {one["request"]["url"] for one in requests if one["documentURL"] == address} == {address}


def test_the_ranking_comes_in_order_and_goes_on(page, card):
    assert rows(page) == list(range(100))
    click(page, "#ranking-more")
    assert rows(page) == list(range(len(card.projects)))
    assert not page.find_element(By.ID, "ranking-more").is_displayed()


def test_filters_narrow_the_ranking(page, card):
    Select(page.find_element(By.ID, "f-grade")).select_by_visible_text("中")
    assert len(rows(page)) == min(100, (card.projects["grade"] == "中").sum())
    Select(page.find_element(By.ID, "f-agency")).select_by_visible_text("青禾县水利局")
    both = card.projects[(card.projects["grade"] == "中") & (card.projects["agency"] == "青禾县水利局")]
    assert rows(page) == both.index.tolist() != []
    assert page.find_element(By.ID, "count").text == f"{len(both)} 个项目"
    click(page, "#filters [type=reset]")
    WebDriverWait(page, 5).until(lambda driver: len(rows(driver)) == 100)


def test_the_rule_filter_keeps_projects_with_that_finding(page, card):
    Select(page.find_element(By.ID, "f-rule")).select_by_value("PS502")
    own = set(card.findings.loc[card.findings["code"] == "PS502", "project_id"])
    assert {card.projects["project_id"][at] for at in rows(page)} == own


def test_text_finds_names_and_rows(page, card):
    page.find_element(By.ID, "f-text").send_keys("<script>alert")
    WebDriverWait(page, 5).until(lambda driver: len(rows(driver)) < 100)
    hits = card.indicators["name"].str.contains("<script>alert", regex=False)
    wanted = set(card.indicators.loc[hits, "project_id"]) | {
        card.projects["project_id"][at]
        for at, name in enumerate(card.projects["project_name"])
        if "<script>alert" in name
    }
    assert {card.projects["project_id"][at] for at in rows(page)} == wanted


def test_a_heading_sorts_both_ways_and_what_is_missing_stays_last(page, card):
    click(page, "[data-sort=budget]")
    head = page.find_element(By.CSS_SELECTOR, "[data-sort=budget]").find_element(By.XPATH, "..")
    assert head.get_attribute("aria-sort") == "descending"
    assert rows(page)[0] == card.projects["budget"].idxmax()
    click(page, "[data-sort=budget]")
    click(page, "#ranking-more")
    assert head.get_attribute("aria-sort") == "ascending"
    shown = card.projects["budget"].iloc[rows(page)]
    assert shown.dropna().is_monotonic_increasing
    assert shown.isna().tolist() == sorted(shown.isna())


def test_drill_down_shows_the_table_with_marks_and_reasons(page, card):
    click(page, '[data-project="0"] a')
    WebDriverWait(page, 5).until(lambda driver: driver.find_element(By.ID, "detail").is_displayed())
    project = card.projects.iloc[0]
    own = card.findings[card.findings["project_id"] == project["project_id"]]
    heading = page.find_element(By.CSS_SELECTOR, "#detail-body h2")
    assert heading.text == project["project_name"]
    assert page.switch_to.active_element == heading
    printed = page.find_elements(By.CSS_SELECTOR, ".indicators tbody tr")
    assert len(printed) == (card.indicators["project_id"] == project["project_id"]).sum()
    assert len(page.find_elements(By.CSS_SELECTOR, ".findings li")) == len(own)
    numbers = [mark.text for mark in page.find_elements(By.CSS_SELECTOR, "#detail-body sup")]
    assert sorted(map(int, numbers)) == list(range(1, len(own) + 1))
    first = own[own["field"].isin(["name", "value", "basis"]) & (own["evidence"] != "")].iloc[0]
    assert first["evidence"] in [mark.text for mark in page.find_elements(By.CSS_SELECTOR, ".indicators mark")]


def test_marks_stand_right_after_characters_beyond_the_basic_plane(page):
    nodes = page.execute_script(
        'return marked("😀😀满意度", [{number: 1, start: 2, end: 4, severity: "minor"}]).map((n) => n.textContent || n)'
    )
    assert nodes == ["😀😀", "满意", "1", "度"]


def test_overlapping_marks_keep_the_text(page):
    text = page.execute_script(
        """const nodes = marked("abcdef", [{number: 1, start: 0, end: 3, severity: "minor"},
                                          {number: 2, start: 2, end: 5, severity: "major"},
                                          {number: 3, start: null, end: null, severity: "info"}]);
           return nodes.map((n) => (n.tagName || "") + ":" + (n.textContent || n)).join(" ")"""
    )
    assert text == "MARK:ab MARK:c SUP:1 MARK:de SUP:2 MARK:f SUP:3"


def test_hostile_texts_are_only_shown(page, card):
    assert (
        page.execute_script("return document.querySelectorAll('#ranking-rows script, #ranking-rows img').length") == 0
    )
    for at in range(len(card.projects)):
        if card.projects["project_name"][at] in HOSTILE:
            page.execute_script(f"location.hash = '#p{at + 1}'; route()")
            assert (
                page.execute_script(
                    "return document.querySelectorAll('#detail script, #detail img, #detail [onmouseover]').length"
                )
                == 0
            )
    assert page.get_log("browser") == []


def test_the_keyboard_goes_all_the_way(page, card):
    page.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    assert page.switch_to.active_element.get_attribute("class") == "skip"
    seen = []
    for _ in range(40):
        page.switch_to.active_element.send_keys(Keys.TAB)
        active = page.switch_to.active_element
        seen.append(active.get_attribute("id") or active.get_attribute("data-sort"))
        if active.find_elements(By.XPATH, "ancestor::tbody"):
            break
    assert [name for name in seen if name] == [
        "f-text",
        "f-agency",
        "f-grade",
        "f-rule",
        "print",
        "with-details",
        "rank",
        "score",
        "project_name",
        "agency",
        "budget",
    ]
    active.send_keys(Keys.ENTER)
    WebDriverWait(page, 5).until(lambda driver: driver.find_element(By.ID, "detail").is_displayed())
    page.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)
    WebDriverWait(page, 5).until(lambda driver: driver.find_element(By.ID, "overview").is_displayed())
    assert page.switch_to.active_element.text == card.projects["project_name"][0]


def test_copies_open_and_show_what_differs(page, card):
    group = page.find_element(By.CSS_SELECTOR, "#copies details")
    page.execute_script("arguments[0].querySelector('summary').click()", group)
    WebDriverWait(page, 5).until(lambda driver: group.find_elements(By.CSS_SELECTOR, "tbody tr"))
    assert len(group.find_elements(By.CSS_SELECTOR, "tbody tr")) == 3
    page.execute_script("arguments[0].querySelector('button').click()", group)
    sides = group.find_elements(By.CSS_SELECTOR, ".comparison th")
    assert len(sides) == 2
    assert group.find_elements(By.CSS_SELECTOR, ".comparison mark")


def test_an_agency_leads_back_to_its_projects(page, card):
    button = next(
        one for one in page.find_elements(By.CSS_SELECTOR, "#agencies button.link") if one.text == "青禾县教育局"
    )
    page.execute_script("arguments[0].click()", button)
    assert len(rows(page)) == min(100, (card.projects["agency"] == "青禾县教育局").sum())


@pytest.mark.parametrize("width", [1280, 480])
def test_nothing_sticks_out_sideways(page, width):
    page.set_window_size(width, 900)
    for place in ("#ranking", "#p1"):
        page.execute_script(f"location.hash = '{place}'; route()")
        assert page.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


def test_every_control_has_a_name(page):
    nameless = page.execute_script(
        """return [...document.querySelectorAll("input, select, button, a")].filter((one) =>
             !(one.labels && one.labels.length) && !one.textContent.trim() && !one.hidden).map((one) => one.id)"""
    )
    assert nameless == []


def test_print_gives_everything_on_a4_with_the_method_last(page, card):
    Select(page.find_element(By.ID, "f-grade")).select_by_visible_text("优")
    click(page, "#with-details")
    printed = page.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    with pdfplumber.open(io.BytesIO(base64.b64decode(printed["data"]))) as pdf:
        sizes = {(round(sheet.width), round(sheet.height)) for sheet in pdf.pages}
        texts = [sheet.extract_text() for sheet in pdf.pages]
    assert sizes == {(595, 842)}
    assert "perfscore" in texts[-1]
    assert "0.1.0" in texts[-1]
    assert "清除筛选" not in "".join(texts)
    details = sum("确定依据" in text for text in texts)
    assert details >= (card.projects["grade"] == "优").sum() > 0


def test_headings_are_printed_again_on_each_page(page):
    printed = page.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    with pdfplumber.open(io.BytesIO(base64.b64decode(printed["data"]))) as pdf:
        texts = [sheet.extract_text() for sheet in pdf.pages]
    ranking = [text for text in texts if "主要问题" in text]
    assert len(ranking) > 1
    assert [text[:80] for text in ranking if "名次" not in text] == []


def test_five_thousand_projects_show_within_two_seconds(browser, tmp_path):
    path = tmp_path / "big.html"
    make_scorecard(5000, hostile=False, n_rows=10).to_html(path)
    browser.get(path.as_uri())
    WebDriverWait(browser, 30).until(
        lambda driver: driver.execute_script("return document.documentElement.dataset.complete")
    )
    assert path.stat().st_size < 15e6
    assert int(browser.execute_script("return document.documentElement.dataset.ready")) < 2000
