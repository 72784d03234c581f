"""Findings written back into docx and xlsx, and the review form."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from make_scorecard import make_scorecard
from openpyxl.comments import Comment

import perfscore
from perfscore.errors import PerfscoreError, ReadError
from perfscore.readers import read_bytes
from perfscore.reporting.annotate import annotate
from perfscore.reporting.opinion import opinion
from perfscore.reporting.places import locate
from perfscore.reporting.sheet_notes import note
from perfscore.reporting.word_notes import comment

HEAD = ["一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据"]
ROWS = [
    ["产出指标", "数量指标", "培训人次", "培训人次", "≥95百分比", "工作安排"],
    ["产出指标", "成本指标", "培训成本", "人均培训成本", "≥20万元", "预算"],
    ["效益指标", "社会效益指标", '" onmouseover="x<script>', "群众素质提高", "提高", "工作安排"],
    ["满意度指标", "服务对象满意度指标", "学员满意度", "", "≥90%", "问卷调查"],
]
SAMPLES = Path(perfscore.__file__).parent / "samples"


def make_docx(path, *, comment_text=""):
    """A target table with its category cells merged down, and a picture of everything else that must stay."""
    document = docx.Document()
    first = document.add_paragraph("1、职工培训费绩效目标表")
    document.sections[0].header.paragraphs[0].text = "页眉"
    table = document.add_table(rows=0, cols=6)
    for label, value in (("项目名称", "职工培训费"), ("预算数", "30.00万元"), ("绩效目标", "提高素质")):
        cells = table.add_row().cells
        cells[0].text = label
        cells[1].merge(cells[5]).text = value
    for row in (HEAD, *ROWS):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    merged = table.cell(4, 0).merge(table.cell(5, 0))
    merged.text = "产出指标"
    if comment_text:
        document.add_comment(first.runs, text=comment_text, author="王")
    document.save(path)
    return path


def make_xlsx(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "目标 表"
    sheet.append(["职工培训费绩效目标表"])
    sheet.append(["项目名称", "职工培训费"])
    sheet.append(["绩效目标", "提高素质"])
    for row in (HEAD, *ROWS):
        sheet.append(row)
    sheet.merge_cells("A5:A6")
    sheet["E5"].comment = Comment("原有批注", "王")
    sheet.conditional_formatting.add("E5:E8", openpyxl.formatting.rule.CellIsRule(operator="equal", formula=["1"]))
    book.create_sheet("其他")["A1"] = "不动"
    book.save(path)
    return path


@pytest.fixture(scope="module", params=[make_docx, make_xlsx], ids=["docx", "xlsx"])
def original(request, tmp_path_factory):
    suffix = request.param.__name__.removeprefix("make_")
    return request.param(tmp_path_factory.mktemp("原件") / f"原件.{suffix}")


@pytest.fixture(scope="module")
def card(original):
    return perfscore.score(perfscore.read(original))


@pytest.fixture(scope="module")
def made():
    return make_scorecard()


def notes_of(path):
    """The text of each note with the text of the cell it stands on."""
    if path.suffix == ".xlsx":
        return [
            (cell.value, cell.comment.text)
            for sheet in openpyxl.load_workbook(path)
            for row in sheet.iter_rows()
            for cell in row
            if cell.comment
        ]
    document = docx.Document(path)
    texts = {str(one.comment_id): one.text for one in document.comments}
    found = []
    for start in document.element.body.iter(f"{{{document.element.nsmap['w']}}}commentRangeStart"):
        holder = next(one for one in start.iterancestors() if one.tag.endswith(("}tc", "}body")))
        paragraphs = holder.iterchildren(start.getparent().tag) if holder.tag.endswith("}tc") else [start.getparent()]
        cell = "".join("".join(t.text or "" for t in p.iter(f"{{{document.element.nsmap['w']}}}t")) for p in paragraphs)
        found.append((cell, texts[next(value for key, value in start.attrib.items() if key.endswith("}id"))]))
    return found


def test_each_finding_stands_beside_its_cell(original, card, tmp_path):
    done = annotate(original, card, tmp_path / f"批注{original.suffix}")
    assert done.unplaced == ()
    notes = notes_of(done.path)
    heads = card.projects.iloc[0]
    rows = card.indicators.set_index("row_no")
    assert len(card.findings) > 5
    for finding in card.findings.itertuples():
        own = [cell for cell, text in notes if finding.message in text and finding.code in text]
        if not pd.isna(finding.row_no) and finding.field in rows.columns:
            assert rows.at[finding.row_no, finding.field] in [cell or "" for cell in own]
        elif finding.field in ("goal", "project_name"):
            assert heads[finding.field] in own
        else:
            assert own


def test_the_copy_reads_as_the_original(original, card, tmp_path):
    before = perfscore.read(original)
    annotate(original, card, tmp_path / "b" / original.name)
    after = perfscore.read(tmp_path / "b" / original.name)
    pd.testing.assert_frame_equal(after.projects, before.projects)
    pd.testing.assert_frame_equal(after.indicators, before.indicators)


def test_parts_that_need_no_change_keep_their_bytes(original, card, tmp_path):
    done = annotate(original, card, tmp_path / f"批注{original.suffix}")
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(done.path) as new:
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert old.namelist() == new.namelist()[: len(old.namelist())]
    assert changed <= {
        "[Content_Types].xml",
        "_rels/.rels",
        "word/document.xml",
        "word/_rels/document.xml.rels",
        "xl/comments/comment1.xml",
        "xl/drawings/commentsDrawing1.vml",
    }


def make_nested(path):
    """The target table inside a cell of a table that only arranges the page."""
    document = docx.Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "1、职工培训费绩效目标表"
    inner = cell.add_table(rows=0, cols=6)
    for row in (HEAD, *ROWS):
        for one, text in zip(inner.add_row().cells, row, strict=True):
            one.text = text
    document.save(path)
    return path


def make_strict(path):
    """A document of the strict edition, whose names stand in other namespaces."""
    old = "http://schemas.openxmlformats.org/"
    new = {"wordprocessingml/2006/main": "wordprocessingml/main", "officeDocument/2006": "officeDocument"}
    transitional = make_docx(path.with_name("t.docx"))
    with zipfile.ZipFile(transitional) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            for here, there in new.items():
                text = text.replace(f"{old}{here}".encode(), f"http://purl.oclc.org/ooxml/{there}".encode())
            target.writestr(name, text)
    return path


def make_tracked(path):
    """A value that was changed with the changes tracked."""
    insertion = "<w:ins w:id='9' w:author='x'><w:r><w:t>≥95百分比</w:t></w:r></w:ins>"
    deletion = "<w:del w:id='8' w:author='x'><w:r><w:delText>旧值</w:delText></w:r></w:del>"
    with zipfile.ZipFile(make_docx(path.with_name("t.docx"))) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode("utf-8", "surrogateescape")
            text = text.replace("<w:r><w:t>≥95百分比</w:t></w:r>", insertion + deletion)
            target.writestr(name, text.encode("utf-8", "surrogateescape"))
    return path


@pytest.mark.parametrize("make", [make_nested, make_strict, make_tracked])
def test_odd_documents_get_every_note(make, tmp_path):
    path = make(tmp_path / "a.docx")
    before = perfscore.read(path)
    card = perfscore.score(before)
    done = annotate(path, card, tmp_path / "b" / "a.docx")
    assert len(before.indicators) == len(ROWS)
    assert done.notes > 5
    assert done.unplaced == ()
    after = perfscore.read(done.path)
    pd.testing.assert_frame_equal(after.indicators, before.indicators)
    with zipfile.ZipFile(done.path) as archive:
        text = archive.read("word/document.xml").decode()
    assert text.count("commentRangeStart") == text.count("commentReference") == done.notes


def test_the_original_is_never_overwritten(original, card):
    before = original.read_bytes()
    with pytest.raises(PerfscoreError, match="覆盖"):
        annotate(original, card, original)
    assert original.read_bytes() == before


def test_the_same_document_gives_the_same_bytes(original, card, tmp_path):
    first, second = (annotate(original, card, tmp_path / name / original.name).path for name in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_notes_that_were_there_stay(tmp_path):
    book = make_xlsx(tmp_path / "a.xlsx")
    done = annotate(book, perfscore.score(perfscore.read(book)), tmp_path / "b.xlsx")
    kept = [text for cell, text in notes_of(done.path) if cell == "≥95百分比" and text.startswith("原有批注")]
    assert len(kept) == 1
    assert "PS" in kept[0]
    document = make_docx(tmp_path / "a.docx", comment_text="原有批注")
    done = annotate(document, perfscore.score(perfscore.read(document)), tmp_path / "b.docx")
    assert ("1、职工培训费绩效目标表", "原有批注") in notes_of(done.path)


@pytest.mark.parametrize(("make", "write"), [(make_docx, comment), (make_xlsx, note)])
def test_what_has_no_cell_is_put_at_the_beginning(tmp_path, make, write):
    data = make(tmp_path / "a").read_bytes()
    content, missed = write(data, {"表9 第1行第1列": "没有这一格"}, "放不下的问题")
    assert missed == ["表9 第1行第1列"]
    path = tmp_path / f"b.{make.__name__.removeprefix('make_')}"
    path.write_bytes(content)
    texts = [text for cell, text in notes_of(path) if cell == "1、职工培训费绩效目标表"[-len(cell) :]]
    assert texts == ["放不下的问题\n\n没有这一格"]


def test_other_kinds_and_strange_files_are_refused(made, tmp_path):
    with pytest.raises(PerfscoreError, match=r"\.docx"):
        annotate(tmp_path / "a.pdf", made, tmp_path / "b.pdf")
    with pytest.raises(PerfscoreError, match="评分结果中没有"):
        annotate(make_docx(tmp_path / "a.docx"), made, tmp_path / "b.docx")


def test_a_document_with_a_broken_picture_is_refused_by_name(tmp_path):
    path = make_docx(tmp_path / "a.docx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/media/a.png", b"PICTURE")
    path.write_bytes(path.read_bytes().replace(b"PICTURE", b"BROKEN!"))
    scorecard = perfscore.score(perfscore.read(path))
    with pytest.raises(ReadError, match=r"word/media/a\.png 损坏"):
        annotate(path, scorecard, tmp_path / "b.docx")
    assert not (tmp_path / "b.docx").exists()


@pytest.mark.parametrize("name", [path.name for path in sorted(SAMPLES.glob("*.*x"))])
def test_every_row_of_the_sample_is_found_again(sample, name):
    rows = sample.indicators[sample.indicators["doc"] == name]
    places = locate(read_bytes((SAMPLES / name).read_bytes(), name)[0], rows)
    assert len(places.rows) == len(rows) > 20
    assert len({cells["name"] for cells in places.rows.values()}) == len(rows)


def test_the_form_gives_every_dimension_and_points_that_add_up(sample_card, tmp_path):
    weakest = sample_card.projects.iloc[0]
    path = opinion(sample_card, tmp_path / "a.docx", weakest["project_id"])
    document = docx.Document(path)
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert [row[0] for row in rows[1:]] == ["完整性"] * 2 + ["相关性"] * 2 + ["适当性"] * 2 + ["可行性"] * 2
    lost = sum(float(row[3]) for row in rows[1:-1])
    assert lost == pytest.approx(100 - weakest["score"], abs=0.05)
    assert rows[-1][1:] == ["条件充分性", "绩效目标表看不出，请结合立项材料审核", "—"]
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert f"等级：{weakest['grade']}" in text
    assert "分值未与官方文本核对" in text


def test_rows_stand_with_what_is_wrong_with_them(sample_card, tmp_path):
    document = docx.Document(opinion(sample_card, tmp_path / "a.docx", "交通执法装备购置"))
    wording = [paragraph.text for paragraph in document.paragraphs]
    own = sample_card.findings[sample_card.findings["project_id"] == "02交通运输局.xlsx#4"]
    assert len(own[own["code"] == "PS206"]) == 2
    for finding in own[own["code"] == "PS206"].itertuples():
        assert any(f"第{finding.row_no}行：{finding.message}" in line for line in wording)


def test_all_projects_get_a_form_each_and_texts_stay_texts(made, tmp_path):
    path = opinion(made, tmp_path / "a.docx")
    document = docx.Document(path)
    assert len(document.tables) == len(made.projects)
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "项目名称：<script>alert(1)</script>" in text
    assert "未评：请核对原表后人工审核" in text
    assert opinion(made, tmp_path / "b.docx").read_bytes() == path.read_bytes()


def test_a_project_that_is_not_there_is_named(made, tmp_path):
    with pytest.raises(PerfscoreError, match="x#9"):
        opinion(made, tmp_path / "a.docx", "x#9")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_shows_the_notes(original, card, tmp_path):
    done = annotate(original, card, tmp_path / f"批注{original.suffix}")
    kind = "ods" if original.suffix == ".xlsx" else "odt"
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'user').as_uri()}", "--headless", "--convert-to", kind]
    subprocess.run([*command, "--outdir", tmp_path, done.path], check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(io.BytesIO((tmp_path / f"批注.{kind}").read_bytes())) as archive:
        content = archive.read("content.xml").decode()
    assert content.count("<office:annotation ") == len(notes_of(done.path)) > 5


def texts_of(path):
    if path.suffix == ".docx":
        return [(one.author, one.text) for one in docx.Document(path).comments]
    cells = [
        cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row if cell.comment
    ]
    return [(f"{cell.coordinate} {cell.comment.author}", cell.comment.text) for cell in cells]


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_an_annotated_copy_is_annotated_anew(suffix, tmp_path):
    original = (
        make_docx(tmp_path / "a.docx", comment_text="请核") if suffix == ".docx" else make_xlsx(tmp_path / "a.xlsx")
    )
    copies = [original]
    for number in range(2):
        copy = tmp_path / f"{number}{suffix}"
        annotate(copies[-1], perfscore.score(perfscore.read(copies[-1])), copy)
        copies.append(copy)
    first, again = map(texts_of, copies[1:])
    assert len(first) > 2
    assert again == first


def boxes(data):
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return b"".join(book.read(name) for name in book.namelist() if name.endswith(".vml")).count(b"ObjectType=")


def test_notes_of_an_earlier_run_go_with_their_boxes_and_those_of_others_stay(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "表"
    book.active["B2"] = "指标"
    book.active["B2"].comment = Comment("请核", "王")
    book.save(tmp_path / "a.xlsx")
    before = (tmp_path / "a.xlsx").read_bytes()
    first, _ = note(before, {"工作表 表 / B2": "甲", "工作表 表 / C3": "乙"}, "")
    again, _ = note(first, {"工作表 表 / D4": "丙"}, "")
    (tmp_path / "b.xlsx").write_bytes(again)
    assert [text for _, text in texts_of(tmp_path / "b.xlsx")] == ["请核", "丙"]
    assert (boxes(before), boxes(first), boxes(again)) == (1, 2, 2)


def test_comments_of_an_earlier_run_leave_no_mark(tmp_path):
    before = make_docx(tmp_path / "a.docx", comment_text="请核").read_bytes()
    place = "表1 第5行第5列"
    with zipfile.ZipFile(io.BytesIO(comment(comment(before, {place: "甲"}, "")[0], {}, "")[0])) as document:
        body, comments = (document.read(f"word/{name}.xml") for name in ("document", "comments"))
    assert [body.count(b"<w:" + name) for name in (b"commentRangeStart", b"commentRangeEnd", b"commentReference")] == [
        1
    ] * 3
    assert "请核".encode() in comments
    assert "甲".encode() not in comments


def test_the_english_form_and_method_speak_english(tmp_path, sample_card):
    document = docx.Document(opinion(sample_card, tmp_path / "a.docx", sample_card.projects["project_id"][0], "en"))
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells[:2]]
    assert not re.search("[一-鿿]", "".join(cells))
    assert "Completeness" in cells
    rubric = next(line.text for line in document.paragraphs if line.text.startswith("Rubric profile"))
    assert "points not checked against the official text" in rubric
    assert not re.search("[：；，]", rubric)
    book = openpyxl.load_workbook(sample_card.to_excel(tmp_path / "a.xlsx", "en"))
    lines = dict(row[:2] for row in book["Method"].iter_rows(values_only=True))
    assert lines["Rules run"].endswith(" rules")
    assert re.search(r": findings: \d+$", lines["PS301"])
