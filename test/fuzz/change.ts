import type { Random } from './random';

/** Files do not grow beyond this by changes that copy. */
export const LARGEST_BYTES = 512 * 2 ** 10;

/** Nor files of JSON beyond this, whose lists take more memory than their text. */
export const LARGEST_JSON_BYTES = 4 * 2 ** 20;

/**
 * Answers a changed copy; undefined if the file has no place for the change.
 * @param others files that parts may come from
 */
export type Change = (
  bytes: Uint8Array,
  random: Random,
  others: readonly Uint8Array[],
) => Uint8Array | undefined;

export type NamedChange = readonly [name: string, change: Change];
