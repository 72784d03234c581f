"""The same drawn tables as docx, xlsx, html and csv: every cell comes back, merged labels, blank cells and odd characters too."""

import csv
import html
import itertools

import docx
import openpyxl
import pytest
import twins

from perfscore.targets import read

CELLS = ["level1", "level2", "name", "description", "value", "basis"]


def groups(rows):
    """First rows and sizes of the first-level groups."""
    sizes = [len(list(group)) for _, group in itertools.groupby(row[0] for row in rows)]
    return zip(itertools.accumulate(sizes, initial=0), sizes, strict=False)


def as_docx(made, path):
    document = docx.Document()
    for number, project in enumerate(made, 1):
        document.add_paragraph(f"{number}、{project.name}绩效目标表")
        head = [
            ["项目编码", project.code, "", "项目名称", project.name, ""],
            ["年度目标", "\n".join(project.goal), "", "", "", ""],
        ]
        head.insert(1, ["项目资金（万元）", "年度资金总额", project.budget, "其中：财政拨款", project.budget, ""])
        lines = [*head, twins.HEADER, *project.rows]
        table = document.add_table(len(lines), 6)
        for row, line in zip(table.rows, lines, strict=True):
            for cell, text in zip(row.cells, line, strict=True):
                cell.text = text
        for first, size in groups(project.rows):
            merged = table.cell(4 + first, 0).merge(table.cell(3 + first + size, 0))
            merged.text = project.rows[first][0]
    document.save(path)


def as_xlsx(made, path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, project in enumerate(made, 1):
        sheet = book.create_sheet(f"{number}")
        sheet.append(["项目支出绩效目标表"])
        sheet.append(["项目编码", project.code, "项目名称", project.name])
        sheet.append(["预算金额（元）", round(float(project.budget) * 10_000, 2)])
        sheet.append(["年度目标", "\n".join(project.goal)])
        sheet.append(twins.HEADER)
        for row in project.rows:
            sheet.append(row)
        for first, size in groups(project.rows):
            sheet.merge_cells(start_row=6 + first, end_row=5 + first + size, start_column=1, end_column=1)
        for row in (1, 4):
            sheet.merge_cells(start_row=row, end_row=row, start_column=1 if row == 1 else 2, end_column=6)
    book.save(path)


def as_html(made, path):
    parts = ["<meta charset='utf-8'>"]
    for project in made:
        parts += [f"<h3>{project.name}绩效目标表</h3><p>单位：万元</p><table>"]
        parts += [
            f"<tr><td>项目编码<td>{project.code}<td>预算数<td>{project.budget}<td>年度目标<td>{'<br>'.join(project.goal)}</tr>"
        ]
        parts += ["<tr>", *[f"<th>{text}</th>" for text in twins.HEADER], "</tr>"]
        sizes = dict(groups(project.rows))
        for i, row in enumerate(project.rows):
            label = f"<td rowspan={sizes[i]}>{row[0]}" if i in sizes else ""
            parts += ["<tr>", label, *[f"<td>{html.escape(text)}" for text in row[1:]], "</tr>"]
        parts += ["</table>"]
    path.write_text("".join(parts), encoding="utf-8")


def as_csv(made, path):
    with path.open("w", encoding="gb18030", newline="") as file:
        out = csv.writer(file)
        out.writerow(["项目名称", "项目编码", "预算金额（万元）", "年度绩效目标", *twins.HEADER])
        for project in made:
            beside = [project.name, project.code, f"{project.budget}万元", "\n".join(project.goal)]
            for row in project.rows:
                out.writerow([*beside, *row])
                beside = [""] * 4


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("write", "suffix"), [(as_docx, "docx"), (as_xlsx, "xlsx"), (as_html, "html"), (as_html, "xls"), (as_csv, "csv")]
)
def test_every_cell_comes_back(write, suffix, seed, tmp_path):
    made = twins.projects(seed)
    odd = ("产出指标", "数量指标", "“一网通办”<率>|A&B", "", "≥3件", "《条例》第1—2条")
    made[0].rows.insert(0, odd)
    write(made, tmp_path / f"a.{suffix}")
    targets = read(tmp_path)
    assert targets.unread.empty
    assert list(targets.indicators[CELLS].itertuples(index=False, name=None)) == [
        row for one in made for row in one.rows
    ]
    for project, got in zip(made, targets.projects.itertuples(), strict=True):
        assert (got.project_name, got.project_code, got.goal) == (project.name, project.code, "\n".join(project.goal))
        assert got.budget == pytest.approx(float(project.budget) * 10_000)
