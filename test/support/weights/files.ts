import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ByteSource, OnnxModel } from '../../../src/onnx/graph/model';
import { readOnnx } from '../../../src/onnx/file/readModel';
import { readSafetensors, type StateDict } from '../../../src/weights/safetensors';
import { TensorReader } from '../../../src/weights/tensorReader';
import { root } from '../root';
import { MemorySource } from '../onnx/fixtures';

/** Models with what `transformers` saves of them, by family. */
export const families = path.join(root, 'test/fixtures/families');

/** What `make.py` leaves of this room's own fixtures. */
export function fixture(...names: string[]): string {
  return path.join(root, 'test/fixtures/weights', ...names);
}

export interface OpenModel {
  model: OnnxModel;
  reader: TensorReader;
}

export interface OpenStateDict {
  tensors: StateDict;
  reader: TensorReader;
}

export async function openModel(file: string): Promise<OpenModel> {
  const source = inMemory(file);
  return { model: await readOnnx(source, file), reader: readerOf(source, file) };
}

export async function openStateDict(file: string): Promise<OpenStateDict> {
  const source = inMemory(file);
  const { tensors } = await readSafetensors(source, file);
  return { tensors, reader: readerOf(source, file) };
}

/** Reads tensors of a file, and of those beside it. */
export function readerOf(source: ByteSource, file: string): TensorReader {
  return new TensorReader({
    source,
    file,
    open: (location) => Promise.resolve(inMemory(path.join(path.dirname(file), location))),
  });
}

export function inMemory(file: string): MemorySource {
  return new MemorySource(readFileSync(file));
}

/** Shapes of tensors by name. */
export function shapesOf(tensors: StateDict): Map<string, readonly number[]> {
  return new Map([...tensors].map(([name, { dims }]) => [name, dims]));
}
