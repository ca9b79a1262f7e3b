import { useLayoutEffect, useState } from 'preact/hooks';
import script from './layoutWorker?worker';
import type { Layout, LayoutRequest } from './layout';

/** A layout, and whether it is of what was asked last. */
export interface LaidOut<T> {
  /** What was asked for, and where everything of it is; the last one stays until the next is there. */
  shown: { about: T; layout: Layout } | undefined;
  isBusy: boolean;
  failure: Error | undefined;
}

/**
 * Has something laid out beside the page. What is asked for later ends what was asked for before.
 * @param about what it is, which comes back with its layout.
 */
export function useLayout<T>(about: T, request: LayoutRequest | undefined): LaidOut<T> {
  const [outcome, setOutcome] = useState<LaidOut<T>>({
    ...{ shown: undefined, isBusy: true, failure: undefined },
  });
  useLayoutEffect(() => {
    if (request === undefined) {
      return undefined;
    }
    setOutcome(({ shown }) => ({ shown, isBusy: true, failure: undefined }));
    const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    const worker = new Worker(address);
    worker.onmessage = ({ data }: MessageEvent<Layout>) => {
      worker.terminate();
      setOutcome({ shown: { about, layout: data }, isBusy: false, failure: undefined });
    };
    worker.onerror = ({ message }) =>
      setOutcome(({ shown }) => ({ shown, isBusy: false, failure: new Error(message) }));
    worker.postMessage(request);
    return () => {
      worker.terminate();
      URL.revokeObjectURL(address);
    };
  }, [request]);
  return outcome;
}
