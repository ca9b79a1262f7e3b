"""What is done to an exported graph before it is written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

LARGE = 1024
"""Elements from which a tensor is worth storing in half precision."""


SINUSOIDS = "embed_positions.weight"
"""Ends the names of tables of sines, which are computed and not learned, and so stay exact."""


def round_to_half(model: torch.nn.Module) -> None:
    """Rounds the large learned weights to half precision; they stay fp32 tensors.

    What is measured after this is what a graph of :func:`store_as_half` computes.
    """
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.numel() >= LARGE and not name.endswith(SINUSOIDS):
                parameter.copy_(parameter.half().float())


def store_as_half(model: onnx.ModelProto) -> None:
    """Stores large fp32 tensors as fp16, each with a Cast that a runtime folds as it loads.

    All arithmetic stays fp32. Raises ValueError if a tensor would change by it.
    """
    casts: list[onnx.NodeProto] = []
    for tensor in model.graph.initializer:
        is_small = np.prod(tensor.dims) < LARGE
        if tensor.data_type != TensorProto.FLOAT or is_small or tensor.name.endswith(SINUSOIDS):
            continue
        values = numpy_helper.to_array(tensor)
        half = values.astype(np.float16)
        if not np.array_equal(half.astype(np.float32), values):
            raise ValueError(f"{tensor.name} is not in half precision")
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(half, f"{name}_half"))
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], name=f"{name}_cast",
                                      to=TensorProto.FLOAT))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)


def save(model: onnx.ModelProto, path: Path) -> None:
    """Checks the graph and replaces the file in one step."""
    onnx.checker.check_model(model, full_check=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    onnx.save(model, partial)
    os.replace(partial, path)


def quantized(model: onnx.ModelProto) -> onnx.ModelProto:
    """The fp32 graph with int8 weights: dynamic quantisation, one scale a tensor.

    A tied embedding must still have its transposed copy, since only a MatMul whose weight is
    stored as it is can be quantised. One scale for both lets them be stored once afterwards.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "model.onnx"), Path(folder, "quantized.onnx")
        onnx.save(model, source)
        quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=False,
                         extra_options={"EnableSubgraph": True})
        small = onnx.load(target)
    _give_tied_embedding_one_scale(small)
    return small


def _give_tied_embedding_one_scale(model: onnx.ModelProto) -> None:
    """Lets the rows of a tied embedding be those of the output layer, as they were before.

    The quantiser treats the two apart: unsigned for the Gather, signed for the MatMul.
    """
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    suffix = "_quantized"
    for name, table in tensors.items():
        if table.data_type != TensorProto.UINT8 or not name.endswith(suffix):
            continue
        for other, output in tensors.items():
            if output.data_type != TensorProto.INT8 or list(output.dims) != list(table.dims)[::-1]:
                continue
            scales = [numpy_helper.to_array(tensors[n.removesuffix(suffix) + "_scale"])
                      for n in (name, other)]
            rows = numpy_helper.to_array(output).T
            zero = numpy_helper.to_array(tensors[name.removesuffix(suffix) + "_zero_point"])
            before = (numpy_helper.to_array(table).astype(np.float32) - zero) * scales[0]
            if np.abs(before - rows * scales[1]).max() > scales[0] + scales[1]:
                continue
            table.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(rows), name))
            for part, value in (("_scale", scales[1]), ("_zero_point", np.int8(0))):
                place = tensors[name.removesuffix(suffix) + part]
                place.CopyFrom(numpy_helper.from_array(np.array(value), place.name))
