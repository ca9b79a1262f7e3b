import type { Graph, ValueInfo } from '../../onnx/graph/model';
import { givenInputs, isCache, isCrossCache } from './caches';
import { sizeOf, type Size } from '../../onnx/shapes/size';
import type { CostPolynomial } from '../../shared/modelCost';
import { difference, polynomialOf, sizeNamed, sum } from './polynomial';

const BATCH = sizeNamed('batch');
const TOKENS = sizeNamed('tokens');
const PAST = sizeNamed('past');
const SOURCE = sizeNamed('source');

/** What an axis of an input is; undefined where the name of the input does not tell. */
type Axes = readonly (CostPolynomial | undefined)[];

/** Inputs with one element for each token read, [batch, tokens], or a vector of each. */
const OF_TOKENS = /^(decoder_)?(input_ids|inputs_embeds|position_ids|token_type_ids)$/;
/** Those of a source, where a decoder has it beside its own tokens. */
const OF_SOURCE = /^encoder_(hidden_states|attention_mask|outputs?)$/;
/** Sound and pictures: nothing but the batch is a size of a run. */
const OF_OTHERS = /^(input_features|input_values|pixel_values)$/;
const MASK = /^(decoder_)?attention_mask$/;

/**
 * What the sizes are that a graph calls by names of its own (`batch_size`, `s43`,
 * `past_sequence_length + sequence_length`). It is read off the axes of the inputs that exporters of
 * Transformers name alike, and not off those names.
 *
 * @param isEncoder whether the graph is an encoder beside a decoder, so that what it reads is the source.
 */
export function namedSizes(graph: Graph, isEncoder: boolean): Map<string, CostPolynomial> {
  const names = new Map<string, CostPolynomial>();
  const inputs = givenInputs(graph);
  const hasOwnDecoder = inputs.some(({ name }) => /^decoder_input/.test(name));
  for (const axesOf of [tokenAxes, cacheAxes, otherAxes, maskAxes]) {
    for (const input of inputs) {
      const shape = input.type?.kind === 'tensor' ? input.type.shape : undefined;
      const isSource = isEncoder || (hasOwnDecoder && !/^(decoder_|past)/.test(input.name));
      const axes = axesOf(input, isSource, shape?.map(sizeOf) ?? []);
      for (const [axis, meaning] of axes.entries()) {
        const size = sizeOf(shape?.[axis] ?? null);
        if (meaning !== undefined && size !== null) {
          tell(size, meaning, names);
        }
      }
    }
  }
  return names;
}

function tokenAxes({ name }: ValueInfo, isSource: boolean, shape: readonly unknown[]): Axes {
  if (!OF_TOKENS.test(name)) {
    return [];
  }
  const read = isSource ? SOURCE : TOKENS;
  // Positions of several media have an axis for their kinds before these.
  return name.endsWith('position_ids') && shape.length === 3
    ? [undefined, BATCH, read]
    : [BATCH, read];
}

/** The first size that varies, behind the batch, is the number of tokens kept. */
function cacheAxes(input: ValueInfo, isSource: boolean, shape: readonly (Size | null)[]): Axes {
  if (!isCache(input)) {
    return [];
  }
  const varying = shape.findIndex((size, axis) => axis > 0 && typeof size === 'object');
  const kept = isCrossCache(input) || isSource ? SOURCE : PAST;
  return [BATCH, ...shape.slice(1).map((_, index) => (index + 1 === varying ? kept : undefined))];
}

function otherAxes({ name }: ValueInfo): Axes {
  return OF_SOURCE.test(name) ? [BATCH, SOURCE] : OF_OTHERS.test(name) ? [BATCH] : [];
}

/** [batch, keys], or with heads and queries between. */
function maskAxes({ name }: ValueInfo, isSource: boolean, shape: readonly unknown[]): Axes {
  if (!MASK.test(name) || shape.length < 2) {
    return [];
  }
  const keys = isSource ? SOURCE : sum(PAST, TOKENS);
  return [BATCH, ...shape.slice(2).map(() => undefined), keys];
}

/** Notes what a name means, if all others in the size are known. What is known stays. */
function tell(size: Size, meaning: CostPolynomial, names: Map<string, CostPolynomial>): void {
  if (typeof size === 'number') {
    return;
  }
  const unknown = size.terms.filter(({ factors }) => factors.some(({ text }) => !names.has(text)));
  const [only, ...others] = unknown;
  const [factor, ...more] = only?.factors ?? [];
  if (others.length > 0 || more.length > 0 || only?.coefficient !== 1 || factor === undefined) {
    return;
  }
  const rest = polynomialOf({ ...size, terms: size.terms.filter((term) => term !== only) }, names);
  if (rest !== undefined) {
    names.set(factor.text, difference(meaning, rest));
  }
}
