"""Well-set indicators of other projects, cited in an advice as examples of how a row of its kind is written.

An exemplar is a row without a finding that costs points, specific, and with a number or date as value. It is of the same
class and measures the same dimension; among those, the nearest by name are cited. Names are compared by latent semantic
analysis (Deerwester et al. 1990) of their character n-grams, or by vectors of one's own (``Config.embedder``).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfscore.distinct import Rows
from perfscore.errors import ConfigError
from perfscore.names import bare, is_label
from perfscore.proposals import asked
from perfscore.records import Row
from perfscore.similar import Int
from perfscore.wording import specific_words

__all__ = ["MOST_NAMES", "cite"]

Vectors = npt.NDArray[np.float64]
Embedder = Callable[[list[str]], Any]

MOST_NAMES = 20_000  # with more distinct names, nothing is cited: the comparison would take longer than the rules
NEAR = 0.55  # cosine from which a name is near enough to be cited
COMPONENTS = 64
CHUNK = 512
LONGEST = 30  # characters of a name or value that is cited
# Rules whose advice is a rewrite of name or value, so that seeing a good one helps.
CITED = frozenset({"PS101", "PS103", "PS106", "PS201", "PS203", "PS208", "PS301", "PS302", "PS303"})

UNTRUSTED = frozenset({"PS102", "PS401"})  # tables whose values or whole text are not their own


def cite(
    findings: pd.DataFrame,
    indicators: pd.DataFrame,
    rows: Rows,
    codes: Int,
    limit: int,
    embedder: Embedder | None = None,
) -> pd.DataFrame:
    """Add to the advice of findings on rows up to ``limit`` indicators of other projects.

    Parameters
    ----------
    findings : FINDINGS, of all rules of row scope
    indicators : INDICATORS that were judged
    rows, codes : their distinct rows, and for each indicator the position of its row among them
    limit : indicators cited in one advice
    embedder : names -> one vector each, ``n x d``

    Raises
    ------
    ConfigError
        the embedder does not give one vector a name
    """
    if not limit:
        return findings
    places = pd.MultiIndex.from_frame(indicators[["project_id", "row_no"]].astype({"row_no": "int64"}))
    wanted = findings[findings["row_no"].notna() & findings["code"].isin(CITED)]
    at = places.get_indexer(pd.MultiIndex.from_frame(wanted[["project_id", "row_no"]].astype({"row_no": "int64"})))
    wanted, at = wanted[at >= 0], at[at >= 0]
    if wanted.empty:
        return findings
    good = _exemplars(findings, indicators, rows, codes, places)
    asking = sorted({int(code) for code in codes[at]})
    near = _nearest(rows, asking, good, embedder)
    said = [
        _words(
            rows[codes[place]], [(rows[code], by) for code, by in near.get(int(codes[place]), ())], project_id, limit
        )
        for place, project_id in zip(at, wanted["project_id"], strict=True)
    ]
    advice = findings["advice"].copy()
    advice[wanted.index] = wanted["advice"] + pd.Series(said, index=wanted.index, dtype="str")
    return findings.assign(advice=advice)


def _exemplars(
    findings: pd.DataFrame,
    indicators: pd.DataFrame,
    rows: Rows,
    number: npt.NDArray[Any],
    places: pd.MultiIndex,
) -> dict[int, tuple[str, ...]]:
    """Return the well-set distinct rows, each with one or two projects that hold it."""
    costing = findings[findings["severity"] != "info"]
    on_row = costing[costing["row_no"].notna()]
    faulty = pd.MultiIndex.from_frame(on_row[["project_id", "row_no"]].astype({"row_no": "int64"}))
    copied = costing.loc[costing["row_no"].isna() & costing["code"].isin(UNTRUSTED), "project_id"]
    clean = ~places.isin(faulty) & ~indicators["project_id"].isin(copied).to_numpy()
    held = pd.DataFrame({"code": number, "project": indicators["project_id"].to_numpy()})[clean].drop_duplicates()
    held = held.sort_values(["code", "project"], ignore_index=True)
    counts = held["code"].value_counts().to_dict()
    holders: dict[int, tuple[str, ...]] = {}
    for code, project in held.groupby("code").head(2).itertuples(index=False):
        holders[code] = (*holders.get(code, ()), project)
    best: dict[tuple[str, str], int] = {}
    order = sorted((code for code in holders if _specific(rows[code])), key=lambda c: (-counts[c], rows[c].value, c))
    for code in order:
        best.setdefault((rows[code].category, bare(rows[code].name)), code)
    return {code: holders[code] for code in sorted(best.values())}


def _specific(row: Row) -> bool:
    quantified = row.quantity.low is not None or bool(row.quantity.deadline)
    short = max(len(row.name), len(row.value)) <= LONGEST
    return bool(row.category) and quantified and short and not is_label(row.name) and bool(specific_words(row.name))


def _text(row: Row) -> str:
    """What a row is looked up by: its name, or its description where the name is only a label."""
    return bare(row.description or "") if is_label(row.name) else bare(row.name)


def _nearest(
    rows: Rows, asking: list[int], good: dict[int, tuple[str, ...]], embedder: Embedder | None
) -> dict[int, list[tuple[int, tuple[str, ...]]]]:
    """Return for each row that asks the exemplars of its kind, nearest first, with their holders."""
    offering = {rows[code].category for code in good}
    asking = [code for code in asking if rows[code].category in offering and _text(rows[code])]
    names = sorted({_text(rows[code]) for code in (*asking, *good)})
    if not asking or len(names) > MOST_NAMES:
        return {}
    vectors = dict(zip(names, _vectors(names, embedder), strict=True))
    kinds: dict[str, list[int]] = {}
    for code in good:
        kinds.setdefault(rows[code].category, []).append(code)
    near: dict[int, list[tuple[int, tuple[str, ...]]]] = {}
    for category, members in kinds.items():
        those = [code for code in asking if rows[code].category == category]
        dimension = np.array([asked(rows[code].name, category) for code in members])
        offered = np.array([vectors[_text(rows[code])] for code in members])
        for first in range(0, len(those), CHUNK):
            part = those[first : first + CHUNK]
            # Rounded, so that equal names tie and fall back to the order of the rows on any machine.
            likeness = np.round(np.array([vectors[_text(rows[code])] for code in part]) @ offered.T, 4)
            for code, row_likeness in zip(part, likeness, strict=True):
                wanted = asked(rows[code].name, category)
                fits = (row_likeness >= NEAR) & ((dimension == wanted) | (wanted == ""))
                places = np.flatnonzero(fits)
                best = places[np.argsort(-row_likeness[places], kind="stable")][:8]
                near[code] = [(members[place], good[members[place]]) for place in best]
    return near


def _vectors(names: list[str], embedder: Embedder | None) -> Vectors:
    """Return a vector of length 1 for each name (of length 0 where nothing is known of it)."""
    found = np.asarray(embedder(names) if embedder else _analysed(names), dtype=float)
    if found.ndim != 2 or len(found) != len(names) or not np.isfinite(found).all():
        raise ConfigError(f"embedder 应为 {len(names)} 个名称各给出一个向量（n×d 的有限数），得到形状 {found.shape}")
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return found / np.where(lengths > 0, lengths, 1.0)


def _analysed(names: list[str]) -> Vectors:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from threadpoolctl import threadpool_limits

    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True, max_features=MOST_NAMES)
    counts = grams.fit_transform(names)
    components = min(COMPONENTS, min(counts.shape) - 1)
    if components < 2:
        return np.asarray(counts.toarray())
    # Matrices this thin are slower on several threads than on one, and one gives the same on any machine.
    with threadpool_limits(1):
        return np.asarray(TruncatedSVD(components, random_state=0).fit_transform(counts))


def _words(row: Row, near: list[tuple[Row, tuple[str, ...]]], project_id: str, limit: int) -> str:
    """Cite indicators of other projects that bear another name than the row itself."""
    others = [other for other, by in near if by != (project_id,) and _text(other) != _text(row)][:limit]
    return "参考其他项目：" + "".join(f"“{other.name} {other.value}”" for other in others) + "。" if others else ""
