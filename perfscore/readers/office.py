"""Old office files (doc, wps, rtf, odt), turned into new ones by an installed LibreOffice."""

import os
import shutil
import signal
import subprocess
import sys
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

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
"""
"""Settings of LibreOffice: pictures that a document only links to are not fetched, for a draft must not call anyone."""


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
        command = [office, f"-env:UserInstallation={_profile(folder)}", "--headless", "--norestore", "--nolockcheck"]
        command += ["--convert-to", target, "--outdir", folder, str(source)]
        try:
            _run(command)
        except (subprocess.TimeoutExpired, OSError) as error:
            raise ReadError(f"LibreOffice 没有读完这个 {kind} 文件（{type(error).__name__}）", advice) from error
        result = source.with_suffix(f".{target}")
        if not result.exists():
            raise ReadError(f"LibreOffice 读不了这个 {kind} 文件，可能已加密或损坏", advice)
        return result.read_bytes()


def _profile(folder: str) -> str:
    """Make a profile in a folder; one of its own, as another worker, or the user, holds the usual one."""
    profile = Path(folder, "profile")
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS, "utf-8")
    return profile.as_uri()


def _run(command: list[str]) -> None:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        process.wait(OFFICE_SECONDS)
    except BaseException:  # an interrupt too: in a session of its own it would not hear of it
        _end(process)
        raise


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and those it has started: soffice is but a wrapper of the program that does the work."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
