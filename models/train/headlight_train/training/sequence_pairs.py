"""What an encoder–decoder model learns: to write the target of each source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from ..tokenizer import SpecialIds
from .loop import Inputs

CHUNK = 50
"""Steps whose rows are drawn, tokenized and sorted by length together."""

FIRST_COPIES = 400
"""For a model that shall repeat words of its source: steps that only copy random tokens.

Copying takes two heads that find each other: one of the encoder, which tells each position the
token before it, and one across, which looks for the token written last (Olsson et al., 2022,
"In-context Learning and Induction Heads"). Text rewards either of them late, since most words can
be guessed; of random tokens none can, and some hundred steps are enough.
"""

Row = tuple[str, str]


@dataclass(frozen=True)
class SequencePairs:
    """Batches of (source, target) texts of about the same length."""

    rows: Callable[[np.random.Generator, int], list[Row]]
    """Draws that many rows with that source of randomness."""
    tokenizer: Tokenizer
    batch: int
    longest: tuple[int, int]
    """Tokens of source and target at most; longer rows are left out."""
    label_smoothing: float
    seed: int
    copies: int = 0
    """Steps at the start of a run that copy random tokens."""

    def batches(self, start_step: int) -> Iterator[Inputs]:
        """Yields `source` [batch, source tokens] and `target` [batch, target tokens], padded."""
        step = start_step
        while True:
            if step < self.copies:
                yield self._random_tokens(step)
                step += 1
                continue
            chunk, first = divmod(step, CHUNK)
            for inputs in self._chunk(chunk)[first:]:
                yield inputs
                step += 1

    def loss(self, model: PreTrainedModel, inputs: Inputs) -> tuple[torch.Tensor, int]:
        """Label-smoothed cross entropy in nats per target token."""
        pad = model.config.pad_token_id
        source, target = inputs["source"], inputs["target"]
        start = torch.full_like(target[:, :1], model.config.decoder_start_token_id)
        logits = model(input_ids=source, attention_mask=(source != pad).long(),
                       decoder_input_ids=torch.cat([start, target[:, :-1]], 1),
                       use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), target.flatten(), ignore_index=pad,
            label_smoothing=self.label_smoothing)
        return loss, int((source != pad).sum() + (target != pad).sum())

    def _random_tokens(self, step: int) -> Inputs:
        """Rows to copy, longer and longer; more than of text, since they are short."""
        random = np.random.default_rng((self.seed, step))
        longest = min(8 + step // 10, *self.longest)
        special = SpecialIds.of(self.tokenizer)
        ids = random.integers(max(special.pad, special.end, special.unknown) + 1,
                              self.tokenizer.get_vocab_size(),
                              (2 * self.batch, int(random.integers(4, longest))))
        rows = torch.from_numpy(np.pad(ids, ((0, 0), (0, 1)), constant_values=special.end))
        return {"source": rows, "target": rows}

    def _chunk(self, index: int) -> list[Inputs]:
        random = np.random.default_rng((self.seed, index))
        encoded: list[tuple[list[int], list[int]]] = []
        while len(encoded) < CHUNK * self.batch:
            rows = self.rows(random, CHUNK * self.batch - len(encoded))
            sources = self.tokenizer.encode_batch([source for source, _ in rows])
            targets = self.tokenizer.encode_batch([target for _, target in rows])
            encoded += [(s.ids, t.ids) for s, t in zip(sources, targets)
                        if len(s.ids) <= self.longest[0] and len(t.ids) <= self.longest[1]]
        # Not quite by length, so that the same rows do not always meet.
        noise = random.uniform(0.9, 1.1, len(encoded))
        order = sorted(range(len(encoded)), key=lambda i: noise[i] * sum(map(len, encoded[i])))
        batches = [order[i:i + self.batch] for i in range(0, len(order), self.batch)]
        random.shuffle(batches)
        pad = SpecialIds.of(self.tokenizer).pad
        return [{"source": padded([encoded[i][0] for i in batch], pad),
                 "target": padded([encoded[i][1] for i in batch], pad)} for batch in batches]


def padded(rows: list[list[int]], pad: int) -> torch.Tensor:
    """Rows of ids as one tensor [rows, longest], padded on the right."""
    longest = max(map(len, rows))
    return torch.tensor([row + [pad] * (longest - len(row)) for row in rows])
