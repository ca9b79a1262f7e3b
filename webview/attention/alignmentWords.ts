import * as l10n from '@vscode/l10n';
import type { TracedToken } from '../../src/shared/attention';
import type { RowsOfTokens } from '../../src/shared/resultRows';
import { distinctLabels, tokenLabels } from '../../src/shared/tokenLabel';
import { formatFigure } from '../ui/numbers';
import { opposite, strongest, weightsOf, type MapLine } from './alignment';

/** A map of cross-attention with its tokens. */
export interface Alignment {
  map: RowsOfTokens;
  /** The value that gets the last colour. */
  maximum: number;
  /** All that is said of a token, for each of the rows' and of the columns' sequence. */
  sentences: Record<MapLine['side'], string[]>;
}

/** @param tokens those of the rows and of the columns */
export function alignmentOf(
  map: RowsOfTokens,
  maximum: number,
  tokens: Record<MapLine['side'], readonly TracedToken[]>,
): Alignment {
  const labels = {
    query: distinctLabels(tokenLabels(tokens.query)),
    key: distinctLabels(tokenLabels(tokens.key)),
  };
  const sentencesOf = (side: MapLine['side']): string[] =>
    labels[side].map((name, index) =>
      sentenceOf(name, { side, index }, map, labels[opposite[side]]),
    );
  return {
    map,
    maximum,
    sentences: { query: sentencesOf('query'), key: sentencesOf('key') },
  };
}

/** What a token attends to, or what attends to it, as words. */
function sentenceOf(
  name: string,
  line: MapLine,
  map: RowsOfTokens,
  others: readonly string[],
): string {
  const weights = weightsOf(map, line);
  if (weights.length === 0) {
    return l10n.t('“{0}” begins the result and was not written', name);
  }
  const list = strongest(weights, mostNamed)
    .map(({ index, weight }) => l10n.t('“{0}” {1}', others[index] ?? '', formatFigure(weight)))
    .join(' · ');
  return line.side === 'query'
    ? l10n.t('Result “{0}” attends to source {1}', name, list)
    : l10n.t('Source “{0}” is attended to by result {1}', name, list);
}

/** How many tokens of the other side are named. */
const mostNamed = 3;
