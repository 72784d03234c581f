"""Notes on the cells of an xlsx: one on each cell that has findings, in place of those of an earlier run."""

import re
from collections.abc import Mapping

from lxml import etree
from openpyxl.comments.shape_writer import ShapeWriter
from openpyxl.utils.cell import coordinate_to_tuple

from perfscore.errors import ReadError
from perfscore.readers.markup import Element, find, inside, local
from perfscore.reporting.package import Package

__all__ = ["note"]

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AUTHOR = "perfscore"
_ADDED = "\n\nperfscore：\n"
"""Stands before what is added to the note of someone else."""
_BOX = re.compile(rb"<(\w+:)?shape\b.*?</(?:\1)?shape>", re.S)
_PLACE = re.compile(r"工作表 (?P<sheet>.+) / (?P<cell>[A-Z]{1,3}[0-9]+)(?:（.+）)?")
_AFTER = (
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
"""Elements of a sheet that must stand after ``legacyDrawing``."""
_SIZE = (120, 300)  # pixels


def note(data: bytes, notes: Mapping[str, str], general: str) -> tuple[bytes, list[str]]:
    """Put notes on the cells of a workbook; notes that perfscore put there before go, those of others stay.

    Parameters
    ----------
    data : the workbook
    notes : text by place, as the reader of workbooks names its cells
    general : text that belongs to no cell, put on A1 of the first sheet; nothing if empty

    Returns
    -------
    the workbook with the notes, and the places that it does not have, whose texts were put with ``general``

    Raises
    ------
    ReadError
        the workbook is none with XML parts (xls, xlsb)
    """
    package = Package(data)
    if not package.main.endswith(".xml"):
        raise ReadError("这种工作簿不能加批注", "请另存为 xlsx 后再试")
    sheets = _sheets(package)
    for part in sheets.values():
        _remove_former(package, part)
    texts: dict[str, dict[str, str]] = {}
    missed = []
    for place, text in notes.items():
        found = _PLACE.fullmatch(place)
        names = (found["sheet"], found["sheet"].removesuffix("（隐藏）")) if found else ()
        sheet = next((sheets[name] for name in names if name in sheets), None)
        if found and sheet:
            texts.setdefault(sheet, {})[found["cell"]] = text
        else:
            missed.append(place)
    rest = "\n\n".join([text for text in (general, *(notes[place] for place in missed)) if text])
    if rest:
        on_first = texts.setdefault(next(iter(sheets.values())), {})
        on_first["A1"] = "\n\n".join([rest, *([on_first["A1"]] if "A1" in on_first else [])])
    for sheet, on_cells in texts.items():
        new = _add_comments(package, sheet, on_cells)
        _add_shapes(package, sheet, new)
    return package.content(), missed


def _sheets(package: Package) -> dict[str, str]:
    """Name of each worksheet -> name of its part."""
    found = {}
    for sheet in inside(package.xml(package.main), "sheets"):
        relation = next(value for key, value in sheet.attrib.items() if key.endswith("}id"))
        found[str(sheet.get("name"))] = package.target(package.main, relation)
    return found


def _remove_former(package: Package, sheet: str) -> None:
    """Remove our notes of an earlier run with their boxes, and what it added to the notes of others."""
    name, drawing = package.related(sheet, "comments"), _drawing(package, sheet)
    if name is None:
        return
    authors = [_words(author) for author in inside(package.xml(name), "authors")]
    entries = list(inside(package.xml(name), "commentList"))
    former = [entry for entry in entries if authors[int(entry.get("authorId", "0"))] == _AUTHOR]
    added = [words for entry in entries for words in entry.iter(_like(entry, "t")) if _ADDED in (words.text or "")]
    if not former and not added:
        return
    package.change(name)
    for words in added:
        words.text = str(words.text).partition(_ADDED)[0]
    for entry in former:
        entry.getparent().remove(entry)
    if drawing is not None:
        cells = {coordinate_to_tuple(str(entry.get("ref"))) for entry in former}
        package.put(drawing, _BOX.sub(lambda box: b"" if _cell_of(box[0]) in cells else box[0], package.raw(drawing)))


def _words(element: Element) -> str:
    return "".join(map(str, element.itertext()))


def _cell_of(box: bytes) -> tuple[int, int] | None:
    """Row and column, from 1, of the note whose box this is."""
    row, column = (re.search(rb"<(?:\w+:)?%s>\s*(\d+)\s*<" % name, box) for name in (b"Row", b"Column"))
    return (int(row[1]) + 1, int(column[1]) + 1) if row and column else None


def _drawing(package: Package, sheet: str) -> str | None:
    """Name of the part with the boxes of a sheet's notes."""
    legacy = find(package.xml(sheet), "legacyDrawing")
    if legacy is None:
        return None
    return package.target(sheet, next(value for key, value in legacy.attrib.items() if key.endswith("}id")))


def _like(root: Element, name: str) -> str:
    return f"{{{etree.QName(root).namespace}}}{name}"


def _add_comments(package: Package, sheet: str, texts: Mapping[str, str]) -> list[str]:
    """Add the texts to the comments of a sheet; return the cells that had none."""
    name = package.related(sheet, "comments")
    if name is None:
        name = package.free_name("xl/comments{}.xml")
        namespace = etree.QName(package.xml(sheet)).namespace
        empty = f'<comments xmlns="{namespace}"><authors/><commentList/></comments>'.encode()
        package.add(sheet, "comments", name, _TYPE, empty)
    root = package.change(name)
    authors, entries = (_child(root, name) for name in ("authors", "commentList"))
    names = [_words(author) for author in authors]
    author = str(names.index(_AUTHOR) if _AUTHOR in names else len(names))
    if _AUTHOR not in names:
        etree.SubElement(authors, _like(root, "author")).text = _AUTHOR
    there = {entry.get("ref"): entry for entry in entries}
    for cell, text in texts.items():
        if cell in there:
            _add_text(_child(there[cell], "text"), _ADDED + text)
        else:
            entry = etree.SubElement(entries, _like(root, "comment"), ref=cell, authorId=author)
            _add_text(etree.SubElement(entry, _like(root, "text")), text)
    return [cell for cell in texts if cell not in there]


def _child(element: Element, name: str) -> Element:
    """The child of a name, made if there is none."""
    found = find(element, name)
    return etree.SubElement(element, _like(element, name)) if found is None else found


def _add_text(element: Element, text: str) -> None:
    plain = find(element, "t")
    if plain is not None:  # the simple form of a text holds one string and no runs
        plain.text = (plain.text or "") + text
        return
    words = etree.SubElement(etree.SubElement(element, _like(element, "r")), _like(element, "t"))
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    words.text = text


def _add_shapes(package: Package, sheet: str, cells: list[str]) -> None:
    """Add the boxes that show the notes; the drawing of older notes and controls is kept as it is."""
    name = _drawing(package, sheet)
    fresh = name is None
    writer = ShapeWriter([])
    drawing = etree.Element("xml")
    if name is None:
        writer.add_comment_shapetype(drawing)
        name, old = package.free_name("xl/drawings/vmlDrawing{}.vml"), b"<xml></xml>"
    else:
        old = package.raw(name)
        if b"_x0000_t202" not in old:
            writer.add_comment_shapetype(drawing)
    first = max([1025, *(int(number) for number in re.findall(rb"_x0000_s(\d+)", old))]) + 1
    for number, cell in enumerate(cells, first):
        writer.add_comment_shape(drawing, number, cell, *_SIZE)
    shapes = b"".join(etree.tostring(shape) for shape in drawing)
    at = old.rindex(b"</xml>")  # Excel's own drawings are not always well-formed, so they are not parsed
    package.put(name, old[:at] + shapes + old[at:])
    if fresh:
        _relate(package, sheet, name)


def _relate(package: Package, sheet: str, name: str) -> None:
    package.add_type("vml", _VML)
    relation = package.relate(sheet, "vmlDrawing", name)
    root = package.change(sheet)
    element = etree.Element(_like(root, "legacyDrawing"), {f"{{{package.base()}}}id": relation})
    later = next((child for child in root if local(child) in _AFTER), None)
    if later is None:
        root.append(element)
    else:
        later.addprevious(element)
