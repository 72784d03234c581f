"""What the script of the page draws, as the browser leaves it: copies, projects of one name, money that is not known."""

import shutil
import subprocess

import pytest
from lxml import html

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")]
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000", "--dump-dom")


@pytest.fixture(scope="module")
def drawn(twice_read, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    twice_read.to_html(folder / "a.html")
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder}/user", (folder / "a.html").as_uri()]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    return html.document_fromstring(done.stdout.decode())


def texts(drawn, path):
    return [" ".join(element.itertext()) for element in drawn.xpath(path)]


def test_groups_stand_in_the_order_and_size_of_the_tables(drawn):
    titles = texts(drawn, "//*[@id='copies']//summary")
    assert [title.split(" · ")[:2] for title in titles] == [["组 1", "3 个项目"], ["组 2", "2 个项目"]]


def test_projects_that_look_the_same_are_told_apart_by_their_file(drawn):
    names = texts(drawn, "//*[@id='ranking-rows']//td[@data-label='项目名称']")
    assert names == [f"农村道路养护 {part}.docx" for part in "abc"] + ["甲 d.docx"] * 2 + ["乙"]


def test_money_that_is_not_known_is_not_nought(drawn):
    agencies = texts(drawn, "//*[@id='agencies']//td[@data-label='单位']")
    money = texts(drawn, "//*[@id='agencies']//td[@data-label='预算']")
    assert dict(zip(agencies, money, strict=True)) == {"乡政府": "", "县局": "91.00 万元"}
    weak = [line.split(" · ")[2] for line in texts(drawn, "//*[@id='money']//ol/li")]
    assert weak == ["90.00 万元", "1.00 万元", *["未写预算"] * 4]
