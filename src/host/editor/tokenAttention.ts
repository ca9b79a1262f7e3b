import type { AttentionSite, Component, HeadMap } from '../../shared/attention';
import type { TokenChoice } from '../../shared/attentionPanel';
import { roleOf } from '../tracedSequence';

/** A token of the other side and how much attention lies between the two, 0…1. */
export interface Attended {
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
  attended: Attended[];
}

/** Where the probabilities of one head come from. */
export interface HeadSource {
  /** What one query attends to: [key]. */
  row(query: number): Promise<Float32Array>;
  map(): Promise<HeadMap>;
}

/**
 * What a token attends to in a head or, for a key of cross-attention, what attends to it.
 *
 * @returns nothing where the head does not read the token's sequence
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
  if (role === 'query') {
    const row = await source.row(token);
    const others = site.kind === 'cross' ? 'encoder' : component;
    return { role, others, attended: mostAttended(Array.from(row)) };
  }
  const { queries, keys, values } = await source.map();
  const column = Array.from({ length: queries }, (_, query) => values[query * keys + token] ?? 0);
  return { role, others: site.component, attended: mostAttended(column) };
}

/** How many tokens are named at most. */
const MOST_ATTENDED = 5;

function mostAttended(probabilities: readonly number[]): Attended[] {
  return probabilities
    .map((probability, token) => ({ token, probability }))
    .filter(({ probability }) => probability > 0)
    .sort((a, b) => b.probability - a.probability)
    .slice(0, MOST_ATTENDED);
}
