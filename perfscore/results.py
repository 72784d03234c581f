"""Reports that perfscore has written: known by what they are, so that no result is read as a target table again."""

import io
import re
import zipfile

__all__ = ["AUTHOR", "SKIPPED", "TWICE", "is_form", "is_report"]

AUTHOR = "perfscore"
"""Whom a review form names as its author."""
SKIPPED = ("这是 perfscore 的结果文件，已跳过", "")
"""Reason and advice for a result that was met among the documents; it is no place that could not be read."""
TWICE = ("项目标识与另一个文件中的项目相同，没有再读", "请核对是不是同一个项目；不是时请改项目标识")
"""Reason and advice for a project that two files give."""

_SHEETS = (
    {"排名", "问题清单", "未读清单"},
    {"Ranking", "Findings", "Not read"},
    {"各类缺陷", "判断不一致的行"},
    {"By defect", "Wrong calls"},
)
_BY_US = f"<dc:creator>{AUTHOR}</dc:creator>"
_SHEET = re.compile(r'<sheet [^>]*\bname="([^"]+)"')
_PAGE = re.compile(rb'<meta name="generator" content="perfscore')
_RECORDS = (b'\n"findings": [', b'\n"copies": [', b'\n"unread": [')
_TABLES = {
    b"defect,call,project_id,row_no,level2,name,description,value,basis,message",
    b"project_id,project_name,labelled_score,score,off_by,labelled_grade,grade",
    b"defect,code,rule,labels,found,precision,recall,f1,f1_low,f1_high,enough",
    b"label,why_not",
    b"defect,found",
}
"""The headings of the tables that evaluating writes into a folder."""
_HEAD = 4096
_LONGEST = 1_000_000  # bytes of a part; that of a stranger may be a bomb


def is_report(data: bytes) -> bool:
    """Say whether a file is a workbook, page, JSON or review form that scoring or evaluating writes, or a table of an
    evaluation.

    Examples
    --------
    >>> is_report(b'<!doctype html><meta name="generator" content="perfscore 0.1">'), is_report(b"<!doctype html>")
    (True, False)
    """
    if data.startswith(b"PK\x03\x04"):
        sheets = set(_SHEET.findall(_part(data, "xl/workbook.xml")))
        return any(names <= sheets for names in _SHEETS) or is_form(data)
    if data.startswith(b'{"method": {'):
        return all(part in data for part in _RECORDS)
    first = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].rstrip(b"\r")
    return first in _TABLES or _PAGE.search(data[:_HEAD]) is not None


def is_form(data: bytes) -> bool:
    """Say whether a file is a review form that perfscore wrote, changed since then or not."""
    return data.startswith(b"PK\x03\x04") and _BY_US in _part(data, "docProps/core.xml")


def _part(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as document, document.open(name) as part:
            return part.read(_LONGEST).decode("utf-8", "replace")
    except Exception:  # a stranger's archive may be broken in any way; what is wrong with it, its reader says
        return ""
