import { element } from '../ui/element';

/** Pixels between what is explained and its explanation. */
const GAP = 4;

/**
 * Explanations that describe buttons to screen readers. One shows beside what it explains while that is
 * pointed at or its button has the keyboard's focus; Escape hides it. They lie beside what scrolls, which
 * would cut them off: the element must be in the same positioned box.
 */
export class Meanings {
  readonly element = element('div', 'meanings');
  private shown: HTMLElement | undefined;

  /** @param name begins the ids of all explanations. */
  constructor(private readonly name: string) {}

  /** Forgets all explanations, when what they are of is gone. */
  clear(): void {
    this.shown = undefined;
    this.element.replaceChildren();
  }

  /**
   * Ties an explanation to a button.
   * @param around what shows it when it is pointed at.
   */
  explain(button: HTMLElement, around: HTMLElement, meaning: string): void {
    const id = `${this.name}-${this.element.childElementCount}`;
    const text = element('span', 'meaning', { role: 'tooltip', id }, meaning);
    this.element.append(text);
    button.setAttribute('aria-describedby', id);
    around.addEventListener('pointerenter', () => this.show(text, around));
    around.addEventListener('pointerleave', () => this.hide());
    button.addEventListener('focus', () => {
      if (button.matches(':focus-visible')) {
        this.show(text, around);
      }
    });
    button.addEventListener('blur', () => this.hide());
    button.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') {
        this.hide();
      }
    });
  }

  private show(text: HTMLElement, around: HTMLElement): void {
    this.hide();
    this.shown = text;
    text.classList.add('shown');
    const { top, bottom } = around.getBoundingClientRect();
    const { height } = text.getBoundingClientRect();
    const above = top - GAP - height;
    const origin = this.element.getBoundingClientRect().top;
    text.style.top = `${(above >= 0 ? above : bottom + GAP) - origin}px`;
  }

  private hide(): void {
    this.shown?.classList.remove('shown');
    this.shown = undefined;
  }
}
