import { useLayoutEffect, useState } from 'preact/hooks';
import { asFailure, type Failure } from '../../src/shared/failure';
import type { RemoteOptions } from '../../src/shared/rpc';

/** How a call stands. */
export interface RequestResult<T, P = unknown> {
  /** Whether an answer is being waited for. */
  isBusy: boolean;
  /** The latest answer. It stays while another one is waited for, and beside a failure. */
  value: T | undefined;
  /** What the latest call failed with. It stays until another one is answered. */
  failure: Failure | undefined;
  /** What the call that goes on reported last. */
  progress?: P | undefined;
}

export interface Request<T, P = unknown> extends RequestResult<T, P> {
  /** Makes the call once more. */
  again: () => void;
}

/**
 * Makes a call when a component is first shown and whenever what it is about changes. Any call but the
 * latest is cancelled, and so is that of a component that is gone; what such a call answers is left unused.
 *
 * @param call undefined while there is nothing to ask; a call that is not told the options goes on
 * @param about what the call depends on; always as many
 */
export function useRequest<T, P = unknown>(
  call: ((options: Required<RemoteOptions<P>>) => Promise<T>) | undefined,
  about: readonly unknown[],
): Request<T, P> {
  const [outcome, setOutcome] = useState<RequestResult<T, P>>(
    call === undefined ? nothing : asking,
  );
  const [attempt, setAttempt] = useState(0);
  // A layout effect: the others wait for the next frame.
  useLayoutEffect(() => {
    if (call === undefined) {
      setOutcome(nothing);
      return undefined;
    }
    const ending = new AbortController();
    const { signal } = ending;
    const onProgress = (progress: P): void => {
      if (!signal.aborted) {
        setOutcome((before) => ({ ...before, progress }));
      }
    };
    setOutcome((before) => ({ ...before, isBusy: true, progress: undefined }));
    call({ signal, onProgress }).then(
      (value) => {
        if (!signal.aborted) {
          setOutcome({ isBusy: false, value, failure: undefined });
        }
      },
      (error: unknown) => {
        if (!signal.aborted) {
          setOutcome(({ value }) => ({ isBusy: false, value, failure: asFailure(error) }));
        }
      },
    );
    return () => ending.abort();
  }, [...about, attempt]);
  return { ...outcome, again: () => setAttempt((before) => before + 1) };
}

const nothing = { isBusy: false, value: undefined, failure: undefined };
const asking = { ...nothing, isBusy: true };
