import type { AttentionSite } from './attention';
import type { HeadChoice } from './attentionPanel';

/**
 * The head that one wants to see first. Where there is cross-attention it is the head that aligns
 * the two texts best, the one with the most information: its queries attend sharply, and not all of
 * them to the same place. Elsewhere, and among equals, it is the first.
 */
export function openingHead(sites: readonly AttentionSite[]): HeadChoice {
  const crossing = sites.filter(({ kind }) => kind === 'cross');
  const heads = crossing.flatMap(({ id, statistics }) =>
    statistics.map(({ information }, head) => ({ site: id, head, information })),
  );
  const [best] = heads.sort((one, other) => other.information - one.information);
  const { site, head } = best ?? { site: sites[0]?.id ?? '', head: 0 };
  return { site, head };
}
