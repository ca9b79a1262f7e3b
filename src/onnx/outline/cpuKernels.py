"""Writes `cpuKernels.ts`: the operators that ONNX Runtime computes on a CPU.

    python cpuKernels.py [--check]

The list is what the installed `onnxruntime` says of itself (its schema and kernel registries), so
the version to install is that of `onnxruntime-node` in package.json. Two things are tried out
with models of one node: the newest IR version and operator set that the runtime accepts, and the
types for which it takes apart an operator that ONNX defines as a function of others.

`--check` writes nothing. It opens every model of one node in ONNX's own test suite and lists those
for which the table would be wrong: of 1,462 some 30, nearly all of which need what operators got
in operator sets that the runtime does not know yet.

Needs onnx and onnxruntime. Made with onnx 1.23.1 and onnxruntime 1.30.0.
"""

import os
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# ONNX Runtime asks for it when it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnx
import onnxruntime
from onnx import ModelProto, TensorProto, helper
from onnx.backend.test.case.node import collect_testcases
from onnxruntime.capi import onnxruntime_pybind11_state as registry

TARGET = Path(__file__).with_suffix(".ts")
DOMAINS = ("", "com.microsoft", "com.microsoft.nchwc", "ai.onnx.ml")
NEWEST = 2**31 - 1
"""End of the version range of a kernel that has not been replaced."""

LETTERS = {
    "float": "f",
    "double": "d",
    "float16": "h",
    "bfloat16": "b",
    "float8e4m3fn": "e",
    "float8e4m3fnuz": "E",
    "float8e5m2": "g",
    "float8e5m2fnuz": "G",
    "float8e8m0": "w",
    "float4e2m1": "q",
    "complex64": "x",
    "complex128": "X",
    "int2": "m",
    "uint2": "M",
    "int4": "n",
    "uint4": "N",
    "int8": "c",
    "uint8": "C",
    "int16": "s",
    "uint16": "S",
    "int32": "i",
    "uint32": "I",
    "int64": "l",
    "uint64": "L",
    "bool": "z",
    "string": "t",
}
"""One letter for each element type, by ONNX Runtime's name of it."""

NUMBERS = {letter: getattr(TensorProto, name.upper()) for name, letter in LETTERS.items()}
"""The number of each element type in TensorProto."""

TYPE_NAMES = {"float": "float32", "double": "float64"}
"""Where Headlight calls an element type something else."""

Types = dict[str, str]
"""Letters of the types that a place takes: `0` is the first input, `>0` the first output."""


@dataclass(frozen=True)
class Version:
    """An operator as one operator set defined it."""

    domain: str
    name: str
    since: int
    kernels: tuple[Types, ...]
    function: Types | None

    def text(self) -> str:
        """As `cpuKernels.ts` has it."""
        if not self.kernels and self.function is None:
            return f"{self.since}!"
        ways = [*map(places, self.kernels)]
        if self.function is not None:
            ways.append(f"*{places(self.function)}")
        return f"{self.since}" if ways[0] == "" else f"{self.since}={'|'.join(ways)}"

    def serves(self, types: dict[str, str]) -> bool:
        """Whether a node whose places have these types can run. What is done in half precision
        can be done in single precision, between casts that the runtime puts there."""
        ways = [*self.kernels, *([] if self.function is None else [self.function])]
        single = {place: "f" if letter == "h" else letter for place, letter in types.items()}
        return any(
            all(given.get(place, taken) in taken or given.get(place) is None
                for place, taken in way.items())
            for way in ways
            for given in (types, single)
        )


def places(types: Types) -> str:
    return ",".join(f"{place}:{letters}" for place, letters in sorted(types.items()))


def letters(types: list[str]) -> str:
    """Those of tensors; sequences and the like are not looked at."""
    names = [t.removeprefix("tensor(").removesuffix(")") for t in types if t.startswith("tensor(")]
    return "".join(sorted(LETTERS[name] for name in names))


def constrained_places(schema) -> dict[str, str]:
    """Where each type variable of an operator stands first, inputs before outputs."""
    found: dict[str, str] = {}
    for index, parameter in enumerate(schema.inputs):
        found.setdefault(parameter.typeStr, str(index))
    for index, parameter in enumerate(schema.outputs):
        found.setdefault(parameter.typeStr, f">{index}")
    return found


def types_of(kernel, schema) -> Types:
    """What a kernel takes, where that is less than the operator allows."""
    found = constrained_places(schema)
    allowed = {c.type_param_str: set(c.allowed_type_strs) for c in schema.type_constraints}
    return {
        found[variable]: letters(types)
        for variable, types in kernel.type_constraints.items()
        if variable in found and not allowed.get(variable, set()) <= set(types) and letters(types)
    }


def merged(kernels: list[Types]) -> tuple[Types, ...]:
    """Kernels that differ in the types of one place are one."""
    result: list[Types] = []
    for types in kernels:
        for other in result:
            differing = [p for p in types.keys() | other.keys() if types.get(p) != other.get(p)]
            if types.keys() == other.keys() and len(differing) <= 1:
                for place in differing:
                    other[place] = "".join(sorted(set(other[place] + types[place])))
                break
        else:
            result.append(dict(types))
    return tuple(result)


def serves(kernel, since: int) -> bool:
    """ONNX Runtime's own rule (`KernelRegistry::VerifyKernelDef`): a kernel whose range is open
    serves only the version that it starts with."""
    start, end = kernel.version_range
    return start == since or (end != NEWEST and start < since <= end)


def opens(model: ModelProto) -> bool:
    try:
        onnxruntime.InferenceSession(
            model.SerializeToString(), providers=["CPUExecutionProvider"]
        )
    except Exception:  # noqa: BLE001 (the runtime raises half a dozen types)
        return False
    return True


def one_node(opset: int, ir_version: int) -> ModelProto:
    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("x", "y")]
    node = helper.make_node("Identity", ["x"], ["y"])
    graph = helper.make_graph([node], "g", value[:1], value[1:])
    opsets = [helper.make_opsetid("", opset)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=ir_version)


def newest() -> tuple[int, int]:
    """The newest IR version and the newest operator set of ONNX that the runtime opens."""
    ir_version = max(v for v in range(3, onnx.IR_VERSION + 2) if opens(one_node(13, v)))
    last = onnx.defs.onnx_opset_version()
    opset = max(v for v in range(13, last + 2) if opens(one_node(v, ir_version)))
    return ir_version, opset


def test_models() -> Iterator[ModelProto]:
    """ONNX's own tests that consist of one node."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for case in collect_testcases(None):
            if case.model is not None and len(case.model.graph.node) == 1:
                yield case.model


def with_opset(model: ModelProto, opset: int, ir_version: int) -> ModelProto:
    result = ModelProto()
    result.CopyFrom(model)
    result.ir_version = min(result.ir_version, ir_version)
    for entry in result.opset_import:
        if entry.domain == "":
            entry.version = min(entry.version, opset)
    return result


def function_types(schema, templates: list[ModelProto], ir_version: int) -> Types:
    """The types for which a function is taken apart into operators that the runtime has, whatever
    the attributes."""
    place, variable = "0", schema.inputs[0].typeStr if len(schema.inputs) > 0 else ""
    found = ""
    has_type = any(c.type_param_str == variable for c in schema.type_constraints)
    if templates and has_type:
        outputs = {p.typeStr: i for i, p in reversed([*enumerate(schema.outputs)])}
        allowed = next(c for c in schema.type_constraints if c.type_param_str == variable)
        for letter in letters(list(allowed.allowed_type_strs)):
            number = NUMBERS[letter]
            models = [with_opset(one, schema.since_version, ir_version) for one in templates]
            models = [model for model in models if opens(model)]
            for model in models:
                node = model.graph.node[0]
                typed = {n for n, p in zip(node.input, schema.inputs) if p.typeStr == variable}
                if variable in outputs and outputs[variable] < len(node.output):
                    typed.add(node.output[outputs[variable]])
                for value in [*model.graph.input, *model.graph.output]:
                    if value.name in typed:
                        value.type.tensor_type.elem_type = number
            found += letter if models and all(map(opens, models)) else ""
    return {place: "".join(sorted(found or "fh"))}


def versions(ir_version: int, opset: int, tests: list[ModelProto]) -> list[Version]:
    kernels = defaultdict(list)
    for kernel in registry.get_all_opkernel_def():
        if kernel.provider == "CPUExecutionProvider":
            kernels[kernel.domain, kernel.op_name].append(kernel)
    functions = {
        (schema.name, schema.since_version)
        for schema in onnx.defs.get_all_schemas_with_history()
        if schema.domain == "" and (schema.has_function or schema.has_context_dependent_function)
    }
    templates: dict[str, list[ModelProto]] = defaultdict(list)
    for model in tests:
        templates[model.graph.node[0].op_type].append(model)
    result = []
    for schema in registry.get_all_operator_schema():
        if schema.domain not in DOMAINS or (schema.domain == "" and schema.since_version > opset):
            continue
        name, since = schema.name, schema.since_version
        own = [kernel for kernel in kernels[schema.domain, name] if serves(kernel, since)]
        is_function = schema.domain == "" and (name, since) in functions
        # The runtime itself makes a weight of a Constant.
        is_weight = schema.domain == "" and name == "Constant"
        result.append(
            Version(
                domain=schema.domain,
                name=name,
                since=since,
                kernels=({},) if is_weight else merged([types_of(k, schema) for k in own]),
                function=(
                    function_types(schema, templates[name], ir_version)
                    if is_function
                    else None
                ),
            )
        )
    return sorted(result, key=lambda v: (DOMAINS.index(v.domain), v.name, v.since))


def lines(table: list[Version]) -> Iterator[str]:
    """One line an operator."""
    by_operator: dict[tuple[str, str], list[Version]] = defaultdict(list)
    for version in table:
        by_operator[version.domain, version.name].append(version)
    for domain in DOMAINS:
        yield f"[{domain or 'ai.onnx'}]"
        for (owner, name), of_operator in by_operator.items():
            if owner == domain:
                yield " ".join([name, *(version.text() for version in of_operator)])


def module(ir_version: int, opset: int, table: list[Version]) -> str:
    """The text of `cpuKernels.ts`."""
    letters_by_name = "\n".join(
        f"  {letter}: '{TYPE_NAMES.get(name, name)}'," for name, letter in LETTERS.items()
    )
    return f"""import type {{ DType }} from '../model';

/*
 * Written by cpuKernels.py from the registries of onnxruntime {onnxruntime.__version__}, and of
 * functions from what it opens; not to be edited.
 */

/** The version of ONNX Runtime that this file is about. */
export const RUNTIME_VERSION = '{onnxruntime.__version__}';

/** The newest IR version that it opens. */
export const NEWEST_IR_VERSION = {ir_version};

/** The newest version of ONNX's own operator set that it opens. */
export const NEWEST_OPSET = {opset};

/** Element types by the letter that stands for them in {{@link CPU_KERNELS}}. */
export const TYPE_LETTERS: Readonly<Record<string, DType>> = {{
{letters_by_name}
}};

/**
 * What it computes on a CPU. A line is an operator, below the domain it belongs to: its name, then
 * each version of it, by the operator set that brought it.
 * - `13` is computed, whatever the types;
 * - `13=0:df,1:l|0:h` is computed if one of the ways between the bars fits: input 0 is of type `d`
 *   or `f` and input 1 of type `l`, or input 0 is of type `h`; `>0` is the first output;
 * - `13=*0:f` is a function, which is taken apart into other operators where input 0 is of type `f`;
 * - `13!` is not computed.
 */
export const CPU_KERNELS = `
{chr(10).join(lines(table))}
`;
"""


def check(table: list[Version], tests: list[ModelProto], ir_version: int, opset: int) -> None:
    """Lists the test models that open though the table says no, or the reverse."""
    wrong = total = 0
    for original in tests:
        model = with_opset(original, opset, ir_version)
        node = model.graph.node[0]
        opsets = {entry.domain: entry.version for entry in model.opset_import}
        found = [
            v
            for v in table
            if (v.domain, v.name) == (node.domain, node.op_type)
            and v.since <= opsets.get(v.domain, 0)
        ]
        types = {}
        graph = model.graph
        for mark, names, values in (
            ("", node.input, graph.input),
            (">", node.output, graph.output),
        ):
            known = {value.name: value.type.tensor_type.elem_type for value in values}
            for index, name in enumerate(names):
                if known.get(name, 0) != 0:
                    spelled = TensorProto.DataType.Name(known[name]).lower()
                    types[f"{mark}{index}"] = LETTERS[spelled]
        expected = bool(found) and found[-1].serves(types)
        total += 1
        if opens(model) != expected:
            wrong += 1
            print(node.domain, node.op_type, opsets, types, "the table says", expected)
    print(f"{wrong} of {total} models contradict the table")


def main() -> None:
    onnxruntime.set_default_logger_severity(4)
    ir_version, opset = newest()
    tests = [*test_models()]
    table = versions(ir_version, opset, tests)
    if "--check" in sys.argv[1:]:
        check(table, tests, ir_version, opset)
    else:
        TARGET.write_text(module(ir_version, opset, table))


if __name__ == "__main__":
    main()
