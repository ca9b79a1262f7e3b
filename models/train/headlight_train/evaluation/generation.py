"""Generation with encoder–decoder models, for all that is measured on their output."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from ..export.encoder_decoder import EncoderDecoderGraphs, OnnxEncoderDecoder
from ..training.sequence_pairs import padded
from ..tokenizer import SpecialIds


@dataclass(frozen=True)
class Generated:
    """What a model wrote for one source."""

    text: str
    ids: list[int]
    """Without the start token and the end token."""
    mean_logprob: float
    """Natural logarithm of a token's probability, the end token apart; 0 if there is none."""


@torch.no_grad()
def generate(model: PreTrainedModel, tokenizer: Tokenizer, sources: list[str], longest: int,
             source_limit: int, settings: dict[str, int], batch: int = 64) -> list[Generated]:
    """Outputs of at most `longest` tokens, with the published settings of generation.

    Sources are cut at `source_limit` tokens.
    """
    ids = SpecialIds.of(tokenizer)
    encoded = _encoded(tokenizer, sources, source_limit)
    order = sorted(range(len(encoded)), key=lambda i: len(encoded[i]))
    results: dict[int, Generated] = {}
    for at in range(0, len(order), batch):
        chosen = order[at:at + batch]
        source = padded([encoded[i] for i in chosen], ids.pad)
        mask = (source != ids.pad).long()
        output = model.generate(input_ids=source, attention_mask=mask, max_new_tokens=longest,
                                do_sample=False, **settings)
        logits = model(input_ids=source, attention_mask=mask,
                       decoder_input_ids=output[:, :-1]).logits
        logprobs = logits.log_softmax(-1)
        for row, i in enumerate(chosen):
            new = output[row, 1:].tolist()
            kept = new[:new.index(ids.end)] if ids.end in new else new
            chances = logprobs[row, range(len(kept)), kept]
            results[i] = Generated(tokenizer.decode(kept), kept,
                                   chances.mean().item() if kept else 0.0)
    return [results[i] for i in range(len(sources))]


def generate_onnx(graphs: EncoderDecoderGraphs, tokenizer: Tokenizer, sources: list[str],
                  longest: int, source_limit: int, batch: int = 50) -> list[str]:
    """Greedy outputs by ONNX Runtime: texts alone."""
    ids = SpecialIds.of(tokenizer)
    runner = OnnxEncoderDecoder(graphs.encoder, graphs.merged)
    encoded = _encoded(tokenizer, sources, source_limit)
    texts: list[str] = []
    for at in range(0, len(encoded), batch):
        source = padded(encoded[at:at + batch], ids.pad).numpy()
        mask = (source != ids.pad).astype(np.int64)
        rows = runner.greedy(source, mask, ids.pad, ids.end, longest)
        texts += [tokenizer.decode(row) for row in rows]
    return texts


def _encoded(tokenizer: Tokenizer, texts: list[str], limit: int) -> list[list[int]]:
    """Ids of each text, the end token last, cut to `limit` tokens."""
    end = SpecialIds.of(tokenizer).end
    rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    return [row if len(row) <= limit else [*row[:limit - 1], end] for row in rows]
