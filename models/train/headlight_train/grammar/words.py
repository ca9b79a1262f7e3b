"""The lexicon: typed words of both languages, read from tab-separated tables."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import morphology
from .typography import set_chinese

LEXICON_FOLDER = Path(__file__).parent / "lexicon"
ALL_CLASSES = frozenset(
    "file data code program person ui setting message network device document task text model "
    "security time".split())


@dataclass(frozen=True)
class Noun:
    """A noun with its Chinese and its measure word; `plural` is None for mass nouns."""

    en: str
    plural: str | None
    zh: str
    measure: str | None
    classes: frozenset[str]

    @property
    def mass(self) -> bool:
        """Whether the noun cannot be counted."""
        return self.plural is None


@dataclass(frozen=True)
class Verb:
    """A verb, what may be its subject and, unless it is intransitive, its object."""

    en: str
    third: str
    past: str
    participle: str
    ing: str
    zh: str
    subject: frozenset[str]
    object: frozenset[str]


@dataclass(frozen=True)
class Adjective:
    """An adjective with its Chinese before a noun (空的) and as a predicate (为空)."""

    en: str
    zh: str
    predicate: str
    classes: frozenset[str]


@dataclass(frozen=True)
class Phrase:
    """An adverb, time, place or name: `kind` says which of its sort it is."""

    en: str
    zh: str
    kind: str


@dataclass(frozen=True)
class Lexicon:
    """All words the grammar may use."""

    nouns: tuple[Noun, ...]
    verbs: tuple[Verb, ...]
    adjectives: tuple[Adjective, ...]
    adverbs: tuple[Phrase, ...]
    times: tuple[Phrase, ...]
    places: tuple[Phrase, ...]
    names: tuple[Phrase, ...]
    nouns_by_english: dict[str, Noun] = field(repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.nouns_by_english.update((noun.en, noun) for noun in self.nouns)

    @property
    def size(self) -> int:
        """Entries of all tables."""
        return sum(len(table) for table in (self.nouns, self.verbs, self.adjectives, self.adverbs,
                                            self.times, self.places, self.names))

    @staticmethod
    def load(folder: Path = LEXICON_FOLDER) -> Lexicon:
        """Reads the seven tables of a folder.

        Raises `ValueError` with file and line where a row does not hold what its header says.
        """
        return Lexicon(
            nouns=tuple(map(_noun, _rows(folder / "nouns.tsv"))),
            verbs=tuple(map(_verb, _rows(folder / "verbs.tsv"))),
            adjectives=tuple(map(_adjective, _rows(folder / "adjectives.tsv"))),
            adverbs=tuple(_phrase(row, "kind") for row in _rows(folder / "adverbs.tsv")),
            times=tuple(_phrase(row, "position") for row in _rows(folder / "times.tsv")),
            places=tuple(_phrase(row, None) for row in _rows(folder / "places.tsv")),
            names=tuple(Phrase(row["name"], row["name"], row["kind"])
                        for row in _rows(folder / "names.tsv")))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        for row in reader:
            # Trailing empty columns may be left out of a line.
            cells = {name: (cell or "").strip() for name, cell in row.items() if name}
            if None in row or not next(iter(cells.values()), ""):
                raise ValueError(f"{path.name}, line {reader.line_num}: not a row of this table.")
            yield cells


def _classes(cell: str) -> frozenset[str]:
    names = frozenset(cell.split())
    if names == {"*"}:
        return ALL_CLASSES
    if unknown := names - ALL_CLASSES:
        raise ValueError(f"Unknown classes {sorted(unknown)} in the lexicon.")
    return names


def _noun(row: dict[str, str]) -> Noun:
    en = row["en"]
    mass = row["plural"] == "-"
    return Noun(en, None if mass else row["plural"] or morphology.plural(en),
                set_chinese(row["zh"]), None if row["measure"] in ("", "-") else row["measure"],
                _classes(row["classes"]))


def _verb(row: dict[str, str]) -> Verb:
    en = row["en"]
    past = row["past"] or morphology.past(en)
    return Verb(en, row["third"] or morphology.third_person(en), past,
                row["participle"] or past, row["ing"] or morphology.gerund(en),
                set_chinese(row["zh"]), _classes(row["subject"]), _classes(row["object"]))


def _adjective(row: dict[str, str]) -> Adjective:
    return Adjective(row["en"], set_chinese(row["zh"]), set_chinese(row["predicate"]),
                     _classes(row["classes"]))


def _phrase(row: dict[str, str], kind: str | None) -> Phrase:
    return Phrase(row["en"], set_chinese(row["zh"]), row[kind] if kind else "")
