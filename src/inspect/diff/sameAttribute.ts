import type { Attribute, TensorRef } from '../../onnx/graph/model';
import { haveSameDims } from './tensorPairs';

/** The tensors of two attributes that have to hold the same numbers for the attributes to be the same. */
export function tensorsToCompare(a: Attribute, b: Attribute): [TensorRef, TensorRef][] {
  const [one, other] = [tensorsIn(a), tensorsIn(b)];
  return one.flatMap((tensor, index): [TensorRef, TensorRef][] => {
    const counterpart = other[index];
    return counterpart === undefined ? [] : [[tensor, counterpart]];
  });
}

/**
 * Whether two attributes are the same, but for the graphs in them, whose nodes are compared themselves.
 * @param areEqual whether two tensors hold the same elements.
 */
export function sameAttribute(
  a: Attribute,
  b: Attribute,
  areEqual: (a: TensorRef, b: TensorRef) => boolean,
): boolean {
  if (a.kind !== b.kind) {
    return false;
  }
  if ('value' in a && 'value' in b && isPlain(a.kind)) {
    return JSON.stringify(a.value) === JSON.stringify(b.value);
  }
  const [one, other] = [tensorsIn(a), tensorsIn(b)];
  return (
    one.length === other.length &&
    one.every((tensor, index) => {
      const counterpart = other[index];
      return (
        counterpart !== undefined &&
        tensor.dtype === counterpart.dtype &&
        haveSameDims(tensor.dims, counterpart.dims) &&
        areEqual(tensor, counterpart)
      );
    })
  );
}

/** Kinds of attributes whose value is a number or text, or a list of such. */
function isPlain(kind: Attribute['kind']): boolean {
  return ['float', 'int', 'string', 'floats', 'ints', 'strings'].includes(kind);
}

function tensorsIn(attribute: Attribute): TensorRef[] {
  switch (attribute.kind) {
    case 'tensor':
      return [attribute.value];
    case 'tensors':
      return attribute.value;
    case 'sparse':
      return [attribute.value.values, attribute.value.indices];
    case 'sparses':
      return attribute.value.flatMap(({ values, indices }) => [values, indices]);
    default:
      return [];
  }
}
