import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../root';
import type { TensorWindow } from '../../../src/shared/tensorListing';

/** Where `make.py` leaves the files. */
export function fixture(name: string): string {
  return path.join(root, 'test/fixtures/tensors', name);
}

/** What NumPy says of a tensor; numbers that JSON has not are texts. */
export interface ExpectedStatistics {
  elements: number;
  nan: number;
  infinite: number;
  zeros: number;
  finite?: Record<
    'minimum' | 'maximum' | 'mean' | 'standardDeviation' | 'norm' | 'low' | 'high',
    number | string
  > & {
    largest: { index: number[]; value: number };
    counts: string;
  };
}

/** What NumPy says of the fixtures, whose shape their maker vouches for. */
export const expected = JSON.parse(readFileSync(fixture('expected.json'), 'utf8')) as {
  statistics: Record<string, ExpectedStatistics>;
  texts: Record<string, string>;
  /** As base64. */
  files: Record<string, string>;
  tiles: {
    name: string;
    window: TensorWindow;
    rows: number;
    columns: number;
    values: (string | null)[];
  }[];
  blocks: Record<string, { dims: number[]; statistics: ExpectedStatistics; file: string }>;
  packed: Record<string, ExpectedStatistics>;
  formula: Record<'float32' | 'float16', ExpectedStatistics>;
};
