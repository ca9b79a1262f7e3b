/** A binary heap of numbers, smallest first (Williams 1964). */
export class MinHeap {
  private readonly items: number[] = [];

  push(value: number): void {
    const { items } = this;
    let at = items.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] ?? 0;
      if (above <= value) {
        break;
      }
      items[at] = above;
      at = parent;
    }
    items[at] = value;
  }

  /** Takes the smallest number out; undefined when none is left. */
  pop(): number | undefined {
    const { items } = this;
    const smallest = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) {
      return smallest;
    }
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if ((items[child + 1] ?? Infinity) < (items[child] ?? Infinity)) {
        child++;
      }
      const below = items[child];
      if (below === undefined || below >= last) {
        break;
      }
      items[at] = below;
      at = child;
    }
    items[at] = last;
    return smallest;
  }
}
