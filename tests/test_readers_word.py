"""What only Word documents have: tracked changes, hidden text, text boxes, controls, list numbers, nested tables."""

import io
import zipfile

import docx
from docx.oxml import parse_xml as element
from docx.oxml.ns import nsdecls

from perfscore.readers import read_bytes
from perfscore.readers.blocks import Grid, Line

NAMES = nsdecls("w") + (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def run(text, properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(*content, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(content)}</w:p>"


def cell(*content, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(content)}</w:tc>"


def row(*cells, properties=""):
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows):
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def plain(text):
    return cell(paragraph(run(text)))


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def written(*content):
    """Return a docx whose body holds this XML."""
    document = docx.Document()
    for found in element(f"<w:body {NAMES}>{''.join(content)}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, found)
    return saved(document)


def read(*content):
    (document,) = read_bytes(written(*content), "a.docx")
    assert document.unread == ()
    return document.blocks


def texts(grid):
    return [[cell.text for cell in row] for row in grid.rows]


def lines(blocks):
    return [block.text for block in blocks if isinstance(block, Line)]


def test_tracked_changes_are_read_as_accepted():
    changed = paragraph(
        f'<w:ins w:id="1" w:author="x">{run("≥98%")}</w:ins>',
        '<w:del w:id="2" w:author="x"><w:r><w:delText>≥95%</w:delText></w:r></w:del>',
        f'<w:moveFrom w:id="3" w:author="x">{run("移走")}</w:moveFrom>',
        f'<w:moveTo w:id="4" w:author="x">{run("移来")}</w:moveTo>',
    )
    gone = row(plain("旧行"), plain("旧值"), properties='<w:del w:id="5" w:author="x"/>')
    (grid,) = read(table(row(plain("办结率"), cell(changed)), gone))
    assert texts(grid) == [["办结率", "≥98%移来"]]


def test_a_deleted_paragraph_end_joins_the_next_paragraph():
    deleted = '<w:rPr><w:del w:id="1" w:author="x"/></w:rPr>'
    blocks = read(paragraph(run("年度"), properties=deleted), paragraph(run("目标")), paragraph(run("完")))
    assert lines(blocks) == ["年度目标", "完"]


def test_hidden_text_and_field_codes_are_left_out():
    (line,) = read(paragraph(run("看得见"), run("隐藏", "<w:vanish/>"), "<w:r><w:instrText>PAGE</w:instrText></w:r>"))
    assert line.text == "看得见"


def test_breaks_tabs_and_symbols():
    content = '<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:sym w:font="Symbol" w:char="F0B3"/><w:t>95%</w:t></w:r>'
    box = '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>'
    assert lines(read(paragraph(content, box))) == ["甲\n乙\t≥95%☑"]


def test_an_equation_is_text():
    assert lines(read(paragraph("<m:oMath><m:r><m:t>≥95%</m:t></m:r></m:oMath>"))) == ["≥95%"]


def test_text_boxes_are_read_once_and_after_their_paragraph():
    inside = f"<w:txbxContent>{paragraph(run('框内'))}{table(row(plain('甲'), plain('乙')))}</w:txbxContent>"
    box = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    blocks = read(paragraph(run("框外"), box))
    assert lines(blocks) == ["框外", "框内"]
    assert [texts(block) for block in blocks if isinstance(block, Grid)] == [[["甲", "乙"]]]


def test_content_controls_are_transparent_and_their_prompts_are_not_content():
    control = f"<w:sdt><w:sdtContent>{run('已填')}</w:sdtContent></w:sdt>"
    prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处输入')}</w:sdtContent></w:sdt>"
    whole = (
        f"<w:sdt><w:sdtContent>{table(row(cell(paragraph(control)), cell(paragraph(prompt))))}</w:sdtContent></w:sdt>"
    )
    (grid,) = read(whole)
    assert texts(grid) == [["已填", ""]]


def test_nested_tables_follow_and_are_not_repeated_in_their_cell():
    inner = table(row(plain("内一"), plain("内二")))
    outer, nested = read(table(row(plain("外"), cell(paragraph(run("前")), inner, paragraph(run("后"))))))
    assert texts(outer) == [["外", "前\n后"]]
    assert texts(nested) == [["内一", "内二"]]
    assert nested.place == "表1 第1行第2列 内嵌表1"
    assert nested.rows[0][1].place == "表1 第1行第2列 内嵌表1 第1行第2列"


def test_merged_cells_of_every_kind_are_one_object():
    start, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    grid_before = '<w:gridBefore w:val="1"/>'
    (grid,) = read(
        table(
            row(cell(paragraph(run("产出")), properties=start), plain("数量"), plain("≥5")),
            row(cell(paragraph(), properties=go_on), cell(paragraph(run("宽")), properties='<w:gridSpan w:val="2"/>')),
            row(cell(paragraph(run("效益")), properties=start), plain("质量"), plain("≥6")),
            row(
                cell(paragraph(run("旧")), properties='<w:hMerge w:val="restart"/>'),
                cell(paragraph(), properties="<w:hMerge/>"),
                plain("值"),
            ),
            row(plain("右"), plain("二"), properties=grid_before),
        )
    )
    assert texts(grid) == [
        ["产出", "数量", "≥5"],
        ["产出", "宽", "宽"],
        ["效益", "质量", "≥6"],
        ["旧", "旧", "值"],
        ["", "右", "二"],
    ]
    assert grid.rows[0][0] is grid.rows[1][0] is not grid.rows[2][0]
    assert grid.rows[1][1] is grid.rows[1][2]
    assert grid.rows[3][0] is grid.rows[3][1]


def test_list_numbers_are_read_as_printed():
    document = docx.Document()
    numbering = document.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    levels = (("chineseCounting", "%1、"), ("decimal", "%2."), ("decimal", "%1-%3"))
    made = "".join(
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for number, (form, text) in enumerate(levels)
    )
    numbering.append(element(f'<w:abstractNum {NAMES} w:abstractNumId="7">{made}</w:abstractNum>'))
    numbering.append(element(f'<w:num {NAMES} w:numId="3"><w:abstractNumId w:val="7"/></w:num>'))
    for depth, text in ((0, "总体目标"), (1, "接件"), (1, "办结"), (0, "保障"), (1, "培训"), (2, "次数")):
        properties = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="3"/></w:numPr>'
        document.element.body.insert(
            -1, element(f"<w:wrap {NAMES}>{paragraph(run(text), properties=properties)}</w:wrap>")[0]
        )
    (read_back,) = read_bytes(saved(document), "a.docx")
    assert lines(read_back) == ["一、总体目标", "1.接件", "2.办结", "二、保障", "1.培训", "二-1 次数"]


def test_a_page_embedded_as_a_whole_is_read():
    page = "<table><tr><td rowspan=2>产出<td>数量<tr><td>质量</table>".encode()
    data = written(paragraph(run("前")), '<w:altChunk xmlns:r="urn:r" r:id="rId99"/>')
    target = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    link = f'<Relationship Id="rId99" Type="{target}" Target="/word/afchunk.mht"/></Relationships>'
    blocks = read_bytes(rezipped(data, {"word/afchunk.mht": page}, link), "a.docx")[0].blocks
    assert texts(blocks[1]) == [["产出", "数量"], ["产出", "质量"]]


def rezipped(data, extra, link):
    """Return the docx with more parts and one more relationship of its main part."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "word/_rels/document.xml.rels":
                part = part.replace(b"</Relationships>", link.encode())
            new.writestr(name, part)
        for name, part in extra.items():
            new.writestr(name, part)
    return stream.getvalue()


def test_tables_in_several_cells_follow_each_its_cell():
    def project(name):
        return cell(paragraph(run(f"项目名称：{name}")), table(row(plain(name), plain("≥5"))))

    below = [
        [["头", "头"]],
        [["项目名称：清淤"]],
        [["清淤", "≥5"]],
        [["项目名称：护岸"]],
        [["护岸", "≥5"]],
        [["尾", "尾"]],
    ]
    first, second = project("清淤"), project("护岸")
    wide = '<w:gridSpan w:val="2"/>'
    head, foot = row(cell(paragraph(run("头")), properties=wide)), row(cell(paragraph(run("尾")), properties=wide))
    beside = [texts(block) for block in read(table(head, row(first, second), foot))]
    assert beside == below
    under = [texts(block) for block in read(table(row(first), row(second)))]
    assert under == below[1:-1]
