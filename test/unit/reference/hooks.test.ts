import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { axis, rows } from '../../../src/reference/tensor';
import type { Tensor } from '../../../src/reference/tensor';
import { inEnglish } from '../../../src/shared/failure';
import { rejection } from '../../support/failures';
import {
  examplesOf,
  familyNames,
  inputOf,
  openFamily,
  relativeError,
  savedParameters,
  variantNames,
} from '../../support/reference/families';
import type { Example } from '../../support/reference/families';

suite('reference Transformer, its hooks', () => {
  for (const family of [...familyNames, ...variantNames]) {
    test(`${family}: every listed point is there, in order and of its shape`, async () => {
      const model = await openFamily(family);
      const { points } = await model.run(inputOf(first(family)), { record: () => true });
      assert.deepEqual([...points.keys()], [...model.hookPoints.keys()]);
      const sizes = new Map<string, number>();
      for (const [name, { dims, data }] of points) {
        const symbols = model.hookPoints.get(name) ?? [];
        assert.equal(symbols.length, dims.length, name);
        assert.equal(
          data.length,
          dims.reduce((a, b) => a * b),
          name,
        );
        // One symbol stands for one size within a stack.
        const stack = /^(encoder|decoder)?/.exec(name)?.[0] ?? '';
        symbols.forEach((symbol, i) => {
          const key = `${stack} ${symbol}`;
          assert.equal(
            dims[i],
            symbol === '1' ? 1 : (sizes.get(key) ?? dims[i]),
            `${name}: ${key}`,
          );
          sizes.set(key, dims[i] ?? NaN);
        });
      }
    });

    test(`${family}: rows of every pattern sum to 1, and causal ones see nothing behind`, async () => {
      const model = await openFamily(family);
      const record = (point: string): boolean => point.endsWith('.hook_pattern');
      const { points } = await model.run(inputOf(first(family)), { record });
      assert.ok(points.size > 0);
      for (const [name, pattern] of points) {
        for (const row of rows(pattern)) {
          assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-6, name);
          assert.ok(
            row.every((p) => p >= 0 && p <= 1),
            name,
          );
        }
        const stack = name.startsWith('encoder.') ? model.shape.encoder : model.shape.decoder;
        if (stack?.causal === true && !name.includes('cross_attn')) {
          assert.ok(isLowerTriangular(pattern), name);
        }
      }
    });
  }

  test('what is recorded changes nothing; what is not asked for is not kept', async () => {
    for (const family of ['bert', 'llama', 't5']) {
      const model = await openFamily(family);
      const all = await model.run(inputOf(first(family)), { record: () => true });
      const none = await model.run(inputOf(first(family)));
      assert.deepEqual(none.logits, all.logits);
      assert.equal(none.points.size, 0);
    }
  });

  test('what heads add to the output sums to it, with the bias', async () => {
    for (const [family, site, bias] of [
      ['bert', 'blocks.1.attn', 'bert.encoder.layer.1.attention.output.dense.bias'],
      ['gpt2', 'blocks.0.attn', 'transformer.h.0.attn.c_proj.bias'],
      ['qwen2', 'blocks.1.attn', undefined],
      ['bart', 'decoder.blocks.1.cross_attn', 'model.decoder.layers.1.encoder_attn.out_proj.bias'],
    ] as const) {
      const model = await openFamily(family);
      const output = site.replace(/\.(cross_)?attn$/, '.hook_$1attn_out');
      const names = [`${site}.hook_result`, output];
      const record = (point: string): boolean => names.includes(point);
      const { points } = await model.run(inputOf(first(family)), { record });
      const [result, actual] = names.map((name) => points.get(name) ?? assert.fail(name));
      assert.ok(result && actual);
      const added =
        bias === undefined
          ? new Float32Array(16)
          : await (await savedParameters(family)).read(bias, false);
      assert.ok(relativeError(actual.data, summed(result, added)) < 1e-6, family);
    }
  });

  for (const family of ['gpt2', 'bert', 'llama', 'bart', 't5']) {
    test(`${family}: ablating a head is what recorded values give by hand`, async () => {
      const model = await openFamily(family);
      const input = inputOf(first(family));
      const block = model.shape.encoder && model.shape.decoder ? 'decoder.blocks.1' : 'blocks.1';
      const [z, result] = [`${block}.attn.hook_z`, `${block}.attn.hook_result`];
      const output = `${block}.hook_attn_out`;
      const plain = await model.run(input, { record: () => true });
      const replaced = await model.run(input, {
        record: () => true,
        replace: new Map([[z, (value) => withoutHead(value, 1)]]),
      });
      // By hand: the output, less what the head added to it.
      const [before, results] = [plain.points.get(output), plain.points.get(result)];
      assert.ok(before && results);
      const byHand = before.data.map((value, i) => {
        const [token, at] = [Math.floor(i / axis(before, 2)), i % axis(before, 2)];
        const start = (token * axis(results, 2) + 1) * axis(results, 3);
        return value - (results.data[start + at] ?? NaN);
      });
      const after = replaced.points.get(output);
      assert.ok(after && relativeError(after.data, byHand) < 1e-6);
      assert.ok(relativeError(replaced.logits.data, plain.logits.data) > 1e-3);
      // The other way to ablate it, and to put the output itself in its place.
      for (const other of [
        new Map([[result, (value: Tensor) => withoutHead(value, 1)]]),
        new Map([[output, () => ({ dims: before.dims, data: byHand })]]),
      ]) {
        const { logits } = await model.run(input, { replace: other });
        assert.ok(relativeError(logits.data, replaced.logits.data) < 1e-5);
      }
    });
  }

  test('every point may be replaced, and matters', async () => {
    for (const family of ['albert', 'qwen2', 't5', 'bart', 'wav2vec2']) {
      const model = await openFamily(family);
      const input = inputOf(first(family));
      const { logits } = await model.run(input);
      for (const point of model.hookPoints.keys()) {
        const changed = await model.run(input, { replace: new Map([[point, distorted]]) });
        assert.ok(relativeError(changed.logits.data, logits.data) > 1e-5, `${family}: ${point}`);
      }
    }
  });

  test('a patched activation of another run carries over', async () => {
    const model = await openFamily('gpt2');
    const point = 'blocks.1.hook_resid_post';
    const one = { ids: [[5, 17, 4]] };
    const other = { ids: [[9, 2, 30]] };
    const source = await model.run(other, { record: (name) => name === point });
    const patch = source.points.get(point);
    assert.ok(patch);
    const { logits } = await model.run(one, { replace: new Map([[point, () => patch]]) });
    assert.deepEqual(logits, source.logits);
  });

  test('a point that is none, or a value of another shape, is refused', async () => {
    const model = await openFamily('gpt2');
    const input = { ids: [[5, 17, 4]] };
    const unknown = await rejection(() =>
      model.run(input, { replace: new Map([['blocks.9.attn.hook_z', distorted]]) }),
    );
    assert.equal(unknown.kind, 'input');
    assert.match(inEnglish(unknown.what), /blocks\.9\.attn\.hook_z/);
    const misshapen = await rejection(() =>
      model.run(input, {
        replace: new Map([
          ['blocks.0.attn.hook_z', () => ({ dims: [1, 3, 16], data: new Float32Array(48) })],
        ]),
      }),
    );
    assert.equal(misshapen.kind, 'input');
    assert.equal(misshapen.where, 'blocks.0.attn.hook_z');
  });
});

function first(family: string): Example {
  return examplesOf(family)[0] ?? assert.fail(family);
}

/** Every element times another factor from 1 to 2: norms do not see one factor for all. */
function distorted({ dims, data }: Tensor): Tensor {
  return { dims, data: data.map((value, i) => value * (1.5 + Math.sin(i) / 2)) };
}

/** A tensor [batch, tokens, heads, …] with zeros for one head. */
function withoutHead(value: Tensor, head: number): Tensor {
  const [heads, size] = [axis(value, 2), axis(value, 3)];
  return {
    dims: value.dims,
    data: value.data.map((each, i) => (Math.floor(i / size) % heads === head ? 0 : each)),
  };
}

/** [batch, tokens, heads, width] summed over heads, plus a bias [width]. */
function summed(result: Tensor, bias: Float32Array): number[] {
  const [heads, width] = [axis(result, 2), axis(result, 3)];
  const sums = new Array<number>(result.data.length / heads).fill(0);
  result.data.forEach((value, i) => {
    const at = Math.floor(i / (heads * width)) * width + (i % width);
    sums[at] = (sums[at] ?? 0) + value;
  });
  return sums.map((value, i) => value + (bias[i % width] ?? 0));
}

function isLowerTriangular(pattern: Tensor): boolean {
  const [queries, keys] = [axis(pattern, 2), axis(pattern, 3)];
  return pattern.data.every((p, i) => p === 0 || i % keys <= Math.floor(i / keys) % queries);
}
