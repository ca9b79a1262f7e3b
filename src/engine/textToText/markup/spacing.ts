/** White space, and what may stand before an address that is not marked as one. */
const BEFORE_ADDRESS = /[\s*_~(]$/;
/** White space, and what ends such an address. */
const BEHIND_ADDRESS = /^(?:\s|[.,;:!?)]*(?:\s|$))/;

/**
 * Joins two parts of a sentence, one of which is copied. In scripts without spaces a mark may come to
 * stand where Markdown no longer takes it for one: an address swallows the letters behind it, and
 * emphasis needs a space between a letter and punctuation (CommonMark 0.31, section 6.2). A space is
 * put there.
 */
export function joinWithSpacing(before: string, next: string): string {
  return before !== '' && next !== '' && needsSpace(before, next)
    ? `${before} ${next}`
    : before + next;
}

const ADDRESS = /^(?:https?:\/\/|www\.)/i;
const ADDRESS_END = /(?:^|[\s*_~]|(?<!\])\()(?:https?:\/\/|www\.)[^\s<>]*$/i;
const EMPHASIS = /^[*_~]+/;
const EMPHASIS_END = /[*_~]+$/;
const LETTER = /[\p{L}\p{N}]/u;
const PUNCTUATION = /[\p{P}\p{S}]/u;

function needsSpace(before: string, next: string): boolean {
  if (ADDRESS.test(next)) {
    return !BEFORE_ADDRESS.test(before);
  }
  if (ADDRESS_END.test(before)) {
    return !BEHIND_ADDRESS.test(next);
  }
  const opening = EMPHASIS.exec(next)?.[0];
  if (opening !== undefined) {
    return clings(opening, lastOf(before), firstOf(next.slice(opening.length)));
  }
  const closing = EMPHASIS_END.exec(before)?.[0];
  return (
    closing !== undefined &&
    clings(closing, firstOf(next), lastOf(before.slice(0, before.length - closing.length)))
  );
}

/** Whether emphasis between a character outside and one inside would not be seen. */
function clings(mark: string, outside: string, inside: string): boolean {
  return LETTER.test(outside) && (mark.includes('_') || PUNCTUATION.test(inside));
}

function firstOf(text: string): string {
  return Array.from(text.slice(0, 2))[0] ?? '';
}

function lastOf(text: string): string {
  return Array.from(text.slice(-2)).at(-1) ?? '';
}
