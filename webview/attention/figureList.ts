import { element } from '../ui/element';
import { withWholeNumbers } from '../ui/wholeNumbers';
import { Explanation } from './explanation';
import type { Figure } from './figures';

/** Figures, each with what it means. */
export class FigureList {
  readonly element = element('dl', 'figures');

  show(figures: readonly Figure[]): void {
    this.element.replaceChildren(
      ...figures.map(({ name, value, meaning }) => {
        const button = element('button', 'figure-name', { type: 'button' }, name);
        const shown = element('dd', '', {}, ...withWholeNumbers(value));
        const figure = element('div', 'figure', {}, element('dt', '', {}, button), shown);
        shown.append(new Explanation(figure, button, meaning).element);
        return figure;
      }),
    );
  }
}
