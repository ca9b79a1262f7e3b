"""Word forms: inflection of English, numbers and measure words of Chinese.

Regular forms only. What is irregular stands in the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_VOWELS = "aeiou"
_SOUNDS_LIKE_CONSONANT = re.compile(
    r"(?:u(?:ni(?!n|m)|s[aeiu]|t[fi])|eu|one(?![a-z])|once|U[A-Z])")
_SILENT_H = re.compile(r"(?:hour|hono|honest|heir)", re.IGNORECASE)
_SPELLED_OUT = re.compile(r"[A-Z][A-Z0-9]*s?(?![a-zA-Z])")
_READ_AS_WORDS = {"RAM", "ROM", "LAN", "NAT", "NAS", "MIDI", "NULL", "REST", "SIM", "LIFO"}
_STRESSED_LAST = {
    "admit", "begin", "commit", "compel", "control", "debug", "defer", "emit", "equip", "forget",
    "format", "infer", "occur", "omit", "patrol", "permit", "prefer", "propel", "recur", "refer",
    "regret", "remit", "reset", "resubmit", "submit", "transfer", "transmit", "unplug", "unwrap",
    "unzip", "upset",
}
_ONE_SYLLABLE_CVC = re.compile(r"(?:qu|[^aeiou])*[aeiou][^aeiouwxy]")
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
_HAN_DIGITS = "零一二三四五六七八九"


def plural(noun: str) -> str:
    """The regular plural of an English noun, by its last word."""
    if re.search(r"(?:s|x|z|ch|sh)$", noun):
        return noun + "es"
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + "s"


def third_person(verb: str) -> str:
    """The regular third person singular; of a phrase, that of its first word."""
    return _first_word(verb, lambda word: word + "es" if word.endswith("o") else plural(word))


def past(verb: str) -> str:
    """The regular past tense, which is the regular past participle too."""
    return _first_word(verb, _past_of_word)


def gerund(verb: str) -> str:
    """The regular form in -ing."""
    return _first_word(verb, _gerund_of_word)


def _first_word(verb: str, inflect: Callable[[str], str]) -> str:
    head, space, rest = verb.partition(" ")
    return inflect(head) + space + rest


def _past_of_word(word: str) -> str:
    if word.endswith("e"):
        return word + "d"
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ied"
    return _doubled(word) + "ed"


def _gerund_of_word(word: str) -> str:
    if word.endswith("ie"):
        return word[:-2] + "ying"
    if word.endswith("e") and not re.search(r"(?:ee|oe|ye)$", word):
        return word[:-1] + "ing"
    return _doubled(word) + "ing"


def _doubled(word: str) -> str:
    if word in _STRESSED_LAST or _ONE_SYLLABLE_CVC.fullmatch(word):
        return word + word[-1]
    return word


def indefinite_article(following: str) -> str:
    """"a" or "an", as the sound of the following word wants it."""
    word = following.lstrip("\"'“‘`-.")
    if not word:
        return "a"
    if word[0].isdigit():
        return "an" if re.match(r"8|1[18](?!\d)", word) else "a"
    if _SILENT_H.match(word):
        return "an"
    spelled = _SPELLED_OUT.match(word)
    if spelled and spelled.group() not in _READ_AS_WORDS and spelled.group()[0] != "U":
        return "an" if word[0] in "AEFHILMNORSX" else "a"
    if _SOUNDS_LIKE_CONSONANT.match(word) or _SOUNDS_LIKE_CONSONANT.match(word.lower()):
        return "a"
    return "an" if word[0].lower() in _VOWELS else "a"


def number_word(number: int) -> str:
    """An English cardinal below a hundred."""
    if not 0 <= number < 100:
        raise ValueError(f"No English word for {number}: only 0 to 99 have one here.")
    if number < 20:
        return _UNITS[number]
    tens, units = divmod(number, 10)
    return _TENS[tens] + (f"-{_UNITS[units]}" if units else "")


def han_number(number: int, counting: bool = False) -> str:
    """A Chinese numeral below a hundred; before a measure word (`counting`) two is 两."""
    if not 0 <= number < 100:
        raise ValueError(f"No Chinese numeral for {number}: only 0 to 99 have one here.")
    if counting and number == 2:
        return "两"
    if number < 10:
        return _HAN_DIGITS[number]
    tens, units = divmod(number, 10)
    return ((_HAN_DIGITS[tens] if tens > 1 else "") + "十"
            + (_HAN_DIGITS[units] if units else ""))


def comparative(adjective: str) -> str:
    """"larger", "heavier", "more stable"."""
    irregular = {"good": "better", "bad": "worse", "far": "farther", "little": "less"}
    if adjective in irregular:
        return irregular[adjective]
    syllables = len(re.findall(r"[aeiouy]+", re.sub(r"(?<![^aeiou]l)e$", "", adjective)))
    if " " not in adjective and "-" not in adjective:
        if syllables == 1:
            return adjective + "r" if adjective.endswith("e") else _doubled(adjective) + "er"
        if syllables == 2 and re.search(r"[^aeiou]y$", adjective):
            return adjective[:-1] + "ier"
        if adjective == "simple":
            return "simpler"
    return "more " + adjective


def bare_predicate(predicate: str) -> str:
    """A Chinese predicate without the 很 that only fills the place of a degree: 很大 → 大."""
    return predicate[1:] if is_gradable(predicate) else predicate


def is_gradable(predicate: str) -> bool:
    """Whether a Chinese predicate takes degrees (很大, 更大, 最大)."""
    return predicate.startswith(("很", "较")) and len(predicate) > 1


_DENIALS = {"有效": "无效", "有害": "无害", "有序": "无序", "有名": "不出名", "有趣": "不有趣"}


def negated_predicate(predicate: str) -> str:
    """The denial of a Chinese predicate: 为空 → 不为空, 很大 → 不大, 已损坏 → 未损坏."""
    predicate = bare_predicate(predicate)
    if predicate in _DENIALS:
        return _DENIALS[predicate]
    if predicate.startswith(("不", "无", "未", "没", "毫")):
        return "并非" + predicate
    if "很" in predicate:
        return predicate.replace("很", "不", 1)
    if predicate.startswith("正在"):
        return "未在" + predicate[2:]
    if predicate.startswith("已"):
        return "未" + predicate[1:]
    if predicate.startswith("经过"):
        return "未" + predicate
    if predicate.startswith("有"):
        return "没" + predicate
    return "不" + predicate
