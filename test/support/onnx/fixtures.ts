import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readOnnx } from '../../../src/onnx/file/readModel';
import type { ByteSource, OnnxModel } from '../../../src/onnx/graph/model';
import type { HeadStatistics } from '../../../src/shared/attention';
import { root } from '../root';

/** Where `make.py` leaves the files. */
export const folder = path.join(root, 'test/fixtures/onnx');

export function fixture(name: string): Uint8Array {
  return readFileSync(path.join(folder, name));
}

/** Parses a JSON fixture, whose shape its maker vouches for. */
export function json(name: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
}

/** What `transformers` computes for a model. */
export interface Expected {
  ids: number[];
  heads: number;
  /** [layer][head, query, key] */
  attentions: number[][];
  /** [token, vocabulary] */
  logits: number[];
  /** [layer][head] */
  statistics: HeadStatistics[][];
  /** Of each token but the first, given those before it. */
  ratings: { logprob: number; rank: number; best: number[] }[];
}

/** Bytes in memory, and a record of how many of them were read. */
export class MemorySource implements ByteSource {
  bytesRead = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get size(): number {
    return this.bytes.length;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    this.bytesRead += length;
    return Promise.resolve(this.bytes.subarray(offset, offset + length));
  }
}

export function readBytes(bytes: Uint8Array, file = 'test.onnx'): Promise<OnnxModel> {
  return readOnnx(new MemorySource(bytes), file);
}
