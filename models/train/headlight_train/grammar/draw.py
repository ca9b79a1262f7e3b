"""One sentence in the making: chance, the words used so far, and both texts in the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from . import morphology
from .filling import Filling, Head
from .nounphrase import DeadEnd, Piece
from .plan import Plan
from .split import Combination
from .tables import Classes, Tables
from .typography import capitalized, needs_space, title_case
from .words import Adjective, Noun

_TRIES = 6
_ROUND_NUMBERS = (10, 12, 15, 16, 20, 24, 25, 30, 32, 40, 50, 60, 64, 80, 90, 100, 120, 128, 150,
                  200, 256, 300, 404, 500, 512, 1000, 1024, 2048, 4096, 8080, 10000)
_NEVER_PREDICATES = {"latest", "default", "upcoming", "main"}


@dataclass(frozen=True)
class Spoken:
    """Both sentences with the ranges of their aligned words."""

    en: str
    zh: str
    alignment: tuple[tuple[int, int, int, int], ...]


class Draw:
    """One sentence in the making; also the source of chance for the phrases inside it."""

    def __init__(self, rng: Random, tables: Tables, modifiers: dict[str, list[Plan]]) -> None:
        self.random: Callable[[], float] = rng.random
        self.rng = rng
        self.tables = tables
        self._modifiers = modifiers
        self._links = 0
        self.used_nouns: set[str] = set()
        self.used_words: set[str] = set()
        self.combinations: set[Combination] = set()

    def new_link(self) -> int:
        """A fresh number for one instance of a word."""
        self._links += 1
        return self._links

    def pick(self, options: Sequence):
        """One of the options, each as likely; raises `DeadEnd` if there is none."""
        if not options:
            raise DeadEnd
        return options[int(self.random() * len(options))]

    def fresh(self, options: Sequence, used: set[str]):
        """One of the options whose English has not been used yet."""
        for _ in range(_TRIES):
            option = self.pick(options)
            if option.en not in used:
                used.add(option.en)
                return option
        raise DeadEnd

    def noun(self, classes: Classes) -> Noun:
        """A noun of one of these classes."""
        return self.fresh(self.tables.nouns(classes), self.used_nouns)

    def adjective(self, noun: Noun, gradable: bool = False,
                  attributive: bool = False) -> Adjective | None:
        """An adjective that describes the noun, or None if none is found.

        `gradable`: one with a comparative; `attributive`: one that may stand before the noun.
        """
        options = self.tables.describing(noun, gradable)
        if not options:
            return None
        adjective = self.pick(options)
        # "the new new file", "the network network"
        if adjective.en in self.used_words or adjective.en in noun.en.split(" "):
            return None
        if " " in adjective.en if attributive else adjective.en in _NEVER_PREDICATES:
            return None
        self.used_words.add(adjective.en)
        self.combinations.add(("quality", adjective.en, noun.en))
        return adjective

    def count(self, digits: bool = False) -> tuple[str, str]:
        """A number from two on, as a word or in digits; Chinese as it counts things."""
        if digits or self.random() < 0.5:
            number = (self.pick(_ROUND_NUMBERS) if self.random() < 0.3
                      else self.rng.randint(2, 20))
            return str(number), str(number)
        number = self.pick((20, 30, 50)) if self.random() < 0.05 else self.rng.randint(2, 12)
        return morphology.number_word(number), morphology.han_number(number, counting=True)

    def version(self) -> str:
        """A version number of two or three parts."""
        parts = [self.rng.randint(0, 12) for _ in range(2 + (self.random() < 0.4))]
        return ".".join(map(str, parts))

    def modifier(self, noun: Noun, plural: bool) -> tuple[list[Piece], list[Piece]] | None:
        """A clause that describes the noun: English after it, Chinese before it."""
        role = "O" if self.random() < 0.5 else "S"
        plan = self.pick(self._modifiers[role])
        before = set(self.combinations)
        try:
            filling = Filling(self, plan, {role: Head(noun, plural)}, depth=1)
            english = filling.pieces(plan.frame.english)
        except DeadEnd:
            self.combinations = before
            return None
        if english[0][0].startswith("that ") and role == "S" and "person" in noun.classes:
            english[0] = ("who" + english[0][0][4:], None)
        return [(" ", None), *english], filling.pieces(plan.frame.chinese, True)

    def sentence(self, plan: Plan) -> Spoken:
        """Fills a frame; raises `DeadEnd` if the words drawn on the way leave no way out."""
        filling = Filling(self, plan, {}, depth=0)
        english = filling.pieces(plan.frame.english)
        chinese = filling.pieces(plan.frame.chinese, True)
        if plan.frame.case == "title":
            english = [(text if link in filling.names else title_case(text), link)
                       for text, link in english]
        if plan.frame.case != "as-is" and english[0][1] not in filling.names:
            english[0] = (capitalized(english[0][0]), english[0][1])
        if self.random() < 0.1 and english[-1][0][-1:] == "." and chinese[-1][0][-1:] == "。":
            english[-1] = (english[-1][0][:-1], english[-1][1])
            chinese[-1] = (chinese[-1][0][:-1], chinese[-1][1])
        en, en_ranges = _set(english)
        zh, zh_ranges = _set(_with_spaces(chinese))
        return Spoken(en, zh, tuple(
            (*source, *target)
            for link, sources in en_ranges.items() for source in sources
            for target in zh_ranges.get(link, ())))


def _with_spaces(pieces: list[Piece]) -> list[Piece]:
    """Puts a space where Han and Latin meet between pieces."""
    spaced: list[Piece] = []
    for piece in pieces:
        first, before = piece[0][:1], spaced[-1][0] if spaced else ""
        if (first and first in "是的" and before.endswith(first) and before != "目的"
                or first == "在" and before.endswith("正在")):
            # 总是 and 是只读的 share their 是, 强制的 and 的 their 的, 正在 and 在 their 在.
            piece = (piece[0][1:], piece[1])
        if spaced and piece[0] and needs_space(spaced[-1][0], piece[0]):
            spaced.append((" ", None))
        if piece[0]:
            spaced.append(piece)
    return spaced


def _set(pieces: list[Piece]) -> tuple[str, dict[int, list[tuple[int, int]]]]:
    """The text and where each aligned word lies in it."""
    ranges: dict[int, list[tuple[int, int]]] = {}
    position = 0
    for text, link in pieces:
        end = position + len(text)
        if link is not None and text:
            ranges.setdefault(link, []).append((position, end))
        position = end
    return "".join(text for text, _ in pieces), ranges
