import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { wholeModel } from '../../../src/onnx/file/writeModel';
import type { NewNode } from '../../../src/onnx/graph/graphBuilder';
import { readOnnx } from '../../../src/onnx/file/readModel';
import { productInputs } from '../../../src/weights/productInputs';
import { root } from '../../support/root';
import { MemorySource } from '../../support/onnx/fixtures';
import { families, fixture, openModel } from '../../support/weights/files';

const complete = path.join(root, 'models/headlight-complete/onnx');

suite('weights/productInputs', () => {
  for (const [file, forms, half] of [
    [path.join(families, 'bert/torchscript-eager/model.onnx'), [], false],
    [path.join(families, 'bert/torchscript-eager/model_quantized.onnx'), ['dynamic'], false],
    [path.join(families, 'bert/torchscript-eager/model_uint8.onnx'), ['dynamic'], false],
    [path.join(families, 'bert/torchscript-eager/model_qdq.onnx'), ['fixedScales'], false],
    [path.join(families, 'bert/torchscript-eager/model_fp16.onnx'), [], true],
    [path.join(families, 'llama/torchscript-eager-q4/model_q4.onnx'), [], false],
    [path.join(families, 'llama/torchscript-eager-q4f16/model_q4f16.onnx'), [], true],
    [fixture('fused_quantized.onnx'), ['dynamic', 'packedAttention'], false],
    // Weights that are only stored in half precision.
    [path.join(complete, 'model.onnx'), [], false],
    [path.join(complete, 'model_quantized.onnx'), ['dynamic'], false],
  ] as const) {
    const said = [...forms, ...(half ? ['half precision'] : [])].join(', ') || 'float32';
    test(`${path.relative(root, file)}: ${said}`, async () => {
      const { roundings, others, half: isHalf } = productInputs((await openModel(file)).model);
      const found = new Set([...roundings.values(), ...others]);
      assert.deepEqual([...found].sort(), [...forms]);
      assert.equal(isHalf, half);
    });
  }

  const made: [string, NewNode[], string[]][] = [
    ['MatMulNBits in integers', [matMulNBits(4)], ['blocks']],
    ['MatMulNBits in float32', [matMulNBits(1)], []],
    [
      'an operator that rounds by itself',
      [
        {
          opType: 'DynamicQuantizeMatMul',
          domain: 'com.microsoft',
          inputs: ['x', 'w', 's'],
          outputs: ['y'],
        },
      ],
      ['dynamic'],
    ],
    [
      'integers that come from elsewhere',
      [{ opType: 'MatMulInteger', inputs: ['x', 'w'], outputs: ['y'] }],
      ['other'],
    ],
    [
      'integers on both sides and out',
      [
        {
          opType: 'QLinearMatMul',
          inputs: ['x', 's', 'z', 'w', 's', 'z', 's', 'z'],
          outputs: ['y'],
        },
      ],
      ['fixedScales'],
    ],
  ];
  for (const [what, nodes, forms] of made) {
    test(`${what}: ${forms.join() || 'as they are'}`, async () => {
      const bytes = wholeModel(
        {
          nodes,
          initializers: [
            { name: 'w', dtype: 'uint8', dims: [4, 4], bytes: new Uint8Array(16) },
            { name: 's', dtype: 'float32', dims: [], bytes: new Uint8Array(4) },
            { name: 'z', dtype: 'uint8', dims: [], bytes: new Uint8Array(1) },
          ],
          outputs: ['y'],
        },
        { irVersion: 8, opset: 14 },
      );
      const model = await readOnnx(new MemorySource(bytes), 'made.onnx');
      assert.deepEqual([...productInputs(model).roundings.values()], forms);
    });
  }
});

function matMulNBits(accuracy: number): NewNode {
  return {
    opType: 'MatMulNBits',
    domain: 'com.microsoft',
    inputs: ['x', 'w', 's'],
    outputs: ['y'],
    attributes: { accuracy_level: { kind: 'int', value: accuracy } },
  };
}
