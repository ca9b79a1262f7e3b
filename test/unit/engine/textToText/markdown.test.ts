import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { TokenBudget } from '../../../../src/engine/textToText/tokenBudget';
import {
  generateWithMarkup,
  type GeneratedPart,
} from '../../../../src/engine/textToText/markup/generateWithMarkup';
import { compareSentences } from '../../../../src/engine/textToText/markup/pieces';
import { planTranslation } from '../../../../src/engine/tasks/translate';
import type { TextFormat } from '../../../../src/shared/textToText';
import { CHARACTER_TOKENIZER } from '../../../support/engine/characterTokenizer';

/** Translates a document with a stand-in for a model, and records what that reads. */
async function translate(
  text: string,
  write: (words: string) => string,
  format: TextFormat = 'markdown',
  labels: string[] = [],
): Promise<{ text: string; read: string[]; kept: string[] }> {
  const read: string[] = [];
  const kept: string[] = [];
  const written = (words: string): Promise<GeneratedPart> => {
    read.push(words);
    return Promise.resolve({ text: write(words), tokens: [], stop: 'end' });
  };
  const plan = planTranslation(
    { text, format, labels },
    new TokenBudget(CHARACTER_TOKENIZER, '', 1000),
    {
      source: 'en',
      target: 'fr',
    },
  );
  let result = '';
  for (const part of plan.parts) {
    const around =
      part.templates === undefined
        ? { ...(await written(part.text)), kept: 'whole' }
        : await generateWithMarkup(part.templates, {
            write: written,
            canRead: () => true,
            keepsMarks: (source, result) => {
              const { missing, added } = compareSentences(source, result, format);
              return missing.length + added.length === 0;
            },
          });
    result += part.lead + around.text;
    kept.push(around.kept);
  }
  return { text: result + plan.tail, read, kept };
}

/** In this language every word is written in capitals. */
const capitals = (words: string): string => words.toUpperCase();

suite(
  'engine/translate: Markdown comes out with its prose translated, and nothing else changed',
  () => {
    const documents: [name: string, source: string, result: string][] = [
      ['a shortcut reference', 'see [ref] now\n\n[ref]: a.md', 'SEE [ref] NOW\n\n[ref]: a.md'],
      [
        'one in another case',
        'see [The Ref]\n\n[the ref]: a.md',
        'SEE [The Ref]\n\n[the ref]: a.md',
      ],
      ['a collapsed reference', 'see [ref][] now\n\n[ref]: a.md', 'SEE [ref][] NOW\n\n[ref]: a.md'],
      ['no reference, but words in brackets', 'see [ref] now', 'SEE [REF] NOW'],
      ['a letter in brackets', 'press [x] now', 'PRESS [X] NOW'],
      [
        'a full reference',
        'see [text][ref]\n\n[ref]: a.md "t"',
        'SEE [TEXT][ref]\n\n[ref]: a.md "t"',
      ],
      ['a full reference that is defined elsewhere', 'see [text][ref]', 'SEE [TEXT][ref]'],
      ['an image by reference', 'see ![logo][ref] now', 'SEE ![logo][ref] NOW'],
      [
        'footnotes',
        'so[^1] it is[^a b]\n\n[^1]: one\n[^2]: two words',
        'SO[^1] IT IS[^a b]\n\n[^1]: ONE\n[^2]: TWO WORDS',
      ],
      [
        'a footnote of several paragraphs',
        '[^1]: one\n    goes on\n\n    another\n\n        code\n\n    - item\n\nbehind',
        '[^1]: ONE\n    GOES ON\n\n    ANOTHER\n\n        code\n\n    - ITEM\n\nBEHIND',
      ],
      ['tasks', '- [ ] open\n- [x] done\n* [X] more', '- [ ] OPEN\n- [x] DONE\n* [X] MORE'],
      [
        'a table',
        '| a | `b` c |\n| :-- | --: |\n| one \\| two | [d](e) |\n',
        '| A | `b` C |\n| :-- | --: |\n| ONE \\| TWO | [D](e) |\n',
      ],
      ['settings in front', '---\ntitle: words\n---\n\nwords', '---\ntitle: words\n---\n\nWORDS'],
      ['nested lists', '- a\n  1. b\n     * c\n\n     more', '- A\n  1. B\n     * C\n\n     MORE'],
      ['quotations', '> a\n> > b\n> - c', '> A\n> > B\n> - C'],
      ['a comment', 'a <!-- b --> c\n\n<!--\nd\n-->\n\ne', 'A <!-- b --> C\n\n<!--\nd\n-->\n\nE'],
      ['addresses', 'at <https://a.b/c> or https://d.e/f.', 'AT <https://a.b/c> OR https://d.e/f.'],
      ['addresses of mail', 'to <me@a.org> or you@b.org', 'TO <me@a.org> OR you@b.org'],
      ['images', 'a ![b c](d.png "e") f', 'A ![b c](d.png "e") F'],
      ['definitions', '[a b]: <c d> "e"\n[f]: g\n\nh', '[a b]: <c d> "e"\n[f]: g\n\nH'],
      ['code by indentation', 'a\n\n    b\n\nc', 'A\n\n    b\n\nC'],
      ['fenced code', 'a\n~~~js\nb\n~~~\nc', 'A\n~~~js\nb\n~~~\nC'],
      ['admonitions', '> [!NOTE]\n> a b', '> [!NOTE]\n> A B'],
      ['admonitions with a title', '::: tip a\nb\n:::\n', '::: tip a\nB\n:::\n'],
      [
        'formulas',
        'so $x + y$ is\n\n$$\nx = y\n$$\n\nend',
        'SO $x + y$ IS\n\n$$\nx = y\n$$\n\nEND',
      ],
      ['headings with names', '## a b {#a-b}\n\nc\n===', '## A B {#a-b}\n\nC\n==='],
      ['hard breaks', 'a  \nb\\\nc', 'A  \nB\\\nC'],
      ['emphasis', '**a b** c *d* e ~~f~~ g __h__', '**A B** C *D* E ~~F~~ G __H__'],
      ['emphasis across lines', 'a **b\nc** d', 'A **B\nC** D'],
      ['emphasis within emphasis', 'a ***b c*** d **e *f* g**', 'A ***B C*** D **E *F* G**'],
      ['a link across lines', 'a [b\nc](d) e', 'A [B\nC](d) E'],
      ['emphasis of a link', 'a **[b c](d)** e', 'A **[B C](d)** E'],
      ['escapes', '\\*a b\\* c \\_d\\_ e \\[of\\] \\# g', '\\*A B\\* C \\_D\\_ E \\[OF\\] \\# G'],
      ['an escaped link', 'a \\[b](c) d', 'A \\[B](C) D'],
      ['entities', 'a &amp; b&nbsp;c', 'A &amp; B&nbsp;C'],
      ['tags', '<p align="a">b <b>c</b></p>\n\nd<br>e', '<p align="a">B <b>C</b></p>\n\nD<br>E'],
      [
        'keys and paths',
        'a <kbd>b</kbd>+<kbd>c</kbd> d `e`/`f` g',
        'A <kbd>b</kbd>+<kbd>c</kbd> D `e`/`f` G',
      ],
      [
        'placeholders',
        '{host}:{port} a {0} %s ${b} {{c}} %1$s',
        '{host}:{port} A {0} %s ${b} {{c}} %1$s',
      ],
    ];
    for (const [name, source, result] of documents) {
      test(name, async () => {
        const { text, kept } = await translate(source, capitals);
        assert.equal(text, result);
        assert.deepEqual(new Set(kept), new Set(kept.length === 0 ? [] : ['whole']));
      });
    }

    test('a label that the document defines outside of the text', async () => {
      const { text } = await translate('see [The  Ref] or [other]', capitals, 'markdown', [
        'the ref',
      ]);
      assert.equal(text, 'SEE [The  Ref] OR [OTHER]');
    });

    test('a space stays behind emphasis that would run on without it', () => {
      const between = (text: string): string | undefined =>
        planTranslation(
          { text, format: 'markdown' },
          new TokenBudget(CHARACTER_TOKENIZER, '', 1000),
          {
            source: 'en',
            target: 'zh',
          },
        ).parts[1]?.lead;
      assert.equal(between('It is here. The file.'), '');
      assert.equal(between('Is it **this one?** The file.'), ' ');
      // A translated address has a space of its own before the full stop.
      assert.equal(between('See https://a.b/c. The file.'), '');
    });

    test('words of the target’s language in a sentence are kept, whole sentences copied', () => {
      const planned = (text: string, target = 'zh'): { kept: string[]; copied: string[] } => {
        const { parts, alreadyTranslated } = planTranslation(
          { text, format: 'markdown' },
          new TokenBudget(CHARACTER_TOKENIZER, '', 1000),
          { source: 'en', target },
        );
        const template = parts.flatMap(({ templates }) => templates?.[0] ?? []);
        const kept = template.flatMap((item) => (item.kind === 'whole' ? [item.text] : []));
        return { kept, copied: alreadyTranslated };
      };
      assert.deepEqual(planned('Click 确定 to go on, or “打开、保存”.').kept, [
        '确定',
        '打开、保存',
      ]);
      assert.deepEqual(planned('Click the Сохранить button.', 'ru').kept, ['Сохранить']);
      assert.deepEqual(planned('Click Enregistrer to go on.', 'fr').kept, []);
      const copied = ['打开 README 文件。'];
      assert.deepEqual(planned('打开 README 文件。Then close it.'), { kept: [], copied });
    });

    test('words that are escaped are read with their sentence', async () => {
      const { read } = await translate('use \\*two stars\\* here', capitals);
      assert.ok(read.includes('use two stars here'), read.join(' | '));
    });

    test('of pieces that touch, the model sees one', async () => {
      const { read } = await translate('connect to {host}:{port} again', capitals);
      assert.deepEqual(read, ['connect to {0} again']);
    });
  },
);
