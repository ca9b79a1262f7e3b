import { intAttribute, intsAttribute } from '../graph/attributes';
import {
  axesOf,
  axesWithin,
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
import { broadcast } from './broadcast';
import { fact, type InferredValue, type Shape } from './inferredValue';
import { SHAPE_LIMITS } from './limits';
import { add, divideProducts, multiply, productOf, type Size } from './size';

/** The same elements in another shape. */
function reshaped(call: Call, shape: Shape | undefined): InferredValue {
  const elements = elementsAt(call, 0);
  const isKnown = shape?.every((size) => typeof size === 'number') === true;
  return fact(dtypeAt(call, 0), shape, isKnown ? elements : undefined);
}

/** 0 keeps a dimension, unless `allowzero` is set; −1 is what is left of the elements. */
function reshape(call: Call): InferredValue {
  const wanted = intsAttribute(call.node, 'shape') ?? elementsAt(call, 1);
  const from = shapeAt(call, 0);
  if (wanted === undefined) {
    return reshaped(call, shapeOfElements(call, 1));
  }
  const keepsZero = intAttribute(call.node, 'allowzero') === 1;
  const sizes = wanted.map((size, axis) =>
    size === 0 && !keepsZero ? (from?.[axis] ?? null) : size,
  );
  const rest = sizes.indexOf(-1);
  if (rest < 0) {
    return reshaped(call, withOneFilled(sizes, from));
  }
  const others = sizes.filter((_, axis) => axis !== rest);
  return reshaped(
    call,
    sizes.map((size, axis) =>
      axis !== rest ? nonNegative(size) : from === undefined ? null : divideProducts(from, others),
    ),
  );
}

/** One size that is unknown follows from the number of elements. */
function withOneFilled(sizes: Shape, from: Shape | undefined): Shape {
  const unknown = sizes.flatMap((size, axis) => (size === null ? [axis] : []));
  const [only] = unknown;
  if (only === undefined || unknown.length > 1 || from === undefined) {
    return sizes.map(nonNegative);
  }
  const others = sizes.filter((_, axis) => axis !== only);
  // A size of 0 beside it would leave any number possible, so none may be able to be 0.
  const filled = others.every((size) => typeof size === 'number' && size > 0)
    ? divideProducts(from, others)
    : null;
  return sizes.map((size, axis) => (axis === only ? filled : nonNegative(size)));
}

function nonNegative(size: Size | null): Size | null {
  return typeof size === 'number' && size < 0 ? null : size;
}

function transpose(call: Call): InferredValue {
  const shape = shapeAt(call, 0);
  const order = intsAttribute(call.node, 'perm') ?? shape?.map((_, axis) => axis).reverse();
  const permuted =
    shape !== undefined && order?.length === shape.length
      ? order.map((axis) => shape[axis] ?? null)
      : undefined;
  return fact(dtypeAt(call, 0), permuted, shape?.length === 1 ? elementsAt(call, 0) : undefined);
}

/** Two dimensions: the product of those before the axis, and of the others. */
function flatten(call: Call): InferredValue {
  const shape = shapeAt(call, 0);
  const given = intAttribute(call.node, 'axis') ?? 1;
  const axis = shape === undefined || given >= 0 ? given : given + shape.length;
  return fact(
    dtypeAt(call, 0),
    shape && [productOf(shape.slice(0, axis)), productOf(shape.slice(axis))],
  );
}

function unsqueeze(call: Call): InferredValue {
  const shape = shapeAt(call, 0);
  const axes = axesOf(call, 1);
  if (shape === undefined || axes === undefined) {
    return fact(dtypeAt(call, 0), undefined);
  }
  const rank = shape.length + axes.length;
  const added = rank > SHAPE_LIMITS.rank ? undefined : axesWithin(axes, rank);
  const old = [...shape];
  return reshaped(
    call,
    added &&
      Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (old.shift() ?? null))),
  );
}

function squeeze(call: Call): InferredValue {
  const shape = shapeAt(call, 0);
  const axes = axesOf(call, 1);
  if (shape === undefined || (axes === undefined && hasInput(call, 1))) {
    return fact(dtypeAt(call, 0), undefined);
  }
  if (axes === undefined) {
    // Which ones go is only certain where every size is a number.
    const isKnown = shape.every((size) => typeof size === 'number');
    return reshaped(call, isKnown ? shape.filter((size) => size !== 1) : undefined);
  }
  const gone = axesWithin(axes, shape.length);
  return reshaped(call, gone && shape.filter((_, axis) => !gone.has(axis)));
}

/** Broadcasting to a shape that is computed. */
function expand(call: Call): InferredValue {
  const shape = broadcast([shapeAt(call, 0), shapeOfElements(call, 1)]);
  const [element, ...more] = elementsAt(call, 0) ?? [];
  const count = shape === undefined ? null : productOf(shape);
  const isOne = element !== undefined && more.length === 0;
  return fact(
    dtypeAt(call, 0),
    shape,
    isOne && typeof count === 'number' && count <= SHAPE_LIMITS.elements
      ? new Array<Size | null>(count).fill(element)
      : undefined,
  );
}

function tile(call: Call): InferredValue {
  const repeats = elementsAt(call, 1);
  const shape = shapeAt(call, 0);
  return fact(
    dtypeAt(call, 0),
    shape?.map((size, axis) => multiply(size, repeats?.[axis] ?? null)),
  );
}

/** Sizes before and after each axis, in this order: all before, then all after. */
function pad(call: Call): InferredValue {
  const pads = intsAttribute(call.node, 'pads') ?? elementsAt(call, 1);
  const shape = shapeAt(call, 0);
  const axes = hasInput(call, 3) ? numbersAt(call, 3) : shape?.map((_, axis) => axis);
  if (shape === undefined || axes === undefined || pads?.length !== 2 * axes.length) {
    return fact(
      dtypeAt(call, 0),
      shape?.map(() => null),
    );
  }
  const sizes: (Size | null)[] = [...shape];
  for (const [index, given] of axes.entries()) {
    const axis = axisOf(given, shape.length);
    if (axis !== undefined) {
      const more = [pads[index] ?? null, pads[index + axes.length] ?? null];
      sizes[axis] = [shape[axis] ?? null, ...more].reduce<Size | null>(add, 0);
    }
  }
  return fact(dtypeAt(call, 0), sizes);
}

/** Operators that lay elements out anew. */
export const LAYOUT: Rules = {
  Reshape: reshape,
  Transpose: transpose,
  Flatten: flatten,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Expand: expand,
  Tile: tile,
  Pad: pad,
};
