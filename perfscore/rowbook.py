"""What is said of all distinct rows of a batch: dealt out by name, judged share by share, put together, and looked up.

Rows of one name are in one share, so hardly a text is read twice, in however many parts of the batch it stands. A row is
known by a hash of its texts as they are printed.
"""

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from perfscore.columnar import mapped, write_mapped
from perfscore.config import Config
from perfscore.content import distinct_cells
from perfscore.distinct import Column, Later, Question, Rows
from perfscore.enriching import describe, distinct_rows
from perfscore.findings import TEXTS, Coded, Lines
from perfscore.records import CELLS
from perfscore.rules.registry import Rule
from perfscore.similar import U64, Int, Ragged, combine, distinct, firsts, numbered
from perfscore.texts import Texts
from perfscore.values import Quantity
from perfscore.verdicts import Verdicts, judge_rows

__all__ = ["Rowbook", "bind", "deal", "judge_share"]

PRINTED = ("level1", "level2", "name", "description", "value", "basis")
MISSING = np.uint64(0x9E3779B97F4A7C15)  # the hash of a cell that is not there; 2**64 / golden ratio
KEYS, DEALT, ROWS, LINES = "keys.npy", "dealt.arrow", "rows.arrow", "lines.arrow"
TEXT = pa.dictionary(pa.int32(), pa.large_string())
QUANTITY = tuple(field.name for field in fields(Quantity))


def _hashes(column: "pd.Series[str]") -> U64:
    codes, found = distinct_cells(column)
    return np.append(Texts.of(found).hashes(), MISSING)[codes]


def deal(indicators: pd.DataFrame, shares: int, folder: Path) -> None:
    """Write the distinct rows of a part, a batch of ``dealt.arrow`` for each share, and the keys of all into ``keys.npy``.

    Parameters
    ----------
    indicators : INDICATORS
    shares : how many there are
    """
    hashes = {name: _hashes(indicators[name]) for name in PRINTED}
    keys = combine(*hashes.values())
    np.save(folder / KEYS, keys)
    first = firsts(distinct(keys)[0])
    share = (hashes["name"][first] % np.uint64(shares)).astype(np.int64)
    order = np.argsort(share, kind="stable")
    lines = first[order]
    columns = {name: pc.take(pa.array(indicators[name]), lines).cast(pa.string()) for name in PRINTED}
    batch = pa.table({**columns, "key": keys[lines]}).combine_chunks().to_batches()[0]  # a part has rows
    with pa.ipc.new_file(folder / DEALT, batch.schema) as to:
        counts = np.bincount(share, minlength=shares)
        for begin, count in zip((np.cumsum(counts) - counts).tolist(), counts.tolist(), strict=True):
            to.write_batch(batch.slice(begin, count))


def judge_share(rules: Sequence[Rule], dealt: Iterable[Path], share: int, config: Config, folder: Path) -> None:
    """Judge the rows of a share with the rules of row scope, and ask them what other rules will want to know.

    Parameters
    ----------
    rules : all rules that are run
    dealt : where ``deal`` wrote, of all parts
    folder : where to write: ``rows.arrow`` (``key``, ``count`` of its lines, its cells, what ``describe`` finds, answers)
        and ``lines.arrow`` (findings)
    """
    table = pa.Table.from_batches([_batch(each / DEALT, share) for each in dealt])
    keys, first = np.unique(table["key"].to_numpy(), return_index=True)
    printed = table.select(list(PRINTED)).take(first).to_pandas().astype("str")
    described = describe(printed)
    at = np.flatnonzero(described["readable"] & ~described["official"])
    printed = printed.join(described["category"]).take(at)
    rows, number = distinct_rows(printed)
    found = judge_rows(rules, rows, printed.take(firsts(number)), config)
    count = np.zeros(len(keys), np.int64)
    count[at] = found.held.lengths[number]
    columns = {"key": pa.array(keys), "count": pa.array(count)}
    columns |= {name: _texts(*pd.factorize(described[name])) for name in ("category", "kind")}
    columns |= {name: pa.array(described[name]) for name in ("official", "readable")}

    def spread(answers: Column, spell: Callable[[Any], str | None]) -> pa.DictionaryArray:
        codes = np.zeros(len(keys), np.int64)  # a row that is not judged is not asked for what it answers
        codes[at] = answers.codes[number]
        return _texts(codes, [*map(spell, answers.cells)] or [""])

    columns |= {cell: spread(rows.column(cell), _as_it_is) for cell in PRINTED}
    columns["quantity"] = spread(rows.column("quantity"), _written_out)
    for cell, question in _questions(rules):
        columns[_label(cell, question)] = pa.nulls(len(keys), TEXT)
        with suppress(Exception):  # it is asked again where a crash is reported
            columns[_label(cell, question)] = spread(rows.asked(cell, question), _spelt)
    write_mapped(pa.table(columns), folder / ROWS)
    write_mapped(_table(found.lines.take(found.held.take(number).items)), folder / LINES)


def bind(folders: Iterable[Path], folder: Path) -> None:
    """Put the results of all shares together, rows in the order of their keys; ``begin`` says where their lines begin."""
    folders = list(folders)
    rows = pa.concat_tables([mapped(each / ROWS) for each in folders]).unify_dictionaries().combine_chunks()
    count = rows["count"].to_numpy()
    order = np.argsort(rows["key"].to_numpy(), kind="stable")
    write_mapped(rows.append_column("begin", [np.cumsum(count) - count]).take(order), folder / ROWS)
    lines = pa.concat_tables([mapped(each / LINES) for each in folders]).unify_dictionaries()
    write_mapped(lines.combine_chunks(), folder / LINES)


class Rowbook:
    """What ``bind`` put together, as far as the rows of a part ask for it.

    Parameters
    ----------
    folder : where ``bind`` wrote
    dealt : where ``deal`` wrote, of this part
    """

    def __init__(self, folder: Path, dealt: Path) -> None:
        self._rows, self._lines = mapped(folder / ROWS), mapped(folder / LINES)
        number, keys = distinct(np.load(dealt / KEYS))
        self._at = np.searchsorted(self._rows["key"].to_numpy(), keys)[number]

    def describe(self) -> pd.DataFrame:
        """Return what ``enriching.describe`` finds of the rows of the part."""
        coded = {name: _coded(self._rows[name], self._at) for name in ("category", "kind")}
        texts = {name: pd.array(column.found, dtype="str").take(column.codes) for name, column in coded.items()}
        flags = {name: self._rows[name].to_numpy()[self._at] for name in ("official", "readable")}
        return pd.DataFrame(texts | flags)

    def rows(self, lines: Int) -> tuple[Rows, Int]:
        """Return what ``enriching.distinct_rows`` finds of rows that may be judged, at some positions in the part."""
        number, first = numbered(self._at[lines])
        at = self._at[lines[first]]
        coded = {cell: _coded(self._rows[cell], at) for cell in CELLS}
        columns = {cell: Column(column.codes, column.found.tolist()) for cell, column in coded.items()}
        quantity = columns["quantity"]
        return Rows(columns | {"quantity": Column(quantity.codes, Later(_quantity, quantity.cells))}), number

    def tell(self, rules: Sequence[Rule], rows: Rows, lines: Int) -> Verdicts:
        """Return what is said of distinct rows, and let them know what they answer.

        Parameters
        ----------
        rules : all rules that are run
        rows : distinct rows that may be judged
        lines : for each its position among the rows of the part
        """
        at = self._at[lines]
        for cell, question in _questions(rules):
            column = self._rows[_label(cell, question)]
            if not column.null_count:
                answers = _coded(column, at)
                rows.know(cell, question, Column(answers.codes, [*map(_meant, answers.found)]))
        begin, count = (self._rows[name].to_numpy()[at] for name in ("begin", "count"))
        held = Ragged.of(count, np.arange(count.sum()))
        line = np.repeat(begin - held.bounds[:-1], count) + held.items
        place, start, end = (self._lines[name].to_numpy()[line].astype(np.int64) for name in ("place", "start", "end"))
        texts = {name: _coded(self._lines[name], line) for name in TEXTS}
        return Verdicts(Lines(place, texts, start, end), held)


def _questions(rules: Sequence[Rule]) -> list[tuple[str, Question]]:
    """What rules of other scopes ask of the cells of rows."""
    reads = [item for rule in rules if rule.scope != "row" for item in rule.reads.items()]
    return list(dict.fromkeys((cell, question) for cell, asked in reads for question in asked))


def _label(cell: str, question: Question) -> str:
    return f"{cell} {question.__module__} {question.__qualname__}"


def _as_it_is(text: str | None) -> str | None:
    return text


def _spelt(answer: Hashable) -> str:
    return json.dumps(sorted(answer) if isinstance(answer, frozenset) else answer)


@lru_cache(maxsize=1 << 16)
def _meant(text: str) -> Hashable:
    answer = json.loads(text)
    return frozenset(answer) if isinstance(answer, list) else answer


def _written_out(quantity: Quantity) -> str:
    return json.dumps([getattr(quantity, name) for name in QUANTITY])


@lru_cache(maxsize=1 << 16)
def _quantity(text: str) -> Quantity:
    return Quantity(*json.loads(text))


def _table(lines: Lines) -> pa.Table:
    numbers = {name: pa.array(getattr(lines, name).astype(np.int32)) for name in ("place", "start", "end")}
    return pa.table(numbers | {name: _texts(*column) for name, column in lines.texts.items()})


def _texts(codes: Int, found: Iterable[str | None]) -> pa.DictionaryArray:
    texts = [*found]
    missing = np.array([text is None for text in texts], bool)[
        codes
    ]  # not among the texts: those of all shares must join
    numbers = pa.array(codes.astype(np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(numbers, pa.array([text or "" for text in texts], TEXT.value_type))


def _coded(column: pa.ChunkedArray, at: Int) -> Coded:
    """Some cells of a column, with the texts that stand in them."""
    whole = column.chunk(0) if column.num_chunks else pa.nulls(0, column.type)
    codes, used = pd.factorize(whole.indices.take(pa.array(at)).fill_null(-1).to_numpy())
    texts = whole.dictionary.take(pa.array(used, mask=used < 0))
    return Coded(codes.astype(np.int64, copy=False), texts.to_numpy(zero_copy_only=False))


def _batch(file: Path, share: int) -> pa.RecordBatch:
    return pa.ipc.open_file(pa.memory_map(str(file))).get_batch(share)
