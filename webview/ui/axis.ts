import { columnSetting, stackedStretches } from './columnSetting';
import { element } from './element';
import { visibleLabels } from './plotLayout';

/** Pixels between two labels at least: a line of text. */
const line = 13;

/** Pixels of the line on which a stacked label has a fraction; heatMap.css has the same. */
const partLine = 11;

/** The same where some labels have a fraction, which needs more room than a line of text. */
const partWidth = 20;

/** The room that labels may take beside the map, in pixels. */
export interface LabelRoom {
  least: number;
  most: number;
}

/**
 * The token labels along one side of a map. There are as many as can be read; the label of the
 * pointed-at row or column is always there and takes the place of its neighbours.
 */
export class Axis {
  readonly element: HTMLElement;
  private readonly pointed: HTMLElement;
  private labels: readonly string[] = [];
  private shown: { index: number; label: HTMLElement }[] = [];
  private cell = line;
  /** Pixels between two labels at least. */
  private gap = line;

  constructor(private readonly side: 'rows' | 'columns') {
    this.element = element('div', `axis axis-${side}`, { 'aria-hidden': 'true' });
    this.pointed = element('span', 'axis-label pointed');
  }

  /** Pixels that the longest label needs, held within `room`. */
  measure(labels: readonly string[], { least, most }: LabelRoom): number {
    const context = document.createElement('canvas').getContext('2d');
    if (context === null) {
      return most;
    }
    const { fontSize, fontFamily } = getComputedStyle(this.element);
    context.font = `${fontSize} ${fontFamily}`;
    let widest = 0;
    for (const label of labels) {
      const length = this.isStacked(label)
        ? stackedLength(label, Number.parseFloat(fontSize))
        : context.measureText(label).width;
      widest = Math.max(widest, length);
    }
    const padding = 8;
    return Math.ceil(Math.min(most, Math.max(least, widest + padding)));
  }

  /** @param cell pixels from one label to the next */
  show(labels: readonly string[], cell: number): void {
    this.labels = labels;
    this.cell = cell;
    const hasParts = labels.some(
      (label) => this.isStacked(label) && stackedStretches(label).some(({ isPart }) => isPart),
    );
    this.gap = hasParts ? partWidth : line;
    this.shown = visibleLabels(labels.length, cell, this.gap).map((index) => ({
      index,
      label: this.place(element('span', 'axis-label'), index),
    }));
    this.element.replaceChildren(...this.shown.map(({ label }) => label));
  }

  /** Brings out one label, or none. */
  point(index: number | undefined): void {
    for (const { index: other, label } of this.shown) {
      label.hidden = index !== undefined && Math.abs(other - index) * this.cell < this.gap;
    }
    if (index === undefined) {
      this.pointed.remove();
    } else {
      this.element.append(this.place(this.pointed, index));
    }
  }

  private place(label: HTMLElement, index: number): HTMLElement {
    const text = this.labels[index] ?? '';
    label.replaceChildren(
      ...(this.isStacked(text)
        ? stackedStretches(text).map(({ text, isPart }) =>
            isPart ? element('span', 'part', {}, text) : text,
          )
        : [text]),
    );
    label.dataset['setting'] = columnSetting(text);
    const centre = (index + 0.5) * this.cell;
    label.style[this.side === 'rows' ? 'top' : 'left'] = `${centre}px`;
    return label;
  }

  private isStacked(label: string): boolean {
    return this.side === 'columns' && columnSetting(label) === 'stacked';
  }
}

/** Pixels of a stacked label from top to bottom. */
function stackedLength(label: string, fontSize: number): number {
  return stackedStretches(label).reduce(
    (sum, { text, isPart }) => sum + (isPart ? partLine : Array.from(text).length * fontSize),
    0,
  );
}
