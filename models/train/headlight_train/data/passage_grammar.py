"""Makes passages of software documentation, and their summaries, from templates and words.

A passage is a template's key sentence among sentences that support it or lead away from it. The
summary is the key fact in short, so a reader of the passage has to find the key sentence, not to
copy a place in the text. Templates are in `passage_templates.txt`, words in `passage_words`.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..grammar import morphology
from . import passage_words as vocabulary

TEMPLATES = Path(__file__).with_name("passage_templates.txt")
SPLIT_SEED = "headlight-summarize-grammar-1"
HELD_OUT_PERCENT = 12

_ARTICLE = re.compile(r"\b([Aa]) (\S+)")
_IDENTIFIER = re.compile(r"^\S*[a-z][._A-Z()]|^-")


@dataclass(frozen=True)
class Template:
    """One way of making passages."""

    name: str
    keys: tuple[tuple[str, str], ...]
    """Key sentences, each with its summary."""
    openings: tuple[str, ...]
    own_sentences: tuple[str, ...]
    shared_sentences: tuple[str, ...]


@dataclass(frozen=True)
class GeneratedPassage:
    """A passage, its summary and the name of its template."""

    template: str
    text: str
    summary: str


@dataclass(frozen=True)
class Action:
    """A verb phrase in the forms the templates ask for."""

    base: str
    third: str
    ing: str
    passive: str


def passages(seed: int, *, held_out: bool = False) -> Iterator[GeneratedPassage]:
    """Passages without end, the same for the same seed; of the templates of one split."""
    dice = random.Random(seed)
    templates = [t for t in read_templates() if is_held_out(t.name) == held_out]
    while True:
        yield _passage(dice.choice(templates), dice)


def is_held_out(template: str) -> bool:
    """Whether a template belongs to the held-out split; depends on its name alone."""
    digest = hashlib.sha256(f"{SPLIT_SEED}:{template}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < HELD_OUT_PERCENT


@cache
def read_templates() -> tuple[Template, ...]:
    """The templates of `passage_templates.txt`, in its order."""
    lines_of: dict[str, list[str]] = {}
    type_of: dict[str, str] = {}
    block = ""
    for line in TEMPLATES.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "*":
            block = f"* {rest}"
            lines_of[block] = []
        elif mark == "=":
            block, _, type_name = rest.partition(" | ")
            if block in lines_of:
                raise ValueError(f"{TEMPLATES.name}: two templates are named {block}")
            lines_of[block] = []
            type_of[block] = f"* {type_name}"
        elif mark in ("!", "<", "-"):
            lines_of[block].append(line)

    def sentences(name: str, mark: str) -> tuple[str, ...]:
        return tuple(line[2:] for line in lines_of[name] if line.startswith(f"{mark} "))

    templates: list[Template] = []
    for name, type_block in type_of.items():
        keys = [key.partition(" => ") for key in sentences(name, "!")]
        templates.append(Template(
            name,
            tuple((key, summary) for key, _, summary in keys),
            sentences(name, "<") + sentences(type_block, "<"),
            sentences(name, "-"),
            sentences(type_block, "-"),
        ))
    return tuple(templates)


def action(dice: random.Random) -> Action:
    """A random verb phrase whose verb, object and ending suit each other."""
    field = dice.choice(vocabulary.ACTION_FIELDS)
    verb, noun = dice.choice(field.verbs), dice.choice(field.objects)
    if field.noun_class and dice.random() < 0.5:
        _, noun = dice.choice(vocabulary.lexicon_nouns(field.noun_class))
    ending = f" {dice.choice(field.endings)}" if dice.random() < 0.7 else ""
    determiner = dice.choice(("", "", "", "all ", "the ", "the selected ", "new ", "old "))
    third, ing, participle = inflected(verb)
    rest = f"{determiner}{noun}{ending}"
    return Action(f"{verb} {rest}", f"{third} {rest}", f"{ing} {rest}",
                  f"{determiner}{noun} are {participle}{ending}")


def inflected(verb: str) -> tuple[str, str, str]:
    """Third person, present participle and past participle of a verb of the vocabulary."""
    regular = (morphology.third_person(verb), morphology.gerund(verb), morphology.past(verb))
    return vocabulary.IRREGULAR.get(verb, regular)


class _Slots(dict[str, object]):
    """Values of a passage's slots, drawn when first asked for and then kept."""

    def __init__(self, dice: random.Random) -> None:
        super().__init__()
        self._dice = dice

    def __missing__(self, name: str) -> object:
        if name == "things":
            return _plural(str(self["thing"]))
        value: object = _SLOTS[name](self._dice)
        while value in self.values():
            value = _SLOTS[name](self._dice)
        self[name] = value
        return value


@cache
def _plurals() -> dict[str, str]:
    return dict(pair for name in vocabulary.THING_CLASSES
                for pair in vocabulary.lexicon_nouns(name))


def _plural(noun: str) -> str:
    return _plurals().get(noun) or morphology.plural(noun)


def _thing(dice: random.Random) -> str:
    """A singular noun: from the lexicon twice in three times."""
    noun_class = dice.choice(vocabulary.THING_CLASSES)
    return dice.choice(vocabulary.THINGS if dice.random() < 1 / 3 else
                       [singular for singular, _ in vocabulary.lexicon_nouns(noun_class)])


def _event(dice: random.Random) -> str:
    nouns, states = dice.choice((
        (vocabulary.CONTAINERS, vocabulary.CONTAINER_STATES),
        (vocabulary.LINKS, vocabulary.LINK_STATES),
        (vocabulary.ARTIFACTS, vocabulary.ARTIFACT_STATES),
    ))
    return f"{dice.choice(('a', 'the'))} {dice.choice(nouns)} is {dice.choice(states)}"


def _snake(dice: random.Random) -> str:
    return f"{dice.choice(vocabulary.IDENTIFIER_VERBS)}_{dice.choice(vocabulary.IDENTIFIER_NOUNS)}"


def _function(dice: random.Random) -> str:
    name = _snake(dice)
    if dice.random() < 0.5:
        verb, noun = name.split("_")
        name = verb + noun.capitalize()
    return name + ("()" if dice.random() < 0.6 else "")


def _class(dice: random.Random) -> str:
    return "".join(dice.choice(vocabulary.IDENTIFIER_NOUNS).capitalize() for _ in range(2))


def _actor(dice: random.Random) -> str:
    return f"{dice.choice(vocabulary.ACTOR_FIELDS)} {dice.choice(vocabulary.ACTOR_ROLES)}"


def _duration(dice: random.Random) -> str:
    return f"{dice.randint(2, 90)} {dice.choice(vocabulary.UNITS_OF_TIME)}"


def _number(dice: random.Random) -> str:
    return str(dice.choice((dice.randint(2, 20), 10 * dice.randint(2, 50),
                            2 ** dice.randint(4, 12))))


def _version(dice: random.Random) -> str:
    return f"{dice.randint(1, 12)}.{dice.randint(0, 20)}"


def _one_of(items: tuple[str, ...]) -> Callable[[random.Random], str]:
    return lambda dice: dice.choice(items)


_SLOTS: dict[str, Callable[[random.Random], object]] = {
    "a": action, "b": action, "d": action, "e": _event, "e2": _event,
    "n": _one_of(vocabulary.PRODUCTS), "f": _function, "c": _class,
    "o": lambda dice: f"--{dice.choice(vocabulary.OPTION_WORDS)}",
    "s": lambda dice: (f"{dice.choice(vocabulary.IDENTIFIER_NOUNS)}."
                       f"{dice.choice(vocabulary.SETTING_WORDS)}"),
    "file": lambda dice: (f"{morphology.plural(dice.choice(vocabulary.IDENTIFIER_NOUNS))}."
                          f"{dice.choice(vocabulary.FILE_ENDINGS)}"),
    "actor": _actor, "actor2": _actor, "thing": _thing,
    "things2": lambda dice: _plural(_thing(dice)),
    "place": _one_of(vocabulary.PLACES), "role": _one_of(vocabulary.PEOPLE),
    "num": _number, "num2": _number, "dur": _duration, "dur2": _duration,
    "size": lambda dice: f"{dice.randint(2, 900)} {dice.choice(('megabytes', 'gigabytes'))}",
    "v": _version, "v2": _version, "why": _one_of(vocabulary.WHY),
}


def _passage(template: Template, dice: random.Random) -> GeneratedPassage:
    slots = _Slots(dice)
    key, summary = dice.choice(template.keys)
    own = dice.sample(template.own_sentences, dice.randint(0, len(template.own_sentences)))
    others = dice.sample(template.shared_sentences, dice.randint(2, 6))
    around = [*own, *others]
    dice.shuffle(around)
    opened = dice.random() < 0.6
    # Without an opening the key often comes first, as it does in most documentation.
    before = dice.randint(0, min(3, len(around))) if opened or dice.random() < 0.6 else 0
    sentences = [*around[:before], key, *around[before:]]
    if opened:
        sentences.insert(0, dice.choice(template.openings))
    # The key first: the same slot may be shared by sentences of a type that the key constrains.
    filled = {sentence: _filled(sentence, slots) for sentence in [key, summary, *sentences]}
    return GeneratedPassage(template.name, " ".join(filled[s] for s in sentences),
                            filled[summary])


def _filled(sentence: str, slots: _Slots) -> str:
    text = sentence.format_map(slots)
    text = _ARTICLE.sub(lambda m: f"{m[1]}{morphology.indefinite_article(m[2])[1:]} {m[2]}", text)
    return text if _IDENTIFIER.match(text) else text[:1].upper() + text[1:]
