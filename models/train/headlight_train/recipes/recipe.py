"""What the recipes of all models have in common: folders, and the order of the steps."""

from __future__ import annotations

import json
import shutil
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
from tokenizers import Tokenizer
from transformers import PretrainedConfig, PreTrainedModel

from ..card import export_figures, training_figures
from ..export.graph import quantized, round_to_half, save, store_as_half
from ..export.merge import share_weights
from ..models import build_model
from ..training.loop import Run, Task, TrainingOptions, averaged_model, train

STEPS = ("data", "tokenizer", "train", "export", "evaluate", "reference", "card")
AVERAGED_CHECKPOINTS = 3


@dataclass(frozen=True)
class Recipe(ABC):
    """The steps, in the order they run; each reads what the earlier ones wrote."""

    work: Path
    """Everything that is not published: packages, text, checkpoints, measurements."""
    models: Path
    """The folder that receives the model's folder."""
    fixtures: Path
    """The folder of the tests' fixtures."""

    name = ""
    """Folder name of the published model."""
    steps = 0
    """Training steps of the published model, all its runs together."""

    @abstractmethod
    def data(self) -> None:
        """Downloads, cleans and splits the text."""

    @abstractmethod
    def tokenizer(self) -> None:
        """Trains the tokenizer on the training split."""

    @abstractmethod
    def train(self, run: Run) -> None:
        """Trains, or goes on training, until the budget is spent."""

    @abstractmethod
    def export(self) -> None:
        """Writes the model folder and checks the graphs against PyTorch."""

    @abstractmethod
    def evaluate(self) -> None:
        """Measures the model on the held-out rows."""

    @abstractmethod
    def reference(self) -> None:
        """Writes what PyTorch answers, for tests of other implementations."""

    @abstractmethod
    def card(self) -> None:
        """Writes the model card from the files the other steps left."""

    @abstractmethod
    def config(self) -> PretrainedConfig:
        """The architecture, with the ids of the tokenizer's special tokens."""

    @property
    def published(self) -> Path:
        return self.models / self.name

    @property
    def checkpoints(self) -> Path:
        return self.work / "checkpoints"

    def trained_tokenizer(self) -> Tokenizer:
        return Tokenizer.from_file(str(self.work / "tokenizer" / "tokenizer.json"))

    def trained_model(self) -> PreTrainedModel:
        """The published weights, with the attention implementation that shows its patterns."""
        config = self.config()
        model = averaged_model(lambda: build_model(config, "eager"), self.checkpoints,
                               AVERAGED_CHECKPOINTS)
        round_to_half(model)
        return model

    def fit(self, task: Task, options: TrainingOptions) -> None:
        """Trains the model of the configuration on a task."""
        torch.manual_seed(options.run.seed)
        train(build_model(self.config()), task, options, self.checkpoints)

    def publish_tokenizer(self) -> None:
        self.published.mkdir(parents=True, exist_ok=True)
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copy(self.work / "tokenizer" / name, self.published / name)

    def publish_graph(self, name: str, graph: onnx.ModelProto,
                      int8: onnx.ModelProto | None = None) -> None:
        """Writes `onnx/NAME.onnx` and, beside it, the graph with int8 weights."""
        stored, small = onnx.ModelProto(), onnx.ModelProto()
        stored.CopyFrom(graph)
        small.CopyFrom(int8 or quantized(graph))
        share_weights(stored)
        share_weights(small)
        store_as_half(stored)
        save(stored, self.published / "onnx" / f"{name}.onnx")
        save(small, self.published / "onnx" / f"{name}_quantized.onnx")

    def figures(self) -> dict[str, object]:
        """What every card says of training and export, under the names that templates use."""
        return {
            **training_figures(self.read("checkpoints/run.json"), AVERAGED_CHECKPOINTS),
            **export_figures(self.read("export.json")),
            "parameters": f"{self.trained_model().num_parameters():,}",
        }

    def file_sizes(self) -> dict[str, int]:
        """Bytes of each published graph."""
        return {path.name: path.stat().st_size
                for path in sorted((self.published / "onnx").glob("*.onnx"))}

    def domain(self) -> dict[str, float]:
        """The limits that `headlight.json` states."""
        return json.loads((self.published / "headlight.json").read_text())["domain"]

    def read(self, name: str) -> dict:
        return json.loads((self.work / name).read_text(encoding="utf-8"))

    def write(self, name: str, measured: object) -> None:
        text = json.dumps(measured, indent=1, ensure_ascii=False) + "\n"
        (self.work / name).write_text(text, encoding="utf-8")
        print(text)
