"""Attention masks as few nodes.

A model that is given a mask of four axes takes it as it is. What `transformers` itself makes out
of the mask of two axes takes some sixty nodes more in the graph.
"""

from __future__ import annotations

import torch


def additive(visible: torch.Tensor) -> torch.Tensor:
    """What is added to the scores: 0 where a key is visible, the lowest number elsewhere."""
    return torch.where(visible, 0.0, torch.finfo(torch.float32).min)


def padding_mask(mask: torch.Tensor) -> torch.Tensor:
    """Hides keys that are no tokens: [batch, 1, 1, keys] for `mask` [batch, keys] of 0 and 1."""
    return additive(mask[:, None, None, :].bool())


def causal_mask(past: int, new: int) -> torch.Tensor:
    """Hides keys to come: [1, 1, new, past + new]."""
    positions = torch.arange(past + new)
    return additive((positions[None, :] <= positions[past:][:, None])[None, None])
