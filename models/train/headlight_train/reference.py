"""Writes what PyTorch and the Python tokenizer answer, for tests of other implementations."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

from .evaluate import complete

NEW_TOKENS = 48
DIGITS = 6


@torch.no_grad()
def write_reference(model: LlamaForCausalLM, tokenizer: Tokenizer, prompts: list[str],
                    path: Path) -> None:
    """Writes one JSON file; the model must use eager attention.

    Each prompt has its ids, their offsets, and the greedy continuation with the natural
    logarithm of each token's probability. The first also has two attention patterns
    [query][key] over the prompt: head 0 of the first and of the last layer.
    """
    cases: list[dict[str, object]] = []
    for prompt in prompts:
        encoding = tokenizer.encode(prompt)
        ids = complete(model, tokenizer, prompt, NEW_TOKENS, do_sample=False,
                       repetition_penalty=1.0)
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
