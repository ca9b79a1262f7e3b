"""The recipe of `headlight-translate-en-zh`, a translator of software English into Chinese."""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import starmap
from pathlib import Path

import numpy as np
from transformers import MarianConfig

from .. import data
from ..card import checksums, inline, table, write_card
from ..data.catalogues import build_catalogues
from ..evaluation import translation as evaluation
from ..evaluation.domain import characters_per_token, is_strange, lower_limit
from ..evaluation.generation import Generated
from ..evaluation.lexical import word_translations
from ..evaluation.word_for_word import word_for_word
from ..export.configuration import write_domain
from ..export.encoder_decoder import encoder_decoder_graphs
from ..grammar.generate import Generator
from ..grammar.words import Lexicon
from ..models import VOCABULARY, translation_config
from ..tokenizer import SpecialIds, train_pair_tokenizer
from ..training.loop import Run, TrainingOptions
from ..training.sequence_pairs import Row, SequencePairs
from .pairs import PairRecipe

CONTEXT = 128
LONGEST = (80, 80)
"""Tokens of a training row; the positions beyond are known to the model, but not trained."""
ALPHABET = 1500
TOKENIZER_EXAMPLES = 20_000
LEXICON_EXAMPLES = 20_000
HAN = re.compile("[\u4e00-\u9fff]")
GENERATED_SHARE = 0.5
"""Share of training rows from the grammar; the rest are real messages."""
HELD_OUT = 1000
REAL = "real messages"
INT8_ROWS = 300
STRANGE_SHARE = 0.1
"""Of real messages: those the model is least sure of are the ones it translates worst."""
SAMPLES = {"unseen combinations": 10, "unseen frames": 10, REAL: 20}
REFERENCE_TEXTS = [
    "Cannot open the file.",
    "If the timeout is reached, the connection is closed.",
    "Expected 2 arguments, but got 3.",
]


class TranslateRecipe(PairRecipe):
    """Trained on messages of software, and on sentences of a grammar of our own."""

    name = "headlight-translate-en-zh"
    steps = 7920
    context = CONTEXT
    longest_output = CONTEXT

    def data(self) -> None:
        build_catalogues(self.work / "packages", self.work / "catalogues")

    def tokenizer(self) -> None:
        generated = itertools.islice(self._grammar().training_examples(0), TOKENIZER_EXAMPLES)
        rows = [*((e.en, e.zh) for e in generated), *self._catalogue("train")]
        train_pair_tokenizer(itertools.chain.from_iterable(rows), VOCABULARY, CONTEXT, ALPHABET,
                             self.work / "tokenizer")

    def train(self, run: Run) -> None:
        options = TrainingOptions(run, learning_rate=2e-3 if run.first_weights else 3e-3,
                                  weight_decay=0.05)
        task = SequencePairs(self._rows(), self.trained_tokenizer(), batch=128, longest=LONGEST,
                             label_smoothing=0.1, seed=run.seed)
        self.fit(task, options)

    def export(self) -> None:
        (example,) = self._grammar().held_out_frames(1)
        self.export_pair(example.en, example.zh)
        self._write_lexicon()

    def _write_lexicon(self) -> None:
        """How words are translated in the training text, which shows words that were lost."""
        tokenizer = self.trained_tokenizer()

        def pieces(chinese: str) -> list[str]:
            tokens = tokenizer.encode(chinese, add_special_tokens=False).tokens
            return [token.lstrip("▁") for token in tokens if HAN.search(token)]

        generated = itertools.islice(self._grammar().training_examples(1), LEXICON_EXAMPLES)
        pairs = [*self._catalogue("train"), *((e.en, e.zh) for e in generated)]
        (self.published / "lexicon.json").write_text(
            json.dumps(word_translations(pairs, pieces), ensure_ascii=False,
                       separators=(",", ":")).replace("],", "],\n") + "\n",
            encoding="utf-8")

    def evaluate(self) -> None:
        model, tokenizer, grammar = self.trained_model(), self.trained_tokenizer(), self._grammar()
        combinations = grammar.held_out_combinations(HELD_OUT)
        sets = {
            "unseen combinations": [(e.en, e.zh) for e in combinations],
            "unseen frames": [(e.en, e.zh) for e in grammar.held_out_frames(HELD_OUT)],
            **self._real_sets(),
            **self._free_sets(),
        }
        measured: dict[str, object] = {}
        written: dict[str, list[Generated]] = {}
        for name, rows in sets.items():
            sources, references = (list(side) for side in zip(*rows))
            written[name] = self.written(model, sources)
            measured[name] = evaluation.scores([g.text for g in written[name]], references) | {
                "word_for_word": evaluation.scores([word_for_word(s) for s in sources], references),
                "mean_logprob": float(np.mean([g.mean_logprob for g in written[name]])),
            }
        domain = {
            "minimumLogprob": lower_limit([g.mean_logprob for g in written[REAL]], STRANGE_SHARE),
            "minimumCharactersPerToken":
                characters_per_token([en for en, _ in sets[REAL]], tokenizer, STRANGE_SHARE),
        }
        write_domain(self.published, "translate", domain, {"source": "en", "target": "zh"})
        self.write("evaluation.json", {
            "sets": measured,
            "int8": self._int8_scores(sets),
            "alignment": evaluation.alignment_error_rates(model, tokenizer, combinations[:400]),
            "flagged": {name: round(float(np.mean([
                is_strange(source, g.mean_logprob, tokenizer, domain)
                for (source, _), g in zip(sets[name], rows)])), 4)
                for name, rows in written.items()},
            "samples": {name: [
                {"source": sets[name][i][0], "reference": sets[name][i][1],
                 "output": written[name][i].text} for i in range(count)]
                for name, count in SAMPLES.items()},
        })

    def reference(self) -> None:
        self.write_reference("translate", REFERENCE_TEXTS)

    def card(self) -> None:
        catalogues, evaluated = self.read("catalogues/catalogues.json"), self.read("evaluation.json")
        grammar, alignment, domain = self._grammar(), evaluated["alignment"], self.domain()
        write_card("translate", self.published / "MODEL_CARD.md", {
            **self.figures(),
            "context": CONTEXT,
            "frames": len(grammar.frames),
            "lexicon": f"{grammar.lexicon.size:,}",
            "data_table": self._data_table(catalogues),
            "checksums": checksums((f"{p['name']} {p['version']}", p["sha256"])
                                   for p in catalogues["packages"]),
            "scores": table(("Held-out set", "Rows", "chrF", "BLEU", "exact", "word for word: chrF",
                             "BLEU"), starmap(_score_row, evaluated["sets"].items())),
            "int8_rows": INT8_ROWS,
            "int8_scores": table(("Set", "fp32: chrF", "int8: chrF", "fp32: BLEU", "int8: BLEU"), (
                (name, *(f"{part[kind][score]:.1f}" for score in ("chrf", "bleu")
                         for kind in ("fp32", "int8")))
                for name, part in evaluated["int8"].items())),
            "aligned": alignment["examples"],
            "head_layer": alignment["layer"],
            "head_number": alignment["head"],
            "error_rate": f"{alignment['error_rate']:.3f}",
            "minimum_logprob": domain["minimumLogprob"],
            "minimum_characters": domain["minimumCharactersPerToken"],
            "flagged": table(("Set", "Flagged"), (
                (name, f"{share:.1%}") for name, share in evaluated["flagged"].items())),
            "samples": "\n\n".join(
                f"### {name}\n\n" + "\n".join(
                    f"{n}. {inline(s['source'])}\n   - reference: {inline(s['reference'])}\n"
                    f"   - model: **{inline(s['output'])}**" for n, s in enumerate(rows, start=1))
                for name, rows in evaluated["samples"].items()),
        })

    def config(self) -> MarianConfig:
        return translation_config(SpecialIds.of(self.trained_tokenizer()))

    def _grammar(self) -> Generator:
        return Generator(Lexicon.load())

    def _rows(self) -> Callable[[np.random.Generator, int], list[Row]]:
        """Draws rows: half from the grammar, anew each time, half from the catalogues."""
        grammar, catalogue = self._grammar(), self._catalogue("train")

        def rows(random: np.random.Generator, count: int) -> list[Row]:
            generated = round(count * GENERATED_SHARE)
            examples = grammar.training_examples(int(random.integers(2**31)))
            chosen = random.integers(len(catalogue), size=count - generated)
            return [*((e.en, e.zh) for e in itertools.islice(examples, generated)),
                    *(catalogue[i] for i in chosen)]

        return rows

    def _catalogue(self, split: str) -> list[Row]:
        return [(row["en"], row["zh"]) for row in self._catalogue_rows(split)]

    def _catalogue_rows(self, split: str) -> Iterator[dict[str, str]]:
        with (self.work / "catalogues" / f"{split}.jsonl").open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)

    def _data_table(self, catalogues: dict) -> str:
        """Packages of one catalogue and licence share a line."""
        lines: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        for package in catalogues["packages"]:
            key = (package["catalogue"], package["licence"], package["holder"])
            lines[key].append(f"`{package['name']}` {package['version']}")
        rows = catalogues["train"]["by_source"]
        return table(("Packages", "Licence", "Copyright", "Training rows"), (
            (", ".join(packages), licence, holder, f"{rows.get(catalogue, 0):,}")
            for (catalogue, licence, holder), packages in lines.items()), texts=3)

    def _real_sets(self) -> dict[str, list[Row]]:
        """Held-out rows of the packages trained on, and the package never trained on."""
        rows = list(self._catalogue_rows("heldout"))
        return {
            REAL: [(r["en"], r["zh"]) for r in rows if r["source"] != "django"],
            "real messages of a package never trained on":
                [(r["en"], r["zh"]) for r in rows if r["source"] == "django"],
        }

    def _free_sets(self) -> dict[str, list[Row]]:
        path = Path(data.__file__).with_name("free_en_zh.tsv")
        with path.open(encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        return {name: [(r["en"], r["zh"]) for r in rows if r["kind"] == kind]
                for name, kind in (("free set, software", "domain"), ("free set, other", "other"))}

    def _int8_scores(self, sets: dict[str, list[Row]]) -> dict[str, object]:
        """The same rows with the published weights and with int8 ones, both by ONNX Runtime."""
        graphs = encoder_decoder_graphs(self.trained_model())
        parts = {"fp32": graphs, "int8": graphs.quantized()}
        measured: dict[str, object] = {}
        for name in ("unseen combinations", REAL):
            sources, references = (list(side) for side in zip(*sets[name][:INT8_ROWS]))
            measured[name] = {kind: evaluation.scores(
                self.written_by_runtime(part, sources), references)
                for kind, part in parts.items()}
        return measured


def _score_row(name: str, score: dict) -> tuple[object, ...]:
    baseline = score["word_for_word"]
    return (name, f"{score['rows']:,}", f"{score['chrf']:.1f}", f"{score['bleu']:.1f}",
            f"{score['exact']:.1%}", f"{baseline['chrf']:.1f}", f"{baseline['bleu']:.1f}")
