"""How rules are run: once for all rows that answer alike to what a rule asks, and never where they can find nothing."""

import random
from collections.abc import Callable, Hashable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from test_rules import FILES, load, make_row

from perfscore import lexicon
from perfscore.advice import advise, cites, reads
from perfscore.common import Common
from perfscore.config import Config
from perfscore.corpus import Corpus
from perfscore.engine import score
from perfscore.enriching import distinct_rows, enrich, projects_of
from perfscore.peers import Peers
from perfscore.quantity import parse
from perfscore.records import AS_IS, CELLS, Hit, Reads, Row
from perfscore.rules.registry import Rule, catalogue
from perfscore.schema import INDICATORS, PROJECTS, UNREAD, conform
from perfscore.targets import Targets
from perfscore.vocabulary import read_ahead

ROWS = [
    make_row(cells)
    for code in FILES
    for kind in ("fires", "passes", "known_failures")
    for case in load(code, kind)
    for cells in case.get("rows", [case])
]


def recombined(count: int) -> list[Row]:
    """Rows whose cells come from different cases, each column in an order of its own."""
    chance = random.Random(7)
    columns = {cell: [getattr(row, cell) for row in ROWS] for cell in CELLS if cell != "quantity"}
    chosen = [{cell: chance.choice(cells) for cell, cells in columns.items()} for _ in range(count)]
    return [Row(**cells, quantity=parse(cells["value"])) for cells in chosen]


RECOMBINED = recombined(1500)


def answers(cell: str, text: Any, asked: Reads) -> Hashable:
    """What a cell of a row answers: nothing if it is not read, itself if it is read as it is."""
    if cell not in asked:
        return None
    return tuple(question("" if text is None else text) for question in asked[cell]) if asked[cell] else text


@pytest.mark.parametrize("rule", [rule for rule in catalogue() if rule.scope == "row"], ids=lambda rule: rule.code)
def test_a_row_rule_says_the_same_of_rows_that_answer_alike(rule: Rule) -> None:
    """Whatever else stands in them: only one of them is judged."""
    said: dict[tuple, list[Hit]] = {}
    found = 0
    for row in (*ROWS, *RECOMBINED):
        hits = rule.check(row) or []
        assert hits == said.setdefault(tuple(answers(cell, getattr(row, cell), rule.reads) for cell in CELLS), hits)
        found += len(hits)
    assert found, "no case tells anything"


HITS = (Hit("…"), Hit("…", "name", 0, 2), Hit("…", "value", severity="minor"), Hit("…", remedy="质量"))


def alike(asked: Reads) -> list[Row]:
    """For each row one of other cells that answer alike."""
    columns = []
    for cell in CELLS:
        texts = [getattr(row, cell) for row in ROWS]
        same: dict[Hashable, list[Any]] = {}
        for text in dict.fromkeys(texts):
            same.setdefault(answers(cell, text, asked), []).append(text)
        # The next one of the same answers, so that each text stands once for another.
        after = {text: texts[at - 1] for texts in same.values() for at, text in enumerate(texts)}
        columns.append([after[text] for text in texts])
    return [Row(*cells) for cells in zip(*columns, strict=True)]


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.code)
def test_an_advice_is_the_same_for_rows_that_answer_alike(rule: Rule) -> None:
    """Whatever row a rule may find something on."""
    for row, other in zip(ROWS, alike(reads(rule.code)), strict=True):
        for hit in HITS:
            assert advise(rule.code, hit, row) == advise(rule.code, hit, other)


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.code)
def test_an_advice_that_cites_nothing_is_the_same_wherever_the_fault_stands(rule: Rule) -> None:
    hits = (Hit("…"), Hit("！", "name", 0, 2), Hit("…", "value", 1, 2, row_no=3, peer="乙"))
    for row in ROWS:
        assert cites(rule.code) or len({advise(rule.code, hit, row) for hit in hits}) == 1


def test_an_advice_reads_what_own_texts_ask_for(tmp_path: Path) -> None:
    (tmp_path / "advice.tsv").write_text(
        "!PS503\nPS503\t写明“{name}”的依据\n!PS105\nPS105\t改写“{words}”\n", encoding="utf-8"
    )
    with lexicon.overlay(tmp_path):
        assert reads("PS503") == {"name": AS_IS}
        assert cites("PS105")
    assert reads("PS503") == {"category": AS_IS}
    assert not cites("PS105")


DIRECTIONS = ("购置消防机器人", "修缮戏台", "印制族谱")  # of which hardly any row speaks


def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Projects of some of these rows each; every third one has a year, a budget, a purpose and a goal."""
    chance, every = random.Random(11), cycle(ROWS)
    heads, rows = [], []
    for number in range(1, 151):
        project_id = f"表#{number}"
        head = {"doc": "表", "project_no": number, "project_id": project_id, "project_name": chance.choice(ROWS).name}
        if number % 3 == 0:
            texts = [row.description or row.name for row in chance.choices(ROWS, k=4)]
            head |= {
                "year": 2024,
                "budget": 50_000.0,
                "purpose": "、".join([*texts, *DIRECTIONS] if number % 9 else texts),
                "goal": "。".join(texts) if number % 2 else "",
            }
        heads.append(head)
        size = chance.randint(1, 8)
        for row_no, row in enumerate([*islice(every, size), *chance.choices(RECOMBINED, k=size)], 1):
            cells = {cell: getattr(row, cell) for cell in CELLS if cell not in ("quantity", "category")}
            if number % 5 == 0:  # one value all over the table
                cells["value"] = "≥95%"
            elif number % 7 == 0:  # all of them round rates
                cells |= {"name": "合格率", "description": "", "value": ("≥95%", "≥98%")[row_no % 2]}
            rows.append({"doc": "表", "project_no": number, "project_id": project_id, "row_no": row_no} | cells)
    return conform(pd.DataFrame(heads), PROJECTS), conform(pd.DataFrame(rows), INDICATORS)


def test_the_fast_way_finds_what_the_obvious_one_finds() -> None:
    """Every rule of a row asked of every row, every rule of a project asked of every project."""
    projects, indicators = tables()
    judged = enrich(indicators)
    judged = judged[judged["judged"]].reset_index(drop=True)
    rows, number = distinct_rows(judged)
    slow = set()
    for rule in catalogue():
        if rule.scope == "row":
            for line, at in enumerate(number.tolist()):
                where = judged["project_id"][line], int(judged["row_no"][line])
                slow |= {(rule.code, *where, hit.message) for hit in rule.check(rows[at]) or []}
    ids = {project_id: at for at, project_id in enumerate(projects["project_id"])}
    owner, row_no = judged["project_id"].map(ids).to_numpy(), judged["row_no"].to_numpy(int)
    for project in projects_of(projects, rows, number, owner, row_no, np.arange(len(projects)), {}):
        for rule in catalogue():
            if rule.scope == "project":
                hits = rule.check(project, Config()) if rule.wants_config else rule.check(project)
                slow |= {(rule.code, project.project_id, hit.row_no or 0, hit.message) for hit in hits or []}
    card = score(Targets(projects, indicators, pd.DataFrame(columns=list(UNREAD)), pd.DataFrame()), Config(examples=0))
    scopes = {rule.code: rule.scope for rule in catalogue()}
    said = card.findings[["code", "project_id", "row_no", "message"]].fillna({"row_no": 0})
    fast = {tuple(line) for line in said.itertuples(index=False) if scopes[line.code] in ("row", "project")}
    assert fast == slow
    assert {code for code, *_ in slow} >= {code for code, scope in scopes.items() if scope in ("row", "project")}


def told_of(check: Callable[..., Any], wants_config: bool, peers: Peers) -> set[tuple]:
    """What a rule that sees projects as columns says: project, row and message."""
    found = set()
    for said in (check(peers, Config()) if wants_config else check(peers)) or []:
        if isinstance(said, Hit):
            found.add((said.project_id, 0, said.message))
        else:
            lines = peers.indicators[["project_id", "row_no"]].take(said.rows).itertuples(index=False, name=None)
            found |= {(*line, said.hit.message) for line in lines}
    return found


@pytest.mark.parametrize("rule", [rule for rule in catalogue() if rule.scope == "projects"], ids=lambda rule: rule.code)
def test_a_rule_of_projects_says_the_same_of_each_alone(rule: Rule) -> None:
    projects, indicators = tables()
    judged = enrich(indicators)
    judged = judged[judged["judged"]].reset_index(drop=True)
    corpus = Corpus.fit(projects, indicators)
    common = Common.of(projects, corpus, corpus.copies(projects), Config())

    def told(ids: pd.Series) -> set[tuple]:
        heads = projects[projects["project_id"].isin(ids)].reset_index(drop=True)
        rows = judged[judged["project_id"].isin(ids)].reset_index(drop=True)
        peers = Peers(heads, rows, *distinct_rows(rows), common.of_projects(heads["project_id"]), Config())
        return told_of(rule.check, rule.wants_config, peers)

    together = told(projects["project_id"])
    alone = [told(projects["project_id"].iloc[[at]]) for at in range(len(projects))]
    assert together == set().union(*alone)
    assert together, "no table tells anything"


QUESTIONS = {
    (cell, question)
    for rule in catalogue()
    for cell, questions in rule.reads.items()
    for question in questions
    if hasattr(question, "of_all")
}


def test_many_texts_answer_at_once_what_each_answers_alone() -> None:
    lists = {}
    for cell, question in QUESTIONS:
        texts = [*dict.fromkeys(getattr(row, cell) or "" for row in (*ROWS, *RECOMBINED))]
        lexicon.forget(0)
        lists[cell, question] = texts, [question(text) for text in texts]
    assert len(lists) > 8
    for (_, question), (texts, expected) in lists.items():
        lexicon.forget(0)
        read_ahead(texts)
        codes, answers = question.of_all(texts)
        assert [answers[code] for code in codes.tolist()] == expected
        assert len({*expected}) > 1
