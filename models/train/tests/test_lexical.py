"""Tests of how words are translated in training pairs."""

import unittest

from headlight_train.evaluation.lexical import stem, word_translations


class LexicalTest(unittest.TestCase):
    """IBM Model 1 on pairs of two words, where each word comes with either of two others."""

    def test_stems(self) -> None:
        words = ["files", "file", "deleted", "copies", "class"]
        self.assertEqual([stem(w) for w in words], ["fil", "file", "delet", "copy", "clas"])

    def test_words_that_vary_together_translate_one_another(self) -> None:
        zh = {"open": "打", "close": "关", "door": "门", "book": "书"}
        pairs = [(f"{a} {b}", zh[a] + zh[b])
                 for a in ("open", "close") for b in ("door", "book")] * 4
        found = word_translations(pairs, list)
        self.assertEqual({w: found[stem(w)][0] for w in zh}, zh)

    def test_rare_and_grammatical_words(self) -> None:
        found = word_translations([("the rare door", "门")] + [("the door", "门")] * 9, list)
        self.assertNotIn("rare", found)
        self.assertEqual(found["the"], [])

    def test_small_words_are_those_written_by_hand(self) -> None:
        found = word_translations([("run it twice", "运行次")] * 9, list)
        self.assertIn("两次", found[stem("twice")])
        self.assertNotIn("次", found[stem("twice")])


if __name__ == "__main__":
    unittest.main()
