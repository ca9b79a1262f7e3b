import { tokenLabels, type LabelledToken } from '../../src/shared/tokenLabel';
import './tokenStrip.css';
import { inkOn, toCss, type Rgba } from './color';
import { element } from './element';
import { moveInRow } from './gridMovement';

/** A token of a strip. */
export type StripToken = LabelledToken & { special: boolean };

/** What a strip tells its owner; the numbers are indices of tokens. */
export interface TokenStripListener {
  /** The pointer or, where there is none, the focus came to a token, or went away. */
  onPoint(token: number | undefined): void;
  /** A token was clicked or Enter was pressed on it. Absent where that leads nowhere. */
  onOpen?: (token: number) => void;
}

/** The tokens of a text as running text, each of them one that can be told from the next. */
export function tokenText(tokens: readonly StripToken[]): HTMLElement {
  return element('span', 'token-strip', {}, ...tokenCells(tokens));
}

/** The tokens of a text as running text, to be pointed at and painted. */
export class TokenStrip {
  readonly element: HTMLElement;
  private readonly cells: readonly HTMLElement[];
  private focused: number | undefined;
  private hovered: number | undefined;

  constructor(
    tokens: readonly StripToken[],
    label: string,
    private readonly listener: TokenStripListener,
  ) {
    const attributes = { role: 'listbox', 'aria-label': label, 'aria-orientation': 'horizontal' };
    const className = listener.onOpen === undefined ? 'token-strip' : 'token-strip opens';
    this.element = element('div', className, attributes);
    this.cells = tokenCells(tokens);
    for (const [index, cell] of this.cells.entries()) {
      cell.setAttribute('role', 'option');
      cell.setAttribute('aria-selected', 'false');
      cell.setAttribute('tabindex', index === 0 ? '0' : '-1');
    }
    this.element.append(...this.cells);
    this.element.addEventListener('pointerover', ({ target }) => this.hover(this.tokenAt(target)));
    this.element.addEventListener('pointerleave', () => this.hover(undefined));
    this.element.addEventListener('focusin', ({ target }) => this.focus(this.tokenAt(target)));
    this.element.addEventListener('focusout', () => this.focus(undefined));
    this.element.addEventListener('click', ({ target }) => this.open(this.tokenAt(target)));
    this.element.addEventListener('keydown', (event) => this.press(event));
  }

  /** Brings out one token by a frame, or none. */
  outline(token: number | undefined): void {
    for (const [index, cell] of this.cells.entries()) {
      cell.classList.toggle('pointed', index === token);
      cell.setAttribute('aria-selected', String(index === token));
    }
  }

  /** Paints every token, or takes the paint off. */
  paint(colors: readonly Rgba[] | undefined): void {
    for (const [index, cell] of this.cells.entries()) {
      const color = colors?.[index];
      cell.classList.toggle('painted', color !== undefined);
      cell.style.background = color === undefined ? '' : toCss(color);
      cell.style.color = color === undefined ? '' : inkOn(color);
    }
  }

  /** @param labels what a screen reader says of each token */
  describe(labels: readonly string[]): void {
    for (const [index, cell] of this.cells.entries()) {
      cell.setAttribute('aria-label', labels[index] ?? '');
    }
  }

  /** Scrolls a token into sight, and nothing but the strip. */
  reveal(token: number): void {
    const cell = this.cells[token];
    if (cell !== undefined) {
      const top = cell.offsetTop - this.element.offsetTop;
      const room = this.element.clientHeight - cell.offsetHeight;
      const { scrollTop } = this.element;
      this.element.scrollTop = Math.max(top - room, Math.min(scrollTop, top));
    }
  }

  private tokenAt(target: EventTarget | null): number | undefined {
    const index = this.cells.findIndex((cell) => target instanceof Node && cell.contains(target));
    return index < 0 ? undefined : index;
  }

  private hover(token: number | undefined): void {
    // Between two tokens the one that was left last stays, for the paint must not flicker.
    this.hovered = token ?? (this.element.matches(':hover') ? this.hovered : undefined);
    this.listener.onPoint(this.hovered ?? this.focused);
  }

  private focus(token: number | undefined): void {
    this.focused = token;
    if (token !== undefined) {
      // The strip has one stop in the order of the Tab key.
      for (const [index, cell] of this.cells.entries()) {
        cell.setAttribute('tabindex', index === token ? '0' : '-1');
      }
    }
    this.listener.onPoint(this.hovered ?? this.focused);
  }

  private open(token: number | undefined): void {
    if (token !== undefined) {
      this.cells[token]?.focus({ preventScroll: true });
      this.listener.onOpen?.(token);
    }
  }

  private press(event: KeyboardEvent): void {
    const { focused } = this;
    if (focused === undefined || event.altKey || event.metaKey) {
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      this.listener.onOpen?.(focused);
    } else if (event.key === 'Escape') {
      // The focus stays, so that the next arrow key goes on from here.
      this.hovered = undefined;
      this.listener.onPoint(undefined);
    } else {
      const next = moveInRow(event, focused, this.cells.length);
      if (next === undefined) {
        return;
      }
      this.hovered = undefined;
      this.cells[next]?.focus();
    }
    event.preventDefault();
  }
}

function tokenCells(tokens: readonly StripToken[]): HTMLElement[] {
  const labels = tokenLabels(tokens);
  return tokens.map(({ special }, index) =>
    element('span', special ? 'strip-token special' : 'strip-token', {}, labels[index] ?? ''),
  );
}
