/** What a terminal obeys instead of showing it, and what turns the direction of writing around. */
const OBEYED = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Text for one line of a terminal: names in model files may hold anything. Escapes are JSON's. */
export function printable(text: string): string {
  return text.replaceAll(
    OBEYED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
