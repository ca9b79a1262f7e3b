import { colorCount, colorShare, valueAt, type ColorMap } from './colorMap';
import { element } from './element';
import { formatProbability } from './numbers';

/** The key to a map's colours: 0 at one end, the largest value at the other, one between. */
export class ColorBar {
  readonly element: HTMLElement;
  private readonly canvas = element('canvas', 'color-bar-colors', { 'aria-hidden': 'true' });
  private readonly marker = element('div', 'color-bar-marker', { 'aria-hidden': 'true' });
  private readonly middle = element('span', '');
  private readonly end = element('span', '');
  private maximum = 0;

  /** @param hint what the colours mean, as a sentence. */
  constructor(hint: string) {
    this.canvas.width = colorCount;
    this.canvas.height = 1;
    this.marker.hidden = true;
    this.element = element(
      'div',
      'color-bar',
      { title: hint, role: 'img', 'aria-label': hint },
      element('div', 'color-bar-track', {}, this.canvas, this.marker),
      element('div', 'color-bar-scale', {}, element('span', '', {}, '0'), this.middle, this.end),
    );
  }

  show(maximum: number, colors: ColorMap): void {
    this.maximum = maximum;
    this.middle.textContent = formatProbability(valueAt(0.5, maximum));
    this.end.textContent = formatProbability(maximum);
    const pixels = new ImageData(colorCount, 1);
    for (let index = 0; index < colorCount; index++) {
      pixels.data.set(colors.subarray(index * 3, index * 3 + 3), index * 4);
      pixels.data[index * 4 + 3] = 255;
    }
    this.canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  }

  /** Marks a value on the bar, or none. */
  point(value: number | undefined): void {
    this.marker.hidden = value === undefined;
    if (value !== undefined) {
      this.marker.style.left = `${100 * colorShare(value, this.maximum)}%`;
    }
  }
}
