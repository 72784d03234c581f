"""A row that speaks of a concrete thing the project has nothing to do with."""

import re
from collections.abc import Sequence
from itertools import chain

import numpy as np
import pandas as pd

from perfscore.distinct import Column
from perfscore.names import EFFECTS, measure
from perfscore.neighbours import words_of
from perfscore.overlap import overlap
from perfscore.peers import Marks, Peers
from perfscore.records import Hit, Said
from perfscore.rules.registry import rule
from perfscore.similar import Int
from perfscore.text import squash
from perfscore.vocabulary import MEANS, read_ahead, told_by
from perfscore.wording import EVERYWHERE, domains, is_specific, objects, specific_words

# Fields that belong together.
RELATED = (
    {"农业农村", "水利", "扶贫帮扶"},
    {"城乡建设", "道路交通"},
    {"城乡建设", "生态环境"},
    {"水利", "生态环境"},
    {"食品药品市场监管", "卫生健康"},
    {"食品药品市场监管", "农业农村"},
)
# Jobs, villages, nature and health gain by projects of any field.
COMMON = frozenset({"社会保障就业", "农业农村", "扶贫帮扶", "生态环境", "卫生健康", "产业经济"})
GAIN = re.compile("就业|岗位|务工|增收|受益|惠及|带动|拉动|脱贫|减排|减碳|降低|减少|避免")

# What a whole unit does and spends may touch anything, and so may a project that itself speaks of several fields.
WIDE = re.compile("整体|运转|日常|公用经费|业务费|工作经费|办公经费|履职|部门预算")
FIELDS = 3  # that do not belong together


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
    reads={"name": (_foreign, is_specific, _says_gain, objects), "description": (domains,)},
)
def check(corpus: Peers) -> list[Said] | None:
    """疑似与项目无关的指标

    依据：财预〔2020〕10号“绩效目标合理性”：指标应与实际工作内容相关，指向别处的目标比没有目标更差。
    反例：“桥梁维修”项目的指标是“校园网络和监控系统建成数量”；“停车场建设”的表里有同一文件另一项目的“标准厂房交付面积”。
    正例：“桥梁维修”项目的指标是“维修桥梁数量”。
    建议：核对该行是否从别的项目带来；删去，或改成本项目的产出和效果。
    """
    owner, fields = _told(corpus)
    brought = _brought_along(corpus)
    if not any(fields.cells) and not brought:
        return None
    at = _in_another_field(corpus, owner, fields)
    at = at[~_is_wide(corpus)[corpus.owner[at]] & ~np.isin(at, [line for said in brought for line in said.rows])]
    at = _strange(corpus, at)
    foreign = corpus.rows.asked("name", _foreign)
    code = foreign.codes[corpus.number[at]]
    return brought + [
        Said(Hit(f"疑似属于“{'、'.join(sorted(foreign.cells[field]))}”，与本项目内容无关", "name"), at[code == field])
        for field in np.unique(code).tolist()
    ]


def _is_wide(corpus: Peers) -> Marks:
    """Projects of a whole unit."""
    return corpus.projects["project_name"].fillna("").str.contains(WIDE).to_numpy(bool)


def _brought_along(corpus: Peers) -> list[Said]:
    """Rows of what another project of the document says it is for, while theirs, which most rows speak of, does not."""
    met = _of_others(corpus)
    row = met["row"].to_numpy(np.int64)
    met = met[~corpus.satisfaction[row] & ~_is_gain(corpus)[row] & ~_is_wide(corpus)[corpus.owner[row]]]
    met = met[~_explained(corpus, met["row"].to_numpy(np.int64))]
    row = met["row"].to_numpy(np.int64)
    met = met[_is_known(corpus, row)[corpus.owner[row]]]
    return [
        Said(Hit(f"“{word}”是本文件另一个项目的内容，本项目没有说到", "name", peer=peer), rows.to_numpy(np.int64))
        for (word, peer), rows in met.groupby(["word", "project_id"], sort=False)["row"]
    ]


def _of_others(corpus: Peers) -> pd.DataFrame:
    """Rows whose names hold a thing of another project and none of their own: ``row``, and ``word``, ``project_id`` of the thing."""
    things, (words, listed) = corpus.common.things, words_of(corpus.rows.asked("name", objects))
    words = words.take(corpus.number)
    row = np.repeat(np.arange(len(corpus.number)), words.lengths)
    units = pd.Index(things["unit"].unique())
    unit = units.get_indexer(pd.Index(corpus.common.projects["unit"]))[corpus.owner[row]]
    asked = pd.DataFrame({"unit": unit, "place": words.items, "row": row})[unit >= 0]
    known = things.assign(
        unit=units.get_indexer(pd.Index(things["unit"])),
        place=listed.get_indexer(pd.Index(things["word"])),
        by=pd.Index(corpus.ids).get_indexer(pd.Index(things["project_id"])),
    )
    met = asked.merge(known, on=["unit", "place"])
    own = met["row"][met["by"].to_numpy() == corpus.owner[met["row"].to_numpy(np.int64)]]
    first: pd.DataFrame = met[~met["row"].isin(own)].drop_duplicates("row")
    return first


def _is_known(corpus: Peers, strange: Int) -> Marks:
    """Projects with strange rows of which more rows are explained: else it is their own texts that say too little."""
    others = np.bincount(corpus.owner[strange], minlength=len(corpus))
    at = np.flatnonzero((others > 0)[corpus.owner])
    explained = corpus.owner[at[_explained(corpus, at)]]
    return np.asarray(np.bincount(explained, minlength=len(corpus)) > others)


def _explained(corpus: Peers, at: Int) -> Marks:
    """Tell which rows have a name or a description that shares a word with what their project says of itself."""
    explained = _shared(corpus, "name", at)
    left = np.flatnonzero(~explained)
    explained[left] = _shared(corpus, "description", at[left])
    return explained


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
    several = own[:, ~np.isin(known, sorted(MEANS | EVERYWHERE))].sum(axis=1)
    for group in RELATED:
        fields_of = np.isin(known, sorted(group))
        several -= np.maximum(own[:, fields_of].sum(axis=1) - 1, 0)
        related |= named[:, fields_of].any(axis=1) & own[:, fields_of].any(axis=1)
    kept: Int = at[~related & (several < FIELDS)]
    return kept


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
    at = at[projects.rows.marks("name", is_specific)[projects.number[at]]]
    strange: Int = at[~_shared(projects, "name", at)]
    return strange


def _shared(projects: Peers, cell: str, at: Int) -> Marks:
    """Tell which rows have a text of which a word stands in what their project says of itself, or the other way round."""
    column = projects.rows.column(cell)
    used, text = np.unique(column.codes[projects.number[at]], return_inverse=True)
    owners, owner = np.unique(projects.owner[at], return_inverse=True)
    texts = [column.cells[code] or "" for code in used.tolist()]
    heads = ["，".join(projects.said[project]) for project in owners.tolist()]
    # A word has two characters.
    shared = overlap([*map(squash, texts)], [*map(squash, heads)], (text, owner), 2)
    alike = np.flatnonzero(shared)
    asked = [*zip(text[alike].tolist(), owner[alike].tolist(), strict=True)]
    read_ahead(texts[one] for one, _ in asked)
    own = {other: _own_words(projects.said[owners[other]]) for other in {other for _, other in asked}}
    shared[alike] = [
        any(word in heads[other] for word in specific_words(texts[one]))
        or any(map(texts[one].__contains__, own[other]))
        for one, other in asked
    ]
    return shared


def _own_words(texts: Sequence[str]) -> frozenset[str]:
    return frozenset().union(*map(specific_words, texts))
