import { element } from '../ui/element';
import type { Figure } from './figures';

/**
 * Figures with what they mean: that shows when one is pointed at or its name has the keyboard's focus,
 * and describes the name to screen readers. Escape hides it.
 */
export class FigureList {
  readonly element = element('dl', 'figures');

  constructor() {
    this.element.addEventListener('keydown', ({ key, target }) => {
      if (key === 'Escape' && target instanceof HTMLElement) {
        target.blur();
      }
    });
  }

  show(figures: readonly Figure[]): void {
    this.element.replaceChildren(
      ...figures.map(({ name, value, meaning }, index) => {
        const id = `figure-meaning-${index}`;
        const button = element(
          'button',
          'figure-name',
          { type: 'button', 'aria-describedby': id },
          name,
        );
        return element(
          'div',
          'figure',
          {},
          element('dt', '', {}, button),
          element(
            'dd',
            '',
            {},
            value,
            element('span', 'figure-meaning', { role: 'tooltip', id }, meaning),
          ),
        );
      }),
    );
  }
}
