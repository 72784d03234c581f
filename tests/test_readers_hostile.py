"""Broken, hostile and unknown files: each is told with reason and advice, and none stops the others."""

import io
import struct
import tracemalloc
import zipfile

import pytest
import render

from perfscore.errors import ReadError
from perfscore.readers import list_sources, read_bytes, read_one
from perfscore.readers.sniff import decode, kind

TABLE = render.random_table(5)


def unread(data, name):
    """Return the only reason why a file could not be read; it must come with a place and an advice."""
    (document,) = read_bytes(data, name)
    ((place, reason, advice),) = document.unread
    assert document.blocks == ()
    assert place
    assert advice
    return reason


def zipped(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.docx", "空文件"),
        (b"\0\0\0\0", "a.pdf", "空文件"),
        (bytes(range(256)) * 20, "a.txt", "内容不是文字"),
        (b"\x89PNG\r\n\x1a\n....", "a.png", "图片"),
        (b"Rar!\x1a\x07\0", "a.zip", "rar"),
        (b"PK\x03\x04 broken", "a.docx", "Word 文件不完整"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc", "旧版 Office"),
        ("EncryptedPackage\0".encode("utf-16-le").join([b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b""]), "a.xlsx", "加密"),
        (b"int main(void) { return 0; }", "a.c", "不认识的文件类型"),
        (b'{"a": 1', "a.json", "json"),
        (b"[1, 2, 3]", "a.json", "没有可成表的记录"),
        (b"[" * 100_000, "a.json", "json"),
        (b"PAR1 broken", "a.parquet", "损坏"),
        (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'><", "a.xls", "损坏"),
    ],
)
def test_what_cannot_be_read_says_why(data, name, words):
    assert words in unread(data, name)


@pytest.mark.parametrize("write", [render.to_docx, render.to_xlsx, render.to_xls, render.to_pdf])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_cut_short_is_never_half_read_in_silence(write, share):
    data = write([TABLE])
    (document,) = read_bytes(data[: int(len(data) * share)], "a.docx")
    assert document.unread


def test_noise_in_a_file_never_raises():
    whole = {"a.docx": render.to_docx([TABLE]), "a.xlsx": render.to_xlsx([TABLE]), "a.html": render.to_html([TABLE])}
    for name, data in whole.items():
        for position in range(0, len(data), max(1, len(data) // 40)):
            noisy = data[:position] + bytes([data[position] ^ 0x55]) + data[position + 1 :]
            (document,) = read_bytes(noisy, name)
            assert document.blocks or document.unread


def test_one_bad_file_does_not_stop_the_others(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "b.csv").write_bytes(b"a,b\n1,2\n")
    (first,), (second,) = map(read_one, list_sources(tmp_path))
    assert (first.name, second.name) == ("a.docx", "b.csv")
    assert first.unread
    assert second.blocks
    assert not second.unread


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("绩效目标表，共 12 项", "utf-8"),
        ("绩效目标表，共 12 项", "gb18030"),
        ("办结率≥95%，𠮷镕㎡", "gb18030"),
        ("plain ascii", "utf-8"),
        ("绩效目标表 12", "utf-16-le"),
        ("绩效目标表 12", "utf-16-be"),
        ("绩效", "utf-8-sig"),
    ],
)
def test_encodings_are_told_apart(text, encoding):
    assert decode(text.encode(encoding))[:2] == (text, encoding)


def test_a_few_broken_bytes_are_told_and_many_refused():
    good = "项目绩效目标表共有十二项指标。" * 60
    for encoding in ("utf-8", "gb18030"):
        data = good.encode(encoding)
        (document,) = read_bytes(data[:300] + b"\xff" + data[300:], "a.txt")
        ((_, reason, _),) = document.unread
        assert "文字编码损坏" in reason
        assert "项目绩效目标表" in document.blocks[0].text
    with pytest.raises(ReadError, match="编码无法识别"):
        decode(b"\x81 \xff \x82 \xfe" * 50)


def test_content_counts_before_the_name():
    assert kind(render.to_docx([TABLE]), "a.pdf") == "docx"
    assert kind(render.to_xlsx([TABLE]), "a.xls") == "xlsx"
    assert kind(render.to_html([TABLE]), "a.doc") == "html"
    assert kind(b'[{"a": 1}]', "a.txt") == "json"
    assert kind("[bookmark: _Toc]部门预算".encode(), "a.txt") == "text"


def test_a_zip_bomb_is_refused_by_its_ratio():
    bomb = zipped({"a.txt": bytes(64 * 2**20)})
    assert len(bomb) < 2**20
    assert "压缩比异常" in unread(bomb, "a.zip")
    assert "压缩比异常" in unread(
        zipped({"[Content_Types].xml": b"", "word/document.xml": bytes(64 * 2**20)}), "a.docx"
    )


def test_telling_the_kind_unpacks_no_bomb():
    bomb = zipped({"mimetype": bytes(64 * 2**20)})
    tracemalloc.start()
    try:
        assert kind(bomb, "a.odt") == "zip"
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_a_workbook_that_lies_about_its_sizes_is_refused():
    data = bytearray(zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b" " * 10_000}))
    directory = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data[directory + 24 : directory + 28] = struct.pack("<I", 10)
    assert "损坏" in unread(bytes(data), "a.xlsx")


def test_archives_nested_too_deep_encrypted_or_too_many(monkeypatch):
    nested = b"a,b\n1,2\n"
    name = "a.csv"
    for _ in range(4):
        nested, name = zipped({name: nested}), "a.zip"
    assert "嵌套" in unread(nested, "a.zip")
    locked = bytearray(zipped({"a.csv": b"a,b\n"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + offset] |= 1
    assert "口令" in unread(bytes(locked), "a.zip")
    monkeypatch.setattr("perfscore.readers.archive.MAX_MEMBERS", 1)
    assert "过多" in unread(zipped({"a.csv": b"a", "b.csv": b"b"}), "a.zip")


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY f SYSTEM "file:///etc/hostname">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>x&d;&f;</w:t></w:r></w:p>
</w:body></w:document>"""


def test_entities_are_neither_expanded_nor_fetched():
    data = render.to_docx([TABLE])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    (document,) = read_bytes(zipped(parts | {"word/document.xml": LAUGHS}), "a.docx")
    assert [block.text for block in document] == ["x"]
    page = LAUGHS.replace(b"<w:document", b"<html><p>&d;&f;</p></html><w:document")
    (document,) = read_bytes(page, "a.html")
    assert all(len(getattr(block, "text", "")) < 50 for block in document)


def test_deep_nesting_is_bounded():
    for page in (b"<div>" * 50_000 + b"x", b"<table><tr><td>" * 5_000 + b"x"):
        (document,) = read_bytes(page, "a.html")
        assert [reason for _, reason, _ in document.unread] == ["嵌套过深或过大，没有读全"]


def test_blank_documents_are_told():
    for data, name in ((b"<html></html>", "a.html"), (render.to_docx([]), "a.docx")):
        assert unread(data, name) == "文件里没有文字"


def test_few_cells_far_apart_are_refused_before_they_take_memory():
    row = '<Row><Cell ss:Index="1000000"><Data ss:Type="String">x</Data></Cell></Row>'
    namespace = "urn:schemas-microsoft-com:office:spreadsheet"
    book = f'<Workbook xmlns="{namespace}" xmlns:ss="{namespace}"><Worksheet><Table>{row * 8}</Table></Worksheet></Workbook>'
    tracemalloc.start()
    try:
        assert "单元格" in unread(book.encode(), "a.xls")
        assert tracemalloc.get_traced_memory()[1] < 24 * 2**20  # two rows are 16 MiB, all of them would be 64
    finally:
        tracemalloc.stop()


def test_a_huge_cell_is_cut_with_a_mark_and_a_huge_table_told(monkeypatch):
    (document,) = read_bytes(f"a,b\n1,{'字' * 40_000}\n".encode(), "a.csv")
    text = document.blocks[0].rows[1][1].text
    assert len(text) == 32_767
    assert text.endswith("…")
    monkeypatch.setattr("perfscore.readers.canvas.MAX_CELLS", 4)
    assert "单元格" in unread(b"a,b,c\n1,2,3\n", "a.csv")
    (document,) = read_bytes(render.to_docx([TABLE]), "a.docx")
    assert [place for place, _, _ in document.unread] == ["表1"]
    page = b"<p>x</p><table><tr><td colspan=1000 rowspan=1000>y</table>"
    (document,) = read_bytes(page, "a.html")
    assert [place for place, _, _ in document.unread] == ["表1"]
