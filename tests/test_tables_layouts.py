"""Every layout in every format: what was drawn and written by a format's own writer is read back cell by cell."""

import layouts
import pandas as pd
import pytest
import render

from perfscore.readers.marks import lines_of, marks_of
from perfscore.targets import read

LOOSE = {"pdf", "txt"}
"""Formats in which wrapping or flattening leaves no trace of the line breaks within a cell."""


def to_csv(tables):
    return render.to_csv(layouts.below_each_other(tables), "gb18030", ",")


WRITERS = [
    (render.to_docx, "docx"),
    (render.to_xlsx, "xlsx"),
    (render.to_xls, "xls"),
    (render.to_html, "html"),
    (render.to_html, "xls"),
    (render.to_spreadsheetml, "xls"),
    (to_csv, "csv"),
    (render.to_text, "txt"),
    pytest.param(render.to_pdf, "pdf", marks=pytest.mark.slow),
]
EXPORTS = (layouts.export, layouts.export_in_capitals)
"""No system prints an export of seventeen columns."""
SPACINGS = {
    "usual": {},
    "tall page": {"wide": False},
    "texts at the top": {"align": "TOP"},
    "texts at the bottom": {"align": "BOTTOM"},
    "rows no further apart than lines": {"size": 9, "leading": 13, "padding": 0},
    "one and a half lines": {"leading": 16},
    "wide rows": {"size": 9, "leading": 14, "padding": 10},
    "tables below one another": {"size": 9, "leading": 12, "wide": False, "breaks": False},
}


def shown(value, *, squeeze):
    """A cell for comparing: missing as None, text without white space where the format cannot keep it."""
    if value is None or pd.isna(value):
        return None
    return "".join(value.split()) if squeeze and isinstance(value, str) else value


def expect(targets, drawn, *, squeeze):
    for frame, wanted in ((targets.indicators, drawn.rows), (targets.projects, drawn.projects)):
        names = list(wanted[0])
        found = [[shown(v, squeeze=squeeze) for v in row] for row in frame[names].itertuples(index=False, name=None)]
        assert found == [[shown(row[name], squeeze=squeeze) for name in names] for row in wanted]
    assert (targets.coverage["seen"] == targets.coverage["understood"]).all()


def read_back(data, suffix, folder):
    path = folder / f"a.{suffix}"
    path.write_bytes(data)
    return read(path)


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("form", layouts.FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize(("write", "suffix"), WRITERS)
def test_every_cell_comes_back(write, suffix, form, seed, tmp_path):
    if suffix == "pdf" and form in EXPORTS:
        pytest.skip("not printed")
    drawn = form(seed)
    targets = read_back(write(drawn.tables), suffix, tmp_path)
    expect(targets, drawn, squeeze=suffix in LOOSE)
    assert targets.unread.empty


def without_lines(form, seed, folder, **spacing):
    """Say whether a table without lines comes back whole; what does not must be reported."""
    drawn = form(seed)
    if form in EXPORTS:  # seventeen columns
        spacing = {**spacing, "size": 7, "leading": 9}
    targets = read_back(render.to_pdf(drawn.tables, ruled=False, **spacing), "pdf", folder)
    if targets.unread.empty:
        expect(targets, drawn, squeeze=True)
    return targets.unread.empty


@pytest.mark.slow
@pytest.mark.parametrize("spacing", SPACINGS.values(), ids=SPACINGS)
def test_tables_without_lines_come_back_or_are_reported(spacing, tmp_path):
    forms = [form for form in layouts.FORMS if form not in EXPORTS or spacing.get("wide", True)]
    whole = [without_lines(form, seed, tmp_path, **spacing) for form in forms for seed in range(2)]
    assert sum(whole) >= 0.85 * len(whole)


def by_line(glyphs):
    """Draw a page line by line, each from left to right."""
    return [glyph for line in lines_of(glyphs) for glyph in line]


def by_column(glyphs):
    """Draw a page in stripes from top to bottom."""
    return sorted(glyphs, key=lambda glyph: (glyph.x0 // 90, round(glyph.top), glyph.x0))


@pytest.mark.slow
@pytest.mark.parametrize("order", [by_line, by_column], ids=lambda order: order.__name__)
@pytest.mark.parametrize("align", ["MIDDLE", "TOP"])
def test_tables_without_lines_drawn_in_another_order_come_back_or_are_reported(order, align, tmp_path, monkeypatch):
    def marks(page):
        found = marks_of(page)
        return found._replace(glyphs=order(found.glyphs))

    monkeypatch.setattr("perfscore.readers.portable.marks_of", marks)
    forms = [form for form in layouts.FORMS if form not in EXPORTS]
    whole = [without_lines(form, 2, tmp_path, align=align) for form in forms]
    assert not all(whole)  # the order has changed
