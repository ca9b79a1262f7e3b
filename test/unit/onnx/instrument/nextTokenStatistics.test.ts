import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { openSession } from '../../../../src/engine/runtime/session';
import { int64Row, type Tensor } from '../../../../src/engine/runtime/tensor';
import { GraphRun } from '../../../../src/engine/tracing/graphRun';
import type { DType } from '../../../../src/onnx/graph/model';
import { graphFields, operatorSet, secondGraph } from '../../../../src/onnx/file/writeModel';
import { readOnnx } from '../../../../src/onnx/file/readModel';
import { tappedModel } from '../../../../src/onnx/instrument/tappedModel';
import { RATING_NUMBERS, tokenRatings } from '../../../../src/onnx/instrument/nextTokenStatistics';
import { concatenate, integer } from '../../../../src/onnx/file/wireWriter';
import type { Prediction } from '../../../../src/shared/attention';
import { logSumExp, topK, rank } from '../../../../src/trace/logits';
import { planRatings, predictions } from '../../../../src/trace/tokenRatings';
import { fixture, folder, json, MemorySource, type Expected } from '../../../support/onnx/fixtures';

const NO_MAPS = { queries: 0, keys: 0 };
const SIZES = { self: NO_MAPS, masked: NO_MAPS, cross: NO_MAPS };

suite('engine, ratings of tokens', () => {
  for (const [name, expected] of [
    ['gpt2-eager', 'gpt2'],
    ['gpt2-sdpa', 'gpt2'],
    ['llama-eager', 'llama'],
    ['llama-sdpa-dynamo', 'llama'],
  ] as const) {
    test(`${name}: as torch rates them`, async () => {
      const { ids, ratings } = json(`${expected}.json`) as Expected;
      const mask = int64Row(ids.map(() => 1));
      const run = await rated(fixture(`${name}.onnx`), ids, {
        input_ids: int64Row(ids),
        attention_mask: mask,
      });
      const found = ratingsOf(await run(), ids.length);
      assert.equal(found[0], undefined);
      assert.equal(ratings.length, ids.length - 1);
      ratings.forEach(({ logprob, rank: place, best }, position) => {
        const prediction = found[position + 1];
        assert.ok(prediction);
        assert.ok(Math.abs(Math.log(prediction.probability) - logprob) < 1e-5);
        assert.equal(prediction.rank, place);
        assert.deepEqual(idsOf(prediction), best.slice(0, 3));
      });
    });
  }

  for (const [title, options] of Object.entries<Partial<Synthetic>>({
    'several chunks, the last one shorter': { tokens: 7, vocabulary: 100_000 },
    'a chunk for each token': { tokens: 3, vocabulary: 1_100_000 },
    'one token, which has none': { tokens: 1 },
    'half precision': { dtype: 'float16' },
    'old operators': { opset: 11 },
    'operators of version 13': { opset: 13 },
    'new operators': { opset: 21 },
  })) {
    test(`${title}: what the logits say`, async () => {
      const made: Synthetic = {
        ...{ opset: 17, dtype: 'float32', tokens: 5, vocabulary: 40 },
        ...options,
      };
      const { tokens, vocabulary } = made;
      // Halves have few digits, of which these numbers need few. There are equals, and −∞.
      const logits = Float32Array.from({ length: tokens * vocabulary }, (_, at) =>
        at % 11 === 3 ? -Infinity : ((at * 37) % 101) / 8,
      );
      const impossible = (14 - (vocabulary % 11)) % 11;
      const ids = Array.from({ length: tokens }, (_, at) =>
        at === 2 ? impossible : (at * 7919) % vocabulary,
      );
      const given = { type: 'float32', data: logits, dims: [1, tokens, vocabulary] } as const;
      const run = await rated(synthetic(made), ids, { given });
      const found = ratingsOf(await run(), tokens);
      assert.equal(found.length, tokens);
      for (let token = 1; token < tokens; token++) {
        const row = logits.subarray((token - 1) * vocabulary, token * vocabulary);
        const id = ids[token] ?? NaN;
        const expected = (of: number): number => Math.exp((row[of] ?? NaN) - logSumExp(row));
        const prediction = found[token];
        assert.ok(prediction);
        assert.equal(expected(id) === 0, token === 2);
        close(prediction.probability, expected(id));
        assert.equal(prediction.rank, rank(row, id));
        const best = topK(row, 3);
        assert.deepEqual(idsOf(prediction), best);
        best.forEach((of, place) => {
          close(prediction.best[place]?.probability, expected(of));
        });
      }
    });
  }

  test('of logits of the last token alone, there are none', async () => {
    const given = { type: 'float32', data: new Float32Array(40), dims: [1, 1, 40] } as const;
    const bytes = synthetic({ opset: 17, dtype: 'float32', tokens: 1, vocabulary: 40 });
    const run = await rated(bytes, [1, 2, 3], { given });
    assert.equal(await run(), undefined);
  });

  test('a token that is not in the vocabulary of the logits leaves the text without', async () => {
    const given = { type: 'float32', data: new Float32Array(80), dims: [1, 2, 40] } as const;
    const bytes = synthetic({ opset: 17, dtype: 'float32', tokens: 2, vocabulary: 40 });
    const run = await rated(bytes, [1, 40], { given });
    assert.equal(await run(), undefined);
  });

  test('graphs without logits of that form get no nodes for them', async () => {
    const made = { opset: 17, dtype: 'float32', tokens: 2, vocabulary: 40 } as const;
    for (const [bytes, isRated] of [
      [synthetic(made), true],
      [synthetic({ ...made, opset: 10 }), false],
      [synthetic({ ...made, output: 'last_hidden_state' }), false],
      [synthetic({ ...made, vocabulary: 2 }), false],
    ] as const) {
      const model = await readOnnx(new MemorySource(bytes), 'test.onnx');
      assert.equal(tokenRatings(model) !== undefined, isRated);
    }
  });

  test('what is looked at together has a limit, whatever the vocabulary', () => {
    for (const vocabulary of [40, 50_257, 256_000]) {
      const { chunks, tokens, numbers, next } = planRatings(
        Array.from({ length: 2048 }, () => 7),
        vocabulary,
      );
      assert.ok(tokens === 1 || tokens * vocabulary * 4 <= 2 ** 21);
      assert.ok(chunks * tokens >= 2048 && (chunks - 1) * tokens < 2048);
      assert.equal(numbers.length, chunks * tokens);
      assert.deepEqual([next[2046], next[2047]], [7n, 0n]);
    }
  });
});

interface Synthetic {
  opset: number;
  dtype: DType;
  tokens: number;
  vocabulary: number;
  output?: string;
}

/** A graph whose logits are what it is given, in half precision if wanted. */
function synthetic({
  opset,
  dtype,
  tokens,
  vocabulary,
  output = 'logits',
}: Synthetic): Uint8Array<ArrayBuffer> {
  const to = { kind: 'int', value: dtype === 'float16' ? 10 : 1 } as const;
  const shape = [1, tokens, vocabulary];
  const graph = graphFields({
    nodes: [{ opType: 'Cast', inputs: ['given'], outputs: [output], attributes: { to } }],
    inputs: [{ name: 'given', dtype: 'float32', shape }],
    outputs: [{ name: output, dtype, shape }],
  });
  return concatenate([integer(1, 8), secondGraph(graph), operatorSet(opset)]);
}

/** Loads a file with its tokens rated; answers what runs it for the ratings. */
async function rated(
  bytes: Uint8Array,
  ids: readonly number[],
  feeds: Record<string, Tensor>,
): Promise<() => Promise<Float32Array | undefined>> {
  const source = new MemorySource(bytes);
  const model = await readOnnx(source, 'test.onnx');
  const ratings = tokenRatings(model);
  assert.ok(ratings);
  const tapped = await tappedModel(source, 'test.onnx', model, [], [ratings.parts]);
  const session = await openSession({ bytes: tapped, folder }, 'test.onnx');
  const graph = { session, layers: [], ratings: ratings.names };
  const run = new GraphRun(graph, new Map(Object.entries(feeds)), SIZES, { ids });
  return async () => (await run.whole(['logits'])).ratings;
}

function ratingsOf(
  ratings: Float32Array | undefined,
  tokens: number,
): ReturnType<typeof predictions> {
  assert.ok(ratings);
  return predictions(ratings, RATING_NUMBERS, tokens, (id) => ({ text: String(id) }));
}

function idsOf({ best }: Prediction): number[] {
  return best.map(({ text }) => Number(text));
}

function close(found: number | undefined, expected: number): void {
  assert.ok(Math.abs((found ?? NaN) - expected) <= 1e-5 * Math.max(1e-3, expected));
}
