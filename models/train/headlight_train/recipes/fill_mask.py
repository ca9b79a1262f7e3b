"""The recipe of `headlight-fill-mask`, a masked language model of software English."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from transformers import BertConfig

from ..card import inline, table, write_card
from ..evaluation import fill_mask as evaluation
from ..evaluation.domain import characters_per_token
from ..export.configuration import write_configuration, write_domain
from ..export.encoder import OnnxEncoder, check_encoder, encoder_graph
from ..export.graph import quantized
from ..models import VOCABULARY, fill_mask_config
from ..reference import write_fill_mask_reference
from ..tokenizer import BERT_SPECIAL, train_word_piece_tokenizer
from ..training.loop import Run, TrainingOptions
from ..training.masked_tokens import FIRST_PIECES, MaskedTokens, paragraph_windows
from .corpus import CorpusRecipe

CONTEXT = 128
BLANKS = 4000
INT8_BLANKS = 1000
REFERENCE_TEXTS = [
    "If the file does not [MASK], a new one is created.",
    "Returns the [MASK] of bytes written.",
    "The default value is [MASK].",
]


class FillMaskRecipe(CorpusRecipe):
    """Shares its text, and what is held out, with the completion model."""

    name = "headlight-fill-mask"
    steps = 3555

    def tokenizer(self) -> None:
        train_word_piece_tokenizer(self.paragraphs("train"), VOCABULARY, CONTEXT,
                                   self.work / "tokenizer")
        for split in ("train", "heldout"):
            np.save(self.work / "corpus" / f"{split}-windows.npy",
                    paragraph_windows(self.paragraphs(split), self.trained_tokenizer(), CONTEXT))

    def train(self, run: Run) -> None:
        options = TrainingOptions(run, learning_rate=2e-3 if run.first_weights else 4e-3)
        task = MaskedTokens(self._windows("train"), self.trained_tokenizer(), 32, run.seed,
                            () if run.first_weights else FIRST_PIECES)
        self.fit(task, options)

    def export(self) -> None:
        model, graph = self.trained_model(), encoder_graph(self.trained_model())
        ids = self._windows("heldout")[:4, :100].astype(np.int64)
        differences = check_encoder(model, graph, ids)
        self.publish_tokenizer()
        write_configuration(model, {}, self.published)
        write_domain(self.published, "fillMask", {
            "minimumCharactersPerToken":
                characters_per_token(self.paragraphs("heldout"), self.trained_tokenizer())})
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
        evaluated = self.read("evaluation.json")
        rows = (("headlight-fill-mask", "model"), ("trigram", "trigram"), ("unigram", "unigram"))
        write_card("fill_mask", self.published / "MODEL_CARD.md", {
            **self.figures(),
            **self.corpus_figures(),
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

    def _windows(self, split: str) -> np.ndarray:
        return np.load(self.work / "corpus" / f"{split}-windows.npy")


def _scores(rows: Iterable[tuple[str, dict]]) -> str:
    return table(("", "First answer right", "Among the first five"), (
        (name, f"{score['first']:.1%}", f"{score['among_five']:.1%}") for name, score in rows))
