import { matchNames, type NameMatch } from '../weights/matchNames';
import type { InputRounding, ProductInputs } from '../weights/productInputs';
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
  /** How its products compute; absent where it does not matter. */
  products?: ProductInputs;
  /** Which half of an encoder–decoder model it is. */
  part?: 'encoder' | 'decoder';
}

/**
 * The parameters that the reference needs of a model, out of the ONNX files that it was exported to.
 * What several files have is read from the first that has it under its own name: a tied output layer may
 * be quantised otherwise than the embeddings.
 *
 * @param config parsed config.json
 * @throws Failure as `openReference` does for config.json.
 */
export function exportedParameters(
  config: unknown,
  files: readonly ExportedFile[],
): ParameterStore {
  const expected = referenceParameters(config);
  const found = new Map<string, Found>();
  for (const { weights, reader, part, products } of files) {
    for (const [name, { parameter, how }] of matchNames(weights, expected, part).matches) {
      const known = found.get(name);
      if (known === undefined || (known.how === 'tied' && how === 'named')) {
        const rounding = products && roundingFor(parameter, products);
        found.set(name, { parameter, reader, how, ...(rounding && { rounding }) });
      }
    }
  }
  return {
    shapes: new Map([...found].map(([name, { parameter }]) => [name, parameter.dims])),
    read: async (name, isTransposed) => {
      const { parameter, reader } = found.get(name) ?? missingParameter(name);
      return readParameter(isTransposed ? transposeOf(parameter) : parameter, reader);
    },
    inputRounding: (name) => found.get(name)?.rounding,
  };
}

/** A parameter, where it is read, and how the graph rounds what it is multiplied with. */
interface Found {
  parameter: BoundParameter;
  reader: TensorReader;
  how: NameMatch['how'];
  rounding?: InputRounding;
}

function roundingFor(
  { tensor, copies }: BoundParameter,
  { roundings }: ProductInputs,
): InputRounding | undefined {
  return [tensor, ...copies.map((copy) => copy.tensor)]
    .map((each) => roundings.get(each))
    .find((rounding) => rounding !== undefined);
}
