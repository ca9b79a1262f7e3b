import type { Token } from '../../../shared/text';
import type { TracedSequences } from '../../../shared/attention';
import { Failure, phrase } from '../../../shared/failure';
import type { OpenModel } from '../../openModel';
import { sampleEvenly } from '../sampleEvenly';
import { sourceTokens, truncate } from '../tracedSource';
import { generatedTarget, givenTarget } from '../tracedTarget';
import { maskTokenId } from '../maskTokenId';

/** Tokens of a text that both models read; more would say no more, and take long. */
const MOST_TOKENS = 128;

/** Places of a text that are masked one after the other. */
const MOST_MASKED = 32;

/** What both models read, and where what they make of it is compared. */
export interface ComparedReading {
  text: string;
  /** What a decoder reads beside the text. */
  target?: string;
  sequences: TracedSequences;
  way: 'next' | 'masked' | 'vectors';
  /** Indices of tokens, of a decoder's where there is one. */
  places: number[];
  /** The token that hides another one; where tokens are masked. */
  mask?: number;
}

/**
 * What two models are to read of a text: the beginning of a long one.
 * @throws Failure `unsupported` where they are not models of one kind with one vocabulary.
 */
export async function comparedReading(
  a: OpenModel,
  b: OpenModel,
  given: string,
  signal: AbortSignal,
): Promise<ComparedReading> {
  if (a.architecture !== b.architecture) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('One is a model of another kind than the other: they read texts in other ways'),
      remedy: phrase('compare two models of one kind'),
    });
  }
  const all = sourceTokens(a, given);
  if (!areSame(all, sourceTokens(b, given))) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'The two tokenizers make other tokens of the text, so nothing stands side by side',
      ),
      remedy: phrase('compare two models with one vocabulary'),
    });
  }
  const context = Math.min(a.limits.context, b.limits.context, MOST_TOKENS);
  const tokens = [...truncate(all, context).tokens];
  const text = given.slice(0, Math.max(0, ...tokens.map(({ end }) => end)));
  if (a.architecture === 'decoder') {
    return { text, sequences: { decoder: tokens }, way: 'next', places: tokens.map((_, at) => at) };
  }
  if (a.architecture === 'encoder') {
    return { text, sequences: { encoder: tokens }, ...encoderPlaces(a, tokens) };
  }
  const ids = tokens.map(({ id }) => id);
  const { text: target } = await generatedTarget(a, ids, signal);
  const read = givenTarget(a, target).tokens.slice(0, context);
  // Nothing is ever written behind the token that ends an output.
  const places = read.map((_, at) => at).slice(0, Math.max(1, read.length - 1));
  return { text, target, sequences: { encoder: tokens, decoder: read }, way: 'next', places };
}

function encoderPlaces(
  model: OpenModel & { architecture: 'encoder' },
  tokens: readonly Token[],
): Pick<ComparedReading, 'way' | 'places' | 'mask'> {
  const mask = maskTokenId(model);
  const own = tokens.flatMap(({ special }, at) => (special ? [] : [at]));
  return mask === undefined || model.encoder.interface.output !== 'logits'
    ? { way: 'vectors', places: tokens.map((_, at) => at) }
    : { way: 'masked', places: sampleEvenly(own, MOST_MASKED), mask };
}

function areSame(a: readonly Token[], b: readonly Token[]): boolean {
  return a.length === b.length && a.every(({ id }, index) => id === b[index]?.id);
}
