import type { BlockContext, InlineContext, Line, MarkdownConfig } from '@lezer/markdown';

/** Whether a stretch between `\(` and `\)` is a formula rather than words between escaped brackets. */
const FORMULA = /[\\^_=+*/<>{}|\d-]|^\s*\w\s*$/;

/** An amount of money with words behind it, as in `$5 for you, or US$`. */
const PRICE = /^\d[\d.,]*[kKmMbB]?(?:\s+(?:[A-Za-z]{2}|\()|[,/–-])/;

/** Formulas: `$…$` as Pandoc reads it, so that prices are none, `$$…$$`, `\(…\)` and `\[…\]`. */
const DOLLARS = /\$\$[^$]{1,2000}\$\$|\$(?![\s${])((?:\\.|[^$\\\n]){1,500}?)(?<!\s)\$(?![\w${])/y;
const BRACKETS = /\\\(([^\n]{1,500}?)\\\)|\\\[([^]{1,2000}?)\\\]/y;

/** A link of wikis. The words behind the bar are shown in place of the target. */
const WIKI_LINK = /\[\[[^[\]|\n]+(?:\|[^[\]\n]+)?\]\](?!\()/y;

/** Tags of messages, which stand for elements by their number: `<0>open</0>`. */
const NUMBERED_TAG = /<\/?\d+\s*\/?>/y;

/** What is found at a place of running text, all of it from there on. */
export function inlineMatch(
  pattern: RegExp,
  cx: InlineContext,
  pos: number,
): RegExpExecArray | null {
  pattern.lastIndex = pos - cx.offset;
  return pattern.exec(cx.text);
}

/** Adds a node for what a pattern finds. */
export function addMatchedNode(
  name: string,
  cx: InlineContext,
  pos: number,
  found: string | undefined,
): number {
  return found === undefined ? -1 : cx.addElement(cx.elt(name, pos, pos + found.length));
}

/** What documents and comments have in a paragraph besides GitHub's Markdown. */
export const INLINE_EXTENSIONS: MarkdownConfig = {
  defineNodes: ['Kept', 'WikiLink'],
  parseInline: [
    {
      name: 'DollarFormula',
      before: 'Escape',
      parse(cx, next, pos) {
        if (next !== DOLLAR || /[\w$]/.test(cx.slice(Math.max(cx.offset, pos - 1), pos))) {
          return -1;
        }
        const [found, inner = ''] = inlineMatch(DOLLARS, cx, pos) ?? [];
        return PRICE.test(inner) ? -1 : addMatchedNode('Kept', cx, pos, found);
      },
    },
    {
      name: 'BracketFormula',
      before: 'Escape',
      parse(cx, next, pos) {
        const [found, round, square] =
          (next === BACKSLASH ? inlineMatch(BRACKETS, cx, pos) : null) ?? [];
        return FORMULA.test(round ?? square ?? '') ? addMatchedNode('Kept', cx, pos, found) : -1;
      },
    },
    {
      name: 'WikiLink',
      before: 'Link',
      parse: (cx, next, pos) =>
        next === BRACKET
          ? addMatchedNode('WikiLink', cx, pos, inlineMatch(WIKI_LINK, cx, pos)?.[0])
          : -1,
    },
    {
      name: 'NumberedTag',
      before: 'HTMLTag',
      parse: (cx, next, pos) =>
        next === LESS
          ? addMatchedNode('HTMLTag', cx, pos, inlineMatch(NUMBERED_TAG, cx, pos)?.[0])
          : -1,
    },
  ],
};

const DOLLAR = 36;
const LESS = 60;
const BRACKET = 91;
const BACKSLASH = 92;

const CONTAINER = /^:{3,}(?:\s*[\w{[-].*)?$/;
const FORMULA_FENCE = /^(?:\$\$|\\\[)\s*$/;
const FORMULA_END = /(?:\$\$|\\\])\s*$/;

/** The label of a footnote, and the space behind it. */
const FOOTNOTE = /^\[\^[^\]\s]+\]:[ \t]*/;

/** How far the further paragraphs of a footnote are indented. */
const FOOTNOTE_INDENT = 4;

/**
 * Blocks that documents have besides CommonMark and tables: footnotes, containers (`:::`) and formulas.
 */
export const BLOCK_EXTENSIONS: MarkdownConfig = {
  defineNodes: [
    { name: 'KeptBlock', block: true },
    {
      name: 'Footnote',
      block: true,
      composite(_, line, indent) {
        const goesOn = line.next < 0 || line.indent >= line.baseIndent + indent;
        if (goesOn) {
          line.moveBaseColumn(line.baseIndent + indent);
        }
        return goesOn;
      },
    },
    'FootnoteMark',
  ],
  parseBlock: [
    {
      name: 'Footnote',
      before: 'LinkReference',
      parse(cx, line) {
        const [label] = FOOTNOTE.exec(line.text.slice(line.pos)) ?? [];
        if (label === undefined) {
          return false;
        }
        const from = cx.lineStart + line.pos;
        cx.startComposite('Footnote', line.pos, FOOTNOTE_INDENT);
        cx.addElement(cx.elt('FootnoteMark', from, from + label.trimEnd().length));
        line.moveBase(line.pos + label.length);
        return null;
      },
      endLeaf: (_, line) => FOOTNOTE.test(line.text.slice(line.pos)),
    },
    {
      name: 'Container',
      before: 'LinkReference',
      parse: (cx, line) => CONTAINER.test(lineContent(line)) && keepLines(cx, line, () => true),
      endLeaf: (_, line) => CONTAINER.test(lineContent(line)),
    },
    {
      name: 'FormulaBlock',
      before: 'LinkReference',
      parse(cx, line) {
        // An empty line ends a formula, so that an open one takes no more than its paragraph.
        const ends = (text: string, count: number): boolean =>
          text === '' || (count > 0 && FORMULA_END.test(text));
        return FORMULA_FENCE.test(lineContent(line)) && keepLines(cx, line, ends);
      },
      endLeaf: (_, line) => FORMULA_FENCE.test(lineContent(line)),
    },
  ],
};

/** A line without the marks of the blocks that it stands in. */
export function lineContent(line: Line): string {
  return line.text.slice(line.pos).trimEnd();
}

/**
 * Reads lines as one block that is kept.
 * @param isLast whether a line ends the block, given how many there are before it.
 */
export function keepLines(
  cx: BlockContext,
  line: Line,
  isLast: (text: string, count: number) => boolean,
): true {
  const from = cx.lineStart + line.pos;
  const { basePos } = line;
  for (let count = 0; ; count++) {
    const ends = isLast(lineContent(line), count);
    if (!cx.nextLine() || ends || line.basePos < basePos) {
      break;
    }
  }
  cx.addElement(cx.elt('KeptBlock', from, Math.max(from, cx.prevLineEnd())));
  return true;
}
