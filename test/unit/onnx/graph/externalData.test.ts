import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { externalLocations } from '../../../../src/onnx/graph/externalData';
import { Failure } from '../../../../src/shared/failure';
import { fixture, readBytes } from '../../../support/onnx/fixtures';
import { block, int, model } from '../../../support/onnx/protobuf';

suite('onnx/graph/externalData', () => {
  test('names each file once, with the size that it needs', async () => {
    assert.deepEqual(externalLocations(await readBytes(fixture('parts.onnx')), 'm.onnx'), [
      { location: 'near.bin', bytes: 8 },
      { location: 'weights/far.bin', bytes: 8196 },
    ]);
    assert.deepEqual(externalLocations(await readBytes(fixture('llama-eager.onnx')), 'm.onnx'), [
      { location: 'llama-eager.onnx_data', bytes: fixture('llama-eager.onnx_data').length },
    ]);
    assert.deepEqual(externalLocations(await readBytes(fixture('gpt2-eager.onnx')), 'm.onnx'), []);
  });

  const places: { name: string; file: (tensor: Uint8Array) => Uint8Array }[] = [
    { name: 'an initializer', file: (tensor) => model(block(5, tensor)) },
    { name: 'a sparse initializer', file: (tensor) => model(block(15, sparse(tensor))) },
    { name: 'a constant', file: (tensor) => model(node(block(5, tensor))) },
    { name: 'a list of constants', file: (tensor) => model(node(block(10, tensor))) },
    { name: 'a sparse constant', file: (tensor) => model(node(block(22, sparse(tensor)))) },
    { name: 'sparse constants', file: (tensor) => model(node(block(23, sparse(tensor)))) },
    { name: 'a branch', file: (tensor) => model(node(block(6, block(5, tensor)))) },
    { name: 'a list of graphs', file: (tensor) => model(node(block(11, block(5, tensor)))) },
    {
      name: 'a branch within a branch',
      file: (tensor) => model(node(block(6, node(block(6, block(5, tensor)))))),
    },
    {
      name: 'a function',
      file: (tensor) => Buffer.concat([model(), block(25, block(7, attribute(block(5, tensor))))]),
    },
    {
      name: 'a default of a function',
      file: (tensor) => Buffer.concat([model(), block(25, block(11, block(5, tensor)))]),
    },
    {
      name: 'a training graph',
      file: (tensor) => Buffer.concat([model(), block(20, block(2, block(5, tensor)))]),
    },
  ];
  for (const { name, file } of places) {
    test(`checks the tensors of ${name}`, async () => {
      const safe = await readBytes(file(external('w.bin')));
      assert.deepEqual(externalLocations(safe, 'm.onnx'), [{ location: 'w.bin', bytes: 4 }]);
      const unsafe = await readBytes(file(external('../w.bin')));
      assert.throws(() => externalLocations(unsafe, 'm.onnx'), Failure);
    });
  }

  for (const location of [
    '/etc/passwd',
    '..',
    '../weights.bin',
    'weights/../../secret',
    './../secret',
    '.. /secret',
    '.../secret',
    'weights./w.bin',
    '..\\secret',
    'weights\\w.bin',
    'C:/secret',
    'C:secret',
    'w.bin:stream',
    '*/_ORT_MEM_ADDR_/*',
    'w\u0000.bin',
    '',
    '.',
    './',
  ]) {
    test(`refuses the location ${JSON.stringify(location)}`, async () => {
      const read = await readBytes(model(block(5, external(location))));
      assert.throws(
        () => externalLocations(read, 'm.onnx'),
        (error) =>
          error instanceof Failure &&
          error.kind === 'model' &&
          error.where === `m.onnx → ${location}`,
      );
    });
  }

  for (const [location, normal] of [
    ['w.bin', 'w.bin'],
    ['./w.bin', 'w.bin'],
    ['a//b/./w.bin', 'a/b/w.bin'],
    ['..w/w..bin', '..w/w..bin'],
    ['größe 1.bin', 'größe 1.bin'],
  ] as const) {
    test(`allows the location ${JSON.stringify(location)}`, async () => {
      const read = await readBytes(model(block(5, external(location))));
      assert.deepEqual(externalLocations(read, 'm.onnx'), [{ location: normal, bytes: 4 }]);
    });
  }
});

/** The content of a TensorProto: one float in another file. */
function external(location: string): Uint8Array {
  return Buffer.concat([
    ...[int(2, 1), int(1, 1), int(14, 1)],
    block(13, block(1, 'location'), block(2, location)),
  ]);
}

/** The content of a SparseTensorProto with these values. */
function sparse(values: Uint8Array): Uint8Array {
  const indices = Buffer.concat([int(2, 7), int(1, 1), block(9, new Uint8Array(8))]);
  return Buffer.concat([block(1, values), block(2, indices), int(3, 1)]);
}

function node(value: Uint8Array): Uint8Array {
  return block(1, attribute(value));
}

function attribute(value: Uint8Array): Uint8Array {
  return block(5, block(1, 'value'), value);
}
