"""How far what a graph answers is from what PyTorch answers."""

from __future__ import annotations

import numpy as np

LOGITS_TOLERANCE = 1e-4


def largest_difference(a: np.ndarray, b: np.ndarray) -> float:
    """The largest absolute difference of two arrays of one shape."""
    assert a.shape == b.shape, (a.shape, b.shape)
    return float(np.abs(a - b).max())


def require_within(differences: dict[str, float], limit: float = LOGITS_TOLERANCE) -> None:
    """Prints the differences, each with its name; raises AssertionError beyond the limit."""
    for name, difference in differences.items():
        print(f"{name}: {difference:.2e} (limit {limit:.0e})")
        assert difference <= limit, name
