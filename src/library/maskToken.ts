import * as v from 'valibot';
import type { TokenizerFiles } from './tokenizerFiles';

const named = v.object({
  mask_token: v.union([
    v.string(),
    v.pipe(
      v.object({ content: v.string() }),
      v.transform((token) => token.content),
    ),
  ]),
});
const added = v.object({ added_tokens: v.array(v.object({ content: v.string() })) });

/** What the mask token is called where tokenizer_config.json does not say. */
const USUAL = ['[MASK]', '<mask>'];

/**
 * The token that stands for a hidden word: `mask_token` of tokenizer_config.json, else an added token
 * with the name that BERT or RoBERTa gives it. Most models have none.
 */
export function maskToken({ json, config }: TokenizerFiles): string | undefined {
  const own = v.safeParse(named, config);
  if (own.success) {
    return own.output.mask_token;
  }
  const tokens = v.safeParse(added, json);
  return tokens.success
    ? tokens.output.added_tokens.find(({ content }) => USUAL.includes(content))?.content
    : undefined;
}
