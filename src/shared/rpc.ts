import type { FailureData } from './failure';

/*
 * Contracts are interfaces whose methods take one parameter object, or nothing, and give one answer.
 * The types here derive both ends of a line from them.
 */

export type Params<T, K extends keyof T> = T[K] extends (...args: infer A) => unknown
  ? A extends [infer P]
    ? P
    : undefined
  : never;

export type Answer<T, K extends keyof T> = T[K] extends (...args: never[]) => infer R ? R : never;

type Arguments<T, K extends keyof T> = Params<T, K> extends undefined ? [] : [params: Params<T, K>];

/** What a caller may say of a call beside its parameter. */
export interface RemoteOptions<P> {
  /** Ends the call: its promise fails with the reason of the signal. */
  signal?: AbortSignal;
  /** Hears how far the call is. */
  onProgress?: (progress: P) => void;
}

/**
 * The caller's side of an interface: every answer is awaited.
 * @template Progress what methods report while they go on; those that are not named report nothing.
 */
export type Remote<T, Progress = object> = {
  [K in keyof T]: (
    ...args:
      Arguments<T, K> | [params: Params<T, K>, options: RemoteOptions<ProgressOf<Progress, K>>]
  ) => Promise<Answer<T, K>>;
};

/** What a method reports. */
export type ProgressOf<Progress, K> = K extends keyof Progress ? Progress[K] : never;

/** The server's side of an interface: an answer may be awaited or not. */
export type Implementation<T> = {
  [K in keyof T]: (...args: Arguments<T, K>) => Answer<T, K> | Promise<Answer<T, K>>;
};

/**
 * What travels between a webview and its host, in both directions; progress comes from the host and
 * `cancel` from the view alone. Every call gets one answer or failure, a cancelled one as well.
 */
export type WebviewMessage =
  | { kind: 'call'; id: number; method: string; params?: unknown }
  | { kind: 'cancel'; id: number }
  | { kind: 'progress'; id: number; value?: unknown }
  | { kind: 'answer'; id: number; value?: unknown }
  | { kind: 'failure'; id: number; failure: FailureData };
