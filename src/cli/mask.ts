import { Failure, phrase } from '../shared/failure';
import type { TextRange } from '../shared/text';

/**
 * The one blank of a text, written `[MASK]` whatever the model's own token for it is.
 * @throws Failure `input` when there is none or more than one.
 */
export function findMask(text: string): TextRange {
  const [mask, ...more] = text.matchAll(/\[MASK\]/gi);
  if (!mask) {
    throw new Failure({
      kind: 'input',
      what: phrase('The text has no blank'),
      remedy: phrase('write [MASK] where a word is missing'),
    });
  }
  if (more.length > 0) {
    throw new Failure({
      kind: 'input',
      what: phrase('The text has {0} blanks, and one is filled at a time', more.length + 1),
      remedy: phrase('leave one [MASK] in it'),
    });
  }
  return { start: mask.index, end: mask.index + mask[0].length };
}
