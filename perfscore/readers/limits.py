"""Every bound of the readers: no file may exhaust memory or time. What is left out is always told as ``unread``."""

__all__ = [
    "MAX_CELLS",
    "MAX_DEPTH",
    "MAX_FILE_BYTES",
    "MAX_MEMBERS",
    "MAX_MEMBER_BYTES",
    "MAX_PAGES",
    "MAX_RATIO",
    "MAX_RULES",
    "MAX_SLOTS",
    "MAX_SPAN",
    "MAX_TEXT",
    "MAX_UNPACKED_BYTES",
    "MAX_XML_BYTES",
    "OFFICE_SECONDS",
    "RATIO_FROM_BYTES",
]

MAX_FILE_BYTES = 256 * 2**20
"""A file is held in memory as a whole; the largest published budget books stay under 100 MiB."""

MAX_MEMBERS = 10_000
"""Members of one archive; office files have some hundreds at most, a province's upload some thousands."""

MAX_MEMBER_BYTES = 256 * 2**20
"""Unpacked size of one member; a sheet of a million cells is about 60 MiB of XML."""

MAX_UNPACKED_BYTES = 2**30
"""Unpacked size of all members of one archive together."""

MAX_XML_BYTES = 96 * 2**20
"""One part of an office file, parsed as a whole into ten times its size; a book of 2000 pages has about 40 MiB."""

MAX_RATIO = 200
"""Unpacked to packed size of a member; tables in XML pack 10 to 60 times, a zip bomb about 1000 times."""

RATIO_FROM_BYTES = 16 * 2**20
"""Below this size a member is harmless however well it packs."""

MAX_DEPTH = 2
"""Archives inside archives."""

MAX_CELLS = 2_000_000
"""Cells of one table, covered positions included: about 0.5 GiB. Larger exports belong in a DataFrame."""

MAX_SPAN = 1000
"""Rows or columns that a merged cell may cover beyond the filled part of a table: the bound of the HTML standard."""

MAX_TEXT = 32_767
"""Characters of one cell: the bound of Excel."""

MAX_PAGES = 3000
"""Pages of one pdf: about ten minutes of work; the largest published budget books have about 1500."""

MAX_RULES = 2000
"""Ruling lines of one pdf page in one direction, dashes joined; a dense form has 200, a map or drawing a million."""

MAX_SLOTS = 50_000
"""Slots that the lines of one pdf table cut out; a dense form has 60 columns by 100 rows, millimetre paper 60 000 slots."""

OFFICE_SECONDS = 180
"""Time for one conversion by LibreOffice; the slowest honest files take about 40 s on a slow machine."""
