"""Distinct rows judged share by share: each in one share, and all that is said of them comes back as it was."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from test_judging import tables

from perfscore import lexicon
from perfscore.config import Config
from perfscore.distinct import Rows
from perfscore.enriching import describe, distinct_rows, enrich
from perfscore.findings import TEXTS
from perfscore.quantity import parse
from perfscore.rowbook import DEALT, PRINTED, Rowbook, bind, deal, judge_share
from perfscore.rules.registry import catalogue
from perfscore.schema import INDICATORS, conform
from perfscore.similar import Int, firsts
from perfscore.verdicts import Verdicts, judge_rows

SHARES = 3


def parts() -> list[pd.DataFrame]:
    """Rows in two parts; some stand in both, some have cells that are missing, unreadable or written by the budget system."""
    _, rows = tables()
    official = min(lexicon.words("official_rows.tsv"))
    odd = rows.head(6).assign(
        name=["", official, "\ufffd\ufffd", "桥梁\n数量", "桥梁数量", "桥梁数量"],
        description=[None, "", "桥", None, None, ""],
        basis=None,
    )
    rows = pd.concat([rows, odd], ignore_index=True)
    place = np.arange(len(rows)) % 5
    place[-len(odd) :] = 2
    return [rows[place < 3].reset_index(drop=True), rows[place > 1].reset_index(drop=True)]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A rowbook of each part."""
    folder = tmp_path_factory.mktemp("book")
    for place in ("0", "1", "bound", *(f"share{share}" for share in range(SHARES))):
        (folder / place).mkdir()
    dealt = [folder / "0", folder / "1"]
    for part, to in zip(parts(), dealt, strict=True):
        deal(part, SHARES, to)
    shares = [folder / f"share{share}" for share in range(SHARES)]
    for share, to in enumerate(shares):
        judge_share(catalogue(), dealt, share, Config(), to)
    bind(shares, folder / "bound")
    return [Rowbook(folder / "bound", each) for each in dealt], dealt


def test_all_rows_of_a_name_are_in_one_share(book):
    _, dealt = book
    shares = [
        {name for folder in dealt for name in batch(folder, share)["name"].to_pylist()} for share in range(SHARES)
    ]
    assert all(shares)
    assert sum(map(len, shares)) == len(set().union(*shares))
    for part, folder in zip(parts(), dealt, strict=True):
        count = sum(batch(folder, share).num_rows for share in range(SHARES))
        assert count == len(part.drop_duplicates(list(PRINTED)))


def batch(folder, share: int) -> pa.RecordBatch:
    return pa.ipc.open_file(pa.memory_map(str(folder / DEALT))).get_batch(share)


def test_rows_are_described_as_they_are_one_by_one(book):
    books, _ = book
    for part, rowbook in zip(parts(), books, strict=True):
        pd.testing.assert_frame_equal(rowbook.describe(), describe(conform(part, INDICATORS)))
        assert not rowbook.describe()["readable"].all()
        assert rowbook.describe()["official"].any()


def said(verdicts: Verdicts) -> list[list[tuple]]:
    """What is said of each row."""
    lines = verdicts.lines
    texts = [[lines.texts[name].found[code] for code in lines.texts[name].codes.tolist()] for name in TEXTS]
    told = [*zip(lines.place.tolist(), lines.start.tolist(), lines.end.tolist(), *texts, strict=True)]
    held = verdicts.held
    return [
        [told[line] for line in held.items[held.bounds[at] : held.bounds[at + 1]].tolist()]
        for at in range(len(held.lengths))
    ]


def judged(part: pd.DataFrame) -> tuple[Rows, pd.DataFrame, Int]:
    rows = enrich(part)
    rows = rows[rows["judged"]]
    distinct, number = distinct_rows(rows)
    first = firsts(number)
    return distinct, rows.take(first), rows.index.to_numpy()[first]


def test_rows_come_back_as_they_are_where_they_stand(book):
    books, _ = book
    for part, rowbook in zip(parts(), books, strict=True):
        rows = enrich(part)
        lines = np.flatnonzero(rows["judged"])
        expected, numbers = distinct_rows(rows.take(lines))
        told, number = rowbook.rows(lines)
        assert number.tolist() == numbers.tolist()
        at = np.arange(len(told))
        assert told.records(at) == expected.records(at)
        assert {row.description for row in told.records(at)} >= {None, ""}


def test_the_same_is_said_of_a_row_as_where_it_stands(book):
    books, _ = book
    for part, rowbook in zip(parts(), books, strict=True):
        rows, printed, lines = judged(part)
        expected = said(judge_rows(catalogue(), rows, printed, Config()))
        assert said(rowbook.tell(catalogue(), rows, lines)) == expected
        assert sum(map(len, expected)) > 500


def test_rows_know_what_they_answer(book):
    books, _ = book
    for part, rowbook in zip(parts(), books, strict=True):
        told, asked = judged(part)[0], judged(part)[0]
        rowbook.tell(catalogue(), told, judged(part)[2])
        questions = {
            (cell, question)
            for rule in catalogue()
            if rule.scope != "row"
            for cell, questions in rule.reads.items()
            for question in questions
        }
        assert len(questions) > 10
        for cell, question in questions:
            answers, expected = told.asked(cell, question), asked.asked(cell, question)
            assert [answers.cells[code] for code in answers.codes.tolist()] == [
                expected.cells[code] for code in expected.codes.tolist()
            ]
        at = np.arange(len(told))
        assert [row.quantity for row in told.records(at)] == [parse(row.value) for row in asked.records(at)]


def test_a_question_that_crashes_is_asked_again_where_that_is_reported(tmp_path):
    def fails(text: str) -> bool:
        raise ValueError(text)

    rules = tuple(
        replace(rule, reads={"name": (fails, *rule.reads["name"])}) if rule.code == "PS207" else rule
        for rule in catalogue()
    )
    part = parts()[0]
    for place in ("part", "share", "bound"):
        (tmp_path / place).mkdir()
    deal(part, 1, tmp_path / "part")
    judge_share(rules, [tmp_path / "part"], 0, Config(), tmp_path / "share")
    bind([tmp_path / "share"], tmp_path / "bound")
    rows, printed, lines = judged(part)
    told = Rowbook(tmp_path / "bound", tmp_path / "part").tell(rules, rows, lines)
    assert said(told) == said(judge_rows(rules, rows, printed, Config()))
    with pytest.raises(ValueError, match=r"\w"):
        rows.asked("name", fails)
