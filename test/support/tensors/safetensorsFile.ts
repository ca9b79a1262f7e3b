/** Names of element types in the format. */
const TYPES = { float32: 'F32', float16: 'F16', bfloat16: 'BF16', int8: 'I8' } as const;

/** A tensor to be written. */
export interface WrittenTensor {
  name: string;
  dtype: keyof typeof TYPES;
  dims: number[];
  bytes: Uint8Array;
}

/** The bytes of a safetensors file. */
export function safetensorsFile(tensors: readonly WrittenTensor[]): Buffer {
  let end = 0;
  const entries = tensors.map(({ name, dtype, dims, bytes }) => {
    const begin = end;
    end += bytes.length;
    return [name, { dtype: TYPES[dtype], shape: dims, data_offsets: [begin, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...tensors.map(({ bytes }) => bytes)]);
}
