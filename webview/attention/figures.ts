import type { HeadStatistics } from '../../src/shared/attention';
import type { AttentionPanelStrings } from '../../src/shared/attentionPanel';
import { formatFigure } from '../ui/numbers';
import { fill } from '../ui/sentence';

/** A head's statistics as they are read: names and values with their units. */
export function figuresOf(
  statistics: HeadStatistics,
  strings: AttentionPanelStrings,
): { name: string; value: string }[] {
  return [
    { name: strings.entropy, value: fill(strings.nats, formatFigure(statistics.entropy)) },
    { name: strings.distance, value: fill(strings.tokens, formatFigure(statistics.distance)) },
    { name: strings.maximum, value: formatFigure(statistics.maximum) },
    { name: strings.onFirst, value: formatFigure(statistics.onFirst) },
    { name: strings.onSelf, value: formatFigure(statistics.onSelf) },
    { name: strings.onPrevious, value: formatFigure(statistics.onPrevious) },
  ];
}
