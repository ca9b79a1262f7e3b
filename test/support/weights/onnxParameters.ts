import { transposeOf, type BoundWeights } from '../../../src/weights/parameters';
import { missingParameter, type ParameterStore } from '../../../src/weights/parameterStore';
import { readParameter } from '../../../src/weights/readParameter';
import type { TensorReader } from '../../../src/weights/tensorReader';

/** The parameters of an ONNX file, under the names that {@link BoundWeights} has. */
export function onnxParameters({ parameters }: BoundWeights, reader: TensorReader): ParameterStore {
  return {
    shapes: new Map([...parameters].map(([name, { dims }]) => [name, dims])),
    read: async (name, isTransposed) => {
      const parameter = parameters.get(name) ?? missingParameter(name);
      return readParameter(isTransposed ? transposeOf(parameter) : parameter, reader);
    },
  };
}
