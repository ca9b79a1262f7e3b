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
export function Axis(props: AxisProps): VNode {
  const { side, labels, cell, height, visible, gap, pointed, ref = null } = props;
  const label = (index: number) => ({
    side,
    text: labels[index] ?? '',
    centre: (index + 0.5) * cell,
  });
  const isNear = (index: number): boolean =>
    pointed !== undefined && Math.abs(pointed - index) * cell < gap;
  return (
    <div
      ref={ref}
      class={`axis axis-${side}`}
      aria-hidden="true"
      style={height === undefined ? undefined : { height: `${height}px` }}
    >
      {visible.map((index) => (
        <Label key={index} {...label(index)} isHidden={isNear(index)} />
      ))}
      {pointed !== undefined && <Label key="pointed" {...label(pointed)} isPointed />}
    </div>
  );
}

interface LabelProps {
  side: AxisSide;
  text: string;
  /** CSS pixels from the start of the axis. */
  centre: number;
  isHidden?: boolean;
  isPointed?: boolean;
}

function Label({ side, text, centre, isHidden = false, isPointed = false }: LabelProps): VNode {
  return (
    <span
      class={isPointed ? 'axis-label pointed' : 'axis-label'}
      data-setting={columnSetting(text)}
      hidden={isHidden}
      style={{ [side === 'rows' ? 'top' : 'left']: `${centre}px` }}
    >
      {isStacked(text, side) ? stacked(text) : text}
    </span>
  );
}

function stacked(text: string): ComponentChildren {
  return stackedStretches(text).map(({ text, isPart }) =>
    isPart ? <span class="part">{text}</span> : text,
  );
}
