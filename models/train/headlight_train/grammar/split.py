"""What training never sees: word combinations held back by a hash that is fixed beforehand.

The hash looks at the words alone, so the split does not move when frames or other words come
and go, nor with the order in which sentences are generated.
"""

from __future__ import annotations

import hashlib

Combination = tuple[str, str, str]
"""("object", verb, noun) or ("quality", adjective, noun), each by its English base form."""

HELD_OUT_PER_CENT = 8


def is_held_out(combination: Combination, seed: int) -> bool:
    """Whether a combination belongs to the test set of this seed, as about 8 % do."""
    text = "\t".join((str(seed), *combination)).encode()
    number = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")
    return number % 10_000 < HELD_OUT_PER_CENT * 100
