import type { StopAt } from '../../shared/generation';

/** What a model is given to complete a text, and how the lines of its completion begin. */
export interface CompletionPrompt {
  stopAt: StopAt;
  /** Prefix of every further line. */
  linePrefix: string;
  /** What the model reads; of a comment only the words. */
  prompt: string;
}

/** A mark of a comment that goes to the end of the line, alone on its line or behind code. */
const LINE_COMMENT = /^(\s*|.*\s)((?:\/\/+!?|#+|--+|;+|%+)\s+)/;
/** The first line of a comment in a block, and a further one. */
const BLOCK_BEGIN = /^(\s*)(?:\/\*+!?|<!--)\s+/;
const BLOCK_LINE = /^\s*\*(?!\/)\s+/;
const DOCSTRING = /^(\s*)[rRuU]?(?:"""|''')/;

/**
 * Finds out by comment markers whether a text is in a comment, and makes the prompt for it.
 * @param text what is to be completed.
 * @param before what stands before it on its first line.
 * @param isProse whether the whole document is running text.
 */
export function completionPrompt(text: string, before: string, isProse: boolean): CompletionPrompt {
  const lines = text.split(/\r\n|\r|\n/);
  const last = lines.length === 1 ? before + text : (lines.at(-1) ?? '');
  const linePrefix = isProse ? '' : linePrefixOf(last);
  if (linePrefix === undefined) {
    return { stopAt: 'block', linePrefix: '', prompt: text };
  }
  return {
    stopAt: 'sentence',
    linePrefix,
    prompt: isProse ? text : withoutMarks(lines, before),
  };
}

/** The prefix of a comment's next line; undefined outside of comments. */
function linePrefixOf(line: string): string | undefined {
  const own = BLOCK_LINE.exec(line)?.[0];
  if (own !== undefined) {
    return own;
  }
  const begin = BLOCK_BEGIN.exec(line);
  if (begin !== null && !/\*\/|-->/.test(line)) {
    return line.includes('<!--') ? `${begin[1] ?? ''}  ` : `${begin[1] ?? ''} * `;
  }
  const docstring = DOCSTRING.exec(line);
  if (docstring !== null && !/("""|''').*\1/.test(line)) {
    return docstring[1] ?? '';
  }
  const comment = LINE_COMMENT.exec(line);
  const [, lead = '', sign = ''] = comment ?? [];
  // A sign within a string or an expression, as in `5 % 2`, is none of a comment.
  return comment === null || (lead.trim() !== '' && !isComment(lead, sign))
    ? undefined
    : (/^\s*/.exec(lead)?.[0] ?? '') + sign;
}

/**
 * Whether a sign behind code begins a comment: only signs that nearly always do, and not in an open string.
 */
function isComment(code: string, sign: string): boolean {
  const quotes = code.match(/["'`]/g) ?? [];
  return /^(?:\/\/|#)/.test(sign) && quotes.length % 2 === 0;
}

/** The text without comment markers, from the last comment on. */
function withoutMarks(lines: readonly string[], before: string): string {
  const marks = /^\s*(?:(?:\/\/+!?|\/\*+!?|\*(?!\/)|#+|--+|;+|%+|<!--)(?:\s+|$)|"""|''')+/;
  const inComment = lines.map((line, at) => marks.test(at === 0 ? before + line : line));
  const first = inComment.lastIndexOf(false) + 1;
  if (first === lines.length) {
    // A comment behind code.
    return (lines.at(-1) ?? '').replace(/^.*\s(?:\/\/+|#+)\s+/, '');
  }
  return lines
    .slice(first)
    .map((line) => line.replace(marks, ''))
    .join('\n');
}
