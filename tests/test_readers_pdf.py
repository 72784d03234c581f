"""Pdf: tables with lines and without, over pages, turned, drawn in odd ways; pages that cannot be read."""

import io
import random
from itertools import pairwise

import pytest
import render
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from perfscore.readers import read_bytes
from perfscore.readers.blocks import Grid, Line

FONT, SIZE = "STSong-Light", 10
HEADERS = ["一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据"]


def read(data):
    (document,) = read_bytes(data, "a.pdf")
    assert document.unread == ()
    return document.blocks


def grids(data):
    return [block for block in read(data) if isinstance(block, Grid)]


def texts(grid):
    return [["".join(cell.text.split()) for cell in row] for row in grid.rows]


def labelled_table(seed, rows=None):
    """Return a target table as forms have it: labels at the left merged downward, blank cells, wrapped texts."""
    rng = random.Random(seed)
    n_rows = rows or rng.randint(5, 13)
    cells = [render.Spanned(0, column, header) for column, header in enumerate(HEADERS)]
    labels = ["产出指标", "效益指标", "满意度指标", "服务对象满意度指标"]
    row = 1
    while row < n_rows:
        end = min(row + rng.randint(1, 5), n_rows)
        cells.append(render.Spanned(row, 0, rng.choice(labels), end - row))
        while row < end:
            height = min(rng.randint(1, 3), end - row)
            cells.append(render.Spanned(row, 1, rng.choice(labels), height))
            row += height
    for row in range(1, n_rows):
        for column, words in ((2, 4), (3, 9), (4, 0), (5, 4)):
            text = "".join(rng.choices(render.WORDS, k=rng.randint(1, words))) if words else rng.choice(render.ODD)
            cells.append(render.Spanned(row, column, "" if column == 5 and rng.random() < 0.2 else text))
    return render.Table(f"项目{seed}绩效目标表", tuple(cells), n_rows, len(HEADERS))


@pytest.mark.parametrize("seed", range(10))
def test_ruled_tables_round_trip(seed):
    tables = [render.random_table(2 * seed + number, longest=10) for number in range(2)]
    found = grids(render.to_pdf(tables))
    assert [render.differences(*pair, squeeze=True) for pair in zip(found, tables, strict=True)] == [[], []]


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("ruled", [True, False])
def test_merged_labels_round_trip_with_and_without_lines(seed, ruled):
    table = labelled_table(seed)
    (found,) = grids(render.to_pdf([table], ruled=ruled))
    assert render.differences(found, table, squeeze=True) == []


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("align", ["TOP", "MIDDLE"])
def test_tables_without_lines_round_trip(seed, align):
    rng = random.Random(seed)
    rows = [
        ["".join(rng.choices(render.WORDS, k=rng.randint(1, 8))) for _ in range(5)] for _ in range(rng.randint(3, 9))
    ]
    for row in rows[1:]:
        row[rng.randint(2, 4)] = ""
    table = render.plain_table(rows, "绩效目标表")
    line, found = read(render.to_pdf([table], ruled=False, align=align))
    assert line.text == table.title
    assert render.differences(found, table, squeeze=True) == []


@pytest.mark.parametrize("ruled", [True, False])
def test_a_table_over_pages_gives_all_its_rows_in_order(ruled):
    rows = [[f"{row}行{column}列" + "很长的说明" * (row % 4) for column in range(4)] for row in range(90)]
    found = grids(render.to_pdf([render.plain_table(rows, "表")], ruled=ruled))
    assert len(found) > 2
    assert [row for grid in found for row in texts(grid)] == rows
    assert [grid.place for grid in found] == [f"第{page}页 表1" for page in range(1, len(found) + 1)]
    assert found[1].rows[0][1].place == "第2页 表1 第1行第2列"


def drawn(draw, turn=0, size=A4):
    """Return a pdf of one page that a function has drawn on."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=size, invariant=1)
    canvas.setFont(FONT, SIZE)
    if turn:
        canvas.setPageRotation(turn)
    draw(canvas)
    canvas.save()
    return stream.getvalue()


def draw_cells(canvas, xs, ys, cells, lines=True):
    """Draw a grid of lines and a text into each of its cells."""
    for row, line in enumerate(cells):
        for column, text in enumerate(line):
            canvas.drawString(xs[column] + 4, ys[row + 1] + 6, text)
    if lines:
        canvas.grid(xs, ys)


CELLS = [["三级指标", "指标值", "依据"], ["接件", "≥50件", "计划"], ["办结率", "≥95%", "历史"]]
XS, YS = [80, 200, 300, 400], [700, 670, 640, 610]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_turned_for_viewing(turn):
    def draw(canvas):  # what a program writes that turns the page and its content against it
        width, height = A4
        canvas.translate(*{90: (width, 0), 180: (width, height), 270: (0, height)}[turn])
        canvas.rotate(turn)
        draw_cells(canvas, [x - 60 for x in XS], [y - 200 for y in YS], CELLS)

    assert [texts(grid) for grid in grids(drawn(draw, turn))] == [CELLS]


@pytest.mark.parametrize("angle", [90, 270])
def test_a_table_lying_on_its_side_on_an_upright_page(angle):
    def draw(canvas):
        canvas.translate(*{90: (A4[0], 0), 270: (0, A4[1])}[angle])
        canvas.rotate(angle)
        draw_cells(canvas, XS, [y - 200 for y in YS], CELLS)

    assert [texts(grid) for grid in grids(drawn(draw))] == [CELLS]


def test_labels_set_one_character_under_another_or_sideways_are_words():
    def draw(canvas):
        draw_cells(canvas, [80, 100, 200], [700, 620, 540], [["", "≥50件"], ["", "≥95%"]])
        for number, character in enumerate("产出指标"):
            canvas.drawString(85, 685 - 12 * number, character)
        canvas.translate(95, 560)
        canvas.rotate(90)
        canvas.drawString(0, 0, "效益指标")

    assert [[cell.text for cell in row] for row in grids(drawn(draw))[0].rows] == [
        ["产出指标", "≥50件"],
        ["效益指标", "≥95%"],
    ]


def test_open_sides_dashes_and_thin_bars_are_lines():
    def open_sided(canvas):
        draw_cells(canvas, XS, YS, CELLS, lines=False)
        for y in YS:
            canvas.line(XS[0], y, XS[-1], y)
        for x in XS[1:-1]:
            canvas.line(x, YS[0], x, YS[-1])

    def dashed(canvas):
        canvas.setDash(2, 2)
        draw_cells(canvas, XS, YS, CELLS)

    def segments(canvas):
        draw_cells(canvas, XS, YS, CELLS, lines=False)
        for x in XS:
            for top, bottom in pairwise(YS):
                canvas.rect(x - 0.3, bottom, 0.6, top - bottom, stroke=0, fill=1)
        for y in YS:
            for left, right in pairwise(XS):
                canvas.rect(left, y - 0.3, right - left, 0.6, stroke=0, fill=1)

    def boxes(canvas):
        draw_cells(canvas, XS, YS, CELLS, lines=False)
        for left, right in pairwise(XS):
            for top, bottom in pairwise(YS):
                canvas.rect(left, bottom, right - left, top - bottom)

    for draw in (open_sided, dashed, segments, boxes):
        assert [texts(grid) for grid in grids(drawn(draw))] == [CELLS], draw.__name__


def test_shading_and_underlines_are_not_lines():
    def draw(canvas):
        canvas.setFillGray(0.8)
        canvas.rect(XS[0], YS[1], XS[-1] - XS[0], YS[0] - YS[1], stroke=0, fill=1)
        canvas.rect(90, 645, 60, 15, stroke=0, fill=1)
        canvas.setFillGray(0)
        draw_cells(canvas, XS, YS, CELLS)
        canvas.line(84, 644, 130, 644)

    assert [texts(grid) for grid in grids(drawn(draw))] == [CELLS]


def test_column_edges_that_shift_a_little_are_one_edge_and_a_lot_are_two():
    def draw(canvas):
        draw_cells(canvas, [80, 200, 300], [700, 670], [["项目名称", "甲"]])
        draw_cells(canvas, [80, 201.5, 300], [670, 640], [["主管部门", "乙"]])
        draw_cells(canvas, [80, 240, 300], [640, 610], [["预算", "5"]])

    (grid,) = grids(drawn(draw))
    assert texts(grid) == [["项目名称", "甲", "甲"], ["主管部门", "乙", "乙"], ["预算", "预算", "5"]]
    assert grid.rows[2][0] is grid.rows[2][1]


@pytest.mark.parametrize("slope", [30, 45, 60, 135])
def test_a_watermark_set_aslant_is_no_part_of_the_cells_it_crosses(slope):
    def draw(canvas):
        draw_cells(canvas, XS, YS, CELLS)
        canvas.translate(240, 655)
        canvas.rotate(slope)
        canvas.drawCentredString(0, 0, "云河县财政局内部资料")

    assert [texts(grid) for grid in grids(drawn(draw))] == [CELLS]


def test_a_page_with_nothing_but_text_set_aslant_keeps_it():
    def draw(canvas):
        canvas.translate(250, 610)
        canvas.rotate(45)
        canvas.drawCentredString(0, 0, "草案")

    assert "".join(block.text for block in read(drawn(draw)) if isinstance(block, Line))


def test_bold_by_drawing_twice_is_read_once():
    def draw(canvas):
        draw_cells(canvas, XS, YS, CELLS)
        canvas.translate(0.3, 0)
        draw_cells(canvas, XS, YS, CELLS, lines=False)

    assert [texts(grid) for grid in grids(drawn(draw))] == [CELLS]


def test_text_around_tables_stays_in_order_and_prose_is_no_table():
    prose = "本项目按照中期规划和年度计划安排资金用于政务服务大厅运行维护确保各项审批业务按时办结群众满意"

    def draw(canvas):
        canvas.drawString(80, 740, "单位：某局")
        canvas.drawString(330, 740, "单位：万元")
        draw_cells(canvas, XS, YS, CELLS)
        for number in range(4):
            canvas.drawString(80, 560 - 14 * number, prose)
        canvas.drawString(290, 30, "- 7 -")

    first, grid, *others = read(drawn(draw))
    assert (first, others[-1]) == (Line("单位：某局\t单位：万元", "第1页"), Line("- 7 -", "第1页"))
    assert isinstance(grid, Grid)
    assert others[:-1] == [Line(prose, "第1页")] * 4


def test_a_table_inside_a_cell_is_a_grid_of_its_own():
    def draw(canvas):
        canvas.grid([80, 300, 500], [700, 600, 570])
        canvas.drawString(84, 576, "外")
        draw_cells(canvas, [100, 180, 260], [690, 660, 630], [["内一", "内二"], ["内三", "内四"]])

    found = [texts(grid) for grid in grids(drawn(draw))]
    assert [["内一", "内二"], ["内三", "内四"]] in found
    assert [["", ""], ["外", ""]] in found


def scan(canvas):
    """Fill a page with an image."""
    stream = io.BytesIO()
    Image.new("L", (8, 8), 200).save(stream, "PNG")
    canvas.drawImage(ImageReader(stream), 0, 0, *A4)
    canvas.showPage()


def test_scanned_pages_are_told_together():
    def draw(canvas):
        canvas.drawString(80, 700, "封面")
        canvas.showPage()
        for _ in range(3):
            scan(canvas)

    (document,) = read_bytes(drawn(draw), "a.pdf")
    assert [block.text for block in document] == ["封面"]
    ((place, reason, advice),) = document.unread
    assert (place, reason) == ("第2-4页", "页面是图像，没有文字层")
    assert "OCR" in advice


def test_encrypted_and_broken_files_say_so():
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt="secret")
    canvas.drawString(80, 700, "x")
    canvas.save()
    for data, words in (
        (stream.getvalue(), "加密"),
        (b"%PDF-1.4 broken", "损坏"),
        (drawn(lambda canvas: None), "没有文字"),
    ):
        (document,) = read_bytes(data, "a.pdf")
        ((place, reason, advice),) = document.unread
        assert document.blocks == ()
        assert place == "全文"
        assert words in reason
        assert advice


@pytest.mark.parametrize(("bound", "most"), [("MAX_RULES", 3), ("MAX_SLOTS", 5)])
def test_a_drawing_with_too_many_lines_is_told_and_its_text_kept(bound, most, monkeypatch):
    monkeypatch.setattr(f"perfscore.readers.rulings.{bound}", most)
    (document,) = read_bytes(drawn(lambda canvas: draw_cells(canvas, XS, YS, CELLS)), "a.pdf")
    ((place, reason, _),) = document.unread
    assert (place, reason) == ("第1页", "页面上的线条过多，不像表格")
    words = str([block.text if isinstance(block, Line) else texts(block) for block in document])
    assert all(text in words for row in CELLS for text in row)


def test_pages_beyond_the_bound_are_told(monkeypatch):
    monkeypatch.setattr("perfscore.readers.portable.MAX_PAGES", 2)
    tables = [render.plain_table(CELLS, f"表{number}") for number in range(4)]
    (document,) = read_bytes(render.to_pdf(tables), "a.pdf")
    assert len([block for block in document if isinstance(block, Grid)]) == 2
    assert [reason for _, reason, _ in document.unread] == ["只读前 2 页，后面的页没有读"]
