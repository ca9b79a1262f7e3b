"""The recipe of `headlight-complete`, a causal language model of software English."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from transformers import LlamaConfig, LlamaForCausalLM

from .. import evaluate
from ..card import write_completion_card
from ..data.corpus import Document, build_corpus, read_documents
from ..data.fetch import fetch
from ..data.sources import SOURCES
from ..export import check_export, export_onnx, write_configuration
from ..model import CONTEXT, VOCABULARY, completion_config
from ..reference import write_reference
from ..tokenizer import END_OF_TEXT, encode_documents, train_tokenizer
from ..train import Budget, TrainingOptions, averaged_model, train

PUBLISHED_STEPS = 3274
"""Steps of the published model."""
AVERAGED_CHECKPOINTS = 3
SAMPLING: dict[str, object] = {
    "do_sample": True, "temperature": 0.7, "top_k": 0, "top_p": 0.9, "repetition_penalty": 1.2,
}
WAYS_OF_GENERATING: dict[str, dict[str, object]] = {
    "greedy": {"do_sample": False, "repetition_penalty": 1.0},
    "greedy, repetition penalty 1.1": {"do_sample": False, "repetition_penalty": 1.1},
    "greedy, repetition penalty 1.2": {"do_sample": False, "repetition_penalty": 1.2},
    "sampled as recommended": SAMPLING,
}
REFERENCE_PROMPTS = [
    "Returns the number of bytes written to the file",
    "If the timeout is reached before the connection is closed, the",
    "The caf\u00e9's na\u00efve parser \u2013 it reads \u201c\U0001f642\u201d as one character \u2013 "
    "returns",
]


@dataclass(frozen=True)
class CompletionRecipe:
    """The steps, in the order they run; each reads what the earlier ones wrote."""

    work: Path
    """Everything that is not published: packages, corpus, checkpoints, measurements."""
    models: Path
    """The folder that receives `headlight-complete`."""
    fixtures: Path
    """The folder that receives `complete/reference.json`."""

    @property
    def published(self) -> Path:
        return self.models / "headlight-complete"

    def data(self) -> None:
        """Downloads the packages; cleans and splits their text."""
        build_corpus(SOURCES, fetch(SOURCES, self.work / "packages"), self.work / "corpus")

    def tokenizer(self) -> None:
        """Trains the tokenizer on the training split and encodes both splits."""
        documents = self._documents("train")
        train_tokenizer((d.text for d in documents), VOCABULARY, CONTEXT, self.work / "tokenizer")
        tokenizer = self._tokenizer()
        for split in ("train", "heldout"):
            texts = [document.text for document in self._documents(split)]
            np.save(self.work / "corpus" / f"{split}.npy", encode_documents(texts, tokenizer))

    def train(self, budget: Budget) -> None:
        """Trains, or goes on training, until the budget is spent."""
        train(self._config(), self._stream("train"), TrainingOptions(budget, context=CONTEXT),
              self.work / "checkpoints")

    def export(self) -> None:
        """Writes the model folder and checks the graph against PyTorch."""
        model = self._model()
        self.published.mkdir(parents=True, exist_ok=True)
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copy(self.work / "tokenizer" / name, self.published / name)
        write_configuration(model, SAMPLING, self.published)
        graph = self.published / "onnx" / "model.onnx"
        export_onnx(model, graph)
        held_out = self._stream("heldout")[:2 * 200].astype(np.int64).reshape(2, 200)
        self._write("export.json", {"differences": check_export(model, graph, held_out),
                                    "bytes": graph.stat().st_size})

    def evaluate(self) -> None:
        """Measures the model on the held-out split."""
        model, tokenizer, documents = self._model(), self._tokenizer(), self._documents("heldout")
        training_text = "\n\n".join(document.text for document in self._documents("train"))
        self._write("evaluation.json", {
            "prediction": evaluate.prediction(model, tokenizer, documents),
            "baseline": evaluate.baseline_prediction(self._stream("train"), tokenizer, documents),
            "previous_token": evaluate.previous_token_heads(model, self._stream("heldout")),
            "loops": evaluate.loops(model, tokenizer, documents, WAYS_OF_GENERATING),
            "copies": evaluate.copies(model, tokenizer, documents, training_text),
            "samples": evaluate.samples(model, tokenizer, documents, SAMPLING),
        })

    def reference(self) -> None:
        """Writes the fixture that tests of other implementations compare with."""
        write_reference(self._model(), self._tokenizer(), REFERENCE_PROMPTS,
                        self.fixtures / "complete" / "reference.json")

    def card(self) -> None:
        """Writes the model card from the files the other steps left."""
        write_completion_card(self.work, self._model().num_parameters(),
                              len(self._stream("train")), AVERAGED_CHECKPOINTS,
                              self.published / "MODEL_CARD.md")

    def _documents(self, split: str) -> list[Document]:
        return read_documents(self.work / "corpus" / f"{split}.jsonl")

    def _stream(self, split: str) -> np.ndarray:
        return np.load(self.work / "corpus" / f"{split}.npy")

    def _tokenizer(self) -> Tokenizer:
        return Tokenizer.from_file(str(self.work / "tokenizer" / "tokenizer.json"))

    def _config(self) -> LlamaConfig:
        return completion_config(self._tokenizer().token_to_id(END_OF_TEXT))

    def _model(self) -> LlamaForCausalLM:
        """The published weights, with the attention implementation that shows its patterns."""
        return averaged_model(self._config(), self.work / "checkpoints", AVERAGED_CHECKPOINTS,
                              attention="eager")

    def _write(self, name: str, value: dict[str, object]) -> None:
        text = json.dumps(value, indent=1, ensure_ascii=False)
        (self.work / name).write_text(text + "\n", encoding="utf-8")
        print(text)
