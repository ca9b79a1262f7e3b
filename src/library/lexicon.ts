import * as v from 'valibot';
import type { JsonObject } from '../shared/jsonObject';
import { checkedJson } from './checkedJson';

/** Name of the file of a model folder that tells how words are translated. */
export const LEXICON_FILE = 'lexicon.json';

/**
 * How a translator's training text translates words: by the stem of a source word the pieces that stand
 * for it, the likeliest first; none for words that nothing stands for, such as *the*. Stems that are not in
 * it were hardly met in training.
 */
export type Lexicon = ReadonlyMap<string, readonly string[]>;

const lexicon = v.record(v.string(), v.array(v.pipe(v.string(), v.nonEmpty())));

/**
 * @param where its path, for failures
 * @throws Failure of kind `model` for a file of another form
 */
export function readLexicon(json: JsonObject, where: string): Lexicon {
  return new Map(Object.entries(checkedJson(lexicon, json, where)));
}
