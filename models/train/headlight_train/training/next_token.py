"""What a causal language model learns: the next token of every window of a text stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from transformers import PreTrainedModel

from .loop import Inputs


@dataclass(frozen=True)
class NextToken:
    """Windows of `context` tokens of one stream of ids."""

    stream: np.ndarray
    context: int
    batch: int
    seed: int

    def batches(self, start_step: int) -> Iterator[Inputs]:
        """Yields `{"tokens": [batch, context + 1]}`."""
        window = np.arange(self.context + 1)
        for starts in self._starts(start_step):
            yield {"tokens": torch.from_numpy(
                self.stream[starts[:, None] + window].astype(np.int64))}

    def loss(self, model: PreTrainedModel, inputs: Inputs) -> tuple[torch.Tensor, int]:
        """Cross entropy in nats per token."""
        tokens = inputs["tokens"]
        logits = model(input_ids=tokens[:, :-1], use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
        return loss, tokens[:, 1:].numel()

    def _starts(self, start_step: int) -> Iterator[np.ndarray]:
        """Window starts of each step.

        Each epoch cuts the stream into windows at its own random offset and visits them
        in its own random order, so that windows do not start at the same tokens twice.
        """
        per_epoch = (len(self.stream) - 2 * self.context) // (self.context * self.batch)
        if per_epoch < 1:
            raise ValueError("the training text is shorter than one batch")
        step = start_step
        while True:
            epoch = step // per_epoch
            random = np.random.default_rng((self.seed, epoch))
            offset = int(random.integers(self.context))
            order = random.permutation(per_epoch * self.batch)
            starts = (offset + order * self.context).reshape(per_epoch, self.batch)
            for batch in starts[step % per_epoch:]:
                yield batch
                step += 1
