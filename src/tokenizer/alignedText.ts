import { Failure, phrase } from '../shared/failure';
import { grownLength } from '../shared/limits';
import type { TextRange } from '../shared/text';
import { TOKENIZER_FILE } from './schema';

/** A character of a changed text. */
export interface Change {
  character: string;
  /**
   * 1 for a character that is put in; 0 for one that replaces the next character of the text, and
   * −n for one that replaces it and n more.
   */
  growth: number;
}

/**
 * How much longer all that was made of one source may become, so that steps which double a text end.
 * Shared by all texts of a source.
 */
class Growth {
  private grown = 0;

  constructor(private readonly limit: number) {}

  /** Units that may still be added. */
  get left(): number {
    return this.limit - this.grown;
  }

  /** Takes units away from those that are left; a text that became shorter gives some back. */
  add(units: number): void {
    this.grown += units;
  }
}

/**
 * Text on its way through a tokenizer. Every UTF-16 unit knows which characters of the source it
 * stands for, so the text may be changed step by step and still be traced back.
 *
 * The rules by which a change hands on its ranges are those of `NormalizedString` in the Rust
 * package `tokenizers` (tokenizers/src/tokenizer/normalizer.rs): a replaced character keeps the
 * range of the one it replaces, an inserted one shares the range of the one before it.
 */
export class AlignedText {
  /**
   * @param text  the text as it is now
   * @param starts  start in the source of the unit at `offset + index`; never decreases
   * @param ends  end in the source, likewise
   * @param origin  where the section of the source begins that this text was made of
   * @param growth  what all texts of the source may still grow
   */
  constructor(
    readonly text: string,
    private readonly starts: readonly number[],
    private readonly ends: readonly number[],
    readonly origin: number,
    readonly growth: Growth,
    private readonly offset = 0,
  ) {}

  /**
   * A source, unchanged.
   * @throws Failure in all that is made of it, once that is longer than {@link grownLength} has it
   */
  static of(source: string): AlignedText {
    const growth = new Growth(grownLength(source.length));
    const builder = new AlignedTextBuilder(new AlignedText('', [], [], 0, growth));
    let position = 0;
    for (const character of source) {
      builder.append(character, position, position + character.length);
      position += character.length;
    }
    return builder.build();
  }

  get length(): number {
    return this.text.length;
  }

  /** The units `start` to `end` of this text. */
  slice(start: number, end: number): AlignedText {
    return new AlignedText(
      this.text.slice(start, end),
      this.starts,
      this.ends,
      this.startAt(start),
      this.growth,
      this.offset + start,
    );
  }

  /**
   * The part of the source that the units `start` to `end` stand for, `start < end`; an empty range
   * at the nearest place where there are no such units.
   */
  sourceRange(start: number, end: number): TextRange {
    if (start >= end || end > this.length) {
      const nearest = this.length > 0 ? this.endAt(this.length - 1) : this.origin;
      return { start: nearest, end: nearest };
    }
    const first = this.startAt(start);
    return { start: first, end: Math.max(first, this.endAt(end - 1)) };
  }

  private startAt(unit: number): number {
    return this.starts[this.offset + unit] ?? this.origin;
  }

  private endAt(unit: number): number {
    return this.ends[this.offset + unit] ?? this.origin;
  }

  /**
   * Puts something in the place of each character (code point). All of it stands for that
   * character; an empty answer removes it.
   */
  mapCharacters(change: (character: string) => string): AlignedText {
    const builder = new AlignedTextBuilder(this);
    let unit = 0;
    for (const character of this.text) {
      builder.append(change(character), this.startAt(unit), this.endAt(unit));
      unit += character.length;
    }
    return builder.build();
  }

  /**
   * Puts something in the place of the whole text, character for character, as `transform` of
   * `NormalizedString` does.
   */
  rewrite(changes: readonly Change[]): AlignedText {
    const builder = new AlignedTextBuilder(this);
    let next = 0;
    for (const { character, growth } of changes) {
      if (growth > 0) {
        // What is put in before everything has no character to share the range of.
        const start = next > 0 ? this.startAt(next - 1) : this.origin;
        builder.append(character, start, next > 0 ? this.endAt(next - 1) : this.origin);
        continue;
      }
      builder.append(character, this.startAt(next), this.endAt(next));
      for (let step = growth; step <= 0 && next < this.length; step++) {
        next += (this.text.codePointAt(next) ?? 0) > 0xffff ? 2 : 1;
      }
    }
    return builder.build();
  }

  /** Replaces every match; the new text stands for the last character of the match. */
  replaceMatches(pattern: RegExp, replacement: string): AlignedText {
    const builder = new AlignedTextBuilder(this);
    let copied = 0;
    for (const { start, end } of matchRanges(this.text, pattern)) {
      builder.appendFrom(this, copied, start);
      const range =
        end === 0 ? { start: this.origin, end: this.origin } : this.characterAt(end - 1);
      builder.append(replacement, range.start, range.end);
      copied = end;
    }
    if (copied === 0 && builder.length === 0) {
      return this;
    }
    builder.appendFrom(this, copied, this.length);
    return builder.build();
  }

  /** Puts something in front; it shares the range of the first character. Empty text stays so. */
  prepend(addition: string): AlignedText {
    if (this.length === 0) {
      return this;
    }
    const builder = new AlignedTextBuilder(this);
    const { start, end } = this.sourceRange(0, 1);
    builder.append(addition, start, end);
    builder.appendFrom(this, 0, this.length);
    return builder.build();
  }

  /** Source range of the unit at an index. */
  characterAt(index: number): TextRange {
    return this.sourceRange(index, index + 1);
  }

  /** Appends the source ranges of the units `start` to `end` to two lists. */
  copyRanges(start: number, end: number, starts: number[], ends: number[]): void {
    for (let unit = start; unit < end; unit++) {
      starts.push(this.startAt(unit));
      ends.push(this.endAt(unit));
    }
  }
}

/** Puts an {@link AlignedText} together from left to right. */
export class AlignedTextBuilder {
  private readonly parts: string[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly longest: number;

  /** @param replaced  the text whose place the new one takes */
  constructor(private readonly replaced: AlignedText) {
    this.longest = replaced.length + replaced.growth.left;
  }

  /** Units appended so far. */
  get length(): number {
    return this.starts.length;
  }

  /** Appends text, all of which stands for one range of the source. */
  append(text: string, start: number, end: number): void {
    this.checkRoom(text.length);
    this.parts.push(text);
    for (let unit = 0; unit < text.length; unit++) {
      this.starts.push(start);
      this.ends.push(end);
    }
  }

  /** Appends units `start` to `end` of another text with their ranges. */
  appendFrom(other: AlignedText, start: number, end: number): void {
    this.checkRoom(end - start);
    this.parts.push(other.text.slice(start, end));
    other.copyRanges(start, end, this.starts, this.ends);
  }

  private checkRoom(units: number): void {
    if (this.length + units > this.longest) {
      throw tooLong();
    }
  }

  build(): AlignedText {
    const { origin, growth, length } = this.replaced;
    growth.add(this.length - length);
    return new AlignedText(this.parts.join(''), this.starts, this.ends, origin, growth);
  }
}

/** What steps make longer than {@link grownLength} allows. */
export function tooLong(): Failure {
  return new Failure({
    kind: 'model',
    what: phrase('The tokenizer makes more than eight times as much of the text'),
    where: TOKENIZER_FILE,
    remedy: phrase('choose another model'),
  });
}

/** Ranges of all matches of a global pattern, from left to right. */
export function matchRanges(text: string, pattern: RegExp): TextRange[] {
  return Array.from(text.matchAll(pattern), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}
