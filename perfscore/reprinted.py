"""Tables that a title, printed again on the next page or above a continuation, parted: put together again."""

from collections.abc import Iterable

from perfscore.headers import clean, label
from perfscore.pages import over_page
from perfscore.projects import Table
from perfscore.titles import Title, line_name

__all__ = ["rejoined"]

_NAMING = ("project_id", "project_code", "project_name")


def rejoined(tables: Iterable[Table]) -> list[Table]:
    """Put the rows below a title that stood there before to the table above, if they are of the same project.

    Either the first of them names the project that the last row above names; or none is named there, and the title says
    that it goes on (``（续）``), or stands on the next page above rows that go on with the classes.

    Examples
    --------
    >>> from perfscore.heads import Head
    >>> from perfscore.rows import Record
    >>> from perfscore.titles import find_title
    >>> def table(title, *names):
    ...     return Table(Head(title=find_title(title)), "", records=[Record("产出", name=name) for name in names])
    >>> [len(one.records) for one in rejoined([table("清淤绩效目标表", "长度"), table("清淤绩效目标表（续）", "土方")])]
    [2]
    """
    out: list[Table] = []
    title: Title | None = None
    for table in tables:
        again = table.head.title is not None and table.head.title == title
        if again and out and _goes_on(out[-1], table):
            out[-1].records += table.records
            continue
        title = table.head.title or title
        out.append(table)
    return out


def _goes_on(above: Table, below: Table) -> bool:
    """Say whether a table under the title of the one above is the rest of it."""
    says_more = any(below.head.text(key) not in ("", above.head.text(key)) for key in below.head.pieces)
    if says_more or line_name(below.heading) not in ("", line_name(above.heading)):
        return False
    if not (above.records and below.records):
        return False
    last, first = above.records[-1], below.records[0]
    named = [key for key in _NAMING if first.project.get(key)]
    if named:
        return all(clean(first.project[key]) == clean(last.project.get(key, "")) for key in named)
    classes = [found.level1 for row in above.records if (found := label(row.level1 or ""))]
    here = label(first.level1 or "")
    restarts = bool(here and here.level1 in classes[:-1] and here.level1 != classes[-1])
    title = below.head.title
    if title and title.goes_on:
        return True
    is_named = any(above.head.text(key) or last.project.get(key) for key in _NAMING) or bool(title and title.name)
    return is_named and not restarts and over_page(last.place, first.place)
