"""Writes what PyTorch and the Python tokenizer answer, for tests of other implementations."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertForMaskedLM, LlamaForCausalLM, PreTrainedModel

from .evaluation.language_model import complete
from .tokenizer import SpecialIds

NEW_TOKENS = 48
DIGITS = 6


@torch.no_grad()
def write_completion_reference(model: LlamaForCausalLM, tokenizer: Tokenizer, prompts: list[str],
                               longest_repeat: int, path: Path) -> None:
    """Writes one JSON file; the model must use eager attention.

    Each prompt has its ids, their offsets, and the greedy continuation, in which no
    `longest_repeat` tokens come twice, with the natural logarithm of each token's probability.
    The first also has two attention patterns [query][key] over the prompt: head 0 of the first
    and of the last layer.
    """
    cases: list[dict[str, object]] = []
    for prompt in prompts:
        encoding = tokenizer.encode(prompt)
        ids = complete(model, tokenizer, prompt, NEW_TOKENS, do_sample=False,
                       repetition_penalty=1.0, no_repeat_ngram_size=longest_repeat)
        logits = model(input_ids=torch.tensor([encoding.ids + ids])).logits[0]
        chances = logits.log_softmax(-1)[len(encoding.ids) - 1:-1]
        cases.append({
            "prompt": prompt,
            "ids": encoding.ids,
            "offsets": [list(offset) for offset in encoding.offsets],
            "greedy": {
                "ids": ids,
                "text": tokenizer.decode(ids),
                "logProbabilities": _rounded(chances[range(len(ids)), ids]),
            },
        })
    ids = torch.tensor([cases[0]["ids"]])
    patterns = model(input_ids=ids, output_attentions=True).attentions
    last = len(patterns) - 1
    cases[0]["attention"] = [
        {"layer": layer, "head": 0, "pattern": _rounded(patterns[layer][0, 0])}
        for layer in (0, last)
    ]
    _write(cases, path)


@torch.no_grad()
def write_pair_reference(model: PreTrainedModel, tokenizer: Tokenizer, texts: list[str],
                         settings: dict[str, int], path: Path) -> None:
    """The same for an encoder–decoder model.

    Each text has its ids and the output with these settings of generation. The first also has
    three attention patterns [query][key] of source and output: head 0 of the last layer of
    encoder and decoder, and of the last cross attention.
    """
    special = SpecialIds.of(tokenizer)
    cases: list[dict[str, object]] = []
    for text in texts:
        source = torch.tensor([tokenizer.encode(text).ids])
        output = model.generate(input_ids=source, max_new_tokens=NEW_TOKENS, do_sample=False,
                                **settings)[0, 1:].tolist()
        decoder = torch.tensor([[model.config.decoder_start_token_id, *output]])
        run = model(input_ids=source, decoder_input_ids=decoder[:, :-1], output_attentions=True)
        chances = run.logits[0].log_softmax(-1)
        kept = [token for token in output if token != special.end]
        cases.append({
            "text": text,
            "ids": source[0].tolist(),
            "written": {
                "ids": kept,
                "text": tokenizer.decode(kept),
                "logProbabilities": _rounded(chances[range(len(kept)), kept]),
            },
        })
        if len(cases) == 1:
            cases[0]["attention"] = {
                "encoder": _rounded(run.encoder_attentions[-1][0, 0]),
                "decoder": _rounded(run.decoder_attentions[-1][0, 0]),
                "cross": _rounded(run.cross_attentions[-1][0, 0]),
            }
    _write(cases, path)


@torch.no_grad()
def write_fill_mask_reference(model: BertForMaskedLM, tokenizer: Tokenizer, texts: list[str],
                              path: Path) -> None:
    """The five likeliest tokens for the blank of each text, and their probabilities."""
    mask = tokenizer.token_to_id("[MASK]")
    cases: list[dict[str, object]] = []
    for text in texts:
        ids = tokenizer.encode(text).ids
        logits = model(input_ids=torch.tensor([ids])).logits[0, ids.index(mask)]
        probabilities, best = logits.softmax(-1).topk(5)
        cases.append({"text": text, "ids": ids, "best": best.tolist(),
                      "probabilities": _rounded(probabilities)})
    _write(cases, path)


def _write(cases: list[dict[str, object]], path: Path) -> None:
    fixture = {
        "about": "Written by models/train from the PyTorch model and the Python tokenizer.",
        "offsetUnit": "Unicode code point",
        "cases": cases,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(fixture, ensure_ascii=False) + "\n", encoding="utf-8")


def _rounded(tensor: torch.Tensor) -> list:
    """Nested lists of the tensor's values, rounded."""
    if tensor.dim() > 1:
        return [_rounded(row) for row in tensor]
    return [round(value, DIGITS) for value in tensor.tolist()]
