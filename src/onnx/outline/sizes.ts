import type { DtypeOutline, SizeOutline } from '../../shared/modelOutline';
import type { OnnxModel } from '../graph/model';
import { takesHalf } from './compatibility';
import type { Weight } from './weightUses';

/** What a model takes up. @param fileBytes size of the model file. */
export function sizesOf(
  model: OnnxModel,
  weights: readonly Weight[],
  fileBytes: number,
): SizeOutline {
  let external = 0;
  let memory = 0;
  for (const weight of weights) {
    if (weight.tensor.data.kind === 'external') {
      external += weight.bytes;
    }
    memory += isWidened(weight, model) ? 2 * weight.bytes : weight.bytes;
  }
  return { file: fileBytes, external, memory };
}

/** Parameters by the type of their elements, the largest part first. */
export function dtypesOf(weights: readonly Weight[]): DtypeOutline[] {
  const rows = new Map<string, DtypeOutline>();
  for (const { dtype, parameters, bytes } of weights) {
    const row = rows.get(dtype) ?? { dtype, parameters: 0, bytes: 0, tensors: 0 };
    row.parameters += parameters;
    row.bytes += bytes;
    row.tensors += 1;
    rows.set(dtype, row);
  }
  return bySize(rows);
}

/** The rows of several files as one table. */
export function mergeDtypes(tables: readonly (readonly DtypeOutline[])[]): DtypeOutline[] {
  const rows = new Map<string, DtypeOutline>();
  for (const { dtype, parameters, bytes, tensors } of tables.flat()) {
    const row = rows.get(dtype) ?? { dtype, parameters: 0, bytes: 0, tensors: 0 };
    rows.set(dtype, {
      dtype,
      parameters: row.parameters + parameters,
      bytes: row.bytes + bytes,
      tensors: row.tensors + tensors,
    });
  }
  return bySize(rows);
}

/** A table less some rows of single tensors. */
export function dtypesWithout(
  table: readonly DtypeOutline[],
  less: readonly DtypeOutline[],
): DtypeOutline[] {
  const rows = new Map(table.map((row) => [row.dtype, { ...row }]));
  for (const { dtype, parameters, bytes, tensors } of less) {
    const row = rows.get(dtype);
    if (row !== undefined) {
      row.parameters -= parameters;
      row.bytes -= bytes;
      row.tensors -= tensors;
    }
  }
  return bySize(new Map([...rows].filter(([, { tensors }]) => tensors > 0)));
}

function bySize(rows: ReadonlyMap<string, DtypeOutline>): DtypeOutline[] {
  return [...rows.values()].sort((a, b) => b.bytes - a.bytes || (a.dtype < b.dtype ? -1 : 1));
}

/**
 * Whether the runtime keeps a weight of half precision in single precision, since it has no code for
 * what uses it, or the graph casts it so: ONNX Runtime computes that once, when the model is opened.
 */
function isWidened({ dtype, uses }: Weight, { opsets }: OnnxModel): boolean {
  return (
    dtype === 'float16' &&
    uses.some(
      ({ node, input, through }) =>
        through.some(({ opType }) => opType === 'Cast') ||
        !takesHalf(node, input, opsets.get(node.domain)),
    )
  );
}
