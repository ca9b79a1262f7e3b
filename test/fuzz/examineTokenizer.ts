import { checkJsonBounds } from '../../src/library/jsonBounds';
import type { JsonObject } from '../../src/shared/jsonObject';
import { TOKENIZER_JSON } from '../../src/shared/limits';
import { createTokenizer } from '../../src/tokenizer/tokenizer';
import type { Outcome } from './examine';
import { unlessRefused } from './properties';

const NAME = 'fuzzed.tokenizer.json';

/** Letters, marks, CJK, an emoji, spaces and bytes that the small vocabularies lack. */
const TEXT = 'The light isn’t naïve: e\u0301 日本語 😀 aaaa   12\n\t<s> [MASK]';

/** Classes that change steps of the file; most files have one of a class that does not. */
const CLASSES = ['BertTokenizer', 'RobertaTokenizer', 'LlamaTokenizer', 'GPT2Tokenizer'];

/** What tokenizer_config.json may add. */
const CONFIG = { additional_special_tokens: ['light'], clean_up_tokenization_spaces: true };

/**
 * Makes a tokenizer and does with it all that a model is used for.
 * @throws anything but a Failure, and Error if a token has no place in the text
 */
export async function examineTokenizer(bytes: Uint8Array): Promise<Outcome> {
  const tokenizer = await unlessRefused(() => {
    checkJsonBounds(bytes, TOKENIZER_JSON, NAME);
    const name = CLASSES[bytes.length % (2 * CLASSES.length)];
    return createTokenizer(parse(bytes), CONFIG, { tokenizer_class: name });
  });
  if (tokenizer === undefined) {
    return 'refused';
  }
  const tokens = await unlessRefused(() => tokenizer.encode(TEXT, { addSpecialTokens: true }));
  if (tokens === undefined) {
    return 'refused';
  }
  for (const { id, start, end } of tokens) {
    if (!(id >= 0 && start >= 0 && start <= end && end <= TEXT.length)) {
      throw new Error(`token ${id} stands at ${start} to ${end}`);
    }
  }
  await unlessRefused(() => {
    const ids = tokens.map(({ id }) => id);
    tokenizer.decode(ids);
    const stream = tokenizer.streamDecoder(ids.slice(0, 4));
    ids.forEach((id) => stream.push(id));
    stream.flush();
  });
  return 'described';
}

/** What is no JSON is refused before a tokenizer is made of it. */
function parse(bytes: Uint8Array): JsonObject | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as JsonObject;
  } catch {
    return undefined;
  }
}
