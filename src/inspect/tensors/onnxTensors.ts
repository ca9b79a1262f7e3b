import { rawBytes } from '../../onnx/graph/dtype';
import { elementCount } from '../../onnx/graph/elementCount';
import type { OnnxModel, TensorRef } from '../../onnx/graph/model';
import { graphsOf } from '../../onnx/graph/walk';
import type { StoredWeights } from '../../onnx/outline/storedWeights';
import { placeOf, type Weight } from '../../onnx/outline/weightUses';
import type { StoredTensor, TensorQuantization } from '../../shared/tensorListing';
import { matchNames } from '../../weights/matchNames';
import {
  storedDims,
  type BoundParameter,
  type BoundWeights,
  type Quantization,
  type StoredParameter,
} from '../../weights/parameters';
import { withOccurrences, type ListedTensor } from './listedTensor';

/** What is known of an ONNX file whose tensors are listed. */
export interface ListedGraph {
  file: string;
  onnx: OnnxModel;
  weights: StoredWeights;
  bound: BoundWeights;
  /** Tensors that repeat another one, with that: only their elements tell. */
  copies: ReadonlyMap<TensorRef, { file: string; name: string }>;
  /** Shapes of the parameters that were saved beside the file, by name. */
  saved?: ReadonlyMap<string, readonly number[]>;
  /** Which half of an encoder–decoder model it is. */
  part?: 'encoder' | 'decoder';
}

/**
 * The initializers of an ONNX file, those of inner graphs among them, in the order of the file. Parameters
 * have the names under which they were saved, where that is known, else those that their uses tell.
 */
export function onnxTensors(graph: ListedGraph): ListedTensor[] {
  const { file, onnx, weights, copies } = graph;
  const uses = usesOf(graph);
  const byTensor = new Map(weights.weights.map((weight) => [weight.tensor, weight]));
  const byPlace = new Map(weights.weights.map((weight) => [placeOf(weight.tensor), weight]));
  const tensors = graphsOf(onnx.graph).flatMap(({ initializers, sparseInitializers }) => [
    ...initializers,
    ...sparseInitializers.map(({ values }) => values),
  ]);
  const listed = tensors
    .filter(({ name }) => name !== '')
    .map((tensor): ListedTensor => {
      const place = placeOf(tensor);
      const weight = byTensor.get(tensor) ?? (place === undefined ? undefined : byPlace.get(place));
      const shared = weight === undefined || weight.tensor === tensor ? undefined : weight.tensor;
      const { names = [], stored } = uses.get(tensor) ?? {};
      const { quantization } = stored ?? {};
      const constant = weight === undefined ? undefined : weights.constants.get(weight);
      const inFile = storedDims({ tensor, transposed: false, ...withQuantization(quantization) });
      const isTransposed = stored?.transposed ?? false;
      const copyOf = copyOfTensor(file, shared, copies.get(tensor));
      const about: StoredTensor = {
        file,
        name: tensor.name,
        parameters: names,
        isTransposed,
        dims: isTransposed && inFile.length === 2 ? inFile.toReversed() : [...inFile],
        dtype: dtypeOf(tensor, weight, quantization),
        elements: elementCount(inFile),
        bytes: shared === undefined ? (weight?.bytes ?? 0) : 0,
        place: placeIn(tensor),
        ...(constant === undefined ? {} : { constant }),
        ...(copyOf === undefined ? {} : { copyOf }),
        ...(quantization === undefined
          ? {}
          : { quantization: describeQuantization(tensor, quantization) }),
      };
      const values = { kind: 'elements' as const, tensor, ...withQuantization(quantization) };
      return { about, values };
    });
  return withOccurrences(listed);
}

/** What a tensor is to the model. */
interface TensorUse {
  names: string[];
  stored: StoredParameter;
}

function usesOf(graph: ListedGraph): ReadonlyMap<TensorRef, TensorUse> {
  const { bound } = graph;
  const nameOf = namesOf(graph);
  const uses = new Map<TensorRef, TensorUse>();
  // The name that a tensor carries comes before those of its uses.
  const carried = [...bound.parameters.values()].filter(({ from }) => from === 'name');
  for (const parameter of new Set([...carried, ...bound.parameters.values()])) {
    for (const stored of [parameter, ...parameter.copies]) {
      const known = uses.get(stored.tensor);
      const all = new Set([...(known?.names ?? []), ...nameOf(parameter)]);
      uses.set(stored.tensor, { names: [...all], stored: known?.stored ?? stored });
    }
  }
  for (const stored of bound.unbound) {
    uses.set(stored.tensor, { names: [], stored });
  }
  return uses;
}

/**
 * How the parameters of a graph are called: as they were saved, where they were; else as the file tells, with
 * the half of the model in front if all names leave it out.
 */
function namesOf({ bound, saved, part }: ListedGraph): (parameter: BoundParameter) => string[] {
  const savedNames = new Map<BoundParameter, string[]>();
  const matches = saved === undefined ? [] : matchNames(bound, saved, part).matches;
  for (const [name, { parameter }] of matches) {
    savedNames.set(parameter, [...(savedNames.get(parameter) ?? []), name]);
  }
  const isTold =
    part === undefined ||
    [...bound.parameters.keys()].some((name) => name.split('.').includes(part));
  return (parameter) =>
    savedNames.get(parameter) ?? [isTold ? parameter.name : `${part}.${parameter.name}`];
}

function withQuantization(quantization: Quantization | undefined): {
  quantization?: Quantization;
} {
  return quantization === undefined ? {} : { quantization };
}

function dtypeOf(
  { dtype }: TensorRef,
  weight: Weight | undefined,
  quantization: Quantization | undefined,
): string {
  switch (quantization?.kind) {
    case 'codes':
      return quantization.table;
    case 'packed':
      return weight?.dtype ?? dtype;
    default:
      return dtype;
  }
}

function describeQuantization(
  { dtype }: TensorRef,
  quantization: Quantization,
): TensorQuantization {
  const { kind, scale, zeroPoint, blockSize } = quantization;
  const bits =
    kind === 'linear' ? (rawBytes(dtype, 8) ?? 0) : kind === 'packed' ? quantization.bits : 4;
  return {
    bits,
    ...(scale.name === '' ? {} : { scale: scale.name }),
    ...(zeroPoint === undefined || zeroPoint.name === '' ? {} : { zeroPoint: zeroPoint.name }),
    ...(blockSize === undefined ? {} : { blockSize }),
  };
}

function copyOfTensor(
  file: string,
  shared: TensorRef | undefined,
  equal: { file: string; name: string } | undefined,
): StoredTensor['copyOf'] {
  if (shared !== undefined) {
    return { file, name: shared.name, sharesBytes: true };
  }
  return equal && { ...equal, sharesBytes: false };
}

function placeIn({ data }: TensorRef): StoredTensor['place'] {
  return data.kind === 'external'
    ? { kind: 'external', location: data.location, offset: data.offset }
    : { kind: 'inside' };
}
