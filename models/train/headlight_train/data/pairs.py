"""Cleans one pair of English and Chinese software text, or says why it is left out."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Literal

MAX_CHARACTERS = 300

Reason = Literal["empty", "too long", "markup", "english", "not translated", "placeholders",
                 "quotation marks", "length ratio"]

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_FULL_WIDTH = "，。：；？！、（）《》“”"

PLACEHOLDER = re.compile(
    r"\{\{?[^{}\s]*\}?\}"  # {0}, {name}, {{name}}
    r"|%\([A-Za-z_]\w*\)[#0\- +]*\d*(?:\.\d+)?[A-Za-z]"  # %(name)s
    r"|%(?:\d+\$)?[#0\-+]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh?|ll?|[zjtL])?"  # %s, %2$lu
    r"[diouxXeEfFgGcrsamp](?![a-z])"
    r"|\$\{\w+\}|\$\d"  # ${name}, $1
    r"|__\w+?__"  # __name__
)
_PRINTF = re.compile(r"%(?![%(]|\d+\$)")
_POSITION = re.compile(r"%\d+\$")

_ENGLISH_PUNCTUATION = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2026": "...",
    "\u2013": "-", "\u2014": "-", "\u00a0": " ", "\u200b": None, "\u200e": None, "\u00ad": None,
})
_CHINESE_PUNCTUATION = str.maketrans({
    "「": "“", "」": "”", "『": "“", "』": "”", "\u2018": "“", "\u2019": "”", "…": "...",
    "｛": "{", "｝": "}", "\u00a0": " ", "\u3000": " ", "\u200b": None, "\u200e": None,
    "．": ".", "％": "%", "您": "你",
})
_HALF_WIDTH_TO_FULL = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", ".": "。"}

_CHINESE_MNEMONIC = re.compile(r"\s?[(（]&{0,2}_?[A-Z0-9][)）](?=$|\.\.\.|…|[:：])")
_ENGLISH_MNEMONIC = re.compile(r"&&(?=\w)|(?<![&\w])&(?=[A-Za-z])|(?<=[A-Za-z])&(?=[a-z])")
_ACCELERATOR = re.compile(r"(?<=\S)\t.*$")
_ICON = re.compile(r"\$\([\w~-]+\)\s*")
_INLINE_TAG = re.compile(
    r"</?(?:a|b|br|code|em|h[1-6]|i|kbd|li|p|small|span|strong|u|ul)(?:\s[^<>]*)?/?>", re.I)
_LINK = re.compile(r"\[([^\[\]]+)\]\([^()]*\)")
_MARKUP = re.compile(r"[{,]\s*(?:plural|select)\s*,|</?[A-Za-z][^<>]*>|\]\(|\\[a-z\"']|"
                     r"^\s*[|+]-|```|\|\$|BEGIN_LINK|\bhttps?://\S+\s*$")
_ENGLISH_WORD = re.compile(r"[A-Za-z]{2,}")
_EDGE = re.compile(r"^[\s*•>|–—-]+|[\s|]+$")


@dataclass(frozen=True)
class Pair:
    """An English text and its Chinese translation, both cleaned."""

    en: str
    zh: str


def clean_pair(en: str, zh: str) -> Pair | Reason:
    """The pair in one uniform spelling, or the reason to leave it out.

    Uniform means: no mnemonics, accelerators, icons or inline tags; plain ASCII quotation
    marks and ellipses in English; in Chinese full-width punctuation, “ ”, one space between
    Han and Latin, 你 for 您, and a full stop where the English has one.
    """
    en, zh = _without_option(en, zh)
    en, zh = _without_mnemonics(html.unescape(en), html.unescape(zh))
    if len(_INLINE_TAG.findall(en)) != len(_INLINE_TAG.findall(zh)):
        return "markup"
    if len(_LINK.findall(en)) != len(_LINK.findall(zh)):
        return "markup"
    en, zh = (_ICON.sub("", _LINK.sub(r"\1", _INLINE_TAG.sub(" ", s))) for s in (en, zh))
    en, zh = clean_english(en), clean_chinese(zh)
    en, zh = _with_positions(en, zh), _with_stop_of(en, zh)
    if not en or not zh:
        return "empty"
    if max(len(en), len(zh)) > MAX_CHARACTERS:
        return "too long"
    if _MARKUP.search(en) or _MARKUP.search(zh):
        return "markup"
    if Counter(PLACEHOLDER.findall(en)) != Counter(PLACEHOLDER.findall(zh)):
        return "placeholders"
    if '"' in zh or zh.count("“") != zh.count("”"):
        return "quotation marks"
    plain_en, plain_zh = PLACEHOLDER.sub("", en), PLACEHOLDER.sub("", zh)
    if not _is_english(plain_en):
        return "english"
    han = len(re.findall(f"[{_HAN}]", plain_zh))
    if han < 0.15 * sum(c.isalpha() for c in plain_zh) or han == 0:
        return "not translated"
    if not 0.12 * len(plain_en) <= len(plain_zh) <= 0.9 * len(plain_en) + 8:
        return "length ratio"
    return Pair(en, zh)


def clean_english(text: str) -> str:
    """One line, single spaces, ASCII quotation marks and ellipses."""
    text = " ".join(text.translate(_ENGLISH_PUNCTUATION).split())
    text = re.sub(r" (?=[,;:!?](?:\s|$))", "", text)
    return _EDGE.sub("", text)


def clean_chinese(text: str) -> str:
    """One line in uniform punctuation and spacing; full-width marks stay full-width."""
    text = "".join(_half_width_letter(c) for c in text.translate(_CHINESE_PUNCTUATION))
    text = " ".join(text.split())
    if text.count('"') % 2 == 0:
        text = re.sub(r'"([^"]*)"', r"“\1”", text)
    text = re.sub(r"(?<![A-Za-z])'([^']+)'(?![A-Za-z])", r"“\1”", text)
    for _ in range(2):  # parentheses may be nested once
        text = re.sub(rf"\(([^()（）]*[{_HAN}][^()（）]*)\)", r"（\1）", text)
    text = re.sub(rf"(?<=[{_HAN}”）])\s*([,:;?!])(?!\S*//)", _full_width, text)
    text = re.sub(rf"(?<=[{_HAN}”）])\.$", "。", text)
    text = re.sub(rf"(?<=[{_HAN}”）])\. (?=[{_HAN}])", "。", text)
    text = re.sub(r"。{3,}|\.{4,}", "...", text)
    text = text.replace("。。", "。")
    text = re.sub(rf"\s*([{_FULL_WIDTH}])\s*", r"\1", text)
    text = re.sub(rf"(?<=[{_HAN}]) (?=[{_HAN}])", "", text)
    text = re.sub(rf"(?<=[{_HAN}])(?=[A-Za-z0-9{{%$`(<@#])", " ", text)
    text = re.sub(rf"(?<=[A-Za-z0-9}}`)>%])(?=[{_HAN}])", " ", text)
    return _EDGE.sub("", text)


def _half_width_letter(character: str) -> str:
    """Full-width Latin letters and digits (NFKC); every other character as it is."""
    is_letter = "０" <= character <= "９" or "Ａ" <= character <= "Ｚ" or "ａ" <= character <= "ｚ"
    return unicodedata.normalize("NFKC", character) if is_letter else character


def _full_width(match: re.Match[str]) -> str:
    return _HALF_WIDTH_TO_FULL[match.group(1)]


def _without_option(en: str, zh: str) -> tuple[str, str]:
    """Leaves the description of a usage line: `  -v, --verbose    print more`."""
    if not en.lstrip().startswith("-") or "\n" in en.strip():
        return en, zh
    option, _, description = re.sub(r"\s{2,}", "\0", en.strip()).rpartition("\0")
    zh_option, _, zh_description = re.sub(r"\s{2,}", "\0", zh.strip()).rpartition("\0")
    if option and option == zh_option:
        return description, zh_description
    return en, zh


def _without_mnemonics(en: str, zh: str) -> tuple[str, str]:
    en, zh = _ACCELERATOR.sub("", en), _ACCELERATOR.sub("", zh)
    en, zh = _ENGLISH_MNEMONIC.sub("", en), _CHINESE_MNEMONIC.sub("", zh)
    return en, re.sub(r"&&(?=\w)", "", zh)


def _with_positions(en: str, zh: str) -> str:
    """Numbers the arguments of the English (%1$s) if the Chinese had to, to reorder them."""
    if not _POSITION.search(zh) or _POSITION.search(en):
        return en
    parts = _PRINTF.split(en)
    return parts[0] + "".join(f"%{i}${part}" for i, part in enumerate(parts[1:], start=1))


def _with_stop_of(en: str, zh: str) -> str:
    if en.endswith(".") and not en.endswith("..."):
        return re.sub(rf"(?<=[{_HAN}”）])$", "。", zh)
    return zh.removesuffix("。") if zh.count("。") == 1 else zh


def _is_english(text: str) -> bool:
    """Whether the text is mainly English words: not a bare name, option or address."""
    text = text.replace("...", "")
    if not _ENGLISH_WORD.search(text) or any(ord(c) > 0x24F for c in text):
        return False
    return sum(c.isalpha() or c == " " for c in text) >= 0.7 * len(text)
