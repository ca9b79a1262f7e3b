"""Tests of the summariser's data: sentences, entries, shortening, pairs, grammar and ROUGE-L."""

from __future__ import annotations

import random
import tempfile
import unittest
from itertools import islice
from pathlib import Path

from headlight_train.data import passage_grammar
from headlight_train.data.compress import compressed_sentence, heading_phrase
from headlight_train.data.entries import (
    Entry,
    doc_comment_entries,
    html_entries,
    rust_comment_entries,
)
from headlight_train.data.fetch import Package
from headlight_train.data.sentences import content_stems, first_sentence, split_sentences
from headlight_train.data.sources import SOURCES
from headlight_train.data.summaries import (
    Row,
    RowKind,
    acceptable,
    build_summaries,
    content_overlap,
    document_rows,
    entry_pairs,
    generated_passages,
    is_held_out,
    is_prose,
    read_rows,
    without_near_duplicates,
)
from headlight_train.evaluation.rouge import rouge_l, summary_scores

OPENING = "Return the number of bytes written to the file (without the header)."
BODY = (
    "Writing stops at the first error. The bytes are counted after compression, and the file is "
    "flushed before the number is returned. Callers should compare the number with the length "
    "of the data, because a full disk does not raise an exception."
)
SUMMARY = "Returns the number of bytes written to the file."


def row(kind: RowKind, text: str, summary: str) -> Row:
    return Row("python", kind, "library/io.html", text, summary)


class Sentences(unittest.TestCase):
    def test_splits_at_full_stops_but_not_after_abbreviations(self) -> None:
        text = "Some files (e.g. logs) stay. Node.js 18.2 reads them, vs. older ones. name is one."
        self.assertEqual(split_sentences(text), [
            "Some files (e.g. logs) stay.", "Node.js 18.2 reads them, vs. older ones.",
            "name is one."])

    def test_etc_ends_a_sentence_before_a_capital_only(self) -> None:
        self.assertEqual(len(split_sentences("Files, folders, etc. are kept. More.")), 2)
        self.assertEqual(len(split_sentences("Keeps files, etc. More are lost.")), 2)

    def test_first_sentence_collapses_spaces(self) -> None:
        self.assertEqual(first_sentence(" Opens\n the file.  Reads it. "), "Opens the file.")
        self.assertEqual(first_sentence("  "), "")

    def test_stems_of_one_verb_agree(self) -> None:
        self.assertEqual(content_stems("Returns the returned"), ["return", "return"])


class Entries(unittest.TestCase):
    def test_definition_keeps_its_paragraphs_and_leaves_nested_ones_apart(self) -> None:
        entries = html_entries(
            '<div role="main"><section><h2>Reading files<a class="headerlink">¶</a></h2>'
            "<p>Before.</p><dl><dt>read(size)</dt><dd><p>Reads <code>size</code> bytes.</p>"
            "<pre>code</pre><dl><dt>size</dt><dd><p>The size.</p></dd></dl>"
            '<div class="versionadded"><p>New in version 3.</p></div><p>More.</p></dd></dl>'
            "<p>After.</p></section></div><p>Outside.</p>")
        self.assertEqual([(e.kind, e.title, e.paragraphs) for e in entries], [
            ("section", "Reading files", ["Before.", "After."]),
            ("entry", "read(size)", ["Reads size bytes.", "More."]),
            ("entry", "size", ["The size."])])

    def test_reference_page_gives_its_purpose(self) -> None:
        (entry,) = html_entries(
            '<body id="docContent"><div class="refnamediv"><h2>VACUUM</h2>'
            "<p>VACUUM — garbage-collect a database</p></div>"
            "<h2>Description</h2><p>VACUUM reclaims storage.</p></body>")
        self.assertEqual(entry, Entry("reference", "garbage-collect a database",
                                      ["VACUUM reclaims storage."]))

    def test_heading_of_a_method_opens_an_entry(self) -> None:
        (entry,) = html_entries("<main><h3><code>file.chmod(mode)</code></h3><p>Text.</p></main>")
        self.assertEqual(entry.kind, "entry")

    def test_numbering_of_a_heading_is_dropped(self) -> None:
        (entry,) = html_entries("<main><h2>11.1. Index types</h2><p>Text.</p></main>")
        self.assertEqual(entry.title, "Index types")

    def test_comment_ends_at_its_first_tag(self) -> None:
        source = "/**\n * Opens a {@link File}.\n *\n * Fails often.\n * @param p the path\n */"
        self.assertEqual(doc_comment_entries(source),
                         [Entry("entry", "", ["Opens a File.", "Fails often."])])

    def test_rust_comments_are_told_apart(self) -> None:
        entries = rust_comment_entries("/// One.\n///\n/// Two.\nfn a() {}\n/// Three.\nfn b() {}")
        self.assertEqual([e.paragraphs for e in entries], [["One.", "Two."], ["Three."]])


class Compression(unittest.TestCase):
    def test_sentences(self) -> None:
        for sentence, expected in {
            OPENING: SUMMARY,
            "This method returns the size.": "Returns the size.",
            "The fs.open() method opens the file (see open(2)).": "Opens the file.",
            "ALTER USER changes a user.": "Changes a user.",
            "Fetch and return a row.": "Fetches and returns a row.",
            "Attempt to begin a run of it.": "Attempts to begin a run of it.",
            "Test case base class for all.": "Test case base class for all.",
            "io.BytesIO objects are used in memory.": "io.BytesIO objects are used in memory.",
            "Adds a new row to the table, which must exist.": "Adds a new row to the table.",
        }.items():
            self.assertEqual(compressed_sentence(sentence), expected)

    def test_heading_keeps_names_only(self) -> None:
        self.assertEqual(
            heading_phrase("Reading Files With Python", "Files are read. In Python it is easy."),
            "Reading files with Python")


class Pairs(unittest.TestCase):
    def entry_rows(self, entry: Entry, seeds: int = 40) -> list[tuple[str, str, str]]:
        return [pair for seed in range(seeds) for pair in entry_pairs(entry, random.Random(seed))]

    def test_entry_gives_body_and_placed_opening(self) -> None:
        pairs = self.entry_rows(Entry("entry", "write()", [OPENING, BODY]))
        self.assertEqual({kind for kind, _, _ in pairs},
                         {"entry-body", "entry-first", "entry-later"})
        self.assertEqual({summary for _, _, summary in pairs}, {SUMMARY})
        for kind, text, _ in pairs:
            self.assertEqual(OPENING in text, kind != "entry-body")
            self.assertEqual(text.startswith(OPENING), kind == "entry-first")

    def test_opening_stays_in_front_of_a_body_that_leans_on_it(self) -> None:
        pairs = self.entry_rows(Entry("entry", "", [OPENING, f"It may be zero. {BODY}"]))
        self.assertEqual({kind for kind, _, _ in pairs}, {"entry-body", "entry-first"})

    def test_section_heading_is_the_summary(self) -> None:
        text = BODY.replace("Writing", "To write bytes is easy, but writing")
        pairs = self.entry_rows(Entry("section", "Counting Written Bytes", [text]), seeds=1)
        self.assertEqual(pairs, [("section", text, "Counting written bytes")])

    def test_general_headings_and_openings_are_refused(self) -> None:
        fragment = BODY[0].lower() + BODY[1:]
        self.assertEqual(
            self.entry_rows(Entry("section", "Counting written bytes", [fragment])), [])
        self.assertEqual(self.entry_rows(Entry("section", "Notes on the bytes", [BODY])), [])
        self.assertEqual(
            self.entry_rows(Entry("entry", "", ["If the file is full, bytes are lost.", BODY])), [])

    def test_limits_of_a_pair(self) -> None:
        self.assertTrue(acceptable(BODY, SUMMARY))
        self.assertFalse(acceptable(BODY, "Two words."), "summary too short")
        self.assertFalse(acceptable("The bytes written to the file.", "The bytes written."),
                         "passage too short")
        self.assertFalse(acceptable(BODY, BODY), "summary not shorter than half")
        self.assertFalse(acceptable(BODY, "Paints a picture of the moon."), "nothing in common")
        self.assertFalse(acceptable(BODY, "a_b(bytes) file_c number.d"), "code")

    def test_overlap_counts_stems(self) -> None:
        self.assertEqual(content_overlap("Returning the file", "The file is not returned"), 1)
        self.assertEqual(content_overlap("Deleting the file", "The file is not returned"), 0.5)

    def test_prose(self) -> None:
        self.assertTrue(is_prose("The file is read at once."))
        for other in ("New in version 3.4 of it.", "Run it as in this example:", "- One item here.",
                      "Set x = 3; then call it.", "Short one."):
            self.assertFalse(is_prose(other), other)

    def test_near_duplicates_leave_training(self) -> None:
        other = "A quite different passage about sockets that are closed when a peer goes away."
        held_out = [row("entry-body", BODY, SUMMARY)]
        same_text = row("entry-body", f"{BODY} And more.", "Something else.")
        same_summary = row("entry-body", other, SUMMARY.upper())
        fresh = row("entry-body", other, "Closes sockets.")
        self.assertEqual(without_near_duplicates([same_text, same_summary, fresh], held_out),
                         [fresh])

    def test_files_yield_the_same_rows_in_every_run(self) -> None:
        source = next(s for s in SOURCES if s.name == "python")
        page = (f'<div role="main"><dl><dt>write()</dt><dd><p>{OPENING}</p><p>{BODY}</p></dd>'
                "</dl></div>")
        first = list(document_rows(source, "io.html", page))
        self.assertEqual(first, list(document_rows(source, "io.html", page)))
        self.assertEqual({r.document for r in first}, {"io.html"})

    def test_build_splits_whole_files(self) -> None:
        rust = next(s for s in SOURCES if s.name == "rust-library")
        names = [f"core/src/part{number}.rs" for number in range(60)]
        with tempfile.TemporaryDirectory() as folder:
            packages = {s.package: Package(s.registry, s.package, s.version, "", Path(folder) / "p")
                        for s in SOURCES}
            for number, name in enumerate(names):
                path = Path(folder) / "p" / rust.root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                # Words of its own for each file, so that none is a near-duplicate.
                body = " ".join(f"{word}{number}" if len(word) > 5 else word
                                for word in BODY.split(" "))
                path.write_text(f"/// Return the number{number} of bytes in the file.\n///\n"
                                f"/// {body.replace('.' + str(number), '.')}.\nfn f() {{}}\n")
            build_summaries(packages, Path(folder) / "out")
            train = read_rows(Path(folder) / "out" / "train.jsonl")
            held_out = read_rows(Path(folder) / "out" / "heldout.jsonl")
        expected = {name for name in names if is_held_out("rust-library", name)}
        self.assertEqual({r.document for r in held_out if r.source == "rust-library"}, expected)
        self.assertTrue(expected)
        self.assertEqual({r.document for r in train}, set(names) - expected)
        self.assertTrue(any(r.kind == "generated" for r in held_out))


class Grammar(unittest.TestCase):
    def test_every_template_is_whole(self) -> None:
        templates = passage_grammar.read_templates()
        self.assertGreaterEqual(len(templates), 60)
        for template in templates:
            self.assertGreaterEqual(len(template.keys), 2, template.name)
            self.assertTrue(all(summary for _, summary in template.keys), template.name)
            self.assertTrue(template.openings and template.own_sentences, template.name)
            self.assertTrue(template.shared_sentences, template.name)

    def test_templates_of_the_splits_differ(self) -> None:
        train = {r.document for r in islice(generated_passages(1), 600)}
        held_out = {r.document for r in islice(generated_passages(1, held_out=True), 200)}
        self.assertGreater(len(train), 40)
        self.assertGreater(len(held_out), 4)
        self.assertFalse(train & held_out)

    def test_passages_are_well_formed(self) -> None:
        for passage in islice(generated_passages(7), 400):
            for text in (passage.text, passage.summary):
                self.assertNotRegex(text, r"[{}]|  |\.\.|\b[Aa] [aeio]\w|\b[Aa]n [bcdfgjkpqtvwz]")
                self.assertTrue(text.endswith("."), text)
            self.assertTrue(acceptable(passage.text, passage.summary))

    def test_seed_decides_everything(self) -> None:
        def first(seed: int) -> list[Row]:
            return list(islice(generated_passages(seed), 5))

        self.assertEqual(first(3), first(3))
        self.assertNotEqual(first(3), first(4))

    def test_verb_forms(self) -> None:
        self.assertEqual(passage_grammar.inflected("copy"), ("copies", "copying", "copied"))
        self.assertEqual(passage_grammar.inflected("write"), ("writes", "writing", "written"))
        self.assertEqual(passage_grammar.inflected("stop"), ("stops", "stopping", "stopped"))


class Rouge(unittest.TestCase):
    def test_values_computed_by_hand(self) -> None:
        # Lin (2004), section 3.1: "police kill the gunman" shares two words in order of four.
        reference = "police killed the gunman"
        self.assertEqual(rouge_l("police kill the gunman", reference), 0.75)
        self.assertEqual(rouge_l("the gunman kill police", reference), 0.5)
        # Common subsequence "a c d" (3) of 4 and 6 words: 2 · 3 / (4 + 6).
        self.assertAlmostEqual(rouge_l("a x c d", "a b c y d z"), 0.6)
        self.assertEqual(rouge_l("The File.", "the file"), 1.0)
        self.assertEqual(rouge_l("", "the file"), 0.0)
        self.assertEqual(rouge_l("one", "two"), 0.0)

    def test_scores_by_kind(self) -> None:
        text = "Opens a file. Then it reads the whole file at once."
        rows = [row("section", text, "opens a file"), row("entry-body", text, "reads the file")]
        scores = summary_scores(["Opens a file.", f"{text} {text}"], rows)
        self.assertEqual(set(scores), {"all", "section", "entry-body"})
        self.assertEqual(scores["section"]["model"], 1.0)
        self.assertEqual(scores["section"]["first_sentence"], 1.0)
        self.assertEqual(scores["section"]["copied"], 1.0)
        # Eight lead words, three in common: 2 · 3 / (8 + 3).
        self.assertAlmostEqual(scores["section"]["lead_words"], 6 / 11)
        self.assertEqual(scores["entry-body"]["longer"], 1.0)
        self.assertEqual(scores["entry-body"]["copied"], 0.0)
        self.assertEqual(scores["all"]["longer"], 0.5)
        self.assertEqual(scores["all"]["rows"], 2)

    def test_one_prediction_a_row(self) -> None:
        with self.assertRaises(ValueError):
            summary_scores([], [row("section", "Text.", "text")])


if __name__ == "__main__":
    unittest.main()
