import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { mergeOutlines } from '../../../../src/engine/tasks/mergeOutlines';
import type { ModelOutline } from '../../../../src/shared/modelOutline';
import { phrase } from '../../../../src/shared/failure';

const folder = path.join(path.sep, 'models', 'translator');

suite('engine, the files of a model outlined as one', () => {
  const encoder = outline('encoder_model.onnx', {
    opsets: [{ domain: 'ai.onnx', version: 14 }],
    inputs: [{ name: 'input_ids' }],
    outputs: [{ name: 'last_hidden_state' }],
    parameters: 100,
    dtypes: [{ dtype: 'float32', parameters: 100, bytes: 400, tensors: 3 }],
    size: { file: 500, external: 0, memory: 400 },
    operators: [
      { name: 'MatMul', count: 4 },
      { name: 'Softmax', count: 1 },
    ],
    compatibility: {
      runtime: 'ONNX Runtime',
      problems: [
        { kind: 'opset', version: 99, newest: 26 },
        { kind: 'operator', operator: 'Mystery', version: 1, nodes: 2 },
      ],
    },
    quantization: { scheme: 'none', parts: [], weights: 3, parameters: 90, signedBytes: 0 },
    shapes: { known: 7, values: 9 },
    attention: [{ id: 'encoder.blocks.0.attn', component: 'encoder', kind: 'self', layer: 0 }],
  });
  const eight = { scheme: 'dynamic', bits: 8, weights: 2, parameters: 20 } as const;
  const decoder = outline('decoder_model.onnx', {
    opsets: [
      { domain: 'ai.onnx', version: 17 },
      { domain: 'com.microsoft', version: 1 },
    ],
    inputs: [{ name: 'input_ids' }, { name: 'encoder_hidden_states' }],
    outputs: [{ name: 'logits' }],
    parameters: 30,
    dtypes: [
      { dtype: 'int8', parameters: 20, bytes: 20, tensors: 2 },
      { dtype: 'float32', parameters: 10, bytes: 40, tensors: 1 },
    ],
    size: { file: 60, external: 20, memory: 60 },
    operators: [{ name: 'Softmax', count: 2 }],
    compatibility: {
      runtime: 'ONNX Runtime',
      problems: [
        { kind: 'opset', version: 99, newest: 26 },
        { kind: 'operator', operator: 'Mystery', version: 1, nodes: 3 },
      ],
    },
    quantization: {
      scheme: 'dynamic',
      parts: [eight],
      weights: 3,
      parameters: 30,
      signedBytes: 2,
      products: 'saturating',
    },
    shapes: { known: 5, values: 5 },
  });
  const withPast: ModelOutline = { ...decoder, file: path.join(folder, 'with_past.onnx') };
  const once = [encoder, decoder];
  const parts = [...once, withPast];
  const whole = mergeOutlines(folder, once, parts, []);

  test('goes by the name of the folder, from the first inputs to the last outputs', () => {
    assert.equal(whole.file, folder);
    assert.equal(whole.producer, 'pytorch 2');
    assert.deepEqual(whole.inputs, encoder.inputs);
    assert.deepEqual(whole.outputs, decoder.outputs);
    assert.deepEqual(whole.parts, [encoder, decoder, withPast]);
  });

  test('takes the newest operator set of each domain', () => {
    assert.deepEqual(whole.opsets, [
      { domain: 'ai.onnx', version: 17 },
      { domain: 'com.microsoft', version: 1 },
    ]);
  });

  test('counts layers that two files have once, and what lies on the disk in full', () => {
    assert.equal(whole.parameters, 130);
    assert.deepEqual(whole.dtypes, [
      { dtype: 'float32', parameters: 110, bytes: 440, tensors: 4 },
      { dtype: 'int8', parameters: 20, bytes: 20, tensors: 2 },
    ]);
    assert.deepEqual(whole.size, { file: 620, external: 40, memory: 520 });
    assert.deepEqual(whole.operators, [
      { name: 'MatMul', count: 4 },
      { name: 'Softmax', count: 3 },
    ]);
    assert.deepEqual(whole.shapes, { known: 12, values: 14 });
  });

  test('counts once what files before have, too, whatever its type is there', () => {
    const place = ({ file }: ModelOutline, dtype: string, bytes: number) => ({
      file,
      tensor: 'shared',
      dtype,
      bytes,
    });
    const repeated = [
      {
        parameters: 15,
        isTable: true,
        places: [
          place(encoder, 'float32', 60),
          place(decoder, 'int8', 15),
          place(decoder, 'float32', 60),
          place(withPast, 'int8', 15),
        ],
      },
      // Of the same layers with a cache and without, which count once already.
      {
        parameters: 5,
        isTable: false,
        places: [place(decoder, 'int8', 5), place(withPast, 'int8', 5)],
      },
    ];
    const shared = mergeOutlines(folder, once, parts, repeated);
    assert.equal(shared.parameters, 130 - 15);
    assert.equal(shared.modules.parameters, 130 - 15);
    assert.deepEqual(shared.dtypes, [
      { dtype: 'float32', parameters: 110, bytes: 440, tensors: 4 },
      { dtype: 'int8', parameters: 5, bytes: 5, tensors: 1 },
    ]);
    assert.deepEqual(shared.repeated, repeated);
    assert.deepEqual(shared.size, whole.size, 'all of it lies on the disk');
  });

  test('adds constants up', () => {
    const row = { kind: 'integer', elements: 2, bytes: 16, tensors: 1 } as const;
    const numbers = { kind: 'number', elements: 3, bytes: 12, tensors: 3 } as const;
    const both = mergeOutlines(
      folder,
      [
        { ...encoder, constants: [row] },
        { ...decoder, constants: [numbers, row] },
      ],
      [],
      [],
    );
    assert.deepEqual(both.constants, [
      { kind: 'integer', elements: 4, bytes: 32, tensors: 2 },
      numbers,
    ]);
  });

  test('is quantized as far as its files are', () => {
    assert.deepEqual(whole.quantization, {
      scheme: 'dynamic',
      parts: [eight],
      weights: 6,
      parameters: 120,
      signedBytes: 2,
      products: 'saturating',
    });
  });

  test('names what the runtime lacks once, with the nodes of all files', () => {
    assert.deepEqual(whole.compatibility.problems, [
      { kind: 'opset', version: 99, newest: 26 },
      { kind: 'operator', operator: 'Mystery', version: 1, nodes: 8 },
    ]);
  });

  test('has a module for each file, by its name', () => {
    assert.deepEqual(
      whole.modules.modules.map(({ name }) => name),
      ['encoder_model.onnx', 'decoder_model.onnx'],
    );
  });

  test('says why there is no attention only where no file has any', () => {
    const reason = {
      kind: 'unsupported',
      what: phrase('No attention'),
      remedy: phrase('none'),
    } as const;
    const without: ModelOutline = { ...decoder, attention: [], withoutAttention: reason };
    assert.equal(mergeOutlines(folder, [encoder, without], [], []).withoutAttention, undefined);
    const none = mergeOutlines(folder, [without, without], [], []);
    assert.deepEqual([none.attention, none.withoutAttention], [[], reason]);
  });
});

function outline(
  file: string,
  about: Omit<
    ModelOutline,
    'file' | 'producer' | 'irVersion' | 'modules' | 'attention' | 'constants' | 'repeated'
  > &
    Partial<ModelOutline>,
): ModelOutline {
  const { parameters, operators } = about;
  return {
    file: path.join(folder, file),
    producer: 'pytorch 2',
    irVersion: 8,
    modules: { name: '', parameters, bytes: 4 * parameters, operators, modules: [] },
    attention: [],
    constants: [],
    repeated: [],
    ...about,
  };
}
