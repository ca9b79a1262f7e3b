"""By what a text shows to be unlike the text a model was trained on."""

from __future__ import annotations

import numpy as np
from tokenizers import Tokenizer

STRANGE_SHARE = 0.05
"""Share of held-out texts that a limit takes for strange, unless a recipe says otherwise."""


def characters_per_token(texts: list[str], tokenizer: Tokenizer, share: float = STRANGE_SHARE,
                         shortest: int = 40) -> float:
    """The rate below which that share of the texts of at least `shortest` characters lie.

    A tokenizer cuts what it has not met into small pieces.
    """
    chosen = [text for text in texts if len(text) >= shortest]
    encodings = tokenizer.encode_batch(chosen, add_special_tokens=False)
    rates = [len(text) / len(encoding.ids) for text, encoding in zip(chosen, encodings)]
    return lower_limit(rates, share)


def lower_limit(values: list[float], share: float = STRANGE_SHARE) -> float:
    """The value that a share of `values` lies below, to two digits."""
    return round(float(np.quantile(values, share)), 2)


def is_strange(source: str, mean_logprob: float, tokenizer: Tokenizer, domain: dict[str, float],
               fewest: int = 8) -> bool:
    """Whether a text is beyond either limit, as the extension decides it."""
    tokens = len(tokenizer.encode(source, add_special_tokens=False).ids)
    cut_small = tokens >= fewest and len(source) / tokens < domain["minimumCharactersPerToken"]
    return cut_small or mean_logprob < domain["minimumLogprob"]
