"""The notation of sentence frames, and its parser.

A frame is two lines: English at the margin, Chinese indented below it.

    If {the O.sg} is {O.adj}, {V@person} it {manner?}.
      如果{O}{O.adj}，请{manner}{V}该{O.head}。

Slots in braces name what is drawn. The English line declares each, both lines use it:

    V V2      a transitive verb; W another verb that takes the same object as V
    I I2      an intransitive verb
    S S2      noun phrase, subject of the verb of the same number (else of V)
    O O2      noun phrase, object of the verb of the same number (else of V)
    N N2      noun phrase of its own
    name      a name (@file, @command …); name2 …
    num       a number from two on; digits writes it as digits only; version has dots
    manner degree frequency   an adverb;  start   one that opens a sentence
    time ago soon promptly   when: in any tense, the past, the future, at once or later
    place     where; in Chinese {place.there}有 leaves out the 在

`{V@person,program}` narrows the subject of a verb, `{V>file}` its object where no slot stands
for it, `{O@file}` the class of a noun. A word before a noun slot is its determiner (see
`nounphrase.DETERMINERS`; `#` is a number); after it `-` forbids adjectives, `+` wants one, `*`
allows clauses too. `?` makes an adverbial optional. Forms follow a dot:

    V   s (agrees with its subject)  third  past  pp  ing
    S, O, N   is was has does (agreeing)  it they its  head (the noun alone)  adj (a predicate
        adjective)  more (its comparative)  grade (the adjective, one with degrees)
        in Chinese also: bare (no determiner)  notadj (denied)  measure

`<must|may>` picks one word and the `<必须|可以>` that stands at the same place among the angle
brackets of the Chinese line, aligned with it; `<if>` … `<如果>` only aligns. `(is|was)` picks
freely, in English only. Before a frame, `!` holds it back from training, `*3` triples its weight.
`[name: value]` lines set the options of the frames below: weight, case (title, as-is).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .typography import set_chinese

FRAMES_FOLDER = Path(__file__).parent / "frames"
VERBS = ("V", "W", "I")
NOUNS = ("S", "O", "N")

AGREEING = ("is", "was", "has", "does", "it", "they", "its")
"""Forms that repeat the number of a noun phrase and not its words."""

_TOKEN = re.compile(r"\{[^}]*\}|<[^>]*>|\([^()]*\|[^()]*\)")
_SLOT = re.compile(
    r"(?:(?P<determiner>[a-z:_]+|#) )?"
    r"(?P<sort>[A-Z]|[a-z]+)(?P<number>\d?)(?P<richness>[-+*]?)"
    r"(?:\.(?P<form>[a-z]+))?(?:@(?P<classes>[a-z,]+))?(?:>(?P<objects>[a-z,]+))?"
    r"(?P<optional>\??)")


@dataclass(frozen=True)
class Literal:
    """Text that stands as it is."""

    text: str


@dataclass(frozen=True)
class Choice:
    """One of several wordings; those of one `group` are chosen alike in both languages."""

    options: tuple[str, ...]
    group: int | None


@dataclass(frozen=True)
class Slot:
    """A place for a drawn word or phrase."""

    variable: str
    determiner: str = ""
    richness: str = ""
    form: str = ""
    classes: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    optional: bool = False

    @property
    def sort(self) -> str:
        """The variable without its number: what is drawn."""
        return self.variable.rstrip("0123456789")


Token = Literal | Choice | Slot


@dataclass(frozen=True)
class Frame:
    """A sentence pattern of both languages."""

    id: str
    english: tuple[Token, ...]
    chinese: tuple[Token, ...]
    weight: float = 1.0
    held_out: bool = False
    case: str = "sentence"

    def declared(self) -> dict[str, Slot]:
        """The first slot of each variable: it says what is drawn."""
        first: dict[str, Slot] = {}
        for token in (*self.english, *self.chinese):
            if isinstance(token, Slot):
                first.setdefault(token.variable, token)
        return first


def read_frames(path: Path) -> Iterator[Frame]:
    """Reads the frames of one file; the id of a frame is made of the file, the case and the English line.

    Raises `ValueError` with file and line where the notation is broken.
    """
    options = {"weight": "1", "case": "sentence"}
    english: tuple[int, str] | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            if option := re.fullmatch(r"\[(\w+): (\S+)\]", line):
                options[option[1]] = option[2]
            elif not line.startswith("  "):
                if english:
                    raise ValueError("the line before has no Chinese")
                english = number, line
            elif english is None:
                raise ValueError("Chinese without English")
            else:
                yield _frame(path.stem, english[1], line.strip(), options)
                english = None
        except ValueError as error:
            raise ValueError(f"{path.name}, line {number}: {error}.") from error
    if english:
        raise ValueError(f"{path.name}, line {english[0]}: no Chinese.")


def _frame(group: str, english: str, chinese: str, options: dict[str, str]) -> Frame:
    mark = re.match(r"(!?)(?:\*(\d+(?:\.\d+)?))? ?(?=\S)", english)
    held_out, factor = (bool(mark[1]), mark[2]) if mark and mark.group() else (False, None)
    if mark and mark.group().strip():
        english = english[mark.end():]
    frame = Frame(
        id=f"{group}, {options['case']} case: {english}",
        english=tuple(parse(english)),
        chinese=tuple(parse(chinese, chinese=True)),
        weight=float(options["weight"]) * float(factor or 1),
        held_out=held_out,
        case=options["case"])
    _check(frame)
    return frame


def parse(pattern: str, chinese: bool = False) -> Iterator[Token]:
    """Cuts one line of a frame into tokens."""
    end, group = 0, 0
    for match in _TOKEN.finditer(pattern):
        if match.start() > end:
            yield _literal(pattern[end:match.start()], chinese)
        end = match.end()
        body = match.group()[1:-1]
        if match.group()[0] == "{":
            yield _slot(body)
        elif match.group()[0] == "<":
            explicit = re.match(r"(\d):", body)
            body = body[2:] if explicit else body
            group += 1
            yield Choice(tuple(body.split("|")), int(explicit[1]) if explicit else group)
        else:
            yield Choice(tuple(body.split("|")), None)
    if end < len(pattern):
        yield _literal(pattern[end:], chinese)


def _literal(text: str, chinese: bool) -> Literal:
    if unmatched := re.search(r"[{}<>]", text):
        raise ValueError(f"unmatched {unmatched.group()}")
    return Literal(set_chinese(text) if chinese else text)


def _slot(body: str) -> Slot:
    match = _SLOT.fullmatch(body)
    if match is None:
        raise ValueError(f"no slot: {{{body}}}")
    return Slot(
        variable=match["sort"] + match["number"],
        determiner=match["determiner"] or "",
        richness=match["richness"],
        form=match["form"] or "",
        classes=tuple(match["classes"].split(",")) if match["classes"] else (),
        objects=tuple(match["objects"].split(",")) if match["objects"] else (),
        optional=bool(match["optional"]))


def _check(frame: Frame) -> None:
    english, chinese = (
        {t.variable for t in tokens if isinstance(t, Slot) and t.form not in AGREEING}
        for tokens in (frame.english, frame.chinese))
    if english != chinese:
        raise ValueError(f"slots of one language only: {sorted(english ^ chinese)}")
    sizes = {t.group: len(t.options) for t in frame.english if isinstance(t, Choice) and t.group}
    others = {t.group: len(t.options) for t in frame.chinese if isinstance(t, Choice) and t.group}
    if sizes != others:
        raise ValueError("angle brackets that do not match")
