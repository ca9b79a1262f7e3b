"""Merges the two decoders of an encoder–decoder model into one file, as Optimum does.

An export has a decoder that starts (it takes the encoder's states and makes the whole cache) and
one that goes on (it takes the cache). Nearly all their weights are the same. The merged file holds
every weight once, in the outer graph, and an `If` on the input `use_cache_branch` with one of the
two decoders in each branch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto
from onnx import helper, numpy_helper

SWITCH = "use_cache_branch"


def merge_decoders(first: ModelProto, with_past: ModelProto) -> ModelProto:
    """One model out of `decoder_model` and `decoder_with_past_model`.

    Its inputs are those of both and `use_cache_branch`, a bool [1]: true runs `with_past`. Its
    outputs are those of `first`; what `with_past` does not make (the keys and values of the
    encoder's states, which do not change) comes out empty from its branch.

    Raises ValueError if the two do not fit together.
    """
    if _opsets(first) != _opsets(with_past):
        raise ValueError("the decoders use different operator sets")
    pool = _Pool(taken=_value_names(first.graph) | _value_names(with_past.graph))
    starting = _branch("no_past", first.graph, first.graph, pool)
    continuing = _branch("with_past", with_past.graph, first.graph, pool)
    outputs = first.graph.output
    choice = helper.make_node(
        "If", [SWITCH], [output.name for output in outputs], name="optimum::if",
        then_branch=continuing, else_branch=starting,
    )
    switch = helper.make_tensor_value_info(SWITCH, TensorProto.BOOL, [1])
    graph = helper.make_graph(
        [*pool.transposes, choice], "merged", [*_inputs(first.graph, with_past.graph), switch],
        outputs, pool.tensors,
    )
    return helper.make_model(
        graph, opset_imports=first.opset_import, ir_version=max(first.ir_version,
                                                                with_past.ir_version),
        producer_name=first.producer_name, producer_version=first.producer_version,
    )


def share_weights(model: ModelProto) -> None:
    """Keeps every weight of a model once, also where one is the transposed copy of another.

    Such a copy is what the exporter makes of an embedding that is tied to the output layer. A
    `Transpose` takes its place, which a runtime folds into a constant when it loads.
    """
    graph = model.graph
    pool = _Pool(taken=_value_names(graph))
    renamed = pool.take(graph)
    nodes = [*pool.transposes, *(_renamed(node, renamed) for node in graph.node)]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(pool.tensors)


@dataclass
class _Pool:
    """Weights by content: element type, shape and bytes."""

    taken: set[str]
    """Names that a weight may not have."""
    tensors: list[TensorProto] = field(default_factory=list)
    transposes: list[NodeProto] = field(default_factory=list)
    _names: dict[tuple[int, tuple[int, ...], bytes], str] = field(default_factory=dict)

    def take(self, graph: GraphProto) -> dict[str, str]:
        """Takes the weights of a graph in; answers what each is called from now on."""
        return {tensor.name: self._take(tensor) for tensor in graph.initializer}

    def _take(self, tensor: TensorProto) -> str:
        array = numpy_helper.to_array(tensor)
        key = (tensor.data_type, array.shape, array.tobytes())
        if key in self._names:
            return self._names[key]
        name = self._names[key] = self._free(tensor.name)
        mirrored = (tensor.data_type, array.shape[::-1], np.ascontiguousarray(array.T).tobytes())
        original = self._names.get(mirrored) if array.ndim == 2 and min(array.shape) > 1 else None
        if original is None or original == name:
            self.tensors.append(numpy_helper.from_array(array, name))
        else:
            self.transposes.append(
                helper.make_node("Transpose", [original], [name], name=f"{name}/Transpose",
                                 perm=[1, 0]))
        return name

    def _free(self, name: str) -> str:
        free, count = name, 1
        while free in self.taken:
            free, count = f"{name}_{count}", count + 1
        self.taken.add(free)
        return free


def _branch(name: str, graph: GraphProto, like: GraphProto, pool: _Pool) -> GraphProto:
    """A graph without inputs and weights of its own, with the outputs of `like`."""
    renamed = pool.take(graph)
    nodes = [_renamed(node, renamed) for node in graph.node]
    own = {output.name: output for output in graph.output}
    if not own.keys() <= {output.name for output in like.output}:
        raise ValueError(f"the decoder that goes on has outputs of its own: {sorted(own)}")
    outputs = []
    for output in like.output:
        if output.name not in own:
            nodes.append(_empty(output))
        outputs.append(own.get(output.name, _nameless(output)))
    return helper.make_graph(nodes, name, [], outputs, value_info=graph.value_info)


def _empty(output: ValueInfoProto) -> NodeProto:
    """A constant of an output's type, with every size that varies set to 0."""
    tensor = output.type.tensor_type
    sizes = [size.dim_value for size in tensor.shape.dim]
    if all(sizes):
        raise ValueError(f"{output.name} does not vary in size")
    value = helper.make_tensor(f"{output.name}.empty", tensor.elem_type, sizes, [])
    return helper.make_node("Constant", [], [output.name], name=f"{output.name}/empty",
                            value=value)


def _nameless(output: ValueInfoProto) -> ValueInfoProto:
    """The same output with sizes that vary left open."""
    tensor = output.type.tensor_type
    sizes = [size.dim_value or None for size in tensor.shape.dim]
    return helper.make_tensor_value_info(output.name, tensor.elem_type, sizes)


def _inputs(first: GraphProto, with_past: GraphProto) -> Iterator[ValueInfoProto]:
    """Those of both, each once. `first` is asked for the shape: it takes any number of tokens."""
    known = {value.name: value for value in first.input}
    yield from first.input
    for value in with_past.input:
        same = known.get(value.name)
        if same is None:
            yield value
        elif same.type.tensor_type.elem_type != value.type.tensor_type.elem_type:
            raise ValueError(f"the decoders disagree on the type of {value.name}")


def _renamed(node: NodeProto, names: dict[str, str]) -> NodeProto:
    copy = NodeProto()
    copy.CopyFrom(node)
    copy.input[:] = [names.get(name, name) for name in node.input]
    for attribute in copy.attribute:
        if attribute.type == AttributeProto.GRAPH:
            inner = [_renamed(each, names) for each in attribute.g.node]
            del attribute.g.node[:]
            attribute.g.node.extend(inner)
    return copy


def _value_names(graph: GraphProto) -> set[str]:
    """What inputs and results of nodes are called, those of inner graphs too."""
    names = {value.name for value in graph.input}
    for node in graph.node:
        names.update(node.output)
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                names |= _value_names(attribute.g)
    return names


def _opsets(model: ModelProto) -> dict[str, int]:
    return {opset.domain: opset.version for opset in model.opset_import}
