import { Failure, phrase } from '../shared/failure';
import { MOST_ADDED_TOKENS } from '../shared/limits';
import { TOKENIZER_FILE, type AddedTokenEntry } from './schema';
import type { ConfiguredToken, TokenizerSettings } from './tokenizerConfig';

/**
 * The tokens that are matched as a whole, of tokenizer.json and of what tokenizer_config.json adds,
 * as `transformers` puts them together: a token that is there again takes the flags said last, and
 * the special tokens of tokenizer_config.json join those that no list has.
 *
 * A token has the id that the vocabulary gives it, else the next one that is free, whatever number
 * the file says, as `add_tokens` of the package `tokenizers` has it (added_vocabulary.rs).
 *
 * @param ids  of the model's vocabulary
 * @throws Failure of kind `model` if there are more than {@link MOST_ADDED_TOKENS}
 */
export function addedVocabulary(
  ofFile: readonly AddedTokenEntry[],
  { addedTokens, specialTokens }: TokenizerSettings,
  ids: ReadonlyMap<string, number>,
): AddedTokenEntry[] {
  const known = new Map<string, AddedTokenEntry>();
  let last = -1;
  const add = (token: ConfiguredToken): void => {
    const { content } = token;
    const id = known.get(content)?.id ?? ids.get(content) ?? Math.max(last + 1, ids.size);
    last = Math.max(last, id);
    known.set(content, { ...token, id });
  };
  for (const token of [...ofFile, ...addedTokens].filter(({ content }) => content !== '')) {
    add(token);
  }
  for (const token of specialTokens) {
    if (!known.has(token.content)) {
      add(token);
    }
  }
  if (known.size > MOST_ADDED_TOKENS) {
    throw new Failure({
      kind: 'model',
      what: phrase('The tokenizer has more than {0} added tokens', MOST_ADDED_TOKENS),
      where: TOKENIZER_FILE,
      remedy: phrase('choose another model, or report that the limit is too low'),
    });
  }
  return [...known.values()];
}
