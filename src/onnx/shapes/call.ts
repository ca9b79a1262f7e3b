import { intsAttribute } from '../graph/attributes';
import type { DType, Node } from '../graph/model';
import type { ShapeConstants } from './constants';
import { isWhole, type InferredValue, type Shape } from './inferredValue';
import { SHAPE_LIMITS } from './limits';
import type { Size } from './size';

/** A node, and what is known of its inputs. */
export interface Call {
  node: Node;
  /** Version of the operator set that the node's domain has in the model. */
  opset: number;
  /** Undefined for an optional input that is left out. */
  inputs: readonly (InferredValue | undefined)[];
  /** Elements of the tensors in its attributes that are followed. */
  constants: ShapeConstants;
}

/** Tells what is known of a node's outputs, in their order. Missing ones are unknown. */
export type Rule = (call: Call) => InferredValue | InferredValue[];

/** Rules by the name of the operator. */
export type Rules = Readonly<Record<string, Rule>>;

export function dtypeAt({ inputs }: Call, index: number): DType | undefined {
  return inputs[index]?.dtype;
}

export function shapeAt({ inputs }: Call, index: number): Shape | undefined {
  return inputs[index]?.shape;
}

/** Elements of an input; undefined if they are not followed. */
export function elementsAt({ inputs }: Call, index: number): readonly (Size | null)[] | undefined {
  const input = inputs[index];
  return isWhole(input?.dtype) ? input?.elements : undefined;
}

/** Elements of an input that are all the same in every run. */
export function numbersAt(call: Call, index: number): number[] | undefined {
  const elements = elementsAt(call, index);
  const numbers = elements?.filter((element) => typeof element === 'number');
  return numbers?.length === elements?.length ? numbers : undefined;
}

export function hasInput({ inputs }: Call, index: number): boolean {
  return inputs[index] !== undefined;
}

/** Axes that are an attribute in older versions of an operator and an input in newer ones. */
export function axesOf(call: Call, input: number): readonly number[] | undefined {
  return intsAttribute(call.node, 'axes') ?? numbersAt(call, input);
}

/** An axis counted from the front; undefined if there is none such. */
export function axisOf(axis: number, rank: number): number | undefined {
  const counted = axis < 0 ? axis + rank : axis;
  return counted >= 0 && counted < rank ? counted : undefined;
}

/** Several axes counted from the front; undefined if there is none such, or one twice. */
export function axesWithin(axes: readonly number[], rank: number): Set<number> | undefined {
  const counted = new Set(axes.map((axis) => axisOf(axis, rank)));
  counted.delete(undefined);
  return counted.size === axes.length
    ? new Set([...counted].filter((axis) => axis !== undefined))
    : undefined;
}

/** A shape of as many dimensions as a list of sizes has elements. */
export function shapeOfElements(call: Call, index: number): Shape | undefined {
  const elements = elementsAt(call, index);
  if (elements !== undefined) {
    return elements.map((size) => (typeof size === 'number' && size < 0 ? null : size));
  }
  const rank = shapeAt(call, index)?.[0];
  return shapeAt(call, index)?.length === 1 && typeof rank === 'number' && rank <= SHAPE_LIMITS.rank
    ? new Array<null>(rank).fill(null)
    : undefined;
}
