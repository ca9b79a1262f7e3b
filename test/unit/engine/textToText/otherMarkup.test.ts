import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { formatOfLanguage } from '../../../../src/shared/textFormat';
import { context, listen, tinySeq2seq } from '../../../support/engine/models';

/** Documents of each language, and pieces that they cannot do without. */
const documents: Record<string, [text: string, pieces: string[]][]> = {
  html: [
    ['<p class="a">the <b>cat</b> sat &amp; sang</p>', ['<p class="a">', '<b>', '</b>', '&amp;']],
    ['<script>\nconst cat = open("the cat");\n</script>', ['<script>', '=', '("', '</script>']],
    ['<style>\nthe cat { sat: on; }\n</style>', ['{', '}']],
  ],
  latex: [
    ['\\section{The cat sat}', ['\\section', '{', '}']],
    [
      'the \\textbf{cat} sat~\\cite{dog} on $x_1$ & a \\\\',
      ['\\textbf', '~', '\\cite', '$x_1$', '&'],
    ],
    ['\\begin{verbatim}\nthe cat | sat\n\\end{verbatim}', ['\\begin{verbatim}', '|']],
  ],
  restructuredtext: [
    ['.. note::\n   the cat sat', ['.. note::\n   ']],
    ['.. code-block:: python\n\n   open("the cat")', ['.. code-block:: python\n', '("']],
    [
      'the :ref:`cat <dog>` sat on ``a mat`` and `sang <https://a.b>`_',
      [':ref:`cat <dog>`', '``a mat``'],
    ],
    ['the |cat| sat', ['|']],
  ],
  asciidoc: [
    ['link:https://a.b[the cat] sat', ['https://a.b', '[', ']']],
    ['see <<the cat,a cat>> and the {cat}', ['<<', '>>', '{cat}']],
    ['image::cat.png[the cat]', ['::', 'cat.png', '[', ']']],
    ['|===\n| the cat | sat\n|===', ['|===\n| ', '|', '\n|===']],
  ],
  typst: [
    ['= The cat\nthe #link("https://a.b")[cat] sat', ['= ', '#link', 'https://a.b', '[', ']']],
    ['#let cat = "the cat"\nthe cat <sat> @dog', ['#let', '=', '<sat>', '@dog']],
  ],
  jsonc: [['{\n  // the cat sat\n  "cat": "the dog sang"\n}', ['// ', '":', '{\n', '\n}']]],
  typescript: [
    [
      '/** @param cat the {@link Cat} */\nopen(cat, { sat: "a mat" });',
      ['@param cat', '{@link Cat}', '{ '],
    ],
    ['const the_cat = sat["on"] & a / mat;', ['the_cat', '=', '[', ']', '&', '/']],
  ],
};

const countOf = (text: string, piece: string): number => text.split(piece).length - 1;

suite('engine/textToText: markup without a parser of its own', () => {
  for (const [id, cases] of Object.entries(documents)) {
    test(`${id}: what a model loses is flagged`, async () => {
      const { engine } = listen();
      const model = { folder: tinySeq2seq('marian') };
      for (const [text, pieces] of cases) {
        const { text: result, warnings } = await engine.translate(
          { model, text, format: formatOfLanguage(id), options: { maxNewTokens: 6 } },
          context(),
        );
        const lost = pieces.filter((piece) => {
          assert.ok(countOf(text, piece) > 0, piece);
          return countOf(result, piece) !== countOf(text, piece);
        });
        const isFlagged = warnings.some(({ kind }) => kind === 'pieces');
        assert.ok(lost.length === 0 || isFlagged, `${text}\n${result}\n${lost.join('  ')}`);
      }
    });
  }
});
