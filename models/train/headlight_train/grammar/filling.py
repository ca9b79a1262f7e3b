"""Fills the slots of one frame, and gives each word the form its place asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import morphology
from .nounphrase import DeadEnd, NounPhrase, Piece, noun_phrase
from .pattern import Choice, Literal, Slot, Token
from .plan import Plan, VerbGroup
from .tables import Classes, Tables
from .words import Adjective, Noun, Phrase, Verb

if TYPE_CHECKING:
    from .draw import Draw

DEFAULT_ACTORS = ("person", "program")
"""Who acts where a frame has no subject, as in "Open the file"."""

_OPTIONAL_CHANCE = 0.3

_STATES = {"需要", "依赖", "依靠", "包含", "理解", "认识", "信任", "相信", "预期", "影响", "不同",
           "存在", "匹配", "正常工作", "同意"}
"""Verbs of a state rather than an action: without 了, and never in progress."""

_KINDS_OF_TIME = {"time": "any", "ago": "past", "soon": "future",
                  "promptly": "promptly"}

_AGREEING = {"is": ("is", "are"), "was": ("was", "were"), "has": ("has", "have"),
             "does": ("does", "do"), "it": ("it", "them"), "they": ("it", "they"),
             "its": ("its", "their")}
"""Forms that agree with a noun phrase: singular, plural."""


@dataclass(frozen=True)
class Head:
    """The noun that a modifier describes, in the place of a subject or object."""

    noun: Noun
    plural: bool


class Filling:
    """The words drawn for the slots of one frame, and their forms in both languages."""

    def __init__(self, draw: Draw, plan: Plan, bound: dict[str, Head], depth: int) -> None:
        self._draw = draw
        self._plan = plan
        self._values: dict[str, object] = dict(bound)
        self._links: dict[str, int] = {}
        self._adjectives: dict[str, Adjective] = {}
        self._choices: dict[int, int] = {}
        self._actors: dict[str, Classes] = {}
        self._subjects: dict[str, str] = {}
        self.names: set[int] = set()
        tables = draw.tables
        for group in plan.groups:
            self._draw_verbs(group, tables)
        for slot, verb in plan.nouns:
            self._draw_noun(slot, verb, tables, depth)
        for slot in plan.others:
            self._draw_other(slot, tables)

    def _link(self, variable: str) -> int:
        link = self._links.get(variable)
        if link is None:
            link = self._links[variable] = self._draw.new_link()
        return link

    def _draw_verbs(self, group: VerbGroup, tables: Tables) -> None:
        draw = self._draw
        subject = self._values.get(group.subject) if group.subject else None
        if isinstance(subject, Head):
            actors = tuple(sorted(subject.noun.classes))
        elif group.subject:
            declared = next(s for s, _ in self._plan.nouns if s.variable == group.subject)
            objects = self._object_classes(group.verbs[0])
            has_transitive = any(v.sort == "V" for v in group.verbs)
            has_intransitive = any(v.sort == "I" for v in group.verbs)
            possible = declared.classes or tables.actors(has_transitive, has_intransitive, objects)
            actors = (draw.pick(possible),)
        else:
            actors = group.verbs[0].classes or DEFAULT_ACTORS
        if group.subject:
            self._actors[group.subject] = actors
        head = self._values.get("O")
        for slot in group.verbs:
            if slot.sort == "I":
                options = tables.intransitive(actors)
            elif isinstance(head, Head) and slot.variable == "V":
                options = tables.taking(head.noun, actors)
            else:
                options = tables.transitive(actors, self._object_classes(slot))
            verb = draw.fresh(options, draw.used_words)
            if verb.zh in _STATES and slot.variable in self._plan.actions:
                raise DeadEnd
            self._values[slot.variable] = verb
            self._actors[slot.variable] = actors
            if group.subject:
                self._subjects[slot.variable] = group.subject
            if isinstance(head, Head) and slot.variable == "V":
                draw.combinations.add(("object", verb.en, head.noun.en))

    def _object_classes(self, verb: Slot) -> Classes:
        if verb.objects:
            return verb.objects
        for slot, of in self._plan.nouns:
            if of == verb.variable:
                return slot.classes
        return ()

    def _draw_noun(self, slot: Slot, verb_name: str | None, tables: Tables, depth: int) -> None:
        draw = self._draw
        verb = self._values.get(verb_name) if verb_name else None
        if isinstance(verb, Verb):
            options = tables.objects(verb, slot.classes)
        else:
            options = tables.nouns(self._actors.get(slot.variable) or slot.classes)
        noun: Noun = draw.fresh(options, draw.used_nouns)
        if isinstance(verb, Verb):
            draw.combinations.add(("object", verb.en, noun.en))
        self._values[slot.variable] = noun_phrase(
            draw, noun, slot.determiner, slot.richness, depth)

    def _draw_other(self, slot: Slot, tables: Tables) -> None:
        draw = self._draw
        sort = slot.sort
        value: object
        if slot.optional and draw.random() > _OPTIONAL_CHANCE:
            value = None
        elif sort == "W":
            phrase = self._values["O" + slot.variable[1:]]
            assert isinstance(phrase, NounPhrase | Head)
            first = "V" + slot.variable[1:]
            verb = draw.fresh(tables.taking(phrase.noun, self._actors[first]), draw.used_words)
            if verb.zh in _STATES:
                raise DeadEnd
            draw.combinations.add(("object", verb.en, phrase.noun.en))
            self._subjects[slot.variable] = self._subjects.get(first, "")
            value = verb
        elif sort == "name":
            value = draw.fresh(tables.names(slot.classes), draw.used_nouns)
            self.names.add(self._link(slot.variable))
        elif slot.variable == "digits2":
            # Never the same again, and more: "3 of 12", "between 1 and 20".
            first = int(self._values["digits"][0])
            value = (str(first + draw.rng.randint(1, 12)),) * 2
        elif sort in ("num", "digits"):
            value = draw.count(digits=sort == "digits")
        elif sort in ("manner", "degree", "frequency"):
            value = draw.pick(tables.adverbs(sort))
        elif sort == "start":
            value = draw.pick(tables.adverbs("sentence"))
        elif sort == "version":
            value = (draw.version(),) * 2
        elif sort in _KINDS_OF_TIME:
            value = draw.pick(tables.times(_KINDS_OF_TIME[sort]))
        elif sort == "place":
            value = draw.pick(tables.lexicon.places)
        else:
            raise ValueError(f"{self._plan.frame.id}: no slot is called {slot.variable}.")
        self._values[slot.variable] = value

    def pieces(self, tokens: Sequence[Token], chinese: bool = False) -> list[Piece]:
        """Renders one line of the frame."""
        pieces: list[Piece] = []
        for token in tokens:
            if isinstance(token, Literal):
                text = token.text
                if pieces and pieces[-1][0] == "" and text[0] == " ":
                    pieces.pop()
                    text = text[1:] if not pieces or pieces[-1][0][-1:] == " " else text
                if chinese and text[:1] == "了" and pieces and pieces[-1][0] in _STATES:
                    text = text[1:]
                if text:
                    pieces.append((text, None))
            elif isinstance(token, Choice):
                pieces.append(self._choice(token))
            elif self._values[token.variable] is None:
                # An adverbial left out takes the space before it along, or the one after.
                if pieces and pieces[-1][0][-1:] == " ":
                    pieces[-1] = (pieces[-1][0][:-1], pieces[-1][1])
                elif not pieces:
                    pieces.append(("", None))
            else:
                pieces += self._slot(token, chinese)
        return [piece for piece in pieces if piece[0]]

    def _choice(self, token: Choice) -> Piece:
        if token.group is None:
            return self._draw.pick(token.options), None
        index = self._choices.get(token.group)
        if index is None:
            index = self._choices[token.group] = int(self._draw.random() * len(token.options))
        return token.options[index], self._link(f"<{token.group}>")

    def _slot(self, slot: Slot, chinese: bool) -> Sequence[Piece]:
        value = self._values[slot.variable]
        if isinstance(value, Verb):
            return [(value.zh if chinese else self._verb_form(slot, value),
                     self._link(slot.variable))]
        if isinstance(value, NounPhrase | Head):
            if not slot.form and isinstance(value, NounPhrase):
                return value.chinese if chinese else value.english
            if chinese:
                return self._chinese_of_noun(slot, value)
            return self._english_of_noun(slot, value)
        if isinstance(value, Phrase):
            text = value.zh if chinese else value.en
            if chinese and slot.form == "there":
                text = text.removeprefix("在").lstrip()
            return [(text, self._link(slot.variable))]
        assert isinstance(value, tuple)
        return [(value[1 if chinese else 0], self._link(slot.variable))]

    def _verb_form(self, slot: Slot, verb: Verb) -> str:
        match slot.form:
            case "":
                return verb.en
            case "s":
                subject = self._values[self._subjects[slot.variable]]
                assert isinstance(subject, NounPhrase | Head)
                return verb.en if subject.plural else verb.third
            case "third":
                return verb.third
            case "past":
                return verb.past
            case "pp":
                return verb.participle
            case "ing":
                return verb.ing
        raise ValueError(f"{self._plan.frame.id}: verbs have no form {slot.form}.")

    def _english_of_noun(self, slot: Slot, value: NounPhrase | Head) -> Sequence[Piece]:
        if slot.form in _AGREEING:
            return [(_AGREEING[slot.form][value.plural], None)]
        if slot.form in ("head", "heads"):
            noun = value.noun
            text = noun.plural if slot.form == "heads" and noun.plural else noun.en
            return [(text, self._draw.new_link())]
        adjective = self._adjective(slot, value.noun)
        text = adjective.en
        if slot.form == "more":
            text = morphology.comparative(text)
        return [(text, self._link(slot.variable + self._which(slot)))]

    def _chinese_of_noun(self, slot: Slot, value: NounPhrase | Head) -> Sequence[Piece]:
        match slot.form:
            case "bare":
                assert isinstance(value, NounPhrase)
                return value.bare_chinese
            case "head" | "heads":
                if isinstance(value, NounPhrase):
                    return value.head[-1:]
                return [(value.noun.zh, None)]
            case "measure":
                return [(value.noun.measure or "个", None)]
            case "it" | "they":
                return [("它们" if value.plural else "它", None)]
            case "its":
                return [("其", None)]
        adjective = self._adjective(slot, value.noun)
        predicate = adjective.predicate
        link = self._link(slot.variable + self._which(slot))
        match slot.form:
            case "adj" | "other":
                return [(predicate, link)]
            case "attr":
                zh = adjective.zh
                return [(zh if zh.endswith("的") else zh + "的", link)]
            case "notadj" | "notother":
                return [(morphology.negated_predicate(predicate), link)]
            case "more":
                return [("更" + morphology.bare_predicate(predicate), link)]
            case "grade":
                return [(morphology.bare_predicate(predicate), link)]
        raise ValueError(f"{self._plan.frame.id}: nouns have no form {slot.form}.")

    @staticmethod
    def _which(slot: Slot) -> str:
        return " other" if slot.form in ("other", "notother") else " adjective"

    def _adjective(self, slot: Slot, noun: Noun) -> Adjective:
        key = slot.variable + self._which(slot)
        adjective = self._adjectives.get(key)
        if adjective is None:
            if slot.form not in ("adj", "other", "attr", "notadj", "notother", "more", "grade"):
                raise ValueError(f"{self._plan.frame.id}: nouns have no form {slot.form}.")
            adjective = self._draw.adjective(noun, slot.form in ("more", "grade"))
            if adjective is None:
                raise DeadEnd
            self._adjectives[key] = adjective
        return adjective
