"""XML of strangers: parsed without entities or network, walked by local names, as namespaces differ by edition."""

import posixpath
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from lxml import etree

from perfscore.errors import ReadError

__all__ = ["Element", "find", "inside", "local", "main_part", "parse_xml", "stream_elements"]

Element = Any
"""An lxml element; lxml ships no types of its own."""

SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""Entities stay unresolved, nothing is fetched, and libxml2's bounds on depth and size of text hold."""


def main_part(archive: ZipFile, relation: str) -> str:
    """Return the name of the part that the package's relationships call its main document."""
    for link in parse_xml(archive.read("_rels/.rels")):
        if str(link.get("Type", "")).endswith("/" + relation):
            return posixpath.normpath(str(link.get("Target")).lstrip("/"))
    raise ReadError("文件中没有主文档", "请用 Office 或 WPS 打开核对，另存后再读")


def parse_xml(data: bytes) -> Element:
    """Parse a stranger's XML: no entities, no network, and libxml2's own bounds on depth and size."""
    return etree.fromstring(data, etree.XMLParser(**SAFE))


def stream_elements(stream: Any, *names: str) -> Iterator[Element]:
    """Yield elements of these names as they are parsed and forget them after use, so that memory does not grow."""
    for _, element in etree.iterparse(stream, events=("end",), tag=[f"{{*}}{name}" for name in names], **SAFE):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def local(element: Element) -> str:
    """Return the element's name without its namespace, which differs between transitional and strict documents."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def find(element: Element, *path: str) -> Element | None:
    """Return the first element at a path of local names."""
    for step in path:
        element = next((child for child in element if local(child) == step), None)
        if element is None:
            return None
    return element


def inside(element: Element, *path: str) -> list[Element]:
    """Return the elements inside the first element at a path; none where there is no such element."""
    found = find(element, *path)
    return [] if found is None else list(found)
