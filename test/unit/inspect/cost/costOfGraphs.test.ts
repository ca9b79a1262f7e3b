import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { graphCosts } from '../../../../src/inspect/cost/graphCost';
import { sizeNamed, sumOf } from '../../../../src/inspect/cost/polynomial';
import type { Graph, Node } from '../../../../src/onnx/graph/model';
import { readShapeConstants } from '../../../../src/onnx/shapes/constants';
import { inferShapes } from '../../../../src/onnx/shapes/inferShapes';
import { costAt } from '../../../../src/shared/costAt';
import type { CostPolynomial, GraphCost } from '../../../../src/shared/modelCost';
import { readBytes, MemorySource } from '../../../support/onnx/fixtures';
import { fusedCases, fusedFixture } from '../../../support/onnx/fused';
import { exportsOf } from '../../../support/onnx/families';
import { graph, model, node, value, weight } from '../../../support/onnx/models';
import { costsOfFile } from '../../../support/inspect/costs';

/** All sizes of these graphs are fixed but one: how much of a buffer is in use is told by a number. */
const SIZES = { batch: 0, tokens: 0, past: 3, source: 0 };

/** As people write it: `2·batch·tokens² + 3`. */
function written(polynomial: CostPolynomial): string {
  return polynomial
    .map(({ coefficient, powers }) =>
      [
        String(coefficient),
        ...Object.entries(powers).map(([size, power]) => (power === 1 ? size : `${size}^${power}`)),
      ].join('·'),
    )
    .join(' + ');
}

/** The cost of a model of these parts. */
function costOf(parts: Partial<Graph> & { functions?: { nodes: Node[] }[] }): GraphCost {
  const { functions = [], ...rest } = parts;
  const whole = model({
    ...rest,
    functions: functions.map(({ nodes }) => ({
      domain: 'org.example',
      name: 'Called',
      nodes,
      defaults: new Map(),
    })),
  });
  const [cost] = graphCosts(whole, inferShapes(whole), { file: 'm.onnx' });
  assert.ok(cost);
  return cost;
}

const ids = value('input_ids', ['b', 't'], 'int64');

suite('inspect/cost, maps of operators', () => {
  for (const { name, map } of fusedCases()) {
    test(`${name}: as many elements as came out`, async () => {
      const bytes = fusedFixture('operators', `${name}.onnx`);
      const onnx = await readBytes(bytes);
      const shapes = inferShapes(onnx, await readShapeConstants(new MemorySource(bytes), onnx));
      const costs = graphCosts(onnx, shapes, { file: name });
      const elements = costs.flatMap(({ maps }) => maps.map((each) => each.elements));
      const expected = map.dims.reduce((product, size) => product * size, 1);
      assert.ok(elements.map((each) => costAt(each, SIZES)).includes(expected));
      const attention = costs.map((cost) => costAt(cost.attentionOperations, SIZES));
      // Queries by keys and probabilities by values, of one size of 4 at least.
      assert.ok(attention.every((count) => count >= 2 * 2 * 4 * expected));
      assert.deepEqual(new Set(costs.map(({ uncounted }) => uncounted)), new Set([0]));
    });
  }
});

suite('inspect/cost, sizes', () => {
  test('are told by the inputs, whatever they are called', async () => {
    for (const id of ['llama/transformers-eager-cache', 'llama/torchscript-eager-cache']) {
      const [one] = exportsOf('llama').filter((each) => each.id.startsWith(id));
      assert.ok(one);
      const { costs } = await costsOfFile(path.join(one.folder, 'model.onnx'));
      assert.deepEqual(
        costs.map(({ run, attentionOperations, cache, maps }) => ({
          run,
          attention: written(attentionOperations),
          cache: cache && written(cache.bytes),
          maps: maps.map(({ bytes }) => written(bytes)),
        })),
        [
          {
            run: undefined,
            attention: '128·batch·tokens^2 + 128·batch·tokens·past',
            // Keys and values of 2 layers, 2 heads of size 4, 4 bytes each.
            cache: '128·batch·tokens + 128·batch·past',
            maps: ['16·batch·tokens^2 + 16·batch·tokens·past'],
          },
        ],
      );
    }
  });

  test('a merged decoder has a cost for each of its branches', async () => {
    const [one] = exportsOf('bart').filter((each) => each.files.has('decoder_model_merged'));
    assert.ok(one);
    const file = path.join(one.folder, 'decoder_model_merged.onnx');
    const { costs } = await costsOfFile(file);
    assert.deepEqual(
      costs.map(({ run, cache, maps }) => [
        run,
        cache && written(cache.bytes),
        ...maps.map(({ bytes }) => written(bytes)),
      ]),
      [
        [
          'prompt',
          '256·batch·tokens + 256·batch·source',
          '8·batch·tokens^2',
          '8·batch·tokens·source',
        ],
        [
          'step',
          '256·batch·tokens + 256·batch·past + 256·batch·source',
          '8·batch·tokens^2 + 8·batch·tokens·past',
          '8·batch·tokens·source',
        ],
      ],
    );
  });

  test('a cache in half precision takes half', () => {
    const parts = {
      inputs: [
        ids,
        value('past_key_values.0.key', ['b', 2, 'p', 4], 'float16'),
        value('past_key_values.0.value', ['b', 2, 'p', 4], 'float16'),
      ],
    };
    const { cache } = costOf(parts);
    assert.equal(cache && written(cache.elements), '16·batch·tokens + 16·batch·past');
    assert.equal(cache && written(cache.bytes), '32·batch·tokens + 32·batch·past');
    const unknown = costOf({ inputs: [ids, value('past_key_values.0.key', ['b', 2, 'p', null])] });
    assert.equal(unknown.cache, undefined);
    assert.deepEqual(costOf({ inputs: [ids] }).cache, { elements: [], bytes: [] });
  });

  test('a table that is longer than any text counts as cut to its length', () => {
    const numbers = ['zero', 'length', 'one'].map((name) => value(name, [1], 'int64'));
    const { operations, uncounted } = costOf({
      inputs: [ids],
      initializers: [weight('table', 'float32', 1024, 4), weight('w', 'float32', 4, 5)],
      nodes: [
        node('Constant', [], ['zero'], { attributes: { value_ints: [0] } }),
        node('Constant', [], ['one'], { attributes: { value_ints: [0] } }),
        node('Shape', ['input_ids'], ['length'], { attributes: { start: 1 } }),
        node('Slice', ['table', 'zero', 'length', 'one'], ['rows']),
        node('MatMul', ['rows', 'w'], ['y']),
      ],
      values: new Map(numbers.map((each) => [each.name, each])),
    });
    assert.deepEqual([written(operations), uncounted], ['40·tokens', 0]);
  });
});

suite('inspect/cost, operators', () => {
  const product = node('MatMul', ['x', 'w'], ['y']);
  const known = {
    inputs: [ids, value('x', ['b', 't', 4])],
    initializers: [weight('w', 'float32', 4, 5)],
  };

  test('a product is 2 operations for each multiplication and addition', () => {
    assert.equal(written(costOf({ ...known, nodes: [product] }).operations), '40·batch·tokens');
  });

  test('axes of one element are those of the other operand', () => {
    const cost = costOf({
      inputs: [ids, value('x', ['b', 1, 't', 4]), value('z', [1, 3, 4, 't'])],
      nodes: [node('MatMul', ['x', 'z'], ['y'])],
    });
    assert.equal(written(cost.operations), '24·batch·tokens^2');
  });

  test('a size of nobody’s leaves a product uncounted', () => {
    const cost = costOf({
      ...known,
      inputs: [ids, value('x', ['b', 'frames', 4])],
      nodes: [product],
    });
    assert.deepEqual([cost.operations, cost.uncounted], [[], 1]);
  });

  test('what stands in loops, functions and undecided branches is not counted, but told', () => {
    const body = graph({ nodes: [product], outputs: [value('y', [])] });
    const other = graph({ nodes: [], outputs: [value('x', [])] });
    const branches = { then_branch: body, else_branch: other };
    const cases: [nodes: Node[], uncounted: number][] = [
      [[node('Loop', ['', ''], ['l'], { attributes: { body } })], 1],
      [[node('If', ['c'], ['i'], { attributes: branches })], 1],
      [[node('Called', ['x'], ['f'], { domain: 'org.example' })], 2],
      [[node('LSTM', ['x', 'w', 'w'], ['l'])], 1],
      [[node('MoE', ['x'], ['m'], { domain: 'com.microsoft' })], 1],
      [[node('PagedAttention', ['x'], ['m'], { domain: 'com.microsoft' })], 1],
      [[node('Relu', ['x'], ['r'])], 0],
      [[node('Einsum', ['x'], ['e'], { attributes: { equation: 'bti->bit' } })], 0],
    ];
    const condition = node('Less', ['n', 'm'], ['c']);
    for (const [nodes, uncounted] of cases) {
      const cost = costOf({
        ...known,
        nodes: [condition, ...nodes],
        functions: [{ nodes: [product, product] }],
      });
      assert.deepEqual([cost.operations, cost.uncounted], [[], uncounted], nodes[0]?.opType);
    }
  });

  test('branches that do the same are counted once', () => {
    const body = graph({ nodes: [product], outputs: [value('y', [])] });
    const nodes = [
      node('Less', ['n', 'm'], ['c']),
      node('If', ['c'], ['i'], { attributes: { then_branch: body, else_branch: body } }),
    ];
    const cost = costOf({ ...known, nodes });
    assert.equal(written(cost.operations), '40·batch·tokens');
  });

  test('a convolution is counted over its kernel, its channels and its groups', () => {
    const cost = costOf({
      inputs: [ids, value('x', ['b', 6, 10])],
      initializers: [weight('w', 'float32', 8, 3, 5), weight('v', 'float32', 6, 2, 3)],
      nodes: [
        node('Conv', ['x', 'w'], ['y'], { attributes: { group: 2, pads: [2, 2] } }),
        node('ConvTranspose', ['x', 'v'], ['z']),
      ],
    });
    // 8 channels of 10, each of 3 × 5; 6 channels of 10, each into 2 × 3.
    assert.equal(written(cost.operations), `${2 * 8 * 10 * 15 + 2 * 6 * 10 * 6}·batch`);
  });
});

suite('inspect/cost, files that are made to be slow', () => {
  test('names that stand for longer and longer sums come to an end', () => {
    const names = Array.from({ length: 400 }, (_, index) => `n${index}`);
    const sizes = names.map((name, index) =>
      index === 0
        ? name
        : `${`${names[index - 1] ?? ''}*`.repeat(4)}${names[index - 1] ?? ''} + ${name}`,
    );
    const cost = costOf({
      inputs: sizes.map((size, index) => value(`past_${index}`, ['b', size, size, 4])),
      nodes: Array.from({ length: 2_000 }, (_, index) =>
        node('MatMul', ['past_7', 'past_9'], [`y${index}`]),
      ),
    });
    assert.equal(cost.uncounted, 2_000);
  });

  test('sums of hundreds of thousands of products are no list of arguments', () => {
    const products = new Array<CostPolynomial>(200_000).fill(sizeNamed('tokens'));
    assert.equal(written(sumOf(products)), '200000·tokens');
  });
});
