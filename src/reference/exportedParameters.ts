import { matchNames } from '../weights/matchNames';
import { missingParameter } from '../weights/parameterStore';
import type { ParameterStore } from '../weights/parameterStore';
import { transposeOf } from '../weights/parameters';
import type { BoundParameter, BoundWeights } from '../weights/parameters';
import { readParameter } from '../weights/readParameter';
import type { TensorReader } from '../weights/tensorReader';
import { referenceParameters } from './transformer';

/** An ONNX file with a model or a part of it. */
export interface ExportedFile {
  weights: BoundWeights;
  reader: TensorReader;
  /** Which half of an encoder–decoder model it is. */
  part?: 'encoder' | 'decoder';
}

/**
 * The parameters that the reference needs of a model, out of the ONNX files that it was exported to.
 * What several files have is read from the first.
 *
 * @param config parsed config.json
 * @throws Failure as `openReference` does for config.json.
 */
export function exportedParameters(
  config: unknown,
  files: readonly ExportedFile[],
): ParameterStore {
  const expected = referenceParameters(config);
  const found = new Map<string, { parameter: BoundParameter; reader: TensorReader }>();
  for (const { weights, reader, part } of files) {
    for (const [name, { parameter }] of matchNames(weights, expected, part).matches) {
      if (!found.has(name)) {
        found.set(name, { parameter, reader });
      }
    }
  }
  return {
    shapes: new Map([...found].map(([name, { parameter }]) => [name, parameter.dims])),
    read: async (name, isTransposed) => {
      const { parameter, reader } = found.get(name) ?? missingParameter(name);
      return readParameter(isTransposed ? transposeOf(parameter) : parameter, reader);
    },
  };
}
