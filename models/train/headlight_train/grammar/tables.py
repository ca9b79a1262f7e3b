"""Which words go with which, worked out once: what a verb takes, what an adjective describes."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from . import morphology
from .split import Combination
from .words import Adjective, Lexicon, Noun, Phrase, Verb

Classes = tuple[str, ...]

_RELATIVE_TIME = re.compile(r"^(?!在)(?!.*[年月周天时钟日]后$).*(?:期间|[译行动闭]时|模式下|前|后)$")

_PROMPTLY = {"尽快", "立即", "马上", "稍后"}
"""Adverbials of the future that follow 将 and 会; the others come before."""


class Tables:
    """The words that may be drawn for each kind of place.

    `allowed` says which combinations of words may be made at all: training leaves some out.
    """

    def __init__(self, lexicon: Lexicon, allowed: Callable[[Combination], bool]) -> None:
        self.lexicon = lexicon
        self._nouns_by_class: dict[str, list[Noun]] = {}
        for noun in lexicon.nouns:
            for name in noun.classes:
                self._nouns_by_class.setdefault(name, []).append(noun)
        # By verb and not by its English: "train" a person and "train" a model are two.
        self._taken: dict[Verb, list[Noun]] = {
            verb: [noun for noun in lexicon.nouns if noun.classes & verb.object
                      and allowed(("object", verb.en, noun.en))]
            for verb in lexicon.verbs if verb.object}
        self._taken_sets = {verb: frozenset(noun.en for noun in nouns)
                            for verb, nouns in self._taken.items()}
        self._describing: dict[str, list[Adjective]] = {
            noun.en: [adjective for adjective in lexicon.adjectives
                      if adjective.classes & noun.classes
                      and allowed(("quality", adjective.en, noun.en))]
            for noun in lexicon.nouns}
        self._gradable: dict[str, list[Adjective]] = {
            noun: [a for a in adjectives if morphology.is_gradable(a.predicate)]
            for noun, adjectives in self._describing.items()}
        self.nouns = lru_cache(maxsize=None)(self._nouns)
        self.objects = lru_cache(maxsize=None)(self._objects)
        self.transitive = lru_cache(maxsize=None)(self._transitive)
        self.intransitive = lru_cache(maxsize=None)(self._intransitive)
        self.taking = lru_cache(maxsize=None)(self._taking)
        self.actors = lru_cache(maxsize=None)(self._actors)
        self.names = lru_cache(maxsize=None)(self._names)
        self.adverbs = lru_cache(maxsize=None)(self._adverbs)
        self.times = lru_cache(maxsize=None)(self._times)

    def describing(self, noun: Noun, gradable: bool = False) -> list[Adjective]:
        """Adjectives of a noun."""
        return (self._gradable if gradable else self._describing)[noun.en]

    def takes(self, verb: Verb, noun: Noun) -> bool:
        """Whether a verb may have the noun as its object."""
        return noun.en in self._taken_sets.get(verb, frozenset())

    def _nouns(self, classes: Classes) -> list[Noun]:
        if not classes:
            return list(self.lexicon.nouns)
        found = {noun.en: noun for name in classes for noun in self._nouns_by_class.get(name, ())}
        return list(found.values())

    def _objects(self, verb: Verb, classes: Classes) -> list[Noun]:
        return [noun for noun in self._taken[verb]
                if not classes or not noun.classes.isdisjoint(classes)]

    def _transitive(self, actors: Classes, objects: Classes) -> list[Verb]:
        return [verb for verb in self.lexicon.verbs
                if verb.object and not verb.subject.isdisjoint(actors)
                and (not objects or not verb.object.isdisjoint(objects))
                and self.objects(verb, objects)]

    def _intransitive(self, actors: Classes) -> list[Verb]:
        return [verb for verb in self.lexicon.verbs
                if not verb.object and not verb.subject.isdisjoint(actors)]

    def _taking(self, noun: Noun, actors: Classes) -> list[Verb]:
        return [verb for verb in self.lexicon.verbs
                if verb.object and not verb.subject.isdisjoint(actors)
                and self.takes(verb, noun)]

    def _actors(self, transitive: bool, intransitive: bool, objects: Classes) -> Classes:
        """Classes that can do something, each as often as the root of the verbs it has."""
        weighted: list[str] = []
        for name in sorted(self._nouns_by_class):
            counts = []
            if transitive:
                counts.append(len(self.transitive((name,), objects)))
            if intransitive:
                counts.append(len(self.intransitive((name,))))
            weighted += [name] * round(min(counts) ** 0.5)
        return tuple(weighted)

    def _names(self, kinds: Classes) -> list[Phrase]:
        return [name for name in self.lexicon.names if not kinds or name.kind in kinds]

    def _adverbs(self, kind: str) -> list[Phrase]:
        return [adverb for adverb in self.lexicon.adverbs if adverb.kind == kind]

    def _times(self, kind: str) -> list[Phrase]:
        if kind == "promptly":
            return [time for time in self.lexicon.times if time.zh in _PROMPTLY]
        return [_with_preposition(time) for time in self.lexicon.times
                if time.kind == kind and time.zh not in _PROMPTLY]


def _with_preposition(time: Phrase) -> Phrase:
    """启动时 → 在启动时, since in these sentences it stands after the subject."""
    if time.kind != "past" and _RELATIVE_TIME.search(time.zh):
        return Phrase(time.en, "在" + time.zh, time.kind)
    return time
