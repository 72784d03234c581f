"""A baseline: what was found before, by content, so that only what is new since last year needs to be looked at.

A row's finding is known again by its rule, its category, the name of its indicator and its project, not by the number of
its row or the name of the file. The project is the same if its code is, or its name (years aside) and agency are.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from perfscore.errors import ConfigError, why
from perfscore.names import bare
from perfscore.reporting import frames
from perfscore.schema import BASELINE, conform
from perfscore.text import normalise, squash
from perfscore.titles import undated

__all__ = ["keys", "load", "mark", "save", "target"]

SUFFIXES = (".csv", ".parquet")
WHAT = ["category", "name", "code"]
_DIGITS = re.compile(r"\d+(\.\d+)?")


def keys(findings: pd.DataFrame, projects: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Return what identifies each finding from year to year: BASELINE, one row a finding, in the order of ``findings``.

    Parameters
    ----------
    findings, projects : FINDINGS and PROJECTS (or GRADES)
    indicators : INDICATORS with ``category``

    Notes
    -----
    The name of a finding on a whole table is its message without numbers, so that two lacking classes stay apart; a
    copy has none, because its message names the other side.
    """
    heads = projects.set_index("project_id")[["project_code", "project_name", "agency"]].reindex(findings["project_id"])
    places = pd.MultiIndex.from_frame(findings[["project_id", "row_no"]])
    rows = indicators.set_index(["project_id", "row_no"])[["category", "name"]].reindex(places)
    whole = findings["row_no"].isna().to_numpy()
    said = findings["message"].where(findings["peer"].fillna("") == "", "").to_numpy()
    names = rows["name"].reset_index(drop=True)
    found = pd.DataFrame(
        {
            "project_code": _folded(heads["project_code"]),
            "project_name": _folded(heads["project_name"], undated),
            "agency": _folded(heads["agency"]),
            "category": _folded(rows["category"]),
            "name": _folded(names, bare).where(~whole, _folded(pd.Series(said), lambda text: _DIGITS.sub("", text))),
            "code": findings["code"].to_numpy(),
        }
    )
    return frames.defuse(conform(found, BASELINE))


def _folded(texts: pd.Series, change: Callable[[str], str] = str) -> pd.Series:
    texts = texts.reset_index(drop=True).fillna("")
    return texts.map({text: change(squash(normalise(text))) for text in texts.unique()}).astype("str")


def target(path: str | Path) -> Path:
    """Return the path of a baseline.

    Raises
    ------
    ConfigError
        the suffix is neither ``.csv`` nor ``.parquet``
    """
    file = Path(path)
    if file.suffix.lower() not in SUFFIXES:
        raise ConfigError(f"基线文件 {path} 的后缀应为 {' 或 '.join(SUFFIXES)}")
    return file


def save(found: pd.DataFrame, path: str | Path) -> Path:
    """Write the keys of findings as ``.csv`` or ``.parquet``, each once, sorted.

    Raises
    ------
    ConfigError
        the suffix is neither of these
    """
    file = target(path)
    with frames.saving(file):
        frames.write_table(found.drop_duplicates().sort_values(list(BASELINE), ignore_index=True), file)
    return file


def load(path: str | Path) -> pd.DataFrame:
    """Read a baseline that ``save`` wrote.

    Raises
    ------
    ConfigError
        there is no such file, or it is no baseline
    """
    file = target(path)
    try:
        if file.suffix.lower() == ".parquet":
            found = pd.read_parquet(file)
        else:
            found = pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise ConfigError(f"不能读取基线文件 {path}：{why(error)}；应为 --write-baseline 写出的文件") from error
    if list(found.columns) != list(BASELINE):
        raise ConfigError(f"{path} 不是基线文件：列应为 {'、'.join(BASELINE)}；请用 --write-baseline 写出")
    return conform(found, BASELINE).fillna("")


def mark(found: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Tell for each finding's keys whether they are new against a baseline.

    Examples
    --------
    >>> last = pd.DataFrame([["7", "植树", "林业局", "数量", "植树数量", "PS201"]], columns=list(BASELINE))
    >>> mark(last.assign(project_code="8"), last).tolist(), mark(last.assign(name="成活率"), last).tolist()
    ([False], [True])
    """
    seen = pd.Series(False, index=found.index)
    for project in (["project_code"], ["project_name", "agency"]):
        named = known[known[project[0]] != ""]
        here = pd.MultiIndex.from_frame(found[[*project, *WHAT]])
        seen |= here.isin(pd.MultiIndex.from_frame(named[[*project, *WHAT]])) & (found[project[0]] != "")
    return ~seen
