import { json } from './fixtures';

/** A model that no exporter would write, and how others read it; see `wire.py`. */
export interface WireCase {
  name: string;
  model: Uint8Array;
  /** Where ONNX Runtime finds the elements of its tensor. */
  runtime: 'inline' | 'external' | 'refused';
  /** What the `onnx` package reads of the first initializer; null where it refuses the file. */
  first?: { external: boolean; type: number; dims: number[]; name: string } | null;
}

export function wireCases(): WireCase[] {
  const cases = json('wire.json') as (Omit<WireCase, 'model'> & { model: string })[];
  return cases.map(({ model, ...rest }) => ({ ...rest, model: Buffer.from(model, 'base64') }));
}
