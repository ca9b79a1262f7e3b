/** What a long computation over a tensor has at hand. */
export interface Work {
  /** Looked at before each stretch. */
  signal: AbortSignal;
  /** Hears how much is done, from 0 to 1, after each stretch. */
  report: (share: number) => void;
  /** Lets others have their turn, so that the signal can be set at all. */
  pause: () => Promise<void>;
}

/** Elements that are read at a time: some milliseconds of work, so that it can be stopped soon. */
export const STRETCH = 2 ** 18;

/**
 * Stretches of a tensor one after another, the next of which is read while one is worked on.
 *
 * @param count elements in all.
 * @param part which share of the work this is, for the reports.
 * @throws the signal's reason; what `read` throws.
 */
export async function* stretches<T>(
  count: number,
  read: (first: number, count: number) => Promise<T>,
  { signal, report, pause }: Work,
  part: { from: number; to: number } = { from: 0, to: 1 },
  length = STRETCH,
): AsyncGenerator<{ first: number; elements: T }> {
  const begin = (first: number): Promise<T> | undefined => {
    const next = first < count ? read(first, Math.min(length, count - first)) : undefined;
    // Nobody waits for it when the work ends early.
    next?.catch(() => undefined);
    return next;
  };
  let next = begin(0);
  for (let first = 0; next !== undefined; first += length) {
    signal.throwIfAborted();
    const elements = await next;
    await pause();
    signal.throwIfAborted();
    next = begin(first + length);
    yield { first, elements };
    const done = Math.min(1, (first + length) / count);
    report(part.from + (part.to - part.from) * done);
  }
}
