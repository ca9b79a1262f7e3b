import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { weighsTokens } from '../../../../src/onnx/attention/blockwise';
import type { Node } from '../../../../src/onnx/graph/model';
import { graph, node, weight } from '../../../support/onnx/models';

suite('onnx/attention/blockwise', () => {
  const product = node('MatMul', ['q', 'k'], ['scores']);

  test('sees a Softmax over a product, by way of nodes around and in a branch', () => {
    const cut = node('Slice', ['scores', 'start', 'end'], ['cut']);
    const softmax = node('Softmax', ['cut'], ['weights']);
    assert.equal(weighsTokens(graph({ nodes: [product, cut, softmax] })), true);
    const branch = graph({ nodes: [softmax] });
    const inner = node('If', ['switch'], ['out'], { attributes: { then_branch: branch } });
    assert.equal(weighsTokens(graph({ nodes: [product, cut, inner] })), true);
  });

  test('sees none over sizes, nor over what a weight has made of it', () => {
    const softmax = node('Softmax', ['x'], ['weights']);
    const sizes = node('Shape', ['scores'], ['x']);
    assert.equal(weighsTokens(graph({ nodes: [product, sizes, softmax] })), false);
    const layer = node('MatMul', ['scores', 'w'], ['x']);
    const nodes = [product, layer, softmax];
    assert.equal(
      weighsTokens(graph({ nodes, initializers: [weight('w', 'float32', 4, 4)] })),
      false,
    );
  });

  test('looks at each of thousands of Softmax a few times', () => {
    const count = 4000;
    let looks = 0;
    const nodes = Array.from({ length: count }, (_, index): Node => {
      const made = node('Softmax', [`s${index}`], [`s${index + 1}`]);
      return {
        ...made,
        get inputs() {
          looks += 1;
          return made.inputs;
        },
      };
    });
    assert.equal(weighsTokens(graph({ nodes })), false);
    assert.ok(looks <= 20 * count, `${looks} looks at ${count} nodes`);
  });
});
