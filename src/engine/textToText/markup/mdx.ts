import type { MarkdownConfig } from '@lezer/markdown';
import { inlineMatch, keepLines, addMatchedNode, lineContent } from './extensions';

/** A line that begins statements: `import a from 'b'`, `export const a = {`. */
const STATEMENT =
  /^(?:import\s*(?:["'{*]|[\w$]+(?:\s*,|\s+from\b))|export\s*(?:[{*]|(?:const|let|var|function|async|class|default|type|interface)\b))/;

const STRING = String.raw`"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\\n])*'`;

/** Braces with what they hold, up to three within each other. */
const BRACES = Array.from({ length: 3 }).reduce<string>(
  (inner) => String.raw`\{(?:[^{}]|${inner})*\}`,
  String.raw`\{[^{}]*\}`,
);

const COMMENT = String.raw`\{\s*\/\*(?:[^*]|\*(?!\/))*\*\/\s*\}`;
const EXPRESSION = new RegExp(`${COMMENT}|${BRACES}`, 'y');

/** A tag of JSX, whose attributes may be expressions: `<Tabs value={one}>`, `</Tabs.Item>`, `<>`. */
const TAG = new RegExp(
  String.raw`<\/?(?:[A-Za-z][\w.:-]*(?:\s+(?:[\w:-]+(?:=(?:${STRING}|${BRACES}))?|${BRACES}))*\s*\/?)?>`,
  'y',
);

const LESS = 60;
const BRACE = 123;

/**
 * What MDX 3 has besides Markdown: statements of JavaScript, expressions, and tags of JSX. Code by
 * indentation and blocks of HTML it has not.
 */
export const MDX: MarkdownConfig = {
  remove: ['IndentedCode', 'HTMLBlock'],
  parseInline: [
    {
      name: 'Expression',
      before: 'Escape',
      parse: (cx, next, pos) =>
        next === BRACE
          ? addMatchedNode('Kept', cx, pos, inlineMatch(EXPRESSION, cx, pos)?.[0])
          : -1,
    },
    {
      name: 'Tag',
      before: 'HTMLTag',
      parse: (cx, next, pos) =>
        next === LESS ? addMatchedNode('HTMLTag', cx, pos, inlineMatch(TAG, cx, pos)?.[0]) : -1,
    },
  ],
  parseBlock: [
    {
      name: 'Statement',
      before: 'LinkReference',
      parse(cx, line) {
        if (cx.parentType().name !== 'Document' || !STATEMENT.test(line.text)) {
          return false;
        }
        let open = 0;
        return keepLines(cx, line, (text) => {
          open += bracesIn(text);
          return open <= 0 && (text === '' || /[;}]$/.test(text));
        });
      },
    },
    {
      name: 'ExpressionBlock',
      before: 'LinkReference',
      parse(cx, line) {
        // One that ends in its line may have words behind it.
        if (!lineContent(line).startsWith('{') || bracesIn(lineContent(line)) <= 0) {
          return false;
        }
        let open = 0;
        return keepLines(cx, line, (text) => {
          open += bracesIn(text);
          return open <= 0;
        });
      },
    },
  ],
};

/** How many more braces are opened than closed in a line, outside of strings. */
function bracesIn(line: string): number {
  const code = line.replace(new RegExp(`${STRING}|//.*$`, 'g'), '');
  return code.split('{').length - code.split('}').length;
}
