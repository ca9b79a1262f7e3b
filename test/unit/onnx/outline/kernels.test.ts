import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { openSession } from '../../../../src/engine/runtime/session';
import { dtypeNumber, rawBytes } from '../../../../src/onnx/graph/dtype';
import type { DType } from '../../../../src/onnx/graph/model';
import { compatibilityOf } from '../../../../src/onnx/outline/compatibility';
import data from '../../../../src/onnx/outline/cpuKernels.json';
import {
  NEWEST_IR_VERSION,
  NEWEST_OPSET,
  operatorVersion,
  RUNTIME_VERSION,
} from '../../../../src/onnx/outline/kernels';
import { graphFields } from '../../../../src/onnx/file/writeModel';
import type { NewAttribute } from '../../../../src/onnx/graph/graphBuilder';
import { inferShapes } from '../../../../src/onnx/shapes/inferShapes';
import { inEnglish } from '../../../../src/shared/failure';
import { problemWords } from '../../../../src/wording/outlineWords';
import { root } from '../../../support/root';
import { readBytes } from '../../../support/onnx/fixtures';
import { model, node, value } from '../../../support/onnx/models';
import { block, int } from '../../../support/onnx/protobuf';

/** One node and what it is given: sizes by type, of inputs; initializers where they must be known. */
interface OneNode {
  operator: string;
  domain?: string;
  /** Whether the file names the domain, which ONNX Runtime's own optimizer leaves out. */
  isListed?: boolean;
  opset?: number;
  irVersion?: number;
  inputs: [dtype: DType, ...dims: number[]][];
  weights?: [dtype: DType, ...dims: number[]][];
  attributes?: Record<string, NewAttribute>;
  /** What the table should say. */
  runs: boolean;
}

const bits: NewAttribute = { kind: 'int', value: 4 };
const block32: NewAttribute = { kind: 'int', value: 32 };

const NODES: OneNode[] = [
  {
    operator: 'MatMul',
    inputs: [
      ['float32', 2, 4],
      ['float32', 4, 3],
    ],
    runs: true,
  },
  {
    operator: 'MatMul',
    inputs: [
      ['float16', 2, 4],
      ['float16', 4, 3],
    ],
    runs: true,
  },
  {
    operator: 'MatMul',
    inputs: [
      ['bfloat16', 2, 4],
      ['bfloat16', 4, 3],
    ],
    runs: false,
  },
  // Its kernels take more than the operator set lets them have.
  {
    operator: 'Equal',
    opset: 10,
    inputs: [
      ['float32', 4],
      ['float32', 4],
    ],
    runs: false,
  },
  {
    operator: 'Equal',
    opset: 11,
    inputs: [
      ['float16', 4],
      ['float16', 4],
    ],
    runs: true,
  },
  { operator: 'Range', inputs: [['float16'], ['float16'], ['float16']], runs: false },
  { operator: 'Erf', inputs: [['float32', 4]], runs: true },
  { operator: 'Erf', inputs: [['float64', 4]], runs: false },
  { operator: 'HardSwish', opset: 18, inputs: [['float32', 4]], runs: true },
  { operator: 'Mish', opset: 18, inputs: [['float32', 4]], runs: true },
  { operator: 'Gelu', opset: 20, inputs: [['float64', 4]], runs: false },
  { operator: 'Gelu', opset: 14, inputs: [['float32', 4]], runs: false },
  { operator: 'Swish', opset: 24, inputs: [['float16', 4]], runs: true },
  { operator: 'CumSum', inputs: [['float32', 4], ['int64']], runs: true },
  { operator: 'CumSum', inputs: [['uint32', 4], ['int64']], runs: false },
  { operator: 'FastGelu', domain: 'com.microsoft', inputs: [['float32', 4]], runs: true },
  {
    operator: 'QuickGelu',
    domain: 'com.microsoft',
    isListed: false,
    inputs: [['float32', 4]],
    runs: true,
  },
  {
    operator: 'MatMulNBits',
    domain: 'com.microsoft',
    inputs: [['float32', 2, 32]],
    weights: [
      ['uint8', 8, 1, 16],
      ['float32', 8],
    ],
    attributes: {
      K: { kind: 'int', value: 32 },
      N: { kind: 'int', value: 8 },
      bits,
      block_size: block32,
    },
    runs: true,
  },
  {
    operator: 'QuickGelu',
    domain: 'com.microsoft',
    inputs: [['float64', 4]],
    runs: false,
  },
  {
    operator: 'GemmFastGelu',
    domain: 'com.microsoft',
    inputs: [
      ['float32', 2, 4],
      ['float32', 4, 3],
    ],
    runs: false,
  },
  { operator: 'Mystery', domain: 'org.example', inputs: [['float32', 4]], runs: false },
  {
    operator: 'Relu',
    opset: NEWEST_OPSET,
    irVersion: NEWEST_IR_VERSION,
    inputs: [['float32', 4]],
    runs: true,
  },
  { operator: 'Relu', opset: NEWEST_OPSET + 1, inputs: [['float32', 4]], runs: false },
  { operator: 'Relu', irVersion: NEWEST_IR_VERSION + 1, inputs: [['float32', 4]], runs: false },
];

suite('onnx/outline: what the runtime can compute', () => {
  for (const one of NODES) {
    const { operator, domain = '', opset = 14, irVersion = 8, inputs, runs, isListed = true } = one;
    const types = [...new Set(inputs.map(([dtype]) => dtype))].join(', ');
    const title = `${domain}.${operator} of set ${opset} (${types}), IR ${irVersion}${isListed ? '' : ', not listed'}`;
    test(`${runs ? 'runs' : 'does not run'}: ${title}`, async () => {
      const bytes = file(one);
      const model = await readBytes(bytes);
      const { problems } = compatibilityOf(model, inferShapes(model));
      assert.equal(problems.length === 0, runs, JSON.stringify(problems));

      const opened = await openSession({ bytes, folder: root }, 'one node').then(
        (session) => session,
        () => undefined,
      );
      await opened?.dispose();
      assert.equal(opened !== undefined, runs, 'what the runtime itself does');
    });
  }

  test('does not run: grouped queries with norms, of which it says so only as it computes', () => {
    const inputs = [...Array<string>(14).fill('x'), 'q_norm', 'k_norm'];
    const attention = node('GroupQueryAttention', inputs, ['y'], { domain: 'com.microsoft' });
    const built = model({
      inputs: ['x', 'q_norm', 'k_norm'].map((name) => value(name, [1])),
      nodes: [attention, { ...attention, outputs: ['z'] }],
    });
    const { problems } = compatibilityOf(built, inferShapes(built));
    assert.deepEqual(problems.map(problemWords).map(inEnglish), [
      'the runtime cannot compute the operator com.microsoft.GroupQueryAttention with the input q_norm_weight (nodes: 2)',
    ]);
  });

  test('the table is of the version that is bundled', () => {
    const manifest = path.join(root, 'node_modules/onnxruntime-node/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    assert.equal(RUNTIME_VERSION, version);
  });

  test('every operator of the table can be read', () => {
    const version = /^\d+(!|=\*?[^|=*]+(\|\*?[^|=*]+)*)?$/;
    const letter = new RegExp(`^([${Object.keys(data.types).join('')}~:,>0-9*|=!])+$`);
    const wrong = Object.entries(data.operators).filter(
      ([name, versions]) =>
        !/^[\w.]+$/.test(name) ||
        !versions.split(' ').every((each) => version.test(each) && letter.test(each)),
    );
    assert.deepEqual(wrong, []);
    assert.ok(Object.keys(data.operators).length > 350);
    assert.ok(Object.values(data.types).every((name) => dtypeNumber(name as DType) > 0));
  });

  test('an operator is looked up as its operator set defined it', () => {
    assert.equal(operatorVersion('', 'Softmax', 12)?.since, 11);
    assert.equal(operatorVersion('', 'Softmax', 99)?.since, 13);
    assert.equal(operatorVersion('', 'LayerNormalization', 16)?.since, 1);
    assert.equal(operatorVersion('', 'Trilu', 13), undefined);
    assert.deepEqual(operatorVersion('', 'Add', 1)?.kernels, []);
    assert.equal(operatorVersion('', 'HardSwish', 14)?.kernels[0]?.isFunction, true);
  });
});

/** A file with one node, whose result is its output. */
function file({ operator, domain = '', opset = 14, irVersion = 8, ...one }: OneNode): Uint8Array {
  const { inputs, weights = [], attributes = {}, isListed = true } = one;
  const fields = graphFields({
    nodes: [
      {
        opType: operator,
        domain,
        inputs: [
          ...inputs.map((_, index) => `x${index}`),
          ...weights.map((_, index) => `w${index}`),
        ],
        outputs: ['y'],
        attributes,
      },
    ],
    inputs: inputs.map(([dtype, ...shape], index) => ({ name: `x${index}`, dtype, shape })),
    initializers: weights.map(([dtype, ...dims], index) => ({
      name: `w${index}`,
      dtype,
      dims,
      bytes: new Uint8Array(
        rawBytes(
          dtype,
          dims.reduce((a, b) => a * b, 1),
        ) ?? 0,
      ),
    })),
    outputs: ['y'],
  });
  const named = domain === '' || !isListed ? [] : [block(8, block(1, domain), int(2, 1))];
  return Buffer.concat([
    int(1, irVersion),
    block(7, block(2, 'g'), fields),
    block(8, int(2, opset)),
    ...named,
  ]);
}
