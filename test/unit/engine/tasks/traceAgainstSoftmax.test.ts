import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { emptyCache } from '../../../../src/engine/generation/decoderCache';
import { decoderFeeds } from '../../../../src/engine/generation/decoderFeeds';
import { decoderInterface } from '../../../../src/engine/generation/decoderInterface';
import { openSession } from '../../../../src/engine/runtime/session';
import { asFloat32, type Tensor } from '../../../../src/engine/runtime/tensor';
import { findAttentionTaps } from '../../../../src/onnx/attention/findAttention';
import type { Graph, Node } from '../../../../src/onnx/graph/model';
import { tapFragment } from '../../../../src/onnx/instrument/tappedModel';
import { readBytes } from '../../../support/onnx/fixtures';
import { bundled, context, listen, tinyModel } from '../../../support/engine/models';

const TOLERANCE = 1e-5;
const TEXT = 'the cat sat on the mat and sang';

/** Models exported with eager attention, whose products take queries and keys unscaled. */
const models: Record<string, () => string> = {
  'grouped-query attention with rotary positions': () => tinyModel('llama', 'with-cache'),
  'plain attention with learned positions': () => tinyModel('gpt2', 'with-cache'),
  'the bundled model': () => bundled,
};

suite('engine/tasks/trace against softmax(QKᵀ/√d), computed plainly', () => {
  for (const [title, folder] of Object.entries(models)) {
    test(title, async () => {
      const { engine } = listen();
      const model = folder();
      const { trace, sites, sequences } = await engine.trace(
        { model: { folder: model }, text: TEXT },
        context(),
      );
      const operands = await queriesAndKeys(
        path.join(model, 'onnx/model.onnx'),
        (sequences.decoder ?? []).map(({ id }) => id),
      );
      assert.equal(operands.length, sites.length);
      for (const [layer, { id: site, heads }] of sites.entries()) {
        const { queries, keys } = operands[layer] as Operands;
        for (let head = 0; head < heads; head++) {
          const { values } = await engine.headMap({ trace, site, head }, context());
          const expected = attention(queries, keys, head);
          const largest = values.reduce(
            (most, value, i) => Math.max(most, Math.abs(value - (expected[i] as number))),
            0,
          );
          assert.ok(largest <= TOLERANCE, `${site}.${head} is off by ${largest}`);
          assert.equal(values.length, expected.length);
        }
      }
    });
  }
});

interface Operands {
  /** [1, heads, tokens, size] */
  queries: Tensor;
  /** [1, heads, size, tokens] */
  keys: Tensor;
}

/** Taps, by layer, what the product Q·Kᵀ takes. */
async function queriesAndKeys(file: string, ids: number[]): Promise<Operands[]> {
  const bytes = readFileSync(file);
  const model = await readBytes(bytes);
  const products = findAttentionTaps(model, file).map(({ value }) => scores(model.graph, value));
  const names = products.flatMap(({ inputs }) => inputs);
  const session = await openSession(
    { bytes: Buffer.concat([bytes, tapFragment(model, names)]), folder: path.dirname(file) },
    file,
  );
  const decoder = decoderInterface(model.graph, 'text-generation', file);
  const feeds = decoderFeeds(decoder, [ids], ids.length);
  for (const [name, tensor] of emptyCache(decoder.cache)) {
    feeds.set(name, tensor);
  }
  const found = await session.run(feeds, names);
  await session.dispose();
  return products.map(({ inputs: [q, k] }) => ({
    queries: found.get(q ?? '') as Tensor,
    keys: found.get(k ?? '') as Tensor,
  }));
}

/** The product that probabilities come from: the first one on the way back. */
function scores(graph: Graph, probabilities: string): Node {
  const values = [probabilities];
  for (const value of values) {
    const node = graph.nodes.find(({ outputs }) => outputs.includes(value));
    if (node?.opType === 'MatMul') {
      return node;
    }
    values.push(...(node?.inputs ?? []));
  }
  assert.fail(`nothing is multiplied to give ${probabilities}`);
}

/**
 * One head's map [query][key], by the formula: softmax(q·k / √size) over the keys up to the query
 * itself (Vaswani et al. 2017, section 3.2.1 and, for the mask, 3.2.3).
 */
function attention(queries: Tensor, keys: Tensor, head: number): number[] {
  const q = asFloat32(queries);
  const k = asFloat32(keys);
  const [, , tokens = 0, size = 0] = queries.dims;
  const map: number[] = [];
  for (let query = 0; query < tokens; query++) {
    const row: number[] = [];
    for (let key = 0; key <= query; key++) {
      let product = 0;
      for (let i = 0; i < size; i++) {
        const ofQuery = q[(head * tokens + query) * size + i] as number;
        const ofKey = k[(head * size + i) * tokens + key] as number;
        product += ofQuery * ofKey;
      }
      row.push(Math.exp(product / Math.sqrt(size)));
    }
    const sum = row.reduce((total, value) => total + value, 0);
    for (let key = 0; key < tokens; key++) {
      map.push((row[key] ?? 0) / sum);
    }
  }
  return map;
}
