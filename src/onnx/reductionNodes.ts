import type { GraphAddition } from './graphAddition';
import type { NewAttribute } from './protoWriter';

/** The number of float32 in `TensorProto.DataType`, for `Cast`. */
const FLOAT32 = 1;

/** The version of ONNX's own operators since which `ReduceMax` takes its axes as an input. */
const AXES_AS_INPUT = 18;

/** A value as float32. Where it is that already, ONNX Runtime drops the node. */
export function castToFloat(to: GraphAddition, value: string): string {
  return to.add('Cast', [value], { to: { kind: 'int', value: FLOAT32 } });
}

/** The largest elements along some axes. */
export function largest(
  to: GraphAddition,
  value: string,
  axes: readonly number[],
  keepAxes: boolean,
  opset: number,
): string {
  const keepdims: NewAttribute = { kind: 'int', value: keepAxes ? 1 : 0 };
  return opset < AXES_AS_INPUT
    ? to.add('ReduceMax', [value], { axes: { kind: 'ints', value: axes }, keepdims })
    : to.add('ReduceMax', [value, to.integers(axes)], { keepdims });
}

/**
 * Row by row products: Σ aₖ bₖ, of [… rows, 1, keys] each, as [… rows, 1, 1]. ONNX Runtime makes
 * one product of both nodes, which reads the second operand as it lies; written as [… keys, 1] it
 * would take ten times as long.
 *
 * @param rank how many dimensions b has.
 */
export function rowProducts(to: GraphAddition, a: string, b: string, rank: number): string {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const perm = [...axes.slice(0, -2), rank - 1, rank - 2];
  return to.add('MatMul', [a, to.add('Transpose', [b], { perm: { kind: 'ints', value: perm } })]);
}
