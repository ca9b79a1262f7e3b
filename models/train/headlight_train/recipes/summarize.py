"""The recipe of `headlight-summarize`, which says a passage of documentation in one sentence."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
from transformers import T5Config

from ..card import checksums, data_table, inline, table, write_card
from ..data.fetch import fetch
from ..data.sources import SOURCES
from ..data.summaries import Row, build_summaries, generated_passages, read_rows
from ..evaluation.domain import characters_per_token, lower_limit
from ..evaluation.rouge import summary_scores
from ..export.configuration import write_domain
from ..export.encoder_decoder import encoder_decoder_graphs
from ..models import VOCABULARY, summarization_config
from ..tokenizer import SpecialIds, train_pair_tokenizer
from ..training.loop import Run, TrainingOptions
from ..training.sequence_pairs import FIRST_COPIES, SequencePairs
from .pairs import PairRecipe

CONTEXT = 320
LONGEST_SUMMARY = 48
"""Tokens."""
ALPHABET = 200
TOKENIZER_PASSAGES = 10_000
GENERATED_SHARE = 0.3
"""Share of training rows from our own templates; the rest is documentation."""
HELD_OUT = 1200
INT8_ROWS = 200
SAMPLES = 20
SEED = 7
REFERENCE_TEXTS = [
    "When a client connects, the server creates a session. The session keeps the settings of the "
    "client until it disconnects. It is removed after an hour without a request.",
    "The parser reads the configuration file line by line. Empty lines are skipped. If a line "
    "cannot be read, an error with its number is reported and the parser goes on.",
]


class SummarizeRecipe(PairRecipe):
    """Entries and sections of documentation, and passages of our own templates."""

    name = "headlight-summarize"
    steps = 10294
    context = CONTEXT
    longest_output = LONGEST_SUMMARY
    generation = {**PairRecipe.generation, "no_repeat_ngram_size": 3}

    def data(self) -> None:
        packages = fetch(SOURCES, self.work / "packages")
        build_summaries(packages, self.work / "summaries")
        self.write("packages.json", {
            p.name: {"registry": p.registry, "version": p.version, "sha256": p.sha256}
            for p in packages.values()})

    def tokenizer(self) -> None:
        rows = [*itertools.islice(generated_passages(0), TOKENIZER_PASSAGES), *self._rows("train")]
        train_pair_tokenizer((text for row in rows for text in (row.text, row.summary)),
                             VOCABULARY, CONTEXT, ALPHABET, self.work / "tokenizer")

    def train(self, run: Run) -> None:
        options = TrainingOptions(run, learning_rate=2e-3 if run.first_weights else 3e-3,
                                  weight_decay=0.05)
        task = SequencePairs(self._draw(), self.trained_tokenizer(), batch=32,
                             longest=(CONTEXT, LONGEST_SUMMARY), label_smoothing=0.05,
                             seed=run.seed, copies=FIRST_COPIES)
        self.fit(task, options)

    def export(self) -> None:
        row = self._rows("heldout")[0]
        self.export_pair(row.text, row.summary)

    def evaluate(self) -> None:
        model, tokenizer = self.trained_model(), self.trained_tokenizer()
        rows = self._held_out_rows()
        texts = [row.text for row in rows]
        written = self.written(model, texts)
        graphs = encoder_decoder_graphs(model)
        few = rows[:INT8_ROWS]
        domain = {
            "minimumLogprob": lower_limit([g.mean_logprob for g in written]),
            "minimumCharactersPerToken": characters_per_token(texts, tokenizer),
        }
        scores = summary_scores([g.text for g in written], rows)
        write_domain(self.published, "summarize", domain,
                     reliable=scores["all"]["model"] > scores["all"]["first_sentence"])
        real = [i for i, row in enumerate(rows) if row.kind != "generated"][:SAMPLES]
        self.write("evaluation.json", {
            "scores": scores,
            "int8": {name: summary_scores(
                self.written_by_runtime(part, [row.text for row in few]), few)["all"]["model"]
                for name, part in (("fp32", graphs), ("int8", graphs.quantized()))},
            "samples": [{"text": rows[i].text, "summary": rows[i].summary,
                         "output": written[i].text} for i in real],
        })

    def reference(self) -> None:
        self.write_reference("summarize", REFERENCE_TEXTS)

    def card(self) -> None:
        statistics, evaluated = self.read("summaries/statistics.json"), self.read("evaluation.json")
        packages = self.read("packages.json")
        overall, domain = evaluated["scores"]["all"], self.domain()
        write_card("summarize", self.published / "MODEL_CARD.md", {
            **self.figures(),
            "context": CONTEXT,
            "copies": FIRST_COPIES,
            "pairs": table(("Kind of pair", "Training rows", "Words of a passage", "of a summary"), [
                *((f"{_KINDS[kind]}", f"{part['rows']:,}", part["passage_words"],
                   part["summary_words"])
                  for kind, part in statistics["train"]["by_kind"].items() if kind in _KINDS),
                (f"{_KINDS['generated']} ({GENERATED_SHARE:.0%} of each batch)", "without end",
                 *(statistics["heldout"]["by_kind"]["generated"][key]
                   for key in ("passage_words", "summary_words")))]),
            "data_table": data_table(SOURCES, packages, statistics["train"]["by_source"], "rows"),
            "checksums": checksums((name, p["sha256"]) for name, p in packages.items()),
            "scores": table(("Held-out rows", "Rows", "Model", "First sentence", "First 8 words"), (
                (_KINDS[kind], f"{part['rows']:,}", f"{part['model']:.3f}",
                 f"{part['first_sentence']:.3f}", f"{part['lead_words']:.3f}")
                for kind, part in evaluated["scores"].items())),
            "verdict": _verdict(overall["model"], overall["first_sentence"]),
            "rows": f"{overall['rows']:,}",
            "longer": round(overall["longer"] * overall["rows"]),
            "copied": f"{overall['copied']:.1%}",
            "int8_rows": INT8_ROWS,
            "int8_scores": table(("Weights", "ROUGE-L"), (
                (name, f"{score:.3f}") for name, score in evaluated["int8"].items())),
            "minimum_logprob": domain["minimumLogprob"],
            "minimum_characters": domain["minimumCharactersPerToken"],
            "samples": "\n".join(
                f"{n}. {inline(s['text'])}\n   - documentation: {inline(s['summary'])}\n"
                f"   - model: **{inline(s['output'])}**"
                for n, s in enumerate(evaluated["samples"], start=1)),
        })

    def config(self) -> T5Config:
        return summarization_config(SpecialIds.of(self.trained_tokenizer()))

    def _rows(self, split: str) -> list[Row]:
        """Without headings, which are phrases: the model shall write sentences."""
        rows = read_rows(self.work / "summaries" / f"{split}.jsonl")
        return [row for row in rows if row.kind != "section"]

    def _held_out_rows(self) -> list[Row]:
        rows = self._rows("heldout")
        chosen = np.random.default_rng(SEED).permutation(len(rows))[:HELD_OUT]
        return [rows[i] for i in chosen]

    def _draw(self) -> Callable[[np.random.Generator, int], list[tuple[str, str]]]:
        """Draws rows: some from the templates, anew each time, the others from documentation."""
        documentation = self._rows("train")

        def draw(random: np.random.Generator, count: int) -> list[tuple[str, str]]:
            generated = round(count * GENERATED_SHARE)
            passages = generated_passages(int(random.integers(2**31)))
            chosen = random.integers(len(documentation), size=count - generated)
            rows = [*itertools.islice(passages, generated), *(documentation[i] for i in chosen)]
            return [(row.text, row.summary) for row in rows]

        return draw


def _verdict(model: float, first_sentence: float) -> str:
    if model > first_sentence:
        return "Over all rows the model does better than the first sentence."
    return ("Over all rows the model does worse than the first sentence: it is undertrained, and "
            "garbles words that it should copy.")


_KINDS = {
    "all": "all",
    "entry-body": "entry without its first sentence → that sentence, shortened",
    "entry-first": "entry → its first sentence, shortened",
    "entry-later": "the same, with the first sentence put later",
    "reference": "description → purpose stated beside the name",
    "generated": "generated passage → its key fact",
}
