import type { AttentionSite, Component, HeadView } from '../../shared/attention';
import type { TokenChoice } from '../../shared/attentionPanel';
import { rowsOfTokens } from '../../shared/resultRows';
import { roleOf } from '../tracedSequence';

/** A token of the other side and how much attention lies between the two, 0…1. */
export interface AttendedToken {
  token: number;
  probability: number;
}

/** What the tokens of one sequence have to do with those of another in one head. */
export interface TokenAttention {
  /** Whether the token attends to the others, or they to it. */
  role: 'query' | 'key';
  /** The sequence of the others. */
  others: Component;
  /** The others with the most attention, most first. */
  attended: AttendedToken[];
}

/** Where the probabilities of one head come from. */
export interface HeadSource {
  /** What one query attends to: [key]. */
  row(query: number): Promise<Float32Array>;
  /** The whole map; in cross attention it tells which tokens the rows are about. */
  map(): Promise<Pick<HeadView, 'queries' | 'keys' | 'values' | 'rows'>>;
}

/**
 * What a token attends to in a head or, for a key of cross-attention, what attends to it. In
 * cross-attention a token of the result attends to what the rows that are about it look at.
 *
 * @returns nothing where the head does not read the token's sequence, or has no row about it
 * @throws what `source` throws
 */
export async function tokenAttention(
  source: HeadSource,
  site: AttentionSite,
  { component, token }: TokenChoice,
): Promise<TokenAttention | undefined> {
  const role = roleOf(component, site);
  if (role === undefined) {
    return undefined;
  }
  if (site.kind !== 'cross') {
    const row = await source.row(token);
    return { role, others: component, attended: mostAttended(Array.from(row)) };
  }
  const { rows, ...map } = await source.map();
  const { queries, keys, values, first } = rowsOfTokens(map, rows);
  if (role === 'query') {
    const row = token - first;
    return row < 0
      ? undefined
      : {
          role,
          others: 'encoder',
          attended: mostAttended(Array.from(values.subarray(row * keys, (row + 1) * keys))),
        };
  }
  const column = Array.from({ length: queries }, (_, row) => values[row * keys + token] ?? 0);
  const attended = mostAttended(column).map((one) => ({ ...one, token: first + one.token }));
  return { role, others: site.component, attended };
}

/** How many tokens are named at most. */
const MOST_ATTENDED = 5;

function mostAttended(probabilities: readonly number[]): AttendedToken[] {
  return probabilities
    .map((probability, token) => ({ token, probability }))
    .filter(({ probability }) => probability > 0)
    .sort((a, b) => b.probability - a.probability)
    .slice(0, MOST_ATTENDED);
}
