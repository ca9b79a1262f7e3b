import { readParameter } from './readParameter';
import type { BoundParameter, BoundWeights } from './parameters';
import type { TensorReader } from './tensorReader';

/**
 * Parameters that are tied to each other, by what model families call them: embeddings and the
 * output layer; and that layer's bias, which older heads also have themselves.
 */
export const TIED: readonly RegExp[] = [
  /(^|\.)(shared|embed_tokens|wte|word_embeddings|lm_head|decoder|vocab_projector)\.weight$/,
  /(^|\.)(predictions|lm_head)(\.decoder)?\.bias$/,
];

/** The weights of output layers among them, which lose their names where exporters transpose them. */
export const OUTPUT = /(^|\.)(lm_head|decoder|vocab_projector)\.weight$/;

/**
 * Groups of embeddings and output layers with equal elements, by their names. An exporter that
 * transposes a tied output layer stores it a second time, so that only the elements tell. Reads each
 * of these parameters whole, of which a model has few, though large ones.
 */
export async function tiedParameters(
  { parameters }: BoundWeights,
  reader: TensorReader,
): Promise<string[][]> {
  const groups: { first: BoundParameter; elements: Float32Array; names: string[] }[] = [];
  for (const parameter of parameters.values()) {
    if (!TIED.some((pattern) => pattern.test(parameter.name))) {
      continue;
    }
    const stored = groups.find(({ first }) => first.names === parameter.names);
    if (stored !== undefined) {
      stored.names.push(parameter.name);
      continue;
    }
    const elements = await readParameter(parameter, reader);
    const group = groups.find(
      (each) =>
        String(each.first.dims) === String(parameter.dims) &&
        each.elements.every((element, i) => element === elements[i]),
    );
    if (group === undefined) {
      groups.push({ first: parameter, elements, names: [parameter.name] });
    } else {
      group.names.push(parameter.name);
    }
  }
  return groups.flatMap(({ names }) => (names.length > 1 ? [names] : []));
}
