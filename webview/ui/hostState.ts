import { useLayoutEffect, useState } from 'preact/hooks';
import { useRequest, type Request } from './useRequest';

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

/** What a view is to show. */
export interface ShownState<State> {
  /** Undefined until the host has said something. */
  state: State | undefined;
  /** What the host told last, unasked. */
  latest: ToldState<State> | undefined;
  /** The view's first question, which tells the host that it listens. */
  first: Request<State>;
}

/**
 * Asks the host what to show, and follows what it tells. What it tells unasked counts for more: it may be
 * newer than the answer.
 * @param host its `ready` answers what to show.
 */
export function useHostState<State>(
  host: { ready: () => Promise<State> },
  source: HostState<State>,
): ShownState<State> {
  const latest = useTold(source);
  const first = useRequest(() => host.ready(), [host]);
  return { state: latest === undefined ? first.value : latest.state, latest, first };
}

function useTold<State>(source: HostState<State>): ToldState<State> | undefined {
  const [latest, setLatest] = useState(source.latest);
  useLayoutEffect(() => {
    const follow = (): void => setLatest(source.latest);
    follow();
    return source.listen(follow);
  }, [source]);
  return latest;
}
