"""What every reader returns: a document as lines and grids in reading order, each with its place. Nothing about indicators."""

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Block", "Cell", "Document", "Grid", "Line"]


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One cell of a grid. A merged cell is one object that stands at every position it covers, so it is told by identity.

    ``text`` keeps line breaks of the source as ``\\n``; ``place`` is its address in the file, as far as the format has one.
    """

    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells, possibly of unequal length, with the place of the table (page, sheet, number).

    ``edges`` are the borders of its columns in points from the left, where ruling lines draw them on a page.
    """

    rows: tuple[tuple[Cell, ...], ...]
    place: str = ""
    edges: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or line of running text outside any table."""

    text: str
    place: str = ""


Block = Line | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader made of one file, and what of it could not be read: (place, reason, advice)."""

    name: str
    blocks: tuple[Block, ...]
    unread: tuple[tuple[str, str, str], ...] = field(default=())

    def __iter__(self) -> Iterator[Block]:
        return iter(self.blocks)
