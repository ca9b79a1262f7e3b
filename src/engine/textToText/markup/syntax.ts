import type { SyntaxNode, SyntaxNodeRef } from '@lezer/common';
import { Autolink, GFM, parser, Strikethrough, type MarkdownParser } from '@lezer/markdown';
import type { TextFormat } from '../../../shared/textToText';
import type { TextRange } from '../../../shared/text';
import { BLOCK_EXTENSIONS, INLINE_EXTENSIONS } from './extensions';
import type { Mark } from './marks';
import { MDX } from './mdx';
import { pairEscape, pairTag, type OpenMark } from './partners';

/** CommonMark with GitHub's tables, tasks, strikethrough and bare addresses, and what else is usual. */
const DOCUMENT = parser.configure([GFM, INLINE_EXTENSIONS, BLOCK_EXTENSIONS]);

/** What CommonMark has inside of a paragraph, and nothing that begins a block. */
const INLINE = parser.configure([
  Strikethrough,
  Autolink,
  INLINE_EXTENSIONS,
  {
    remove: [
      'IndentedCode',
      'FencedCode',
      'Blockquote',
      'HorizontalRule',
      'BulletList',
      'OrderedList',
      'ATXHeading',
      'HTMLBlock',
      'SetextHeading',
      'LinkReference',
    ],
  },
]);

/** The parsers of each format: of documents, and of what is in a paragraph. */
const PARSERS: Record<TextFormat, { document: MarkdownParser; inline: MarkdownParser }> = {
  plain: { document: DOCUMENT, inline: INLINE },
  markdown: { document: DOCUMENT, inline: INLINE },
  mdx: { document: DOCUMENT.configure(MDX), inline: INLINE.configure(MDX) },
};

/** Settings in front of a document: YAML between `---`, TOML between `+++`. */
const FRONT_MATTER = /^(---|\+\+\+)[ \t]*\r?\n(?:[^]*?\r?\n)?(?:\1|\.\.\.)[ \t]*(?=\r?\n|$)/;

/** HTML that holds no words. */
const HTML_CODE = /^\s*<(?:pre|script|style|textarea|svg|math)\b/i;

/**
 * The marks of a Markdown document, in no certain order.
 * @param labels of links, besides those that the text defines.
 */
export function documentMarks(text: string, format: TextFormat, labels: readonly string[]): Mark[] {
  const front = FRONT_MATTER.exec(text)?.[0].length ?? 0;
  const reader = new MarkReader(text, front, format, labels);
  if (front > 0) {
    reader.marks.push({ start: 0, end: front, role: 'block' });
  }
  reader.read(PARSERS[format].document.parse(text.slice(front)).topNode);
  return reader.marks;
}

/** The marks of running text that Markdown may stand in, such as a line of a comment. */
export function inlineMarks(text: string, { start, end }: TextRange, format: TextFormat): Mark[] {
  const reader = new MarkReader(text, start, format);
  reader.read(PARSERS[format].inline.parse(text.slice(start, end)).topNode);
  return reader.marks;
}

/** What does not belong to an address, though nothing but a space ends one in Markdown. */
const NOT_IN_ADDRESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。，、；：！？（）「」“”]/u;

/** How labels of links are compared (CommonMark 0.31, section 4.7). */
function comparable(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Walks a syntax tree, whose offsets count from `offset` of the text. */
class MarkReader {
  readonly marks: Mark[] = [];
  /** Labels that links can refer to, as they are compared. */
  private readonly labels: Set<string>;
  /** What the last link has behind its words, which its mark covers. */
  private destination = { from: 0, to: 0 };

  constructor(
    private readonly text: string,
    private readonly offset: number,
    private readonly format: TextFormat,
    labels: readonly string[] = [],
  ) {
    this.labels = new Set(labels.map(comparable));
  }

  /** Takes no deeper calls for deeper nesting, which a text can have as much of as it likes. */
  read(top: SyntaxNode): void {
    top.cursor().iterate((node) => {
      if (node.name === 'LinkReference') {
        const label = node.node.getChild('LinkLabel');
        this.labels.add(label === null ? '' : comparable(this.textOf(label).slice(1, -1)));
      }
    });
    /** Tags and escapes that are open, the innermost last, of each node that is entered. */
    const tags: OpenMark[][] = [];
    top.cursor().iterate(
      (node) => {
        if (node.name === 'HTMLTag') {
          pairTag(this.textOf(node), this.add('whole', node.from, node.to), tags.at(-1) ?? []);
          return false;
        }
        if (node.name === 'Escape') {
          // An escaped line of a table divides words; models lose those behind its stand-in.
          const role = this.textOf(node) === '\\|' ? 'block' : 'whole';
          pairEscape(this.text, this.add(role, node.from, node.to), tags.at(-1) ?? []);
          return false;
        }
        const goesOn = this.enter(node);
        if (goesOn) {
          tags.push([]);
        }
        return goesOn;
      },
      () => tags.pop(),
    );
  }

  /** Whether there are more marks inside. */
  private enter(node: SyntaxNodeRef): boolean {
    if (node.from >= this.destination.from && node.to <= this.destination.to) {
      return false;
    }
    switch (node.name) {
      case 'HeaderMark':
      case 'QuoteMark':
      case 'ListMark':
      case 'TaskMarker':
      case 'TableDelimiter':
      case 'FencedCode':
      case 'CodeBlock':
      case 'CommentBlock':
      case 'ProcessingInstructionBlock':
      case 'HorizontalRule':
      case 'HardBreak':
      case 'LinkReference':
      case 'FootnoteMark':
      case 'KeptBlock':
        this.add('block', node.from, node.to);
        return false;
      case 'HTMLBlock':
        this.addHtml(node);
        return false;
      case 'URL':
        // A language without spaces goes on behind an address.
        this.add(
          'whole',
          node.from,
          node.from + this.textOf(node).split(NOT_IN_ADDRESS, 1).join().length,
        );
        return false;
      case 'Kept':
      case 'InlineCode':
      case 'Image':
      case 'Autolink':
      case 'Comment':
      case 'ProcessingInstruction':
      case 'Entity':
        this.add('whole', node.from, node.to);
        return false;
      case 'Emphasis':
      case 'StrongEmphasis':
      case 'Strikethrough':
        this.addPair(node, node.node.firstChild?.to, node.node.lastChild?.from);
        return true;
      case 'WikiLink':
        this.addWikiLink(node);
        return false;
      case 'Link':
        return this.addLink(node);
      default:
        return true;
    }
  }

  private addLink(node: SyntaxNodeRef): boolean {
    const [open, close] = node.node.getChildren('LinkMark');
    if (open === undefined || close === undefined || this.isReference(node, close)) {
      // The label of a footnote has a colon behind it.
      const label = /^\[\^[^\]]*\]:/.exec(this.textOf({ from: node.from, to: node.to + 1 }));
      this.add('whole', node.from, node.to + (label === null ? 0 : 1));
      return false;
    }
    this.addPair(node, open.to, close.from);
    this.destination = { from: close.from, to: node.to };
    return true;
  }

  /** The target is kept; what is shown in its place is words. */
  private addWikiLink(node: SyntaxNodeRef): void {
    const bar = this.textOf(node).indexOf('|');
    if (bar < 0) {
      this.add('whole', node.from, node.to);
    } else {
      this.addPair(node, node.from + bar + 1, node.to - 2);
    }
  }

  /** What the tags of a block surround are words; Markdown is not read there. */
  private addHtml(node: SyntaxNodeRef): void {
    if (HTML_CODE.test(this.textOf(node))) {
      this.add('block', node.from, node.to);
      return;
    }
    const range = { start: this.offset + node.from, end: this.offset + node.to };
    const tags = inlineMarks(this.text, range, this.format).filter(({ start }) =>
      ['<', '&'].includes(this.text.charAt(start)),
    );
    this.marks.push(...tags);
  }

  /** Whether a link's words are its label as well, so that other words would lead nowhere. */
  private isReference(node: SyntaxNodeRef, close: SyntaxNode): boolean {
    const words = this.textOf(node).slice(1, close.from - node.from);
    const rest = this.textOf(node).slice(close.to - node.from);
    return (
      /^[\^!]/.test(words) || ((rest === '' || rest === '[]') && this.labels.has(comparable(words)))
    );
  }

  private addPair(node: SyntaxNodeRef, inner?: number, innerEnd?: number): void {
    if (inner !== undefined && innerEnd !== undefined && inner <= innerEnd) {
      const pair = this.offset + node.from;
      this.add('open', node.from, inner, pair);
      this.add('close', innerEnd, node.to, pair);
    }
  }

  private add(role: Mark['role'], from: number, to: number, pair?: number): Mark {
    const mark: Mark = {
      start: this.offset + from,
      end: this.offset + to,
      role,
      ...(pair === undefined ? {} : { pair }),
    };
    this.marks.push(mark);
    return mark;
  }

  private textOf({ from, to }: { from: number; to: number }): string {
    return this.text.slice(this.offset + from, this.offset + to);
  }
}
