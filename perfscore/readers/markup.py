"""XML of strangers: parsed without entities or network, walked by local names, as namespaces differ by edition."""

import posixpath
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from zipfile import ZipFile

from lxml import etree

from perfscore.errors import ReadError
from perfscore.readers.archive import read_part

__all__ = ["Element", "attribute", "find", "inside", "links_of", "local", "main_part", "parse_xml", "stream_elements"]

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
    part = next((part for kind, part in links_of(archive, "").values() if kind == relation), "")
    if not part:
        raise ReadError("文件中没有主文档", "请用 Office 或 WPS 打开核对，另存后再读")
    return part


def links_of(archive: ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return the relationships of a part, or of the package (``""``): id → kind and name of the part it leads to."""
    folder, file = posixpath.split(part)
    name = posixpath.join(folder, "_rels", f"{file}.rels")
    if name not in archive.namelist():
        return {}
    found = {}
    for link in parse_xml(read_part(archive, name)):
        target = posixpath.normpath(posixpath.join("/" + folder, str(link.get("Target")))).lstrip("/")
        found[str(link.get("Id"))] = (str(link.get("Type")).rpartition("/")[2], target)
    return found


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
    return _local(element.tag)


@lru_cache(4096)
def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """Return an attribute by its local name."""
    items = () if element is None else element.attrib.items()
    return next((str(text) for key, text in items if key.rpartition("}")[2] == name), default)


def find(element: Element | None, *path: str) -> Element | None:
    """Return the first element at a path of local names."""
    for step in path:
        for child in () if element is None else element:
            if local(child) == step:
                element = child
                break
        else:
            return None
    return element


def inside(element: Element, *path: str) -> list[Element]:
    """Return the elements inside the first element at a path; none where there is no such element."""
    found = find(element, *path)
    return [] if found is None else list(found)
