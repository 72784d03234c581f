"""What is read of one document so far: the table at hand, those before it, and what could not be read."""

from dataclasses import dataclass, field

from perfscore.heads import Head
from perfscore.projects import Table
from perfscore.titles import Title

__all__ = ["Reading", "Unread"]

Unread = tuple[str, str, str]
"""Place, reason and advice."""


@dataclass
class Reading:
    """The tables of a document while they are put together.

    Attributes
    ----------
    tables, now : the tables that are closed, and the one at hand
    heading : the line since the last grid that may name the next table
    level1 : the first-level label in a line since the last grid
    apart : whether text that is no running head stands between the table at hand and what comes
    unread, minor : what could not be read; what matters only if a row could not be read either
    seen, understood : rows below a header, and those of them that found their place
    """

    tables: list[Table] = field(default_factory=list)
    now: Table | None = None
    heading: str = ""
    level1: str = ""
    apart: bool = False
    unread: list[Unread] = field(default_factory=list)
    minor: list[Unread] = field(default_factory=list)
    seen: int = 0
    understood: int = 0

    @property
    def has_header(self) -> bool:
        """Whether the header of the table at hand was met."""
        return bool(self.now and self.now.layout)

    def report(self, place: str, reason: str, advice: str) -> None:
        """Say what could not be read, and what to do about it."""
        self.unread.append((place, reason, advice))

    def titled(self, title: Title, place: str) -> None:
        """Open a table, unless the title only says which period the next part of this one is for."""
        now = self.now
        if now and title.period and now.head.period != title.period and (now.head.period or not now.records):
            now.head.period = title.period
        else:
            self.open(Head(title=title, period=title.period), place)

    def open(self, head: Head, place: str) -> Table:
        """Close the table at hand and open the next."""
        self.close()
        self.now = table = Table(head, place, self.heading)
        self.apart, self.heading = False, ""
        return table

    def close(self) -> None:
        """Put the table at hand to the others, if anything was read of it."""
        if self.now and (self.now.layout or self.now.head):
            self.tables.append(self.now)
        self.now = None
