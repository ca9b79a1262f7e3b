"""How pieces of text are set: spaces between Han and Latin, capitals, title case."""

from __future__ import annotations

import re

_HAN = "\u3007\u4e00-\u9fff"
_HAN_THEN_LATIN = re.compile(rf"(?<=[{_HAN}])(?=[A-Za-z0-9`\-#@_/.*(~$])")
_LATIN_THEN_HAN = re.compile(rf"(?<=[A-Za-z0-9`%+#_/*)])(?=[{_HAN}])")
_SMALL_WORDS = {
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "of", "on", "or",
    "the", "to", "with",
}


def set_chinese(text: str) -> str:
    """Puts one space between Han and a Latin word or numeral, on either side."""
    return _LATIN_THEN_HAN.sub(" ", _HAN_THEN_LATIN.sub(" ", text))


def needs_space(left: str, right: str) -> bool:
    """Whether a space belongs between two pieces of Chinese text."""
    joint = left[-1:] + right[:1]
    return len(joint) == 2 and len(set_chinese(joint)) == 3


def capitalized(text: str) -> str:
    """The text with a capital first letter; an initial of mixed case (npm, iOS) is the name's."""
    return text[:1].upper() + text[1:]


def title_case(text: str) -> str:
    """Capitals as on an English menu: every word but the small ones inside."""
    return " ".join(word if word in _SMALL_WORDS else capitalized(word)
                    for word in text.split(" "))
