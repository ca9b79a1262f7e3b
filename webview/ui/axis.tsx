import type { ComponentChildren, Ref, VNode } from 'preact';
import { isStacked, type AxisLabels, type AxisSide } from '../chart/axisLabels';
import { columnSetting, stackedStretches } from '../chart/columnSetting';

export interface AxisProps extends AxisLabels {
  side: AxisSide;
  /** The labels of all rows or columns. */
  labels: readonly string[];
  /** CSS pixels from one label to the next. */
  cell: number;
  /** Height of the whole, in CSS pixels, where it is not that of the map. */
  height?: number | undefined;
  /** The row or column that is pointed at. */
  pointed: number | undefined;
  /** The element, for its font. */
  ref?: Ref<HTMLDivElement>;
}

/**
 * The token labels along one side of a map. The label of the pointed-at row or column is always there
 * and takes the place of its neighbours.
 */
export function Axis({
  side,
  labels,
  cell,
  height,
  visible,
  gap,
  pointed,
  ref = null,
}: AxisProps): VNode {
  const label = (index: number, className: string, isHidden = false): VNode => {
    const text = labels[index] ?? '';
    return (
      <span
        key={`${className} ${index}`}
        class={className}
        data-setting={columnSetting(text)}
        hidden={isHidden}
        style={{ [side === 'rows' ? 'top' : 'left']: `${(index + 0.5) * cell}px` }}
      >
        {isStacked(text, side) ? stacked(text) : text}
      </span>
    );
  };
  return (
    <div
      ref={ref}
      class={`axis axis-${side}`}
      aria-hidden="true"
      style={height === undefined ? undefined : { height: `${height}px` }}
    >
      {visible.map((index) =>
        label(index, 'axis-label', pointed !== undefined && Math.abs(pointed - index) * cell < gap),
      )}
      {pointed !== undefined && label(pointed, 'axis-label pointed')}
    </div>
  );
}

function stacked(text: string): ComponentChildren {
  return stackedStretches(text).map(({ text, isPart }) =>
    isPart ? <span class="part">{text}</span> : text,
  );
}
