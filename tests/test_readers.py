"""Every format read back cell by cell, and the door to all of them: files, folders, zips, and what cannot be read."""

import io
import json
import pickle
import zipfile

import pandas as pd
import pytest
import render

from perfscore.errors import ReadError
from perfscore.readers import list_sources, read_bytes, read_one
from perfscore.readers.blocks import Grid, Line

SEEDS = range(12)
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]


def grids(data, name):
    """Return the grids of the only document in a file that reads without loss."""
    (document,) = read_bytes(data, name)
    assert document.unread == ()
    assert document.name == name
    return [block for block in document if isinstance(block, Grid)]


def documents(path):
    return [document for source in list_sources(path) for document in read_one(source)]


def texts(grid):
    return [[cell.text for cell in row] for row in grid.rows]


def three(seed, **options):
    return [render.random_table(3 * seed + number, **options) for number in range(3)]


def expect(found, wanted, **options):
    assert len(found) == len(wanted)
    assert [render.differences(grid, table, **options) for grid, table in zip(found, wanted, strict=True)] == [
        []
    ] * len(wanted)


@pytest.mark.parametrize("seed", SEEDS)
def test_office_formats_round_trip(seed):
    tables = three(seed)
    titled = [render.with_title(table) for table in tables]
    expect(grids(render.to_docx(tables), "a.docx"), tables)
    expect(grids(render.to_xlsx(tables), "a.xlsx"), titled)
    expect(grids(render.to_xls(tables), "a.xls"), titled)


@pytest.mark.parametrize("seed", SEEDS)
def test_markup_round_trips_whatever_the_file_is_called(seed):
    tables = three(seed)
    expect(grids(render.to_html(tables), "a.html"), tables)
    expect(grids(render.to_html(tables, "gb18030"), "a.xls"), tables)
    expect(grids(render.to_spreadsheetml(tables), "a.xls"), [render.with_title(table) for table in tables])


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separated_text_round_trips(encoding, separator):
    for seed in SEEDS:
        table = render.random_table(seed)
        name = "a.tsv" if separator == "\t" else "a.csv"
        expect(grids(render.to_csv(table, encoding, separator), name), [table], spread=False)


def test_titles_stay_lines_in_front_of_their_tables():
    tables = three(1)
    (document,) = read_bytes(render.to_docx(tables), "a.docx")
    kinds = [(type(block), getattr(block, "text", "")) for block in document]
    assert kinds == [kind for table in tables for kind in ((Line, table.title), (Grid, ""))]
    assert [block.place for block in document] == ["第1段", "表1", "第2段", "表2", "第3段", "表3"]
    assert document.blocks[1].rows[1][2].place == "表1 第2行第3列"


def test_tab_separated_text_called_xls_is_a_table():
    assert texts(grids("指标\t值\n接件\t≥50\n".encode("gb18030"), "导出.xls")[0]) == [["指标", "值"], ["接件", "≥50"]]


def test_a_quoted_field_keeps_its_line_break():
    (grid,) = grids('名称,值\n"接件\n受理",5\n'.encode(), "a.csv")
    assert texts(grid) == [["名称", "值"], ["接件\n受理", "5"]]
    assert grid.rows[1][0].place == "第2行第1列"


@pytest.mark.parametrize(
    "content",
    [
        [{"名称": "接件", "值": 50}, {"名称": "办结", "值": None}],
        {"columns": ["名称", "值"], "data": [["接件", 50], ["办结", None]]},
        {"data": [{"名称": "接件", "值": 50.0}, {"名称": "办结"}]},
        [["名称", "值"], ["接件", 50], ["办结", None]],
        {"0": {"名称": "接件", "值": 50}, "1": {"名称": "办结", "值": None}},
        {"名称": {"0": "接件", "1": "办结"}, "值": {"0": 50, "1": None}},
    ],
)
def test_json_records(content):
    (grid,) = grids(json.dumps(content, ensure_ascii=False).encode(), "a.json")
    assert texts(grid) == [["名称", "值"], ["接件", "50"], ["办结", ""]]


def test_json_as_a_web_service_answers():
    content = {"code": 0, "data": {"total": 2, "rows": [{"名称": "接件", "值": 50}, {"名称": "办结", "值": None}]}}
    (grid,) = grids(json.dumps(content).encode(), "a.json")
    assert texts(grid) == [["code", "total", "名称", "值"], ["0", "2", "接件", "50"], ["0", "2", "办结", ""]]


def test_json_rows_whose_columns_bear_one_name():
    (grid,) = grids(json.dumps([["值", "值"], [1, 2]]).encode(), "a.json")
    assert texts(grid) == [["值", "值"], ["1", "2"]]


def test_json_lines_and_nested_records():
    (grid,) = grids(b'{"a": 1}\n{"a": 2, "b": 0.95}\n', "a.jsonl")
    assert texts(grid) == [["a", "b"], ["1", ""], ["2", "0.95"]]
    nested = {"项目": "甲", "单位": {"名称": "局"}, "指标": [{"名称": "x"}, {"名称": "y"}]}
    (grid,) = grids(json.dumps([nested, {"项目": "乙"}]).encode(), "a.json")
    assert [row[0].text for row in grid.rows] == ["项目", "甲", "甲", "乙"]
    assert grid.rows[1][0] is grid.rows[2][0]


def test_small_parquet():
    stream = io.BytesIO()
    pd.DataFrame({"名称": ["接件", None], "值": [50.0, 0.5]}).to_parquet(stream)
    assert texts(grids(stream.getvalue(), "a.parquet")[0]) == [["名称", "值"], ["接件", "50"], ["", "0.5"]]


def test_text_goes_to_the_plain_reader(tmp_path):
    (tmp_path / "a.txt").write_bytes("项目绩效目标表\n".encode("gb18030"))
    (document,) = documents(tmp_path / "a.txt")
    assert document.blocks[0].text == "项目绩效目标表"


def test_a_folder_is_walked_in_order_without_hidden_and_lock_files(tmp_path):
    left_behind = [".hidden/x.csv", "~$a.docx", ".DS_Store", "b/Thumbs.db", "_SUCCESS", "b/_metadata"]
    for name in ["b/2.csv", "b/1.csv", "a.csv", *left_behind]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a,b\n1,2\n", encoding="utf-8")
    assert [document.name for document in documents(tmp_path)] == ["a.csv", "b/1.csv", "b/2.csv"]
    assert [document.name for document in documents(tmp_path / "b" / "1.csv")] == ["1.csv"]


def test_sources_can_be_sent_to_processes(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    sources = pickle.loads(pickle.dumps(list_sources(tmp_path)))
    assert [document.name for source in sources for document in read_one(source)] == ["a.csv"]


def test_a_path_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(ReadError, match="路径不存在"):
        list_sources(tmp_path / "nothing")


def zipped(members, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_a_zip_gives_its_members_as_documents():
    table = render.random_table(3)
    inner = zipped({"内/表.csv": render.to_csv(table), "../../坏.txt": "正文".encode(), "__MACOSX/._a.docx": b"x"})
    found = read_bytes(zipped({"z.zip": inner, "a.docx": render.to_docx([table])}), "包.zip")
    assert [document.name for document in found] == ["包.zip/a.docx", "包.zip/z.zip/内/表.csv", "包.zip/z.zip/坏.txt"]
    assert [document.unread for document in found] == [()] * 3
    expect([found[0].blocks[1]], [table])


def test_names_in_a_zip_packed_on_a_chinese_windows():
    data = zipped({"ABCD.csv": b"a,b\n1,2\n"}).replace(b"ABCD", "指标".encode("gbk"))
    assert [document.name for document in read_bytes(data, "a.zip")] == ["a.zip/指标.csv"]
