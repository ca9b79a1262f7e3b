import type { TextRange } from '../../shared/text';
import { readMarkup } from './markup/document';
import { marksIn, type Mark } from './markup/marks';
import type { SourceText } from './plan';

/**
 * Running text made of lines: marks are left out, and lines that are wrapped are joined; of a link
 * its words are kept, and code and addresses as they are. Between paragraphs stands a space.
 */
export class ExtractedText {
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
  static of({ text: source, format }: SourceText): ExtractedText {
    const paragraphs: TextRange[] = [];
    const origins: number[] = [];
    let text = '';
    /** Kept apart, because looking into a string that is being built copies all of it. */
    let lastCharacter = '';
    let open: TextRange | undefined;
    const { lines, marks } = readMarkup(source, format);
    for (const { words, item } of lines) {
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
      for (const { start, end } of readable(source, words, marksIn(marks, words))) {
        text += source.slice(start, end);
        for (let origin = start; origin < end; origin++) {
          origins.push(origin);
        }
      }
      open.end = text.length;
      lastCharacter = source.charAt(words.end - 1);
    }
    return new ExtractedText(text, paragraphs, origins);
  }

  /** Where a part of the text, not empty, stands in the source. */
  sourceOf({ start, end }: TextRange): TextRange {
    const last = this.origins[end - 1] ?? 0;
    return { start: this.origins[start] ?? 0, end: last + 1 };
  }
}

/** What of a line is read aloud: not the marks around words, nor images, tags and comments. */
function readable(source: string, line: TextRange, marks: readonly Mark[]): TextRange[] {
  const silent = marks.filter(
    ({ role, start, end }) => role !== 'whole' || /^(?:<|!\[|\[\^)/.test(source.slice(start, end)),
  );
  return [...silent, { start: line.end, end: line.end }].map(({ start }, at) => ({
    start: silent[at - 1]?.end ?? line.start,
    end: start,
  }));
}

/** Words of scripts without spaces are joined without one. */
function wantsSpace(before: string, next: string): boolean {
  const spaceless = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。，、；：！？]/u;
  return !(spaceless.test(before) && spaceless.test(next));
}
