"""What a rule is, and how rules are found: every module of this package that holds a function under ``@rule``.

A rule answers with a list of ``Hit``: empty if the row or table passes, ``None`` if the rule does not apply to it. Its
docstring is its only documentation: title, 依据, 反例, 正例, 建议. The name of its first parameter is its scope: ``row`` and
``project`` are records; ``projects`` and ``corpus`` are columns (``Peers``) of all projects at hand, judged each by itself or
against the others.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import perfscore.rules
from perfscore.config import Config
from perfscore.errors import ConfigError
from perfscore.official import CRITERIA, FAMILIES, OPINIONS, SEVERITIES, SEVERITY_NAMES
from perfscore.peers import Marks
from perfscore.records import CELLS, Reads
from perfscore.suggest import nearest

__all__ = ["Rule", "catalogue", "explain", "find", "rule"]

SCOPES = ("row", "project", "projects", "corpus")
SECTIONS = ("依据", "反例", "正例", "建议")

Check = Callable[..., Any]
Among = Callable[[Any, Config], Marks]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, what it is about, what it costs, and the function that judges.

    ``reads`` says what a rule of row scope asks of which cells: of rows that give the same answers one is judged.
    ``among`` says in which rows or projects a rule of row or project scope may find something at all.
    ``wants_config`` tells whether the function takes the configuration as its second parameter.
    """

    code: str
    defect: str
    severity: str
    criterion: str
    opinion: str
    scope: str
    title: str
    basis: str
    bad: str
    good: str
    advice: str
    check: Check
    reads: Reads
    among: Among | None
    wants_config: bool

    @property
    def family(self) -> str:
        """The family the code belongs to, for example 套话."""
        return FAMILIES[self.code[:3]]

    @property
    def dimension(self) -> str:
        """The official dimension of the criterion, for example 适当性."""
        return CRITERIA[self.criterion]


_rules: dict[str, Rule] = {}


def rule(
    code: str,
    *,
    defect: str,
    severity: str,
    criterion: str,
    opinion: str,
    reads: Reads | None = None,
    among: Among | None = None,
) -> Callable[[Check], Check]:
    """Register a function as a rule.

    Parameters
    ----------
    code : family and number, for example ``PS301``; codes never move
    defect : slug of the defect
    severity : critical, major, minor or info; a ``Hit`` may name another
    criterion : sub-item of the official review form it counts against
    opinion : code of the official review opinion it supports
    reads : the cells of the row that a rule of row scope looks at, and for each the functions of it that the answer
        depends on, or ``AS_IS``; a function is called once for each distinct cell, the rule once for each set of answers;
        of another scope: functions whose answers are worth finding out ahead; they say yes or no, a text or a set of texts
    among : marks, by column, the rows (of ``Rows``) or the projects (of ``Peers``) in which a rule of that scope may find
        something; it is asked of no other

    Raises
    ------
    TypeError
        the code is taken or malformed, the first parameter names no scope, a row rule does not say what it reads, or a
        section of the docstring is missing
    """

    def register(check: Check) -> Check:
        where = f"{check.__module__}.{check.__qualname__}"
        parameters = list(inspect.signature(check).parameters)
        scope = parameters[0] if parameters else ""
        if scope not in SCOPES:
            raise TypeError(f"{where}: first parameter is {scope!r}, expected one of {SCOPES}")
        if not re.fullmatch(r"PS[1-5]\d\d", code) or code in _rules:
            raise TypeError(f"{where}: code {code!r} is malformed or taken")
        if severity not in SEVERITIES or criterion not in CRITERIA or opinion not in OPINIONS:
            raise TypeError(f"{where}: unknown severity {severity!r}, criterion {criterion!r} or opinion {opinion!r}")
        cells = reads or {}
        if (scope == "row" and not cells) or not cells.keys() <= set(CELLS):
            raise TypeError(f"{where}: reads {[*cells]}, expected some of {CELLS} for a row rule")
        if among and scope not in ("row", "project"):
            raise TypeError(f"{where}: among is for a rule of row or project scope")
        title, sections = _read_docstring(where, inspect.getdoc(check) or "")
        basis, bad, good, advice = (sections[name] for name in SECTIONS)
        _rules[code] = Rule(
            code,
            defect,
            severity,
            criterion,
            opinion,
            scope,
            title,
            basis,
            bad,
            good,
            advice,
            check,
            cells,
            among,
            "config" in parameters,
        )
        return check

    return register


def _read_docstring(where: str, doc: str) -> tuple[str, dict[str, str]]:
    title, _, body = doc.partition("\n")
    parts = re.split(rf"^({'|'.join(SECTIONS)})：", body, flags=re.M)
    sections = {name: " ".join(text.split()) for name, text in zip(parts[1::2], parts[2::2], strict=True)}
    missing = [name for name in SECTIONS if not sections.get(name)]
    if not title or missing:
        raise TypeError(f"{where}: docstring lacks {'title' if not title else '、'.join(missing)}")
    return title.rstrip("。"), sections


@cache
def catalogue() -> tuple[Rule, ...]:
    """Return every rule, ordered by code.

    Examples
    --------
    >>> catalogue()[0].family
    '套话'
    """
    for module in pkgutil.iter_modules(perfscore.rules.__path__):
        importlib.import_module(f"perfscore.rules.{module.name}")
    return tuple(_rules[code] for code in sorted(_rules))


def find(code: str) -> Rule:
    """Return the rule of a code.

    Raises
    ------
    ConfigError
        there is no such rule; the message names the nearest one
    """
    rules = {rule.code: rule for rule in catalogue()}
    if code.upper() not in rules:
        raise ConfigError(f"没有规则 {code}{nearest(code.upper(), rules)}；perfscore rules 列出全部规则")
    return rules[code.upper()]


def explain(code: str) -> str:
    """Return what a rule looks for and why, as text for the reviewer.

    Parameters
    ----------
    code : rule code, for example ``"PS201"``; case does not matter

    Raises
    ------
    ConfigError
        there is no such rule

    Examples
    --------
    >>> print(explain("PS301").splitlines()[0])
    PS301 指标值没有量化
    """
    rule = find(code)
    place = f"审核项：{rule.dimension}·{rule.criterion}  审核意见：{rule.opinion} {OPINIONS[rule.opinion]}"
    return "\n".join(
        (
            f"{rule.code} {rule.title}",
            f"类别：{rule.family}（{rule.defect}）  轻重：{SEVERITY_NAMES[rule.severity]}  {place}",
            f"依据：{rule.basis}",
            f"反例：{rule.bad}",
            f"正例：{rule.good}",
            f"建议：{rule.advice}",
        )
    )
