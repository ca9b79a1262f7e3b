import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { attentionRollout } from '../../../src/trace/rollout';
import { weightedByValues } from '../../../src/trace/valueNorms';
import { root } from '../../support/root';

/** What `test/fixtures/trace/make.py` writes. */
interface Analyses {
  heads: number;
  tokens: number;
  /** By layer. */
  attention: number[][];
  rollout: number[][];
  values: { dims: number[]; data: number[] };
  output: { dims: number[]; data: number[] };
  weighted: number[];
}

const numpy = JSON.parse(
  readFileSync(path.join(root, 'test/fixtures/trace/analyses.json'), 'utf8'),
) as Analyses;

suite('trace: analyses, against numpy', () => {
  test('attention rollout after each layer', () => {
    const { attention, heads, tokens, rollout } = numpy;
    const layers = attention.map((layer) => Float32Array.from(layer));
    const found = attentionRollout(layers, heads, tokens);
    assert.equal(found.length, rollout.length);
    found.forEach((layer, index) => {
      close(layer, rollout[index] ?? []);
    });
  });

  test('attention weighted by the length of what each key brings', () => {
    const { attention, tokens, values, output, weighted } = numpy;
    const pattern = {
      dims: [tokens, tokens],
      data: Float32Array.from((attention[0] ?? []).slice(0, tokens * tokens)),
    };
    close(weightedByValues(pattern, tensor(values), tensor(output)), weighted);
  });
});

function tensor({ dims, data }: { dims: number[]; data: number[] }) {
  return { dims, data: Float32Array.from(data) };
}

function close(found: Float32Array, expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  found.forEach((value, index) => {
    assert.ok(Math.abs(value - (expected[index] ?? NaN)) <= 1e-6, `${index}: ${value}`);
  });
}
