/** What a terminal or a page obeys instead of showing it, and what turns the direction of writing around. */
const OBEYED = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** The same, but for tabs and the ends of lines, which a text is made of. */
const OBEYED_IN_TEXT = /(?!\t|\n|\r\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Text for one line: names in model files may hold anything. Escapes are JSON's. */
export function printable(text: string): string {
  return text.replaceAll(OBEYED, escaped);
}

/**
 * Text of any number of lines for a terminal. Each character is looked at by itself, so that a text
 * that comes in pieces is as safe as a whole one.
 */
export function printableText(text: string): string {
  return text.replaceAll(OBEYED_IN_TEXT, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
