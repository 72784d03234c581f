"""A row that speaks of a concrete thing the project has nothing to do with."""

import re
from collections.abc import Sequence
from itertools import chain

import numpy as np

from perfscore.distinct import Column
from perfscore.names import EFFECTS, measure
from perfscore.overlap import overlap
from perfscore.peers import Marks, Peers
from perfscore.records import Hit, Said
from perfscore.rules.registry import rule
from perfscore.similar import Int
from perfscore.text import squash
from perfscore.vocabulary import read_ahead, told_by
from perfscore.wording import EVERYWHERE, domains, is_specific, specific_words

# Fields that belong together.
RELATED = (
    {"农业农村", "水利", "扶贫帮扶"},
    {"城乡建设", "道路交通"},
    {"城乡建设", "生态环境"},
    {"水利", "生态环境"},
    {"食品药品市场监管", "卫生健康"},
)
# Jobs, villages, nature and health gain by projects of any field.
COMMON = frozenset({"社会保障就业", "农业农村", "扶贫帮扶", "生态环境", "卫生健康"})
GAIN = re.compile("就业|岗位|务工|增收|受益|惠及|带动|脱贫|减排|减碳|降低|减少|避免")


@told_by("plain_domains")
def _foreign(fields: frozenset[str]) -> frozenset[str]:
    return fields - EVERYWHERE


def _says_gain(name: str) -> bool:
    """Tell whether a name says who gains or which loss grows less."""
    found = measure(name)
    return bool(GAIN.search(name)) or bool(found and found.polarity == "-")


@rule(
    "PS207",
    defect="off_project",
    severity="major",
    criterion="目标相关性",
    opinion="3",
    reads={"name": (_foreign, is_specific, _says_gain), "description": (domains,)},
)
def check(projects: Peers) -> list[Said] | None:
    """疑似与项目无关的指标

    依据：财预〔2020〕10号“绩效目标合理性”：指标应与实际工作内容相关，指向别处的目标比没有目标更差。
    反例：“桥梁维修”项目的指标是“校园网络和监控系统建成数量”。
    正例：“桥梁维修”项目的指标是“维修桥梁数量”。
    建议：核对该行是否从别的项目带来；删去，或改成本项目的产出和效果。
    """
    owner, fields = _told(projects)
    if not any(fields.cells):
        return None
    at = _strange(projects, _in_another_field(projects, owner, fields))
    foreign = projects.rows.asked("name", _foreign)
    code = foreign.codes[projects.number[at]]
    return [
        Said(Hit(f"疑似属于“{'、'.join(sorted(foreign.cells[field]))}”，与本项目内容无关", "name"), at[code == field])
        for field in np.unique(code).tolist()
    ]


def _told(projects: Peers) -> tuple[Int, Column]:
    """The texts in which projects say what they are: the project of each, and the fields it speaks of."""
    owner = np.repeat(np.arange(len(projects)), [*map(len, projects.said)])
    return owner, Column.answered(domains, [*chain.from_iterable(projects.said)])


def _in_another_field(projects: Peers, owner: Int, fields: Column) -> Int:
    """Rows whose name speaks plainly of a field, and neither its project nor its description of one that goes with it."""
    foreign, described = projects.rows.asked("name", _foreign), projects.rows.asked("description", domains)
    known = sorted(frozenset().union(*foreign.cells, *described.cells, *fields.cells))
    own = np.zeros((len(projects), len(known)), bool)
    np.logical_or.at(own, owner, _table(fields.cells, known)[fields.codes])
    asked = projects.marks("name", _foreign) & np.asarray(own.any(axis=1))[projects.owner]
    at = np.flatnonzero(asked & ~projects.satisfaction & ~_is_gain(projects))
    row, own = projects.number[at], own[projects.owner[at]]
    named, told = (_table(column.cells, known)[column.codes[row]] for column in (foreign, described))
    related = ((named | told) & own).any(axis=1)
    for group in RELATED:
        fields_of = np.isin(known, sorted(group))
        related |= named[:, fields_of].any(axis=1) & own[:, fields_of].any(axis=1)
    return at[~related]


def _is_gain(projects: Peers) -> Marks:
    """Effects on people or nature that may come of any project."""
    foreign = projects.rows.asked("name", _foreign)
    common = np.array([fields <= COMMON for fields in foreign.cells], bool)[foreign.codes]
    gain = projects.rows.marks("name", _says_gain) & common
    return np.asarray(gain[projects.number] & projects.marks("category", EFFECTS.__contains__))


def _table(sets: Sequence[frozenset[str]], fields: list[str]) -> Marks:
    """Which of some fields are in which set."""
    return np.array([[field in held for field in fields] for held in sets], bool).reshape(len(sets), len(fields))


def _strange(projects: Peers, at: Int) -> Int:
    """Those of some rows whose name has words of its own and shares none with what their project says of itself."""
    rows, said = projects.rows, projects.said
    at = at[rows.marks("name", is_specific)[projects.number[at]]]
    printed = rows.column("name")
    names, name = np.unique(printed.codes[projects.number[at]], return_inverse=True)
    owners, owner = np.unique(projects.owner[at], return_inverse=True)
    texts, heads = [printed.cells[code] for code in names.tolist()], [said[project] for project in owners.tolist()]
    joined = [squash("，".join(head)) for head in heads]
    alike = np.flatnonzero(overlap([*map(squash, texts)], joined, (name, owner), 2))
    pairs = [(texts[one], heads[other]) for one, other in zip(name[alike].tolist(), owner[alike].tolist(), strict=True)]
    read_ahead(text for text, _ in pairs)
    shared = [_share(text, head) for text, head in pairs]
    return np.delete(at, alike[np.array(shared, bool)])


def _share(name: str, texts: Sequence[str]) -> bool:
    """Tell whether a word of the name stands in one of some texts, or a word of theirs in the name."""
    head = "，".join(texts)
    return any(word in head for word in specific_words(name)) or any(
        word in name for text in texts for word in specific_words(text)
    )
