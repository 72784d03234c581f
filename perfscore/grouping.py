"""Groups of things that are alike, from links between some of them; groups of nearly equal texts.

All pairs of a popular text are quadratic, so they are never listed. A group is a star: every member is alike to one of
them, its centre, and a chain of small changes never makes one huge group.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from perfscore.signatures import band_for, candidates, signatures
from perfscore.similar import U64, Int
from perfscore.texts import Texts

__all__ = ["join_lone", "near_texts", "stars_of"]

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

_LETTERS = 2
_BAND = 3
_NEIGHBOURS = 1
_MET = 0.95
_PAIRS = 1 << 20


def stars_of(count: int, a: Int, b: Int, alike: Callable[[Int, Int], Marks]) -> Int:
    """Cut the components of linked things into stars; return the centre of each, itself if it is in none.

    Parameters
    ----------
    count : number of things; the earlier one is, the rather it is a centre
    a, b : the earlier and the later thing of each link
    alike : whether pairs of things are alike; links are
    """
    # Slow to import, and asked for by few processes of a large run.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    star = np.arange(count)
    while len(a):
        nodes, ends = np.unique(np.concatenate([a, b]), return_inverse=True)
        a_node, b_node = np.split(ends, 2)
        graph = coo_array((np.ones(len(a), np.int8), (a_node, b_node)), shape=(len(nodes), len(nodes)))
        component = connected_components(graph, directed=False)[1]
        head = nodes[np.unique(component, return_index=True)[1]][component]
        joins = nodes == head
        joins[b_node[a == head[b_node]]] = True
        others = np.flatnonzero(~joins)
        joins[others] = alike(head[others], nodes[others])
        star[nodes[joins]] = head[joins]
        rest = ~(joins[a_node] | joins[b_node])
        a, b = a[rest], b[rest]
    return star


def join_lone(
    star: Int, lone: Marks, first: Int, second: Int, similarity: Callable[[Int, Int], Floats], near: float
) -> tuple[Int, Int]:
    """Let things left alone join the group of the linked thing they are most similar to.

    Returns the centre of the group of each thing and the thing it is compared with, its centre unless it joined so.
    """
    peer, star = star.copy(), star.copy()
    one, other = np.concatenate([first, second]), np.concatenate([second, first])
    one, other = one[lone[one]], other[lone[one]]
    likeness = similarity(one, other)
    like = likeness >= near
    one, other, likeness = one[like], other[like], likeness[like]
    order = np.lexsort((other, -likeness, one))
    joining, at = np.unique(one[order], return_index=True)
    peer[joining] = other[order][at]
    star[joining] = star[peer[joining]]
    return star, peer


def near_texts(texts: Texts, apart: U64, near: float) -> tuple[Int, Floats]:
    """Group nearly equal texts, in time linear in their number.

    Texts that share pairs of letters are found with MinHash; in each bucket a text is linked with the first one and the
    one before it, and every link is checked by the edit distance.

    Parameters
    ----------
    texts : the earlier one is, the rather it is the centre of a group
    apart : texts that differ in this never meet
    near : similarity (0-1, rapidfuzz ``ratio``) from which two texts are nearly equal

    Returns
    -------
    the centre of the group of each text, itself if it is in none; and the similarity with it, or for a text near another
    member only, with that one

    Examples
    --------
    >>> texts = Texts.of(["全县农村公路养护里程", "全市农村公路养护里程", "校舍维修面积"])
    >>> near_texts(texts, np.zeros(3, np.uint64), 0.85)[0].tolist()
    [0, 0, 2]
    """
    listed = np.array(texts.to_list(), dtype=object)

    def similarity(first: Int, second: Int) -> Floats:
        result = np.ones(len(first))
        for begin in range(0, len(first), _PAIRS):
            part = slice(begin, begin + _PAIRS)
            pairs = listed[first[part]].tolist(), listed[second[part]].tolist()
            result[part] = process.cpdist(*pairs, scorer=fuzz.ratio, dtype=np.float64, workers=-1) / 100
        return result

    signs = signatures(*texts.grams(_LETTERS))
    # One letter changed in seven leaves 0.86 of the text and half of its pairs of letters.
    pairs = max(0.0, (2 * near - 1) / (3 - 2 * near))
    first, second = candidates(signs, apart, min(_BAND, band_for(pairs, _MET)), _NEIGHBOURS)
    linked = similarity(first, second) >= near
    first, second = first[linked], second[linked]
    star = stars_of(len(texts), first, second, lambda a, b: similarity(a, b) >= near)
    lone = np.bincount(star, minlength=len(star))[star] == 1
    star, peer = join_lone(star, lone, first, second, similarity, near)
    return star, similarity(peer, np.arange(len(star)))
