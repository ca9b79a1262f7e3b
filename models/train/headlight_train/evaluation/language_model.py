"""Measures a language model on text it was not trained on."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import onnx
import torch
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

from ..data.corpus import Document
from ..export.decoder import OnnxDecoder
from ..tokenizer import END_OF_TEXT, encode_documents
from .domain import lower_limit
from .kneser_ney import KneserNey

SEED = 7


@dataclass
class _Tally:
    bits: float = 0.0
    tokens: int = 0
    first: int = 0
    among_five: int = 0
    characters: int = 0
    bytes: int = 0

    def report(self) -> dict[str, float]:
        return {
            "bits_per_character": round(self.bits / self.characters, 4),
            "bits_per_byte": round(self.bits / self.bytes, 4),
            "next_token_first": round(self.first / self.tokens, 4),
            "next_token_among_five": round(self.among_five / self.tokens, 4),
            "tokens": self.tokens,
            "characters": self.characters,
            "bytes": self.bytes,
        }


Logits = Callable[[torch.Tensor], torch.Tensor]
"""Logits [batch, tokens, vocabulary] of ids [batch, tokens]."""


def torch_logits(model: LlamaForCausalLM) -> Logits:
    """The PyTorch model as a function."""
    def logits(ids: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            return model(input_ids=ids, use_cache=False).logits
    return logits


def onnx_logits(graph: onnx.ModelProto) -> Logits:
    """An exported graph as a function."""
    decoder = OnnxDecoder(graph)
    return lambda ids: torch.from_numpy(
        decoder.run(ids.numpy(), decoder.empty_cache(len(ids)))[0])


def prediction(logits_of: Logits, context: int, tokenizer: Tokenizer,
               documents: list[Document]) -> dict[str, object]:
    """Bits per character and next-token accuracy, over all and by source.

    Every document is scored from its own beginning, which the end-of-text token marks.
    Long ones pass through in windows that overlap by half, so that each token after
    the first window is predicted from at least half a context.
    """
    overall, by_source = _Tally(), defaultdict(_Tally)
    for document in documents:
        ids = encode_documents([document.text], tokenizer).astype(np.int64)
        tallies = (overall, by_source[document.source])
        for tally in tallies:
            tally.characters += len(document.text)
            tally.bytes += len(document.text.encode())
        scored = 1
        while scored < len(ids):
            start = 0 if scored == 1 else scored - context // 2
            window = torch.from_numpy(ids[start:start + context + 1])
            logits = logits_of(window[None, :-1])[0]
            logits, targets = logits[scored - 1 - start:], window[scored - start:]
            bits = torch.nn.functional.cross_entropy(logits, targets, reduction="sum").item()
            rank = (logits > logits.gather(1, targets[:, None])).sum(1)
            for tally in tallies:
                tally.bits += bits / math.log(2)
                tally.tokens += len(targets)
                tally.first += int((rank < 1).sum())
                tally.among_five += int((rank < 5).sum())
            scored += len(targets)
    return {"all": overall.report(),
            "by_source": {name: tally.report() for name, tally in by_source.items()}}


def usual_logprob(model: LlamaForCausalLM, tokenizer: Tokenizer, paragraphs: list[str],
                  count: int = 500) -> float:
    """The mean log-probability of a token that only one per cent of the paragraphs are below."""
    logits_of = torch_logits(model)
    means: list[float] = []
    for paragraph in [p for p in paragraphs if len(p) >= 40][:count]:
        ids = torch.tensor([tokenizer.encode(paragraph).ids[:model.config.max_position_embeddings]])
        chances = logits_of(ids)[0, :-1].log_softmax(-1)
        means.append(chances.gather(1, ids[0, 1:, None]).mean().item())
    return lower_limit(means)


def baseline_prediction(train: np.ndarray, tokenizer: Tokenizer, documents: list[Document],
                        ) -> dict[str, float]:
    """Bits per character of the n-gram baseline, on the same tokens and texts as `prediction`."""
    model = KneserNey(train, tokenizer.get_vocab_size())
    stream = encode_documents([document.text for document in documents], tokenizer)
    bits = -model.log2_probabilities(stream)[stream != tokenizer.token_to_id(END_OF_TEXT)].sum()
    return {
        "order": model.order,
        "bits_per_character": round(float(bits) / sum(len(d.text) for d in documents), 4),
        "bits_per_byte": round(float(bits) / sum(len(d.text.encode()) for d in documents), 4),
    }


@torch.no_grad()
def previous_token_heads(model: LlamaForCausalLM, stream: np.ndarray, windows: int = 40,
                         length: int = 256) -> dict[str, object]:
    """Mean attention each head pays to the token before, over windows of held-out text.

    Needs a model with eager attention. The first query is left out: it sees only itself.
    """
    random = np.random.default_rng(SEED)
    starts = random.choice(len(stream) - length, windows, replace=False)
    scores = np.zeros((model.config.num_hidden_layers, model.config.num_attention_heads))
    for start in starts:
        ids = torch.from_numpy(stream[start:start + length].astype(np.int64))[None]
        for layer, pattern in enumerate(model(input_ids=ids, output_attentions=True).attentions):
            scores[layer] += pattern[0].diagonal(-1, 1, 2).mean(-1).numpy() / windows
    layer, head = np.unravel_index(scores.argmax(), scores.shape)
    return {"windows": windows, "tokens_per_window": length, "best_layer": int(layer),
            "best_head": int(head), "best_score": round(float(scores.max()), 4),
            "scores": scores.round(4).tolist()}


def held_out_prompts(documents: list[Document], count: int, seed: int) -> list[tuple[str, str]]:
    """Openings of random held-out paragraphs: (first twelve words, the rest)."""
    paragraphs = [p for d in documents for p in d.paragraphs if len(p.split()) >= 30]
    chosen = np.random.default_rng(seed).choice(len(paragraphs), count, replace=False)
    prompts: list[tuple[str, str]] = []
    for index in chosen:
        words = paragraphs[index].split(" ")
        prompts.append((" ".join(words[:12]), " ".join(words[12:])))
    return prompts


@torch.no_grad()
def complete(model: LlamaForCausalLM, tokenizer: Tokenizer, prompt: str, tokens: int,
             **settings: object) -> list[int]:
    """The ids generated after `prompt`; `settings` go to `transformers`' `generate`."""
    ids = torch.tensor([tokenizer.encode(prompt).ids])
    output = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=tokens,
                            **settings)
    return output[0, ids.shape[1]:].tolist()


def ends_in_loop(ids: list[int]) -> bool:
    """Whether the tail is one sequence of 1 to 21 ids, three times or more, over 8 ids or more."""
    for period in range(1, 22):
        span = period * max(3, math.ceil(8 / period))
        tail = ids[-span:]
        if len(tail) == span and tail[period:] == tail[:-period]:
            return True
    return False


def loops(model: LlamaForCausalLM, tokenizer: Tokenizer, documents: list[Document],
          settings: dict[str, dict[str, object]], count: int = 50, tokens: int = 64,
          ) -> dict[str, object]:
    """How many of `count` outputs end in a loop, for each named way of generating."""
    prompts = [prompt for prompt, _ in held_out_prompts(documents, count, SEED)]
    looping: dict[str, int] = {}
    for name, options in settings.items():
        torch.manual_seed(SEED)
        looping[name] = sum(ends_in_loop(complete(model, tokenizer, prompt, tokens, **options))
                            for prompt in prompts)
    return {"prompts": count, "tokens": tokens, "looping": looping}


def copies(model: LlamaForCausalLM, tokenizer: Tokenizer, documents: list[Document],
           training_text: str, count: int = 50, tokens: int = 64, words: int = 15,
           ) -> dict[str, int]:
    """How many greedy outputs contain `words` consecutive words of the training text."""
    prompts = [prompt for prompt, _ in held_out_prompts(documents, count, SEED)]
    copied = 0
    for prompt in prompts:
        text = tokenizer.decode(complete(model, tokenizer, prompt, tokens, do_sample=False))
        output = text.split(" ")
        copied += any(" ".join(output[i:i + words]) in training_text
                      for i in range(len(output) - words + 1))
    return {"prompts": count, "words": words, "copying": copied}


def samples(model: LlamaForCausalLM, tokenizer: Tokenizer, documents: list[Document],
            sampling: dict[str, object], count: int = 20, tokens: int = 40,
            ) -> list[dict[str, str]]:
    """Unpicked continuations of held-out prompts, greedy and sampled."""
    rows: list[dict[str, str]] = []
    for number, (prompt, _) in enumerate(held_out_prompts(documents, count, SEED + 1)):
        greedy = complete(model, tokenizer, prompt, tokens, do_sample=False)
        torch.manual_seed(SEED + number)
        sampled = complete(model, tokenizer, prompt, tokens, **sampling)
        rows.append({"prompt": prompt, "greedy": tokenizer.decode(greedy),
                     "sampled": tokenizer.decode(sampled)})
    return rows
