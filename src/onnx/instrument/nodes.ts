import type { GraphAddition, NewAttribute } from '../graph/graphBuilder';

/** The number of float32 in `TensorProto.DataType`, for `Cast`. */
const FLOAT32 = 1;

/** The version of ONNX's own operators since which these take their axes as an input. */
const AXES_AS_INPUT = { ReduceMax: 18, ReduceSum: 13 } as const;

/** A value as float32. Where it is that already, ONNX Runtime drops the node. */
export function castToFloat(to: GraphAddition, value: string): string {
  return to.add('Cast', [value], { to: { kind: 'int', value: FLOAT32 } });
}

/** The largest elements along an axis, or their sums; the axis is kept with one element, or dropped. */
export function reduced(
  to: GraphAddition,
  by: 'ReduceMax' | 'ReduceSum',
  value: string,
  axis: number,
  opset: number,
  then: 'keep' | 'drop' = 'keep',
): string {
  const keepdims: NewAttribute = { kind: 'int', value: then === 'keep' ? 1 : 0 };
  return opset < AXES_AS_INPUT[by]
    ? to.add(by, [value], { axes: { kind: 'ints', value: [axis] }, keepdims })
    : to.add(by, [value, to.integers([axis])], { keepdims });
}

/** Elements that are at least a number. `Max` would keep one core busy only. */
export function atLeast(to: GraphAddition, value: string, least: number): string {
  return to.add('Clip', [value, to.number(least)]);
}

/**
 * Scalar products Σ aₖ bₖ, of [… heads, 1, elements] each, as [… heads, 1, 1]. ONNX Runtime makes one
 * product of both nodes, which reads the second operand as it lies; written as [… elements, 1] it
 * would take ten times as long.
 */
export function scalarProducts(to: GraphAddition, a: string, b: string): string {
  const perm = { kind: 'ints', value: [0, 1, 3, 2] } as const;
  return to.add('MatMul', [a, to.add('Transpose', [b], { perm })]);
}
