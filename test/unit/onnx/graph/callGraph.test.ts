import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { expandedNodes } from '../../../../src/onnx/graph/callGraph';
import { checkedNodes } from '../../../../src/onnx/file/checkedNodes';
import { LIMITS, MOST_LOADED_NODES } from '../../../../src/onnx/file/limits';
import { Failure } from '../../../../src/shared/failure';
import { readBytes } from '../../../support/onnx/fixtures';
import { block, int, model } from '../../../support/onnx/protobuf';

suite('onnx/graph/callGraph', () => {
  test('counts what calls stand for, in inner graphs and in functions of functions too', async () => {
    const branch = block(
      5,
      block(1, 'then_branch'),
      int(20, 5),
      block(6, call('Pair'), call('Relu', '')),
    );
    const bytes = file(
      [call('Pair'), call('Relu', ''), block(1, block(4, 'If'), branch)],
      body('Pair', call('Exp', ''), call('Exp', '')),
      body('Four', call('Pair'), call('Pair')),
      body('Unused', call('Four')),
    );
    const { graph, functions } = await readBytes(bytes);
    assert.equal(expandedNodes(graph, functions), 4);
    assert.equal(expandedNodes((await readBytes(file([call('Four')]))).graph, functions), 6);
  });

  test('refuses 41 functions of which each calls the next one twice', async () => {
    const depth = 41;
    const functions = Array.from({ length: depth }, (_, index) => {
      const next = index + 1 < depth ? call(`F${index + 1}`) : call('Identity', '');
      return body(`F${index}`, next, next);
    });
    await assert.rejects(readBytes(file([call('F0')], ...functions)), (error) => {
      assert.ok(error instanceof Failure);
      assert.match(
        error.message,
        new RegExp(`expandedNodes may be at most ${LIMITS.expandedNodes}`),
      );
      return true;
    });
  });

  test('reads a long chain of functions, and functions in a circle', async () => {
    const length = 20_000;
    const functions = Array.from({ length }, (_, index) =>
      body(`F${index}`, call(`F${index + 1}`)),
    );
    const chain = await readBytes(file([call('F0')], ...functions));
    assert.equal(expandedNodes(chain.graph, chain.functions), length);
    const circle = [body('A', call('B')), body('B', call('A'), call('B'))];
    assert.equal((await readBytes(file([call('A')], ...circle))).functions.length, 2);
  });

  test('holds a model that is run to its limit, inner graphs and calls included', async () => {
    // `If` and both nodes of its branch, and one call with two more.
    const branch = block(
      5,
      block(1, 'then_branch'),
      int(20, 5),
      block(6, call('Exp', ''), call('Exp', '')),
    );
    const other = [block(1, block(4, 'If'), branch), call('Pair')];
    const pair = body('Pair', call('Exp', ''), call('Exp', ''));
    const chain = (length: number) =>
      file([...other, ...new Array<Uint8Array>(length).fill(call('Softmax', ''))], pair);
    const largest = await readBytes(chain(MOST_LOADED_NODES - 6));
    assert.equal(checkedNodes(largest, 'model.onnx'), MOST_LOADED_NODES);
    const larger = await readBytes(chain(MOST_LOADED_NODES - 5));
    assert.throws(
      () => {
        checkedNodes(larger, 'model.onnx');
      },
      (error) =>
        error instanceof Failure &&
        error.message.includes(String(MOST_LOADED_NODES)) &&
        error.message.includes(`${MOST_LOADED_NODES + 1} operations`),
    );
  });
});

function call(name: string, domain = 'own'): Uint8Array {
  return block(1, block(4, name), block(7, domain));
}

function body(name: string, ...calls: Uint8Array[]): Uint8Array {
  // A node is field 1 of a graph and field 7 of a function.
  const nodes = calls.map((node) => Uint8Array.from([0x3a, ...node.subarray(1)]));
  return block(25, block(1, name), block(10, 'own'), ...nodes);
}

function file(nodes: Uint8Array[], ...functions: Uint8Array[]): Uint8Array {
  return Buffer.concat([model(...nodes), ...functions]);
}
