import { intAttribute, intsAttribute } from '../graph/attributes';
import {
  axesWithin,
  axisOf,
  dtypeAt,
  elementsAt,
  hasInput,
  numbersAt,
  shapeAt,
  type Call,
  type Rules,
} from './call';
import { fact, type InferredValue, type Shape } from './inferredValue';
import { multiply, type Size } from './size';

function reduced(
  shape: Shape | undefined,
  axes: readonly number[] | undefined,
  keeps: boolean,
): Shape | undefined {
  if (shape === undefined) {
    return undefined;
  }
  const gone = axes && axesWithin(axes, shape.length);
  if (gone === undefined) {
    return keeps ? shape.map(() => null) : undefined;
  }
  return keeps
    ? shape.map((size, axis) => (gone.has(axis) ? 1 : size))
    : shape.filter((_, axis) => !gone.has(axis));
}

/** `ReduceMean` and its kin. Without axes all are reduced, or none if the node says so. */
function reduce(call: Call): InferredValue {
  const shape = shapeAt(call, 0);
  const keeps = intAttribute(call.node, 'keepdims') !== 0;
  const given = intsAttribute(call.node, 'axes') ?? (hasInput(call, 1) ? numbersAt(call, 1) : []);
  if (given?.length === 0) {
    return intAttribute(call.node, 'noop_with_empty_axes') === 1
      ? fact(dtypeAt(call, 0), shape)
      : fact(dtypeAt(call, 0), keeps ? shape?.map(() => 1) : [], product(call));
  }
  return fact(dtypeAt(call, 0), reduced(shape, given, keeps));
}

/** The product of all elements, which counts those of another tensor. */
function product(call: Call): (Size | null)[] | undefined {
  const elements = elementsAt(call, 0);
  return call.node.opType === 'ReduceProd' && intAttribute(call.node, 'keepdims') === 0 && elements
    ? [elements.reduce<Size | null>(multiply, 1)]
    : undefined;
}

function argument(call: Call): InferredValue {
  const keeps = intAttribute(call.node, 'keepdims') !== 0;
  return fact('int64', reduced(shapeAt(call, 0), [intAttribute(call.node, 'axis') ?? 0], keeps));
}

/** The result, then mean and inverse deviation, whose normalised dimensions are 1. */
function layerNormalization(call: Call): InferredValue[] {
  const shape = shapeAt(call, 0);
  const axis = axisOf(intAttribute(call.node, 'axis') ?? -1, shape?.length ?? 0);
  const figures = fact(
    'float32',
    axis === undefined ? undefined : shape?.map((size, at) => (at < axis ? size : 1)),
  );
  return [fact(dtypeAt(call, 0), shape), figures, figures];
}

function batchNormalization(call: Call): InferredValue[] {
  const figures = fact(dtypeAt(call, 3), shapeAt(call, 3));
  return [fact(dtypeAt(call, 0), shapeAt(call, 0)), figures, figures];
}

const KIN = ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare'];

/** Reductions, and normalisations made of them. */
export const REDUCTIONS: Rules = {
  ...Object.fromEntries(KIN.map((name) => [`Reduce${name}`, reduce])),
  ArgMax: argument,
  ArgMin: argument,
  LayerNormalization: layerNormalization,
  SimplifiedLayerNormalization: layerNormalization,
  RMSNormalization: layerNormalization,
  BatchNormalization: batchNormalization,
};
