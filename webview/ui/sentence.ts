import { inEnglish } from '../../src/shared/failure';

/** Fills `{0}`, `{1}` … of a sentence that the host translated. */
export function fill(sentence: string, ...args: (string | number)[]): string {
  return inEnglish({ text: sentence, args });
}
