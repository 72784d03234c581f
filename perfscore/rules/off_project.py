"""A row that speaks of a concrete thing the project has nothing to do with."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from perfscore.peers import Marks, Peers
from perfscore.records import Hit, Said
from perfscore.rules.registry import rule
from perfscore.text import cut_ahead, normalise
from perfscore.wording import EVERYWHERE, domains, plain_domains, specific_words

# Fields that belong together.
VILLAGE = frozenset({"农业农村", "水利", "扶贫帮扶"})


class _Head(NamedTuple):
    """What a project says of itself: its fields, its text, and the words of its own."""

    fields: frozenset[str]
    text: str
    words: tuple[str, ...]


def _foreign(name: str) -> frozenset[str]:
    return plain_domains(name) - EVERYWHERE


@rule(
    "PS207",
    defect="off_project",
    severity="major",
    criterion="目标相关性",
    opinion="3",
    reads={"name": (_foreign,), "description": (domains,)},
)
def check(projects: Peers) -> list[Said] | None:
    """疑似与项目无关的指标

    依据：财预〔2020〕10号“绩效目标合理性”：指标应与实际工作内容相关，指向别处的目标比没有目标更差。
    反例：“桥梁维修”项目的指标是“校园网络和监控系统建成数量”。
    正例：“桥梁维修”项目的指标是“维修桥梁数量”。
    建议：核对该行是否从别的项目带来；删去，或改成本项目的产出和效果。
    """
    heads = _heads(projects.projects)
    if not any(head.fields for head in heads):
        return None
    at = np.flatnonzero(_in_another_field(projects, heads))
    names = projects.rows.column("name")
    project, name = projects.owner[at].tolist(), names.codes[projects.number[at]].tolist()
    cut_ahead(names.cells[text] for text in set(name))
    words = {text: tuple(specific_words(names.cells[text])) for text in set(name)}
    strange = [
        _is_strange(names.cells[text], words[text], heads[owner]) for owner, text in zip(project, name, strict=True)
    ]
    at = at[np.array(strange, bool)]
    foreign = projects.rows.asked("name", _foreign)
    code = foreign.codes[projects.number[at]]
    return [
        Said(Hit(f"疑似属于“{'、'.join(sorted(foreign.cells[field]))}”，与本项目内容无关", "name"), at[code == field])
        for field in np.unique(code).tolist()
    ]


def _heads(projects: pd.DataFrame) -> list[_Head]:
    told = projects[["project_name", "purpose", "goal"]].fillna("").itertuples(index=False, name=None)
    heads = []
    for texts in told:
        said = [normalise(text) for text in texts if text]
        fields, words = (frozenset().union(*map(of, said)) for of in (domains, specific_words))
        heads.append(_Head(fields, "，".join(said), tuple(words)))
    return heads


def _in_another_field(projects: Peers, heads: Sequence[_Head]) -> Marks:
    """Rows whose name speaks plainly of a field, and neither its project nor its description of one that goes with it."""
    foreign, described = projects.rows.asked("name", _foreign), projects.rows.asked("description", domains)
    known = sorted(frozenset().union(*foreign.cells, *described.cells, *(head.fields for head in heads)))
    named, told = (_table(column.cells, known)[column.codes][projects.number] for column in (foreign, described))
    own = _table([head.fields for head in heads], known)[projects.owner]
    village = np.isin(known, sorted(VILLAGE))
    related = ((named | told) & own).any(axis=1) | ((named & village).any(axis=1) & (own & village).any(axis=1))
    asked = named.any(axis=1) & own.any(axis=1) & ~projects.satisfaction
    return np.asarray(asked & ~related, bool)


def _table(sets: Sequence[frozenset[str]], fields: list[str]) -> Marks:
    """Which of some fields are in which set."""
    return np.array([[field in held for field in fields] for held in sets], bool).reshape(len(sets), len(fields))


def _is_strange(name: str, words: tuple[str, ...], head: _Head) -> bool:
    """Tell whether a name has words of its own and shares none with the project."""
    return bool(words) and not any(word in head.text for word in words) and all(word not in name for word in head.words)
