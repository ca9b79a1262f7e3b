import type { Truncation } from '../../shared/attention';
import type { Token } from '../../shared/text';
import type { EncoderDecoderModel, OpenModel } from '../openModel';

/**
 * Tokens of a text as the model reads it. What some models want in front of it counts as added: it
 * stands for no characters of the text.
 */
export function sourceTokens(model: OpenModel, text: string): Token[] {
  const prefix = model.architecture === 'encoder-decoder' ? prefixOf(model) : '';
  const tokens = model.tokenizer.encode(prefix + text, { addSpecialTokens: true });
  if (prefix === '') {
    return tokens;
  }
  return tokens.map((token) => {
    const range = {
      start: Math.max(0, token.start - prefix.length),
      end: Math.max(0, token.end - prefix.length),
    };
    return { ...token, ...range, special: token.special || token.end <= prefix.length };
  });
}

/** What stands in front of a source: that of the model's task, or the only one that it knows. */
function prefixOf({ folder }: EncoderDecoderModel): string {
  const { task, prefixes } = folder.purpose;
  if (task === 'translate' || task === 'summarize') {
    return prefixes[task];
  }
  const { translate, summarize } = prefixes;
  return translate === '' || summarize === '' ? translate + summarize : '';
}

/** Keeps the start of a sequence, and what the tokenizer put behind its end. */
export function truncate(
  tokens: readonly Token[],
  limit: number,
): { tokens: readonly Token[]; truncation?: Truncation } {
  if (tokens.length <= limit) {
    return { tokens };
  }
  const after = tokens.length - 1 - tokens.findLastIndex(({ special }) => !special);
  const end = after < limit ? tokens.slice(tokens.length - after) : [];
  return {
    tokens: [...tokens.slice(0, limit - end.length), ...end],
    truncation: { used: limit, total: tokens.length, context: limit, kept: 'start' },
  };
}
