import assert from 'node:assert/strict';
import { Failure } from '../../src/shared/failure';
import type { ParameterStore } from '../../src/weights/parameterStore';

/** Parameters of a file that are read. All of them would be the same code many times. */
const PARAMETERS = 12;

/** Answers undefined where a file is refused. Whatever is thrown but a Failure is thrown on. */
export async function unlessRefused<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) {
      return undefined;
    }
    throw error;
  }
}

/** Reads parameters from all over a file; answers whether one of them can be read. */
export async function readSome(store: ParameterStore): Promise<boolean> {
  const names = [...store.shapes.keys()];
  const step = Math.ceil(names.length / PARAMETERS);
  let read = false;
  for (const name of names.filter((_, index) => index % step === 0)) {
    const elements = await unlessRefused(() => store.read(name, false));
    const shape = store.shapes.get(name) ?? [];
    const count = shape.reduce((product, size) => product * size, 1);
    if (elements !== undefined) {
      assert.equal(elements.length, count, `${name} has not the shape [${shape.join(', ')}]`);
      read = true;
    }
  }
  return read;
}
