import type { HeadToken } from '../../../src/trace/headPattern';

/** Each character is a token; `|` is a special one. */
export function characterTokens(text: string): HeadToken[] {
  return Array.from(text, (character) => ({
    id: character.charCodeAt(0),
    text: character,
    special: character === '|',
  }));
}
