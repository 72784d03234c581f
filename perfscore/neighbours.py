"""Things that projects of one document say they are for: what a row brought along from another of them speaks of."""

import numpy as np
import pandas as pd

from perfscore.distinct import Column
from perfscore.similar import Int, Ragged
from perfscore.text import normalise
from perfscore.vocabulary import read_ahead
from perfscore.wording import objects

__all__ = ["things_of", "units_of", "words_of"]

HEAD = ("project_name", "purpose")
SAYING = 2  # projects; a word that more of them say is one of the whole unit
MOST = 30  # projects of a unit; of more some will speak of anything


def units_of(projects: pd.DataFrame) -> "pd.Series[str]":
    """Say in which document and of which agency each project is: there a table is filled in beside the next."""
    doc, agency = (projects[cell].astype("str").fillna("") for cell in ("doc", "agency"))
    return doc.str.cat(agency, sep="\n")


def things_of(projects: pd.DataFrame, units: "pd.Series[str]") -> pd.DataFrame:
    """Return the things that projects say they are for in their name and purpose, where a unit has several.

    Parameters
    ----------
    projects : PROJECTS; ``project_id`` and ``project_name`` are enough
    units : of each project (``units_of``)

    Returns
    -------
    ``unit``, ``word`` and ``project_id``, of words that few projects of a unit say
    """
    unit, _ = pd.factorize(units)
    count = np.bincount(unit, minlength=1)[unit]
    several = np.flatnonzero((count > 1) & (count <= MOST))
    found = [pd.DataFrame({"unit": [], "word": [], "project_id": []}, dtype="str")]
    for cell in HEAD:
        if cell in projects:
            codes, printed = pd.factorize(projects[cell].take(several).astype("str").fillna(""))
            texts = [*map(normalise, printed.tolist())]
            read_ahead(texts)
            told = Column.answered(objects, texts)
            words, listed = words_of(told)
            held = words.take(codes)
            at = np.repeat(several, held.lengths)
            said = {"unit": units.array.take(at), "word": listed.take(held.items)}
            found.append(pd.DataFrame(said | {"project_id": projects["project_id"].array.take(at)}))
    every = pd.concat(found, ignore_index=True).drop_duplicates(ignore_index=True)
    few = every.groupby(["unit", "word"])["project_id"].transform("size") <= SAYING
    ordered: pd.DataFrame = every[few].sort_values(["unit", "word", "project_id"], ignore_index=True).astype("str")
    return ordered


def words_of(told: Column) -> "tuple[Ragged, pd.Index[str]]":
    """Return the words of each text, by their places among all words, and these; ``told`` are sets of words."""
    lengths = np.fromiter(map(len, told.cells), np.int64, len(told.cells))
    listed = [word for held in told.cells for word in sorted(held)]
    places, words = pd.factorize(np.array(listed, object))
    by_set = Ragged.of(lengths, places.astype(np.int64))
    codes: Int = told.codes
    return by_set.take(codes), pd.Index(words, dtype="str")
