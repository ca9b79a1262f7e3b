"""The bilingual grammar: word forms, frames, what is held back, alignment, typography."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from itertools import islice
from pathlib import Path
from random import Random

from headlight_train.grammar import morphology, pattern, typography
from headlight_train.grammar.generate import Example, Generator
from headlight_train.grammar.words import Lexicon

FRAME_SAMPLES = 20
TRAINING_SAMPLES = 20_000
HAN = r"[\u4e00-\u9fff]"


class MorphologyTest(unittest.TestCase):
    """Word forms of both languages."""

    def test_plurals(self) -> None:
        for singular, plural in (("file", "files"), ("class", "classes"), ("branch", "branches"),
                                 ("query", "queries"), ("key", "keys"), ("box", "boxes"),
                                 ("text file", "text files")):
            self.assertEqual(morphology.plural(singular), plural)

    def test_verb_forms(self) -> None:
        for verb, third, past, gerund in (
                ("open", "opens", "opened", "opening"),
                ("stop", "stops", "stopped", "stopping"),
                ("copy", "copies", "copied", "copying"),
                ("delete", "deletes", "deleted", "deleting"),
                ("echo", "echoes", "echoed", "echoing"),
                ("commit", "commits", "committed", "committing"),
                ("edit", "edits", "edited", "editing"),
                ("display", "displays", "displayed", "displaying"),
                ("fix", "fixes", "fixed", "fixing"),
                ("fetch", "fetches", "fetched", "fetching"),
                ("free", "frees", "freed", "freeing"),
                ("clean up", "cleans up", "cleaned up", "cleaning up")):
            self.assertEqual((morphology.third_person(verb), morphology.past(verb),
                              morphology.gerund(verb)), (third, past, gerund))

    def test_articles(self) -> None:
        for word in ("file", "user", "URL", "unique", "one-line", "UTF-8", "JSON", "European",
                     "10-digit", "USB", "utility", "useful", "UI"):
            self.assertEqual(morphology.indefinite_article(word), "a", word)
        for word in ("error", "hour", "HTTP", "SQL", "unknown", "XML", "8-bit", "API", "honest",
                     "unused", "update", "IDE", "11-digit", "online", "uninstaller", "old"):
            self.assertEqual(morphology.indefinite_article(word), "an", word)

    def test_numbers(self) -> None:
        self.assertEqual([morphology.number_word(n) for n in (2, 12, 30, 47)],
                         ["two", "twelve", "thirty", "forty-seven"])
        self.assertEqual([morphology.han_number(n) for n in (0, 2, 10, 12, 20, 47)],
                         ["零", "二", "十", "十二", "二十", "四十七"])
        self.assertEqual([morphology.han_number(n, counting=True) for n in (2, 3, 12)],
                         ["两", "三", "十二"])
        with self.assertRaises(ValueError):
            morphology.han_number(100)

    def test_comparatives(self) -> None:
        for adjective, comparative in (("large", "larger"), ("big", "bigger"), ("slow", "slower"),
                                       ("heavy", "heavier"), ("simple", "simpler"),
                                       ("stable", "more stable"), ("good", "better"),
                                       ("important", "more important"), ("safe", "safer")):
            self.assertEqual(morphology.comparative(adjective), comparative)

    def test_denied_predicates(self) -> None:
        for predicate, denied in (("为空", "不为空"), ("很大", "不大"), ("已损坏", "未损坏"),
                                  ("有效", "无效"), ("无效", "并非无效"), ("很有用", "没有用"),
                                  ("质量很高", "质量不高"), ("是只读的", "不是只读的"),
                                  ("正在运行", "未在运行")):
            self.assertEqual(morphology.negated_predicate(predicate), denied)


class TypographyTest(unittest.TestCase):
    """How Chinese and titles are set."""

    def test_spaces_between_han_and_latin(self) -> None:
        self.assertEqual(typography.set_chinese("打开config.json文件"), "打开 config.json 文件")
        self.assertEqual(typography.set_chinese("应有3个JSON对象。"), "应有 3 个 JSON 对象。")
        self.assertTrue(typography.needs_space("运行", "git"))
        self.assertFalse(typography.needs_space("npm", "。"))

    def test_title_case(self) -> None:
        self.assertEqual(typography.title_case("save file to disk"), "Save File to Disk")


class NotationTest(unittest.TestCase):
    """The parser of frames refuses what it cannot mean."""

    def frames(self, text: str) -> list[pattern.Frame]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "test.txt"
            path.write_text(text, encoding="utf-8")
            return list(pattern.read_frames(path))

    def test_marks_and_options(self) -> None:
        plain, held, weighed = self.frames(
            "[weight: 2]\nGo.\n  去。\n!Stop.\n  停。\n*3 Open {the N+@file}.\n  打开{N}。\n")
        self.assertEqual((plain.weight, plain.held_out), (2, False))
        self.assertTrue(held.held_out)
        self.assertEqual(weighed.weight, 6)
        self.assertEqual(weighed.english[1], pattern.Slot("N", "the", "+", "", ("file",)))

    def test_faults_name_their_line(self) -> None:
        for text, fault in (("Go.\nStop.\n  停。\n", "line 2: the line before has no Chinese"),
                            ("Open {the N}.\n  打开。\n", "line 2: slots of one language only"),
                            ("<a|b>\n  <c>\n", "line 2: angle brackets"),
                            ("{the}\n  {N}\n", "line 2"),
                            ("  去。\n", "line 1: Chinese without English")):
            with self.assertRaisesRegex(ValueError, fault):
                self.frames(text)


class GeneratorTest(unittest.TestCase):
    """What the whole grammar makes of the whole lexicon."""

    generator: Generator
    training: list[Example]

    @classmethod
    def setUpClass(cls) -> None:
        cls.generator = Generator(Lexicon.load())
        cls.training = list(islice(cls.generator.training_examples(5), TRAINING_SAMPLES))

    def assert_well_set(self, example: Example) -> None:
        """Checks what holds for every pair."""
        for text in (example.en, example.zh):
            self.assertNotRegex(text, r"[{}<>|]|\*\d|  |^ | $", example)
        self.assertNotRegex(example.zh, rf"{HAN}[,.?!;:]{HAN}", example)
        self.assertNotRegex(example.zh, rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}", example)
        self.assertNotRegex(example.zh, r"是是|(?<!目)的的|了了|已已|在在|[，。？]{2}", example)
        self.assertNotRegex(example.en, r" [.,?!:]( |$)", example)
        for article, word in re.findall(r"(?<![-+])\b([Aa]n?) ([\w-]+)", example.en):
            self.assertEqual(article.lower(), morphology.indefinite_article(word), example)

    def test_every_frame_generates(self) -> None:
        for frame in self.generator.frames:
            rng = Random(frame.id)
            for _ in range(FRAME_SAMPLES):
                example = self.generator.from_frame(frame.id, rng)
                self.assert_well_set(example)
                self.assertTrue(example.en and example.zh)

    def test_training_examples_are_well_set(self) -> None:
        for example in self.training:
            self.assert_well_set(example)

    def test_english_starts_with_a_capital_or_a_name(self) -> None:
        names = tuple(name.en for name in self.generator.lexicon.names)
        case = {frame.id: frame.case for frame in self.generator.frames}
        for example in self.training:
            if case[example.frame] != "as-is" and example.en[0].islower():
                self.assertTrue(example.en.startswith(names), example)

    def test_frames_are_many_and_held_out_evenly(self) -> None:
        frames = self.generator.frames
        self.assertGreaterEqual(len(frames), 300)
        self.assertEqual(len({frame.id for frame in frames}), len(frames))
        held = [frame for frame in frames if frame.held_out]
        self.assertAlmostEqual(len(held) / len(frames), 0.08, delta=0.03)
        groups = {frame.id.partition(",")[0] for frame in frames}
        self.assertEqual({frame.id.partition(",")[0] for frame in held}, groups)

    def test_words_of_held_out_frames_stand_in_others(self) -> None:
        def fixed_words(held_out: bool) -> set[str]:
            return {word.lower() for frame in self.generator.frames if frame.held_out == held_out
                    for token in frame.english if not isinstance(token, pattern.Slot)
                    for text in (token.options if isinstance(token, pattern.Choice)
                                 else (token.text,))
                    for word in re.findall(r"[A-Za-z']+", text)}
        self.assertEqual(fixed_words(True) - fixed_words(False), set())

    def test_training_avoids_what_is_held_out(self) -> None:
        for example in self.training:
            self.assertFalse(self.generator.plans[example.frame].frame.held_out)
            self.assertFalse(any(map(self.generator.is_held_out, example.combinations)), example)

    def test_held_out_combinations(self) -> None:
        examples = self.generator.held_out_combinations(300)
        self.assertEqual(len({example.en for example in examples}), 300)
        for example in examples:
            self.assertFalse(self.generator.plans[example.frame].frame.held_out)
            self.assertTrue(any(map(self.generator.is_held_out, example.combinations)))
            self.assert_well_set(example)

    def test_held_out_frames(self) -> None:
        examples = self.generator.held_out_frames(300)
        for example in examples:
            self.assertTrue(self.generator.plans[example.frame].frame.held_out)
            self.assertFalse(any(map(self.generator.is_held_out, example.combinations)))
        self.assertGreater(len({example.frame for example in examples}), 30)

    def test_the_split_is_as_large_as_it_says(self) -> None:
        lexicon = self.generator.lexicon
        pairs = [("object", verb.en, noun.en) for verb in lexicon.verbs[:50]
                 for noun in lexicon.nouns[:200]]
        share = sum(map(self.generator.is_held_out, pairs)) / len(pairs)
        self.assertAlmostEqual(share, 0.08, delta=0.01)

    def test_combinations_name_the_words_of_the_sentence(self) -> None:
        lexicon = self.generator.lexicon
        for example in self.training[:3000]:
            text = example.en.lower()
            for _, word, noun in example.combinations:
                entry = lexicon.nouns_by_english[noun]
                self.assertTrue(noun.lower() in text or (entry.plural or noun).lower() in text
                                or "it" in text, example)

    def test_same_seed_same_examples(self) -> None:
        again = Generator(self.generator.lexicon)
        self.assertEqual(list(islice(again.training_examples(5), 500)), self.training[:500])
        self.assertNotEqual(list(islice(again.training_examples(6), 20)), self.training[:20])
        self.assertEqual(again.held_out_combinations(20),
                         self.generator.held_out_combinations(20))
        self.assertEqual(again.held_out_frames(20), self.generator.held_out_frames(20))

    def test_same_examples_in_another_process(self) -> None:
        script = ("from itertools import islice; from headlight_train.grammar.generate import "
                  "Generator; from headlight_train.grammar.words import Lexicon; "
                  "examples = Generator(Lexicon.load()).training_examples(5); "
                  "print(*(e.en for e in islice(examples, 300)), sep='\\n')")
        # Sets of strings have another order in every process unless it is fixed.
        environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONUTF8": "1"}
        printed = subprocess.run([sys.executable, "-c", script], env=environment, text=True,
                                 capture_output=True, check=True, encoding="utf-8",
                                 cwd=Path(__file__).parents[1]).stdout
        self.assertEqual(printed.splitlines(), [e.en for e in self.training[:300]])

    def test_alignment_points_at_words(self) -> None:
        lexicon = self.generator.lexicon
        chinese_of: dict[str, set[str]] = {}
        for noun in lexicon.nouns:
            chinese_of.setdefault(noun.en.lower(), set()).add(noun.zh)
            chinese_of.setdefault((noun.plural or noun.en).lower(), set()).add(noun.zh)
        # Words that stand for something else elsewhere are left out: "Tab", "Enter", "to load".
        only_nouns = (chinese_of.keys() - {name.en.lower() for name in lexicon.names}
                      - {a.en.lower() for a in lexicon.adjectives}
                      - {form.lower() for v in lexicon.verbs
                         for form in (v.en, v.third, v.past, v.participle, v.ing)})
        fixed = {option.lower() for frame in self.generator.frames for token in frame.english
                 if isinstance(token, pattern.Choice) for option in token.options}
        checked = 0
        for example in self.training:
            self.assertEqual(list(example.alignment), sorted(example.alignment))
            for en_start, en_end, zh_start, zh_end in example.alignment:
                self.assertTrue(0 <= en_start < en_end <= len(example.en))
                self.assertTrue(0 <= zh_start < zh_end <= len(example.zh))
                en, zh = example.en[en_start:en_end], example.zh[zh_start:zh_end]
                self.assertEqual((en, zh), (en.strip(), zh.strip()), example)
                if en.isdigit() or en.endswith(("()", ".json", ".py", ".md")):
                    self.assertEqual(en, zh)
                if en.lower() in only_nouns - fixed:
                    self.assertIn(zh, chinese_of[en.lower()], example)
                    checked += 1
        self.assertGreater(checked, TRAINING_SAMPLES)

    def test_words_of_a_sentence_are_aligned_once(self) -> None:
        for example in self.training:
            spans = sorted({(start, end) for start, end, _, _ in example.alignment})
            for (_, end), (start, _) in zip(spans, spans[1:]):
                self.assertLessEqual(end, start, example)

    def test_lengths(self) -> None:
        lengths = [len(example.en.split()) for example in self.training]
        self.assertEqual(min(lengths), 1)
        self.assertTrue(8 <= sum(lengths) / len(lengths) <= 11)
        self.assertLess(sum(length > 28 for length in lengths), len(lengths) / 100)

    def test_no_frame_drowns_the_others(self) -> None:
        frames = Counter(example.frame for example in self.training)
        self.assertLess(max(frames.values()), TRAINING_SAMPLES / 25)


if __name__ == "__main__":
    unittest.main()
