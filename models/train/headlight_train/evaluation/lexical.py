"""How words are translated, counted in a translator's training pairs."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

ROUNDS = 6
FEWEST = 4
"""Pairs with a word, below which nothing is known of it."""
LEAST = 0.02
"""Probability of a translation that is kept."""
CERTAIN = 0.4
"""A word whose kept translations have less of the probability has none of its own, as `the`."""

MOST = 4
"""Translations of a word that are kept: the rarer ones are mostly of the words beside it."""

PARTICLES = frozenset(
    "的 了 在 会 请 已 有 是 也 个 一 来 到 上 中 为 于 可 以 从 将 被 这 此 它 该 要 能 并 和 与 "
    "时 地 得 着 过 就 都 还 而 之 其".split())
"""Characters that stand in most sentences, and show nothing."""

GRAMMATICAL = frozenset(
    "a an the and or but of to in on at by for from with about between than into up out off as is are "
    "was were be been being am do does did has have had having can could may might will would shall "
    "should must cannot you your we our us it its they them their this that these those there here "
    "which who what when where how if not no nor never none so too very also just please i me my he "
    "his she her one some any other another such make made get got let need".split())
"""English words that a good translation may have nothing for. Negations are looked at by themselves."""

SMALL_WORDS: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("small_words.json").read_text(encoding="utf-8"))
"""Small words that change what a sentence says, with what stands for each, written by hand: counting finds
for them what stands beside them as well (`twice` and 次)."""

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


def stem(word: str) -> str:
    """A lower-case word without its endings, roughly; `stemOf` in the extension does the same."""
    if len(word) > 4:
        word = re.sub(r"(?:ies|ied)$", "y", word)
        word = re.sub(r"(?:ing|ed|es|s|e)$", "", word)
    return word


def stems(english: str) -> list[str]:
    """The stems of a text's words."""
    return [stem(word) for word in _WORD.findall(english.lower().replace("’", "'"))]


def word_translations(
    pairs: Iterable[tuple[str, str]], pieces: Callable[[str], list[str]],
) -> dict[str, list[str]]:
    """The pieces that each stem is translated with, the likeliest first.

    IBM Model 1 (Brown et al. 1993, "The Mathematics of Statistical Machine Translation",
    section 4.1): t(piece | stem) by expectation maximisation, with an empty word. Of small words what
    `SMALL_WORDS` says.
    """
    rows = [(["", *set(stems(en))], set(pieces(zh))) for en, zh in pairs]
    count = Counter(word for words, _ in rows for word in words)
    rows = [([w for w in words if count[w] >= FEWEST], found) for words, found in rows]
    table: dict[str, dict[str, float]] = {}
    for _ in range(ROUNDS):
        expected: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        for words, found in rows:
            for piece in found:
                shares = [table[w].get(piece, 1e-9) if table else 1.0 for w in words]
                total = sum(shares)
                for word, share in zip(words, shares):
                    expected[word][piece] += share / total
        table = {}
        for word, counts in expected.items():
            total = sum(counts.values())
            table[word] = {p: c / total for p, c in counts.items() if c / total > 1e-4}
    return {word: _kept(word, table[word]) for word in sorted(table) if word} | {
        stem(word): [] for word in GRAMMATICAL} | {
        stem(word): list(pieces) for word, pieces in SMALL_WORDS.items()}


def _kept(word: str, shares: dict[str, float]) -> list[str]:
    """The translations of a word that tell whether it was translated; none if none of them does."""
    likely = sorted(((share, piece) for piece, share in shares.items() if share >= LEAST),
                    reverse=True)
    if sum(share for share, _ in likely) < CERTAIN or likely[0][1] in PARTICLES:
        return []
    return [piece for _, piece in likely if piece not in PARTICLES][:MOST]
