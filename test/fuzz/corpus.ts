import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../support/root';

/** Larger files have the same parts, and take longer. */
const LARGEST_BYTES = 256 * 2 ** 10;

/** A sound ONNX file. */
export interface Specimen {
  /** Path below test/fixtures. */
  name: string;
  bytes: Uint8Array;
}

/** The ONNX files among the fixtures, sorted by name. */
export function specimens(): Specimen[] {
  const folder = path.join(root, 'test/fixtures');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.onnx'))
    .map((name) => name.replaceAll('\\', '/'))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(path.join(folder, name)) }))
    .filter(({ bytes }) => bytes.length <= LARGEST_BYTES);
}
