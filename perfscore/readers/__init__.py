"""Documents as lines and grids: one module a format, told apart by content. No reader knows anything of indicators."""

import os
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, cast

from perfscore.errors import ReadError, why
from perfscore.readers import archive, office, plain, sniff
from perfscore.readers.blocks import Document
from perfscore.readers.limits import MAX_DEPTH, MAX_FILE_BYTES
from perfscore.results import SKIPPED, is_report

__all__ = ["Source", "list_sources", "read_bytes", "read_one"]

READERS = {
    "csv": "delimited",
    "docx": "word",
    "html": "page",
    "json": "structured",
    "mht": "page",
    "ods": "opendocument",
    "parquet": "structured",
    "pdf": "portable",
    "spreadsheetml": "spreadsheetml",
    "xls": "workbook",
    "xlsb": "workbook",
    "xlsx": "workbook",
}
"""Kind of file → module with ``read(data, name) -> Document``; imported when first needed, for some import slowly."""

TEXTS = {"csv", "html", "json", "spreadsheetml", "text"}
"""Kinds that are decoded as a whole, so that damage to the encoding can be told."""

CONVERTED = {"doc": "docx", "odt": "docx", "rtf": "docx"}
"""Kind of file → what LibreOffice makes of it first."""


class Source(NamedTuple):
    """One file to read: where it is, the name its document gets, and the folder in which it was found, unless named
    itself. Picklable, for processes to share the work."""

    path: Path
    name: str
    folder: Path | None = None


def list_sources(path: str | os.PathLike[str]) -> list[Source]:
    """List the files of a path in reading order, without hidden files and folders and what programs leave beside them.

    Raises
    ------
    ReadError : nothing exists at this path
    """
    root = Path(path)
    if root.is_file():
        return [Source(root, root.name)]
    if not root.is_dir():
        raise ReadError(f"路径不存在：{path}", "请检查拼写")
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not archive.is_hidden(name)]
        found += [Path(folder, name) for name in files if not archive.is_hidden(name)]
    return sorted(
        (Source(file, file.relative_to(root).as_posix(), root) for file in found), key=lambda source: source.name
    )


def read_one(source: Source) -> list[Document]:
    """Read one file into its documents: one, or for a zip one for each member. Never raises for what is in the file."""
    try:
        if source.path.stat().st_size > MAX_FILE_BYTES:
            raise ReadError(f"文件超过 {MAX_FILE_BYTES // 2**20} MiB", "请拆分后再读")
        data = source.path.read_bytes()
    except OSError as error:
        return [_unread(source.name, ReadError(f"文件打不开（{why(error)}）", "请核对权限，或关闭占用它的程序"))]
    except ReadError as error:
        return [_unread(source.name, error)]
    return read_bytes(data, source.name)


def read_bytes(data: bytes, name: str, depth: int = 0) -> list[Document]:
    """Read the content of one file into its documents, as ``read_one`` does."""
    if is_report(data):
        return [_unread(name, ReadError(*SKIPPED))]
    if not archive.is_whole(data):
        return [_unread(name, archive.not_whole(name))]
    try:
        kind = sniff.kind(data, name)
        if kind == "zip":
            return _read_archive(data, name, depth)
        return [_read_kind(kind, data, name)]
    except ReadError as error:
        return [_unread(name, error)]
    except Exception as error:  # a stranger's file may break any parser in any way, and must not end the batch
        reason = f"文件损坏或不合格式（{type(error).__name__}）"
        return [_unread(name, ReadError(reason, "请用 Office 或 WPS 打开核对，另存后再读"))]


def _read_kind(kind: str, data: bytes, name: str) -> Document:
    if kind in CONVERTED:
        data, kind = office.convert(data, kind, CONVERTED[kind]), CONVERTED[kind]
    if kind == "text":
        document = plain.read_text(sniff.decode(data).text, name)
    else:
        document = cast(Document, import_module(f"perfscore.readers.{READERS[kind]}").read(data, name))
    if not document.blocks and not document.unread:
        raise ReadError("文件里没有文字", "请打开核对内容")
    damaged = sniff.decode(data).damaged if kind in TEXTS else 0
    if damaged:
        note = ("全文", f"有 {damaged} 处文字编码损坏，以 � 代替", "请核对原文，或另存为 UTF-8 后再读")
        document = replace(document, unread=(*document.unread, note))
    return document


def _read_archive(data: bytes, name: str, depth: int) -> list[Document]:
    if depth >= MAX_DEPTH:
        raise ReadError(f"压缩包嵌套超过 {MAX_DEPTH} 层", "请解压后再读")
    found: list[Document] = []
    for member, content in archive.members(data):
        inner = f"{name}/{member}"
        found += [_unread(inner, content)] if isinstance(content, ReadError) else read_bytes(content, inner, depth + 1)
    return found


def _unread(name: str, error: ReadError) -> Document:
    return Document(name, (), ((error.place or "全文", error.reason, error.advice),))
