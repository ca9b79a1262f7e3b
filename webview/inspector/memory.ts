/** What the workbench keeps of a page that is gone, by the part of the page that it is of. */
export class Memory {
  private readonly parts: Record<string, unknown>;

  /**
   * @param recall answers what an earlier page, perhaps of an older version, has left.
   * @param remember has it kept.
   */
  constructor(
    recall: () => unknown,
    private readonly remember: (memory: unknown) => void,
  ) {
    this.parts = { ...recordOf(recall()) };
  }

  /** What is kept of a part: whoever asks checks what it is. */
  of(part: string): Readonly<Record<string, unknown>> {
    return recordOf(this.parts[part]);
  }

  /** Keeps what a part is to be told by {@link of}. */
  keep(part: string, value: object): void {
    this.parts[part] = value;
    this.remember(this.parts);
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
