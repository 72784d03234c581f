"""Every error perfscore raises on purpose: each says what, where, what was expected and what to do."""

import errno

__all__ = ["ConfigError", "LexiconError", "PerfscoreError", "ReadError", "SchemaError", "why"]

_WHY = {
    errno.ENOENT: "文件不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "是文件夹",
    errno.ENOTDIR: "上级不是文件夹",
    errno.EEXIST: "已有同名文件",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "文件名太长",
}


class PerfscoreError(Exception):
    """Base of all errors raised on purpose; catch it to catch them all."""


class ReadError(PerfscoreError):
    """A file, or a part of one, could not be read.

    Parameters
    ----------
    reason : what went wrong, in the reader's language
    advice : what the user can do about it
    place : page, sheet, table or cell, as far as known
    """

    def __init__(self, reason: str, advice: str = "", place: str = "") -> None:
        self.reason, self.advice, self.place = reason, advice, place
        super().__init__("；".join(part for part in (place, reason, advice) if part))


class SchemaError(PerfscoreError):
    """A table does not have the columns it needs."""


class ConfigError(PerfscoreError):
    """A setting is unknown or has a value it cannot have."""


class LexiconError(PerfscoreError):
    """A word list is missing, or its header or a line of it is malformed."""


def why(error: Exception) -> str:
    """Return in Chinese why a file cannot be opened or decoded; as the system puts it where that is rare.

    Examples
    --------
    >>> why(FileNotFoundError(errno.ENOENT, "No such file or directory", "a.toml"))
    '文件不存在'
    """
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 编码"
    if isinstance(error, OSError) and error.errno is not None:
        return _WHY.get(error.errno, str(error.strerror))
    return str(error)
