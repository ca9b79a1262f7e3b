import { hasMean, type AttentionSite, type HeadChoice } from './attention';

/**
 * What one wants to see first. Where there is cross attention, it is the mean of the last layer's heads:
 * read as the token that is written next, it tells best which words of the source the words of the
 * result came from (docs/faithfulness.md has the figures). Elsewhere it is the first head.
 */
export function defaultHead(sites: readonly AttentionSite[]): HeadChoice {
  const crossing = sites.filter(({ kind }) => kind === 'cross').at(-1);
  if (crossing === undefined) {
    return { site: sites[0]?.id ?? '', head: 0 };
  }
  return { site: crossing.id, head: hasMean(crossing) ? 'mean' : 0 };
}
