/**
 * What is wrong with the layout of a page: text that leaves its box or is cut off, text and controls
 * that lie over each other, and a page that is wider than its window. Runs in the page.
 *
 * @returns a line for each defect
 */
export function layoutDefects(): string[] {
  interface Box {
    element: Element;
    label: string;
    left: number;
    top: number;
    right: number;
    bottom: number;
  }
  /** Browsers round; half a line's descent may reach over a box that holds it. */
  const tolerance = 1.5;
  const defects: string[] = [];

  const isShown = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.closest('.visually-hidden') === null;

  /** A name that tells where a box is: its class and how its text begins. */
  const nameOf = (element: Element): string => {
    const named = element.closest('[class]:not([class=""])') ?? element;
    const classes = named.getAttribute('class') ?? '';
    return `${named.tagName.toLowerCase()}.${classes.replaceAll(' ', '.')}`;
  };

  const boxOf = (element: Element, rect: DOMRect, label: string): Box => {
    const { left, top, right, bottom } = rect;
    return { element, label, left, top, right, bottom };
  };

  /** Whether an element lets its text be cut off on purpose, and gives it whole elsewhere. */
  const isShortened = (element: Element): boolean =>
    element.closest('[title]:not([title=""])') !== null || element.closest('.axis') !== null;

  /** What is left of a box within the ancestors that hide or scroll what does not fit. */
  const visiblePart = (box: Box, report: boolean): Box | undefined => {
    let { left, top, right, bottom } = box;
    for (let up: Element | null = box.element; up !== null; up = up.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(up);
      if (overflowX === 'visible' && overflowY === 'visible') continue;
      if (up === document.body || up === document.documentElement) continue;
      const edge = up.getBoundingClientRect();
      const cut =
        (overflowX !== 'auto' &&
          overflowX !== 'scroll' &&
          (left < edge.left - tolerance || right > edge.right + tolerance)) ||
        (overflowY !== 'auto' &&
          overflowY !== 'scroll' &&
          (top < edge.top - tolerance || bottom > edge.bottom + tolerance));
      if (cut && report && !isShortened(box.element)) {
        defects.push(`${box.label} is cut off by ${nameOf(up)}`);
      }
      left = Math.max(left, edge.left);
      top = Math.max(top, edge.top);
      right = Math.min(right, edge.right);
      bottom = Math.min(bottom, edge.bottom);
    }
    return right - left > 1 && bottom - top > 1 ? { ...box, left, top, right, bottom } : undefined;
  };

  /** The lines of each piece of text on the page. */
  const texts: Box[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? '';
    if (element === null || text === '' || !isShown(element)) continue;
    if (element.closest('script, style') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const label = `“${text.slice(0, 40)}” (${nameOf(element)})`;
    for (const rect of range.getClientRects()) {
      if (rect.width > 0) texts.push(boxOf(element, rect, label));
    }
    const { overflow, textOverflow } = getComputedStyle(element);
    if (overflow !== 'visible' && textOverflow === 'ellipsis') {
      if (element.scrollWidth > element.clientWidth + 1 && !isShortened(element)) {
        defects.push(`${label} is shortened, and nothing gives it whole`);
      }
    }
  }

  /** Whether a box stands on something opaque that stays in sight while the other is scrolled under it. */
  const covers = (one: Box, other: Box): boolean => {
    for (let up: Element | null = one.element; up !== null; up = up.parentElement) {
      const { position, backgroundColor } = getComputedStyle(up);
      if (position === 'sticky' && /^rgb\(/.test(backgroundColor)) {
        return !up.contains(other.element);
      }
    }
    return false;
  };

  // Text in its own box.
  for (const text of texts) {
    let block: Element | null = text.element;
    while (block !== null && getComputedStyle(block).display.startsWith('inline')) {
      block = block.parentElement;
    }
    if (block === null || block === document.body || isShortened(text.element)) continue;
    const { overflowX, overflowY } = getComputedStyle(block);
    const scrolls = [overflowX, overflowY].some((how) => how === 'auto' || how === 'scroll');
    const { left, top, right, bottom } = block.getBoundingClientRect();
    const leaves = Math.max(
      left - text.left,
      top - text.top,
      text.right - right,
      text.bottom - bottom,
    );
    if (leaves > tolerance && !scrolls) {
      defects.push(`${text.label} leaves its box by ${leaves.toFixed(0)} px`);
    }
  }

  // One over the other.
  const controls = [
    ...document.querySelectorAll(
      'button, vscode-button, [role="tab"], .head-cell, .plot, .color-bar-track',
    ),
  ]
    .filter(isShown)
    .map((element) => boxOf(element, element.getBoundingClientRect(), nameOf(element)));
  const boxes = [
    ...texts.map((box) => ({ box, seen: visiblePart(box, true) })),
    ...controls.map((box) => ({ box, seen: visiblePart(box, false) })),
  ].flatMap(({ box, seen }) => (seen === undefined ? [] : [{ ...seen, label: box.label }]));
  for (const [index, one] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      // The line boxes of neighbours in running text may touch.
      if (width > tolerance && height > 3 && !covers(one, other) && !covers(other, one)) {
        defects.push(
          `${one.label} and ${other.label} overlap by ${width.toFixed(0)} × ${height.toFixed(0)} px`,
        );
      }
    }
  }

  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    defects.push(`the page is ${scrollWidth - clientWidth} px wider than its window`);
  }
  for (const { label, left, right } of boxes) {
    if (left < -tolerance || right > clientWidth + tolerance) {
      defects.push(`${label} leaves the window`);
    }
  }
  return [...new Set(defects)];
}
