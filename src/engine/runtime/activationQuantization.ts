import { wholeModel } from '../../onnx/file/writeModel';
import { openSession } from './session';
import { asFloat32 } from './tensor';

/** Terms and columns of the product: enough for every kernel that the runtime has. */
const TERMS = 64;
const COLUMNS = 16;

const ONNX_FLOAT = 1;

/** The second row is less than half a step where both rows have one scale. */
const ROWS = [100, 0.15] as const;

let known: Promise<boolean> | undefined;

/**
 * Whether products of rounded activations round a whole tensor with one scale, as ONNX's
 * `DynamicQuantizeLinear` says. ONNX Runtime makes one operator of it and the product behind it, and has
 * kernels for that which give each row a scale of its own (KleidiAI, on some processors of Arm). Asked
 * of the runtime itself, once in the life of a process.
 * @returns false where the runtime does not answer.
 */
export function quantizesPerTensor(): Promise<boolean> {
  known ??= measured().catch(() => false);
  return known;
}

async function measured(): Promise<boolean> {
  const bytes = wholeModel(
    {
      nodes: [
        { opType: 'DynamicQuantizeLinear', inputs: ['x'], outputs: ['q', 's', 'z'] },
        { opType: 'MatMulInteger', inputs: ['q', 'columns', 'z'], outputs: ['sums'] },
        {
          opType: 'Cast',
          inputs: ['sums'],
          outputs: ['numbers'],
          attributes: { to: { kind: 'int', value: ONNX_FLOAT } },
        },
        { opType: 'Mul', inputs: ['s', 'scale'], outputs: ['scales'] },
        { opType: 'Mul', inputs: ['numbers', 'scales'], outputs: ['y'] },
      ],
      initializers: [
        {
          name: 'columns',
          dtype: 'int8',
          dims: [TERMS, COLUMNS],
          bytes: new Uint8Array(TERMS * COLUMNS).fill(1),
        },
        {
          name: 'scale',
          dtype: 'float32',
          dims: [],
          bytes: new Uint8Array(Float32Array.of(1).buffer),
        },
      ],
      inputs: [{ name: 'x', dtype: 'float32', shape: [ROWS.length, TERMS] }],
      outputs: [{ name: 'y', dtype: 'float32', shape: [ROWS.length, COLUMNS] }],
    },
    { irVersion: 8, opset: 13 },
  );
  const session = await openSession({ bytes, folder: '' }, 'DynamicQuantizeLinear');
  try {
    const x = Float32Array.from(ROWS.flatMap((value) => new Array<number>(TERMS).fill(value)));
    const outputs = await session.run(
      new Map([['x', { type: 'float32', data: x, dims: [ROWS.length, TERMS] }]]),
      ['y'],
    );
    const y = outputs.get('y');
    return (
      y !== undefined &&
      asFloat32(y)
        .subarray(COLUMNS)
        .every((sum) => sum === 0)
    );
  } finally {
    await session.dispose();
  }
}
