import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { matchNodes } from '../../../../src/inspect/diff/nodeMatches';
import { flatGraph } from '../../../../src/inspect/graph/flatGraph';
import type { Node, OnnxModel } from '../../../../src/onnx/graph/model';

type NewNode = [name: string, operator: string, inputs: string[], outputs: string[]];

function model(nodes: NewNode[], inputs = ['x'], outputs = ['y']): OnnxModel {
  return {
    irVersion: 10,
    producer: { name: '', version: '' },
    opsets: new Map([['', 17]]),
    metadata: new Map(),
    functions: [],
    training: [],
    graph: {
      name: '',
      nodes: nodes.map(([name, opType, from, to]): Node => ({
        name,
        opType,
        domain: '',
        inputs: from,
        outputs: to,
        attributes: new Map(),
        metadata: new Map(),
      })),
      inputs: inputs.map((name) => ({ name })),
      outputs: outputs.map((name) => ({ name })),
      values: new Map(),
      initializers: [],
      sparseInitializers: [],
    },
  };
}

/** Counterparts by the names of nodes; `-` where there is none. */
function matched(a: NewNode[], b: NewNode[]): Record<string, string> {
  const [one, other] = [flatGraph(model(a)), flatGraph(model(b))];
  const { ofA } = matchNodes(one, other, () => []);
  return Object.fromEntries(
    one.nodes.map(({ node }, index) => [
      node.name,
      other.nodes[ofA[index] ?? -1]?.node.name ?? '-',
    ]),
  );
}

suite('inspect/diff/nodeMatches', () => {
  test('nodes with other names are found from inputs and outputs on', () => {
    const found = matched(
      [
        ['a1', 'Exp', ['x'], ['p']],
        ['a2', 'Neg', ['p'], ['q']],
        ['a3', 'Abs', ['q'], ['y']],
      ],
      [
        ['b1', 'Exp', ['x'], ['v']],
        ['b2', 'Neg', ['v'], ['w']],
        ['b3', 'Abs', ['w'], ['y']],
      ],
    );
    assert.deepEqual(found, { a1: 'b1', a2: 'b2', a3: 'b3' });
  });

  test('from both sides of what one of them lacks', () => {
    const found = matched(
      [
        ['a1', 'Exp', ['x'], ['p']],
        ['a2', 'Abs', ['p'], ['y']],
      ],
      [
        ['b1', 'Exp', ['x'], ['v']],
        ['new', 'Identity', ['v'], ['w']],
        ['b2', 'Abs', ['w'], ['y']],
      ],
    );
    assert.deepEqual(found, { a1: 'b1', a2: 'b2' });
  });

  test('the same name does not make another operator the same node', () => {
    const found = matched([['n', 'Exp', ['x'], ['y']]], [['n', 'Neg', ['x'], ['y']]]);
    assert.deepEqual(found, { n: '-' });
  });

  test('several that read alike are told apart by their order', () => {
    const branches = (names: [string, string, string]): NewNode[] => [
      [names[0], 'Exp', ['x'], ['p']],
      [names[1], 'Exp', ['x'], ['q']],
      [names[2], 'Sub', ['p', 'q'], ['y']],
    ];
    assert.deepEqual(matched(branches(['a1', 'a2', 'a3']), branches(['b1', 'b2', 'b3'])), {
      a1: 'b1',
      a2: 'b2',
      a3: 'b3',
    });
  });

  test('a name that occurs twice tells nothing, and nodes need not have one', () => {
    const nodes: NewNode[] = [
      ['n', 'Exp', ['x'], ['p']],
      ['n', 'Exp', ['p'], ['q']],
      ['', 'Abs', ['q'], ['y']],
    ];
    const [one, other] = [flatGraph(model(nodes)), flatGraph(model(nodes))];
    assert.deepEqual(matchNodes(one, other, () => []).ofA, [0, 1, 2]);
  });

  test('a graph of 20,000 nodes in a second', function () {
    this.timeout(20_000);
    const chain = (prefix: string): NewNode[] =>
      Array.from({ length: 20_000 }, (_, index) => [
        `${prefix}${index}`,
        'Exp',
        [index === 0 ? 'x' : `v${index - 1}`, 'x'],
        [index === 19_999 ? 'y' : `v${index}`],
      ]);
    const [one, other] = [flatGraph(model(chain('a'))), flatGraph(model(chain('b')))];
    const { ofA } = matchNodes(one, other, () => []);
    assert.ok(ofA.every((twin, index) => twin === index));
  });
});
