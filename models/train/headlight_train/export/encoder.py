"""Exports the encoder-only model to ONNX and compares it with PyTorch."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime as ort
import torch
from transformers import BertForMaskedLM

from .comparison import largest_difference, require_within
from .masks import padding_mask
from .tracing import traced

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class _MaskedLanguageModel(torch.nn.Module):
    """Positional inputs and the logits alone, under the module names BERT has itself."""

    def __init__(self, source: BertForMaskedLM) -> None:
        super().__init__()
        self.bert = source.bert
        self.cls = source.cls

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor,
                token_type_ids: torch.Tensor) -> torch.Tensor:
        hidden = self.bert(input_ids=input_ids, attention_mask=padding_mask(attention_mask),
                           token_type_ids=token_type_ids).last_hidden_state
        return self.cls(hidden)


def encoder_graph(model: BertForMaskedLM) -> onnx.ModelProto:
    """The fp32 graph of an eager-attention model."""
    example = (torch.randint(model.config.vocab_size, (2, 5)),
               torch.ones(2, 5, dtype=torch.int64), torch.zeros(2, 5, dtype=torch.int64))
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in (*INPUTS, "logits")}
    return traced(_MaskedLanguageModel(model), example, list(INPUTS), ["logits"], axes)


class OnnxEncoder:
    """Runs an exported graph on NumPy arrays."""

    def __init__(self, graph: onnx.ModelProto) -> None:
        self._session = ort.InferenceSession(graph.SerializeToString(),
                                             providers=["CPUExecutionProvider"])

    def logits(self, ids: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
        """[batch, tokens, vocabulary] for `ids` [batch, tokens]."""
        mask = np.ones_like(ids) if mask is None else mask
        feeds = dict(zip(INPUTS, (ids, mask, np.zeros_like(ids))))
        return self._session.run(None, feeds)[0]


def check_encoder(model: BertForMaskedLM, graph: onnx.ModelProto, ids: np.ndarray,
                  ) -> dict[str, float]:
    """Largest differences between graph and model on `ids` [batch, tokens]; padded as well."""
    encoder = OnnxEncoder(graph)
    with torch.no_grad():
        expected = model(input_ids=torch.from_numpy(ids)).logits.numpy()
    padding = np.zeros((len(ids), 4), np.int64)
    padded = encoder.logits(np.concatenate([ids, padding], 1),
                            np.concatenate([np.ones_like(ids), padding], 1))
    differences = {
        "logits, ONNX and PyTorch": largest_difference(encoder.logits(ids), expected),
        "logits, padded and not": largest_difference(padded[:, :ids.shape[1]], expected),
    }
    require_within(differences)
    return differences
