"""Write the documents of ``perfscore/samples`` from ``sample.toml``: ``python tests/build_sample.py``.

One layout a file, those that reviewers meet: a Word table with merged cells, a workbook with a sheet a project, a sheet
with projects stacked under each other, the text flow of a PDF with wrapped cells and a page break inside a table, and
text with one cell a line.
"""

import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.table import Table
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from perfscore.reporting.archive import settled

SOURCE = Path(__file__).with_name("sample.toml")
SAMPLES = Path(__file__).parents[1] / "perfscore" / "samples"
YEAR = 2026
HEADER = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
MONTHS = ("3月底", "6月底", "10月底", "12月底")

Record = dict[str, Any]


def documents() -> list[Record]:
    """Return the documents of ``sample.toml``; the rows of a project become tuples of cells."""
    with SOURCE.open("rb") as file:
        listed: list[Record] = tomllib.load(file)["document"]
    for document in listed:
        by_name = {project["name"]: project for project in document["project"]}
        for project in document["project"]:
            lines = by_name[project.get("same_rows_as", project["name"])]["rows"].strip().splitlines()
            project["cells"] = [tuple(line.split("|")) for line in lines]
            project["goal"] = project["goal"].strip()
    return listed


def save(made: Any, path: Path) -> None:
    """Save a Word document or a workbook, the same bytes whenever it is made."""
    content = BytesIO()
    made.save(content)
    path.write_bytes(settled(content.getvalue()))


def amount(project: Record, source: str = "budget") -> str:
    return f"{project.get(source, 0):.2f}"


def without_repeats(rows: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Blank a first-level label that stands on the row above, as exports of merged cells do."""
    above = ""
    for level1, *rest in rows:
        yield ("" if level1 == above else level1, *rest)
        above = level1


def head(project: Record, agency: str, unit: str) -> list[list[str]]:
    """Return the rows above the indicators in the form of Hebei; cells that a form merges follow as blanks."""
    money = [
        "预算数",
        amount(project),
        "其中：财政资金",
        amount(project, "fiscal"),
        "其他资金",
        amount(project, "other"),
    ]
    return [
        [agency, "", "", "", "", "", f"单位：{unit}"],
        ["项目编码", project["code"], "", "项目名称", project["name"], "", ""],
        ["预算规模及资金用途", *money],
        ["", project["purpose"], "", "", "", "", ""],
        ["资金支出计划（%）", *MONTHS, "", ""],
        ["", *project["plan"], "", ""],
        ["绩效目标", project["goal"], "", "", "", "", ""],
    ]


def write_docx(document: Record, path: Path) -> None:
    word = Document()
    word.add_heading(f"青岚县教育局{YEAR}年部门预算绩效文本", 1)
    word.add_paragraph("二、预算项目绩效目标")
    for number, project in enumerate(document["project"], 1):
        word.add_paragraph(f"{number}、{project['name']}绩效目标表")
        top = head(project, document["agency"], document["unit"])
        rows = [[level1, level2, name, text, "", *rest] for level1, level2, name, text, *rest in project["cells"]]
        table = word.add_table(len(top) + 1 + len(rows), 7, style="Table Grid")
        for r, cells in enumerate([*top, [*HEADER[:4], "", *HEADER[4:]], *rows]):
            for c, text in enumerate(cells):
                table.cell(r, c).text = text
        for span in ((0, 0, 0, 5), (1, 1, 1, 2), (1, 4, 1, 6), (2, 0, 3, 0), (3, 1, 3, 6), (4, 0, 5, 0), (6, 1, 6, 6)):
            merge(table, *span)
        for r in range(len(top), len(top) + 1 + len(rows)):
            merge(table, r, 3, r, 4)
        merge_labels(table, 0, len(top) + 1, [row[:1] for row in rows])
        merge_labels(table, 1, len(top) + 1, [row[:2] for row in rows])
        word.add_paragraph()
    save(word, path)


def merge(table: Table, top: int, left: int, bottom: int, right: int) -> None:
    """Merge a block of cells and keep the text of the first only: the merge joins the paragraphs of all."""
    text = table.cell(top, left).text
    table.cell(top, left).merge(table.cell(bottom, right)).text = text


def merge_labels(table: Table, column: int, first: int, labels: list[list[str]]) -> None:
    start = 0
    for i in range(1, len(labels) + 1):
        if i == len(labels) or labels[i] != labels[start]:
            merge(table, first + start, column, first + i - 1, column)
            start = i


def add(sheet: Worksheet, line: Iterable[str | float]) -> None:
    """Append a row; ``=100%`` is what the cell shows, not a formula."""
    sheet.append([None if cell == "" else cell for cell in line])
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"


def style(sheet: Worksheet, first: int, last: int, width: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    side = Side(style="thin")
    for row in sheet.iter_rows(first, last, 1, width):
        for cell in row:
            cell.border = Border(side, side, side, side)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.row_dimensions[row[0].row].height = 30


def write_sheets(document: Record, path: Path) -> None:
    book = Workbook()
    book.remove(book.active)
    for number, project in enumerate(document["project"], 1):
        sheet = book.create_sheet(f"{number}.{project['name']}")
        lines = [
            ["项目支出绩效目标表"],
            [f"（{YEAR}年度）"],
            ["项目名称", project["name"]],
            ["主管部门及代码", document["agency"], "", "", "实施单位", project["operator"]],
            [f"项目资金（{document['unit']}）", "年度资金总额", "", project["budget"]],
            ["", "其中：财政拨款", "", project["fiscal"]],
            ["", "其他资金", "", project.get("other", 0)],
            ["年度绩效目标", project["goal"]],
            ["一级指标", "二级指标", "三级指标", "指标解释", "指标值", "权重", "指标值确定依据"],
        ]
        lines += [[*row[:5], float(row[6]), row[5]] for row in project["cells"]]
        for line in lines:
            add(sheet, line)
        merges = ["A1:G1", "A2:G2", "B3:G3", "B4:D4", "F4:G4", "A5:A7", "B5:C5", "B6:C6", "B7:C7"]
        merges += ["D5:G5", "D6:G6", "D7:G7", "B8:G8", *same_label(project["cells"], 10)]
        for span in merges:
            sheet.merge_cells(span)
        style(sheet, 3, len(lines), 7)
        for column, width in zip("ABCDEFG", (12, 14, 22, 40, 16, 8, 32), strict=True):
            sheet.column_dimensions[column].width = width
    save(book, path)


def same_label(rows: list[tuple[str, ...]], first: int) -> Iterator[str]:
    """Yield the cell ranges of equal first-level labels in column A."""
    start = 0
    for i in range(1, len(rows) + 1):
        if i == len(rows) or rows[i][0] != rows[start][0]:
            if i - start > 1:
                yield f"A{first + start}:A{first + i - 1}"
            start = i


def write_stacked(document: Record, path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "绩效目标"
    sheet.append([f"{YEAR}年预算项目绩效目标汇总"])
    for number, project in enumerate(document["project"], 1):
        sheet.append([])
        sheet.append([f"{number}、{project['name']}绩效目标表"])
        first = sheet.max_row + 1
        table = [*head(project, document["agency"], document["unit"]), HEADER, *without_repeats(project["cells"])]
        for line in table:
            add(sheet, line)
        for span in (f"A{first}:F{first}", f"B{first + 3}:G{first + 3}", f"B{first + 6}:G{first + 6}"):
            sheet.merge_cells(span)
        style(sheet, first, sheet.max_row, 7)
    for column, width in zip("ABCDEFG", (18, 20, 24, 40, 16, 30, 14), strict=True):
        sheet.column_dimensions[column].width = width
    save(book, path)


def wrapped(cells: tuple[str, ...], widths: tuple[int, ...]) -> str:
    """Print a row as a PDF's text flow does: short neighbours share a line, a wrapped cell breaks it."""
    lines: list[str] = []
    together: list[str] = []
    for cell, width in zip(cells, widths, strict=True):
        if len(cell) <= width:
            together.append(cell)
            continue
        lines += [" ".join(together)] if together else []
        lines.append("\n\n".join(cell[i : i + width] for i in range(0, len(cell), width)))
        together = []
    return "\n".join([*lines, " ".join(together)] if together else lines)


def flow_table(project: Record, number: int, agency: str, unit: str) -> str:
    """Print one table as text flow; on the first, a page ends inside the last cell of the third row."""
    header = "一级指标 二级指标 三级指标 绩效指标描述 指标值\n指标值确定\n\n依据"
    money = f"预算数 {amount(project)} 其中：财政 资金 {amount(project, 'fiscal')} 其他资金 {amount(project, 'other')}"
    parts = [f"{number}、{project['name']}绩效目标表", f"{agency} 单位：{unit}"]
    parts += [f"项目编码 {project['code']} 项目名称 {project['name']}", "预算规模及", "资金用途", money]
    parts += [project["purpose"], "资金支出计", "划（%）", " ".join(MONTHS), " ".join(project["plan"])]
    parts += ["绩效目标", *project["goal"].splitlines(), header]
    for i, (level1, *cells) in enumerate(without_repeats(project["cells"])):
        row = wrapped(tuple(cells), (9, 14, 26, 12, 6))
        if number == 1 and i == 2:
            before, _, after = row.rpartition("\n\n")
            row = f"{before}\n {header}\n\n{after}"
        parts += [level1, row] if level1 else [row]
    return "\n\n".join(parts)


def write_flow(document: Record, path: Path) -> None:
    agency, unit = document["agency"], document["unit"]
    tables = [flow_table(project, i, agency, unit) for i, project in enumerate(document["project"], 1)]
    title = f"青岚县农业农村局{YEAR}年部门预算绩效文本\n\n第二部分 预算项目绩效目标\n\n"
    path.write_text(title + "\n ".join(tables) + "\n", encoding="utf-8", newline="\n")


def write_cells(document: Record, path: Path) -> None:
    """Print one cell a line, each after a tab; a blank line ends a row, and merged cells leave a bare tab."""
    text = f"青岚县政务服务局{YEAR}年预算公开说明\n第二部分、预算项目绩效指标\n"
    for number, project in enumerate(document["project"], 1):
        text += f"[bookmark: _Toc{YEAR:04d}{number:04d}]{number}.{project['name']}绩效目标表\n"
        top = head(project, document["agency"], document["unit"])
        rows = [[cell for i, cell in enumerate(row) if cell or i == 0] for row in top]
        for row in [*rows, list(HEADER), *without_repeats(project["cells"])]:
            text += "".join(f"\t{cell}\n" for cell in row) + "\n"
        text += "\n\n"
    path.write_text(text, encoding="utf-8", newline="\n")


WRITERS: tuple[Callable[[Record, Path], None], ...] = (write_docx, write_sheets, write_stacked, write_flow, write_cells)


def build(folder: Path) -> list[Path]:
    """Write all documents into a folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for document, write in zip(documents(), WRITERS, strict=True):
        paths.append(folder / document["file"])
        write(document, paths[-1])
    return paths


if __name__ == "__main__":
    for path in build(SAMPLES):
        sys.stdout.write(f"{path.name}\t{path.stat().st_size}\n")
