import { columnSetting, stackedStretches } from './columnSetting';
import { visibleLabels } from './plotLayout';

/** The side of a map that labels stand along. */
export type AxisSide = 'rows' | 'columns';

/** The labels of an axis that are drawn, and how close together they may stand. */
export interface AxisLabels {
  /** Indices of the labels, ascending. */
  visible: number[];
  /** CSS pixels between the centres of two labels at least. */
  gap: number;
}

/** The room that labels may take beside the map, in CSS pixels. */
export interface LabelRoom {
  least: number;
  most: number;
}

/** Whether a label's characters stand one below the other. */
export function isStacked(label: string, side: AxisSide): boolean {
  return side === 'columns' && columnSetting(label) === 'stacked';
}

/**
 * Which labels of an axis are drawn: as many as can be read.
 *
 * @param cell CSS pixels from one label to the next
 */
export function axisLabels(labels: readonly string[], side: AxisSide, cell: number): AxisLabels {
  const hasParts = labels.some(
    (label) => isStacked(label, side) && stackedStretches(label).some(({ isPart }) => isPart),
  );
  const gap = hasParts ? partWidth : line;
  return { visible: visibleLabels(labels.length, cell, gap), gap };
}

/** CSS pixels that the longest label needs in the font of an element, held within `room`. */
export function labelLength(
  labels: readonly string[],
  side: AxisSide,
  { fontSize, fontFamily }: Pick<CSSStyleDeclaration, 'fontSize' | 'fontFamily'>,
  { least, most }: LabelRoom,
): number {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) {
    return most;
  }
  context.font = `${fontSize} ${fontFamily}`;
  let widest = 0;
  for (const label of labels) {
    const length = isStacked(label, side)
      ? stackedLength(label, Number.parseFloat(fontSize))
      : context.measureText(label).width;
    widest = Math.max(widest, length);
  }
  return Math.ceil(Math.min(most, Math.max(least, widest + padding)));
}

/** CSS pixels of a stacked label from top to bottom. */
function stackedLength(label: string, fontSize: number): number {
  return stackedStretches(label).reduce(
    (sum, { text, isPart }) => sum + (isPart ? partLine : Array.from(text).length * fontSize),
    0,
  );
}

/** CSS pixels between two labels at least: a line of text. */
const line = 13;

/** CSS pixels of the line on which a stacked label has a fraction; heatMap.css has the same. */
const partLine = 11;

/** The same where some labels have a fraction, which needs more room than a line of text. */
const partWidth = 20;

/** CSS pixels on both sides of a label together. */
const padding = 8;
