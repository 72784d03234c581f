"""The tables as files for other programs: a folder of CSV or parquet, or one JSON."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from perfscore.columnar import TableWriter
from perfscore.errors import ConfigError, PerfscoreError

if TYPE_CHECKING:
    from perfscore.scorecard import Scorecard

__all__ = ["defuse", "outputs", "saving", "single", "write_folder", "write_json", "write_table"]

_FORMS = ("csv", "parquet")
# A spreadsheet runs a CSV cell as a formula if it starts so, over line breaks too; without one of ( ! | it can do no harm
# ("=100%", "-").
_FORMULA = re.compile(r"[=+\-@\t\r][\s\S]*[(!|]")


def outputs(path: str | Path, tables: Sequence[str], suffixes: Sequence[str], form: str | None = None) -> list[Path]:
    """Return the files that saving to ``path`` writes: itself, or one a table if it is a folder.

    Parameters
    ----------
    path : a file whose suffix is one of ``suffixes``, or a folder
    tables : names of the tables a folder gets
    form : form of the files in a folder, ``csv`` (the default) or ``parquet``

    Raises
    ------
    ConfigError
        there is no path, the suffix or ``form`` is none of these, or ``form`` is given for a single file

    Examples
    --------
    >>> [file.name for file in outputs("tables", ["projects", "unread"], [".xlsx"])]
    ['projects.csv', 'unread.csv']
    """
    target = _named(path)
    if form not in (None, *_FORMS):
        raise ConfigError(f"文件夹中各表的格式应为 {'、'.join(_FORMS)}，得到 {form}")
    suffix = target.suffix.lower()
    if not suffix or target.is_dir():
        return [target / f"{table}.{form or 'csv'}" for table in tables]
    if suffix not in suffixes:
        raise ConfigError(f"不认识的输出后缀 {suffix}；可用 {'、'.join(suffixes)}，或不带后缀的文件夹")
    if form is not None:
        raise ConfigError(f"格式 {form} 只用于文件夹；{target.name} 的格式由后缀决定，请去掉其一")
    return [target]


def single(path: str | Path, *suffixes: str) -> Path:
    """Return the one file that is to be written.

    Raises
    ------
    ConfigError
        there is no path, it is a folder, or its suffix is none of these

    Examples
    --------
    >>> single("report.xlsx", ".xlsx").name
    'report.xlsx'
    """
    target = _named(path)
    if target.is_dir() or target.suffix.lower() not in suffixes:
        raise ConfigError(f"文件名应以 {'、'.join(suffixes)} 结尾，得到 {target}")
    return target


def _named(path: str | Path) -> Path:
    if not str(path).strip():
        raise ConfigError("输出路径是空的；请写明文件或文件夹")
    return Path(path)


@contextmanager
def saving(target: Path) -> Iterator[None]:
    """Make the folder that ``target`` goes to, and say what to do if it cannot be written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except PermissionError as error:
        place = error.filename or target
        raise PerfscoreError(f"无法写入 {place}：可能正在 Excel 或 WPS 中打开；请关闭后重试") from error


def write_folder(frames: Mapping[str, pd.DataFrame], folder: Path, form: Literal["csv", "parquet"]) -> None:
    """Write one file a table into an existing folder."""
    for name, frame in frames.items():
        write_table(frame, folder / f"{name}.{form}")


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write one table as ``.parquet``, or as CSV in UTF-8 with BOM, so that Excel shows Chinese."""
    if path.suffix.lower() == ".parquet":
        with TableWriter(path) as writer:
            writer.write(frame)
    else:
        defuse(frame).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def write_json(scorecard: "Scorecard", path: Path) -> None:
    """Write ``{"method": {…}, "projects": [{…}, …], …}``; a missing cell is ``null``."""
    parts = [f'"method": {json.dumps(dict(scorecard.method), ensure_ascii=False)}']
    for name, frame in scorecard.to_frames().items():
        records = frame.to_json(orient="records", force_ascii=False, double_precision=15)
        parts.append(f'"{name}": {records}')
    path.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8", newline="\n")


def defuse(frame: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before the text cells that a spreadsheet would run as a formula that can do harm.

    Examples
    --------
    >>> defuse(pd.DataFrame({"value": ["=100%", "=cmd|' /C calc'!A0"]}))["value"].tolist()
    ['=100%', "'=cmd|' /C calc'!A0"]
    """
    columns = {}
    for name, column in frame.items():
        if pd.api.types.is_string_dtype(column):
            risky = column.str.match(_FORMULA).fillna(False).astype(bool)
            column = column.where(~risky, "'" + column)
        columns[name] = column
    return pd.DataFrame(columns)
