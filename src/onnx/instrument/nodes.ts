import type { GraphBuilder, NewAttribute } from '../graph/graphBuilder';

/** The version of ONNX's own operators since which these take their axes as an input. */
const AXES_AS_INPUT = { ReduceMax: 18, ReduceSum: 13 } as const;

/** The largest elements along an axis, or their sums; the axis is kept with one element, or dropped. */
export function reduced(
  to: GraphBuilder,
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
export function atLeast(to: GraphBuilder, value: string, least: number): string {
  return to.add('Clip', [value, to.number(least)]);
}

/**
 * Scalar products Σ aₖ bₖ, of [… heads, 1, elements] each, as [… heads, 1, 1]. ONNX Runtime makes one
 * product of both nodes, which reads the second operand as it lies; written as [… elements, 1] it
 * would take ten times as long.
 */
export function scalarProducts(to: GraphBuilder, a: string, b: string): string {
  const perm = { kind: 'ints', value: [0, 1, 3, 2] } as const;
  return to.add('MatMul', [a, to.add('Transpose', [b], { perm })]);
}
