"""What a file is, told by its content first and by its name second; and what a text is encoded in."""

import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import NamedTuple

from perfscore.errors import ReadError

__all__ = ["Text", "decode", "kind"]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AS = "请在 Word 或 WPS 中另存为 docx、xlsx 或 pdf 后再读"
UNREADABLE = {
    b"\x89PNG": ("是图片，没有文字层", "请先用文字识别（OCR）软件转成 docx 或 xlsx"),
    b"\xff\xd8\xff": ("是图片，没有文字层", "请先用文字识别（OCR）软件转成 docx 或 xlsx"),
    b"GIF8": ("是图片，没有文字层", "请先用文字识别（OCR）软件转成 docx 或 xlsx"),
    b"II*\0": ("是图片，没有文字层", "请先用文字识别（OCR）软件转成 docx 或 xlsx"),
    b"MM\0*": ("是图片，没有文字层", "请先用文字识别（OCR）软件转成 docx 或 xlsx"),
    b"Rar!": ("rar 压缩包不能直接读", "请解压后再读，或改压成 zip"),
    b"7z\xbc\xaf": ("7z 压缩包不能直接读", "请解压后再读，或改压成 zip"),
    b"\x1f\x8b": ("gz 压缩包不能直接读", "请解压后再读，或改压成 zip"),
}
"""First bytes of files that cannot be read → reason and advice."""

OOXML_FOLDERS = {"word/": "docx", "xl/": "xlsx"}
OPENDOCUMENT = {
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
}
TEXT_SUFFIXES = {"": "text", ".txt": "text", ".text": "text", ".md": "text", ".markdown": "text"}
TABLE_SUFFIXES = {".csv", ".tsv", ".tab", ".xls", ".xlsx", ".et"}
"""Text under these names is a table with separators: many systems export tab-separated text as ``.xls``."""
CLAIMED = {".pdf", ".doc", ".docx", ".wps", ".rtf", ".odt", ".ods", ".parquet", ".zip"}
"""Text under these names is not what the name says."""
JSON_SUFFIXES = {".json", ".jsonl", ".ndjson"}

MARKUP = (
    ("spreadsheetml", re.compile(r"<[\w:]*Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet", re.I)),
    ("doc", re.compile(r"<[\w:]*wordDocument\b|<pkg:package\b", re.I)),
    ("html", re.compile(r"<!doctype\s+html|<(html|head|body|table|div|p|tr)\b", re.I)),
)
HEAD = 4096


class Text(NamedTuple):
    """A decoded text, its encoding, and how many places of it could not be decoded (shown as U+FFFD)."""

    text: str
    encoding: str
    damaged: int = 0


def kind(data: bytes, name: str) -> str:
    """Tell the kind of a file: the name of the reader it needs.

    Parameters
    ----------
    data : the whole file
    name : its name; only the suffix is used, and only where the content leaves a choice

    Raises
    ------
    ReadError : the file is empty, or of a kind that no reader takes

    Examples
    --------
    >>> kind(b"%PDF-1.7 ...", "report.txt"), kind(b"<html><table>", "table.xls"), kind("指标,值".encode(), "a.csv")
    ('pdf', 'html', 'csv')
    """
    suffix = PurePosixPath(name).suffix.lower()
    if not data.strip(b"\0 \r\n\t"):
        raise ReadError("空文件", "请核对文件是否上传完整")
    for magic, (reason, advice) in UNREADABLE.items():
        if data.startswith(magic):
            raise ReadError(reason, advice)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    if data.startswith(OLE):
        return _ole_kind(data)
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    return _text_kind(data, suffix)


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            mimetype = _mimetype(archive) if "mimetype" in names else ""
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        raise ReadError(f"压缩包损坏（{error}）", "请重新下载或重新压缩") from error
    if mimetype in OPENDOCUMENT:
        return OPENDOCUMENT[mimetype]
    if "xl/workbook.bin" in names:
        return "xlsb"
    for folder, found in OOXML_FOLDERS.items():
        if "[Content_Types].xml" in names and any(entry.startswith(folder) for entry in names):
            return found
    if "[Content_Types].xml" in names and any(entry.startswith("ppt/") for entry in names):
        raise ReadError("演示文稿不在读取之列", "请把其中的表格另存为 docx 或 xlsx")
    return "zip"


def _mimetype(archive: zipfile.ZipFile) -> str:
    with archive.open("mimetype") as member:  # a stranger's, however large: no bound was checked yet
        return member.read(200).decode("ascii", "replace")


def _ole_kind(data: bytes) -> str:
    """Tell the kind by the names in the directory of the compound file, which are stored in UTF-16."""

    def holds(entry: str) -> bool:
        return (entry + "\0").encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise ReadError("文件已加密", "请用口令打开，去掉口令后另存再读")
    if holds("WordDocument"):
        return "doc"
    if holds("Workbook") or holds("Book"):
        return "xls"
    raise ReadError("不认识的旧版 Office 文件", SAVE_AS)


def _text_kind(data: bytes, suffix: str) -> str:
    text = decode(data).text[:HEAD].lstrip()
    if text[:1] == "<":
        for found, pattern in MARKUP:
            if pattern.search(text):
                return found
    if re.match(r"MIME-Version:", text, re.I) and "multipart/" in text:
        return "mht"
    if suffix in JSON_SUFFIXES or re.match(r'\{\s*"\w+"\s*:|\[\s*\{\s*"', text):
        return "json"
    if suffix in TABLE_SUFFIXES:
        return "csv"
    if suffix in {".htm", ".html"}:
        return "html"
    if suffix in TEXT_SUFFIXES:
        return TEXT_SUFFIXES[suffix]
    if suffix in CLAIMED:
        raise ReadError(f"后缀是 {suffix}，内容却是文字", "请核对文件是否完整、后缀是否改过；确为文字时请改后缀为 .txt")
    raise ReadError(f"不认识的文件类型 {suffix}", SAVE_AS)


def decode(data: bytes) -> Text:
    """Decode a text: by its byte order mark, else as UTF-8, UTF-16, the charset it declares (markup), or GB18030.

    A few broken bytes in a long text are counted as ``damaged``; a text that fits no encoding is refused.

    Raises
    ------
    ReadError : the bytes are no text in any of these encodings

    Examples
    --------
    >>> decode("绩效目标".encode("gb18030"))
    Text(text='绩效目标', encoding='gb18030', damaged=0)
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _checked(data, encoding)
    if b"\0" in data[:HEAD]:
        return _checked(data, "utf-16-le" if _zeros(data, 1) >= _zeros(data, 0) else "utf-16-be")
    for encoding in ("utf-8", *_declared(data), "gb18030"):
        try:
            return Text(_plain(data.decode(encoding)), encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    utf8, gb = (_checked(data, encoding, strict=False) for encoding in ("utf-8", "gb18030"))
    return _refuse_ruin(min(utf8, gb, key=lambda text: text.damaged))


def _zeros(data: bytes, offset: int) -> int:
    return data[offset:HEAD:2].count(0)


def _declared(data: bytes) -> list[str]:
    """Return the encoding that a page or an XML file declares; GB2312 and GBK are read as their superset."""
    head = data[:HEAD]
    if not head.lstrip().startswith((b"<", b"MIME")):
        return []
    found = re.search(rb"""(?:charset|encoding)\s*=\s*["']?([\w.-]+)""", head, re.I)
    if not found:
        return []
    encoding = found[1].decode("ascii").lower()
    return ["gb18030" if encoding in {"gb2312", "gbk", "x-gbk", "gb_2312-80"} else encoding]


def _checked(data: bytes, encoding: str, *, strict: bool = True) -> Text:
    text = data.decode(encoding, "replace")
    result = Text(_plain(text), encoding, text.count("\ufffd"))
    return _refuse_ruin(result) if strict else result


def _plain(text: str) -> str:
    """Refuse control characters that no text holds: a binary file may pass for GB18030 or UTF-16 by chance."""
    if re.search(r"[\0-\x06\x0e-\x19\x1b-\x1f]", text[: 2**20]):
        raise ReadError("内容不是文字，也不是认识的文件格式", SAVE_AS)
    return text


def _refuse_ruin(text: Text) -> Text:
    beyond_ascii = sum(character > "\x7f" for character in text.text)
    if text.damaged * 50 > beyond_ascii:
        raise ReadError("文字编码无法识别", "请另存为 UTF-8 或 GB18030 编码的文本再读")
    return text
