import { Failure, phrase } from '../shared/failure';
import { grownLength } from '../shared/limits';
import type { Token } from '../shared/text';
import { addedPiece, createExtractor } from './addedTokens';
import { addedVocabulary } from './addedVocabulary';
import { AlignedText, tooLong } from './alignedText';
import { postProcessorOf, tokensOfClass, withClassSettings } from './classSettings';
import { cleanUpSpaces, createCleanUpStream } from './cleanUp';
import { createDecoder } from './decoders';
import { createNormalizer } from './normalizers';
import { createTokenizerModel } from './tokenizerModel';
import { createPieceReader } from './pieceReader';
import { createPreTokenizer } from './preTokenizers';
import { readTokenizerFile, TOKENIZER_FILE } from './schema';
import type { TokenizerDescription } from './schema';
import { offsetTrimmer, surroundingTokens } from './specialTokens';
import { createStreamDecoder } from './streamDecoder';
import type { NamedTokens } from './tokenizerClass';
import { readTokenizerConfig } from './tokenizerConfig';
import type { TokenizerSettings } from './tokenizerConfig';

/** Ids of the tokens that mark something; absent where the tokenizer has none. */
export interface SpecialTokenIds {
  begin?: number;
  end?: number;
  unknown?: number;
  pad?: number;
}

/** Turns text into tokens that know their characters, and tokens into text. */
export interface Tokenizer {
  /** Number of entries, added tokens included: every id is below it. */
  readonly vocabularySize: number;
  readonly specialTokens: SpecialTokenIds;
  /**
   * Tokens of a text, in order. Ranges equal the `offsets` of the Python package `tokenizers`, in
   * UTF-16 units: where one character is several tokens, all of them have its range, and so does a
   * space that the tokenizer put before the text (`"▁"` before `"Zoo"` has the range of `"Z"`).
   * Tokens that the tokenizer adds, such as `<s>`, have the range 0…0 wherever they stand.
   */
  encode(text: string, options: { addSpecialTokens: boolean }): Token[];
  /**
   * Text of token ids, by the tokenizer's own decoder. Special tokens and ids that the tokenizer
   * lacks are left out.
   */
  decode(ids: readonly number[]): string;
  /** A decoder that goes on where the tokens of a prompt end. */
  streamDecoder(prompt: readonly number[]): StreamDecoder;
  /** The vocabulary's entry, e.g. `"▁world"`; empty for an id that the tokenizer lacks. */
  pieceText(id: number): string;
  /**
   * The token as it reads in running text, e.g. `" world"`. Special tokens keep their name; bytes
   * that are no whole character read `"\ufffd"`.
   */
  tokenText(id: number): string;
}

/**
 * Decodes token after token. What it returns adds up to `decode(prompt + new)` less
 * `decode(prompt)`.
 */
export interface StreamDecoder {
  /** Takes one token; answers the text that is now complete, empty while a character is not. */
  push(id: number): string;
  /** The rest, at the end: a replacement character where a character was never completed. */
  flush(): string;
}

/** Tokens of a prompt that a stream decoder looks at: enough for the start of a character. */
const CONTEXT_TOKENS = 4;

/**
 * Makes a tokenizer of a model's files.
 *
 * What happens to a text (added tokens, normalizer, pre-tokenizer, model) is done here step by step,
 * because only then can each token be traced back to its characters; the steps follow the Rust
 * package `tokenizers`, which Python users have, and tokenizer_config.json counts as for
 * `AutoTokenizer` of `transformers` (docs/support.md has its fields one by one).
 *
 * @param tokenizerJson  parsed tokenizer.json
 * @param tokenizerConfig  parsed tokenizer_config.json; `undefined` where a model has none
 * @param modelConfig  parsed config.json, which tells what kind of tokenizer the model has
 * @throws Failure of kind `model` that names the file and the entry at fault
 */
export function createTokenizer(
  tokenizerJson: unknown,
  tokenizerConfig: unknown,
  modelConfig?: unknown,
): Tokenizer {
  const settings = readTokenizerConfig(tokenizerConfig, modelConfig);
  const description = withClassSettings(readTokenizerFile(tokenizerJson), settings);
  try {
    return buildTokenizer(description, settings);
  } catch (error) {
    if (error instanceof Failure) {
      throw error;
    }
    throw new Failure(
      {
        kind: 'model',
        what: phrase(
          'The tokenizer cannot be used: {0}',
          error instanceof Error ? error.message : String(error),
        ),
        where: TOKENIZER_FILE,
        remedy: phrase(
          'download the file again from the model’s publisher, or export the model again',
        ),
      },
      { cause: error },
    );
  }
}

function buildTokenizer(description: TokenizerDescription, settings: TokenizerSettings): Tokenizer {
  const model = createTokenizerModel(description.model);
  const specialTokens = [...settings.specialTokens, ...tokensOfClass(settings, model.ids)];
  const addedTokens = addedVocabulary(
    description.addedTokens,
    { ...settings, specialTokens },
    model.ids,
  );
  const normalize = createNormalizer(description.normalizer);
  const pieces = [...model.pieces];
  const ids = new Map(model.ids);
  for (const token of addedTokens) {
    pieces[token.id] = addedPiece(token, normalize);
    ids.set(token.content, token.id);
  }
  const extract = createExtractor(
    settings.splitSpecialTokens
      ? addedTokens.filter(({ special }) => special !== true)
      : addedTokens,
    normalize,
  );
  const preTokenize = createPreTokenizer(description.preTokenizer);
  const postProcessor = postProcessorOf(description, settings, ids);
  const around = surroundingTokens(postProcessor);
  const trim = offsetTrimmer(postProcessor);
  const specialIds = new Set(
    addedTokens.filter(({ special }) => special === true).map(({ id }) => id),
  );
  const added = new Map(addedTokens.map(({ id, content }) => [id, content]));
  const cleansUp =
    settings.cleanUpSpaces === 'even of BPE' ||
    (settings.cleanUpSpaces && description.model.type !== 'BPE');

  const pieceText = (id: number): string => pieces[id] ?? '';
  const decode = createDecoder(description.decoder);
  const visiblePieces = (ids: readonly number[]): string[] =>
    ids
      .filter((id) => !specialIds.has(id))
      .map(pieceText)
      .filter((piece) => piece !== '');
  const readPiece = createPieceReader(description, decode);
  const tokenText = (id: number): string => added.get(id) ?? readPiece(pieceText(id));
  const token = (id: number, start: number, end: number, special: boolean): Token => ({
    id,
    text: tokenText(id),
    piece: pieceText(id),
    special,
    start,
    end,
  });

  return {
    vocabularySize: pieces.length,
    specialTokens: findSpecialTokens(settings.named, ids, model.unknownId),
    encode(text, { addSpecialTokens }) {
      const tokens: Token[] = [];
      const longest = grownLength(text.length);
      let textsLength = 0;
      const add = (id: number, source: AlignedText, start: number, end: number) => {
        const range = source.sourceRange(start, end);
        const trimmed = trim ? trim(range, pieceText(id), tokens.length, text) : range;
        const found = token(id, trimmed.start, trimmed.end, false);
        // Names of added tokens are as the file has them: only a decoder makes texts grow.
        textsLength += added.has(id) ? 0 : found.text.length;
        if (textsLength > longest) {
          throw tooLong();
        }
        tokens.push(found);
      };
      for (const section of extract(AlignedText.of(text))) {
        if (section.token !== undefined) {
          add(section.token, section.text, 0, section.text.length);
          continue;
        }
        for (const word of preTokenize(section.text)) {
          for (const { id, start, end } of model.splitWord(word.text)) {
            add(id, word, start, end);
          }
        }
      }
      if (!addSpecialTokens) {
        return tokens;
      }
      const surround = (id: number) => token(id, 0, 0, true);
      return [...around.before.map(surround), ...tokens, ...around.after.map(surround)];
    },
    decode(ids) {
      const text = decode(visiblePieces(ids));
      return cleansUp ? cleanUpSpaces(text) : text;
    },
    streamDecoder(prompt) {
      const context = visiblePieces(prompt).slice(-CONTEXT_TOKENS);
      const plain = createStreamDecoder(decode, context);
      const stream = cleansUp ? createCleanUpStream(plain) : plain;
      let piecesLength = 0;
      let textsLength = 0;
      return {
        push: (id) =>
          visiblePieces([id])
            .map((piece) => {
              const text = stream.push(piece);
              piecesLength += piece.length;
              textsLength += text.length;
              if (textsLength > grownLength(piecesLength)) {
                throw tooLong();
              }
              return text;
            })
            .join(''),
        flush: () => stream.flush(),
      };
    },
    pieceText,
    tokenText,
  };
}

function findSpecialTokens(
  named: NamedTokens,
  known: ReadonlyMap<string, number>,
  unknownId: number | undefined,
): SpecialTokenIds {
  const ids: SpecialTokenIds = {};
  for (const key of ['begin', 'end', 'unknown', 'pad'] as const) {
    const content = named[key];
    const id = content === undefined ? undefined : known.get(content);
    if (id !== undefined) {
      ids[key] = id;
    }
  }
  if (ids.unknown === undefined && unknownId !== undefined) {
    ids.unknown = unknownId;
  }
  return ids;
}
