"""Splits prose into sentences and words."""

from __future__ import annotations

import re

_BORDER = re.compile(r"(?<=[.!?])[\"')\]]*\s+")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|viz|resp|approx|incl|no|fig|sec|dr|mr|st|[A-Za-z])\.$",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")

_STOP_WORDS = frozenset("""
a about after all also an and any are as at be been before but by can do does each for from has
have how if in into is it its may more must no not of on one only or other own same should so
some such than that the their them then there these they this those to under up use used uses
using was what when where which while who will with without you your
""".split())
_SUFFIX = re.compile(r"(?:ations?|ating|ated|ates?|ings?|ions?|ies|ied|ers?|ors?|ed|es|s|e|y)$")


def split_sentences(text: str) -> list[str]:
    """Sentences of a paragraph in plain punctuation, in order.

    A sentence ends at `.`, `!` or `?` before a space, except after a common abbreviation; it may
    start with a lower-case letter, as sentences about a parameter often do.
    """
    sentences: list[str] = []
    start = 0
    for border in _BORDER.finditer(text):
        sentence = text[start:border.end()].strip()
        if _ABBREVIATION.search(sentence) and not _ends_after_list(sentence, text[border.end():]):
            continue
        sentences.append(sentence)
        start = border.end()
    rest = text[start:].strip()
    if rest:
        sentences.append(rest)
    return sentences


def first_sentence(text: str) -> str:
    """The first sentence of `text` with single spaces; empty if the text is empty."""
    sentences = split_sentences(" ".join(text.split()))
    return sentences[0] if sentences else ""


def words(text: str) -> list[str]:
    """Lower-case words: runs of letters, digits and underscores."""
    return _WORD.findall(text.lower())


def content_stems(text: str) -> list[str]:
    """Words that carry meaning, cut to a crude stem so that `writes` and `writing` agree."""
    return [_stem(word) for word in words(text) if word not in _STOP_WORDS and len(word) > 1]


def _ends_after_list(sentence: str, rest: str) -> bool:
    """Whether `etc.` closes the sentence: the only abbreviation that often does."""
    return sentence.endswith("etc.") and rest[:1].isupper()


def _stem(word: str) -> str:
    stem = _SUFFIX.sub("", word)
    return stem if len(stem) >= 3 else word
