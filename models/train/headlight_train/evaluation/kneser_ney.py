"""An interpolated Kneser-Ney n-gram model over token ids: what the network must beat.

Training streams of a few million tokens fit in memory as sorted arrays: with a
vocabulary of at most 4096, an n-gram of up to five ids packs into one 64-bit key.
"""

from __future__ import annotations

import numpy as np

_BITS = 12


class KneserNey:
    """P(w | h) = max(c(hw) - D, 0) / c(h) + D N(h) / c(h) P(w | h shortened by one).

    c counts occurrences at the highest order and distinct left neighbours below it;
    N(h) is the number of distinct successors of h; D = n1 / (n1 + 2 n2) per order.
    """

    def __init__(self, stream: np.ndarray, vocabulary: int, order: int = 5) -> None:
        if vocabulary > 1 << _BITS or order * _BITS > 64:
            raise ValueError("n-gram keys do not fit in 64 bits")
        self._vocabulary = vocabulary
        self.order = order
        self._tables: list[_Table] = []
        keys, counts = np.unique(_pack(stream, order), return_counts=True)
        for n in range(order, 0, -1):
            self._tables.append(_Table(keys, counts))
            # Dropping the oldest id of each distinct n-gram counts its left neighbours.
            shorter = keys & np.uint64((1 << _BITS * (n - 1)) - 1)
            keys, counts = np.unique(shorter, return_counts=True)
        self._tables.reverse()

    def log2_probabilities(self, stream: np.ndarray) -> np.ndarray:
        """log2 P(stream[i] | up to order - 1 ids before it), for each i."""
        padded = np.concatenate([np.zeros(self.order - 1, stream.dtype), stream])
        longest = _pack(padded, self.order)
        probability = np.full(len(stream), 1 / self._vocabulary)
        for n, table in enumerate(self._tables, start=1):
            keys = longest & np.uint64((1 << _BITS * n) - 1)
            probability = table.interpolate(keys, probability)
        return np.log2(probability)


class _Table:
    """Counts of one order, and the sums over successors of each history."""

    def __init__(self, keys: np.ndarray, counts: np.ndarray) -> None:
        self._keys, self._counts = keys, counts
        once, twice = np.count_nonzero(counts == 1), np.count_nonzero(counts == 2)
        self._discount = once / (once + 2 * twice) if once else 0.5
        self._histories, first = np.unique(keys >> np.uint64(_BITS), return_index=True)
        self._totals = np.add.reduceat(counts, first)
        self._successors = np.diff(np.append(first, len(keys)))

    def interpolate(self, keys: np.ndarray, shorter: np.ndarray) -> np.ndarray:
        """Probabilities of `keys`, given those of the keys shortened by their oldest id."""
        at, known = _find(self._histories, keys >> np.uint64(_BITS))
        total = self._totals[at]
        place, seen = _find(self._keys, keys)
        count = np.where(seen, self._counts[place], 0)
        kept = np.maximum(count - self._discount, 0) / total
        rest = self._discount * self._successors[at] / total
        return np.where(known, kept + rest * shorter, shorter)


def _pack(stream: np.ndarray, order: int) -> np.ndarray:
    """The key of every n-gram in the stream, its oldest id in the highest bits."""
    length = len(stream) - order + 1
    keys = np.zeros(length, np.uint64)
    for offset in range(order):
        keys = (keys << np.uint64(_BITS)) | stream[offset:offset + length].astype(np.uint64)
    return keys


def _find(ordered: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places of `keys` in the sorted array, and whether each is there at all."""
    places = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    return places, ordered[places] == keys
