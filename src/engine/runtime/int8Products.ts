import { wholeModel } from '../../onnx/file/writeModel';
import type { ByteProducts } from '../../shared/modelOutline';
import { openSession } from './session';
import { asFloat32 } from './tensor';

/** Terms of each sum: enough for every vector width that the runtime has a kernel for. */
const TERMS = 64;
const COLUMNS = 16;

const LARGEST_UNSIGNED = 255;
const LARGEST_SIGNED = 127;

let known: Promise<ByteProducts | undefined> | undefined;

/**
 * Whether sums of unsigned times signed 8-bit integers, which is what activations and weights of most
 * 8-bit models are, come out exactly on this processor. On x86 with AVX2 and without VNNI, ONNX
 * Runtime multiplies them with an instruction that adds each two products in 16 bits and cuts off
 * what does not fit (Intel's manual, PMADDUBSW). Asked of the runtime itself, once in the life of a
 * process: one product of the largest numbers there are.
 * @returns undefined where the runtime does not answer.
 */
export function int8Products(): Promise<ByteProducts | undefined> {
  known ??= measured().catch(() => undefined);
  return known;
}

/** Whether those products are known to be wrong on this processor. */
export async function int8ProductsSaturate(): Promise<boolean> {
  return (await int8Products()) === 'saturating';
}

async function measured(): Promise<ByteProducts> {
  const bytes = wholeModel(
    {
      nodes: [
        { opType: 'MatMulInteger', inputs: ['row', 'columns'], outputs: ['sums'] },
        {
          opType: 'Cast',
          inputs: ['sums'],
          outputs: ['answer'],
          attributes: { to: { kind: 'int', value: 1 } },
        },
      ],
      initializers: [
        {
          name: 'columns',
          dtype: 'int8',
          dims: [TERMS, COLUMNS],
          bytes: new Uint8Array(TERMS * COLUMNS).fill(LARGEST_SIGNED),
        },
      ],
      inputs: [{ name: 'row', dtype: 'uint8', shape: [1, TERMS] }],
      outputs: [{ name: 'answer', dtype: 'float32', shape: [1, COLUMNS] }],
    },
    { irVersion: 8, opset: 13 },
  );
  const session = await openSession({ bytes, folder: '' }, 'MatMulInteger');
  try {
    const row = new Uint8Array(TERMS).fill(LARGEST_UNSIGNED);
    const outputs = await session.run(
      new Map([['row', { type: 'uint8', data: row, dims: [1, TERMS] }]]),
      ['answer'],
    );
    const answer = outputs.get('answer');
    const sums = answer === undefined ? [] : [...asFloat32(answer)];
    const exact = TERMS * LARGEST_UNSIGNED * LARGEST_SIGNED;
    return sums.length === COLUMNS && sums.every((sum) => sum === exact) ? 'exact' : 'saturating';
  } finally {
    await session.dispose();
  }
}
