"""Make a zipped document (xlsx, docx) the same bytes whenever it is written."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

__all__ = ["write_settled"]

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip entry can have
_WRITTEN = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def write_settled(content: bytes, path: Path) -> None:
    """Write a zipped document without the times of its making; parts, their order and their content stay."""
    settled = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename == "docProps/core.xml":
                part = _WRITTEN.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", part)
            target.writestr(zipfile.ZipInfo(entry.filename, _EPOCH), part, zipfile.ZIP_DEFLATED)
    path.write_bytes(settled.getvalue())
