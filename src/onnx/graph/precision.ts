import type { DType, OnnxModel } from './model';
import { graphsOf } from './walk';

/** Elements that floating-point weights are rounded to, to take less space. */
const ROUNDED: ReadonlySet<DType> = new Set([
  ...(['float16', 'bfloat16', 'float8e4m3fn', 'float8e4m3fnuz', 'float8e5m2'] as const),
  ...(['float8e5m2fnuz', 'float8e8m0', 'float4e2m1'] as const),
  ...(['uint8', 'int8', 'uint4', 'int4', 'uint2', 'int2'] as const),
]);

/** Whether no weight of a model is rounded to less than float32. */
export function isFullPrecision({ graph }: OnnxModel): boolean {
  return graphsOf(graph).every(({ initializers }) =>
    initializers.every(({ dtype }) => !ROUNDED.has(dtype)),
  );
}
