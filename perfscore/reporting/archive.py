"""Make a zipped document (xlsx, docx) the same bytes whenever it is made."""

import re
import zipfile
from io import BytesIO

__all__ = ["settled"]

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip entry can have
_WRITTEN = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def settled(content: bytes) -> bytes:
    """Return a zipped document without the times of its making; parts, their order and their content stay."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename == "docProps/core.xml":
                part = _WRITTEN.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", part)
            target.writestr(zipfile.ZipInfo(entry.filename, _EPOCH), part, zipfile.ZIP_DEFLATED)
    return written.getvalue()
