"""Exports encoder–decoder models to ONNX, and proves that the graphs equal PyTorch.

With eager attention, every attention keeps the plain pattern MatMul, Add (mask, position
bias), Softmax, MatMul under its module path. Inputs and outputs carry the
names Optimum gives them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime as ort
import torch
from transformers import EncoderDecoderCache, PreTrainedModel

from .comparison import largest_difference, require_within
from .graph import quantized
from .masks import causal_mask, padding_mask
from .merge import SWITCH, merge_decoders
from .tracing import traced

_BATCH, _SOURCE, _TARGET = "batch_size", "encoder_sequence_length", "decoder_sequence_length"
_PAST = "past_decoder_sequence_length"


@dataclass(frozen=True)
class EncoderDecoderGraphs:
    """The graphs of one model; `merged` holds both decoders."""

    encoder: onnx.ModelProto
    decoder: onnx.ModelProto
    decoder_with_past: onnx.ModelProto

    @property
    def merged(self) -> onnx.ModelProto:
        return merge_decoders(self.decoder, self.decoder_with_past)

    def quantized(self) -> EncoderDecoderGraphs:
        """The same with int8 weights."""
        return EncoderDecoderGraphs(*(quantized(graph) for graph in (
            self.encoder, self.decoder, self.decoder_with_past)))


def encoder_decoder_graphs(model: PreTrainedModel) -> EncoderDecoderGraphs:
    """The fp32 graphs of a Marian or T5, with the implementation of attention it has."""
    return EncoderDecoderGraphs(_encoder(model), _decoder(model), _decoder_with_past(model))


class _Layers:
    """The part of a cache of `transformers` that the layers use, made of plain tensors."""

    def __init__(self, past: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
        self.layers = [_Pair(*pair) for pair in past]

    def update(self, keys: torch.Tensor, values: torch.Tensor, layer: int, *_: object,
               ) -> tuple[torch.Tensor, torch.Tensor]:
        if layer < len(self.layers):
            past = self.layers[layer]
            past.keys = torch.cat([past.keys, keys], 2)
            past.values = torch.cat([past.values, values], 2)
        else:
            self.layers.append(_Pair(keys, values))
        return self.layers[layer].keys, self.layers[layer].values

    def get_seq_length(self, *_: object) -> int:
        return self.layers[0].keys.shape[2] if self.layers else 0


@dataclass
class _Pair:
    keys: torch.Tensor
    values: torch.Tensor


class _TracedCache(EncoderDecoderCache):
    def __init__(self, own: list, crossing: list, layers: int) -> None:
        self.self_attention_cache = _Layers(own)
        self.cross_attention_cache = _Layers(crossing)
        self.is_updated = {layer: layer < len(crossing) for layer in range(layers)}


class _Wrapped(torch.nn.Module):
    """Inputs and outputs by position; children keep the names that node names are made of."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        for name, child in model.named_children():
            setattr(self, name, child)
        object.__setattr__(self, "wrapped", model)


class _Encoder(_Wrapped):
    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        mask = padding_mask(attention_mask)
        return self.wrapped(input_ids=input_ids, attention_mask=mask).last_hidden_state


class _Decoder(_Wrapped):
    """Starts: no past; all keys and values come out."""

    def forward(self, encoder_attention_mask: torch.Tensor, input_ids: torch.Tensor,
                encoder_hidden_states: torch.Tensor) -> tuple[torch.Tensor, ...]:
        cache = _TracedCache([], [], _shape(self.wrapped).layers)
        return self.run(input_ids, encoder_hidden_states, encoder_attention_mask, cache)

    def run(self, ids: torch.Tensor, states: torch.Tensor, encoder_mask: torch.Tensor,
            cache: _TracedCache) -> tuple[torch.Tensor, ...]:
        past = cache.get_seq_length()
        model = self.wrapped
        hidden = model.get_decoder()(
            input_ids=ids, attention_mask=causal_mask(past, ids.shape[1]),
            encoder_hidden_states=states, encoder_attention_mask=padding_mask(encoder_mask),
            past_key_values=cache, use_cache=True,
        ).last_hidden_state
        if model.config.model_type == "t5":
            logits = self.lm_head(hidden * model.config.d_model ** -0.5)
        else:
            logits = self.lm_head(hidden) + model.final_logits_bias
        pairs = cache.self_attention_cache.layers
        if past == 0:
            both = zip(pairs, cache.cross_attention_cache.layers)
            pairs = [pair for layer in both for pair in layer]
        return logits, *(tensor for pair in pairs for tensor in (pair.keys, pair.values))


class _DecoderWithPast(_Decoder):
    """Goes on: the encoder's keys and values are read, and the decoder's own come out."""

    def forward(self, encoder_attention_mask: torch.Tensor, input_ids: torch.Tensor,
                *past: torch.Tensor) -> tuple[torch.Tensor, ...]:
        pairs = list(zip(past[0::2], past[1::2]))
        cache = _TracedCache(pairs[0::2], pairs[1::2], _shape(self.wrapped).layers)
        # Only asked whether it is there, since the cache has what is made of it.
        return self.run(input_ids, torch.zeros(1), encoder_attention_mask, cache)


@dataclass(frozen=True)
class _Shape:
    layers: int
    heads: int
    head_size: int
    width: int


def _shape(model: PreTrainedModel) -> _Shape:
    """Of the decoder."""
    config = model.config
    if config.model_type == "t5":
        return _Shape(config.num_decoder_layers, config.num_heads, config.d_kv, config.d_model)
    heads = config.decoder_attention_heads
    return _Shape(config.decoder_layers, heads, config.d_model // heads, config.d_model)


def _cache_names(prefix: str, layers: int, stacks: tuple[str, ...]) -> list[str]:
    return [f"{prefix}.{layer}.{stack}.{part}"
            for layer in range(layers) for stack in stacks for part in ("key", "value")]


def _cache_axes(name: str, own: str) -> dict[int, str]:
    return {0: _BATCH, 2: own if ".decoder." in name else _SOURCE}


def _encoder(model: PreTrainedModel) -> onnx.ModelProto:
    names, outputs = ["input_ids", "attention_mask"], ["last_hidden_state"]
    example = (torch.randint(3, 9, (2, 4)), torch.ones(2, 4, dtype=torch.int64))
    axes = {name: {0: _BATCH, 1: _SOURCE} for name in names + outputs}
    return traced(_Encoder(model.get_encoder()), example, names, outputs, axes)


def _decoder(model: PreTrainedModel) -> onnx.ModelProto:
    shape = _shape(model)
    inputs = ["encoder_attention_mask", "input_ids", "encoder_hidden_states"]
    outputs = ["logits", *_cache_names("present", shape.layers, ("decoder", "encoder"))]
    axes = {
        "encoder_attention_mask": {0: _BATCH, 1: _SOURCE},
        "input_ids": {0: _BATCH, 1: _TARGET},
        "encoder_hidden_states": {0: _BATCH, 1: _SOURCE},
        "logits": {0: _BATCH, 1: _TARGET},
    }
    axes |= {name: _cache_axes(name, _TARGET) for name in outputs[1:]}
    example = (torch.ones(2, 4, dtype=torch.int64), torch.randint(3, 9, (2, 3)),
               torch.randn(2, 4, shape.width))
    return traced(_Decoder(model), example, inputs, outputs, axes)


def _decoder_with_past(model: PreTrainedModel) -> onnx.ModelProto:
    shape = _shape(model)
    past = _cache_names("past_key_values", shape.layers, ("decoder", "encoder"))
    inputs = ["encoder_attention_mask", "input_ids", *past]
    outputs = ["logits", *_cache_names("present", shape.layers, ("decoder",))]
    axes = {
        "encoder_attention_mask": {0: _BATCH, 1: _SOURCE},
        "input_ids": {0: _BATCH, 1: _TARGET},
        "logits": {0: _BATCH, 1: _TARGET},
    }
    axes |= {name: _cache_axes(name, _PAST) for name in past}
    axes |= {name: _cache_axes(name, f"{_PAST} + {_TARGET}") for name in outputs[1:]}
    lengths = [5 if ".decoder." in name else 4 for name in past]
    example = (torch.ones(2, 4, dtype=torch.int64), torch.randint(3, 9, (2, 2)),
               *(torch.randn(2, shape.heads, length, shape.head_size) for length in lengths))
    return traced(_DecoderWithPast(model), example, inputs, outputs, axes)


class OnnxEncoderDecoder:
    """Runs an encoder and a merged decoder on NumPy arrays."""

    def __init__(self, encoder: onnx.ModelProto, merged: onnx.ModelProto) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 2
        options.log_severity_level = 3
        self._encoder, self._decoder = (
            ort.InferenceSession(graph.SerializeToString(), options,
                                 providers=["CPUExecutionProvider"])
            for graph in (encoder, merged))
        self._past = [i for i in self._decoder.get_inputs() if i.name.startswith("past_")]
        self._outputs = [o.name for o in self._decoder.get_outputs()]

    def encode(self, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """Hidden states [batch, source tokens, width]."""
        return self._encoder.run(None, {"input_ids": ids, "attention_mask": mask})[0]

    def decode(self, ids: np.ndarray, states: np.ndarray, mask: np.ndarray,
               cache: dict[str, np.ndarray] | None) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Logits [batch, tokens, vocabulary] of new ids on a cache, and the grown cache."""
        batch = len(ids)
        past = cache or {i.name: np.zeros((batch, i.shape[1], 0, i.shape[3]), np.float32)
                         for i in self._past}
        values = self._decoder.run(None, {
            "input_ids": ids, "encoder_hidden_states": states, "encoder_attention_mask": mask,
            SWITCH: np.array([cache is not None]), **past})
        outputs = dict(zip(self._outputs, values))
        grown = {name: outputs[name.replace("past_key_values", "present")] for name in past}
        if cache is not None:
            grown |= {name: cache[name] for name in past if ".encoder." in name}
        return outputs["logits"], grown

    def greedy(self, ids: np.ndarray, mask: np.ndarray, start: int, end: int, longest: int,
               ) -> list[list[int]]:
        """Greedy outputs without the start and the end token, for padded `ids`."""
        states = self.encode(ids, mask)
        new = np.full((len(ids), 1), start, np.int64)
        rows: list[list[int]] = [[] for _ in ids]
        done = np.zeros(len(ids), bool)
        cache: dict[str, np.ndarray] | None = None
        for _ in range(longest):
            logits, cache = self.decode(new, states, mask, cache)
            new = logits[:, -1:].argmax(-1)
            done |= new[:, 0] == end
            if done.all():
                break
            for row, token, ended in zip(rows, new[:, 0], done):
                if not ended:
                    row.append(int(token))
        return rows


def check_encoder_decoder(model: PreTrainedModel, graphs: EncoderDecoderGraphs,
                          source: torch.Tensor, target: torch.Tensor) -> dict[str, float]:
    """Largest differences on `source` and `target` ids [batch, tokens].

    Raises AssertionError beyond the tolerance.
    """
    ids, mask = source.numpy(), np.ones_like(source.numpy())
    with torch.no_grad():
        expected = model(input_ids=source, decoder_input_ids=target).logits.numpy()
    runner = OnnxEncoderDecoder(graphs.encoder, graphs.merged)
    states = runner.encode(ids, mask)
    whole, _ = runner.decode(target.numpy(), states, mask, None)
    split = target.shape[1] // 2
    _, cache = runner.decode(target.numpy()[:, :split], states, mask, None)
    several, cache = runner.decode(target.numpy()[:, split:-1], states, mask, cache)
    last, _ = runner.decode(target.numpy()[:, -1:], states, mask, cache)
    padding = np.zeros((len(ids), 5), np.int64)
    padded_ids, padded_mask = np.concatenate([ids, padding], 1), np.concatenate([mask, padding], 1)
    padded, _ = runner.decode(target.numpy(), runner.encode(padded_ids, padded_mask), padded_mask,
                              None)
    differences = {
        "logits, ONNX and PyTorch": largest_difference(whole, expected),
        "logits, cached and whole":
            largest_difference(np.concatenate([several, last], 1), whole[:, split:]),
        "logits, source padded and not": largest_difference(padded, whole),
    }
    require_within(differences)
    return differences
