"""A row that speaks of a concrete thing the project has nothing to do with."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
import pandas as pd

from perfscore.distinct import Column, Rows
from perfscore.overlap import overlap
from perfscore.peers import Marks, Peers
from perfscore.records import Hit, Said
from perfscore.rules.registry import rule
from perfscore.similar import Int
from perfscore.text import normalise, squash
from perfscore.vocabulary import read_ahead, told_by
from perfscore.wording import EVERYWHERE, domains, is_specific, specific_words

# Fields that belong together.
VILLAGE = frozenset({"农业农村", "水利", "扶贫帮扶"})


@told_by("plain_domains")
def _foreign(fields: frozenset[str]) -> frozenset[str]:
    return fields - EVERYWHERE


@rule(
    "PS207",
    defect="off_project",
    severity="major",
    criterion="目标相关性",
    opinion="3",
    reads={"name": (_foreign, is_specific), "description": (domains,)},
)
def check(projects: Peers) -> list[Said] | None:
    """疑似与项目无关的指标

    依据：财预〔2020〕10号“绩效目标合理性”：指标应与实际工作内容相关，指向别处的目标比没有目标更差。
    反例：“桥梁维修”项目的指标是“校园网络和监控系统建成数量”。
    正例：“桥梁维修”项目的指标是“维修桥梁数量”。
    建议：核对该行是否从别的项目带来；删去，或改成本项目的产出和效果。
    """
    said = _said(projects.projects)
    fields = [frozenset().union(*map(domains, texts)) for texts in said]
    if not any(fields):
        return None
    at = np.flatnonzero(_in_another_field(projects, fields))
    at = at[_strange(projects.rows, projects.number[at], said, projects.owner[at])]
    foreign = projects.rows.asked("name", _foreign)
    code = foreign.codes[projects.number[at]]
    return [
        Said(Hit(f"疑似属于“{'、'.join(sorted(foreign.cells[field]))}”，与本项目内容无关", "name"), at[code == field])
        for field in np.unique(code).tolist()
    ]


def _said(projects: pd.DataFrame) -> list[list[str]]:
    """The texts in which each project says what it is."""
    told = projects[["project_name", "purpose", "goal"]].fillna("").itertuples(index=False, name=None)
    return [[normalise(text) for text in texts if text] for texts in told]


def _in_another_field(projects: Peers, fields: Sequence[frozenset[str]]) -> Marks:
    """Rows whose name speaks plainly of a field, and neither its project nor its description of one that goes with it."""
    foreign, described = projects.rows.asked("name", _foreign), projects.rows.asked("description", domains)
    known = sorted(frozenset().union(*foreign.cells, *described.cells, *fields))
    named, told = (_table(column.cells, known)[column.codes][projects.number] for column in (foreign, described))
    of_projects = Column.of(projects.owner, fields)
    own = _table(of_projects.cells, known)[of_projects.codes]
    village = np.isin(known, sorted(VILLAGE))
    related = ((named | told) & own).any(axis=1) | ((named & village).any(axis=1) & (own & village).any(axis=1))
    asked = named.any(axis=1) & own.any(axis=1) & ~projects.satisfaction
    return np.asarray(asked & ~related, bool)


def _table(sets: Sequence[frozenset[str]], fields: list[str]) -> Marks:
    """Which of some fields are in which set."""
    return np.array([[field in held for field in fields] for held in sets], bool).reshape(len(sets), len(fields))


def _strange(rows: Rows, row: Int, said: Sequence[Sequence[str]], owner: Int) -> Marks:
    """Tell which rows have a name with words of its own that shares none with what their project says of itself."""
    strange = rows.marks("name", is_specific)[row]
    names, heads = rows.asked("name", squash), [squash("，".join(texts)) for texts in said]
    alike = np.flatnonzero(strange & overlap(names.cells, heads, (names.codes[row], owner), 2))
    asked = [(rows.column("name").cells[name], said[at]) for name, at in zip(rows.column("name").codes[row[alike]].tolist(), owner[alike].tolist(), strict=True)]
    read_ahead(chain.from_iterable((name, *texts) for name, texts in asked))
    strange[alike] = [not _share(name, texts) for name, texts in asked]
    return strange


def _share(name: str, texts: Sequence[str]) -> bool:
    """Tell whether a word of the name stands in one of some texts, or a word of theirs in the name."""
    head = "，".join(texts)
    own = frozenset().union(*map(specific_words, texts))
    return any(word in head for word in specific_words(name)) or any(word in name for word in own)
