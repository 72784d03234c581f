"""The workbook: sheets, filters, print set-up, colours and notes, and no text that becomes a formula."""

import re
import shutil
import subprocess
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from make_scorecard import HOSTILE, make_scorecard

from perfscore.reporting import workbook
from perfscore.reporting.plain import printable
from perfscore.reporting.workbook import FILLS
from perfscore.scorecard import Scorecard

SHEETS = ["排名", "问题清单", "指标明细", "雷同对照", "取值分布", "未读清单", "说明"]


@pytest.fixture(scope="module")
def card():
    return make_scorecard()


@pytest.fixture(scope="module")
def path(card, tmp_path_factory):
    return card.to_excel(tmp_path_factory.mktemp("book") / "report.xlsx")


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def column(sheet, head):
    place = next(cell.column for cell in sheet[1] if cell.value == head)
    return [sheet.cell(row, place) for row in range(2, sheet.max_row + 1)]


def test_sheets_stand_in_order_with_filter_head_and_print_set_up(book):
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_every_project_finding_and_row_is_there(book, card):
    assert book["排名"].max_row == len(card.projects) + 1
    assert book["问题清单"].max_row == len(card.findings) + 1
    assert book["指标明细"].max_row == len(card.indicators) + 1
    assert book["未读清单"].max_row == len(card.unread) + 1


def test_no_cell_is_a_formula_and_texts_are_whole(book, card):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "f" not in {cell.data_type for cell in cells}
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert HOSTILE[1] in texts
    assert {printable(name) for name in card.projects["project_name"]} <= texts


def test_texts_are_formatted_as_text_so_that_editing_makes_no_formula(book):
    cells = column(book["指标明细"], "指标值")
    assert {cell.number_format for cell in cells} == {"@"}
    assert any(cell.value and cell.value.startswith("=") for cell in cells)


def test_a_cell_at_fault_is_filled_by_its_worst_finding_and_has_a_note(book, card):
    sheet = book["指标明细"]
    worst = {severity: place for place, severity in enumerate(FILLS)}
    expected = {}
    names = card.projects.set_index("project_id")["project_name"]
    for finding in card.findings.dropna(subset=["row_no"]).itertuples():
        key = printable(names[finding.project_id]), finding.row_no, finding.field
        expected[key] = min(expected.get(key, "info"), finding.severity, key=worst.get)
    heads = {"name": "三级指标", "value": "指标值", "basis": "确定依据"}
    keys = list(
        zip((c.value for c in column(sheet, "项目名称")), (c.value for c in column(sheet, "行号")), strict=True)
    )
    seen = 0
    for field, head in heads.items():
        for key, cell in zip(keys, column(sheet, head), strict=True):
            severity = expected.get((*key, field))
            assert cell.fill.fgColor.rgb == (f"00{FILLS[severity]}" if severity else "00000000")
            assert (cell.comment is not None) == (severity is not None)
            seen += severity is not None
    assert seen == len(expected) > 20


def test_issues_are_written_in_words_too(book):
    issues = [cell.value for cell in column(book["指标明细"], "问题") if cell.value]
    assert issues
    assert all(re.match(r"\[(严重|重要|一般|提示)\] PS\d{3} ", issue) for issue in issues)


def test_widths_fit_chinese(book):
    sheet = book["排名"]
    agency = next(cell for cell in sheet[1] if cell.value == "单位")
    assert sheet.column_dimensions[agency.column_letter].width >= 2 * len("青禾县行政审批局")


def test_notes_are_bounded_and_stand_on_the_weakest_projects(card, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "NOTES", 5)
    sheet = openpyxl.load_workbook(card.to_excel(tmp_path / "a.xlsx"))["指标明细"]
    noted = [cell.row for row in sheet.iter_rows() for cell in row if cell.comment]
    filled = [cell.row for row in sheet.iter_rows(min_row=2) for cell in row if cell.fill.fgColor.rgb != "00000000"]
    assert noted == filled[:5]
    assert len(filled) > 5


def test_system_rows_are_said_to_be_left_out(card, tmp_path):
    judged = [False, *[True] * (len(card.indicators) - 1)]
    rows = card.indicators.assign(official=[not one for one in judged], judged=judged)
    book = openpyxl.load_workbook(replace(card, indicators=rows).to_excel(tmp_path / "a.xlsx"))
    issues = [cell.value for cell in column(book["指标明细"], "问题") if cell.value]
    assert sum("预算系统固定的行" in issue for issue in issues) == 1


def test_control_characters_and_length_do_not_break_the_file(tmp_path):
    projects = pd.DataFrame({"doc": ["a"], "project_id": ["a#1"], "project_name": ["\x00\x0b\ufffe" + "长" * 40_000]})
    book = openpyxl.load_workbook(Scorecard(projects=projects).to_excel(tmp_path / "a.xlsx"))
    name = column(book["排名"], "项目名称")[0].value
    assert len(name) < 32_767
    assert name.endswith("…")


def test_english_headings(card, tmp_path):
    book = openpyxl.load_workbook(card.to_excel(tmp_path / "a.xlsx", lang="en"))
    assert book.sheetnames[0] == "Ranking"
    assert "Project" in [cell.value for cell in book["Ranking"][1]]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_every_sheet_and_note(path, book, tmp_path):
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'user').as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    subprocess.run([*command, "--outdir", tmp_path, path], check=True, capture_output=True, timeout=120)
    again = openpyxl.load_workbook(tmp_path / path.name)
    assert again.sheetnames == SHEETS
    notes = [
        sum(cell.comment is not None for row in one["指标明细"].iter_rows() for cell in row) for one in (book, again)
    ]
    assert notes[0] == notes[1] > 20
