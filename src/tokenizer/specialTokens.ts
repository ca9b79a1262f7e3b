import type { TextRange } from '../shared/text';
import { BYTE_LEVEL_SPACE } from './byteLevel';
import type { PostProcessorStep } from './schema';

/** Ids that a tokenizer puts around a text. */
export interface Surroundings {
  before: number[];
  after: number[];
}

/** What the post-processor puts around a single text. */
export function surroundingTokens(steps: readonly PostProcessorStep[]): Surroundings {
  const around: Surroundings = { before: [], after: [] };
  for (const step of steps) {
    const { before, after } = surroundingsOfStep(step);
    around.before.unshift(...before);
    around.after.push(...after);
  }
  return around;
}

function surroundingsOfStep(step: PostProcessorStep): Surroundings {
  switch (step.type) {
    case 'ByteLevel':
      return { before: [], after: [] };
    case 'BertProcessing':
    case 'RobertaProcessing':
      return { before: [step.cls[1]], after: [step.sep[1]] };
    case 'TemplateProcessing': {
      const around: Surroundings = { before: [], after: [] };
      let side = around.before;
      for (const item of step.single) {
        if ('Sequence' in item) {
          side = around.after;
        } else {
          side.push(...(step.special_tokens[item.SpecialToken.id]?.ids ?? []));
        }
      }
      return around;
    }
  }
}

/** Changes the range of the token at an index, given its piece and the source. */
export type TrimOffsets = (
  range: TextRange,
  piece: string,
  index: number,
  source: string,
) => TextRange;

/**
 * Whether and how the post-processor takes the white space at a token's edges out of its range:
 * `process_offsets` of the package `tokenizers` (pre_tokenizers/byte_level.rs). A space that
 * `add_prefix_space` put before the text has no character to be taken out.
 */
export function offsetTrimmer(steps: readonly PostProcessorStep[]): TrimOffsets | undefined {
  const step = steps.find(
    (candidate) =>
      (candidate.type === 'ByteLevel' || candidate.type === 'RobertaProcessing') &&
      candidate.trim_offsets !== false,
  );
  if (step === undefined || !('add_prefix_space' in step)) {
    return undefined;
  }
  const prefixed = step.add_prefix_space !== false;
  return (range, piece, index, source) => {
    if (!SPACE_AT_EDGE.test(piece)) {
      return range;
    }
    const { start, end } = range;
    const characters = Array.from(piece);
    const leading = countWhile(characters, isSpace);
    const trailing = countWhile(characters.reverse(), isSpace);
    const isPrefix = leading === 1 && prefixed && (index === 0 || start === 0);
    const trimmedStart = isPrefix ? start : Math.min(stepForward(source, start, leading), end);
    return { start: trimmedStart, end: Math.max(stepBack(source, end, trailing), trimmedStart) };
  };
}

const SPACE_AT_EDGE = new RegExp(
  `^[\\p{White_Space}${BYTE_LEVEL_SPACE}]|[\\p{White_Space}${BYTE_LEVEL_SPACE}]$`,
  'u',
);

/** The position a number of characters (code points) after another one. */
function stepForward(source: string, position: number, characters: number): number {
  let result = position;
  for (let step = 0; step < characters; step++) {
    result += (source.codePointAt(result) ?? 0) > 0xffff ? 2 : 1;
  }
  return result;
}

/** The position a number of characters (code points) before another one. */
function stepBack(source: string, position: number, characters: number): number {
  let result = position;
  for (let step = 0; step < characters && result > 0; step++) {
    result -= (source.codePointAt(result - 2) ?? 0) > 0xffff ? 2 : 1;
  }
  return result;
}

function isSpace(character: string): boolean {
  return character === BYTE_LEVEL_SPACE || /\p{White_Space}/u.test(character);
}

/** How many items at the start pass a test. */
function countWhile<T>(items: readonly T[], passes: (item: T) => boolean): number {
  const first = items.findIndex((item) => !passes(item));
  return first < 0 ? items.length : first;
}
