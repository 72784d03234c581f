"""Text to lines and grids, by structure alone."""

import io

import openpyxl
import pytest

from perfscore import read
from perfscore.headers import clean
from perfscore.readers import read_bytes
from perfscore.readers.blocks import Grid, Line
from perfscore.readers.plain import read_text


def shape(text):
    """Lines as text, grids as lists of rows."""
    return [
        block.text if isinstance(block, Line) else [[cell.text for cell in row] for row in block.rows]
        for block in read_text(text, "a.txt")
    ]


def test_one_cell_a_line():
    text = "标题\n\t甲\n\t乙\n\n\t\n\t丙\n续行\n\n\n正文"
    assert shape(text) == ["标题", [["甲", "乙"], ["", "丙\n续行"]], "正文"]


def test_one_row_a_line():
    assert shape("标题\n甲\t乙\t\n\t丙\t丁\n\n后文") == ["标题", [["甲", "乙", ""], ["", "丙", "丁"]], "", "后文"]


def test_pipes():
    assert shape("| 甲 | 乙 |\n|:---|---:|\n| 丙<br>丁 | a\\|b |\n") == [[["甲", "乙"], ["丙\n丁", "a|b"]], ""]


def test_blank_lines_of_running_text_are_kept():
    assert shape("甲\n\n乙") == ["甲", "", "乙"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\f", "\u2028"])
def test_any_line_end(end):
    assert shape(f"\ufeff甲{end}乙") == ["甲", "乙"]


def test_nothing_is_lost_and_every_block_knows_its_line():
    text = "甲\n\t乙\n\t丙\n\n丁\t戊\n\n己"
    document = read_text(text, "a.txt")
    assert [block.place for block in document] == ["第1行", "第2行", "第5行", "第6行", "第7行"]
    grid = document.blocks[1]
    assert isinstance(grid, Grid)
    assert [cell.place for cell in grid.rows[0]] == ["第2行", "第3行"]
    letters = "".join(str(block) for block in shape(text))
    assert all(char in letters for char in "甲乙丙丁戊己")


@pytest.mark.parametrize("text", ["", "\n\n", "\t", "\t\n\t\n", "|", "||", "\x00"])
def test_poor_texts_do_no_harm(text):
    assert read_text(text, "a.txt").unread == ()


def test_a_sheet_saved_as_text_quotes_its_cells_of_several_lines():
    text = '项目名称\t清淤\t\n"绩效\n目标"\t"1.清淤；\n2.护岸，""一河一策""。"\t\n指标"值"\t"A,B"\t"雪亮"\n'
    grid = read_text(text, "Unicode 文本.txt").blocks[0]
    cells = [[cell.text for cell in row] for row in grid.rows]
    assert cells[:2] == [["项目名称", "清淤", ""], ["绩效\n目标", '1.清淤；\n2.护岸，"一河一策"。', ""]]
    assert cells[2] == ['指标"值"', "A,B", '"雪亮"']
    assert [row[0].place for row in grid.rows] == ["第1行", "第2行", "第5行"]


@pytest.mark.parametrize("text", ['甲\t"乙\n丙\t丁\n', '甲\t"乙\n丙\t丁\n戊\t己"', '甲\t"乙\n丙\t丁"一\n'])
def test_quotes_that_end_nowhere_hold_no_lines_back(text):
    lines = [[cell.text for cell in row] for row in read_text(text, "a.txt").blocks[0].rows]
    assert lines == [line.split("\t") for line in text.strip().splitlines()]


def test_markup_is_taken_out_of_texts_and_left_in_forms():
    rows = [["三级指标", "指标值"], ["**接件**数", "≥**人"], ["说明</td>", "≥1件"]]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(data := io.BytesIO())
    (grid,) = read_bytes(data.getvalue(), "a.xlsx")[0].blocks
    assert [[clean(cell.text) for cell in row] for row in grid.rows] == rows
    text = "\n".join("\t".join(row) for row in rows)
    (grid,) = read_bytes(text.encode(), "a.txt")[0].blocks
    assert [[cell.text for cell in row] for row in grid.rows] == [rows[0], ["接件数", "≥人"], ["说明", "≥1件"]]


def test_a_merged_cell_of_a_page_stays_one():
    page = "<table><tr><td rowspan=2>**产出**<td>数量<tr><td>质量</table>"
    (grid,) = read_bytes(page.encode(), "a.html")[0].blocks
    assert grid.rows[0][0].text == "产出"
    assert grid.rows[0][0] is grid.rows[1][0]


def test_a_figure_that_nobody_filled_in_is_read_as_printed(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["培训费绩效目标表"])
    book.active.append(["一级指标", "二级指标", "三级指标", "指标值"])
    book.active.append(["产出指标", "数量指标", "培训人数", "≥**人"])
    book.active.append(["产出指标", "质量指标", "培训合格率", "≥95%"])
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").indicators["value"].tolist() == ["≥**人", "≥95%"]
