import type { Truncation } from '../../shared/attention';
import type { Token } from '../../shared/text';

/**
 * Fits a prompt and what shall follow it into the context window. The end of a text says most about
 * how it goes on, so that is what stays; tokens that the tokenizer put in front stay as well. At
 * least half of the window is left to the prompt.
 * @param wanted number of tokens to be generated.
 */
export function fitPrompt(
  tokens: readonly Token[],
  wanted: number,
  context: number,
): { ids: number[]; truncation?: Truncation } {
  const ids = tokens.map(({ id }) => id);
  const room = context - Math.min(wanted, Math.floor(context / 2));
  if (ids.length <= room) {
    return { ids };
  }
  const start = Math.max(
    0,
    tokens.findIndex(({ special }) => !special),
  );
  const front = ids.slice(0, start);
  const end = ids.slice(ids.length - (room - front.length));
  return {
    ids: [...front, ...end],
    truncation: { used: room, total: ids.length, context, kept: 'end' },
  };
}
