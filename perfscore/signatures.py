"""MinHash signatures and the pairs worth comparing, in time linear in the number of sets.

A signature holds, for each of 64 random orders of all n-grams, the smallest n-gram of the set; two signatures agree in
a position with a probability equal to the Jaccard similarity of the sets (Broder 1997, *On the resemblance and
containment of documents*). The signature of a union is the elementwise minimum, so strings are hashed once and tables
never spelt out. Signatures are cut into bands; sets that agree in a whole band meet in a bucket (Leskovec, Rajaraman,
Ullman, *Mining of Massive Datasets*, 3.4: locality-sensitive hashing). In a bucket each set is paired with the first
one, never with all: a popular template costs as many pairs as it has copies, not their square.
"""

import numpy as np
import numpy.typing as npt

from perfscore.similar import U64, Int, Ragged, distinct, mix, parallel

__all__ = ["PERMUTATIONS", "Signatures", "agreement", "band_for", "candidates", "signatures", "union"]

Signatures = npt.NDArray[np.uint16]

PERMUTATIONS = 64
EMPTY = np.uint16(0xFFFF)
# Up to here every pair is looked at: a reviewer's batch is compared without any chance of a miss.
FEW = 512
_CHUNK = 1 << 12


def signatures(sets: Ragged, grams: U64) -> Signatures:
    """MinHash of each set: 64 minima of 16 bits; an empty set gets the neutral signature.

    Parameters
    ----------
    sets : row i lists the elements of set i as positions in ``grams``
    grams : 64-bit hashes of the distinct elements

    Examples
    --------
    >>> signatures(Ragged.of([2, 0], np.array([0, 1])), np.array([7, 9], np.uint64)).shape
    (2, 64)
    """
    seeds = mix(np.arange(PERMUTATIONS // 4, dtype=np.uint64))
    orders = np.stack([mix(grams ^ seed) for seed in seeds], axis=1)
    values = (
        orders.astype("<u8", copy=False).view("<u2").astype(np.uint16, copy=False).reshape(len(grams), PERMUTATIONS)
    )
    return _minima(values, sets)


def union(parts: Signatures, sets: Ragged) -> Signatures:
    """Signature of the union of some sets: row i joins the signatures at the positions ``sets`` row i lists."""
    return _minima(parts, sets)


def _minima(values: Signatures, sets: Ragged) -> Signatures:
    """Elementwise minimum of the rows of ``values`` that each set lists.

    Sets of like length are done together, a chunk at a time to stay in the cache: first elements, second elements …
    """
    result = np.full((len(sets.bounds) - 1, PERMUTATIONS), EMPTY, np.uint16)
    lengths = sets.lengths
    longest = int(lengths.max(initial=0))
    # Integers of 16 bits are sorted in linear time.
    order = np.argsort((longest - lengths).astype(np.min_scalar_type(longest)), kind="stable")
    lengths, starts = lengths[order], sets.bounds[:-1][order]

    def join(begin: int) -> None:
        part = slice(begin, begin + _CHUNK)
        chunk, buffer = np.empty((2, _CHUNK, PERMUTATIONS), np.uint16)
        longer = np.searchsorted(-lengths[part], -np.arange(lengths[begin]), "left")
        for at, count in enumerate(longer):
            to = buffer if at else chunk
            # With mode "clip" numpy writes into it directly; no position is out of range.
            values.take(sets.items[starts[part][:count] + at], axis=0, out=to[:count], mode="clip")
            if at:
                np.minimum(chunk[:count], buffer[:count], out=chunk[:count])
        result[order[part][: longer[0]]] = chunk[: longer[0]]

    parallel(join, range(0, np.count_nonzero(lengths), _CHUNK))
    return result


def band_for(near: float, met: float = 0.98) -> int:
    """Return how many values a band may have so that a pair of sets this alike shares a bucket with a probability ``met``.

    Sets of Jaccard similarity s meet in a band of b values with probability s^b, in one of 64/b bands with 1-(1-s^b)^(64/b).

    Examples
    --------
    >>> band_for(0.7), band_for(0.6), band_for(0.4), band_for(0.2)
    (4, 3, 2, 1)
    """
    chances = {band: 1 - (1 - near**band) ** (PERMUTATIONS // band) for band in (4, 3, 2)}
    return next((band for band, chance in chances.items() if chance >= met), 1)


def candidates(signs: Signatures, apart: U64, band: int = 4, neighbours: int = 0) -> tuple[Int, Int]:
    """Pairs (earlier, later) of sets that may be alike; sets of different ``apart`` never meet.

    Parameters
    ----------
    signs : signatures; the order matters: in each bucket the first set is the one the others are paired with
    apart : what keeps sets apart
    band : values in a band, at most 4; the fewer, the less similar are the sets that meet
    neighbours : sets before it in the bucket that each set is paired with besides the first
    """
    count = len(signs)
    if count <= FEW:
        first, second = np.triu_indices(count, 1)
        together = apart[first] == apart[second]
        return first[together], second[together]
    position = np.arange(count, dtype=np.int32)
    seeds = mix(apart)
    starts = range(0, PERMUTATIONS - band + 1, band)
    # Whom each set is paired with, a row a band and a step; where a set meets nobody, itself.
    met = np.empty((len(starts), 1 + neighbours, count), np.int32)

    def meet(number: int) -> None:
        values = np.zeros((count, 4), "<u2")
        values[:, :band] = signs[:, starts[number] : starts[number] + band]
        bucket, buckets = distinct(mix(values.view("<u8")[:, 0] + seeds))
        head = np.empty(len(buckets), np.int32)
        head[bucket[::-1]] = position[::-1]  # written last, the first set of the bucket stays
        met[number, 0] = head[bucket]
        in_order = np.argsort(bucket, kind="stable") if neighbours else position
        for step in range(1, neighbours + 1):
            beside = bucket[in_order[step:]] == bucket[in_order[:-step]]
            met[number, step] = position
            met[number, step, in_order[step:][beside]] = in_order[:-step][beside]

    parallel(meet, range(len(starts)))

    def once(begin: int) -> tuple[Int, Int]:
        found = met.reshape(-1, count)[:, begin : begin + _CHUNK]
        new = found != position[begin : begin + _CHUNK]
        for row in range(1, len(found)):
            new[row] &= (found[row] != found[:row]).all(axis=0)
        rows, second = np.nonzero(new)
        return found[rows, second].astype(np.int64), second + begin

    pairs = parallel(once, range(0, count, _CHUNK))
    first, second = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return first, second


def agreement(signs: Signatures, first: Int, second: Int) -> npt.NDArray[np.float64]:
    """Share of positions in which signatures agree: an estimate of Jaccard with a standard error of at most 1/16."""
    result = np.empty(len(first))

    def compare(start: int) -> None:
        part = slice(start, start + _CHUNK)
        equal = signs[first[part]] == signs[second[part]]
        result[part] = np.add.reduce(equal, axis=1, dtype=np.uint8) / PERMUTATIONS

    parallel(compare, range(0, len(first), _CHUNK))
    return result
