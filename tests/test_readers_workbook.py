"""Values as the sheet shows them, hidden sheets and rows, and the bounds on how far a sheet may reach."""

import datetime as dt
import io
import re
import struct
import zipfile

import openpyxl
import pytest
import xlwt

from perfscore.readers import read_bytes
from perfscore.readers.numberformat import show

SHOWN = [
    (0.95, "0%", "95%"),
    (1, "0%", "100%"),
    (0.955, "0.0%", "95.5%"),
    (0.5, "General", "0.5"),
    (1234567.891, "#,##0.00", "1,234,567.89"),
    (50, '"≥"0"件"', "≥50件"),
    (0.9, '"≥"0%', "≥90%"),
    (80.66, '"≤"0.00"万元"', "≤80.66万元"),
    (7, "000", "007"),
    (45657, 'yyyy"年"m"月"d"日"', "2024年12月31日"),
    (45657, "yyyy-mm-dd", "2024-12-31"),
    (-3.5, "0.0;(0.0)", "(3.5)"),
    ("≥95%", "0%", "≥95%"),
    ("007", "@", "007"),
]


def texts(block):
    return [[cell.text for cell in row] for row in block.rows]


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_xlsx_values_look_as_in_the_sheet():
    book = openpyxl.Workbook()
    for row, (value, code, _) in enumerate(SHOWN, 1):
        book.active.cell(row, 1, value).number_format = code
    (document,) = read_bytes(saved(book), "a.xlsx")
    assert document.unread == ()
    assert texts(document.blocks[0]) == [[shown] for _, _, shown in SHOWN]


def test_xls_values_look_as_in_the_sheet():
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for row, (value, code, _) in enumerate(SHOWN):
        sheet.write(row, 0, value, xlwt.easyxf(num_format_str=code))
    for name in ("a.xls", "a.et"):
        (document,) = read_bytes(saved(book), name)
        assert document.unread == ()
        assert texts(document.blocks[0]) == [[shown] for _, _, shown in SHOWN]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (12.5, "0.00_ ", "12.50"),
        (0.05, "#.##", ".05"),
        (12345678, '0.00,"千"', "12345.68千"),
        (1 / 3, "# ?/?", "0.333333333333333"),
        (1e10, "0.00E+00", "10000000000"),
        (5, "[>3]0;0.0", "5"),
        (2.5, "0", "3"),
        (0, '0;-0;"-"', "0"),
        (1234.5, '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)', "1,234.50"),
        (5, 'General"天"', "5天"),
        (45657.5, "yyyy/m/d h:mm", "2024/12/31 12:00"),
        (45657, "[$-F800]dddd, mmmm dd, yyyy", "2024年12月31日"),
        (dt.time(8, 5), "h:mm", "8:05"),
        (dt.timedelta(hours=30), "[h]:mm", "30:00"),
        (1e12, "yyyy-mm-dd", "1000000000000"),
        (-0.05, "0%", "-5%"),
        (dt.datetime(2024, 1, 2, 3, 4, 5), "", "2024-01-02 03:04:05"),
    ],
)
def test_number_formats(value, code, shown):
    assert show(value, code) == shown


def test_what_no_format_is_known_for_is_said():
    book = openpyxl.Workbook()
    book.active["A1"] = 0.95
    data = saved(book)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            if name != "xl/styles.xml":
                new.writestr(name, old.read(name))
    (document,) = read_bytes(stream.getvalue(), "a.xlsx")
    assert texts(document.blocks[0]) == [["0.95"]]
    ((place, reason, _),) = document.unread
    assert place == "工作表 Sheet"
    assert reason.startswith("读不到数字格式")


def test_hidden_sheets_and_rows_are_read_and_marked():
    book = openpyxl.Workbook()
    book.active.title = "看得见"
    book.active["A1"], book.active["A2"], book.active["B1"] = "一", "二", "三"
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["B"].hidden = True
    other = book.create_sheet("藏")
    other.sheet_state = "hidden"
    other["A1"] = "四"
    (document,) = read_bytes(saved(book), "a.xlsx")
    assert [block.place for block in document] == ["工作表 看得见", "工作表 藏（隐藏）"]
    first = document.blocks[0]
    assert first.rows[0][0].place == "工作表 看得见 / A1"
    assert first.rows[0][1].place == "工作表 看得见 / B1（隐藏列）"
    assert first.rows[1][0].place == "工作表 看得见 / A2（隐藏行）"


def test_a_sheet_that_starts_far_from_the_corner_keeps_its_addresses():
    book = openpyxl.Workbook()
    book.active["C5"] = "指标"
    (document,) = read_bytes(saved(book), "a.xlsx")
    assert document.blocks[0].rows[4][2].place.endswith("/ C5")


def test_one_far_cell_does_not_fill_the_memory_and_leaves_the_other_sheets():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "x", "y"
    book.create_sheet("好")["A1"] = "指标"
    (document,) = read_bytes(saved(book), "a.xlsx")
    assert [texts(block) for block in document] == [[["指标"]]]
    ((place, reason, advice),) = document.unread
    assert place == "工作表 Sheet"
    assert "单元格" in reason
    assert advice


def test_formatted_blank_rows_to_the_end_of_the_sheet_cost_nothing():
    book = openpyxl.Workbook()
    book.active["A1"] = "指标"
    book.active["A1048576"].number_format = "0%"
    (document,) = read_bytes(saved(book), "a.xlsx")
    assert document.unread == ()
    assert texts(document.blocks[0]) == [["指标"]]


def test_merged_cells_reach_past_the_filled_part():
    book = openpyxl.Workbook()
    book.active["A1"] = "标题"
    book.active.merge_cells("A1:D1")
    (document,) = read_bytes(saved(book), "a.xlsx")
    ((first, *others),) = document.blocks[0].rows
    assert len(others) == 3
    assert all(other is first for other in others)


SPREADSHEETML = """<?xml version="1.0" encoding="GB2312"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="p"><NumberFormat ss:Format="0%"/></Style><Style ss:ID="d">
<NumberFormat ss:Format="Short Date"/></Style></Styles>
<Worksheet ss:Name="一"><Table><Row ss:Index="2">
<Cell ss:Index="2" ss:StyleID="p"><Data ss:Type="Number">0.95</Data></Cell>
<Cell ss:StyleID="d"><Data ss:Type="DateTime">2024-12-31T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="String">办<B>结</B>率</Data></Cell><Cell><Data ss:Type="Boolean">1</Data></Cell>
</Row></Table></Worksheet>
</Workbook>"""


def test_spreadsheetml_with_indexes_styles_and_its_own_encoding():
    (document,) = read_bytes(SPREADSHEETML.encode("gb18030"), "导出.xls")
    assert texts(document.blocks[0]) == [[""] * 5, ["", "95%", "2024/12/31", "办结率", "TRUE"]]
    assert document.blocks[0].rows[1][1].place == "工作表 一 / B2"


def test_a_formula_saved_without_its_result_is_reported():
    book = openpyxl.Workbook()
    book.active.title = "表"
    for line in (["三级指标", "指标值"], ["清淤长度", '="≥"&3&"公里"'], ["合格率", "≥95%"]):
        book.active.append(line)
    (document,) = read_bytes(saved(book), "a.xlsx")
    assert texts(document.blocks[0]) == [["三级指标", "指标值"], ["清淤长度", ""], ["合格率", "≥95%"]]
    ((place, reason, advice),) = document.unread
    assert (place, "B2" in reason, "保存" in advice) == ("工作表 表", True, True)


@pytest.mark.parametrize(
    ("cell", "is_told"),
    [
        ('<c r="A1" t="str"><f>""</f><v></v></c>', False),
        ('<c r="A1"><f>1+1</f><v>2</v></c>', False),
        ('<c r="A1"><f>1+1</f></c>', True),
    ],
)
def test_an_empty_result_is_a_result(cell, is_told):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = "=1", "乙"
    given, made = zipfile.ZipFile(io.BytesIO(saved(book))), io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in given.namelist():
            data = given.read(name)
            if name.endswith("sheet1.xml"):
                data = re.sub(rb'<c r="A1".*?</c>', cell.encode(), data)
            archive.writestr(name, data)
    (document,) = read_bytes(made.getvalue(), "a.xlsx")
    assert bool(document.unread) == is_told


# -- xlsb: no library writes it, so a few records are put together by hand -------------------------------------------


def record(kind, content=b""):
    """One record of an xlsb: type and size in seven bits a byte, then the content."""
    kinds = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    size = len(content)
    sizes = b""
    while size > 127:
        sizes += bytes([size & 127 | 128])
        size >>= 7
    return kinds + sizes + bytes([size]) + content


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def an_xlsb(cells, more=b"", styles=b""):
    """Return a workbook of one sheet with these texts, or bare cell records, at these rows and columns."""
    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("表"))
    sheet = record(129) + record(148, bytes(16)) + record(145)
    for (row, column), cell in cells.items():
        sheet += record(0, struct.pack("<I", row) + bytes(13))
        kind, style, content = (6, 0, wide(cell)) if isinstance(cell, str) else cell
        sheet += record(kind, struct.pack("<II", column, style) + content)
    rel = '<Relationship Id="{1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{0}" Target="{2}"/>'
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    links = rel.format("worksheet", "rId1", "worksheets/sheet1.bin")
    links += rel.format("styles", "rId2", "styles.bin") if styles else ""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
        )
        archive.writestr("_rels/.rels", rels.format(rel.format("officeDocument", "rId1", "xl/workbook.bin")))
        archive.writestr("xl/_rels/workbook.bin.rels", rels.format(links))
        archive.writestr("xl/workbook.bin", book + record(144) + record(132))
        if styles:
            archive.writestr("xl/styles.bin", styles)
        archive.writestr("xl/worksheets/sheet1.bin", sheet + record(146) + more + record(130))
    return stream.getvalue()


def test_an_xlsb_is_read():
    (document,) = read_bytes(
        an_xlsb({(0, 0): "三级指标", (0, 1): "指标值", (1, 0): "清淤长度" * 40, (1, 1): "≥3公里"}), "a.xlsb"
    )
    assert texts(document.blocks[0]) == [["三级指标", "指标值"], ["清淤长度" * 40, "≥3公里"]]
    assert document.unread == ()


def test_an_xlsb_that_reaches_too_far_is_refused_before_it_fills_the_memory():
    (document,) = read_bytes(an_xlsb({(0, 0): "三级指标", (1_000_000, 16_000): "远"}), "a.xlsb")
    assert document.blocks == ()
    assert "单元格" in document.unread[0][1]


def test_an_xlsb_looks_as_in_the_sheet():
    formats = record(615, struct.pack("<I", 1)) + record(44, struct.pack("<H", 200) + wide('"≥"0%')) + record(616)
    looks = b"".join(record(47, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, 9, 200))
    styles = record(278) + formats + record(617, struct.pack("<I", 3)) + looks + record(618) + record(279)
    cells = {
        (0, 0): "指标值",
        (1, 0): "率",
        (1, 1): (5, 1, struct.pack("<d", 0.95)),
        (2, 1): (5, 2, struct.pack("<d", 0.9)),
    }
    merged = record(176, struct.pack("<IIII", 1, 2, 0, 0))
    (document,) = read_bytes(an_xlsb(cells, merged, styles), "a.xlsb")
    assert texts(document.blocks[0]) == [["指标值", ""], ["率", "95%"], ["率", "≥90%"]]
    assert document.unread == ()


def test_an_xlsb_with_cells_that_would_be_passed_over_is_refused():
    short = (18, 0, b"")
    (document,) = read_bytes(an_xlsb({(0, 0): "三级指标", (0, 1): short}), "a.xlsb")
    assert document.blocks == ()
    assert "xlsx" in document.unread[0][2]


# -- formulas that left nothing to read ------------------------------------------------------------------------------


def an_ods(*cells):
    office, table, text = (f"urn:oasis:names:tc:opendocument:xmlns:{one}:1.0" for one in ("office", "table", "text"))
    content = (
        f'<o:document-content xmlns:o="{office}" xmlns:table="{table}" xmlns:text="{text}" xmlns:office="{office}" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><o:body><o:spreadsheet>'
        f'<table:table table:name="表"><table:table-row>{"".join(cells)}</table:table-row></table:table>'
        "</o:spreadsheet></o:body></o:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return stream.getvalue()


def a_spreadsheetml(*cells):
    row = f'<Worksheet ss:Name="表"><Table><Row>{"".join(cells)}</Row></Table></Worksheet>'
    return f'<?xml version="1.0"?><Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{row}</Workbook>'.encode()


def an_error_in_xlsx():
    book = openpyxl.Workbook()
    book.active.title = "表"
    book.active.append(["率", "#DIV/0!"])
    return saved(book)


TEXT_CELL = "<table:table-cell><text:p>率</text:p></table:table-cell>"
ERROR_CELL = (
    '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (an_error_in_xlsx(), "a.xlsx"),
        (an_xlsb({(0, 0): "率", (0, 1): (3, 0, b"\x07")}), "a.xlsb"),
        (an_ods(TEXT_CELL, ERROR_CELL), "a.ods"),
        (
            a_spreadsheetml(
                '<Cell><Data ss:Type="String">率</Data></Cell>',
                '<Cell ss:Formula="=1/0"><Data ss:Type="Error">#DIV/0!</Data></Cell>',
            ),
            "a.xls",
        ),
    ],
    ids=["xlsx", "xlsb", "ods", "spreadsheetml"],
)
def test_a_formula_that_fails_is_reported_and_its_error_is_no_value(data, name):
    (document,) = read_bytes(data, name)
    assert "".join(texts(document.blocks[0])[0]) == "率"
    ((place, reason, _),) = document.unread
    assert (place, "错误值（B1）" in reason) == ("工作表 表", True)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (an_ods(TEXT_CELL, '<table:table-cell table:formula="of:=1+2"/>'), "a.ods"),
        (
            a_spreadsheetml('<Cell><Data ss:Type="String">率</Data></Cell>', '<Cell ss:Formula="=1+2"/>'),
            "a.xls",
        ),
    ],
    ids=["ods", "spreadsheetml"],
)
def test_a_formula_without_result_is_reported_in_every_kind_of_workbook(data, name):
    (document,) = read_bytes(data, name)
    assert ["没有保存计算结果（B1）" in reason for _, reason, _ in document.unread] == [True]


def test_an_ods_whose_cells_hold_values_without_their_text():
    cell = '<table:table-cell office:value-type="{}" office:value="{}"/>'
    (document,) = read_bytes(an_ods(TEXT_CELL, cell.format("percentage", 0.955), cell.format("float", 50)), "a.ods")
    assert texts(document.blocks[0]) == [["率", "95.5%", "50"]]


def test_a_workbook_on_which_the_fast_reader_panics_is_an_unread_file():
    styles = record(278) + record(615) + record(616) + record(617) + record(618) + record(279)
    (document,) = read_bytes(an_xlsb({(0, 0): "三级指标"}, styles=styles), "a.xlsb")
    assert document.blocks == ()
    assert ["损坏" in reason for _, reason, _ in document.unread] == [True]
