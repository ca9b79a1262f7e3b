"""Word-for-word translation by the grammar's lexicon: what the translator must beat.

Each English word becomes its Chinese in the same place; the longest entry wins, inflected
forms count as their base form, and a word that is in no table is copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ..grammar import morphology
from ..grammar.typography import set_chinese
from ..grammar.words import LEXICON_FOLDER, Lexicon

_TOKEN = re.compile(r"([A-Za-z]+(?:-[A-Za-z]+)*(?:'(?!s\b)[a-z]+)?|'s\b|\d+|\S)(\s*)")
_LATIN_END = re.compile(r"[A-Za-z0-9]$")
_LATIN_START = re.compile(r"[A-Za-z0-9]")
_PUNCTUATION = {".": "。", ",": "，", ":": "：", ";": "；", "?": "？", "!": "！"}
_FUNCTION_WORDS = {
    "a": "", "an": "", "the": "", "to": "",
    "of": "的", "'s": "的", "and": "和", "or": "或", "not": "不", "no": "没有", "but": "但",
    "is": "是", "are": "是", "was": "是", "were": "是", "be": "是", "been": "", "being": "",
    "am": "是", "has": "有", "have": "有", "had": "有", "do": "", "does": "", "did": "",
    "can": "可以", "could": "可以", "may": "可能", "might": "可能", "must": "必须",
    "should": "应该", "will": "将", "would": "将", "cannot": "无法", "can't": "无法",
    "don't": "不", "doesn't": "不", "isn't": "不是", "aren't": "不是",
    "in": "在", "on": "在", "at": "在", "from": "从", "with": "使用", "by": "由", "for": "用于",
    "into": "到", "as": "作为", "about": "关于", "before": "之前", "after": "之后",
    "without": "没有", "between": "之间", "per": "每",
    "if": "如果", "when": "当", "because": "因为", "so": "所以", "that": "", "which": "",
    "than": "比", "while": "当", "until": "直到", "unless": "除非",
    "i": "我", "you": "你", "we": "我们", "he": "他", "she": "她", "it": "它", "they": "它们",
    "me": "我", "us": "我们", "him": "他", "her": "她", "them": "它们",
    "my": "我的", "your": "你的", "our": "我们的", "his": "他的", "its": "其", "their": "其",
    "this": "此", "these": "这些", "those": "那些", "there": "", "all": "所有", "any": "任何",
    "each": "每个", "every": "每个", "some": "一些", "other": "其他", "only": "仅",
    "more": "更多", "most": "最", "many": "许多", "one": "一个", "two": "两个", "three": "三个",
    "what": "什么", "how": "如何", "why": "为什么", "where": "哪里", "who": "谁",
    "yes": "是", "please": "请", "also": "还", "very": "很", "too": "太", "already": "已经",
}


def word_for_word(text: str, folder: Path = LEXICON_FOLDER) -> str:
    """The Chinese words of an English text, in the English order, set as Chinese is.

    Raises ValueError when a lexicon table in `folder` is malformed.
    """
    entries = _entries(folder)
    longest = max(map(len, entries))
    tokens = _TOKEN.findall(text)
    translated = ""
    at = 0
    after_space = False
    while at < len(tokens):
        length, piece = _longest(tokens, at, entries, longest)
        if after_space and _LATIN_END.search(translated) and _LATIN_START.match(piece):
            translated += " "
        translated += piece
        at += length
        after_space = bool(tokens[at - 1][1]) or (after_space and not piece)
    return set_chinese(translated)


def _longest(
    tokens: list[tuple[str, str]], at: int, entries: dict[tuple[str, ...], str], longest: int,
) -> tuple[int, str]:
    """How many tokens the next entry takes, and its Chinese; an unknown token is copied."""
    for length in range(min(longest, len(tokens) - at), 0, -1):
        piece = entries.get(tuple(token.lower() for token, _ in tokens[at:at + length]))
        if piece is not None:
            return length, piece
    token, space = tokens[at]
    ends_clause = space or at + 1 == len(tokens)
    return 1, _PUNCTUATION.get(token, token) if ends_clause else token


@cache
def _entries(folder: Path) -> dict[tuple[str, ...], str]:
    """Chinese by the lower-case tokens of every form of every entry; the first entry wins."""
    entries = {(word,): zh for word, zh in _FUNCTION_WORDS.items()}
    for form, zh in _forms(Lexicon.load(folder)):
        key = tuple(token.lower() for token, _ in _TOKEN.findall(form))
        entries.setdefault(key, zh)
    return entries


def _forms(lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Nouns before verbs: `log`, `file` and `test` are more often things in messages."""
    for phrase in (*lexicon.adverbs, *lexicon.times, *lexicon.places, *lexicon.names):
        yield phrase.en, phrase.zh
    for adjective in lexicon.adjectives:
        yield adjective.en, adjective.zh
        yield morphology.comparative(adjective.en), f"更{adjective.zh}"
    for noun in lexicon.nouns:
        yield noun.en, noun.zh
        if noun.plural is not None:
            yield noun.plural, noun.zh
    for verb in lexicon.verbs:
        for form in (verb.en, verb.third, verb.past, verb.participle, verb.ing):
            yield form, verb.zh
