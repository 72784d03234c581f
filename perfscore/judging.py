"""Run the rules and turn what they say into FINDINGS, without points yet.

What is found on distinct rows (``verdicts``) is spread over all copies of each as arrays. Most texts of findings are said
of many rows, so they are categories until a frame of text is asked for (``schema.conform``).
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from perfscore.config import Config
from perfscore.enriching import projects_of
from perfscore.findings import Coded, Lines, Words
from perfscore.peers import Peers
from perfscore.records import Hit, Said
from perfscore.rules.registry import Rule
from perfscore.schema import FINDINGS
from perfscore.similar import Int
from perfscore.verdicts import Verdicts, applied, marked

__all__ = ["Judge"]

_NONE = np.empty(0, np.int64)


class _Found(NamedTuple):
    """What rules found, and where it stands.

    Attributes
    ----------
    hits, place : the hits, and the place of the rule of each
    which, subject : for each finding its hit, and what that is about (``Words.lines``)
    project, row_no : the position of its project, and its row; 0 is the whole table
    """

    hits: list[Hit]
    place: Int
    which: Int
    subject: Int
    project: Int
    row_no: Int


class Judge:
    """Runs the rules over some projects.

    Parameters
    ----------
    rules : in the order of their codes
    peers : the projects, their rows, and what is common among all they are compared with
    verdicts : what is said of their distinct rows
    """

    def __init__(self, rules: tuple[Rule, ...], peers: Peers, verdicts: Verdicts) -> None:
        self._rules, self._peers, self._config, self._verdicts = rules, peers, peers.config, verdicts
        self._projects, self._rows = peers.projects, peers.rows
        self._number, self._owner = peers.number, peers.owner
        self._ids = pd.Index(peers.projects["project_id"])
        self._row_no = peers.indicators["row_no"].to_numpy(np.int64)

    def findings(self) -> pd.DataFrame:
        """Run all rules: FINDINGS in the order of project, code and row; points are 0, texts are categories."""
        peers = self.peers()
        single = [(place, hit) for place, hit in peers if isinstance(hit, Hit)]
        at = self._ids.get_indexer(pd.Index([hit.project_id for _, hit in single], dtype="str")).tolist()
        on_projects = self.projects() + [
            (place, project, hit) for (place, hit), project in zip(single, at, strict=True)
        ]
        on_rows = [(place, said) for place, said in peers if isinstance(said, Said)]
        return self._merged(self._located(on_projects), self._spread(on_rows))

    def projects(self) -> list[tuple[int, int, Hit]]:
        """Judge each project, as a record, with the rules of project scope that may find something in it.

        Returns
        -------
        the place of the rule, the position of the project and the hit of each finding
        """
        asked = [
            (place, rule, np.flatnonzero(marked(rule, self._peers, self._config)))
            for place, rule in self._of_scope("project")
        ]
        wanted = np.unique(np.concatenate([_NONE, *(among for _, _, among in asked)]))
        made = projects_of(
            self._projects, self._rows, self._number, self._owner, self._row_no, wanted, self._peers.unread_rows
        )
        records = dict(zip(wanted.tolist(), made, strict=True))
        found: list[tuple[int, int, Hit]] = []
        for place, rule, among in asked:
            at = among.tolist()
            hits = applied(rule, [records[project] for project in at], self._config)
            found += [(place, at[subject], hit) for subject, hit in hits]
        return found

    def peers(self) -> list[tuple[int, Hit | Said]]:
        """Judge the projects by column with the rules that see all of them."""
        return [
            (place, said)
            for place, rule in self._of_scope("projects", "corpus")
            for _, said in applied(rule, [self._peers], self._config)
        ]

    def _of_scope(self, *scopes: str) -> list[tuple[int, Rule]]:
        return [(place, rule) for place, rule in enumerate(self._rules) if rule.scope in scopes]

    def _spread(self, found: list[tuple[int, Said]]) -> _Found:
        """Put hits on all the rows they are said of."""
        place = np.array([place for place, _ in found], np.int64)
        lines = [said.rows for _, said in found]
        which = np.repeat(np.arange(len(found)), [*map(len, lines)])
        line = np.concatenate([_NONE, *lines])
        hits = [said.hit for _, said in found]
        return _Found(hits, place, which, self._number[line], self._owner[line], self._row_no[line])

    def _located(self, found: list[tuple[int, int, Hit]]) -> _Found:
        """Put hits on projects and their rows; ``found`` is as ``projects`` returns it."""
        hits = [hit for _, _, hit in found]
        place = np.fromiter((place for place, _, _ in found), np.int64, len(found))
        project = np.fromiter((at for _, at, _ in found), np.int64, len(found))
        row_no = np.fromiter((hit.row_no or 0 for hit in hits), np.int64, len(hits))
        size = int(max(self._row_no.max(initial=0), row_no.max(initial=0))) + 1
        lines, wanted = self._owner * size + self._row_no, project * size + row_no
        order = np.argsort(lines, kind="stable")
        line = np.append(order, -1)[np.searchsorted(lines[order], wanted, "right") - 1]
        on_row = np.append(lines, -1)[line] == wanted
        subject = np.where(on_row, np.append(self._number, -1)[line], len(self._rows) + project)
        return _Found(hits, place, np.arange(len(hits)), subject, project, row_no)

    def _merged(self, *others: _Found) -> pd.DataFrame:
        """Put what is said of rows and what else was found together, in order."""
        held = self._verdicts.held.take(self._number)
        line = np.repeat(np.arange(len(self._number)), held.lengths)
        hits = [hit for part in others for hit in part.hits]
        counts = [len(part.hits) for part in others]
        place, which, subject, project, row_no = map(np.concatenate, zip(*(part[1:] for part in others), strict=True))
        which += np.repeat(np.cumsum(counts) - counts, [len(part.which) for part in others])
        words = Words(self._rules, self._rows, self._peers.printed, self._projects)
        lines = self._verdicts.lines.take(held.items).joined(words.lines(hits, place, which, subject))
        project, row_no = np.append(self._owner[line], project), np.append(self._row_no[line], row_no)
        rank = np.argsort(self._ids.argsort())[project] * len(self._rules) + lines.place
        order = np.argsort(rank * (row_no.max(initial=0) + 1) + row_no, kind="stable")
        return self._frame(lines.take(order), project[order], row_no[order])

    def _frame(self, lines: Lines, project: Int, row_no: Int) -> pd.DataFrame:
        texts = {name: column.categories() for name, column in lines.texts.items()}
        for name in ("code", "defect", "opinion"):
            texts[name] = Coded.of([getattr(rule, name) for rule in self._rules]).take(lines.place).categories()
        findings = pd.DataFrame(texts).assign(
            project_id=pd.Categorical.from_codes(project, self._ids),
            row_no=pd.arrays.IntegerArray(row_no, row_no == 0),
            start=pd.arrays.IntegerArray(lines.start, lines.start < 0),
            end=pd.arrays.IntegerArray(lines.end, lines.end < 0),
            points=0.0,
            new=pd.array([None], "boolean").repeat(len(row_no)),
        )
        return _reweighed(findings[list(FINDINGS)], self._config)


def _reweighed(findings: pd.DataFrame, config: Config) -> pd.DataFrame:
    """Give findings the severities of the configuration."""
    if not config.severity:
        return findings
    severity = findings["severity"].astype("str")
    for code, wanted in config.severity.items():
        severity = severity.mask(findings["code"].str.startswith(code) & (severity != "info"), wanted)
    return findings.assign(severity=severity.astype("category"))
