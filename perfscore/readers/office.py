"""Old office files (doc, wps, rtf, odt), turned into new ones by an installed LibreOffice."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from perfscore.errors import ReadError
from perfscore.readers.limits import OFFICE_SECONDS

__all__ = ["convert", "find_office"]

INSTALLED = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
"""Where the installers for Windows and macOS put it, which is not on the PATH."""


def find_office() -> str | None:
    """Return the path of an installed LibreOffice."""
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    return on_path or next((path for path in INSTALLED if os.path.exists(path)), None)


def convert(data: bytes, kind: str, target: str) -> bytes:
    """Return the content of a file in another format.

    Parameters
    ----------
    data : the file
    kind : its kind, as LibreOffice names it (doc, rtf, odt, xls)
    target : docx or xlsx

    Raises
    ------
    ReadError : LibreOffice is not installed, did not finish in time, or could not read the file
    """
    advice = f"请在 Word 或 WPS 中另存为 {target} 后再读"
    office = find_office()
    if office is None:
        raise ReadError(f"读取 {kind} 文件要用 LibreOffice，本机没有找到", f"请安装 LibreOffice，或{advice[1:]}")
    with tempfile.TemporaryDirectory(prefix="perfscore-") as folder:
        source = Path(folder, f"document.{kind}")
        source.write_bytes(data)
        profile = Path(folder, "profile").as_uri()  # of its own: another worker, or the user, holds the usual one
        command = [office, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nolockcheck"]
        command += ["--convert-to", target, "--outdir", folder, str(source)]
        try:
            subprocess.run(command, capture_output=True, timeout=OFFICE_SECONDS, check=False)
        except (subprocess.TimeoutExpired, OSError) as error:
            raise ReadError(f"LibreOffice 没有读完这个 {kind} 文件（{type(error).__name__}）", advice) from error
        result = source.with_suffix(f".{target}")
        if not result.exists():
            raise ReadError(f"LibreOffice 读不了这个 {kind} 文件，可能已加密或损坏", advice)
        return result.read_bytes()
