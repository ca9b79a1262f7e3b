import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { Histogram } from '../../../src/shared/tensorListing';
import { useSize } from '../../ui/useSize';
import { elementFigure, figure } from '../figure';

const HEIGHT = 84;
const TOP = 16;
const BOTTOM = 18;

/** How often numbers occur; dashed lines mark where 1 % of them are less and 1 % more. */
export function HistogramPlot({
  histogram: { from, to, counts },
  percentiles: { low, high },
}: {
  histogram: Histogram;
  percentiles: { low: number; high: number };
}): VNode {
  const frame = useRef<HTMLElement>(null);
  const width = useSize(frame)?.width ?? 320;
  const most = Math.max(1, ...counts);
  const bin = width / counts.length;
  const floor = HEIGHT - BOTTOM;
  // Halves: the distance between two doubles may be more than a double holds.
  const across = (value: number): number =>
    (width * (value / 2 - from / 2)) / (to / 2 - from / 2 || 1);
  const path = counts
    .map((count, index) => {
      const height = (count / most) * (floor - TOP);
      return `M${index * bin} ${floor}v${-height}h${bin}v${height}`;
    })
    .join('');
  return (
    <figure class="histogram" ref={frame}>
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={l10n.t(
          'Histogram from {0} to {1}: the highest bin has {2} numbers',
          elementFigure(from),
          elementFigure(to),
          figure(most),
        )}
      >
        <path class="bins" d={path} />
        <path class="axis" d={`M0 ${floor + 0.5}H${width}`} />
        {[
          [low, '1%', 'end'],
          [high, '99%', 'start'],
        ].map(([value, label, anchor]) => {
          const x = across(value as number);
          return (
            <g key={label}>
              <path class="percentile" d={`M${x} 4V${floor}`} />
              <text x={x + (anchor === 'end' ? -4 : 4)} y={12} text-anchor={anchor as 'start'}>
                {label}
              </text>
            </g>
          );
        })}
        <text x={0} y={HEIGHT - 4}>
          {elementFigure(from)}
        </text>
        {from < 0 && to > 0 && (
          <text x={across(0)} y={HEIGHT - 4} text-anchor="middle">
            0
          </text>
        )}
        <text x={width} y={HEIGHT - 4} text-anchor="end">
          {elementFigure(to)}
        </text>
      </svg>
    </figure>
  );
}
