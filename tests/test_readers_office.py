"""Files that real office software has written: some checked in, the rest converted where LibreOffice is installed."""

import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import render

from perfscore.readers import office, read_bytes
from perfscore.readers.blocks import Grid

FILES = Path(__file__).parent / "files"
TABLES = [render.random_table(seed, longest=10) for seed in (21, 22, 23)]

KEPT = render.Table(
    "项目支出绩效目标表",
    (
        *(render.Spanned(0, n, text) for n, text in enumerate(["一级指标", "二级指标", "三级指标", "描述", "指标值"])),
        render.Spanned(1, 0, "产出指标", 3),
        render.Spanned(1, 1, "数量指标", 2),
        render.Spanned(1, 2, "受理审批事项数量"),
        render.Spanned(1, 3, "反映全年受理的审批事项数量，以政务服务平台的办件记录为准"),
        render.Spanned(1, 4, "≥1200件"),
        render.Spanned(2, 2, "组织业务培训次数"),
        render.Spanned(2, 3, ""),
        render.Spanned(2, 4, "=4次"),
        render.Spanned(3, 1, "质量指标"),
        render.Spanned(3, 2, "按时办结率", 1, 2),
        render.Spanned(3, 4, "≥98%"),
        render.Spanned(4, 0, "满意度指标"),
        render.Spanned(4, 1, "服务对象满意度指标"),
        render.Spanned(4, 2, "办事群众满意度"),
        render.Spanned(4, 3, "问卷调查中选择满意和基本满意的比例"),
        render.Spanned(4, 4, "≥95百分比"),
    ),
    5,
    5,
)
"""What the files under ``files`` hold: LibreOffice 7.4 made them from this table with ``converted``."""

needs_office = pytest.mark.skipif(office.find_office() is None, reason="LibreOffice is not installed")


def grids(data, name):
    (document,) = read_bytes(data, name)
    assert document.unread == ()
    return [block for block in document if isinstance(block, Grid)]


def expect(found, wanted, **options):
    assert [render.differences(grid, table, **options) for grid, table in zip(found, wanted, strict=True)] == [
        []
    ] * len(wanted)


def converted(data, suffix, target, folder):
    """Return a file as LibreOffice saves it in another format."""
    source = folder / f"made.{suffix}"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        office.find_office(),
        profile,
        "--headless",
        "--convert-to",
        target,
        "--outdir",
        str(folder / "out"),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (folder / "out" / f"made.{target}").read_bytes()


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("target", ["doc", "odt", "html"])
def test_a_docx_saved_in_other_formats(tmp_path, target):
    expect(grids(converted(render.to_docx(TABLES), "docx", target, tmp_path), f"a.{target}"), TABLES)


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("target", ["xls", "ods", "xlsx", "html"])
def test_an_xlsx_saved_in_other_formats(tmp_path, target):
    wanted = [render.with_title(table) for table in TABLES]
    expect(grids(converted(render.to_xlsx(TABLES), "xlsx", target, tmp_path), f"a.{target}"), wanted)


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_a_pdf_printed_by_office_software(tmp_path, suffix):
    for table in TABLES:
        data = render.to_docx([table]) if suffix == "docx" else render.to_xlsx([table], bordered=True)
        wanted = table if suffix == "docx" else render.with_title(table)
        expect(grids(converted(data, suffix, "pdf", tmp_path), "a.pdf"), [wanted], squeeze=True)


@needs_office
@pytest.mark.slow
def test_an_old_word_file_that_is_none_is_told():
    mark = "WordDocument\0".encode("utf-16-le")
    (document,) = read_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + mark, "a.doc")
    assert document.blocks == ()
    assert document.unread


def linked_picture(address):
    """An odt whose only picture is a link."""
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in {"office": "office", "text": "text", "draw": "drawing", "svg": "svg-compatible"}.items()
    )
    image = f'<draw:image xlink:href="{address}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
    content = (
        f'<office:document-content {names} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"><office:body>'
        '<office:text><text:p>绩效目标<draw:frame text:anchor-type="as-char" svg:width="2cm" svg:height="2cm">'
        f"{image}</draw:frame></text:p></office:text></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    entries = {"/": kind, "content.xml": "text/xml"}
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        + "".join(f'<m:file-entry m:full-path="{name}" m:media-type="{of}"/>' for name, of in entries.items())
        + "</m:manifest>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest}.items():
            archive.writestr(name, text)
    return stream.getvalue()


@pytest.fixture
def server():
    """A server on this machine: its address, and the requests it got."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def parse_request(self):
            asked.append(self.raw_requestline)
            return super().parse_request()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/a.png", asked
        server.shutdown()
        thread.join()


@needs_office
@pytest.mark.slow
def test_a_picture_that_is_a_link_is_not_fetched(server):
    address, asked = server
    (document,) = read_bytes(linked_picture(address), "a.odt")
    assert [block.text for block in document] == ["绩效目标"]
    assert asked == []


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="looks for a process in /proc")
def test_a_conversion_that_takes_too_long_leaves_no_process(tmp_path, monkeypatch):
    wrapper, started = tmp_path / "soffice", tmp_path / "started"
    wrapper.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {started}\nwait\n")
    wrapper.chmod(0o755)
    monkeypatch.setattr(office, "find_office", lambda: str(wrapper))
    monkeypatch.setattr(office, "OFFICE_SECONDS", 2)
    (document,) = read_bytes(b"{\\rtf1 x}", "a.rtf")
    ((_, reason, _),) = document.unread
    assert "没有读完" in reason
    pid = int(started.read_text())
    for _ in range(50):
        if not is_alive(pid):
            break
        time.sleep(0.1)
    else:
        os.kill(pid, signal.SIGKILL)
        pytest.fail("the process that does the work is left running")


def test_without_libreoffice_an_old_file_names_it_and_the_way_out(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(office, "INSTALLED", ())
    for name, data in (("a.wps", (FILES / "saved-by-office.doc").read_bytes()), ("a.rtf", b"{\\rtf1 x}")):
        (document,) = read_bytes(data, name)
        ((_, reason, advice),) = document.unread
        assert "LibreOffice" in reason
        assert "docx" in advice


@pytest.mark.parametrize(
    "name", ["printed-by-office.pdf", "printed-from-a-workbook.pdf", "saved-by-office.ods", "saved-by-office.xls"]
)
def test_files_written_by_office_software(name):
    is_word = name == "printed-by-office.pdf"
    wanted = [KEPT if is_word else render.with_title(KEPT)]
    expect(grids((FILES / name).read_bytes(), name), wanted, squeeze=name.endswith(".pdf"))


@needs_office
@pytest.mark.slow
def test_a_doc_written_by_office_software():
    expect(grids((FILES / "saved-by-office.doc").read_bytes(), "a.doc"), [KEPT])
