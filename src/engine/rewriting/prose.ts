import type { TextRange } from '../../shared/text';
import { readLines } from './lines';

/**
 * Running text made of lines: marks are left out, and lines that are wrapped are joined. Between
 * paragraphs stands a space.
 */
export class Prose {
  private constructor(
    readonly text: string,
    /** Where each paragraph stands in the text. */
    readonly paragraphs: readonly TextRange[],
    /** Offset in the source of each unit of the text. */
    private readonly origins: readonly number[],
  ) {}

  /**
   * Reads the prose of a source. A line without words ends a paragraph, and so does the begin of a
   * list's item.
   */
  static of(source: string): Prose {
    const paragraphs: TextRange[] = [];
    const origins: number[] = [];
    let text = '';
    /** Kept apart, because looking into a string that is being built copies all of it. */
    let lastCharacter = '';
    let open: TextRange | undefined;
    for (const { words, item } of readLines(source)) {
      if (words.start === words.end) {
        open = undefined;
        continue;
      }
      const begins = item || open === undefined;
      if (text !== '' && (begins || wantsSpace(lastCharacter, source.charAt(words.start)))) {
        text += ' ';
        origins.push(words.start);
      }
      if (open === undefined || begins) {
        open = { start: text.length, end: text.length };
        paragraphs.push(open);
      }
      text += source.slice(words.start, words.end);
      for (let origin = words.start; origin < words.end; origin++) {
        origins.push(origin);
      }
      open.end = text.length;
      lastCharacter = source.charAt(words.end - 1);
    }
    return new Prose(text, paragraphs, origins);
  }

  /** Where a part of the text, not empty, stands in the source. */
  sourceOf({ start, end }: TextRange): TextRange {
    const last = this.origins[end - 1] ?? 0;
    return { start: this.origins[start] ?? 0, end: last + 1 };
  }
}

/** Words of scripts without spaces are joined without one. */
function wantsSpace(before: string, next: string): boolean {
  const spaceless = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。，、；：！？]/u;
  return !(spaceless.test(before) && spaceless.test(next));
}
