import type { AttentionKind, HeadStatistics } from '../../src/shared/attention';
import type { AttentionPanelStrings } from '../../src/shared/attentionPanel';
import { formatFigure } from '../ui/numbers';
import { fill } from '../ui/sentence';

/**
 * A head's statistics as they are read: names and values with their units. Those that compare a
 * query's place with a key's mean nothing in cross-attention, where the two count in different texts.
 */
export function figuresOf(
  statistics: HeadStatistics,
  kind: AttentionKind,
  strings: AttentionPanelStrings,
): { name: string; value: string }[] {
  const { entropy, maximum, distance, onFirst, onSelf, onPrevious } = statistics;
  const figures = [
    { name: strings.entropy, value: fill(strings.nats, formatFigure(entropy)) },
    { name: strings.maximum, value: formatFigure(maximum) },
    { name: strings.onFirst, value: formatFigure(onFirst) },
  ];
  if (kind !== 'cross') {
    figures.splice(1, 0, {
      name: strings.distance,
      value: fill(strings.tokens, formatFigure(distance)),
    });
    figures.push(
      { name: strings.onSelf, value: formatFigure(onSelf) },
      { name: strings.onPrevious, value: formatFigure(onPrevious) },
    );
  }
  return figures;
}
