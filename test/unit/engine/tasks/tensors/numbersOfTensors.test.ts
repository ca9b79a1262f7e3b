import { suite, suiteSetup, test } from 'mocha';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TensorStatistics } from '../../../../../src/shared/tensorListing';
import { rejection } from '../../../../support/failures';
import { root } from '../../../../support/root';
import { temporaryFolder } from '../../../../support/temporary';
import { context, ListedPath } from '../../../../support/tensors/call';
import { expected, fixture, type ExpectedStatistics } from '../../../../support/tensors/expected';
import { safetensorsFile } from '../../../../support/tensors/safetensorsFile';

suite('engine/tasks/tensors: statistics', () => {
  let tensors: ListedPath;
  suiteSetup(async () => {
    tensors = await ListedPath.open(fixture('tensors.onnx'));
  });

  for (const [name, wanted] of Object.entries(expected.statistics)) {
    test(`${name}: as NumPy computes them`, async () => {
      assertStatistics(await statistics(tensors, name), wanted);
    });
  }

  test('elements that a file lists one by one', async () => {
    const { finite } = await statistics(tensors, 'listed');
    assert.deepEqual([finite?.minimum, finite?.maximum, finite?.mean], [-5, 300, 302 / 3]);
    assert.deepEqual(finite?.largest, { index: [1], value: 300 });
  });

  test('quantised weights: of the numbers that ONNX Runtime computes with', async () => {
    const packed = await ListedPath.open(path.join(root, 'test/fixtures/weights/packed.onnx'));
    const names = Object.entries(expected.packed).map(async ([parameter, wanted]) => {
      const { name } =
        packed.listing.tensors.find(({ parameters }) => parameters.includes(parameter)) ?? {};
      assert.ok(name, `no tensor is ${parameter}`);
      const found = await statistics(packed, name);
      assert.equal(found.isDequantized, true, parameter);
      assert.ok((found.scales?.count ?? 0) > 0, parameter);
      assertStatistics(found, wanted);
      return name;
    });
    assert.ok((await Promise.all(names)).length >= 10);
  });

  test('blocks of GGUF: of the numbers that llama.cpp makes of them', async () => {
    const blocks = await ListedPath.open(fixture('blocks.gguf'));
    for (const [name, wanted] of Object.entries(expected.blocks)) {
      assertStatistics(await statistics(blocks, name), wanted.statistics);
    }
  });

  for (const dtype of ['float32', 'float16'] as const) {
    test(`several stretches of ${dtype}, with progress`, async () => {
      const values = Float32Array.from({ length: 700_001 }, (_, i) => formula(i));
      values[123_456] = NaN;
      const file = path.join(temporaryFolder(), 'model.safetensors');
      const bytes = dtype === 'float32' ? new Uint8Array(values.buffer) : halves(values);
      writeFileSync(file, safetensorsFile([{ name: 'w', dtype, dims: [values.length], bytes }]));
      const listed = await ListedPath.open(file);
      assertStatistics(await statistics(listed, 'w'), expected.formula[dtype]);
    });
  }

  test('texts and complex numbers are refused, and the type is named', async () => {
    const texts = await rejection(() => statistics(tensors, 'texts'));
    assert.equal(texts.kind, 'unsupported');
    const complex = await rejection(() => statistics(tensors, 'complex64'));
    assert.ok(complex.what.args.includes('complex64'));
    const blocks = await ListedPath.open(fixture('blocks.gguf'));
    const unread = await rejection(() => statistics(blocks, 'unread'));
    assert.ok(unread.what.args.includes('iq2_xxs'));
  });

  test('ends soon when it is cancelled, and says so', async () => {
    const cancelled = new AbortController();
    const run = tensors.engine.tensorStatistics(
      { tensor: tensors.id('matrix') },
      context(cancelled.signal),
    );
    cancelled.abort();
    await assert.rejects(Promise.resolve(run), { name: 'AbortError' });
  });
});

async function statistics(listed: ListedPath, name: string): Promise<TensorStatistics> {
  return listed.engine.tensorStatistics({ tensor: listed.id(name) }, context());
}

function assertStatistics(found: TensorStatistics, wanted: ExpectedStatistics): void {
  const { elements, nan, infinite, zeros, finite } = found;
  assert.deepEqual(
    { elements, nan, infinite, zeros },
    {
      elements: wanted.elements,
      nan: wanted.nan,
      infinite: wanted.infinite,
      zeros: wanted.zeros,
    },
  );
  assert.equal(finite === undefined, wanted.finite === undefined);
  if (finite === undefined || wanted.finite === undefined) {
    return;
  }
  const { low, high, largest, counts, ...numbers } = wanted.finite;
  assert.equal(finite.minimum, Number(numbers.minimum));
  assert.equal(finite.maximum, Number(numbers.maximum));
  const width = finite.histogram.to / 4096 - finite.histogram.from / 4096;
  for (const key of ['mean', 'standardDeviation', 'norm'] as const) {
    assertNear(finite[key], asNumber(numbers[key]), 1e-12 * Math.abs(finite.maximum), key);
  }
  assertNear(finite.percentiles.low, asNumber(low), width, 'low');
  assertNear(finite.percentiles.high, asNumber(high), width, 'high');
  assert.deepEqual(finite.largest, largest);
  assert.equal(finite.histogram.counts.join(' '), counts);
}

function asNumber(value: number | string): number {
  return value === 'inf' ? Infinity : Number(value);
}

function assertNear(actual: number, wanted: number, absolute: number, what: string): void {
  const difference = actual === wanted ? 0 : Math.abs(actual - wanted);
  const allowed = Math.max(absolute, 1e-12 * Math.abs(wanted));
  assert.ok(difference <= allowed, `${what}: ${actual} is not ${wanted}`);
}

/** The numbers of `formula` in make.py. */
function formula(index: number): number {
  return Number((BigInt(index) * 2654435761n) % 2n ** 32n) / 2 ** 32 - 0.5;
}

/** Numbers below 1 in half precision, to the nearest, of two the even one. */
function halves(values: Float32Array): Uint8Array {
  const bits = Uint16Array.from(values, (value) => {
    if (Number.isNaN(value)) {
      return 0x7e00;
    }
    const magnitude = Math.abs(value);
    const exponent = Math.max(-14, Math.floor(Math.log2(magnitude)));
    const steps = magnitude * 2 ** (10 - exponent);
    const down = Math.floor(steps);
    const isUp = steps - down > 0.5 || (steps - down === 0.5 && down % 2 === 1);
    // Adding the fraction to the exponent carries where it must.
    const rounded = (exponent + 14) * 1024 + (isUp ? down + 1 : down);
    return rounded | (value < 0 ? 0x8000 : 0);
  });
  return new Uint8Array(bits.buffer);
}
