import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { applyActivation, erf } from '../../../src/reference/activations';
import type { Activation } from '../../../src/reference/activations';
import { relativeBucket } from '../../../src/reference/positions/relative';
import { rotaryFrequencies, applyRotary } from '../../../src/reference/positions/rotary';
import type { RotaryScaling } from '../../../src/reference/positions/rotary';
import { sinusoidalPositions } from '../../../src/reference/positions/sinusoidal';
import { softmax } from '../../../src/reference/attention';
import { fixture, json, relativeError } from '../../support/reference/families';

interface Formulas {
  x: number[];
  activations: Record<Activation | 'erf', number[]>;
  buckets: {
    buckets: number;
    maximumDistance: number;
    causal: boolean;
    first: number;
    expected: number[];
  }[];
  frequencies: Record<'llama3' | 'linear', number[]>;
}

const formulas = json(fixture('formulas.json')) as Formulas;

suite('reference Transformer, its formulas', () => {
  test('activations are those of torch', () => {
    const { x, activations } = formulas;
    for (const activation of ['relu', 'gelu', 'gelu_tanh', 'silu', 'tanh'] as const) {
      const { data } = applyActivation(
        { dims: [x.length], data: Float32Array.from(x) },
        activation,
      );
      data.forEach((y, i) => {
        const expected = activations[activation][i] ?? NaN;
        assert.ok(Math.abs(y - expected) <= 1e-7 * Math.max(1, Math.abs(expected)), activation);
      });
    }
    x.forEach((value, i) => {
      assert.ok(Math.abs(erf(value) - (activations.erf[i] ?? NaN)) < 1e-14, `erf(${value})`);
    });
  });

  test('buckets of relative positions are those of transformers', () => {
    for (const { causal, first, expected, ...shape } of formulas.buckets) {
      assert.deepEqual(
        expected.map((_, i) => relativeBucket(first + i, shape, causal)),
        expected,
      );
    }
  });

  test('frequencies of stretched rotary positions are those of transformers', () => {
    const llama3: RotaryScaling = {
      kind: 'llama3',
      factor: 4,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalContext: 32,
    };
    for (const [shape, expected] of [
      [{ theta: 100, scaling: llama3 }, formulas.frequencies.llama3],
      [{ theta: 500, scaling: { kind: 'linear', factor: 3 } }, formulas.frequencies.linear],
    ] as const) {
      assert.ok(relativeError(rotaryFrequencies(8, shape), expected) < 1e-6);
    }
  });

  test('rotated queries and keys tell the distance between them, not where they are', () => {
    const vector = [0.3, -0.7, 1.1, 0.2];
    const same = {
      dims: [1, 6, 1, 4],
      data: Float32Array.from({ length: 24 }, (_, i) => vector[i % 4] ?? 0),
    };
    const { data } = applyRotary(same, { theta: 10_000 });
    const product = (a: number, b: number): number =>
      vector.reduce((sum, _, i) => sum + (data[4 * a + i] ?? NaN) * (data[4 * b + i] ?? NaN), 0);
    for (let distance = 1; distance < 5; distance++) {
      assert.ok(Math.abs(product(0, distance) - product(5 - distance, 5)) < 1e-6);
      assert.ok(Math.abs(product(0, distance) - product(0, 0)) > 1e-3);
    }
  });

  test('sinusoids: all three forms of a width and its positions', () => {
    const [sin, cos] = [Math.sin, Math.cos];
    const row = (form: 'interleaved' | 'halves' | 'tensor2tensor'): number[] => [
      ...sinusoidalPositions([3], 4, form).data,
    ];
    const close = (actual: number[], expected: number[]): void =>
      assert.ok(relativeError(actual, expected) < 1e-6, String(actual));
    close(row('interleaved'), [sin(3), cos(3), sin(0.03), cos(0.03)]);
    close(row('halves'), [sin(3), sin(0.03), cos(3), cos(0.03)]);
    close(row('tensor2tensor'), [sin(3), sin(0.0003), cos(3), cos(0.0003)]);
  });

  test('softmax of scores that would overflow', () => {
    const { data } = softmax({
      dims: [2, 3],
      data: Float32Array.of(1000, 1000, -1000, 3e38, 0, 0),
    });
    assert.deepEqual([...data], [0.5, 0.5, 0, 1, 0, 0]);
  });
});
