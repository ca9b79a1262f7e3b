import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import type { TextFormat } from '../../../src/shared/textToText';
import { formatOfFile, formatOfLanguage } from '../../../src/shared/textFormat';

suite('shared/textFormat', () => {
  const languages: Record<TextFormat, string[]> = {
    markdown: ['markdown', 'quarto', 'rmd', 'juliamarkdown', 'prompt', 'instructions', 'chatagent'],
    mdx: ['mdx'],
    plain: [
      ...['plaintext', 'git-commit', 'html', 'latex', 'tex', 'restructuredtext', 'asciidoc'],
      ...['typst', 'json', 'jsonc', 'yaml', 'typescript', 'python', 'xml', '', 'constructor'],
    ],
  };
  const files: Record<TextFormat, string[]> = {
    markdown: ['a.md', 'b/README.MD', 'a.markdown', 'a.mkd', 'a.qmd', 'a.zh-cn.md'],
    mdx: ['a.mdx', 'A.MDX'],
    plain: ['a.txt', 'md', 'a.md.txt', 'a.html', 'a.tex', 'a.cmd', ''],
  };
  for (const format of ['markdown', 'mdx', 'plain'] as const) {
    test(`${format}, by the language of a document and the name of a file`, () => {
      for (const id of languages[format]) {
        assert.equal(formatOfLanguage(id), format, id);
      }
      for (const name of files[format]) {
        assert.equal(formatOfFile(name), format, name);
      }
    });
  }
});
