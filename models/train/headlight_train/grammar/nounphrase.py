"""Noun phrases: determiner, quantity, adjectives, noun, and the kinds of things nouns have.

In Chinese everything that describes stands before the noun: 你打开的两个新文件, word for word
"you-opened two-of new file".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import morphology
from .words import Adjective, Noun

if TYPE_CHECKING:
    from .draw import Draw

Piece = tuple[str, int | None]
"""Text and the number of the word it is an instance of; None where it is not aligned."""


class DeadEnd(Exception):
    """The words drawn so far leave none for the next place; draw the sentence anew."""


@dataclass(frozen=True)
class Determiner:
    """A determiner; `number` is the number of its noun (None: either).

    In `zh`, M stands for the measure word. `mass` is the Chinese before mass nouns, None where
    the determiner does not go with them. `agreement` is the number of the verb, where it is
    not that of the noun.
    """

    en: str
    zh: str
    number: str | None
    mass: str | None = None
    agreement: str | None = None


DETERMINERS = {
    "the": Determiner("the", "", None, ""),
    "the:s": Determiner("the", "", "singular", ""),
    "the:p": Determiner("the", "", "plural"),
    "a": Determiner("a", "一M", "singular"),
    "bare": Determiner("", "", "singular", ""),
    "plural": Determiner("", "", "plural", ""),
    "this": Determiner("this", "这M", "singular", "这些"),
    "these": Determiner("these", "这些", "plural"),
    "that": Determiner("that", "那M", "singular", "那些"),
    "those": Determiner("those", "那些", "plural"),
    "each": Determiner("each", "每M", "singular"),
    "every": Determiner("every", "每M", "singular"),
    "any": Determiner("any", "任何", "singular", "任何"),
    "all": Determiner("all", "所有", "plural", "所有"),
    "all_the": Determiner("all the", "所有", "plural", "所有"),
    "some": Determiner("some", "一些", "plural", "一些"),
    "several": Determiner("several", "几M", "plural"),
    "multiple": Determiner("multiple", "多M", "plural"),
    "many": Determiner("many", "许多", "plural"),
    "both": Determiner("both", "两M", "plural"),
    "another": Determiner("another", "另一M", "singular"),
    "same": Determiner("the same", "同一M", "singular", "同样的"),
    "first": Determiner("the first", "第一M", "singular"),
    "second": Determiner("the second", "第二M", "singular"),
    "third": Determiner("the third", "第三M", "singular"),
    "last": Determiner("the last", "最后一M", "singular"),
    "next": Determiner("the next", "下一M", "singular"),
    "previous": Determiner("the previous", "上一M", "singular"),
    "other": Determiner("the other", "其他", "plural", "其他"),
    "only": Determiner("the only", "唯一的", "singular"),
    "your": Determiner("your", "你的", None, "你的"),
    "our": Determiner("our", "我们的", None, "我们的"),
    "their": Determiner("their", "他们的", None, "他们的"),
    "its": Determiner("its", "其", None, "其"),
    "one_of": Determiner("one of the", "其中一M", "plural", None, "singular"),
    "more": Determiner("more", "更多", "plural", "更多"),
    "which": Determiner("which", "哪M", "singular"),
    "how_many": Determiner("how many", "多少M", "plural"),
    "no": Determiner("no", "", "plural", ""),
}

_FREE = (
    "the " * 26 + "a " * 9 + "# # # # # your your your this this this these these that those "
    "each each every every any all all all_the some several multiple many another same first "
    "second third last next previous other other only one_of both plural plural plural plural"
).split()

RELATIONS = {
    "name": "file program code setting ui network device document task model security",
    "title": "document ui message",
    "path": "file program",
    "version": "program document model device",
    "type": "data code file message network device setting model",
    "value": "setting data code",
    "content": "file document message ui",
    "format": "data file document message text",
    "encoding": "file text document",
    "language": "document text program ui",
    "result": "task",
    "output": "program task model code",
    "input": "program task model code",
    "owner": "file device document security",
    "author": "document program code model",
    "administrator": "network program",
    "status": "task network device program",
    "state": "task ui network device program",
    "color": "ui text",
    "font": "text ui document",
    "style": "text ui document",
    "layout": "ui document",
    "icon": "program file ui",
    "label": "ui",
    "element": "data",
    "field": "data ui",
    "row": "data",
    "column": "data",
    "page": "document",
    "chapter": "document",
    "section": "document",
    "paragraph": "document",
    "line": "text code document file",
    "word": "text document message",
    "character": "text",
    "prefix": "text",
    "suffix": "text",
    "argument": "code",
    "parameter": "code model",
    "start time": "task",
    "end time": "task",
    "deadline": "task",
    "duration": "task",
    "expiration date": "security",
    "creation date": "file document",
    "modification date": "file document",
    "resolution": "device ui",
    "layer": "model",
    "weight": "model",
    "accuracy": "model",
    "vocabulary": "model",
    "option": "program code",
    "user": "program device network",
    "password": "network device security",
    "copy": "file document data",
    "list": "file setting message person task device document security code",
    "number": "file data message person task device document setting code ui security",
    "size": "file data ui model document",
    "length": "text data",
    "width": "ui",
    "height": "ui",
    "location": "file device",
}
"""What things have: the noun that names the part or quality, and the classes of what has it."""

_OWNERS = {noun: tuple(classes.split()) for noun, classes in RELATIONS.items()}

_OWNER_DETERMINERS = "the the the the the the the each your this all".split()

_PLURAL_OWNER = {"list", "number"}
"""A list or a number is one of many things: "the list of files"."""

_WITHOUT_OWNER = {"a", "bare", "plural", "which", "no", "how_many"}

_WITH_CLAUSE = {"the", "the:s", "the:p", "a", "all", "#"}
"""Determiners of phrases that now and then take a clause, even where none is asked for."""

_COMPOUND = {
    "name", "type", "version", "format", "path", "title", "status", "owner", "size", "list",
    "language", "icon", "color", "password", "content", "encoding", "label", "layout",
    "style", "parameter", "administrator", "author",
}
"""Parts and qualities that also make compounds: "the server name", 服务器名称."""


@dataclass(frozen=True)
class NounPhrase:
    """A noun phrase in both languages; Chinese in layers, since frames may leave some out."""

    noun: Noun
    english: tuple[Piece, ...]
    clause: tuple[Piece, ...]
    """Chinese that describes and stands first: owner or relative clause."""
    quantity: tuple[Piece, ...]
    qualities: tuple[Piece, ...]
    head: tuple[Piece, ...]
    plural: bool
    """The number it agrees with."""

    @property
    def chinese(self) -> tuple[Piece, ...]:
        """All of the Chinese."""
        return self.clause + self.quantity + self.qualities + self.head

    @property
    def bare_chinese(self) -> tuple[Piece, ...]:
        """The Chinese without determiner."""
        return self.clause + self.qualities + self.head


def noun_phrase(draw: Draw, noun: Noun, determiner: str = "", richness: str = "",
                depth: int = 0) -> NounPhrase:
    """Builds a noun phrase around a noun; `draw` is the `draw.Draw` of the sentence.

    `richness`: "-" the bare noun, "" perhaps adjectives, "+" one adjective, "*" clauses too.
    Deeper than `depth` 0 there are neither clauses nor owners.
    """
    owned = (richness in ("", "*") and depth == 0 and noun.en in RELATIONS
             and determiner not in _WITHOUT_OWNER and draw.random() < 0.55)
    if owned and determiner in ("", "the:p") and noun.en != "number":
        determiner = "the"
    name, kind, count = _determiner(draw, noun, determiner)
    plural = not noun.mass and _is_plural(draw, name, kind, owned)
    agreement = kind.agreement == "plural" if kind.agreement else plural
    link = draw.new_link()
    qualities_en, qualities_zh = _qualities(draw, noun, richness, depth)
    words = [*qualities_en, (noun.plural if plural and noun.plural else noun.en, link)]
    quantity_en, quantity_zh = _quantity(draw, noun, kind, count)
    head = [(noun.zh, link)]
    clause_zh: Sequence[Piece] = ()
    if owned:
        owner, manner = _owner(draw, noun, with_the=name == "the", plain=not qualities_en)
        if manner == "compound":
            # "the server name"
            words = [*owner.english, *words]
            head = [*owner.head, *head]
        else:
            clause_zh = (*owner.chinese, ("的", None))
        if manner == "genitive":
            # "the server's name"; after a plural in s the apostrophe alone
            mark = "'" if owner.plural and owner.english[-1][0].endswith("s") else "'s"
            quantity_en, quantity_zh = [*owner.english, (mark, None)], []
        english = _spaced(quantity_en, words)
        if manner == "of":
            english = [*english, (" of ", None), *owner.english]
    else:
        if name == "a" and kind.en:
            quantity_en = [(morphology.indefinite_article(words[0][0]), None)]
        english = _spaced(quantity_en, words)
        if depth == 0 and (richness == "*" and draw.random() < 0.4
                           or richness == "" and name in _WITH_CLAUSE and draw.random() < 0.07):
            clause = draw.modifier(noun, plural)
            if clause:
                english = [*english, *clause[0]]
                clause_zh = clause[1]
    return NounPhrase(noun, tuple(english), tuple(clause_zh), tuple(quantity_zh),
                      tuple(qualities_zh), tuple(head), agreement)


def _owner(draw: Draw, noun: Noun, with_the: bool, plain: bool) -> tuple[NounPhrase, str]:
    """What has the thing, and how it is put: "compound", "genitive" or "of"."""
    owner = draw.noun(_OWNERS[noun.en])
    if noun.en in _PLURAL_OWNER:
        return noun_phrase(draw, owner, "plural", "-", 1), "of"
    if plain and noun.en in _COMPOUND and draw.random() < 0.35:
        return noun_phrase(draw, owner, "bare", "-", 1), "compound"
    phrase = noun_phrase(draw, owner, draw.pick(_OWNER_DETERMINERS), "-", 1)
    return phrase, "genitive" if with_the and draw.random() < 0.35 else "of"


def _quantity(draw: Draw, noun: Noun, kind: Determiner,
              count: tuple[str, str] | None) -> tuple[list[Piece], list[Piece]]:
    """English and Chinese pieces of the determiner or number."""
    link = None if kind.en in ("the", "a") else draw.new_link()
    measure = (noun.measure or "个", None)
    if count is not None:
        return [(count[0], link)], [(count[1], link), measure]
    zh = kind.zh if not noun.mass or kind.mass is None else kind.mass
    before, measured, _ = zh.partition("M")
    return ([(kind.en, link)] if kind.en else [],
            [(before, link), *([measure] if measured else [])] if zh else [])


def _spaced(determiner: Sequence[Piece], words: Sequence[Piece]) -> list[Piece]:
    """English pieces with a space between each two, but before an apostrophe."""
    pieces: list[Piece] = []
    for piece in (*determiner, *words):
        if pieces and pieces[-1][0] != " " and piece[0] != " " and piece[0][0] != "'":
            pieces.append((" ", None))
        pieces.append(piece)
    return pieces


def _determiner(draw: Draw, noun: Noun,
                name: str) -> tuple[str, Determiner, tuple[str, str] | None]:
    """The determiner of this name, or for "" one that goes with the noun."""
    if not name:
        name = draw.pick(_FREE)
        if noun.mass and (name == "#" or DETERMINERS[name].mass is None):
            name = "the"
    if name == "#":
        if noun.mass:
            raise DeadEnd
        return name, DETERMINERS["plural"], draw.count()
    kind = DETERMINERS[name]
    if noun.mass and kind.mass is None:
        if name == "a":
            return "bare", DETERMINERS["bare"], None
        raise DeadEnd
    return name, kind, None


def _is_plural(draw: Draw, name: str, kind: Determiner, owned: bool) -> bool:
    if name == "#":
        return True
    if kind.number is None:
        return not owned and draw.random() < 0.22
    return kind.number == "plural"


def _qualities(draw: Draw, noun: Noun, richness: str,
               depth: int) -> tuple[list[Piece], list[Piece]]:
    """English and Chinese pieces of the adjectives, perhaps none."""
    if richness == "-":
        return [], []
    chance = draw.random()
    wanted = 1 if richness == "+" else 0
    if depth == 0 and chance < 0.28:
        wanted = 2 if chance < 0.025 else 1
    adjectives: list[Adjective] = []
    for _ in range(wanted):
        adjective = draw.adjective(noun, attributive=True)
        if adjective is not None and adjective not in adjectives:
            adjectives.append(adjective)
    if not adjectives:
        return [], []
    links = {adjective.en: draw.new_link() for adjective in adjectives}
    english: list[Piece] = []
    for adjective in adjectives:
        if english:
            english.append((" ", None))
        english.append((adjective.en, links[adjective.en]))
    # What has 的 stands farther from the noun: 旧的远程服务器.
    ordered = sorted(adjectives, key=lambda adjective: not adjective.zh.endswith("的"))
    return english, [(adjective.zh, links[adjective.en]) for adjective in ordered]

