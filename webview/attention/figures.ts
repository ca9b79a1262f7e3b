import * as l10n from '@vscode/l10n';
import type { AttentionSite, HeadStatistics } from '../../src/shared/attention';
import { formatFigure } from '../ui/numbers';

/** A figure as it is read. */
export interface Figure {
  name: string;
  /** With its unit. */
  value: string;
  /** What it means, and what little and much of it is. */
  meaning: string;
}

/**
 * The statistics of a head of a site, or of its mean, as they are read. Those that compare a query's place with a key's
 * mean nothing in cross-attention, where the two count in different texts.
 */
export function figuresOf(
  { entropy, distance, maximum, onFirst, onSelf, onPrevious }: HeadStatistics,
  site: Pick<AttentionSite, 'kind' | 'queries' | 'keys'>,
): Figure[] {
  const spread = {
    name: l10n.t('Entropy'),
    value: inNats(entropy),
    meaning: l10n.t(
      'How widely a token’s attention is spread, in nats, on average. 0: all of it goes to one token. The most possible here is {0}: all tokens get the same.',
      formatFigure(largestEntropy(site)),
    ),
  };
  const reach = {
    name: l10n.t('Distance'),
    value: l10n.t('{0} tokens', formatFigure(distance)),
    meaning: l10n.t(
      'How far away the tokens are that are looked at, in tokens, weighted by attention, on average. Small: the head looks at neighbours; large: it looks far off.',
    ),
  };
  const largest = {
    name: l10n.t('Largest probability'),
    value: formatFigure(maximum),
    meaning: l10n.t(
      'The largest probability in a token’s attention, from 0 to 1, on average. Near 1: each token looks at one other alone; small: at many.',
    ),
  };
  const first = {
    name: l10n.t('On the first token'),
    value: formatFigure(onFirst),
    meaning: l10n.t(
      'The share of the attention that goes to the first token, from 0 to 1. Where it is large, the head often rests there and does little.',
    ),
  };
  const self = {
    name: l10n.t('On itself'),
    value: formatFigure(onSelf),
    meaning: l10n.t(
      'The share of the attention that a token pays to itself, from 0 to 1, on average. Near 1: each looks at itself alone.',
    ),
  };
  const previous = {
    name: l10n.t('On the previous token'),
    value: formatFigure(onPrevious),
    meaning: l10n.t(
      'The share of the attention that goes to the token just before, from 0 to 1, on average over the tokens that have one. Near 1: a previous-token head. The sentence above leaves out tokens that can look at no other.',
    ),
  };
  return site.kind === 'cross'
    ? [spread, largest, first]
    : [spread, reach, largest, first, self, previous];
}

/** An entropy with its unit. */
export function inNats(entropy: number): string {
  return l10n.t('{0} nats', formatFigure(entropy));
}

/** Mean entropy of a head whose queries attend to all keys alike that they see, in nats. */
function largestEntropy({
  kind,
  queries,
  keys,
}: Pick<AttentionSite, 'kind' | 'queries' | 'keys'>): number {
  if (kind !== 'masked') {
    return Math.log(keys);
  }
  const rows = Array.from({ length: queries }, (_, query) => Math.log(Math.min(query + 1, keys)));
  return rows.reduce((sum, entropy) => sum + entropy, 0) / Math.max(1, queries);
}
