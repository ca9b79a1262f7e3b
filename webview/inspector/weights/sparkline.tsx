import type { VNode } from 'preact';
import type { Histogram } from '../../../src/shared/tensorListing';

const WIDTH = 96;
const HEIGHT = 18;

/** How the numbers of a tensor are spread over their own range, with a line at 0. */
export function Sparkline({ histogram: { from, to, counts } }: { histogram: Histogram }): VNode {
  const most = Math.max(1, ...counts);
  const bin = WIDTH / counts.length;
  const path = counts
    .map((count, index) => {
      const height = count === 0 ? 0 : Math.max(1, (count / most) * (HEIGHT - 1));
      return `M${(index * bin).toFixed(2)} ${HEIGHT}v${(-height).toFixed(2)}h${bin.toFixed(2)}v${height.toFixed(2)}`;
    })
    .join('');
  const zero = from < 0 && to > 0 ? WIDTH / (1 + to / -from) : undefined;
  return (
    <svg class="sparkline" width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path class="bins" d={path} />
      {zero !== undefined && <path class="zero" d={`M${zero.toFixed(1)} 0V${HEIGHT}`} />}
    </svg>
  );
}
