"""How projects and agencies are called, to find the name of one in the rows of another."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
import pyarrow as pa

from perfscore.names import bare
from perfscore.similar import Int, Ragged, numbered
from perfscore.texts import Texts
from perfscore.titles import undated_all
from perfscore.wording import specific_words

__all__ = ["Names"]

AGENCIES = 30  # in one document; more are those of a whole region
OPENING = 5  # characters from which a name is long enough to be looked for
_ENDING = re.compile(r"(专项)?(工作|业务)?(经费|费用|资金|项目|补助|补贴|费|款|工程|服务)$")


@dataclass(frozen=True, eq=False)
class Names:
    """Names of projects and agencies that other projects may hold by mistake.

    Attributes
    ----------
    table : ``scope`` (whose projects may hold the name, see ``scopes``; empty for all), ``name`` (without year and ending),
        ``project_id`` (whose name it is; empty for an agency)
    """

    table: pd.DataFrame

    @classmethod
    def of(cls, projects: pd.DataFrame) -> Self:
        """Take the names of five characters or more from PROJECTS, and the agencies of six."""
        heads = projects[["project_name", "project_id"]].astype("str").fillna("").assign(scope=cls.scopes(projects))
        codes, printed = pd.factorize(heads["project_name"])
        cores = pd.array(_cores([*map(bare, printed.tolist())]), dtype="str")
        named = heads.assign(name=cores.take(codes)).sort_values("project_id")
        named = named.drop_duplicates(["scope", "name"])[["scope", "name", "project_id"]]
        units = pd.Series(projects["agency"].dropna().unique(), dtype="str")
        agencies = units[units.str.len() > OPENING].to_frame("name").assign(scope="", project_id="")
        table: pd.DataFrame = pd.concat([named[named["name"].str.len() >= OPENING], agencies], ignore_index=True)
        return cls(table[["scope", "name", "project_id"]].sort_values(["scope", "name"], ignore_index=True))

    @staticmethod
    def scopes(projects: pd.DataFrame) -> "pd.Series[str]":
        """Say among which projects names are looked for: those of the same document; in a table of a whole region, where
        the name of some project stands in every other text, those of the same agency.
        """
        doc, docs = pd.factorize(projects["doc"].astype("str"), use_na_sentinel=False)
        agency, agencies = pd.factorize(projects["agency"].astype("str").fillna(""))
        pair, first = numbered(doc, agency)
        doc, agency = doc[first], agency[first]
        named, many = pd.Series(docs[doc]), np.bincount(doc) > AGENCIES
        scopes = named.where(~many[doc], named.str.cat(agencies[agency], sep="\n"))
        return scopes.take(pair).set_axis(projects.index)

    @cached_property
    def _openings(self) -> "tuple[Int, pd.Index[Any]]":
        """The first five characters of each name: which of some hashes it has, and these hashes."""
        codes, found = pd.factorize(self.table["name"].str[:OPENING])
        return codes.astype(np.int64), pd.Index(Texts.of(pa.array(found)).shingles(OPENING).items)

    @cached_property
    def _keys(self) -> "tuple[pd.Index[Any], pd.Index[Any], Ragged]":
        """The scopes; scope and opening as one number, each once; the lines of ``table`` that have it."""
        scope, scopes = pd.factorize(self.table["scope"])
        opening, openings = self._openings
        key, found = pd.factorize(scope * len(openings) + opening)
        return pd.Index(scopes), pd.Index(found), Ragged.of(np.bincount(key), np.argsort(key, kind="stable"))

    def numbered(self, scopes: "pd.Series[str]") -> Int:
        """Number scopes as ``opened`` knows them."""
        return np.asarray(self._keys[0].get_indexer(pd.Index(scopes)), np.int64)

    def opened(self, texts: "pd.Series[str]", line: Int, scope: Int) -> tuple[Int, Ragged]:
        """Find the lines whose text holds the first characters of a name of their scope, or of all.

        Parameters
        ----------
        texts : what may stand in a line
        line, scope : of each line which of the texts it holds, and the number of its scope

        Returns
        -------
        these lines, and for each the names (lines of ``table``)
        """
        codes, distinct = pd.factorize(texts)
        grams = Texts.of(pa.array(distinct)).shingles(OPENING)
        opening = self._openings[1].get_indexer(pd.Index(grams.items))
        met = opening >= 0
        text = np.repeat(np.arange(len(distinct)), grams.lengths)[met]
        held = Ragged.of(np.append(np.bincount(text, minlength=len(distinct)), 0), opening[met])
        code = codes[line]
        row = np.flatnonzero(held.lengths[code])
        held = held.take(code[row])
        row = np.repeat(row, held.lengths)
        scopes, keys, named = self._keys
        asked = np.append(scope[row], scopes.get_indexer(pd.Index([""])).repeat(len(row)))
        key = np.where(asked >= 0, asked * len(self._openings[1]) + np.tile(held.items, 2), -1)
        at = keys.get_indexer(pd.Index(key))
        row, at = np.tile(row, 2)[at >= 0], at[at >= 0]
        lines, counts = np.unique(row, return_counts=True)
        return lines, Ragged.of(counts, at[np.argsort(row, kind="stable")]).through(named)

    @staticmethod
    def within(text: str, names: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Return which of some names stand in a text, each with its project, in order; a name inside a longer one is none.

        Examples
        --------
        >>> Names.within("保障图书馆免费开放，减少投诉", [("图书馆免费开放", "甲#1"), ("免费开放", "甲#2")])
        {'图书馆免费开放': '甲#1'}
        """
        # From left to right, the longest first; of an agency and a project of one name, the project.
        spots = sorted(
            (place.start(), -len(name), project == "", name, project)
            for name, project in set(names)
            if name in text and specific_words(name)
            for place in re.finditer(f"(?={re.escape(name)})", text)
        )
        found: dict[str, str] = {}
        done = 0
        for start, _, _, name, project in spots:
            if start >= done:
                found.setdefault(name, project)
                done = start + len(name)
        return found


def _cores(names: list[str]) -> list[str]:
    """Return names without year and ending; one with its year in the midst is looked for as it is printed."""
    undated = undated_all(pa.array(names, pa.string())).to_pylist()
    return [_ENDING.sub("", core if core in name else name) for name, core in zip(names, undated, strict=True)]
