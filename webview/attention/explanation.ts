import type { ExplainedSentence } from '../../src/shared/attentionPanel';
import { element } from '../ui/element';
import { withWholeNumbers } from '../ui/wholeNumbers';
import './explanation.css';

/** Counts explanations: their ids must differ on the whole page. */
let count = 0;

/** CSS pixels between an explanation, what it explains and the edges of the view. */
const GAP = 4;

/** Milliseconds for which something must be pointed at, so that a pointer on its way shows nothing. */
const PATIENCE = 300;

/**
 * What something means: shown while it is pointed at or has the keyboard's focus, and read out by screen
 * readers. Escape hides it. It lies over everything else in the view, but never over what it explains:
 * below it, or above where there is more room.
 */
export class Explanation {
  /** Belongs into the page, beside or within what is explained. */
  readonly element = element('span', 'explanation', {
    role: 'tooltip',
    id: `explanation-${count++}`,
    popover: 'manual',
  });
  private waiting: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param anchor what is explained and pointed at.
   * @param focused what of it the keyboard can reach, and screen readers describe.
   */
  constructor(
    private readonly anchor: HTMLElement,
    focused: HTMLElement = anchor,
    text = '',
  ) {
    focused.setAttribute('aria-describedby', this.element.id);
    // Not where it came to lie under a pointer that rests.
    anchor.addEventListener('pointermove', () => {
      this.waiting ??= setTimeout(() => this.open(), PATIENCE);
    });
    anchor.addEventListener('pointerleave', () => this.close());
    focused.addEventListener('focus', () => {
      if (focused.matches(':focus-visible')) {
        this.open();
      }
    });
    focused.addEventListener('blur', () => this.close());
    this.text = text;
  }

  /** Nothing is explained by nothing. */
  set text(text: string) {
    this.element.replaceChildren(...withWholeNumbers(text));
    if (text === '') {
      this.close();
    }
  }

  private open(): void {
    if (this.element.textContent === '' || !this.element.isConnected) {
      return;
    }
    closeAll();
    shown.add(this);
    this.element.showPopover();
    this.place();
  }

  close(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    shown.delete(this);
    if (this.element.matches(':popover-open')) {
      this.element.hidePopover();
    }
  }

  /** Stays beside what it explains, as long as that is in sight. */
  follow(): void {
    const { top, bottom } = this.anchor.getBoundingClientRect();
    if (bottom < 0 || top > document.documentElement.clientHeight) {
      this.close();
    } else {
      this.place();
    }
  }

  private place(): void {
    const { left, top, bottom } = this.anchor.getBoundingClientRect();
    const { offsetWidth, offsetHeight, style } = this.element;
    const { clientWidth, clientHeight } = document.documentElement;
    const below = clientHeight - bottom;
    const isBelow = below >= offsetHeight + 2 * GAP || below >= top;
    style.top = `${isBelow ? bottom + GAP : top - GAP - offsetHeight}px`;
    style.left = `${Math.max(GAP, Math.min(left, clientWidth - offsetWidth - GAP))}px`;
  }
}

/** What is on screen: one at most. */
const shown = new Set<Explanation>();

function closeAll(): void {
  for (const explanation of shown) {
    explanation.close();
  }
}

document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') {
    closeAll();
  }
});
// The keyboard's focus scrolls what it comes to into sight.
document.addEventListener('scroll', () => shown.forEach((explanation) => explanation.follow()), {
  capture: true,
  passive: true,
});

/** What stands between a sentence and the next one: nothing behind a full stop of Chinese. */
function spaceBehind(text: string): string {
  return /[。！？]$/.test(text) ? '' : ' ';
}

/** Sentences with spaces between them, and behind them all their explanations, which are not on screen. */
export function explainedSentences(sentences: readonly ExplainedSentence[]): (Node | string)[] {
  const explanations: HTMLElement[] = [];
  const shown = sentences.flatMap(({ text, meaning }) => {
    const words = withWholeNumbers(text);
    if (meaning === undefined) {
      return [...words, spaceBehind(text)];
    }
    const sentence = element('span', 'explained', { tabindex: '0' }, ...words);
    explanations.push(new Explanation(sentence, sentence, meaning).element);
    return [sentence, spaceBehind(text)];
  });
  return [...shown, ...explanations];
}
