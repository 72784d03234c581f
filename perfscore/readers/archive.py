"""Zip archives: their members as bytes in memory, bounded. Nothing is ever written to disk, so no path can escape."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from perfscore.errors import ReadError
from perfscore.readers.limits import (
    MAX_MEMBER_BYTES,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    MAX_XML_BYTES,
    RATIO_FROM_BYTES,
)

__all__ = ["BROKEN", "is_hidden", "is_whole", "members", "not_whole", "open_zip", "read_part"]

BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError)
"""What reading a damaged or encrypted archive raises."""
UTF8_FLAG, ENCRYPTED_FLAG = 0x800, 0x1


# What operating systems, and data platforms beside their parquet files, leave in a folder.
LEFT_BEHIND = {"thumbs.db", "desktop.ini", "_success", "_metadata", "_common_metadata"}


def is_hidden(name: str) -> bool:
    """Tell whether a file is hidden, the lock file of an office program, or left behind by other programs."""
    return name.startswith((".", "~$", "__MACOSX")) or name.lower() in LEFT_BEHIND


OFFICE = {"d": "Word", "x": "Excel", "o": "WPS 或 LibreOffice"}
"""First letter of a suffix → whose file it is, of the office files that are zips (docx, xlsx, xlsm, xlsb, ods, odt)."""
_ZIPPED = {".docx", ".docm", ".xlsx", ".xlsm", ".xlsb", ".ods", ".odt"}


def is_whole(data: bytes) -> bool:
    """Tell whether data that begins as a zip (or an office file, which is one) also ends as one."""
    return not data.startswith(b"PK\x03\x04") or zipfile.is_zipfile(io.BytesIO(data))


def not_whole(name: str) -> ReadError:
    """Return what to say of such a file that was cut off; an office file nobody would call an archive."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _ZIPPED:
        return ReadError(f"{OFFICE[suffix[1]]} 文件不完整", "请重新拷贝或下载；能打开时请打开，另存后再读")
    return ReadError("压缩包不完整", "请重新下载或重新压缩")


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Open a zip (or an office file, which is one) after checking that it cannot unpack to more than the limits.

    Raises
    ------
    ReadError : broken, or too many members, too large, or packed suspiciously well
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        raise ReadError("文件不完整或已损坏", "请重新拷贝或下载后再读") from error
    entries = archive.infolist()
    if len(entries) > MAX_MEMBERS or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise ReadError("压缩包解开后过大或文件过多", "请解压后分批再读")
    for entry in entries:
        if entry.file_size > RATIO_FROM_BYTES and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise ReadError(f"压缩包中 {entry.filename} 的压缩比异常", "疑似压缩炸弹，请核对来源")
    return archive


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return one part of an office file, which is going to be parsed as a whole.

    Raises
    ------
    ReadError : missing, broken, or larger than ``MAX_XML_BYTES``
    """
    try:
        if archive.getinfo(name).file_size > MAX_XML_BYTES:
            raise ReadError(f"{name} 解开后超过 {MAX_XML_BYTES // 2**20} MiB", "请拆分后再读")
        return archive.read(name)
    except KeyError as error:
        raise ReadError(f"文件不完整，缺少 {name}", "请用 Office 或 WPS 打开核对，另存后再读") from error
    except BROKEN as error:
        raise ReadError("文件损坏或已加密", "请用 Office 或 WPS 打开核对，去掉口令后另存再读") from error


def members(data: bytes) -> Iterator[tuple[str, bytes | ReadError]]:
    """Yield name and content of every visible file of an archive in sorted order, or the error that kept it unread.

    Raises
    ------
    ReadError : the archive as a whole cannot be read
    """
    with open_zip(data) as archive:
        entries = sorted(((_name(entry), entry) for entry in archive.infolist()), key=lambda pair: pair[0])
        for name, entry in entries:
            if not entry.is_dir() and not any(is_hidden(part) for part in name.split("/")):
                yield name, _content(archive, entry)


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the member's name; without the UTF-8 flag it is in the packer's own encoding, here mostly GBK."""
    name = entry.filename
    if not entry.flag_bits & UTF8_FLAG:
        stored = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = stored.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return "/".join(part for part in parts if part not in {"/", "..", "."})


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | ReadError:
    if entry.flag_bits & ENCRYPTED_FLAG:
        return ReadError("压缩包有口令", "请解压后再读")
    if entry.file_size > MAX_MEMBER_BYTES:
        return ReadError(f"解开后超过 {MAX_MEMBER_BYTES // 2**20} MiB", "请解压拆分后再读")
    try:
        return archive.read(entry)
    except BROKEN:
        return ReadError("压缩包中的文件损坏", "请重新下载或重新压缩")
