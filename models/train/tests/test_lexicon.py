"""Checks the lexicon of the translator's grammar: its form, its size and its Chinese."""

from __future__ import annotations

import re
import unittest
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "headlight_train" / "grammar" / "lexicon"

COLUMNS = {
    "nouns": ("en", "plural", "zh", "measure", "classes"),
    "verbs": ("en", "third", "past", "participle", "ing", "zh", "subject", "object"),
    "adjectives": ("en", "zh", "predicate", "classes"),
    "adverbs": ("en", "zh", "kind"),
    "times": ("en", "zh", "position"),
    "places": ("en", "zh"),
    "names": ("name", "kind"),
}
FEWEST_ENTRIES = {
    "nouns": 1150, "verbs": 330, "adjectives": 280, "adverbs": 90, "times": 80, "places": 90,
    "names": 200,
}
SORTED_BY = {
    "nouns": "classes", "verbs": "object", "adjectives": "classes", "adverbs": "kind",
    "times": "position", "places": None, "names": "kind",
}
CLASSES = frozenset(
    "file data code program person ui setting message network device document task text model "
    "security time".split())
KINDS = {
    ("adverbs", "kind"): {"manner", "degree", "frequency", "sentence"},
    ("times", "position"): {"any", "past", "future"},
    ("names", "kind"): {
        "file", "package", "command", "function", "option", "key", "language", "product"},
}
MEASURES = frozenset("个份条张台项段次位名块种篇封本部支枚副根棵处家")

SAME_IN_CHINESE = {"API", "URL", "Cookie"}
"""Nouns that 简体中文 leaves as they are."""

NAMES_IN_CHINESE = {
    "API", "CSV", "GET", "GitHub", "HTML", "HTTP", "ID", "IP", "Internet", "JSON", "Linux", "PDF",
    "PIN", "POST", "README", "Shell", "Transformer", "U", "USB", "VPN", "Web", "Wiki", "Windows",
    "XML", "YAML", "ZIP", "lambda", "macOS", "softmax",
}
"""Latin words that stand inside Chinese ones: abbreviations, products, and 盘 with its U."""

Row = dict[str, str]


def read(table: str) -> tuple[list[str], list[Row]]:
    """The header of a table and its rows by column; a row of another width raises."""
    lines = (FOLDER / f"{table}.tsv").read_text(encoding="utf-8").split("\n")
    if lines.pop() != "":
        raise ValueError(f"{table}.tsv: the last line is not ended.")
    header = lines[0].split("\t")
    return header, [dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:]]


class LexiconTest(unittest.TestCase):
    """Every table as it lies in the folder."""

    tables: dict[str, list[Row]]
    headers: dict[str, list[str]]

    @classmethod
    def setUpClass(cls) -> None:
        read_tables = {table: read(table) for table in COLUMNS}
        cls.headers = {table: header for table, (header, _) in read_tables.items()}
        cls.tables = {table: rows for table, (_, rows) in read_tables.items()}

    def test_columns(self) -> None:
        for table, columns in COLUMNS.items():
            self.assertEqual(tuple(self.headers[table]), columns, table)

    def test_no_stray_spaces(self) -> None:
        for table, row, column, cell in self.cells():
            self.assertEqual(" ".join(cell.split()), cell, f"{table}: {row}, {column}")

    def test_needed_cells_are_filled(self) -> None:
        may_be_empty = {"plural", "third", "past", "participle", "ing", "object"}
        for table, row, column, cell in self.cells():
            if column not in may_be_empty:
                self.assertTrue(cell, f"{table}: {row}, {column}")

    def test_sizes(self) -> None:
        for table, fewest in FEWEST_ENTRIES.items():
            self.assertGreaterEqual(len(self.tables[table]), fewest, table)
        self.assertGreaterEqual(sum(map(len, self.tables.values())), 2100)

    def test_sorted(self) -> None:
        for table, column in SORTED_BY.items():
            word = self.headers[table][0]
            keys = [((row[column].split() or [""])[0] if column else "", row[word])
                    for row in self.tables[table]]
            self.assertEqual(keys, sorted(keys), table)

    def test_no_duplicates(self) -> None:
        for table, column in SORTED_BY.items():
            # Rendering knows nouns, adjectives and transitive verbs by their English alone.
            alone = table in ("nouns", "adjectives", "places")
            keys = Counter(
                (row[self.headers[table][0]], "" if alone or column is None else
                 bool(row[column]) if table == "verbs" else row[column])
                for row in self.tables[table])
            self.assertEqual([key for key, count in keys.items() if count > 1], [], table)

    def test_classes_are_known(self) -> None:
        for table, column in (("nouns", "classes"), ("verbs", "subject"), ("verbs", "object"),
                              ("adjectives", "classes")):
            for row in self.tables[table]:
                names = row[column].split()
                if table == "adjectives" and names == ["*"]:
                    continue
                self.assertLessEqual(set(names), CLASSES, row)
                self.assertEqual(len(set(names)), len(names), row)

    def test_kinds_are_known(self) -> None:
        for (table, column), kinds in KINDS.items():
            self.assertEqual({row[column] for row in self.tables[table]}, kinds, table)

    def test_every_class_has_enough_words(self) -> None:
        nouns = Counter(row["classes"].split()[0] for row in self.tables["nouns"])
        objects = Counter(name for row in self.tables["verbs"] for name in row["object"].split())
        for name in CLASSES:
            self.assertGreaterEqual(nouns[name], 45, f"nouns of class {name}")
            self.assertGreaterEqual(objects[name], 25, f"verbs that take class {name}")
        intransitive = [row for row in self.tables["verbs"] if not row["object"]]
        self.assertGreaterEqual(len(intransitive), 40)

    def test_english_is_latin(self) -> None:
        for table, rows in self.tables.items():
            for row in rows:
                for column in ("en", "plural", "third", "past", "participle", "ing", "name"):
                    self.assertRegex(row.get(column, ""), r"^[ -~]*$", f"{table}: {row}")

    def test_chinese_is_chinese(self) -> None:
        for table, row, column, cell in self.cells():
            if column not in ("zh", "predicate") or cell in SAME_IN_CHINESE:
                continue
            self.assertRegex(cell, r"^[A-Za-z0-9 “”\u4e00-\u9fff]*$", f"{table}: {row}")
            self.assertRegex(cell, r"[\u4e00-\u9fff]", f"{table}: {row}")
            latin = set(re.findall(r"[A-Za-z]+", cell))
            self.assertLessEqual(latin, NAMES_IN_CHINESE, f"{table}: {row}")

    def test_space_between_han_and_latin(self) -> None:
        for table, row, column, cell in self.cells():
            if column in ("zh", "predicate"):
                self.assertNotRegex(
                    cell, r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]",
                    f"{table}: {row}")

    def test_measure_words(self) -> None:
        for row in self.tables["nouns"]:
            if row["plural"] == "-":
                self.assertEqual(row["measure"], "-", row)
            else:
                self.assertIn(row["measure"], MEASURES, row)

    def test_forms_of_verbs_of_several_words_are_written_out(self) -> None:
        for row in self.tables["verbs"]:
            if " " in row["en"]:
                for column in ("third", "past", "participle", "ing"):
                    self.assertEqual(row[column].split(" ")[1:], row["en"].split(" ")[1:], row)

    def test_no_adjective_repeats_the_start_of_a_noun(self) -> None:
        nouns = [(row["en"], set(row["classes"].split())) for row in self.tables["nouns"]]
        for row in self.tables["adjectives"]:
            classes = CLASSES if row["classes"] == "*" else set(row["classes"].split())
            for noun, of_noun in nouns:
                if classes & of_noun:
                    self.assertFalse(noun.startswith(row["en"] + " "), f"{row['en']} + {noun}")

    def cells(self) -> list[tuple[str, Row, str, str]]:
        """Every cell with its table, row and column."""
        return [(table, row, column, cell) for table, rows in self.tables.items()
                for row in rows for column, cell in row.items()]


if __name__ == "__main__":
    unittest.main()
