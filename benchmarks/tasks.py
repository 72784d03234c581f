"""What is measured: each task takes a parquet file of a corpus; the finders of copied tables answer with groups.

The peers get the texts of whole tables, joined from distinct folded strings, and identical tables merged first, as a
careful user would; reading and joining counts in the time of all. Those that are quadratic if they list all pairs are
given what spares them that: rensa and datasketch look for similar tables among those kept so far, check them by
signature and keep a table only if nothing was similar.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.dataset  # noqa: F401  imported by the first read otherwise, within the measured time
import pyarrow.parquet as pq
import scipy.sparse.csgraph  # noqa: F401  the same, by the first search

from perfscore.content import distinct_cells
from perfscore.copies import stars
from perfscore.corpus import Corpus
from perfscore.forms import Forms
from perfscore.texts import Texts

KEYS = ["project_id", "project_name", "agency", "division"]
TEXTS = ["level1", "level2", "name", "description", "value", "basis"]
HEADS = {"region": "division", "department": "agency"}
PEER_NEAR = 0.6
COSINE_NEAR = 0.7
RATIO_NEAR = 80
ROW_NEAR = 85
PERMUTATIONS = 64

Groups = dict[str, int]


def read(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """PROJECTS and INDICATORS of a flat parquet file; texts stay as the file holds them, numbered."""
    named = {name: HEADS.get(name, name) for name in pq.read_schema(path).names}
    wanted = [name for name in named if named[name] in (*KEYS, *TEXTS)]
    table = pq.read_table(path, columns=wanted, read_dictionary=wanted).rename_columns([named[name] for name in wanted])
    number, _ = distinct_cells(table["project_id"].to_pandas())
    projects = table.select(KEYS).take(np.flatnonzero(~pd.Series(number).duplicated()))
    indicators = table.select(["project_id", *TEXTS]).to_pandas(types_mapper=pd.ArrowDtype)
    return projects.to_pandas(types_mapper=pd.ArrowDtype).assign(doc="corpus"), indicators


def perfscore(path: Path) -> Groups:
    """Groups by perfscore: read, fit, search; each project's group."""
    corpus = Corpus.fit(*read(path))
    forms = Forms.of(corpus)
    star, _ = stars(forms, corpus.settings.near)
    known = forms.of_project >= 0
    ids = corpus.projects["project_id"].to_numpy()[known]
    return dict(zip(ids.tolist(), star[forms.of_project[known]].tolist(), strict=True))


def full(path: Path) -> Groups:
    """The whole COPIES table with exact similarities and readable differences."""
    copies = Corpus.fit(*read(path)).copies()
    return dict(zip(copies["project_id"], pd.factorize(copies["group"])[0].tolist(), strict=True))


def texts_of(path: Path) -> tuple[list[str], list[str]]:
    """Project ids and the folded text of each table, as the peers need it."""
    _, rows = read(path)
    joined = None
    for name in TEXTS[2:]:
        codes, found = distinct_cells(rows[name])
        column = np.array(Texts.of(found).folded().to_list(), dtype=object)[codes]
        joined = column if joined is None else joined + "\n" + column
    number, ids = distinct_cells(rows["project_id"])
    tables = pd.Series(joined).groupby(number).agg("\n".join)
    return ids.to_pylist(), tables.tolist()


def grams_of(text: str) -> list[str]:
    """Character 3-grams of a text."""
    return [text[at : at + 3] for at in range(len(text) - 2)]


def online(path: Path, sign: Callable[[list[str]], Any], index: Any) -> Groups:
    """Query, check by signature, insert only what is like nothing kept so far."""
    ids, texts = texts_of(path)
    merged, found = pd.factorize(np.array(texts, dtype=object))
    group = np.empty(len(found), np.int64)
    kept: dict[int, Any] = {}
    for number, text in enumerate(found):
        signature = sign(grams_of(text))
        likeness, best = max(
            ((signature.jaccard(kept[near]), -near) for near in index.query(signature)), default=(0.0, 0)
        )
        if likeness >= PEER_NEAR:
            group[number] = -best
        else:
            group[number] = number
            kept[number] = signature
            index.insert(number, signature)
    return dict(zip(ids, group[merged].tolist(), strict=True))


def rensa(path: Path) -> Groups:
    """The same by rensa."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=PEER_NEAR, num_perm=PERMUTATIONS, num_bands=16)

    def sign(grams: list[str]) -> Any:
        signature = RMinHash(num_perm=PERMUTATIONS, seed=1)
        signature.update(grams)
        return signature

    return online(path, sign, index)


def datasketch(path: Path) -> Groups:
    """The same by datasketch."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=PERMUTATIONS, params=(16, 4))

    def sign(grams: list[str]) -> Any:
        signature = MinHash(num_perm=PERMUTATIONS, seed=1)
        signature.update_batch([gram.encode() for gram in set(grams)])
        return signature

    return online(path, sign, index)


def merged(path: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Project ids, the distinct table text of each, and these texts."""
    ids, texts = texts_of(path)
    number, found = pd.factorize(np.array(texts, dtype=object))
    return ids, number, found


def linked(ids: list[str], number: np.ndarray, count: int, first: np.ndarray, second: np.ndarray) -> Groups:
    """Groups of tables that links connect."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(first), np.int8), (first, second)), shape=(count, count))
    group = connected_components(graph, directed=False)[1]
    return dict(zip(ids, group[number].tolist(), strict=True))


def sparse_dot_topn(path: Path) -> Groups:
    """TF-IDF of 3-grams, the ten most similar tables of each."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    ids, number, found = merged(path)
    weights = TfidfVectorizer(analyzer="char", ngram_range=(3, 3), dtype=np.float32).fit_transform(found)
    best = sp_matmul_topn(weights, weights.T, top_n=10, threshold=COSINE_NEAR, n_threads=2).tocoo()
    return linked(ids, number, len(found), best.row, best.col)


def cdist(path: Path) -> Groups:
    """Edit distance of all pairs of tables."""
    from rapidfuzz import fuzz, process

    ids, number, found = merged(path)
    listed = found.tolist()
    alike = process.cdist(listed, listed, scorer=fuzz.ratio, score_cutoff=RATIO_NEAR, dtype=np.uint8, workers=2)
    return linked(ids, number, len(found), *np.nonzero(alike))


def template_texts(path: Path) -> Texts:
    """The distinct row texts that are compared: name and description with numbers masked."""
    corpus = Corpus.fit(*read(path))
    rows = np.flatnonzero(corpus.rows["comparable"].to_numpy())
    said = corpus.places.masked.take(corpus.places.cells[rows][:, :2].ravel())
    both = Texts(said.characters, said.bounds[::2])
    return both.take(np.unique(both.hashes(), return_index=True)[1])


def near_rows(path: Path) -> int:
    """Row texts in groups of nearly equal ones, by perfscore."""
    return len(Corpus.fit(*read(path)).row_groups())


def near_rows_cdist(path: Path) -> int:
    """Row texts that are nearly equal to another one, all compared with all by rapidfuzz."""
    from rapidfuzz import fuzz, process

    listed = template_texts(path).to_list()
    alike = 0
    for begin in range(0, len(listed), 2000):
        part = listed[begin : begin + 2000]
        found = process.cdist(part, listed, scorer=fuzz.ratio, score_cutoff=ROW_NEAR, dtype=np.uint8, workers=2)
        alike += int(np.count_nonzero(np.count_nonzero(found, axis=1) > 1))
    return alike


def words(path: Path) -> None:
    """Words of all names and descriptions: perfscore, each distinct text once."""
    from perfscore.cutting import cut_all
    from perfscore.text import dictionary

    _, rows = read(path)
    texts = pd.unique(pd.concat([rows["name"], rows["description"]]).astype("str"))
    list(cut_all(dictionary(), texts.tolist()))


def words_jieba(path: Path) -> None:
    """The same by jieba, on every row, as one would first write it."""
    import jieba

    jieba.setLogLevel(60)
    _, rows = read(path)
    for name in ("name", "description"):
        for text in rows[name].astype("str"):
            jieba.lcut(text)


def counts(path: Path) -> None:
    """In how many other projects each row stands: perfscore; learns the whole corpus for it."""
    projects, rows = read(path)
    Corpus.fit(projects, rows).row_projects(rows)


def counts_pandas(path: Path) -> None:
    """The same by a group-by of pandas on strings: texts as printed, and halves of a project count as two."""
    frame = pd.read_parquet(path, columns=["project_id", "name", "description", "value"])
    frame.groupby(["name", "description", "value"])["project_id"].transform("nunique")


PEERS = {
    "rensa": ("rensa",),
    "datasketch": ("datasketch",),
    "sparse_dot_topn": ("sparse_dot_topn", "sklearn"),
    "rapidfuzz cdist": ("rapidfuzz",),
    "rapidfuzz cdist, all rows": ("rapidfuzz",),
    "jieba on every row": ("jieba",),
    "pandas group-by": ("pandas",),
}
"""What a task needs that may not be installed."""

TASKS: dict[str, Callable[[Path], Any]] = {
    "perfscore": perfscore,
    "perfscore, whole COPIES table": full,
    "rensa": rensa,
    "datasketch": datasketch,
    "sparse_dot_topn": sparse_dot_topn,
    "rapidfuzz cdist": cdist,
    "perfscore, nearly equal rows": near_rows,
    "rapidfuzz cdist, all rows": near_rows_cdist,
    "perfscore, distinct texts at once": words,
    "jieba on every row": words_jieba,
    "perfscore, row_projects": counts,
    "pandas group-by": counts_pandas,
}


def quality(groups: Groups, truth: pd.DataFrame) -> tuple[float, float]:
    """Recall and precision against the planted copies; a template without a word-for-word copy is no part of recall."""
    truth = truth.assign(group=truth["project_id"].astype(str).map(groups))
    verbatim = truth[(truth["kind"] == "verbatim") & truth["group"].notna()]
    main = verbatim.groupby("template")["group"].agg(lambda group: group.value_counts().index[0])
    edited = truth[(truth["kind"] == "edited") & truth["template"].isin(main.index)]
    recall = float((edited["group"] == edited["template"].map(main)).mean()) if len(edited) else float("nan")
    grouped = truth[truth["group"].notna()].reset_index()
    origin = grouped["template"].where(grouped["template"] >= 0, -1 - grouped["index"])
    same, every = (grouped.groupby(by).size() for by in (["group", origin], ["group"]))
    pairs = (every * (every - 1)).sum()
    return recall, float((same * (same - 1)).sum() / pairs) if pairs else float("nan")
