import { useLayoutEffect, useState } from 'preact/hooks';
import { asFailure, type Failure } from '../../src/shared/failure';

/** How a call stands. */
export interface RequestResult<T> {
  /** Whether an answer is being waited for. */
  isBusy: boolean;
  /** The latest answer. It stays while another one is waited for, and beside a failure. */
  value: T | undefined;
  /** What the latest call failed with. It stays until another one is answered. */
  failure: Failure | undefined;
}

export interface Request<T> extends RequestResult<T> {
  /** Makes the call once more. */
  again: () => void;
}

/**
 * Makes a call when a component is first shown and whenever what it is about changes. An answer to
 * any call but the latest is left unused.
 *
 * @param call undefined while there is nothing to ask
 * @param about what the call depends on; always as many
 */
export function useRequest<T>(
  call: (() => Promise<T>) | undefined,
  about: readonly unknown[],
): Request<T> {
  const [outcome, setOutcome] = useState<RequestResult<T>>(call === undefined ? nothing : asking);
  const [attempt, setAttempt] = useState(0);
  // A layout effect: the others wait for the next frame.
  useLayoutEffect(() => {
    if (call === undefined) {
      setOutcome(nothing);
      return undefined;
    }
    let isLatest = true;
    setOutcome((before) => ({ ...before, isBusy: true }));
    call().then(
      (value) => {
        if (isLatest) {
          setOutcome({ isBusy: false, value, failure: undefined });
        }
      },
      (error: unknown) => {
        if (isLatest) {
          setOutcome(({ value }) => ({ isBusy: false, value, failure: asFailure(error) }));
        }
      },
    );
    return () => {
      isLatest = false;
    };
  }, [...about, attempt]);
  return { ...outcome, again: () => setAttempt((before) => before + 1) };
}

const nothing = { isBusy: false, value: undefined, failure: undefined };
const asking = { ...nothing, isBusy: true };
