import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../root';

/** Where make.py leaves the small tokenizers and what is expected of them. */
export const fixtures = path.join(root, 'test/fixtures/tokenizer');

/** Parses a JSON file, whose shape its maker vouches for. */
export function readJson(...parts: string[]): unknown {
  return JSON.parse(readFileSync(path.join(...parts), 'utf8'));
}

/** The table of a `Precompiled` normalizer, which variants name by its file. */
export const table = readFileSync(path.join(fixtures, 'precompiled.txt'), 'utf8').trim();

/** A small tokenizer.json with some of its entries changed, as make.py does it. */
export function variantOf(tokenizer: string, changes: Record<string, unknown>): unknown {
  const json = readJson(fixtures, `${tokenizer}.tokenizer.json`) as { model: object };
  const model: Record<string, unknown> = { ...json.model, ...(changes['model'] ?? {}) };
  if (model['type'] === 'Unigram' && model['byte_fallback'] === true) {
    model['vocab'] = [...(model['vocab'] as unknown[]), ...piecesOfBytes];
  }
  const whole = JSON.stringify({ ...json, ...changes, model });
  return JSON.parse(whole.replaceAll('precompiled.txt', table));
}

const piecesOfBytes = Array.from({ length: 256 }, (_, byte) => [
  `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  -20,
]);
