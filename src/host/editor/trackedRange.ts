/** One replacement in a text. Offsets are UTF-16 units of the text before the change. */
export interface TextChange {
  offset: number;
  /** Characters removed. */
  removed: number;
  /** Characters put in their place. */
  inserted: number;
}

/**
 * A stretch of a text that moves along when the text before it changes. A change that touches the
 * stretch itself ends it.
 */
export class TrackedRange {
  private broken = false;

  /** Half open, in UTF-16 units. */
  constructor(
    private from: number,
    private to: number,
  ) {}

  get start(): number {
    return this.from;
  }

  get end(): number {
    return this.to;
  }

  /** False once the stretch itself was changed. */
  get intact(): boolean {
    return !this.broken;
  }

  /** Makes the stretch longer, after text was added at its end on purpose. */
  extend(length: number): void {
    this.to += length;
  }

  /**
   * Takes in a change of the text. Text put exactly at the start moves the stretch, text put
   * exactly at its end stays outside.
   */
  apply({ offset, removed, inserted }: TextChange): void {
    if (offset + removed <= this.from) {
      this.from += inserted - removed;
      this.to += inserted - removed;
    } else if (offset < this.to) {
      this.broken = true;
    }
  }
}
