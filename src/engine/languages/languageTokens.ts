import type { Token } from '../../shared/text';
import type { Tokenizer } from '../../tokenizer/tokenizer';
import type { LanguageToken, TokenScheme } from './languageScheme';

/**
 * A tokenizer that puts the token of a language around every text, as the classes of `transformers` do
 * once they are told the source's language, and leaves tokens of languages out of what is written.
 * @param language the source's; the target's where that stands before the source.
 * @param end the token that ends every text.
 */
export function withLanguage(
  tokenizer: Tokenizer,
  { languages, place, targetBeforeSource }: TokenScheme,
  language: LanguageToken | undefined,
  end: number | undefined,
): Tokenizer {
  const ids = new Set(languages.map(({ id }) => id));
  const usual = surroundings(tokenizer);
  const around = (): { before: number[]; after: number[] } => {
    if (language === undefined) {
      return usual;
    }
    const ending = end === undefined ? [] : [end];
    if (targetBeforeSource || place === 'before') {
      return { before: [language.id], after: ending };
    }
    if (place === 'after') {
      return { before: [], after: [...ending, language.id] };
    }
    const named = (list: number[]): number[] => list.map((id) => (ids.has(id) ? language.id : id));
    const isNamed = [...usual.before, ...usual.after].some((id) => ids.has(id));
    return isNamed
      ? { before: named(usual.before), after: named(usual.after) }
      : { before: [language.id, ...usual.before], after: usual.after };
  };
  const { before, after } = around();
  const added = (id: number): Token => addedToken(tokenizer, id);
  return {
    ...tokenizer,
    encode(text, options) {
      const own = tokenizer.encode(text, { addSpecialTokens: false });
      return options.addSpecialTokens ? [...before.map(added), ...own, ...after.map(added)] : own;
    },
    decode: (written) => tokenizer.decode(written.filter((id) => !ids.has(id))),
    streamDecoder(prompt) {
      const stream = tokenizer.streamDecoder(prompt.filter((id) => !ids.has(id)));
      return { ...stream, push: (id) => (ids.has(id) ? '' : stream.push(id)) };
    },
  };
}

/** The language of a source as the tokenizer has it by itself. */
export function languageOfTokenizer(
  tokenizer: Tokenizer,
  { languages, defaultSource, targetBeforeSource }: TokenScheme,
): LanguageToken | undefined {
  if (defaultSource !== undefined || targetBeforeSource) {
    return defaultSource;
  }
  const { before, after } = surroundings(tokenizer);
  return languages.find(({ id }) => before.includes(id) || after.includes(id));
}

/** A token that stands for no characters. */
export function addedToken(tokenizer: Tokenizer, id: number): Token {
  return {
    id,
    text: tokenizer.tokenText(id),
    piece: tokenizer.pieceText(id),
    special: true,
    start: 0,
    end: 0,
  };
}

/** Any text does: what a tokenizer puts around one does not depend on it. */
const PROBE = 'a';

function surroundings(tokenizer: Tokenizer): { before: number[]; after: number[] } {
  const own = tokenizer.encode(PROBE, { addSpecialTokens: false }).length;
  const all = tokenizer.encode(PROBE, { addSpecialTokens: true });
  const first = Math.max(
    0,
    all.findIndex(({ special }) => !special),
  );
  const ids = all.map(({ id }) => id);
  return { before: ids.slice(0, first), after: ids.slice(first + own) };
}
