import type { Shape } from './inferredValue';
import { areDifferent, sameSize, uncapped, type Size } from './size';

/**
 * The shape of what is computed element by element from tensors of these shapes (ONNX,
 * "Multidirectional Broadcasting"). Undefined if one is unknown.
 */
export function broadcast(shapes: readonly (Shape | undefined)[]): Shape | undefined {
  const known = shapes.filter((shape) => shape !== undefined);
  if (known.length < shapes.length) {
    return undefined;
  }
  return known.reduce<Shape>((one, other) => {
    const rank = Math.max(one.length, other.length);
    return Array.from({ length: rank }, (_, axis) =>
      common(at(one, axis - rank + one.length), at(other, axis - rank + other.length)),
    );
  }, []);
}

/** A dimension; 1 where a shape has to be filled up in front. */
function at(shape: Shape, axis: number): Size | null {
  return axis < 0 ? 1 : (shape[axis] ?? null);
}

/**
 * The size that two sizes have in common if one of them is 1 or both are equal. A file whose sizes
 * are neither cannot be run, so that need not be thought of.
 */
function common(a: Size | null, b: Size | null): Size | null {
  if (a === 1 || sameSize(a, b)) {
    return b;
  }
  if (b === 1) {
    return a;
  }
  if (isNotOne(a)) {
    return a;
  }
  if (isNotOne(b)) {
    return b;
  }
  if (a === null || b === null) {
    return null;
  }
  if (sameSize(uncapped(a), b)) {
    return b;
  }
  return sameSize(a, uncapped(b)) ? a : null;
}

function isNotOne(size: Size | null): boolean {
  return size !== null && areDifferent(size, 1);
}
