import { intAttribute, intsAttribute, tensorAttribute } from '../graph/attributes';
import { dtypeOf } from '../graph/dtype';
import {
  axisOf,
  dtypeAt,
  elementsAt,
  hasInput,
  numbersAt,
  shapeAt,
  shapeOfElements,
  type Call,
  type Rules,
} from './call';
import { fact, type InferredValue, type Shape } from './inferredValue';
import { SHAPE_LIMITS } from './limits';
import {
  add,
  capped,
  divideDown,
  divideProducts,
  isAtLeast,
  sameSize,
  subtract,
  type Size,
} from './size';

/** From here on an end means "up to the end", as exporters write it. */
const FAR = 2 ** 31 - 1;

/** Dimensions of the data with those of the indices in the place of one. */
function gather(call: Call): InferredValue {
  const [data, indices] = [shapeAt(call, 0), shapeAt(call, 1)];
  const axis = axisOf(intAttribute(call.node, 'axis') ?? 0, data?.length ?? 0);
  if (data === undefined || indices === undefined || axis === undefined) {
    return fact(dtypeAt(call, 0), undefined);
  }
  const elements = elementsAt(call, 0);
  const picked = data.length === 1 && elements ? numbersAt(call, 1) : undefined;
  return fact(
    dtypeAt(call, 0),
    [...data.slice(0, axis), ...indices, ...data.slice(axis + 1)],
    picked?.map((index) => elements?.at(index) ?? null),
  );
}

/** Slices of the data, each found by the last dimension of the indices. */
function gatherND(call: Call): InferredValue {
  const [data, indices] = [shapeAt(call, 0), shapeAt(call, 1)];
  const depth = indices?.at(-1);
  const batch = intAttribute(call.node, 'batch_dims') ?? 0;
  return fact(
    dtypeAt(call, 0),
    data !== undefined && indices !== undefined && typeof depth === 'number'
      ? [...indices.slice(0, -1), ...data.slice(batch + depth)]
      : undefined,
  );
}

function slice(call: Call): InferredValue {
  const shape = shapeAt(call, 0);
  const starts = intsAttribute(call.node, 'starts') ?? elementsAt(call, 1);
  const ends = intsAttribute(call.node, 'ends') ?? elementsAt(call, 2);
  const steps = hasInput(call, 4) ? numbersAt(call, 4) : starts?.map(() => 1);
  const axes =
    intsAttribute(call.node, 'axes') ??
    (hasInput(call, 3) ? numbersAt(call, 3) : starts?.map((_, i) => i));
  if (shape === undefined || axes === undefined) {
    return fact(
      dtypeAt(call, 0),
      shape?.map(() => null),
    );
  }
  const sizes: (Size | null)[] = [...shape];
  let elements = axes.length === 1 && shape.length === 1 ? elementsAt(call, 0) : undefined;
  for (const [index, given] of axes.entries()) {
    const axis = axisOf(given, shape.length);
    if (axis === undefined) {
      return fact(dtypeAt(call, 0), undefined);
    }
    const [start, end, step] = [starts?.[index] ?? null, ends?.[index] ?? null, steps?.[index]];
    sizes[axis] = sliced(shape[axis] ?? null, start, end, step);
    elements =
      elements && typeof start === 'number' && typeof end === 'number' && step === 1
        ? elements.slice(start, end)
        : undefined;
  }
  return fact(dtypeAt(call, 0), sizes, elements);
}

/** How many of `size` elements lie between two bounds, which are cut to what there is. */
function sliced(
  size: Size | null,
  start: Size | null,
  end: Size | null,
  step: number | undefined,
): Size | null {
  if (step === undefined || size === null || start === null || end === null || step === 0) {
    return null;
  }
  if (typeof size === 'number' && typeof start === 'number' && typeof end === 'number') {
    const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
    const [from, to] = [start, end].map((bound) =>
      Math.min(Math.max(bound < 0 ? bound + size : bound, low), high),
    );
    return Math.max(0, Math.ceil(((to ?? 0) - (from ?? 0)) / step));
  }
  if (step < 0) {
    return step === -1 && start === -1 && typeof end === 'number' && end <= -FAR ? size : null;
  }
  const [from, to] = [bound(start, size), bound(end, size)];
  if (from === null || to === null || !isAtLeast(to, from)) {
    return differenceWithin(start, end, size, step);
  }
  const length = subtract(to, from);
  return step === 1 ? length : divideDown(add(length, step - 1), step);
}

/** A bound cut to 0 … size, where that can be told. */
function bound(given: Size, size: Size): Size | null {
  if (typeof given === 'number' && given >= FAR) {
    return size;
  }
  const counted = typeof given === 'number' && given < 0 ? add(size, given) : given;
  if (counted === null || !isAtLeast(counted, 0)) {
    return null;
  }
  if (isAtLeast(size, counted)) {
    return counted;
  }
  if (isAtLeast(counted, size)) {
    return size;
  }
  return typeof size === 'number' ? capped(size, counted) : null;
}

/** Both bounds cut to a fixed size, as a table of fixed length is cut to the rows that are needed. */
function differenceWithin(start: Size, end: Size, size: Size, step: number): Size | null {
  const isOrdered =
    typeof size === 'number' && step === 1 && isAtLeast(end, start) && typeof end !== 'number';
  if (!isOrdered || (typeof start === 'number' && start < 0)) {
    return null;
  }
  return subtract(capped(size, end), capped(size, start));
}

function split(call: Call): InferredValue[] {
  const shape = shapeAt(call, 0);
  const { length } = call.node.outputs;
  const axis = axisOf(intAttribute(call.node, 'axis') ?? 0, shape?.length ?? 0);
  if (shape === undefined || axis === undefined || length === 0) {
    return call.node.outputs.map(() => fact(dtypeAt(call, 0), undefined));
  }
  const given = intsAttribute(call.node, 'split') ?? elementsAt(call, 1);
  return call.node.outputs.map((_, index) => {
    const size =
      hasInput(call, 1) || given ? given?.[index] : part(shape[axis] ?? null, index, length);
    return fact(
      dtypeAt(call, 0),
      shape.map((whole, at) => (at === axis ? (size ?? null) : whole)),
    );
  });
}

/** One of `count` parts as equal as they can be: the last one may be smaller. */
function part(size: Size | null, index: number, count: number): Size | null {
  if (typeof size !== 'number') {
    return divideProducts([size], [count]);
  }
  const each = Math.ceil(size / count);
  return Math.max(0, Math.min(each, size - index * each));
}

function concat(call: Call): InferredValue {
  const { inputs } = call;
  const shapes = inputs.map((input) => input?.shape);
  const dtype = inputs.map((input) => input?.dtype).find(Boolean);
  const first = shapes.find((shape) => shape !== undefined);
  const axis = axisOf(intAttribute(call.node, 'axis') ?? 0, first?.length ?? 0);
  if (first === undefined || axis === undefined) {
    return fact(dtype, undefined);
  }
  const sizes = first.map((_, at) =>
    at === axis
      ? shapes.reduce<Size | null>((sum, shape) => add(sum, shape?.[axis] ?? null), 0)
      : agreed(shapes.map((shape) => shape?.[at] ?? null)),
  );
  const lists = inputs.map((_, index) => elementsAt(call, index));
  const total = lists.reduce((sum, list) => sum + (list?.length ?? 0), 0);
  const isShort = first.length === 1 && total <= SHAPE_LIMITS.elements;
  return fact(
    dtype,
    sizes,
    isShort && !lists.includes(undefined) ? lists.flatMap((list) => list ?? []) : undefined,
  );
}

/** A size that all inputs must have alike; a number among the names says most. */
function agreed(sizes: readonly (Size | null)[]): Size | null {
  const number = sizes.find((size) => typeof size === 'number');
  const known = sizes.filter((size) => size !== null);
  const [first = null] = known;
  return number ?? (known.every((size) => sameSize(size, first)) ? first : null);
}

function topK(call: Call): InferredValue[] {
  const shape = shapeAt(call, 0);
  const k = intAttribute(call.node, 'k') ?? elementsAt(call, 1)?.[0] ?? null;
  const axis = axisOf(intAttribute(call.node, 'axis') ?? -1, shape?.length ?? 0);
  const sizes = shape?.map((size, at) => (at === axis ? k : size));
  return [fact(dtypeAt(call, 0), sizes), fact('int64', sizes)];
}

function oneHot(call: Call): InferredValue {
  const indices = shapeAt(call, 0);
  const depth = elementsAt(call, 1)?.[0] ?? null;
  const axis = axisOf(intAttribute(call.node, 'axis') ?? -1, (indices?.length ?? 0) + 1);
  const shape: Shape | undefined =
    indices && axis !== undefined
      ? [...indices.slice(0, axis), depth, ...indices.slice(axis)]
      : undefined;
  return fact(dtypeAt(call, 2), shape);
}

function shapeOf(call: Call): InferredValue {
  const shape = shapeAt(call, 0);
  const [start, end] = [intAttribute(call.node, 'start') ?? 0, intAttribute(call.node, 'end')];
  const sizes = shape?.slice(start, end);
  return fact('int64', [sizes?.length ?? null], sizes);
}

function countOf(call: Call): InferredValue {
  const shape = shapeAt(call, 0);
  return fact('int64', [], [shape === undefined ? null : productAll(shape)]);
}

function productAll(shape: Shape): Size | null {
  return divideProducts(shape, []);
}

function constantOfShape(call: Call): InferredValue {
  const value = tensorAttribute(call.node, 'value');
  const shape = shapeOfElements(call, 0);
  const count = shape === undefined ? null : productAll(shape);
  const [element] = value === undefined ? [] : (call.constants.get(value) ?? []);
  return fact(
    value?.dtype ?? 'float32',
    shape,
    element !== undefined && typeof count === 'number' && count <= SHAPE_LIMITS.elements
      ? new Array<number>(count).fill(element)
      : undefined,
  );
}

/** As many elements as steps fit between start and limit. */
function range(call: Call): InferredValue {
  const [start = null, limit = null, delta = null] = [0, 1, 2].map(
    (index) => elementsAt(call, index)?.[0],
  );
  const dtype = dtypeAt(call, 0) ?? dtypeAt(call, 1);
  const span = subtract(limit, start);
  if (typeof span === 'number' && typeof delta === 'number' && delta !== 0) {
    return fact(dtype, [Math.max(0, Math.ceil(span / delta))]);
  }
  return fact(dtype, [delta === 1 && span !== null && isAtLeast(span, 0) ? span : null]);
}

function random(call: Call): InferredValue {
  return fact(dtypeOf(intAttribute(call.node, 'dtype') ?? 1), intsAttribute(call.node, 'shape'));
}

function like(call: Call): InferredValue {
  const dtype = intAttribute(call.node, 'dtype');
  return fact(dtype === undefined ? dtypeAt(call, 0) : dtypeOf(dtype), shapeAt(call, 0));
}

/** Operators that pick elements out, put tensors together, or make new ones. */
export const SELECTION: Rules = {
  Gather: gather,
  GatherElements: (call) => fact(dtypeAt(call, 0), shapeAt(call, 1)),
  GatherND: gatherND,
  Slice: slice,
  Split: split,
  Concat: concat,
  TopK: topK,
  OneHot: oneHot,
  Shape: shapeOf,
  Size: countOf,
  ConstantOfShape: constantOfShape,
  Range: range,
  NonZero: (call) => fact('int64', [shapeAt(call, 0)?.length ?? null, null]),
  RandomNormal: random,
  RandomUniform: random,
  RandomNormalLike: like,
  RandomUniformLike: like,
  Bernoulli: like,
  EyeLike: like,
};
