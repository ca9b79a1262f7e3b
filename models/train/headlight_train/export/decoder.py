"""Exports the model to ONNX in the layout of Transformers.js, and proves it equal.

The graph is traced with eager attention, so that every attention layer keeps the
plain pattern MatMul, scale, Add (mask), Softmax, MatMul under its module path.
Inputs and outputs carry the names Optimum gives them.
"""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime as ort
import torch
from transformers import LlamaForCausalLM

from .comparison import largest_difference, require_within
from .masks import additive
from .tracing import traced

ATTENTION_TOLERANCE = 1e-5


class _TracedCache:
    """The part of a `transformers` cache that a Llama layer uses, made of plain tensors."""

    def __init__(self, past: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
        self._past = past
        self.present: list[tuple[torch.Tensor, torch.Tensor]] = []

    def update(self, keys: torch.Tensor, values: torch.Tensor, layer: int,
               ) -> tuple[torch.Tensor, torch.Tensor]:
        past_keys, past_values = self._past[layer]
        whole = torch.cat([past_keys, keys], 2), torch.cat([past_values, values], 2)
        self.present.append(whole)
        return whole


class _DecoderWithPast(torch.nn.Module):
    """Positional inputs and outputs around a Llama, under the module names it has itself."""

    def __init__(self, source: LlamaForCausalLM) -> None:
        super().__init__()
        self.model = source.model
        self.lm_head = source.lm_head

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor,
                position_ids: torch.Tensor, *past: torch.Tensor) -> tuple[torch.Tensor, ...]:
        cache = _TracedCache(list(zip(past[0::2], past[1::2])))
        key_index = torch.arange(attention_mask.shape[1])
        query_index = key_index[past[0].shape[2]:]
        visible = (key_index[None, :] <= query_index[:, None])[None, None]
        visible = visible & attention_mask[:, None, None, :].bool()
        hidden = self.model(input_ids=input_ids, attention_mask=additive(visible),
                            position_ids=position_ids, past_key_values=cache,
                            use_cache=True).last_hidden_state
        return self.lm_head(hidden), *(tensor for pair in cache.present for tensor in pair)


def decoder_graph(model: LlamaForCausalLM) -> onnx.ModelProto:
    """The fp32 graph of an eager-attention model."""
    config = model.config
    layers, heads = config.num_hidden_layers, config.num_key_value_heads
    batch, new, past = 2, 3, 4
    example = (
        torch.randint(config.vocab_size, (batch, new)),
        torch.ones(batch, past + new, dtype=torch.int64),
        torch.arange(past, past + new).expand(batch, new),
        *(torch.randn(batch, heads, past, config.head_dim) for _ in range(2 * layers)),
    )
    cache_names = [f"{n}.{kind}" for n in range(layers) for kind in ("key", "value")]
    past_names = [f"past_key_values.{name}" for name in cache_names]
    present_names = [f"present.{name}" for name in cache_names]
    total = "past_sequence_length + sequence_length"
    axes: dict[str, dict[int, str]] = {
        "input_ids": {0: "batch_size", 1: "sequence_length"},
        "attention_mask": {0: "batch_size", 1: total},
        "position_ids": {0: "batch_size", 1: "sequence_length"},
        "logits": {0: "batch_size", 1: "sequence_length"},
    }
    axes |= {name: {0: "batch_size", 2: "past_sequence_length"} for name in past_names}
    axes |= {name: {0: "batch_size", 2: total} for name in present_names}
    return traced(_DecoderWithPast(model), example,
                  ["input_ids", "attention_mask", "position_ids", *past_names],
                  ["logits", *present_names], axes)


class OnnxDecoder:
    """Runs an exported graph on NumPy arrays; what the checks below compare with PyTorch."""

    def __init__(self, model: onnx.ModelProto, extra_outputs: list[str] | None = None) -> None:
        graph = onnx.ModelProto()
        graph.CopyFrom(model)
        for name in extra_outputs or []:
            graph.graph.output.append(onnx.ValueInfoProto(name=name))
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = ort.InferenceSession(graph.SerializeToString(), options,
                                             providers=["CPUExecutionProvider"])
        self._past = [i for i in self._session.get_inputs() if i.name.startswith("past_")]

    def empty_cache(self, batch: int) -> list[np.ndarray]:
        """A cache of length 0."""
        heads, width = self._past[0].shape[1], self._past[0].shape[3]
        return [np.zeros((batch, heads, 0, width), np.float32) for _ in self._past]

    def run(self, ids: np.ndarray, cache: list[np.ndarray], mask: np.ndarray | None = None,
            ) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
        """Logits, grown cache and extra outputs for new `ids` [batch, tokens] on a cache."""
        past = cache[0].shape[2]
        if mask is None:
            mask = np.ones((ids.shape[0], past + ids.shape[1]), np.int64)
        positions = np.maximum(np.cumsum(mask, 1) - 1, 0)[:, past:]
        feeds = {"input_ids": ids, "attention_mask": mask, "position_ids": positions}
        feeds |= {spec.name: array for spec, array in zip(self._past, cache)}
        logits, *rest = self._session.run(None, feeds)
        return logits, rest[:len(cache)], rest[len(cache):]


def check_decoder(model: LlamaForCausalLM, graph: onnx.ModelProto, ids: np.ndarray,
                  ) -> dict[str, float]:
    """Compares the graph with the eager PyTorch model on `ids` [batch, tokens].

    Returns the largest absolute differences and raises AssertionError beyond tolerance.
    """
    softmaxes = [n for n in graph.graph.node if n.op_type == "Softmax"]
    expected = [f"/model/layers.{n}/self_attn/Softmax"
                for n in range(model.config.num_hidden_layers)]
    assert [n.name for n in softmaxes] == expected, [n.name for n in softmaxes]

    with torch.no_grad():
        reference = model(input_ids=torch.from_numpy(ids), output_attentions=True)
    logits = reference.logits.numpy()
    decoder = OnnxDecoder(graph, [n.output[0] for n in softmaxes])
    whole, whole_cache, maps = decoder.run(ids, decoder.empty_cache(len(ids)))

    split = ids.shape[1] // 2
    _, cache, _ = decoder.run(ids[:, :split], decoder.empty_cache(len(ids)))
    several, cache, _ = decoder.run(ids[:, split:-1], cache)
    last, cache, _ = decoder.run(ids[:, -1:], cache)
    cached = np.concatenate([several, last], 1)

    # A left-padded row must give what the same row gives alone.
    padding = np.zeros((len(ids), 5), np.int64)
    mask = np.concatenate([padding, np.ones_like(ids)], 1)
    padded, _, _ = decoder.run(np.concatenate([padding, ids], 1), decoder.empty_cache(len(ids)),
                               mask)

    logit_differences = {
        "logits, ONNX and PyTorch": largest_difference(whole, logits),
        "logits, cached and whole": largest_difference(cached, whole[:, split:]),
        "logits, left-padded and not": largest_difference(padded[:, 5:], whole),
        "cache, cached and whole": max(map(largest_difference, cache, whole_cache)),
    }
    attention_differences = {
        "attention, ONNX and PyTorch": max(
            largest_difference(ours, theirs.numpy())
            for ours, theirs in zip(maps, reference.attentions)),
    }
    require_within(logit_differences)
    require_within(attention_differences, ATTENTION_TOLERANCE)
    return logit_differences | attention_differences
