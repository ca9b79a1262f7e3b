"""What a masked language model learns: tokens hidden in windows of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertForMaskedLM

from ..tokenizer import BERT_SPECIAL
from .loop import Inputs

HIDDEN_SHARE = 0.2
"""More than BERT's 0.15: a small model learns faster so (Wettig et al., 2023)."""
NOT_HIDDEN = -100
FIRST_PIECES = ((300, 16), (800, 32), (1200, 64))
"""For a run from random weights: pieces of so many tokens until that step.

Attention starts out even. Over few tokens even that says much of a blank's neighbours, so that
the model soon learns to look at them; over a whole window it says next to nothing, and the loss
stays for long at what token counts alone allow.
"""


@dataclass(frozen=True)
class MaskedTokens:
    """Windows [CLS] … [SEP] of paragraphs; each pass over the text hides other tokens."""

    windows: np.ndarray
    """[windows, length] ids, padded on the right."""
    tokenizer: Tokenizer
    batch: int
    seed: int
    pieces: tuple[tuple[int, int], ...] = ()
    """(step, tokens): until that step windows are cut into pieces of so many tokens."""

    def batches(self, start_step: int) -> Iterator[Inputs]:
        """Yields `ids` as the model sees them and `labels`, both [batch, length]."""
        per_epoch = len(self.windows) // self.batch
        step = start_step
        while True:
            order = np.random.default_rng((self.seed, step // per_epoch)).permutation(
                per_epoch * self.batch).reshape(per_epoch, self.batch)
            for rows in order[step % per_epoch:]:
                windows = self.windows[np.sort(rows)].astype(np.int64)
                longest = int((windows != 0).sum(1).max())
                ids = torch.from_numpy(self._cut(windows[:, :longest], step))
                yield dict(zip(("ids", "labels"), self._hide(ids, step)))
                step += 1

    def loss(self, model: BertForMaskedLM, inputs: Inputs) -> tuple[torch.Tensor, int]:
        """Cross entropy in nats per hidden token; other positions need no logits."""
        ids, labels = inputs["ids"], inputs["labels"]
        hidden = model.bert(input_ids=ids, attention_mask=(ids != 0).long()).last_hidden_state
        chosen = labels != NOT_HIDDEN
        loss = torch.nn.functional.cross_entropy(model.cls(hidden[chosen]), labels[chosen])
        return loss, int((ids != 0).sum())

    def _cut(self, windows: np.ndarray, step: int) -> np.ndarray:
        """The windows of a batch as the step wants them: whole, or as rows of pieces."""
        length = next((tokens for until, tokens in self.pieces if step < until), None)
        if length is None:
            return windows
        width = -(-windows.shape[1] // length) * length
        pieces = np.pad(windows, ((0, 0), (0, width - windows.shape[1]))).reshape(-1, length)
        return pieces[(pieces >= len(BERT_SPECIAL)).any(1)]

    def _hide(self, ids: torch.Tensor, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Of the hidden tokens 80 % are masked, 10 % random and 10 % as they are.

        Devlin et al., 2019, section 3.1, task 1.
        """
        random = torch.Generator().manual_seed(self.seed * 1_000_003 + step)
        chosen = (torch.rand(ids.shape, generator=random) < HIDDEN_SHARE) & (ids >= len(BERT_SPECIAL))
        # One at least, for there is no mean of nothing.
        chosen[0, (ids[0] >= len(BERT_SPECIAL)).nonzero()[0]] = True
        fate = torch.rand(ids.shape, generator=random)
        noise = torch.randint(len(BERT_SPECIAL), self.tokenizer.get_vocab_size(), ids.shape,
                              generator=random)
        mask = self.tokenizer.token_to_id("[MASK]")
        seen = torch.where(chosen & (fate < 0.8), mask, ids)
        seen = torch.where(chosen & (fate >= 0.9), noise, seen)
        return seen, torch.where(chosen, ids, NOT_HIDDEN)


def paragraph_windows(paragraphs: list[str], tokenizer: Tokenizer, length: int) -> np.ndarray:
    """Paragraphs as rows [CLS] … [SEP] of `length` ids; long ones fill several rows.

    Short neighbours share a row, so that few positions are padding.
    """
    start, end = (tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))
    rows: list[list[int]] = []
    current: list[int] = []
    for encoding in tokenizer.encode_batch(paragraphs, add_special_tokens=False):
        ids = encoding.ids
        if current and len(current) + len(ids) > length - 2:
            rows.append(current)
            current = []
        while len(ids) > length - 2:
            rows.append(ids[:length - 2])
            ids = ids[length - 2:]
        current = current + ids
    if current:
        rows.append(current)
    windows = np.zeros((len(rows), length), np.uint16)
    for window, row in zip(windows, rows):
        window[:len(row) + 2] = [start, *row, end]
    return windows
