"""Measures a translator: chrF and BLEU by set, and how well its cross attention aligns words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from sacrebleu.metrics import BLEU, CHRF
from tokenizers import Tokenizer
from transformers import MarianMTModel

from ..grammar.generate import Example


def scores(outputs: list[str], references: list[str]) -> dict[str, float]:
    """chrF2 and BLEU (tokenizer zh) of a corpus, 0 … 100, and the share of exact outputs."""
    return {
        "rows": len(outputs),
        "chrf": round(CHRF().corpus_score(outputs, [references]).score, 2),
        "bleu": round(BLEU(tokenize="zh").corpus_score(outputs, [references]).score, 2),
        "exact": round(float(np.mean([o == r for o, r in zip(outputs, references)])), 4),
    }


@dataclass
class _Counts:
    proposed: int = 0
    known: int = 0
    right: int = 0

    @property
    def error_rate(self) -> float:
        return 1 - 2 * self.right / (self.proposed + self.known)


@torch.no_grad()
def alignment_error_rates(model: MarianMTModel, tokenizer: Tokenizer, examples: list[Example],
                          ) -> dict[str, object]:
    """Alignment error rate of each cross-attention head, with the grammar's own alignment.

    Each target token of an aligned word is linked to the source token that the step which
    writes it attends to most; the links between tokens of aligned words are the known ones.
    With sure links alone the rate is 1 - 2 |A ∩ S| / (|A| + |S|), where A holds one link a
    target token and S one link for each target token of a known word: a token counts as
    right if its source token belongs to the word (Och and Ney, 2003, section 4.2). The best
    head is chosen on the first half of the examples; its rate is that of the second half.
    Needs a model with eager attention.
    """
    half = len(examples) // 2
    counts = [_count(model, tokenizer, part) for part in (examples[:half], examples[half:])]
    rates = [{place: count.error_rate for place, count in part.items()} for part in counts]
    layer, head = min(rates[0], key=lambda place: rates[0][place])
    return {
        "examples": len(examples) - half,
        "layer": layer,
        "head": head,
        "error_rate": round(rates[1][layer, head], 4),
        "all": [[round(rates[1][n, h], 4) for h in range(model.config.decoder_attention_heads)]
                for n in range(model.config.decoder_layers)],
    }


def _count(model: MarianMTModel, tokenizer: Tokenizer, examples: list[Example],
           ) -> dict[tuple[int, int], _Counts]:
    counts = {(n, h): _Counts() for n in range(model.config.decoder_layers)
              for h in range(model.config.decoder_attention_heads)}
    start = model.config.decoder_start_token_id
    for example in examples:
        source, target = tokenizer.encode(example.en), tokenizer.encode(example.zh)
        maps = model(input_ids=torch.tensor([source.ids]),
                     decoder_input_ids=torch.tensor([[start, *target.ids[:-1]]]),
                     output_attentions=True).cross_attentions
        chosen = [layer[0, :, :, :-1].argmax(-1) for layer in maps]
        for en_start, en_end, zh_start, zh_end in example.alignment:
            words = {i for i, span in enumerate(source.offsets) if _meets(span, en_start, en_end)}
            for step, span in enumerate(target.offsets):
                if not _meets(span, zh_start, zh_end):
                    continue
                for (layer, head), count in counts.items():
                    count.proposed += 1
                    count.known += 1
                    count.right += int(chosen[layer][head, step]) in words
    return counts


def _meets(span: tuple[int, int], start: int, end: int) -> bool:
    return span[0] < end and start < span[1]
