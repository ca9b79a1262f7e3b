import { Failure, phrase } from '../shared/failure';
import type { InputRounding } from './productInputs';
import { readParameter } from './readParameter';
import type { StateDict } from './safetensors';
import type { TensorReader } from './tensorReader';

/** Parameters of a model by name, wherever they are stored. */
export interface ParameterStore {
  /** Shapes by name, as `transformers` has them: a linear layer's weight is [out, in]. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /**
   * Reads the elements of a parameter, row-major, without caching.
   * @param isTransposed whether those of the transpose are wanted, of a matrix.
   * @throws Failure of kind `model` if there is no such parameter, or as {@link readParameter} does.
   */
  read(name: string, isTransposed: boolean): Promise<Float32Array>;
  /** How the graph rounds what a weight is multiplied with; absent where nothing is rounded. */
  inputRounding?(name: string): InputRounding | undefined;
}

/** The parameters of safetensors files. */
export function stateDictParameters(tensors: StateDict, reader: TensorReader): ParameterStore {
  return {
    shapes: new Map([...tensors].map(([name, { dims }]) => [name, dims])),
    read: async (name, isTransposed) => {
      const tensor = tensors.get(name) ?? missingParameter(name);
      return readParameter({ tensor, transposed: isTransposed }, reader);
    },
  };
}

/** Throws the failure for a parameter that a model lacks. */
export function missingParameter(name: string): never {
  throw new Failure({
    kind: 'model',
    what: phrase(
      'The reference Transformer cannot read the weights, which bear other names than transformers gives them: there is no “{0}”',
      name,
    ),
    remedy: phrase(
      'export the model again from transformers, so that its weights keep their names',
    ),
  });
}
