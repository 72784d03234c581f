"""Findings a reviewer accepts: taken out of the score, listed with the reason; an entry that meets none is told."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from perfscore.config import Accept
from perfscore.schema import ACCEPTED, conform
from perfscore.suggest import nearest
from perfscore.text import normalise, squash

__all__ = ["accept", "unmet"]


def accept(
    findings: pd.DataFrame, projects: pd.DataFrame, indicators: pd.DataFrame, entries: Sequence[Accept]
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[bool, ...]]:
    """Part the findings that entries of the settings accept from the others.

    Parameters
    ----------
    findings : FINDINGS
    projects, indicators : PROJECTS and INDICATORS the findings are about
    entries : what is accepted and why; where two meet a finding, the first one's reason stands

    Returns
    -------
    the findings that stay, those accepted (``schema.ACCEPTED``), and for every entry whether it met one

    Examples
    --------
    >>> findings = pd.DataFrame({"project_id": ["a#1", "a#1"], "code": ["PS201", "PS301"], "row_no": [1, 2]})
    >>> projects = pd.DataFrame({"project_id": ["a#1"], "project_name": ["植树造林"], "project_code": ["7"], "doc": ["a"]})
    >>> indicators = pd.DataFrame({"project_id": ["a#1"], "row_no": [1], "name": ["植树数量"]})
    >>> entries = [Accept("已核", code="PS2"), Accept("错", project="植树造村")]
    >>> kept, accepted, met = accept(findings, projects, indicators, entries)
    >>> len(kept), accepted["reason"].tolist(), met
    (1, ['已核'], (True, False))
    """
    if not entries:
        return findings, conform(findings.iloc[:0].assign(reason=""), ACCEPTED), ()
    heads = projects.set_index("project_id")[["project_name", "project_code", "doc"]].reindex(findings["project_id"])
    heads = heads.set_axis(findings.index).assign(project_id=findings["project_id"])
    keys = pd.MultiIndex.from_frame(findings[["project_id", "row_no"]])
    names = indicators.set_index(["project_id", "row_no"])["name"].reindex(keys).set_axis(findings.index)
    reason = pd.Series(pd.NA, index=findings.index, dtype="str")
    met_any = []
    for entry in entries:
        met = pd.Series(findings["code"].str.startswith(entry.code))
        if entry.project:
            met &= pd.concat([_same(heads[key], entry.project) for key in PROJECT], axis=1).any(axis=1)
        if entry.doc:
            met &= _same(heads["doc"], entry.doc)
        if isinstance(entry.row, int):
            met &= (findings["row_no"] == entry.row).fillna(False).astype(bool)
        elif entry.row:
            met &= _same(names, entry.row)
        reason = reason.mask(met & reason.isna(), entry.reason)
        met_any.append(bool(met.any()))
    taken = reason.notna()
    accepted = conform(findings[taken].assign(reason=reason[taken], points=0.0), ACCEPTED)
    return findings[~taken], accepted, tuple(met_any)


def unmet(entries: Iterable[Accept], met: Iterable[bool], projects: pd.DataFrame) -> list[str]:
    """Say of each entry that met nothing that it did, and which project it may mean.

    Examples
    --------
    >>> projects = pd.DataFrame({"project_id": ["a#1"], "project_name": ["植树造林"], "project_code": ["7"]})
    >>> unmet([Accept("错", project="植树造村")], [False], projects)
    ['accept（reason=错，project=植树造村）没有对应的问题（是否想写 植树造林？）']
    """
    pairs = zip(entries, met, strict=True)
    return [f"{entry}没有对应的问题{_hint(entry, projects)}" for entry, was_met in pairs if not was_met]


PROJECT = ("project_name", "project_code", "project_id")


def _same(texts: pd.Series, wanted: str) -> pd.Series:
    codes, distinct = pd.factorize(texts)
    same = np.array([*(_fold(text) == _fold(wanted) for text in distinct), False])  # a missing text has code -1
    return pd.Series(same[codes], index=texts.index)


def _fold(text: str) -> str:
    return squash(normalise(text))


def _hint(entry: Accept, projects: pd.DataFrame) -> str:
    """Name the nearest project if there is none of the name given."""
    known = [text for key in PROJECT for text in projects[key].dropna().unique()]
    found = not entry.project or any(_fold(text) == _fold(entry.project) for text in known)
    return "" if found else nearest(entry.project, known)
