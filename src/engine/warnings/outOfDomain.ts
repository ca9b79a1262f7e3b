import type { Domain } from '../../library/modelPurpose';
import type { GeneratedToken } from '../../shared/generation';
import type { Token } from '../../shared/text';
import { logSumExp } from '../../trace/logits';
import { asFloat32, type Tensor } from '../runtime/tensor';

/** A mean over fewer tokens says nothing. */
const FEWEST_TOKENS = 8;

/** A decoder is surprised by any beginning, so fewer tokens say nothing. */
const FEWEST_READ = 16;

/** Rows of logits that are read, the last ones of a text: enough for its mean. */
const MOST_ROWS = 128;

/**
 * Whether a text has fewer characters per token than what the model was trained on, because its words are
 * not in the vocabulary.
 */
export function isOddlyTokenized(
  { minimumCharactersPerToken }: Domain,
  tokens: readonly Token[],
): boolean {
  const own = tokens.filter(({ special }) => !special);
  const first = own[0];
  const last = own.at(-1);
  return (
    minimumCharactersPerToken !== undefined &&
    first !== undefined &&
    last !== undefined &&
    own.length >= FEWEST_TOKENS &&
    (last.end - first.start) / own.length < minimumCharactersPerToken
  );
}

/** Whether a model was less sure of what it wrote than it is within its domain. */
export function isUnsureOutput(
  { minimumLogprob }: Domain,
  tokens: readonly GeneratedToken[],
): boolean {
  return (
    minimumLogprob !== undefined &&
    tokens.length > 0 &&
    mean(tokens.map(({ logprob }) => logprob)) < minimumLogprob
  );
}

/**
 * Whether a decoder-only model gave the text that it read a lower mean log-probability than text of its
 * domain has. False where the model returned fewer rows than tokens.
 * @param logits [1, tokens, vocabulary]
 */
export function isSurprisingInput(
  { minimumLogprob }: Domain,
  ids: readonly number[],
  logits: Tensor | undefined,
): boolean {
  const [, rows, vocabulary = 0] = logits?.dims ?? [];
  if (minimumLogprob === undefined || logits === undefined || rows !== ids.length) {
    return false;
  }
  const values = asFloat32(logits);
  const logprobs: number[] = [];
  for (let next = Math.max(1, ids.length - MOST_ROWS); next < ids.length; next++) {
    const row = values.subarray((next - 1) * vocabulary, next * vocabulary);
    logprobs.push((row[ids[next] ?? -1] ?? -Infinity) - logSumExp(row));
  }
  return logprobs.length >= FEWEST_READ && mean(logprobs) < minimumLogprob;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
