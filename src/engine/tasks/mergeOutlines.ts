import path from 'node:path';
import { mergeCompatibility } from '../../onnx/outline/compatibility';
import { mergeOperators } from '../../onnx/outline/operatorCounts';
import { mergeQuantization } from '../../onnx/outline/quantization';
import { mergeConstants } from '../../onnx/outline/constants';
import { mergeDtypes, dtypesWithout } from '../../onnx/outline/sizes';
import type { ModelOutline, DtypeOutline, RepeatedMatrix } from '../../shared/modelOutline';

/**
 * Several files as one model.
 * @param once those whose layers are counted, in the order in which they run.
 * @param parts all of them.
 * @param repeated what they store more than once, each file's own included.
 */
export function mergeOutlines(
  folder: string,
  once: readonly ModelOutline[],
  parts: ModelOutline[],
  repeated: RepeatedMatrix[],
): ModelOutline {
  const opsets = new Map<string, number>();
  for (const { domain, version } of parts.flatMap((part) => part.opsets)) {
    opsets.set(domain, Math.max(version, opsets.get(domain) ?? 0));
  }
  const operators = mergeOperators(once.map((part) => part.operators));
  const sum = (of: readonly ModelOutline[], amount: (part: ModelOutline) => number): number =>
    of.reduce((total, part) => total + amount(part), 0);
  const again = storedAgain(once, repeated);
  const parameters =
    sum(once, (part) => part.parameters) - again.reduce((total, row) => total + row.parameters, 0);
  const attention = once.flatMap((part) => part.attention);
  const without = once.find(({ withoutAttention }) => withoutAttention)?.withoutAttention;
  return {
    file: folder,
    producer: [...new Set(parts.map(({ producer }) => producer))].join(', '),
    irVersion: Math.max(...parts.map(({ irVersion }) => irVersion)),
    opsets: Array.from(opsets, ([domain, version]) => ({ domain, version })),
    inputs: once[0]?.inputs ?? [],
    outputs: once.at(-1)?.outputs ?? [],
    parameters,
    dtypes: dtypesWithout(mergeDtypes(once.map(({ dtypes }) => dtypes)), again),
    constants: mergeConstants(once.map(({ constants }) => constants)),
    repeated,
    size: {
      file: sum(parts, ({ size }) => size.file),
      external: sum(parts, ({ size }) => size.external),
      memory: sum(parts, ({ size }) => size.memory),
    },
    quantization: mergeQuantization(once.map(({ quantization }) => quantization)),
    modules: {
      name: '',
      parameters,
      bytes: sum(once, ({ modules }) => modules.bytes),
      operators,
      modules: once.map(({ file, modules }) => ({ ...modules, name: path.basename(file) })),
    },
    operators,
    compatibility: mergeCompatibility(parts.map(({ compatibility }) => compatibility)),
    shapes: {
      known: sum(once, ({ shapes }) => shapes.known),
      values: sum(once, ({ shapes }) => shapes.values),
    },
    attention,
    ...(attention.length > 0 || without === undefined ? {} : { withoutAttention: without }),
    parts,
  };
}

/** What files count though one before them has it, as far as they do: each counts it once. */
function storedAgain(
  once: readonly ModelOutline[],
  repeated: readonly RepeatedMatrix[],
): DtypeOutline[] {
  return repeated.flatMap(({ parameters, places }) => {
    const counted = once.flatMap(({ file }) => places.find((place) => place.file === file) ?? []);
    return counted.slice(1).map(({ dtype, bytes }) => ({ dtype, parameters, bytes, tensors: 1 }));
  });
}
