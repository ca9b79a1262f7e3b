import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { flawsOf } from '../../../../src/onnx/outline/flaws';
import { problemWords } from '../../../../src/wording/outlineWords';
import { inEnglish } from '../../../../src/shared/failure';
import { root } from '../../../support/root';
import { readBytes } from '../../../support/onnx/fixtures';
import { block, int, model } from '../../../support/onnx/protobuf';

suite('onnx/outline: graphs that nothing can compute', () => {
  const x = block(11, block(1, 'x'));
  const y = block(12, block(1, 'y'));
  const node = (opType: string, inputs: string[], outputs: string[], ...more: Uint8Array[]) =>
    block(
      1,
      ...inputs.map((name) => block(1, name)),
      ...outputs.map((name) => block(2, name)),
      block(3, `the ${opType}`),
      block(4, opType),
      ...more,
    );
  const branch = (name: string, ...graph: Uint8Array[]) =>
    block(5, block(1, name), block(6, ...graph), int(20, 5));
  const weight = block(5, int(1, 1), int(2, 1), block(8, 'w'), block(9, '\0\0\0\0'));
  const calls = (name: string, opType: string) =>
    block(25, block(1, name), block(10, 'own'), block(7, block(4, opType), block(7, 'own')));

  const constant = (value: number) =>
    node('Constant', [], ['c'], block(5, block(1, 'value_int'), int(3, value), int(20, 2)));

  const flawed: [name: string, file: Uint8Array, says: string[]][] = [
    [
      'a missing initializer',
      model(x, y, node('MatMul', ['x', 'w'], ['y'])),
      [
        'nothing in the file makes the value “w”, which the node “the MatMul” needs (values like it: 1)',
      ],
    ],
    [
      'two values that are missing',
      model(x, y, node('Where', ['a', 'x', 'b'], ['y'])),
      [
        'nothing in the file makes the value “a”, which the node “the Where” needs (values like it: 2)',
      ],
    ],
    [
      'an output that nothing makes',
      model(x, y, node('Relu', ['x'], ['z'])),
      ['nothing in the file makes the output “y” (values like it: 1)'],
    ],
    [
      'a value of one branch that the other takes',
      model(
        x,
        y,
        node(
          'If',
          ['x'],
          ['y'],
          branch('then_branch', node('Relu', ['x'], ['a']), block(12, block(1, 'a'))),
          branch('else_branch', node('Abs', ['a'], ['b']), block(12, block(1, 'b'))),
        ),
      ),
      [
        'nothing in the file makes the value “a”, which the node “the Abs” needs (values like it: 1)',
      ],
    ],
    [
      'a circle',
      model(
        x,
        y,
        node('Neg', ['b'], ['y']),
        node('Add', ['x', 'b'], ['a']),
        node('Relu', ['a'], ['b']),
      ),
      ['the node “the Relu” needs what it makes itself: the graph is circular'],
    ],
    [
      'a node that takes its own value within a branch',
      model(x, y, node('If', ['x'], ['y'], branch('then_branch', node('Relu', ['y'], ['a'])))),
      ['the node “the If” needs what it makes itself: the graph is circular'],
    ],
    [
      'a value that is made twice',
      model(x, y, node('Relu', ['x'], ['y']), node('Abs', ['x'], ['y'])),
      ['the value “y” is made more than once (values like it: 1)'],
    ],
    [
      'a value that is a constant and computed too',
      model(x, block(12, block(1, 'c')), constant(1), node('Relu', ['x'], ['c'])),
      ['the value “c” is made more than once (values like it: 1)'],
    ],
    [
      'an input that comes twice',
      model(x, x, y, node('Relu', ['x'], ['y'])),
      ['the value “x” is made more than once (values like it: 1)'],
    ],
    [
      'a function that calls itself',
      Buffer.concat([model(x, y, node('Relu', ['x'], ['y'])), calls('F', 'F')]),
      ['the function “own.F” of the file calls itself'],
    ],
    [
      'functions that call each other',
      Buffer.concat([
        model(x, y, node('Relu', ['x'], ['y'])),
        ...[calls('A', 'B'), calls('B', 'C'), calls('C', 'B')],
      ]),
      ['the function “own.B” of the file calls itself'],
    ],
  ];
  for (const [name, file, says] of flawed) {
    test(`${name} is told`, async () => {
      const problems = flawsOf(await readBytes(file));
      assert.deepEqual(problems.map(problemWords).map(inEnglish), says);
    });
  }

  test('nodes in any order, inputs left out and weights that are inputs are no flaws', async () => {
    const given = block(11, block(1, 'w'));
    const unsorted = [node('Add', ['b', 'w', ''], ['y', '']), node('Relu', ['x'], ['b', ''])];
    assert.deepEqual(flawsOf(await readBytes(model(x, given, weight, y, ...unsorted))), []);
  });

  test('of constants and initializers of one name the runtime takes one', async () => {
    const twice = [weight, weight, constant(1), constant(2)];
    const file = model(x, y, ...twice, node('Add', ['x', 'w'], ['y']));
    assert.deepEqual(flawsOf(await readBytes(file)), []);
  });

  test('no model of an exporter has a flaw', async () => {
    const folders = ['test/fixtures/families', 'test/fixtures/fused', 'models'];
    const files = folders.flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.onnx'))
        .map((name) => path.join(root, folder, name)),
    );
    assert.ok(files.length > 100, `${files.length} files`);
    for (const file of files) {
      assert.deepEqual(flawsOf(await readBytes(readFileSync(file))), [], file);
    }
  });
});
