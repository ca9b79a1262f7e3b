import { printable } from '../../src/shared/printable';

/** Longer names are cut: files may have some of a megabyte. */
const LONGEST = 300;

/** A name from a file as a page can show it. */
export function shownName(name: string): string {
  return printable(name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name);
}
