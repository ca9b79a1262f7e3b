"""Builds the training and held-out text: read, clean, split, remove duplicates.

A document is one file of a package. Whole documents are held out, chosen by a
seeded hash of their name, before anything is trained. A training paragraph that
repeats held-out text, word for word or nearly, is removed from training.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from .comments import doc_comment_paragraphs, rust_comment_paragraphs
from .fetch import Package
from .html import html_paragraphs
from .messages import diagnostic_paragraphs
from .sources import Source

SPLIT_SEED = "headlight-complete-1"
HELD_OUT_PERCENT = 3
SHINGLE_WORDS = 8
NEAR_DUPLICATE_SHARE = 0.5
"""A paragraph is a near-duplicate if this share of its shingles occurs in held-out text."""

_READERS = {
    "html": html_paragraphs,
    "doc-comments": doc_comment_paragraphs,
    "rust-comments": rust_comment_paragraphs,
    "diagnostics": diagnostic_paragraphs,
}
_PLAIN_PUNCTUATION = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2026": "...",
    "\u00a0": " ", "\u200b": None, "\u00ad": None, "\u00b6": None, "\u2192": "->",
})
_WORD = re.compile(r"\w+")
_SPACE_BEFORE_PUNCTUATION = re.compile(r" (?=[.,;:!?)](?:\s|$))")


@dataclass(frozen=True)
class Document:
    """The cleaned text of one file."""

    source: str
    name: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """Paragraphs joined by a blank line; items of one list by a single line break."""
        parts: list[str] = []
        for index, paragraph in enumerate(self.paragraphs):
            if index > 0:
                previous = self.paragraphs[index - 1]
                both_items = paragraph.startswith("- ") and previous.startswith("- ")
                parts.append("\n" if both_items else "\n\n")
            parts.append(paragraph)
        return "".join(parts)


def build_corpus(sources: tuple[Source, ...], packages: dict[str, Package], folder: Path) -> None:
    """Writes `train.jsonl`, `heldout.jsonl` and `corpus.json` (the statistics) into `folder`."""
    held_out: list[Document] = []
    train: list[Document] = []
    for source in sources:
        for document in _read_source(source, packages[source.package]):
            (held_out if is_held_out(document) else train).append(document)

    seen: set[str] = set()
    held_out = _without_repeats(held_out, seen)
    held_out_shingles = {s for d in held_out for p in d.paragraphs for s in _shingles(p)}
    train = _without_repeats(train, seen)
    train = [
        Document(d.source, d.name,
                 tuple(p for p in d.paragraphs if not _is_near(p, held_out_shingles)))
        for d in train
    ]
    train = [document for document in train if document.paragraphs]

    folder.mkdir(parents=True, exist_ok=True)
    statistics = {
        "packages": {p.name: {"registry": p.registry, "version": p.version, "sha256": p.sha256}
                     for p in packages.values()},
        "train": _write(train, folder / "train.jsonl"),
        "heldout": _write(held_out, folder / "heldout.jsonl"),
    }
    (folder / "corpus.json").write_text(json.dumps(statistics, indent=2) + "\n")
    print(json.dumps(statistics, indent=2))


def read_documents(path: Path) -> list[Document]:
    """Reads the documents `build_corpus` wrote."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Document(r["source"], r["name"], tuple(r["paragraphs"])) for r in rows]


def is_held_out(document: Document) -> bool:
    """Whether the document belongs to the held-out split; depends on its name alone."""
    digest = hashlib.sha256(f"{SPLIT_SEED}:{document.source}:{document.name}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < HELD_OUT_PERCENT


def clean_paragraph(text: str) -> str | None:
    """The paragraph with plain punctuation and single spaces, or None if it is not prose."""
    text = " ".join(text.translate(_PLAIN_PUNCTUATION).split())
    text = _SPACE_BEFORE_PUNCTUATION.sub("", text)
    if text in ("", "-") or len(text) > 20_000:
        return None
    letters = sum(c.isalpha() or c == " " for c in text)
    foreign = sum(ord(c) > 0x24F for c in text)
    if letters < 0.7 * len(text) or foreign > 0.02 * len(text):
        return None
    return text


def source_files(source: Source, package: Package) -> Iterator[tuple[str, str]]:
    """Name and text of each file of the source that is training text, by name."""
    root = package.folder / source.root
    # Debian compresses large documents: `name.html.gz` is read as `name.html`.
    names = {p.relative_to(root).as_posix().removesuffix(".gz"): p
             for p in root.rglob("*") if p.is_file()}
    for name in sorted(names):
        if not any(fnmatch(name, pattern) for pattern in source.files):
            continue
        if any(fnmatch(name, pattern) for pattern in source.exclude):
            continue
        raw = names[name].read_bytes()
        if names[name].suffix == ".gz":
            raw = gzip.decompress(raw)
        yield name, raw.decode("utf-8", errors="replace")


def _read_source(source: Source, package: Package) -> Iterator[Document]:
    read = _READERS[source.reader]
    for name, text in source_files(source, package):
        cleaned = (clean_paragraph(p) for p in read(text))
        paragraphs = tuple(p for p in cleaned if p)
        if paragraphs:
            yield Document(source.name, name, paragraphs)


def _without_repeats(documents: list[Document], seen: set[str]) -> list[Document]:
    """Drops paragraphs whose words occurred before; `seen` carries over between calls."""
    kept: list[Document] = []
    for document in documents:
        paragraphs: list[str] = []
        for paragraph in document.paragraphs:
            key = " ".join(_WORD.findall(paragraph.lower()))
            if key not in seen:
                seen.add(key)
                paragraphs.append(paragraph)
        if paragraphs:
            kept.append(Document(document.source, document.name, tuple(paragraphs)))
    return kept


def _shingles(paragraph: str) -> list[int]:
    words = _WORD.findall(paragraph.lower())
    return [hash(tuple(words[i:i + SHINGLE_WORDS]))
            for i in range(len(words) - SHINGLE_WORDS + 1)]


def _is_near(paragraph: str, held_out_shingles: set[int]) -> bool:
    shingles = _shingles(paragraph)
    if not shingles:
        return False
    shared = sum(shingle in held_out_shingles for shingle in shingles)
    return shared >= NEAR_DUPLICATE_SHARE * len(shingles)


def _write(documents: list[Document], path: Path) -> dict[str, object]:
    with path.open("w", encoding="utf-8") as lines:
        for d in documents:
            row = {"source": d.source, "name": d.name, "paragraphs": d.paragraphs}
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    characters: Counter[str] = Counter()
    for d in documents:
        characters[d.source] += len(d.text)
    return {"documents": len(documents), "characters": sum(characters.values()),
            "characters_by_source": dict(characters)}
