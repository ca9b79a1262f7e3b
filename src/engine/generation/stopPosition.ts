import type { StopAt } from '../../shared/generation';
import { splitSentences, DEFAULT_LANGUAGE } from '../textToText/sentences';

/** After so many tokens the completion stops at the next end of a sentence. */
const DECENT_TOKENS = 16;

/**
 * Where a completion should stop, if it should; called after each token. The end of a sentence is known only
 * from what follows, since `config.` may be the beginning of `config.json`.
 * @param prompt the text that is completed.
 * @param before what was written before the last token.
 * @param delta what the last token added.
 * @param tokens how many were written.
 * @returns the length of the written text up to its end.
 */
export function findStopPosition(
  stopAt: StopAt,
  prompt: string,
  before: string,
  delta: string,
  tokens: number,
): number | undefined {
  return stopAt === 'sentence'
    ? endOfSentence(before, before + delta, tokens)
    : endOfBlock(prompt, before + delta);
}

/** A paragraph ends at once, a sentence when there is enough. */
function endOfSentence(before: string, written: string, tokens: number): number | undefined {
  const paragraph = /(?<=\S)[^\S\n]*\n[^\S\n]*\n/.exec(written);
  if (paragraph !== null) {
    return paragraph.index;
  }
  // The last token is what the end is seen by.
  if (tokens <= DECENT_TOKENS) {
    return undefined;
  }
  const sentences = splitSentences(written, { start: 0, end: written.length }, DEFAULT_LANGUAGE);
  const end = sentences.length > 1 ? sentences.at(-2)?.end : undefined;
  // An end that was passed earlier came too early; the sentence that has begun is finished.
  return end !== undefined && end >= before.trimEnd().length ? end : undefined;
}

/** Lines that continue a block though they are not indented more than its first line. */
const GOES_ON = /^\s*(?:[)\]}]|(?:else|elif|except|finally|catch|end)\b)/;
/** Beginnings of these words; the next token will show which word it is. */
const MAY_GO_ON =
  /^\s*(?:e|el|els|eli|ex|exc|exce|excep|en|f|fi|fin|fina|final|finall|c|ca|cat|catc)$/;

/**
 * A statement ends with its line, once its brackets are closed; one that opens a block ends before
 * the first line that stands no deeper.
 */
function endOfBlock(prompt: string, written: string): number | undefined {
  const { head, offset } = headOf(prompt, written);
  const text = head + written.slice(offset);
  const lines = text.split('\n');
  const [first = ''] = lines;
  const indentation = depthOf(first);
  let end = first.length;
  let brackets = balance(first);
  let blanks = 0;
  for (const [at, line] of lines.slice(1).entries()) {
    if (at === lines.length - 2 && MAY_GO_ON.test(line)) {
      return undefined;
    }
    const isBlank = line.trim() === '';
    blanks = isBlank ? blanks + 1 : 0;
    const statement = brackets <= 0 && !opensBlock(first);
    const left = !isBlank && depthOf(line) <= indentation && brackets <= 0 && !GOES_ON.test(line);
    const out = !isBlank && depthOf(line) < indentation;
    if (statement || left || out || blanks > 2) {
      return Math.max(0, text.slice(0, end).trimEnd().length - head.length + offset);
    }
    end += 1 + line.length;
    brackets += balance(line);
  }
  return undefined;
}

/**
 * The line that a completion belongs to: the prompt's last one; where that is complete, the first
 * that is written.
 */
function headOf(prompt: string, written: string): { head: string; offset: number } {
  const lines = prompt.split('\n');
  const last = lines.at(-1) ?? '';
  if (last.trim() !== '') {
    return { head: last, offset: 0 };
  }
  const before = lines.findLastIndex((line) => line.trim() !== '');
  if (opensBlock(lines[before] ?? '')) {
    return { head: lines.slice(before).join('\n'), offset: 0 };
  }
  const offset = /^\s*\n/.exec(written)?.[0].length ?? 0;
  return { head: offset === 0 ? last : '', offset };
}

/** Columns of white space that a line begins with. */
function depthOf(line: string): number {
  return line.length - line.trimStart().length;
}

function opensBlock(line: string): boolean {
  return /(?:[:{([]|=>|->|\b(?:then|do|begin))\s*$/.test(line);
}

function balance(line: string): number {
  return (line.match(/[([{]/g) ?? []).length - (line.match(/[)\]}]/g) ?? []).length;
}
