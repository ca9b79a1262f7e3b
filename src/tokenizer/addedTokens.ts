import { AlignedText, matchRanges } from './alignedText';
import type { Normalize } from './normalizers';
import { escapeRegExp } from './patterns';
import type { AddedTokenEntry } from './schema';

/** A stretch of text; with an id it is an added token, else plain text for the model. */
export interface TextSection {
  text: AlignedText;
  token?: number;
}

/** Finds added tokens that are written out in a text, and normalizes the text between them. */
export type ExtractAddedTokens = (text: AlignedText) => TextSection[];

/**
 * Added tokens are taken out in two passes, as `AddedVocabulary` of the package `tokenizers` does:
 * those that are matched against the raw text, and then, each remaining section being normalized,
 * those that are matched against the normalized text.
 */
export function createExtractor(
  tokens: readonly AddedTokenEntry[],
  normalize: Normalize,
): ExtractAddedTokens {
  const raw = createMatcher(tokens.filter((token) => !isNormalized(token)));
  const normalized = createMatcher(
    tokens
      .filter(isNormalized)
      .map((token) => ({ ...token, content: addedPiece(token, normalize) })),
  );
  return (text) =>
    raw(text).flatMap((section) =>
      section.token === undefined ? normalized(normalize(section.text)) : [section],
    );
}

function isNormalized({ normalized, special }: AddedTokenEntry): boolean {
  return normalized ?? special !== true;
}

/** How an added token stands in the vocabulary: normalized where it is matched so. */
export function addedPiece(token: AddedTokenEntry, normalize: Normalize): string {
  return isNormalized(token) ? normalize(AlignedText.of(token.content)).text : token.content;
}

/** Splits at the longest of the tokens' contents, from left to right. */
function createMatcher(tokens: readonly AddedTokenEntry[]): ExtractAddedTokens {
  const byContent = new Map(
    tokens.filter(({ content }) => content !== '').map((token) => [token.content, token]),
  );
  if (byContent.size === 0) {
    return (text) => (text.length > 0 ? [{ text }] : []);
  }
  const alternatives = [...byContent.keys()].sort((a, b) => b.length - a.length).map(escapeRegExp);
  const pattern = new RegExp(alternatives.join('|'), 'g');
  return (text) => {
    const sections: TextSection[] = [];
    let position = 0;
    for (const match of matchRanges(text.text, pattern)) {
      const token = byContent.get(text.text.slice(match.start, match.end));
      if (token === undefined || (token.single_word === true && !standsAlone(text.text, match))) {
        continue;
      }
      const start =
        token.lstrip === true ? spacesBefore(text.text, match.start, position) : match.start;
      const end = token.rstrip === true ? spacesAfter(text.text, match.end) : match.end;
      if (start > position) {
        sections.push({ text: text.slice(position, start) });
      }
      sections.push({ text: text.slice(start, end), token: token.id });
      position = end;
    }
    if (position < text.length) {
      sections.push({ text: text.slice(position, text.length) });
    }
    return sections;
  };
}

const WORD_CHARACTER = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;

/** No word character touches the range. */
function standsAlone(text: string, { start, end }: { start: number; end: number }): boolean {
  const before = text.slice(Math.max(0, start - 2), start);
  const last = Array.from(before).at(-1) ?? '';
  const next = text.codePointAt(end);
  return (
    !WORD_CHARACTER.test(last) &&
    (next === undefined || !WORD_CHARACTER.test(String.fromCodePoint(next)))
  );
}

const WHITE_SPACE = /\p{White_Space}/u;

function spacesBefore(text: string, start: number, limit: number): number {
  let position = start;
  while (position > limit && WHITE_SPACE.test(text.charAt(position - 1))) {
    position--;
  }
  return position;
}

function spacesAfter(text: string, end: number): number {
  let position = end;
  while (position < text.length && WHITE_SPACE.test(text.charAt(position))) {
    position++;
  }
  return position;
}
