"""Writes `cpuKernels.json`: the operators that ONNX Runtime computes on a CPU.

    python cpuKernels.py [--check]

The list is what the installed `onnxruntime` says of itself (its schema and kernel registries), so
the version to install is that of `onnxruntime-node` in package.json. Two things are tried out
with models of one node: the newest IR version and operator set that the runtime accepts, and the
types for which it takes apart an operator that ONNX defines as a function of others.

`--check` writes nothing. It opens every model of one node in ONNX's own test suite and lists those
for which the table would be wrong: of 1,462 some 30, nearly all of which need what operators got
in operator sets that the runtime does not know yet.

`--check-types` writes nothing either. For every version of every operator it makes models of one
node, with each element type in turn for each of its type variables, and lists those for which the
table and the runtime disagree: of 18,252 some 120, half of which are in half precision with
operator set 1, which has no `Cast`, and the others mostly of two types that must be the same.

Needs onnx and onnxruntime. Made with onnx 1.23.1 and onnxruntime 1.30.0.
"""

import itertools
import json
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

TARGET = Path(__file__).with_suffix(".json")
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
        """As `cpuKernels.json` has it."""
        if not self.kernels and self.function is None:
            return f"{self.since}!"
        ways = [*map(places, self.kernels)]
        if self.function is not None:
            ways.append(f"*{places(self.function)}")
        return f"{self.since}" if ways[0] == "" else f"{self.since}={'|'.join(ways)}"

    def serves(self, types: dict[str, str]) -> bool:
        """Whether a node whose places have these types can run."""
        ways = [*self.kernels, *([] if self.function is None else [self.function])]
        return any(
            all(types.get(place) is None or types[place] in taken for place, taken in way.items())
            for way in ways
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


def types_of(kernel, schema) -> Types | None:
    """What a kernel takes of what the operator allows, which may be less: then the runtime refuses
    the model, whatever its kernels could do. Where the operator allows half precision and the
    kernel takes single precision alone, `~h` says that the runtime puts casts around it. None for a
    kernel that takes nothing of it."""
    taken = {v: set(types) for v, types in kernel.type_constraints.items()}
    result = {}
    for variable, allowed in variables(schema).items():
        place = constrained_places(schema)[variable]
        both = letters([*(set(allowed) & taken.get(variable, set(allowed)))])
        widened = "f" in both and "h" not in both and "h" in letters(allowed)
        if not both and letters([*taken.get(variable, [])]):
            return None
        # The type of a result that can have but one is no question.
        if both and not (place.startswith(">") and len(allowed) == 1):
            result[place] = f"{both}~h" if widened else both
    return result


def variables(schema) -> dict[str, list[str]]:
    """The types that an operator allows for each of its variables, and where it names one itself,
    for that; without those of which only sequences, maps and the like are allowed."""
    found = constrained_places(schema)
    declared = {c.type_param_str: [*c.allowed_type_strs] for c in schema.type_constraints}
    types = {name: declared.get(name, [name]) for name in found}
    return {name: allowed for name, allowed in types.items() if letters(allowed)}


def merged(kernels: list[Types]) -> tuple[Types, ...]:
    """Kernels that differ in the types of one place are one. A place that takes every type says
    nothing."""
    kernels = [{p: t for p, t in k.items() if set(LETTERS.values()) - set(t)} for k in kernels]
    result: list[Types] = []
    for types in kernels:
        for other in result:
            differing = [p for p in types.keys() | other.keys() if types.get(p) != other.get(p)]
            if types.keys() == other.keys() and len(differing) <= 1:
                for place in differing:
                    both = set(other[place] + types[place]) - set("~")
                    half = "~h" if "~h" in other[place] or "~h" in types[place] else ""
                    own = {"h"} & set(other[place].replace("~h", "") + types[place].replace("~h", ""))
                    other[place] = "".join(sorted(both - {"h"} | own)) + ("" if own else half)
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
    others = {
        constrained_places(schema)[name]: letters(types)
        for name, types in variables(schema).items()
        if name != variable and not constrained_places(schema)[name].startswith(">")
    }
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
    return {**others, place: "".join(sorted(found or "fh"))}


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
                kernels=({},) if is_weight else merged(
                    [types for k in own if (types := types_of(k, schema)) is not None]
                ),
                function=(
                    function_types(schema, templates[name], ir_version)
                    if is_function
                    else None
                ),
            )
        )
    return sorted(result, key=lambda v: (DOMAINS.index(v.domain), v.name, v.since))


def content(ir_version: int, opset: int, table: list[Version]) -> dict:
    """What `cpuKernels.json` holds; `kernels.ts` describes the form of an operator's versions."""
    operators: dict[str, list[str]] = defaultdict(list)
    for version in table:
        name = f"{version.domain}.{version.name}" if version.domain else version.name
        operators[name].append(version.text())
    return {
        "runtimeVersion": onnxruntime.__version__,
        "newestIrVersion": ir_version,
        "newestOpset": opset,
        "types": {letter: TYPE_NAMES.get(name, name) for name, letter in LETTERS.items()},
        "operators": {name: " ".join(versions) for name, versions in operators.items()},
    }


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


def node_model(schema, chosen: dict[str, str], template: ModelProto | None, ir_version: int):
    """A model of one node whose type variables have the types of these letters."""

    def kind(variable: str) -> int:
        return NUMBERS[chosen[variable]]

    if template is None:
        needed = [p for p in schema.inputs if p.option.name != "Optional"]
        names = [(f"x{i}", p.typeStr) for i, p in enumerate(needed)]
        outputs = [f"y{i}" for i in range(max(1, schema.min_output))]
        node = helper.make_node(schema.name, [n for n, _ in names], outputs, domain=schema.domain)
    else:
        node = template.graph.node[0]
        pairs = zip(node.input, schema.inputs)
        names = [(n, p.typeStr) for n, p in pairs if n != ""]
        outputs = [n for n in node.output if n != ""]
    if any(variable not in chosen for _, variable in names):
        return None
    inputs = [helper.make_tensor_value_info(n, kind(v), None) for n, v in dict(names).items()]
    known = set(dict(names))
    if not set(node.input) - {""} <= known:
        return None
    graph = helper.make_graph([node], "g", inputs, [onnx.ValueInfoProto(name=n) for n in outputs])
    opsets = [helper.make_opsetid(schema.domain, schema.since_version)]
    if schema.domain != "":
        opsets.append(helper.make_opsetid("", 21))
    return helper.make_model(graph, opset_imports=opsets, ir_version=ir_version)


def places_of(model: ModelProto, schema) -> dict[str, str]:
    """The type variable of each input that the node of a model has."""
    names = model.graph.node[0].input
    pairs = zip(names, schema.inputs)
    return {str(i): p.typeStr for i, (name, p) in enumerate(pairs) if name != ""}


def base_types(schema, template, ir_version: int) -> dict[str, str] | None:
    """Types with which the runtime opens a node, if there are some."""
    allowed = {v: sorted(letters(t), key=PREFERRED.find) for v, t in variables(schema).items()}
    for tried, types in enumerate(itertools.product(*allowed.values())):
        chosen = dict(zip(allowed, types))
        model = node_model(schema, chosen, template, ir_version)
        if model is None or tried == MOST_TRIES:
            return None
        if opens(model):
            return chosen
    return None


PREFERRED = "eEgGwqxXmMnNbtzcCsSILdhilf"[::-1]
MOST_TRIES = 200


def check_types(table: list[Version], tests: list[ModelProto], ir_version: int) -> None:
    """Lists what the runtime says of a node with certain types where the table says otherwise."""
    templates: dict[str, list[ModelProto]] = defaultdict(list)
    for model in tests:
        templates[model.graph.node[0].op_type].append(model)
    known = {(v.domain, v.name, v.since): v for v in table}
    wrong = total = versions_tried = 0
    for schema in registry.get_all_operator_schema():
        version = known.get((schema.domain, schema.name, schema.since_version))
        if version is None or (not version.kernels and version.function is None):
            continue
        for template in (None, *templates[schema.name][:3]):
            base = base_types(schema, template, ir_version)
            if base is not None:
                break
        else:
            continue
        versions_tried += 1
        places = places_of(node_model(schema, base, template, ir_version), schema)
        given = {variable for variable in base if variable in places.values()}
        for variable, letter in itertools.product(given, LETTERS.values()):
            chosen = {**base, variable: letter}
            model = node_model(schema, chosen, template, ir_version)
            expected = version.serves({place: chosen[v] for place, v in places.items()})
            total += 1
            if opens(model) != expected:
                wrong += 1
                print(schema.domain, schema.name, schema.since_version, chosen, "table:", expected)
    print(f"{wrong} of {total} nodes of {versions_tried} versions contradict the table")


def main() -> None:
    onnxruntime.set_default_logger_severity(4)
    ir_version, opset = newest()
    tests = [*test_models()]
    table = versions(ir_version, opset, tests)
    if "--check-types" in sys.argv[1:]:
        check_types(table, tests, ir_version)
    elif "--check" in sys.argv[1:]:
        check(table, tests, ir_version, opset)
    else:
        TARGET.write_text(json.dumps(content(ir_version, opset, table), indent=2) + "\n")


if __name__ == "__main__":
    main()
