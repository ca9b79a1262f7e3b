import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import {
  hasMean,
  type AttentionSite,
  type HeadOrMean,
  type Thumbnails,
} from '../../src/shared/attention';
import type { ColorMap } from '../chart/colorMap';
import { paintThumbnail } from '../chart/thumbnail';
import { formatFigure } from '../ui/numbers';
import { inNats } from './figures';
import type { ThumbnailQueue } from './thumbnailQueue';

/** What the cells of a layer are of: the mean of its heads, where it is shown, then each head. */
export function cellsOfLayer(site: Pick<AttentionSite, 'kind' | 'heads'>): HeadOrMean[] {
  const heads = Array.from({ length: site.heads }, (_, head) => head);
  return hasMean(site) ? ['mean', ...heads] : heads;
}

export interface LayerRowProps {
  site: AttentionSite;
  /** The head that is shown in detail, if it is of this layer. */
  chosen: HeadOrMean | undefined;
  /** The cell that the Tab key leads to, if it is of this layer. */
  tabStop: number | undefined;
  /** Side of a thumbnail, in CSS pixels. */
  side: number;
  colors: ColorMap;
  queue: ThumbnailQueue;
}

/** One layer in the overview: its label and a thumbnail for each of its cells. */
export function LayerRow({ site, chosen, tabStop, side, colors, queue }: LayerRowProps): VNode {
  const row = useRef<HTMLDivElement>(null);
  const [thumbnails, setThumbnails] = useState<Thumbnails>();
  useLayoutEffect(
    () => (row.current === null ? undefined : queue.want(row.current, site.id, setThumbnails)),
    [queue, site],
  );
  const name = l10n.t('Layer {0}', site.layer);
  return (
    <div ref={row} class="head-row" role="row" aria-busy={thumbnails ? undefined : true}>
      <div
        class={chosen === undefined ? 'row-label' : 'row-label chosen'}
        role="rowheader"
        aria-label={name}
        title={name}
      >
        {site.layer}
      </div>
      {cellsOfLayer(site).map((head, cell) => {
        const label = cellLabel(site, head);
        return (
          <div
            key={head}
            class={head === 'mean' ? 'head-cell mean-cell' : 'head-cell'}
            role="gridcell"
            tabIndex={cell === tabStop ? 0 : -1}
            aria-selected={head === chosen}
            aria-label={label}
            title={label}
          >
            <Thumbnail
              site={site}
              head={head}
              thumbnails={thumbnails}
              side={side}
              colors={colors}
            />
          </div>
        );
      })}
    </div>
  );
}

interface ThumbnailProps extends Pick<LayerRowProps, 'site' | 'side' | 'colors'> {
  head: HeadOrMean;
  thumbnails: Thumbnails | undefined;
}

function Thumbnail({ site, head, thumbnails, side, colors }: ThumbnailProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current !== null && thumbnails !== undefined && side > 0) {
      const map = head === 'mean' ? site.heads : head;
      paintThumbnail(canvas.current, thumbnails, map, site.kind === 'masked', side, colors);
    }
  }, [thumbnails, side, colors]);
  return <canvas ref={canvas} aria-hidden="true" />;
}

function cellLabel(site: AttentionSite, head: HeadOrMean): string {
  if (head === 'mean') {
    return l10n.t('Mean of cross-attention layer {0}', site.layer);
  }
  const figures = site.statistics[head];
  return figures === undefined
    ? l10n.t('Layer {0}, head {1}', site.layer, head)
    : l10n.t(
        'Layer {0}, head {1}: entropy {2}, mean largest probability {3}',
        site.layer,
        head,
        inNats(figures.entropy),
        formatFigure(figures.maximum),
      );
}
