import type { TensorRef } from '../onnx/graph/model';
import type { DifferentWeight, OtherShape, WeightsCheck } from '../shared/verification';
import { quantizationErrors } from './dequantize';
import { matchNames } from './matchNames';
import type { BoundParameter, BoundWeights, StoredParameter } from './parameters';
import { laidOut, readParameter } from './readParameter';
import type { StateDict } from './safetensors';
import type { TensorReader } from './tensorReader';

/** The parameters of an ONNX file, and what reads their elements. */
export interface GraphWeights {
  weights: BoundWeights;
  reader: TensorReader;
  /**
   * Tensors that are no parameters, such as the frequencies of rotary angles. They are compared where they
   * were saved, and are not counted as weights where they were not.
   */
  constants: ReadonlySet<TensorRef>;
  /** Which half of an encoder–decoder model it is. */
  part?: 'encoder' | 'decoder';
}

/** Weights as `transformers` saved them. */
export interface SavedWeights {
  tensors: StateDict;
  reader: TensorReader;
}

/** Weights that differ which are named. */
const MOST_NAMED = 5;

/**
 * Holds the weights of a model's graphs against those that were saved of it: every value of every weight
 * that both have in the same shape, tensor by tensor. A value may differ by as much as storing it in the graph's type can
 * change it: not at all in float32, by half the distance of neighbours in float16, bfloat16 and 8 bits
 * (see {@link quantizationErrors}).
 *
 * @param signal looked at before each weight.
 * @throws Failure as reading a parameter does; the signal's reason.
 */
export async function compareSavedWeights(
  graphs: readonly GraphWeights[],
  { tensors, reader: savedReader }: SavedWeights,
  signal: AbortSignal,
): Promise<Omit<Extract<WeightsCheck, { kind: 'compared' }>, 'kind' | 'file'>> {
  const shapes = new Map([...tensors].map(([name, { dims }]) => [name, dims]));
  const places = new Map<string, { stored: StoredParameter; reader: TensorReader }[]>();
  const otherShapes = new Map<string, OtherShape>();
  const inGraphs = new Map<string, boolean>();
  for (const { weights, reader, constants, part } of graphs) {
    const found = matchNames(weights, shapes, part);
    const compared = new Set<BoundParameter>();
    for (const [name, { parameter }] of found.matches) {
      if (!parameter.altered) {
        const stored = [parameter, ...parameter.copies].map((each) => ({ stored: each, reader }));
        places.set(name, [...(places.get(name) ?? []), ...stored]);
        compared.add(parameter);
      }
    }
    for (const [name, { dims }] of found.otherShapes) {
      otherShapes.set(name, { name, saved: [...(shapes.get(name) ?? [])], inGraph: [...dims] });
    }
    // A tied weight is saved under one of its names, and is one weight.
    const comparedNames = new Set(Array.from(compared, ({ names }) => names));
    // The decoder for later steps has most weights of the other one once more.
    for (const parameter of weights.parameters.values()) {
      const { tensor, names } = parameter;
      const isCompared = compared.has(parameter);
      if (isCompared || (!constants.has(tensor) && !comparedNames.has(names))) {
        const key = `${part ?? ''} ${parameter.name}`;
        inGraphs.set(key, (inGraphs.get(key) ?? false) || isCompared);
      }
    }
  }
  const different: DifferentWeight[] = [];
  let values = 0;
  for (const [name, found] of places) {
    signal.throwIfAborted();
    const tensor = tensors.get(name);
    if (tensor === undefined) {
      continue;
    }
    const saved = await savedReader.elements(tensor);
    values += saved.length;
    for (const { stored, reader } of found) {
      const difference = await differenceIn(name, stored, reader, saved);
      if (difference !== undefined) {
        different.push(difference);
        break;
      }
    }
  }
  return {
    weights: places.size,
    values,
    unmatched: [...tensors.keys()].filter((name) => !places.has(name) && !otherShapes.has(name))
      .length,
    inGraphs: {
      compared: [...inGraphs.values()].filter((isCompared) => isCompared).length,
      weights: inGraphs.size,
    },
    otherShapes: [...otherShapes.values()].slice(0, MOST_NAMED),
    reshaped: otherShapes.size,
    different: different.slice(0, MOST_NAMED),
    differing: different.length,
  };
}

async function differenceIn(
  name: string,
  stored: StoredParameter,
  reader: TensorReader,
  saved: Float32Array,
): Promise<DifferentWeight | undefined> {
  const actual = await readParameter(stored, reader);
  const allowed = await storageErrors(stored, reader);
  let [count, first, last, maxAbsDiff, notFinite] = [0, 0, 0, 0, 0];
  saved.forEach((value, i) => {
    const own = actual[i] ?? NaN;
    const difference = Object.is(own, value) ? 0 : Math.abs(own - value);
    if (!(difference <= allowed(value, i))) {
      first = count === 0 ? i : first;
      last = i;
      count += 1;
      notFinite += Number(!Number.isFinite(difference));
      maxAbsDiff = Number.isFinite(difference) ? Math.max(maxAbsDiff, difference) : maxAbsDiff;
    }
  });
  return count === 0
    ? undefined
    : { name, count, values: saved.length, first, last, maxAbsDiff, notFinite };
}

/** How far an element may be from the one that was saved, by what it is stored as. */
async function storageErrors(
  stored: StoredParameter,
  reader: TensorReader,
): Promise<(value: number, index: number) => number> {
  const { tensor, quantization } = stored;
  if (quantization !== undefined) {
    const errors = laidOut(await quantizationErrors(tensor, quantization, reader), stored);
    return (_, i) => errors[i] ?? 0;
  }
  switch (tensor.dtype) {
    case 'float16':
      return halfPrecisionError;
    case 'bfloat16':
      return (value) => Math.abs(value) * 2 ** -8;
    default:
      return () => 0;
  }
}

/**
 * Half the distance between neighbours of float16, which has 10 bits of fraction. Converters give values
 * that it hardly holds the smallest magnitude that they think useful, 1e-7.
 */
function halfPrecisionError(value: number): number {
  return Math.max(1e-7, 2 ** (Math.floor(Math.log2(Math.abs(value))) - 11));
}
