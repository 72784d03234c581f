"""What the rules of row scope say of distinct rows: found once for each, wherever it stands and however often."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from perfscore.config import Config
from perfscore.distinct import Rows
from perfscore.findings import Lines, Words
from perfscore.names import bare
from perfscore.peers import Marks, Peers
from perfscore.records import Hit, Project, Row
from perfscore.rules.registry import Rule
from perfscore.similar import Int, Ragged
from perfscore.vocabulary import read_ahead

__all__ = ["Verdicts", "applied", "judge_rows", "marked"]

_NONE = np.empty(0, np.int64)


class Verdicts(NamedTuple):
    """Findings on distinct rows.

    Attributes
    ----------
    lines : the findings, those of a row in the order of their rules
    held : which of them each row has
    """

    lines: Lines
    held: Ragged


def judge_rows(rules: Sequence[Rule], rows: Rows, printed: pd.DataFrame, config: Config) -> Verdicts:
    """Judge distinct rows with the rules of row scope: of those that answer alike one, with the others' hits the same.

    Parameters
    ----------
    rules : all rules that are run, in the order of their codes
    rows : distinct rows
    printed : these rows as they are printed
    config : settings
    """
    read_ahead(_texts(rows))
    hits: list[Hit] = []
    places: list[int] = []
    parts: list[tuple[Int, Int]] = [(_NONE, _NONE)]
    for place, rule in enumerate(rules):
        if rule.scope != "row":
            continue
        number, first = rows.alike(rule.reads)
        asked = np.flatnonzero(marked(rule, rows, config)[first])
        found = applied(rule, rows.records(first[asked]), config)
        views = asked[np.array([subject for subject, _ in found], np.int64)]
        count = np.bincount(views, minlength=len(first))
        held = Ragged.of(count, np.arange(len(hits), len(hits) + len(found))).take(number)
        parts.append((held.items, np.repeat(np.arange(len(rows)), held.lengths)))
        hits += [hit for _, hit in found]
        places += [place] * len(found)
    which, row = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(row, kind="stable")
    which, row = which[order], row[order]
    lines = Words(rules, rows, printed).lines(hits, np.array(places, np.int64), which, row)
    return Verdicts(lines, Ragged.of(np.bincount(row, minlength=len(rows)), np.arange(len(row))))


def _texts(rows: Rows) -> Iterator[str]:
    """The texts whose words the rules ask for."""
    for name in rows.column("name").cells:
        yield from (name, bare(name))
    for description in rows.column("description").cells:
        yield description or ""


def marked(rule: Rule, of: Rows | Peers, config: Config) -> Marks:
    """Which rows or projects a rule is asked of."""
    if rule.among:
        try:
            return rule.among(of, config)
        except Exception:  # slower, but nothing is lost: the rule is asked of all
            pass
    return np.ones(len(of), bool)


def applied(rule: Rule, subjects: Sequence[Row | Project | Peers], config: Config) -> list[tuple[int, Any]]:
    """Run a rule; each hit comes with the position of its subject.

    A crash becomes a finding of its own, so that it is seen and stops nothing else.
    """
    check = partial(_with, rule.check, config) if rule.wants_config else rule.check
    found = []
    for at, subject in enumerate(subjects):
        try:
            hits = check(subject)
        except Exception as error:
            crash = f"规则 {rule.code} 运行出错（{type(error).__name__}：{error}），这一项没有审核"
            hits = [Hit(crash, severity="info")]
        if hits:
            found += [(at, hit) for hit in hits]
    return found


def _with(check: Callable[..., Any], config: Config, subject: Any) -> Any:
    return check(subject, config)
