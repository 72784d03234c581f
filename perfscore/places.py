"""A corpus by position: its texts, the cells of its rows and the rows of its tables, each named by where it stands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from perfscore.content import CELLS
from perfscore.similar import Ragged, lookup
from perfscore.texts import Texts

if TYPE_CHECKING:
    from perfscore.corpus import Corpus

__all__ = ["Places"]

_SAID = CELLS.index("basis")


@dataclass(frozen=True, slots=True)
class Places:
    """What the hashes of a corpus point at, as positions. ``Corpus.partial`` knows them, other corpora look them up.

    Attributes
    ----------
    texts : the distinct strings, in order of their hashes
    masked : the same with numbers masked
    cells : position in ``texts`` of the four cells of each row
    tables : the rows (positions) of each distinct table, in order of the hash of the table
    """

    texts: Texts
    masked: Texts
    cells: npt.NDArray[np.integer[Any]]
    tables: Ragged

    def strings(self, rows: Ragged) -> Ragged:
        """Replace each row (position) by the positions of its name, description and value.

        The basis is left out: it is often one for the whole table, and long.
        """
        return Ragged(self.cells.take(rows.items, axis=0)[:, :_SAID].ravel(), rows.bounds * _SAID)

    @classmethod
    def of(cls, corpus: "Corpus") -> Self:
        """Look up all hashes of a corpus."""
        texts = Texts.of(pa.array(corpus.strings["text"]))
        cells = corpus.rows[list(CELLS)].to_numpy(np.uint64)
        at = lookup(corpus.strings["string"], cells.ravel()).reshape(cells.shape)
        table = corpus.tables["table"].to_numpy()
        begins = np.flatnonzero(np.append(True, table[1:] != table[:-1])[: len(table)])
        rows = lookup(corpus.rows["row"], corpus.tables["row"])
        return cls(texts, texts.masked(), at, Ragged.of(np.diff(begins, append=len(table)), rows))
