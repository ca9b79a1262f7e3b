import type { AttentionSite, HeadStatistics } from '../../src/shared/attention';
import type { AttentionPanelStrings, FigureName } from '../../src/shared/attentionPanel';
import { formatFigure } from '../ui/numbers';
import { fill } from '../ui/sentence';

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
  statistics: HeadStatistics,
  site: Pick<AttentionSite, 'kind' | 'queries' | 'keys'>,
  strings: AttentionPanelStrings,
): Figure[] {
  const names = site.kind === 'cross' ? BETWEEN : WITHIN;
  return names.map((name) => {
    const value = formatFigure(statistics[name]);
    return {
      name: strings[name],
      value: name in UNITS ? fill(strings[UNITS[name as keyof typeof UNITS]], value) : value,
      meaning: fill(strings.meanings[name], formatFigure(largestEntropy(site))),
    };
  });
}

const WITHIN: readonly FigureName[] = [
  'entropy',
  'distance',
  'maximum',
  'onFirst',
  'onSelf',
  'onPrevious',
];
const BETWEEN: readonly FigureName[] = ['entropy', 'maximum', 'onFirst'];

/** The units of the figures that have one, by their sentences; the others are probabilities. */
const UNITS = { entropy: 'nats', distance: 'tokens' } as const;

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
