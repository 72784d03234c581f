"""Writes tables in every format the readers take, so that reading back can be compared cell by cell."""

import csv
import html
import io
import random
from dataclasses import dataclass
from xml.sax.saxutils import escape

import docx
import openpyxl
import xlwt
from openpyxl.styles import Alignment, Border, Side
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as PdfTable

WORDS = "产出 效益 满意度 指标 数量 质量 时效 成本 审批 接件 办结率 服务对象 年度 完成 及时 系统".split()
ODD = "≥95% ≤80.66万元 =100 a<b&c '引号\" ㎡ ① Ⅲ级 （含） 50 2024年12月底前 - 0.5 ／ ％".split()


@dataclass(frozen=True)
class Spanned:
    """One cell: its first row and column, its text, and how many rows and columns it covers."""

    row: int
    column: int
    text: str
    n_rows: int = 1
    n_columns: int = 1


@dataclass(frozen=True)
class Table:
    """A title and the cells below it, which cover ``n_rows`` by ``n_columns`` positions exactly once."""

    title: str
    cells: tuple[Spanned, ...]
    n_rows: int
    n_columns: int

    def texts(self, *, spread: bool = True) -> list[list[str]]:
        """Return the text at every position, merged cells repeated (or, as in csv, only at their first position)."""
        found = [[""] * self.n_columns for _ in range(self.n_rows)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + (cell.n_rows if spread else 1)):
                for column in range(cell.column, cell.column + (cell.n_columns if spread else 1)):
                    found[row][column] = cell.text
        return found

    def owners(self) -> list[list[int]]:
        """Return at every position the number of the cell that covers it."""
        found = [[-1] * self.n_columns for _ in range(self.n_rows)]
        for number, cell in enumerate(self.cells):
            for row in range(cell.row, cell.row + cell.n_rows):
                for column in range(cell.column, cell.column + cell.n_columns):
                    found[row][column] = number
        return found


def plain_table(rows: list[list[str]], title: str = "") -> Table:
    """Return a table without merged cells."""
    cells = [Spanned(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    return Table(title, tuple(cells), len(rows), len(rows[0]))


def random_text(rng: random.Random, longest: int = 30) -> str:
    """Return a cell text: blank, odd, short or long."""
    kind = rng.random()
    if kind < 0.12:
        return ""
    if kind < 0.35:
        return rng.choice(ODD)
    if kind < 0.85:
        return "".join(rng.choices(WORDS, k=rng.randint(1, 4)))
    return "".join(rng.choices(WORDS, k=rng.randint(5, longest)))


def random_table(seed: int, *, merged: bool = True, rows: int | None = None, longest: int = 30) -> Table:
    """Return a table of random size with random merged cells.

    The first row and the outer columns are never blank and the last column is never merged: a row that shows nowhere
    would be lost in formats that only draw it.
    """
    rng = random.Random(seed)
    n_rows, n_columns = rows or rng.randint(2, 12), rng.randint(3, 7)
    taken = [[False] * n_columns for _ in range(n_rows)]
    cells = []
    for row in range(n_rows):
        for column in range(n_columns):
            if taken[row][column]:
                continue
            width = height = 1
            if merged and row and column < n_columns - 1 and rng.random() < 0.2:
                height = rng.randint(1, min(4, n_rows - row))
                while column + width < n_columns - 1 and rng.random() < 0.3 and not taken[row][column + width]:
                    width += 1
            for r in range(row, row + height):
                for c in range(column, column + width):
                    taken[r][c] = True
            text = random_text(rng, longest)
            if row == 0 or column in {0, n_columns - 1}:
                text = text or f"{rng.choice(WORDS)}{row}"
            cells.append(Spanned(row, column, text, height, width))
    return Table(f"表{seed}标题", tuple(cells), n_rows, n_columns)


def to_docx(tables: list[Table]) -> bytes:
    """Write each title as a paragraph with its table below."""
    document = docx.Document()
    for table in tables:
        document.add_paragraph(table.title)
        made = document.add_table(table.n_rows, table.n_columns)
        made.style = "Table Grid"
        places = [row.cells for row in made.rows]  # asking the table for one cell lays out all of it again
        for cell in table.cells:
            at = places[cell.row][cell.column]
            if cell.n_rows * cell.n_columns > 1:
                at = at.merge(places[cell.row + cell.n_rows - 1][cell.column + cell.n_columns - 1])
            at.text = cell.text
    document.add_paragraph()  # Word wants one after a table, and old formats lose the table without it
    return _saved(document.save)


def to_xlsx(tables: list[Table], *, bordered: bool = False) -> bytes:
    """Write one sheet a table, the title in a merged first row; all values as text."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, table in enumerate(tables, 1):
        sheet = book.create_sheet(f"表{number}")
        for cell in with_title(table).cells:
            at = sheet.cell(cell.row + 1, cell.column + 1)
            at.value, at.data_type = cell.text or None, "s"
            at.alignment = Alignment(wrap_text=True, vertical="center")
            if cell.n_rows * cell.n_columns > 1:
                end = {"end_row": cell.row + cell.n_rows, "end_column": cell.column + cell.n_columns}
                sheet.merge_cells(start_row=cell.row + 1, start_column=cell.column + 1, **end)
        if bordered:
            side = Side(style="thin")
            for row in sheet.iter_rows(max_row=table.n_rows + 1, max_col=table.n_columns):
                for at in row:
                    at.border = Border(side, side, side, side)
            for row in range(1, table.n_rows + 2):
                sheet.row_dimensions[row].height = 95
    return _saved(book.save)


def to_xls(tables: list[Table]) -> bytes:
    """Write the workbook of ``to_xlsx`` in the old binary format."""
    book = xlwt.Workbook()
    for number, table in enumerate(tables, 1):
        sheet = book.add_sheet(f"表{number}")
        for cell in with_title(table).cells:
            last = (cell.row + cell.n_rows - 1, cell.column + cell.n_columns - 1)
            sheet.write_merge(cell.row, last[0], cell.column, last[1], cell.text)
    return _saved(book.save)


def to_html(tables: list[Table], encoding: str = "utf-8") -> bytes:
    """Write a page with rowspan and colspan."""
    parts = [f'<html><head><meta charset="{encoding}"><style>td {{border: 1px}}</style></head><body>']
    for table in tables:
        parts.append(f"<p>{html.escape(table.title)}</p>\n<table border=1>")
        for row in range(table.n_rows):
            parts.append("<tr>")
            for cell in sorted((c for c in table.cells if c.row == row), key=lambda c: c.column):
                spans = f' rowspan="{cell.n_rows}"' * (cell.n_rows > 1)
                spans += f' colspan="{cell.n_columns}"' * (cell.n_columns > 1)
                parts.append(f"<td{spans}>{html.escape(cell.text).replace(chr(10), '<br>')}</td>")
            parts.append("</tr>\n")
        parts.append("</table>")
    return "".join([*parts, "</body></html>"]).encode(encoding)


def to_spreadsheetml(tables: list[Table]) -> bytes:
    """Write an XML workbook of 2003 with indexes only where cells were skipped, as Excel does."""
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    parts = [f'<?xml version="1.0" encoding="UTF-8"?><Workbook xmlns="{space}" xmlns:ss="{space}">']
    for number, table in enumerate(tables, 1):
        titled = with_title(table)
        parts.append(f'<Worksheet ss:Name="表{number}"><Table>')
        for row in range(titled.n_rows):
            parts.append(f'<Row ss:Index="{row + 1}">')
            for cell in sorted((c for c in titled.cells if c.row == row), key=lambda c: c.column):
                if not cell.text and cell.n_rows * cell.n_columns == 1:
                    continue
                spans = f' ss:MergeAcross="{cell.n_columns - 1}" ss:MergeDown="{cell.n_rows - 1}"'
                data = f'<Data ss:Type="String">{escape(cell.text, {chr(10): "&#10;"})}</Data>'
                parts.append(f'<Cell ss:Index="{cell.column + 1}"{spans}>{data}</Cell>')
            parts.append("</Row>")
        parts.append("</Table></Worksheet>")
    return "".join([*parts, "</Workbook>"]).encode()


def to_csv(table: Table, encoding: str = "utf-8", separator: str = ",") -> bytes:
    """Write one table, merged cells only at their first position."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(table.texts(spread=False))
    text = stream.getvalue()
    return ("\ufeff" + text).encode(encoding) if encoding in {"utf-16-le", "utf-16-be"} else text.encode(encoding)


def to_text(tables: list[Table]) -> bytes:
    """Write tables as lines with tabs, as copied out of a document."""
    lines = []
    for table in tables:
        lines += [table.title, *("\t".join(row).replace("\n", " ") for row in table.texts(spread=False)), ""]
    return "\n".join(lines).encode()


def to_pdf(
    tables: list[Table],
    *,
    ruled: bool = True,
    wide: bool = True,
    align: str = "MIDDLE",
    size: float = 10,
    leading: float = 13,
    padding: float = 3,
    breaks: bool = True,
) -> bytes:
    """Write tables, each on new pages unless without ``breaks``, with or without lines; long ones go over several pages.

    Uses the font STSong-Light, which every pdf reader knows and no file has to bring.
    """
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("cell", fontName="STSong-Light", fontSize=size, leading=leading, wordWrap="CJK")
    page = landscape(A4) if wide else A4
    flow: list[object] = []
    for table in tables:
        rows: list[list[object]] = [[""] * table.n_columns for _ in range(table.n_rows)]
        commands: list[tuple[object, ...]] = [("VALIGN", (0, 0), (-1, -1), align)]
        commands += [(f"{side}PADDING", (0, 0), (-1, -1), padding) for side in ("TOP", "BOTTOM")]
        if ruled:
            commands.append(("GRID", (0, 0), (-1, -1), 0.5, colors.black))
        for cell in table.cells:
            text = escape(cell.text).replace("\n", "<br/>")
            rows[cell.row][cell.column] = Paragraph(text, style) if text else ""
            if cell.n_rows * cell.n_columns > 1:
                end = (cell.column + cell.n_columns - 1, cell.row + cell.n_rows - 1)
                commands.append(("SPAN", (cell.column, cell.row), end))
        widths = [(page[0] - 100) / table.n_columns] * table.n_columns
        flow += [Paragraph(table.title, style), Spacer(0, 12), PdfTable(rows, widths, style=commands)]
        flow.append(PageBreak() if breaks else Spacer(0, 20))
    stream = io.BytesIO()
    SimpleDocTemplate(stream, pagesize=page, leftMargin=50, rightMargin=50, invariant=1).build(flow)
    return stream.getvalue()


def with_title(table: Table) -> Table:
    """Return the table with its title as a merged first row."""
    title = Spanned(0, 0, table.title, 1, table.n_columns)
    below = [Spanned(c.row + 1, c.column, c.text, c.n_rows, c.n_columns) for c in table.cells]
    return Table("", (title, *below), table.n_rows + 1, table.n_columns)


def _saved(save) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


def differences(grid, table: Table, *, spread: bool = True, squeeze: bool = False) -> list[str]:
    """Compare a grid that was read with the table that was written: shape, texts, and which positions share a cell.

    ``spread=False`` for formats without merged cells, ``squeeze=True`` where wrapping leaves blanks and breaks.
    """
    wanted, found = table.texts(spread=spread), [[cell.text for cell in row] for row in grid.rows]
    if [len(row) for row in wanted] != [len(row) for row in found]:
        return [f"{len(found)} rows of {[len(row) for row in found]}, not {table.n_rows} of {table.n_columns}"]

    def folded(text: str) -> str:
        return "".join(text.split()) if squeeze else text

    told = []
    cells: dict[int, int] = {}
    for row, line in enumerate(table.owners()):
        for column, owner in enumerate(line):
            text, wish = found[row][column], wanted[row][column]
            if folded(text) != folded(wish):
                told.append(f"({row}, {column}): {text!r}, not {wish!r}")
            if spread and cells.setdefault(id(grid.rows[row][column]), owner) != owner:
                told.append(f"({row}, {column}): one cell for two")
    if spread and len(cells) != len(table.cells):
        told.append(f"{len(cells)} cells, not {len(table.cells)}")
    return told
