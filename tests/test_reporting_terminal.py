"""The ranking in the terminal: wide, narrow, into a pipe, and with texts that would steer a terminal."""

import io

import pandas as pd
import pytest
from make_scorecard import make_scorecard
from rich.cells import cell_len
from rich.console import Console

from perfscore.reporting.terminal import print_ranking, print_unread
from perfscore.scorecard import Scorecard


@pytest.fixture(scope="module")
def card():
    return make_scorecard()


def shown(card, width, **settings):
    out = io.StringIO()
    print_ranking(card, Console(file=out, width=width, force_terminal=True, color_system=None), **settings)
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 64, 80, 120, 200])
def test_no_line_is_wider_than_the_screen(card, width):
    assert max(cell_len(line) for line in shown(card, width).splitlines()) <= width


def test_columns_line_up_by_display_width(card):
    lines = [line for line in shown(card, 120).splitlines() if " 中 " in line or " 良 " in line]
    column = {cell_len(line[: line.index(next(grade for grade in "中良" if f" {grade} " in line))]) for line in lines}
    assert len(lines) > 3
    assert len(column) == 1


def test_a_narrow_screen_still_gives_the_reasons(card):
    text = shown(card, 50)
    assert "青禾县" not in text
    assert "PS201" in text


def test_the_limit_says_how_many_are_left(card):
    assert "其余 9 个项目" in shown(card, 100, limit=3)


def test_the_hint_names_a_rule_to_explain(card):
    assert "perfscore explain PS" in shown(card, 100)
    assert "perfscore explain PS" in shown(card, 100, lang="en")


def test_into_a_pipe_each_project_is_one_line_of_tabs(card):
    out = io.StringIO()
    print_ranking(card, Console(file=out))
    lines = out.getvalue().splitlines()
    assert len(lines) == len(card.projects) + 1
    assert {line.count("\t") for line in lines} == {5}


@pytest.mark.parametrize("terminal", [True, False])
def test_a_text_cannot_steer_the_terminal(card, terminal):
    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=terminal, color_system=None)
    print_ranking(card, console)
    print_unread(card.unread, console)
    text = out.getvalue()
    assert "[bold red]富文本[/]" in text
    assert not {"\x1b", "\x07", "\x00", "\u202e"} & set(
        text.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "")
    )


def test_what_was_not_read_is_named_with_its_cure(card):
    out = io.StringIO()
    print_unread(card.unread, Console(file=out, width=100))
    assert "扫描件.pdf 第3页：本页没有文字，可能是扫描图像；请提供文字版" in out.getvalue()


def test_no_project_is_said_so():
    out = io.StringIO()
    print_ranking(Scorecard(projects=pd.DataFrame({"doc": [], "project_id": []})), Console(file=out))
    assert "没有读到项目绩效目标表" in out.getvalue()


def graded(**columns):
    project = {
        "doc": "a",
        "project_id": "a#1",
        "project_name": "道路养护",
        "rank": 1,
        "score": 91.0,
        "grade": "差",
        **columns,
    }
    finding = {"project_id": "a#1", "code": "PS102", "defect": "uniform_value", "severity": "critical", "points": 9.0}
    return Scorecard(projects=pd.DataFrame([project]), findings=pd.DataFrame([finding]))


def test_what_capped_a_grade_stands_beside_it():
    card = graded(gates="多数行是同一个指标值，最高评差")
    assert "多数行是同一个指标值，最高评差" in shown(card, 120)
    out = io.StringIO()
    print_ranking(card, Console(file=out))
    assert "\t多数行是同一个指标值，最高评差；PS102 " in out.getvalue()
    assert "最高评" not in shown(graded(), 120)


@pytest.mark.parametrize("width", [64, 70, 80])
def test_a_rule_is_not_parted_from_its_title(width):
    lines = [line.rstrip() for line in shown(graded(), width).splitlines() if "PS102" in line]
    assert lines[0].rpartition("PS102：")[2].startswith("整张表")
