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

/** The caller's side of an interface: every answer is awaited. */
export type Remote<T> = {
  [K in keyof T]: (...args: Arguments<T, K>) => Promise<Answer<T, K>>;
};

/** The server's side of an interface: an answer may be awaited or not. */
export type Implementation<T> = {
  [K in keyof T]: (...args: Arguments<T, K>) => Answer<T, K> | Promise<Answer<T, K>>;
};

/** What travels between a webview and its host, in both directions. */
export type WebviewMessage =
  | { kind: 'call'; id: number; method: string; params?: unknown }
  | { kind: 'answer'; id: number; value?: unknown }
  | { kind: 'failure'; id: number; failure: FailureData };
