"""Every error perfscore raises on purpose: each says what, where, what was expected and what to do."""

__all__ = ["ConfigError", "LexiconError", "PerfscoreError", "ReadError", "SchemaError"]


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
