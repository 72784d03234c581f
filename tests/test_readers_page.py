"""What only web pages have: spans, nested and hidden parts, form fields, declared charsets, frames in one file."""

from perfscore.readers import read_bytes
from perfscore.readers.blocks import Grid


def read(text, name="a.html", encoding="utf-8"):
    (document,) = read_bytes(text.encode(encoding), name)
    assert document.unread == ()
    return [
        [[cell.text for cell in row] for row in block.rows] if isinstance(block, Grid) else block.text
        for block in document
    ]


def test_scripts_styles_and_hidden_parts_are_left_out():
    page = """<html><head><title>题</title><style>p{}</style></head><body><script>x()</script>
    <p>甲<span style="display: none">藏</span>乙</p><div hidden>藏</div><!-- 注 -->
    <table><tr><td>一<tr style="display:none"><td>藏</table>
    <table style="display:none"><tr><td>藏</table></body></html>"""
    assert read(page) == ["甲乙", [["一"]]]


def test_blanks_fold_and_breaks_stay():
    page = "<p>甲\n  乙<br>丙&nbsp;丁</p><table><tr><td> <p>一</p><p>二</p> <td>三\n四</table>"
    assert read(page) == ["甲 乙", "丙 丁", [["一\n二", "三 四"]]]


def test_spans_reach_neither_out_of_the_table_nor_out_of_bounds():
    page = "<table><tr><td rowspan=65534>甲<td colspan=2>乙<tr><td>丙<td>丁</table>"
    assert read(page) == [[["甲", "乙", "乙"], ["甲", "丙", "丁"]]]
    page = "<table><thead><tr><th rowspan=3>头</thead><tbody><tr><td rowspan=0>到底<td>1<tr><td>2</tbody></table>"
    assert read(page) == [[["头", ""], ["到底", "1"], ["到底", "2"]]]
    page = "<table><tr><td rowspan=x colspan=-1>甲<td>乙</table>"
    assert read(page) == [[["甲", "乙"]]]


def test_nested_tables_follow_their_table():
    page = "<table><tr><td>外<table><tr><td>内</table>后<td>右</table>"
    assert read(page) == [[["外\n后", "右"]], [["内"]]]
    (document,) = read_bytes(page.encode(), "a.html")
    assert document.blocks[1].place == "表1 第1行第1列 内嵌表1"


def test_a_table_that_lays_out_the_page_gives_its_contents():
    page = """<table><tr><td>栏目<td><p>题名</p><table><tr><td>一<td>二<tr><td>三<td>四</table>附件</table>"""
    assert read(page) == ["栏目", "题名", [["一", "二"], ["三", "四"]], "附件"]


def test_filled_in_form_fields_are_text():
    page = """<table><tr><td><input value="≥95%"><input type="hidden" value="x"><td><select><option>定性
    <option selected>定量</select><td><textarea>一\n二</textarea></table>"""
    assert read(page) == [[["≥95%", "定量", "一\n二"]]]


def test_charsets():
    page = '<html><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><p>绩效㎡</p></html>'
    assert read(page, encoding="gb18030") == ["绩效㎡"]
    assert read('<?xml version="1.0" encoding="utf-8"?><html><p>绩效</p></html>') == ["绩效"]
    assert read('<meta charset="utf-8"><p>说错了编码</p>', encoding="gb18030") == ["说错了编码"]
    assert read('<meta charset="big5"><p>績效目標</p>', encoding="big5") == ["績效目標"]
    assert read("<table><tr><td>宽</table>", encoding="utf-16") == [[["宽"]]]


def test_a_page_saved_as_one_file():
    message = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="B"\n\n'
        '--B\nContent-Type: text/html; charset="utf-8"\n'
        "Content-Transfer-Encoding: quoted-printable\n\n<table><tr><td>=E4=BA=A7=E5=87=BA</table>\n"
        "--B\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA\n--B--\n"
    )
    assert read(message, "a.mht") == [[["产出"]]]
    assert read(message, "导出.xls") == [[["产出"]]]
