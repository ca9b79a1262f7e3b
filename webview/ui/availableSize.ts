import type { Size } from '../chart/plotLayout';

/** Height of the tallest of some sentences where a sentence stands, in CSS pixels. */
export function tallestSentence(sentence: HTMLElement, texts: readonly string[]): number {
  const copies = texts.map((text) => {
    const copy = document.createElement('p');
    copy.className = sentence.className;
    copy.textContent = text;
    return copy;
  });
  sentence.after(...copies);
  const heights = copies.map(({ clientHeight }) => clientHeight);
  copies.forEach((copy) => copy.remove());
  return Math.max(...heights);
}

/**
 * What a map may take of the box around it, in CSS pixels.
 *
 * @param isHeld whether it may be no higher than the box; otherwise the page scrolls
 */
export function availableSize(box: HTMLElement, map: HTMLElement, isHeld: boolean): Size {
  const { clientHeight, clientWidth } = box;
  const { paddingLeft, paddingRight, paddingBottom } = getComputedStyle(box);
  const above = map.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
  return {
    width: clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight),
    height: isHeld ? clientHeight - above - parseFloat(paddingBottom) : Number.POSITIVE_INFINITY,
  };
}
