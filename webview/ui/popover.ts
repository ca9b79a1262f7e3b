/**
 * Text that lies over everything else in the view, but never over what it belongs to: below it, or above
 * where there is more room. One at most is on screen.
 */
export class Popover {
  /** The one on screen. */
  static shown: Popover | undefined;

  private waiting: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param element has the attribute `popover`
   * @param anchor what it belongs to
   */
  constructor(
    private readonly element: HTMLElement,
    private readonly anchor: HTMLElement,
  ) {}

  /** Shows it unless it is closed before long. */
  openSoon(): void {
    this.waiting ??= setTimeout(() => this.open(), patience);
  }

  open(): void {
    if (!this.element.isConnected) {
      return;
    }
    Popover.shown?.close();
    Popover.shown = this;
    this.element.showPopover();
    this.place();
  }

  close(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    if (Popover.shown === this) {
      Popover.shown = undefined;
    }
    if (this.element.matches(':popover-open')) {
      this.element.hidePopover();
    }
  }

  /** Stays beside what it belongs to, as long as that is in sight. */
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
    const isBelow = below >= offsetHeight + 2 * gap || below >= top;
    style.top = `${isBelow ? bottom + gap : top - gap - offsetHeight}px`;
    style.left = `${Math.max(gap, Math.min(left, clientWidth - offsetWidth - gap))}px`;
  }
}

document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') {
    Popover.shown?.close();
  }
});
// The keyboard's focus scrolls what it comes to into sight.
document.addEventListener('scroll', () => Popover.shown?.follow(), {
  capture: true,
  passive: true,
});

/** CSS pixels between a popover, what it belongs to and the edges of the view. */
const gap = 4;

/** Milliseconds for which something must be pointed at, so that a pointer on its way shows nothing. */
const patience = 300;
