"""Measures a masked language model against models that count words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertForMaskedLM

from ..tokenizer import BERT_SPECIAL

SEED = 7


def blanks(windows: np.ndarray, count: int, first_word: int, seed: int = SEED,
           ) -> list[tuple[int, int]]:
    """`count` places (row, position) of held-out windows, drawn at random; no special tokens."""
    rows, positions = np.nonzero(windows >= first_word)
    chosen = np.random.default_rng(seed).choice(len(rows), min(count, len(rows)), replace=False)
    return [(int(rows[i]), int(positions[i])) for i in np.sort(chosen)]


Logits = Callable[[np.ndarray], np.ndarray]
"""Logits [batch, tokens, vocabulary] of ids [batch, tokens], without padding."""


def torch_logits(model: BertForMaskedLM) -> Logits:
    """The PyTorch model as a function of arrays."""
    def logits(ids: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return model(input_ids=torch.from_numpy(ids)).logits.numpy()
    return logits


def accuracy(logits: Logits, windows: np.ndarray, places: list[tuple[int, int]], mask: int,
             ) -> dict[str, float]:
    """How often the hidden token is the first choice, or among the first five.

    One blank at a time, each in the whole of its window.
    """
    ranks: list[int] = []
    for row, position in places:
        window = windows[row][windows[row] != 0].astype(np.int64)[None]
        answer = window[0, position]
        window[0, position] = mask
        chances = logits(window)[0, position]
        ranks.append(int((chances > chances[answer]).sum()))
    return _accuracy(ranks)


def samples(model: BertForMaskedLM, tokenizer: Tokenizer, windows: np.ndarray, count: int,
            around: int = 14) -> list[dict[str, object]]:
    """Unpicked blanks: the text around each, what stood there, and the five best answers."""
    mask = tokenizer.token_to_id(BERT_SPECIAL[-1])
    rows: list[dict[str, object]] = []
    for row, position in blanks(windows, count, len(BERT_SPECIAL), SEED + 1):
        window = windows[row][windows[row] != 0].astype(np.int64)[None]
        answer = int(window[0, position])
        window[0, position] = mask
        best = torch_logits(model)(window)[0, position].argsort()[::-1][:5]
        before = tokenizer.decode(window[0, max(1, position - around):position].tolist())
        after = tokenizer.decode(window[0, position + 1:position + around].tolist())
        rows.append({"text": f"{before} [MASK] {after}".strip(),
                     "answer": tokenizer.id_to_token(answer),
                     "best": [tokenizer.id_to_token(int(token)) for token in best]})
    return rows


def counting_accuracies(train: np.ndarray, windows: np.ndarray, places: list[tuple[int, int]],
                        ) -> dict[str, dict[str, float]]:
    """The same for the most frequent tokens, and for a trigram model.

    The trigram model knows both neighbours of the blank, which is the best three tokens can
    do: it takes the tokens most often seen between the two, then those most often seen after
    the left one, then the most frequent ones.
    """
    between: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    after: dict[int, Counter[int]] = defaultdict(Counter)
    single: Counter[int] = Counter()
    for row in train:
        ids = row[row != 0].tolist()
        single.update(ids[1:-1])
        for left, middle, right in zip(ids, ids[1:], ids[2:]):
            between[left, right][middle] += 1
            after[left][middle] += 1
    common = [token for token, _ in single.most_common(5)]
    answers = [int(windows[place]) for place in places]
    trigram = [
        _first_five(
            (t for t, _ in between[int(windows[r, p - 1]), int(windows[r, p + 1])].most_common(5)),
            (t for t, _ in after[int(windows[r, p - 1])].most_common(5)), common)
        for r, p in places
    ]
    return {
        "unigram": _accuracy([_rank(common, answer) for answer in answers]),
        "trigram": _accuracy([_rank(best, answer) for best, answer in zip(trigram, answers)]),
    }


def _first_five(*orders: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(token for order in orders for token in order))[:5]


def _rank(order: list[int], answer: int) -> int:
    return order.index(answer) if answer in order else len(order)


def _accuracy(ranks: list[int]) -> dict[str, float]:
    found = np.array(ranks)
    return {"first": round(float((found < 1).mean()), 4),
            "among_five": round(float((found < 5).mean()), 4), "blanks": len(ranks)}
