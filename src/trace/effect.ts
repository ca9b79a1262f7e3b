import { estimate } from '../shared/evidence';
import type { Effect } from '../shared/referenceRun';
import type { NamedToken } from '../shared/text';
import { divergence, logProbabilities } from './divergence';
import { topK } from './logits';

/** How many of the likeliest tokens are compared, before and after. */
const LIKELIEST = 5;

/** A place of a text whose distribution over the vocabulary is compared. */
export interface ComparedPosition {
  /** Index of the token that stands there. */
  position: number;
  /** The text's token that the distribution is of; absent where the text has none, as in a blank. */
  rated?: { token: number; id: number };
  /** Logits [vocabulary] of the model as it is. */
  before: Float32Array;
  /** The same of the changed model. */
  after: Float32Array;
}

/**
 * What a change inside a model does to its distributions over the vocabulary.
 *
 * @param places at least one, in the order of the text.
 * @param way how they were had.
 * @param ratable how many places the text has that could be compared.
 * @param nameOf how a token reads.
 */
export function effectOf(
  places: readonly ComparedPosition[],
  way: Effect['way'],
  ratable: number,
  nameOf: (id: number) => NamedToken,
): Effect {
  const compared = places.map(({ before, after, ...place }) => {
    const rows = { before: logProbabilities(before), after: logProbabilities(after) };
    return { ...place, ...rows, divergence: divergence(rows.before, rows.after) };
  });
  const tokens: Effect['tokens'] = [];
  const logChanges: number[] = [];
  for (const { rated, before, after } of compared) {
    if (rated !== undefined) {
      const logs = { before: before[rated.id] ?? NaN, after: after[rated.id] ?? NaN };
      tokens.push({
        token: rated.token,
        before: Math.exp(logs.before),
        after: Math.exp(logs.after),
      });
      logChanges.push(logs.after - logs.before);
    }
  }
  const divergences = compared.map((place) => place.divergence);
  const shown = compared[divergences.indexOf(Math.max(...divergences))];
  const { mean: meanLogChange, standardError } = estimate(logChanges) ?? {};
  return {
    way,
    tokens,
    ratable,
    ...(meanLogChange === undefined ? {} : { meanLogChange }),
    ...(standardError === undefined ? {} : { standardError }),
    divergence: estimate(divergences)?.mean ?? 0,
    position: shown?.position ?? 0,
    top: likeliest(shown?.before, shown?.after, nameOf),
  };
}

function likeliest(
  before: Float32Array = new Float32Array(0),
  after: Float32Array = before,
  nameOf: (id: number) => NamedToken,
): Effect['top'] {
  const ids = new Set([...topK(before, LIKELIEST), ...topK(after, LIKELIEST)]);
  return Array.from(ids, (id) => ({
    id,
    ...nameOf(id),
    before: Math.exp(before[id] ?? NaN),
    after: Math.exp(after[id] ?? NaN),
  })).sort((one, other) => other.before - one.before);
}
