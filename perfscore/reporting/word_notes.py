"""Comments in a docx: one beside each cell that has findings, in place of those of an earlier run."""

from collections.abc import Mapping

from lxml import etree

from perfscore.readers.markup import Element, find, local
from perfscore.readers.word import cells
from perfscore.reporting.package import Package

__all__ = ["comment"]

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_AUTHOR = "perfscore"
_MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference")


def comment(data: bytes, notes: Mapping[str, str], general: str) -> tuple[bytes, list[str]]:
    """Put comments into a docx; comments that perfscore put there before go, those of others stay.

    Parameters
    ----------
    data : the document
    notes : text by place, as the reader of docx names the cells of its tables
    general : text that belongs to no cell, put beside the first paragraph; nothing if empty

    Returns
    -------
    the document with the comments, and the places that it does not have, whose texts were put with ``general``
    """
    package = Package(data)
    body = find(package.change(package.main), "body")
    _remove_former(package, body)
    elements = cells(body)
    missed = [place for place in notes if place not in elements]
    texts = [(elements[place], text) for place, text in notes.items() if place in elements]
    rest = "\n\n".join([text for text in (general, *(notes[place] for place in missed)) if text])
    if rest:
        texts.insert(0, (body, rest))
    comments = _comments(package)
    number = max((int(entry.get(_tag(entry, "id"), "0")) for entry in comments), default=-1)
    for element, text in texts:
        number += 1
        _anchor(element, str(number))
        comments.append(_entry(comments, str(number), text))
    return package.content(), missed


def _remove_former(package: Package, body: Element) -> None:
    name = package.related(package.main, "comments")
    former = [one for one in package.xml(name) if one.get(_tag(one, "author")) == _AUTHOR] if name else []
    if not name or not former:
        return
    numbers = {entry.get(_tag(entry, "id")) for entry in former}
    comments = package.change(name)
    for entry in former:
        comments.remove(entry)
    for mark in list(body.iter(*(_tag(body, name) for name in _MARKS))):
        if mark.get(_tag(mark, "id")) in numbers:
            holder = mark.getparent()
            holder.remove(mark)
            if local(holder) == "r" and all(local(child) == "rPr" for child in holder):
                holder.getparent().remove(holder)


def _tag(element: Element, name: str) -> str:
    """The name in the namespace of the element, which differs between transitional and strict documents."""
    return f"{{{etree.QName(element).namespace}}}{name}"


def _comments(package: Package) -> Element:
    name = package.related(package.main, "comments")
    if name is None:
        name = package.free_name("word/comments{}.xml")
        namespace = etree.QName(package.xml(package.main)).namespace
        empty = f'<w:comments xmlns:w="{namespace}"/>'.encode()
        package.add(package.main, "comments", name, _TYPE, empty)
    return package.change(name)


def _anchor(element: Element, number: str) -> None:
    """Mark the whole of a cell, or the first paragraph of the body, as what the comment is about."""
    own = [child for child in element.iter(_tag(element, "p")) if _holder(child) is element]
    first, last = (own[0], own[-1]) if local(element) == "tc" else (own[0], own[0])
    start = etree.Element(_tag(element, "commentRangeStart"), {_tag(element, "id"): number})
    first.insert(1 if len(first) and local(first[0]) == "pPr" else 0, start)
    etree.SubElement(last, _tag(element, "commentRangeEnd"), {_tag(element, "id"): number})
    run = etree.SubElement(last, _tag(element, "r"))
    etree.SubElement(run, _tag(element, "commentReference"), {_tag(element, "id"): number})


def _holder(paragraph: Element) -> Element:
    """The cell, text box or body that a paragraph stands in."""
    return next(element for element in paragraph.iterancestors() if local(element) in ("tc", "txbxContent", "body"))


def _entry(comments: Element, number: str, text: str) -> Element:
    attributes = {"id": number, "author": _AUTHOR, "initials": "PS"}
    entry = etree.Element(
        _tag(comments, "comment"), {_tag(comments, name): value for name, value in attributes.items()}
    )
    for line in text.split("\n"):
        run = etree.SubElement(etree.SubElement(entry, _tag(comments, "p")), _tag(comments, "r"))
        words = etree.SubElement(run, _tag(comments, "t"), {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
        words.text = line
    return entry
