"""The stamp in a document that perfscore makes for a reviewer: what it was made of, and a sum that any change breaks.

It is a custom property of the document, which Word, Excel and WPS keep when they save it; the sum is over all other parts.
"""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from perfscore.readers.archive import open_zip
from perfscore.readers.markup import attribute, links_of, parse_xml

__all__ = ["KINDS", "NAME", "Stamp", "parts_sum", "read_stamp"]

NAME = "perfscore"
"""Name of the property."""
KINDS = ("custom-properties", "customProperties")
"""What the package calls the part with such properties, in the transitional and in the strict edition of the format."""


class Stamp(NamedTuple):
    """What a stamp says.

    Attributes
    ----------
    source : file name of the document that was annotated; empty for a review form
    untouched : whether the document is as it was written
    """

    source: str
    untouched: bool


def parts_sum(parts: Iterable[tuple[str, bytes]]) -> str:
    """Return a sum over names and contents of parts, whatever their order.

    Examples
    --------
    >>> parts_sum([("a", b"1"), ("b", b"2")]) == parts_sum([("b", b"2"), ("a", b"1")])
    True
    """
    each = sorted(f"{name}\n{hashlib.sha256(content).hexdigest()}" for name, content in parts)
    return hashlib.sha256("\n".join(each).encode()).hexdigest()


def read_stamp(data: bytes) -> Stamp | None:
    """Return the stamp of a document; None if it bears none.

    Examples
    --------
    >>> read_stamp(b"no document") is None
    True
    """
    try:
        with open_zip(data) as archive:
            own = next((part for kind, part in links_of(archive, "").values() if kind in KINDS), "")
            said = "" if own not in archive.namelist() else _property(archive.read(own))
            if not said:
                return None
            told, _, source = said.partition(" ")
            rest = ((name, archive.read(name)) for name in archive.namelist() if name != own)
            return Stamp(source, told == parts_sum(rest))
    except Exception:  # a stranger's file may be broken in any way; what is wrong with it, its reader says
        return None


def _property(part: bytes) -> str:
    found = (entry for entry in parse_xml(part) if attribute(entry, "name") == NAME)
    return next(("".join(map(str, entry.itertext())) for entry in found), "")
