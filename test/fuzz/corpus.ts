import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../support/root';

/** Larger files have the same parts, and take longer. */
const LARGEST_BYTES = 256 * 2 ** 10;

/** What kinds of files a model is read from, by the ends of their names. */
const FORMATS = [
  { format: 'onnx', end: '.onnx' },
  { format: 'safetensors', end: '.safetensors' },
  { format: 'index', end: '.safetensors.index.json' },
  { format: 'tokenizer', end: 'tokenizer.json' },
  { format: 'configuration', end: 'config.json' },
] as const;

/** `index` tells which of several safetensors files a tensor is in. */
export type Format = (typeof FORMATS)[number]['format'];

/** A sound file. */
export interface Specimen {
  /** Path below test/fixtures. */
  name: string;
  format: Format;
  bytes: Uint8Array;
}

/** The files among the fixtures that models are read from, sorted by name. */
export function specimens(): Specimen[] {
  const folder = path.join(root, 'test/fixtures');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .sort()
    .flatMap((name) => {
      const { format } = FORMATS.find(({ end }) => name.endsWith(end)) ?? {};
      return format === undefined
        ? []
        : [{ name, format, bytes: readFileSync(path.join(folder, name)) }];
    })
    .filter(({ bytes }) => bytes.length <= LARGEST_BYTES);
}
