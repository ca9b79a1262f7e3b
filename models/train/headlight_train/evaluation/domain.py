"""By what a text shows to be unlike the text a model was trained on."""

from __future__ import annotations

import numpy as np
from tokenizers import Tokenizer

USUAL_SHARE = 0.01
"""Share of held-out texts that the limits below take for strange."""


def characters_per_token(texts: list[str], tokenizer: Tokenizer, shortest: int = 40) -> float:
    """The rate below which only one per cent of the texts of `shortest` characters lie.

    A tokenizer cuts what it has not met into small pieces.
    """
    chosen = [text for text in texts if len(text) >= shortest]
    encodings = tokenizer.encode_batch(chosen, add_special_tokens=False)
    rates = [len(text) / len(encoding.ids) for text, encoding in zip(chosen, encodings)]
    return lower_limit(rates)


def lower_limit(values: list[float]) -> float:
    """The value that a hundredth of `values` lies below, to two digits."""
    return round(float(np.quantile(values, USUAL_SHARE)), 2)
