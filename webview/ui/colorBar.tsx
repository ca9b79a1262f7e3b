import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { paintColorBar } from '../chart/colorBar';
import { colorShare, valueAt, type ColorMap } from '../chart/colorMap';
import { formatProbability } from './numbers';

export interface ColorBarProps {
  /** The value that gets the last colour. */
  maximum: number;
  colors: ColorMap;
  /** What the colours mean, as a sentence. */
  hint: string;
  /** In CSS pixels. */
  width: number;
  /** The value that is marked. */
  marked: number | undefined;
}

/** The key to a map's colours: 0 at one end, the largest value at the other, one between. */
export function ColorBar({ maximum, colors, hint, width, marked }: ColorBarProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current !== null) {
      paintColorBar(canvas.current, colors);
    }
  }, [colors]);
  return (
    <div
      class="color-bar"
      title={hint}
      role="img"
      aria-label={hint}
      style={{ width: `${width}px` }}
    >
      <div class="color-bar-track">
        <canvas ref={canvas} class="color-bar-colors" aria-hidden="true" />
        <div
          class="color-bar-marker"
          aria-hidden="true"
          hidden={marked === undefined}
          style={{ left: `${100 * colorShare(marked ?? 0, maximum)}%` }}
        />
      </div>
      <div class="color-bar-scale">
        <span>0</span>
        <span>{formatProbability(valueAt(0.5, maximum))}</span>
        <span>{formatProbability(maximum)}</span>
      </div>
    </div>
  );
}
