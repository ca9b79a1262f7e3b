import type { AttentionSite, Component, TraceSummary } from '../shared/attention';
import type { HeadChoice } from '../shared/attentionPanel';

/** The sequence that the traced text became: the encoder's, where there is one. */
export function sourceOf({ sequences }: Pick<TraceSummary, 'sequences'>): Component {
  return sequences.encoder ? 'encoder' : 'decoder';
}

/**
 * The head that a trace opens with: of an encoder–decoder model the first one between the two texts,
 * for what belongs to what is the first thing one wants to see.
 */
export function firstChoice({ sites }: Pick<TraceSummary, 'sites'>): HeadChoice {
  const site = sites.find(({ kind }) => kind === 'cross') ?? sites[0];
  return { site: site?.id ?? '', head: 0 };
}

/**
 * What the tokens of a sequence are to a site: its queries, which attend to something, its keys,
 * which something attends to, or none of its business. In self-attention they are both, and count as
 * queries.
 */
export function roleOf(
  component: Component,
  site: Pick<AttentionSite, 'component' | 'kind'>,
): 'query' | 'key' | undefined {
  if (site.component === component) {
    return 'query';
  }
  return site.kind === 'cross' ? 'key' : undefined;
}

/**
 * Where a result stands in a text, as it is and only once.
 *
 * @returns its offset, in UTF-16 units; undefined where one cannot tell
 */
export function findOnce(result: string, text: string): number | undefined {
  const first = result.trim() === '' ? -1 : text.indexOf(result);
  return first < 0 || text.includes(result, first + 1) ? undefined : first;
}
