"""Builds the pairs of passage and summary that the summariser is trained on.

Kinds of rows:

- `entry-body`: an API entry without its opening sentence; the summary is that sentence, shortened.
- `entry-first`, `entry-later`: the whole entry, its opening sentence in front as it stands or put
  between or behind the sentences that follow it; the same summary.
- `reference`: the description of a command or module; the summary is the purpose stated beside
  its name.
- `section`: the text of a section; the summary is its heading as a phrase.
- `generated`: a passage of the grammar in `passage_grammar`.

Whole files, one whole source and whole templates of the grammar are held out, chosen by a seeded
hash before anything else. A training row that repeats a held-out summary or passage is dropped.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from statistics import fmean
from typing import Literal

from .compress import compressed_sentence, heading_phrase
from .corpus import NEAR_DUPLICATE_SHARE, SHINGLE_WORDS, clean_paragraph, source_files
from .entries import Entry, doc_comment_entries, html_entries, rust_comment_entries
from .fetch import Package
from .passage_grammar import passages
from .sentences import content_stems, split_sentences, words
from .sources import SOURCES, Source

RowKind = Literal["entry-body", "entry-first", "entry-later", "reference", "section", "generated"]

SPLIT_SEED = "headlight-summarize-1"
HELD_OUT_PERCENT = 5
HELD_OUT_SOURCES = frozenset({"sqlalchemy"})
GENERATED_HELD_OUT_ROWS = 600

PASSAGE_WORDS = range(25, 251)
SUMMARY_WORDS = range(3, 26)
LONGEST_PASSAGES = (60, 90, 130, 180, 250)
"""Passages are cut at one of these numbers of words, so that all lengths occur."""
SMALLEST_OVERLAP = 0.5
"""Share of a summary's content words that its passage must contain."""
LARGEST_CODE_SHARE = 0.34
"""Share of words in a summary that may look like code."""
FIRST_PLACE_SHARE = 0.3
"""Share of whole entries that keep the key sentence in front."""
MOST_REPEATS = 3
"""Training rows of a kind that may share one summary."""

_READERS = {"html": html_entries, "doc-comments": doc_comment_entries,
            "rust-comments": rust_comment_entries}

_CODE = re.compile(r"=>|[{};\\|^~]|==|\$\w|://|\s[=<>+*/]\s|->|<\w|\w=\S")
_CODE_WORD = re.compile(r"[_()\[\]]|\w[.:/]\w|[a-z][A-Z]|^[-<'\"]")
_CHANGE_REMARK = re.compile(
    r"^(?:New in|Changed in|Added in|Deprecated|Removed in|Stability|See\b|Refer to|Example|"
    r"Listing|Figure|Table|Note:|Chapter|More details)"
)
_LEANS_ON_CONTEXT = re.compile(
    r"^(?:It|Its|This|That|These|Those|They|Their|He|Such|Also|However|But|And|Or|So|Thus|Hence|"
    r"Therefore|Then|Otherwise|Instead|Likewise|Similarly|Furthermore|Moreover|In this|In that|"
    r"In addition|In other|In particular|For example|For instance|Note|Specifically|Additionally|"
    r"Both|Doing|Conversely|Here|See|As such|Consequently|Finally|Second|Another)\b"
)
_STARTS_INSIDE_SENTENCE = re.compile(r"[a-z]+\s")
"""A sentence whose beginning was a code block or a table."""
_NO_SUMMARY = re.compile(
    r"^(?:It|Alternatively|Additionally|Unfortunately|Indeed|These|Those|They|There|We|You|Your|I|"
    r"Let|Let's|If|When|For|As|In|By|To|With|At|On|After|Before|Once|Since|Because|Although|While|"
    r"Unlike|However|Also|Here|Most|"
    r"Some|Many|See|Note|Like|Same|Alias|Equivalent|Identical|Similar|Deprecated|Always|Please|"
    r"Here's|Another|Not|Don't|Do|Use|What|So|But|And|Otherwise|Example|Examples|Now|That|Other|"
    r"Optional|Required|Warning|Only|Currently|Typically|Usually|Although|Just|Obsolete|Unlike|"
    r"Does|Historically|One|Today|Sometimes|Default|Defaults)\b|"
    r"(?:^|\s)(?:above|below|following|previous|documented|aforementioned)\b|\?",
)
_NO_HEADING = re.compile(
    r"^(?:In|For|On|From|With|And|Other|More|Some|What's|Example|Examples|Notes?|Summary|Changes|"
    r"Bugs?|Miscellaneous|Introduction|Conclusion|A|Version|Part|Appendix)\s|"
    r"\b(?:notes?|release|examples?|FAQ|changes|changed|bugfixes|introduction|overview|summary|"
    r"details|usage|references?|features|improvements|tutorial|\d+\.\d+(?:\.\d+)?)\b|"
    r"[=<>{};|\\?!_]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Row:
    """One passage and its summary."""

    source: str
    """Name of the package's source, or `grammar`."""
    kind: RowKind
    document: str
    """File inside the package, or template of the grammar."""
    text: str
    summary: str


def build_summaries(packages: dict[str, Package], folder: Path) -> dict[str, object]:
    """Writes `train.jsonl`, `heldout.jsonl` and `statistics.json` into `folder`.

    `packages` are those of `fetch(SOURCES, ...)`. Generated passages are among the held-out rows
    only: for training, `generated_passages` makes new ones without end. Returns the statistics.
    """
    sources = [source for source in SOURCES if source.reader in _READERS]
    train: list[Row] = []
    held_out: list[Row] = []
    for source in sources:
        for document, text in source_files(source, packages[source.package]):
            rows = document_rows(source, document, text)
            (held_out if is_held_out(source.name, document) else train).extend(rows)
    held_out += islice(generated_passages(_hash("grammar"), held_out=True),
                       GENERATED_HELD_OUT_ROWS)

    held_out = _without_repeats(held_out)
    candidates = len(train)
    train = _without_repeats(without_near_duplicates(train, held_out))
    random.Random(SPLIT_SEED).shuffle(train)

    folder.mkdir(parents=True, exist_ok=True)
    _write(train, folder / "train.jsonl")
    _write(held_out, folder / "heldout.jsonl")
    statistics: dict[str, object] = {
        "dropped_from_train": candidates - len(train),
        "train": row_statistics(train),
        "heldout": row_statistics(held_out),
    }
    (folder / "statistics.json").write_text(json.dumps(statistics, indent=2) + "\n")
    return statistics


def read_rows(path: Path) -> list[Row]:
    """Reads the rows `build_summaries` wrote."""
    with path.open(encoding="utf-8") as lines:
        return [Row(**json.loads(line)) for line in lines]


def is_held_out(source: str, document: str) -> bool:
    """Whether a file belongs to the held-out split; depends on its name alone."""
    if source in HELD_OUT_SOURCES:
        return True
    return _hash(f"{source}:{document}") % 100 < HELD_OUT_PERCENT


def document_rows(source: Source, document: str, text: str) -> Iterator[Row]:
    """The rows one file yields; the same for the same file in every run."""
    for number, entry in enumerate(_READERS[source.reader](text)):
        dice = random.Random(_hash(f"{source.name}:{document}:{number}"))
        for kind, passage, summary in entry_pairs(entry, dice):
            yield Row(source.name, kind, document, passage, summary)


def entry_pairs(entry: Entry, dice: random.Random) -> Iterator[tuple[RowKind, str, str]]:
    """Kind, passage and summary of the pairs an entry yields: none, one or two."""
    longest = dice.choice(LONGEST_PASSAGES)
    paragraphs = [p for p in map(clean_paragraph, entry.paragraphs) if p and p[-1] in ".!?:)\"'"]
    if not paragraphs:
        return
    opening, *_ = split_sentences(paragraphs[0])
    sentences = [s for p in paragraphs for s in split_sentences(p) if is_prose(s)]
    if entry.kind != "entry":
        prose = " ".join(sentences)
        title = clean_paragraph(entry.title) or ""
        kind: RowKind = "section" if entry.kind == "section" else "reference"
        if kind == "section":
            refused = _NO_HEADING.search(title) or _STARTS_INSIDE_SENTENCE.match(prose)
            summary = "" if refused else heading_phrase(title, prose)
        else:
            summary = compressed_sentence(title)
        yield from _accepted(kind, _cut(sentences, longest), summary)
    elif sentences and sentences[0] == opening and not _NO_SUMMARY.search(opening):
        summary = compressed_sentence(opening)
        if summary.startswith("This "):
            return
        body = sentences[1:]
        yield from _accepted("entry-body", _cut(body, longest), summary)
        kept = _cut(body, longest - len(opening.split())) or body[:1]
        if not kept:
            return
        place = 0
        if dice.random() >= FIRST_PLACE_SHARE and not _LEANS_ON_CONTEXT.match(kept[0]):
            place = dice.randint(1, len(kept))
        placed = [*kept[:place], opening, *kept[place:]]
        yield from _accepted("entry-later" if place else "entry-first", placed, summary)


def is_prose(sentence: str) -> bool:
    """Whether a sentence is complete, free of code, and no remark about versions or figures."""
    if sentence[-1] not in ".!?" and sentence[-2:] not in ('."', '.)', ".'"):
        return False
    if sentence.startswith("- ") or _CHANGE_REMARK.match(sentence) or _CODE.search(sentence):
        return False
    parts = sentence.split()
    letters = sum(c.isalpha() or c == " " for c in sentence)
    return 4 <= len(parts) <= 60 and letters >= 0.85 * len(sentence)


def content_overlap(summary: str, text: str) -> float:
    """Share of the summary's content words (stems) that occur in the text, 0 to 1."""
    wanted = set(content_stems(summary))
    return len(wanted & set(content_stems(text))) / len(wanted) if wanted else 0.0


def acceptable(text: str, summary: str) -> bool:
    """Whether a pair keeps the limits on lengths, shared words and code."""
    passage_length = len(text.split())
    summary_words = summary.split()
    code = sum(bool(_CODE_WORD.search(word.rstrip("."))) for word in summary_words)
    return (
        passage_length in PASSAGE_WORDS
        and len(summary_words) in SUMMARY_WORDS
        and 2 * len(summary_words) < passage_length
        and code <= LARGEST_CODE_SHARE * len(summary_words)
        and not _CODE.search(summary)
        and content_overlap(summary, text) >= SMALLEST_OVERLAP
    )


def generated_passages(seed: int, *, held_out: bool = False) -> Iterator[Row]:
    """Acceptable passages of the grammar without end; the same for the same seed.

    Held-out ones are made from other templates.
    """
    for passage in passages(seed, held_out=held_out):
        if acceptable(passage.text, passage.summary):
            yield Row("grammar", "generated", passage.template, passage.text, passage.summary)


def without_near_duplicates(train: Iterable[Row], held_out: Iterable[Row]) -> list[Row]:
    """Training rows that share neither summary nor half of their shingles with held-out rows."""
    held_out = list(held_out)
    summaries = {_key(row.summary) for row in held_out}
    shingles = {s for row in held_out for s in _shingles(row.text)}
    kept: list[Row] = []
    for row in train:
        own = _shingles(row.text)
        shared = sum(s in shingles for s in own)
        if _key(row.summary) not in summaries and shared < NEAR_DUPLICATE_SHARE * len(own):
            kept.append(row)
    return kept


def row_statistics(rows: list[Row]) -> dict[str, object]:
    """Counts, mean lengths in words and shares of known content words, by kind; counts by source.

    `overlap` gives the share of rows whose summary's content words occur in the passage at 50 to
    75 %, 75 to below 100 %, and 100 %.
    """
    by_kind: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    kinds: dict[str, object] = {}
    for kind, members in sorted(by_kind.items()):
        overlaps = [content_overlap(row.summary, row.text) for row in members]
        bands = Counter("100" if o == 1 else "75-99" if o >= 0.75 else "50-74" for o in overlaps)
        kinds[kind] = {
            "rows": len(members),
            "documents": len({(row.source, row.document) for row in members}),
            "passage_words": round(fmean(len(row.text.split()) for row in members), 1),
            "summary_words": round(fmean(len(row.summary.split()) for row in members), 1),
            "mean_overlap": round(fmean(overlaps), 3),
            "overlap": {band: round(bands[band] / len(members), 3)
                        for band in ("50-74", "75-99", "100")},
        }
    return {"rows": len(rows), "by_source": dict(Counter(row.source for row in rows)),
            "by_kind": kinds}


def _accepted(kind: RowKind, sentences: list[str],
              summary: str) -> Iterator[tuple[RowKind, str, str]]:
    text = " ".join(sentences)
    if acceptable(text, summary):
        yield kind, text, summary


def _cut(sentences: list[str], longest: int) -> list[str]:
    """The leading sentences that together have at most `longest` words."""
    kept: list[str] = []
    length = 0
    for sentence in sentences:
        length += len(sentence.split())
        if length > longest:
            break
        kept.append(sentence)
    return kept


def _without_repeats(rows: list[Row]) -> list[Row]:
    """Drops rows of a passage seen before, and of a summary its kind has had often enough."""
    seen: set[str] = set()
    repeats: Counter[tuple[str, str]] = Counter()
    kept: list[Row] = []
    for row in rows:
        text, summary = _key(row.text), (row.kind, _key(row.summary))
        if text not in seen and repeats[summary] < MOST_REPEATS:
            seen.add(text)
            repeats[summary] += 1
            kept.append(row)
    return kept


def _key(text: str) -> str:
    return " ".join(words(text))


def _shingles(text: str) -> set[tuple[str, ...]]:
    parts = words(text)
    return {tuple(parts[i:i + SHINGLE_WORDS]) for i in range(len(parts) - SHINGLE_WORDS + 1)}


def _hash(name: str) -> int:
    digest = hashlib.sha256(f"{SPLIT_SEED}:{name}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


def _write(rows: list[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for row in rows:
            lines.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
