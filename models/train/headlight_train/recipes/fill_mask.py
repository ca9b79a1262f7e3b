"""The recipe of `headlight-fill-mask`, a masked language model of software English."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from transformers import BertConfig

from ..card import (
    checksums,
    data_table,
    export_figures,
    inline,
    table,
    training_figures,
    write_card,
)
from ..data.corpus import build_corpus, read_documents
from ..data.fetch import fetch
from ..data.sources import SOURCES
from ..evaluation import fill_mask as evaluation
from ..evaluation.domain import characters_per_token
from ..export.configuration import write_configuration, write_domain
from ..export.encoder import OnnxEncoder, check_encoder, encoder_graph
from ..export.graph import quantized
from ..models import VOCABULARY, build_model, fill_mask_config
from ..reference import write_fill_mask_reference
from ..tokenizer import BERT_SPECIAL, train_word_piece_tokenizer
from ..training.loop import Budget, TrainingOptions, train
from ..training.masked_tokens import FIRST_PIECES, MaskedTokens, paragraph_windows
from .recipe import AVERAGED_CHECKPOINTS, Recipe

CONTEXT = 128
BLANKS = 4000
INT8_BLANKS = 1000
REFERENCE_TEXTS = [
    "If the file does not [MASK], a new one is created.",
    "Returns the [MASK] of bytes written.",
    "The default value is [MASK].",
]


class FillMaskRecipe(Recipe):
    """Shares its text, and what is held out, with the completion model."""

    name = "headlight-fill-mask"
    steps = 3555

    def data(self) -> None:
        build_corpus(SOURCES, fetch(SOURCES, self.work / "packages"), self.work / "corpus")

    def tokenizer(self) -> None:
        train_word_piece_tokenizer(self._paragraphs("train"), VOCABULARY, CONTEXT,
                                   self.work / "tokenizer")
        for split in ("train", "heldout"):
            np.save(self.work / "corpus" / f"{split}-windows.npy",
                    paragraph_windows(self._paragraphs(split), self.trained_tokenizer(), CONTEXT))

    def train(self, budget: Budget, first_weights: str | None) -> None:
        options = TrainingOptions(budget, learning_rate=2e-3 if first_weights else 4e-3,
                                  warmup_steps=100,
                                  first_weights=first_weights)
        torch.manual_seed(options.seed)
        task = MaskedTokens(self._windows("train"), self.trained_tokenizer(), 32, options.seed,
                            () if first_weights else FIRST_PIECES)
        train(build_model(self.config()), task, options, self.checkpoints)

    def export(self) -> None:
        model, graph = self.trained_model(), encoder_graph(self.trained_model())
        ids = self._windows("heldout")[:4, :100].astype(np.int64)
        differences = check_encoder(model, graph, ids)
        self.publish_tokenizer()
        write_configuration(model, {}, self.published)
        write_domain(self.published, "fillMask", {
            "minimumCharactersPerToken":
                characters_per_token(self._paragraphs("heldout"), self.trained_tokenizer())})
        self.publish_graph("model", graph)
        self.write("export.json", {"differences": differences, "files": self.file_sizes()})

    def evaluate(self) -> None:
        model, windows = self.trained_model(), self._windows("heldout")
        mask = self.trained_tokenizer().token_to_id("[MASK]")
        places = evaluation.blanks(windows, BLANKS, len(BERT_SPECIAL))
        few = places[::BLANKS // INT8_BLANKS]
        int8 = OnnxEncoder(quantized(encoder_graph(model)))
        self.write("evaluation.json", {
            "model": evaluation.accuracy(evaluation.torch_logits(model), windows, places, mask),
            **evaluation.counting_accuracies(self._windows("train"), windows, places),
            "fp32": evaluation.accuracy(evaluation.torch_logits(model), windows, few, mask),
            "int8": evaluation.accuracy(int8.logits, windows, few, mask),
            "samples": evaluation.samples(model, self.trained_tokenizer(), windows, 20),
        })

    def reference(self) -> None:
        write_fill_mask_reference(self.trained_model(), self.trained_tokenizer(), REFERENCE_TEXTS,
                                  self.fixtures / "fill-mask" / "reference.json")

    def card(self) -> None:
        corpus, evaluated = self.read("corpus/corpus.json"), self.read("evaluation.json")
        rows = (("headlight-fill-mask", "model"), ("trigram", "trigram"), ("unigram", "unigram"))
        write_card("fill_mask", self.published / "MODEL_CARD.md", {
            **training_figures(self.read("checkpoints/run.json"), AVERAGED_CHECKPOINTS),
            **export_figures(self.read("export.json")),
            "parameters": f"{self.trained_model().num_parameters():,}",
            "data_table": data_table(SOURCES, corpus["packages"],
                                     corpus["train"]["characters_by_source"], "characters"),
            "checksums": checksums((n, p["sha256"]) for n, p in corpus["packages"].items()),
            "train_characters": f"{corpus['train']['characters']:,}",
            "train_documents": f"{corpus['train']['documents']:,}",
            "heldout_characters": f"{corpus['heldout']['characters']:,}",
            "heldout_documents": f"{corpus['heldout']['documents']:,}",
            "context": CONTEXT,
            "blanks": f"{evaluated['model']['blanks']:,}",
            "scores": _scores((name, evaluated[key]) for name, key in rows),
            "int8_scores": _scores((key, evaluated[key]) for key in ("fp32", "int8")),
            "minimum": self.domain()["minimumCharactersPerToken"],
            "samples": "\n".join(
                f"{n}. {inline(s['text'])} — there stood **{inline(s['answer'])}**, answers: "
                f"{', '.join(map(inline, s['best']))}"
                for n, s in enumerate(evaluated["samples"], start=1)),
        })

    def config(self) -> BertConfig:
        return fill_mask_config(self.trained_tokenizer().token_to_id("[PAD]"))

    def _paragraphs(self, split: str) -> list[str]:
        documents = read_documents(self.work / "corpus" / f"{split}.jsonl")
        return [paragraph for document in documents for paragraph in document.paragraphs]

    def _windows(self, split: str) -> np.ndarray:
        return np.load(self.work / "corpus" / f"{split}-windows.npy")


def _scores(rows: Iterable[tuple[str, dict]]) -> str:
    return table(("", "First answer right", "Among the first five"), (
        (name, f"{score['first']:.1%}", f"{score['among_five']:.1%}") for name, score in rows))
