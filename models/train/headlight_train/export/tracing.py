"""Traces a module of PyTorch into an ONNX graph."""

from __future__ import annotations

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import torch

OPSET = 14


def traced(module: torch.nn.Module, example: tuple[torch.Tensor, ...], inputs: list[str],
           outputs: list[str], axes: dict[str, dict[int, str]]) -> onnx.ModelProto:
    """The graph of what `module` does with `example`.

    `inputs` and `outputs` name its arguments and results in order, `axes` those of their axes
    that may have any size. Nodes are named by the path of the module they come from.
    """
    with TemporaryDirectory() as folder, torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder, "model.onnx")
        torch.onnx.export(module.eval(), example, str(path), dynamo=False, opset_version=OPSET,
                          input_names=inputs, output_names=outputs, dynamic_axes=axes)
        graph = onnx.load(path)
    _strip_docs(graph)
    return graph


def _strip_docs(model: onnx.ModelProto) -> None:
    """Removes what the tracer notes about the machine it ran on."""
    model.ClearField("doc_string")
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
