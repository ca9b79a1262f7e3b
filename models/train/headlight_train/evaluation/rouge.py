"""ROUGE-L and the measurements of a summariser that rest on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from statistics import fmean

from ..data.sentences import first_sentence, split_sentences, words
from ..data.summaries import Row

LEAD_WORDS = 8


def rouge_l(candidate: str, reference: str) -> float:
    """ROUGE-L F1 of two sentences, 0 to 1.

    With L the length of the longest common subsequence of lower-case words, precision is
    L / candidate words, recall is L / reference words, and the score is their harmonic mean
    (Lin, 2004, "ROUGE: A Package for Automatic Evaluation of Summaries", section 3.1, with
    beta = 1). Words are not stemmed. An empty text scores 0.
    """
    candidate_words, reference_words = words(candidate), words(reference)
    common = _common_subsequence(candidate_words, reference_words)
    if common == 0:
        return 0.0
    precision = common / len(candidate_words)
    recall = common / len(reference_words)
    return 2 * precision * recall / (precision + recall)


def summary_scores(predictions: Sequence[str], rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Scores by kind of row, and under `all` over all rows.

    `model`, `first_sentence` and `lead_words` are mean ROUGE-L of the prediction, of the passage's
    first sentence and of its first eight words. `longer` is the share of predictions with at least
    as many words as their passage, `copied` the share that are one of its sentences word for word,
    `empty` the share without a word. Raises ValueError unless each row has one prediction.
    """
    if len(predictions) != len(rows):
        raise ValueError(f"{len(predictions)} predictions for {len(rows)} rows")
    groups: defaultdict[str, list[tuple[str, Row]]] = defaultdict(list)
    for pair in zip(predictions, rows, strict=True):
        groups[pair[1].kind].append(pair)
        groups["all"].append(pair)
    return {kind: _group_scores(pairs) for kind, pairs in sorted(groups.items())}


def lead_words(text: str) -> str:
    """The first eight words of the text."""
    return " ".join(text.split()[:LEAD_WORDS])


def _group_scores(pairs: list[tuple[str, Row]]) -> dict[str, float]:
    def mean_rouge(summary_of: Callable[[str, Row], str]) -> float:
        return fmean(rouge_l(summary_of(p, row), row.summary) for p, row in pairs)

    return {
        "rows": len(pairs),
        "model": mean_rouge(lambda prediction, _: prediction),
        "first_sentence": mean_rouge(lambda _, row: first_sentence(row.text)),
        "lead_words": mean_rouge(lambda _, row: lead_words(row.text)),
        "longer": fmean(len(words(p)) >= len(words(row.text)) for p, row in pairs),
        "copied": fmean(_is_copied(p, row.text) for p, row in pairs),
        "empty": fmean(not words(p) for p, _ in pairs),
    }


def _is_copied(prediction: str, text: str) -> bool:
    own = words(prediction)
    return bool(own) and any(own == words(sentence) for sentence in split_sentences(text))


def _common_subsequence(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence, row by row of the usual table."""
    previous = [0] * (len(b) + 1)
    for word in a:
        current = [0]
        for index, other in enumerate(b):
            current.append(previous[index] + 1 if word == other
                           else max(previous[index + 1], current[index]))
        previous = current
    return previous[-1]
