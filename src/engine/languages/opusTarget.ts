import { Failure, phrase } from '../../shared/failure';
import type { TextRange, Token } from '../../shared/text';
import type { Tokenizer } from '../../tokenizer/tokenizer';
import { addedToken } from './languageTokens';
import type { LanguageToken } from './languageScheme';

/** `>>fra<<` at the begin of a line, as users of OPUS-MT models write it, and the space around it. */
const WRITTEN = /^[ \t]*>>([\w-]+)<<[ \t]*/gm;

/** A text without the languages that were written into it. */
export interface TextWithoutCodes {
  text: string;
  /** The code that was. */
  code?: string;
  /** Where a part of the text stands in the one that was given. */
  placeOf(range: TextRange): TextRange;
}

/**
 * Takes the languages that are written at the begin of lines out of a text.
 * @throws Failure `input` where they are several.
 */
export function stripLanguageCodes(given: string): TextWithoutCodes {
  const found = [...given.matchAll(WRITTEN)];
  const codes = new Set(found.map(([, code]) => code));
  if (codes.size > 1) {
    throw new Failure({
      kind: 'input',
      what: phrase(
        'The text names several languages to translate into: {0}',
        [...codes].join(', '),
      ),
      remedy: phrase('translate the parts one by one'),
    });
  }
  const [code] = codes;
  const cuts: TextRange[] = found.map(({ 0: whole, index }) => ({
    start: index,
    end: index + whole.length,
  }));
  let text = '';
  let copied = 0;
  for (const { start, end } of cuts) {
    text += given.slice(copied, start);
    copied = end;
  }
  text += given.slice(copied);
  const place = (offset: number, isEnd: boolean): number => {
    let result = offset;
    for (const { start, end } of cuts) {
      if (isEnd ? result > start : result >= start) {
        result += end - start;
      }
    }
    return result;
  };
  return {
    text,
    ...(code === undefined ? {} : { code }),
    placeOf: ({ start, end }) => ({ start: place(start, false), end: place(end, true) }),
  };
}

/**
 * A tokenizer that puts the token of the target's language before every text. One that is written at
 * the begin of a text is that token as well, whatever the tokenizer makes of its letters (Marian's
 * tokenizer of `transformers`, `remove_language_code`).
 * @param target of texts that name none.
 */
export function withOpusTarget(
  tokenizer: Tokenizer,
  languages: readonly LanguageToken[],
  target: LanguageToken | undefined,
): Tokenizer {
  const byPiece = new Map(languages.map((language) => [`>>${language.code}<<`, language]));
  return {
    ...tokenizer,
    encode(text, options) {
      const [whole = '', code] = /^\s*>>([\w-]+)<<\s*/.exec(text) ?? [];
      const written = byPiece.get(`>>${code ?? ''}<<`);
      if (written !== undefined) {
        const start = whole.indexOf('>');
        const end = whole.trimEnd().length;
        const token: Token = { ...addedToken(tokenizer, written.id), special: false, start, end };
        const rest = tokenizer.encode(text.slice(whole.length), options);
        return [token, ...rest.map((one) => moved(one, whole.length))];
      }
      const tokens = tokenizer.encode(text, options);
      return options.addSpecialTokens && target !== undefined
        ? [addedToken(tokenizer, target.id), ...tokens]
        : tokens;
    },
  };
}

function moved(token: Token, by: number): Token {
  return token.special ? token : { ...token, start: token.start + by, end: token.end + by };
}
