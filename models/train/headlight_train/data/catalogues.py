"""Builds the parallel rows the translator is trained and measured on.

Read every catalogue, clean the pairs, choose what is held out before anything is trained,
and remove from training what repeats held-out English.

The hand-written free set (`free_en_zh.tsv`) is kept apart from training in the same way.

Held out are one whole catalogue and a share of the others, chosen by a seeded hash of the
words of the English text, so that variants of one message go the same way. Only texts of
at least `MEASURED_WORDS` words are measured: a label of one or two words is looked up, not
translated.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from .catalogue_sources import CATALOGUES, Catalogue
from .fetch import Package, fetch
from .pairs import PLACEHOLDER, Pair, clean_pair

SPLIT_SEED = "headlight-translate-1"
HELD_OUT_PERCENT = 4
MEASURED_WORDS = 3
SHINGLE_WORDS = 4
NEAR_DUPLICATE_SHARE = 0.7
"""A row is a near-duplicate if this share of its shingles occurs in held-out English."""

FREE_SET = Path(__file__).with_name("free_en_zh.tsv")

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


@dataclass(frozen=True)
class Row:
    """One pair and the catalogue it comes from."""

    source: str
    en: str
    zh: str


@dataclass(frozen=True)
class Split:
    """Rows to learn from and rows to measure on, free of each other."""

    train: list[Row]
    held_out: list[Row]
    dropped: dict[str, dict[str, int]]
    """Per source, how many pairs were left out for which reason."""


def build_catalogues(
    packages: Path, folder: Path, catalogues: tuple[Catalogue, ...] = CATALOGUES,
) -> None:
    """Fetches the catalogues and writes `train.jsonl`, `heldout.jsonl`, `catalogues.json`.

    `packages` receives the downloads, one folder a catalogue; `folder` the rows and, in
    `catalogues.json`, versions, licences, SHA-256 of the packages and counts by source.
    Raises FileNotFoundError when a package lacks the licence file its source names.
    """
    raw: dict[str, list[tuple[str, str]]] = {}
    fetched: dict[str, dict[str, Package]] = {}
    for catalogue in catalogues:
        found = fetch(catalogue.packages, packages / catalogue.name)
        fetched[catalogue.name] = found
        raw[catalogue.name] = list(catalogue.read(
            tuple(found[package.package].folder for package in catalogue.packages)))
    split = split_pairs(raw, {c.name for c in catalogues if c.held_out}, _free_set_english())

    folder.mkdir(parents=True, exist_ok=True)
    statistics = {
        "packages": [
            {"catalogue": catalogue.name, "registry": source.registry, "name": source.package,
             "version": fetched[catalogue.name][source.package].version,
             "sha256": fetched[catalogue.name][source.package].sha256,
             "licence": source.licence, "holder": source.holder,
             "licence_file": source.licence_file}
            for catalogue in catalogues for source in catalogue.packages
        ],
        "read": {name: len(pairs) for name, pairs in raw.items()},
        "dropped": split.dropped,
        "train": _write(split.train, folder / "train.jsonl"),
        "heldout": _write(split.held_out, folder / "heldout.jsonl"),
    }
    (folder / "catalogues.json").write_text(
        json.dumps(statistics, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps({k: v for k, v in statistics.items() if k != "packages"}, indent=2))


def read_rows(path: Path) -> list[Row]:
    """Reads the rows `build_catalogues` wrote."""
    with path.open(encoding="utf-8") as lines:
        return [Row(**json.loads(line)) for line in lines]


def split_pairs(
    raw: dict[str, list[tuple[str, str]]], held_out_sources: set[str],
    measured: Iterable[str] = (),
) -> Split:
    """Cleans the pairs of each source, removes repeats, and splits them.

    `measured` are further English texts that training must not contain.
    Among several translations of one English text the most frequent is kept, so that the
    rows do not contradict each other.
    """
    dropped: dict[str, Counter[str]] = {name: Counter() for name in raw}
    translations: dict[str, Counter[str]] = defaultdict(Counter)
    cleaned: list[tuple[str, Pair]] = []
    for source, pairs in raw.items():
        for en, zh in pairs:
            pair = clean_pair(en, zh)
            if isinstance(pair, str):
                dropped[source][pair] += 1
                continue
            cleaned.append((source, pair))
            translations[pair.en][pair.zh] += 1

    held_out: list[Row] = []
    rest: list[Row] = []
    seen: set[str] = set()
    for source, pair in cleaned:
        if pair.en in seen:
            dropped[source]["repeated"] += 1
            continue
        seen.add(pair.en)
        whole = source in held_out_sources
        # What is measured is the source's own translation, not the majority's.
        zh = pair.zh if whole else translations[pair.en].most_common(1)[0][0]
        row = Row(source, pair.en, zh)
        long_enough = len(words(pair.en)) >= MEASURED_WORDS
        if long_enough and (whole or is_held_out(pair.en)):
            held_out.append(row)
        elif whole:
            dropped[source]["too short to measure"] += 1
        else:
            rest.append(row)

    kept_apart = [*(row.en for row in held_out), *measured]
    keys = {tuple(words(english)) for english in kept_apart}
    shingles = {shingle for english in kept_apart for shingle in _shingles(english)}
    train: list[Row] = []
    for row in rest:
        if tuple(words(row.en)) in keys or _is_near(row.en, shingles):
            dropped[row.source]["near held-out text"] += 1
        else:
            train.append(row)
    return Split(train, held_out, {name: dict(counts) for name, counts in dropped.items()})


def words(english: str) -> list[str]:
    """The lower-case words of a text, without placeholders and numbers."""
    return _WORD.findall(PLACEHOLDER.sub(" ", english).lower())


def is_held_out(english: str) -> bool:
    """Whether a text belongs to the held-out share; depends on its words alone."""
    digest = hashlib.sha256(f"{SPLIT_SEED}:{' '.join(words(english))}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < HELD_OUT_PERCENT


def _free_set_english() -> list[str]:
    with FREE_SET.open(encoding="utf-8", newline="") as lines:
        return [row["en"]
                for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _shingles(english: str) -> list[tuple[str, ...]]:
    found = words(english)
    return [tuple(found[i:i + SHINGLE_WORDS]) for i in range(len(found) - SHINGLE_WORDS + 1)]


def _is_near(english: str, held_out_shingles: set[tuple[str, ...]]) -> bool:
    shingles = _shingles(english)
    shared = sum(shingle in held_out_shingles for shingle in shingles)
    return bool(shingles) and shared >= NEAR_DUPLICATE_SHARE * len(shingles)


def _write(rows: Iterable[Row], path: Path) -> dict[str, object]:
    by_source: Counter[str] = Counter()
    with path.open("w", encoding="utf-8") as lines:
        for row in rows:
            lines.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
            by_source[row.source] += 1
    return {"rows": sum(by_source.values()), "by_source": dict(by_source)}
