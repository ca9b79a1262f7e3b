import { useLayoutEffect, useState } from 'preact/hooks';

/** A state that the host told the view to show. Every message makes one of its own. */
export interface ToldState<State> {
  readonly state: State;
}

/** Keeps what the host told last, so that nothing is missed before the first component is there. */
export class HostState<State> {
  private readonly listeners = new Set<() => void>();
  private told: ToldState<State> | undefined;

  /** What was told last, if anything was. */
  get latest(): ToldState<State> | undefined {
    return this.told;
  }

  /** Takes in a message from the host. */
  tell(state: State): void {
    this.told = { state };
    for (const listener of this.listeners) {
      listener();
    }
  }

  /** @returns ends it */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}

/** What the host told last, if anything was. */
export function useHostState<State>(source: HostState<State>): ToldState<State> | undefined {
  const [latest, setLatest] = useState(source.latest);
  useLayoutEffect(() => {
    const follow = (): void => setLatest(source.latest);
    follow();
    return source.listen(follow);
  }, [source]);
  return latest;
}
