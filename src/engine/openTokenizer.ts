import type { TokenizerFiles } from '../library/tokenizerFiles';
import { Failure, phrase } from '../shared/failure';
import { BUILDING_TIME, splittingTime } from '../shared/limits';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer';
import { OutOfTime, withinTime } from './timeLimit';

const FILE = 'tokenizer.json';

/**
 * Makes a tokenizer of a model's files that answers within a time, whatever its files say.
 * @param rows  tokens that the model knows; the tokenizer may have more, and fails on texts with such
 * @param buildingTime  how long making it may take. Units: ms.
 * @throws Failure of kind `model`; so does all that the tokenizer does
 */
export function openTokenizer(
  { json, config, modelConfig }: TokenizerFiles,
  rows = Infinity,
  buildingTime = BUILDING_TIME,
): Tokenizer {
  return bounded(
    within(
      buildingTime,
      () => createTokenizer(json, config, modelConfig),
      phrase('Making the tokenizer takes more than {0} s', buildingTime / 1000),
    ),
    rows,
  );
}

function bounded(tokenizer: Tokenizer, rows: number): Tokenizer {
  return {
    vocabularySize: tokenizer.vocabularySize,
    specialTokens: tokenizer.specialTokens,
    encode(text, options) {
      const tokens = within(splittingTime(text.length), () => tokenizer.encode(text, options));
      const foreign = tokens.find(({ id }) => id >= rows);
      if (foreign !== undefined) {
        throw new Failure({
          kind: 'model',
          what: phrase(
            'The token “{0}” has the number {1}, but the model knows {2} tokens only',
            foreign.piece,
            foreign.id,
            rows,
          ),
          where: FILE,
          remedy: phrase('take the tokenizer that belongs to the model'),
        });
      }
      return tokens;
    },
    decode: (ids) => within(splittingTime(ids.length), () => tokenizer.decode(ids)),
    streamDecoder(prompt) {
      const stream = within(splittingTime(prompt.length), () => tokenizer.streamDecoder(prompt));
      return {
        push: (id) => within(splittingTime(1), () => stream.push(id)),
        flush: () => within(splittingTime(1), () => stream.flush()),
      };
    },
    pieceText: (id) => tokenizer.pieceText(id),
    tokenText: (id) => within(splittingTime(1), () => tokenizer.tokenText(id)),
  };
}

/**
 * Whatever the work throws is a Failure about the tokenizer.
 * @param late  what is wrong where the time is over
 */
function within<T>(
  milliseconds: number,
  work: () => T,
  late = phrase(
    'The tokenizer takes more than {0} s for this text',
    Math.round(milliseconds / 1000),
  ),
): T {
  try {
    return withinTime(milliseconds, work);
  } catch (error) {
    if (error instanceof Failure) {
      throw error;
    }
    throw new Failure(
      {
        kind: 'model',
        what:
          error instanceof OutOfTime
            ? late
            : phrase(
                'The tokenizer cannot be applied to this text: {0}',
                error instanceof Error ? error.message : String(error),
              ),
        where: FILE,
        remedy: phrase('choose another model'),
      },
      { cause: error },
    );
  }
}
