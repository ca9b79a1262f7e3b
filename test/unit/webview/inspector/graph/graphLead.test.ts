import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { ModuleGraph } from '../../../../../src/shared/moduleGraph';
import { graphLead } from '../../../../../webview/inspector/graph/graphLead';

/** Three equal blocks of two nodes each among so many others. */
function withBlocks(others: number): ModuleGraph {
  const nodes = Array.from({ length: 6 + others }, () => ({
    ...{ name: '', operator: 'Relu', module: 0, inputs: [], outputs: [] },
  }));
  const block = { name: '0', parent: 0, nodes: 2, parameters: 0 };
  return {
    ...{ file: 'm.onnx', nodes, values: [], inputs: [], outputs: [] },
    modules: [
      { name: '', nodes: nodes.length, parameters: 0 },
      block,
      { ...block, equalTo: 1 },
      { ...block, equalTo: 1 },
    ],
  };
}

suite('webview: what is said of a graph', () => {
  test('most of it is a block only where that is so', () => {
    assert.match(graphLead(withBlocks(5), String).join(' '), /^Most of the graph is \*\*3 times/);
    assert.match(
      graphLead(withBlocks(6), String).join(' '),
      /^The graph has \*\*12 nodes\*\*, among them 3 times the same block of 2\.$/,
    );
  });

  test('a circle comes first, by a name that cannot break the emphasis', () => {
    const [first] = graphLead({ ...withBlocks(0), circular: 'a**b\u202e' }, String);
    assert.equal(first, '**The graph goes in a circle** at ab\\u202e: no runtime can run it.');
  });
});
