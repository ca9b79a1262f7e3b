import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { seededRandom } from '../../../../src/engine/generation/random';
import {
  generateWithMarkup,
  type GeneratedPart,
} from '../../../../src/engine/textToText/markup/generateWithMarkup';
import { readMarkup } from '../../../../src/engine/textToText/markup/document';
import { marksIn } from '../../../../src/engine/textToText/markup/marks';
import { withNumberMarks } from '../../../../src/engine/textToText/markup/numbers';
import {
  compareSentences,
  piecesOf,
  piecesOfSentence,
  withLostPieces,
} from '../../../../src/engine/textToText/markup/pieces';
import { templateOf, withoutOuterMarks } from '../../../../src/engine/textToText/markup/template';
import { ExtractedText } from '../../../../src/engine/textToText/extractedText';
import type { TextFormat } from '../../../../src/shared/textToText';
import { context, listen, tinySeq2seq } from '../../../support/engine/models';
import { randomMarkdown } from '../../../support/engine/randomMarkdown';

const NO_TIME = { loadMs: 0, prefillMs: 0, decodeMs: 0, tokensPerSecond: 0 };

suite('engine/textToText/markup: what is kept', () => {
  const sentences: [text: string, pieces: string[], format?: TextFormat][] = [
    ['see [the guide](https://a.b "t") now', ['[', '](https://a.b "t")']],
    ['see [the guide][g] now', ['[', '][g]'], 'markdown'],
    ['an ![image of it](a.png) here', ['![image of it](a.png)']],
    ['run `npm i` or ``a ` b``', ['`npm i`', '``a ` b``']],
    ['**bold**, *italic*, ~~gone~~', ['**', '**', '*', '*', '~~', '~~']],
    ['_it_ and __init__', ['_', '_', '__', '__'], 'markdown'],
    ['call __init__ of [optional] my_name', ['__init__', 'my_name']],
    ['2 * 3 * 4, *args and **kwargs', []],
    ['all *.ts files and *.js files', ['.ts', '.js']],
    ['a <b>word</b> and <br/> a break', ['<b>', '</b>', '<br/>']],
    ['so <!-- not this --> it is', ['<!-- not this -->']],
    ['a &lt; b &amp; \\* c', ['&lt;', '&amp;', '\\*']],
    [
      '<https://a.b> or https://c.d/e?f=g. www.x.org',
      ['<https://a.b>', 'https://c.d/e?f=g', 'www.x.org'],
    ],
    ['写信给 me@example.org，看 https://a.b/c。', ['me@example.org', 'https://a.b/c']],
    [
      '{0} {name} {} ${x} {{ y }} %s %1$d %(n)s %-5.2f $HOME',
      ['{0}', '{name}', '{}', '${x}', '{{ y }}', '%s', '%1$d', '%(n)s', '%-5.2f', '$HOME'],
    ],
    ['50% of it, 100 % sure', []],
    [
      'at /users/:id or /etc/hosts, C:\\Temp\\a.txt',
      ['/users/', ':id', '/etc/hosts', 'C:\\Temp\\a.txt'],
    ],
    [
      'src/engine/main.ts, ./a.b, ~/.cache, config.json',
      ['src/engine/main.ts', './a.b', '~/.cache', 'config.json'],
    ],
    ['and/or, client/server, e.g. this, i.e. that', []],
    ['TCP/IP, I/O or N/A, Read/Write', ['TCP/IP', 'I/O', 'N/A']],
    ['as YYYY-MM-DD, hh:mm:ss or dd/MM/yyyy', ['YYYY-MM-DD', 'hh:mm:ss', 'dd/MM/yyyy']],
    ['@param path the {@link File} of maxTokens', ['@param path', '{@link File}', 'maxTokens']],
    ['use --force, -v and read()', ['--force', '-v', 'read()']],
    ['well-known pre-built 3-part words', []],
    ['a note[^1] on it', ['[^1]']],
    ['at v1.2.3, 1.2.3-beta.1 or v2.', ['v1.2.3', '1.2.3-beta.1', 'v2']],
    ['at 10:30 on 2024-01-02, 0x1F', []],
    [
      'press <kbd>the key</kbd> in <code>a <b>file</b></code>, <var>x y</var> <TT>z</TT>',
      ['<kbd>the key</kbd>', '<code>a <b>file</b></code>', '<var>x y</var>', '<TT>z</TT>'],
    ],
    [
      'a <svg width="1"><title>the cat</title></svg> <math><mi>the</mi></math> <samp>the file</samp>',
      [
        '<svg width="1"><title>the cat</title></svg>',
        '<math><mi>the</mi></math>',
        '<samp>the file</samp>',
      ],
    ],
    ['<0>open</0> the <1/> file', ['<0>', '</0>', '<1/>']],
    [
      'so $a cat + b$, $$the sum$$, \\(x in A_1\\) and \\[the = cat\\]',
      ['$a cat + b$', '$$the sum$$', '\\(x in A_1\\)', '\\[the = cat\\]'],
    ],
    ['from $5 to $6, $5 (US$) or US$7', ['$5', '$6', '$5', 'US$', 'US$7']],
    ['\\[not a link\\]', ['\\[', '\\]']],
    ['at :id/edit with ?name or ?a=b&c. Really?', [':id/edit', '?name', '?a=b&c']],
    [
      '{name!r:>10} {} {0:.2f} {x: >4} %[%d] %[1]d %{n} #{n}',
      ['{name!r:>10}', '{}', '{0:.2f}', '{x: >4}', '%[%d]', '%[1]d', '%{n}', '#{n}'],
    ],
    [
      '{n, plural, one {# file} other {# files}} and {this, that}',
      ['{n, plural, one {# file} other {# files}}', '{this', 'that}'],
    ],
    ['H~2~O, the x^2^ and ~sub~', ['H~2~O', 'x^2^', '~sub~']],
    ['see [[Wiki Page]] or [[Page|the words]]', ['[[Wiki Page]]', '[[Page|', ']]']],
    ['x = y + 1', ['x = y + 1']],
    ['set 2 * n <= k, or total = y or plan A - I think', ['2 * n <= k', 'y']],
    ['the result = a new file, 3 - 5 files, a + sign', []],
    ['set a=b, #tag, AT&T, x->y or C#. A & B', ['a=b', '#tag', 'AT&T', 'x->y', 'C#']],
  ];
  for (const [text, pieces, format = 'plain'] of sentences) {
    test(text, () => {
      assert.deepEqual(piecesOfSentence(text, format), pieces);
    });
  }

  const borders: [text: string, paragraphs: string[]][] = [
    ['<details><summary>a</summary>b</details>', ['a', 'b']],
    ['one <b>two</b><br>three<BR/>four', ['one two', 'three', 'four']],
    ['<ul><li>a<li>b</ul> c', ['a', 'b', 'c']],
    ['<section>a</section> b', ['a', 'b']],
    ['set <title> to <i>a</i> name', ['set  to a name']],
    ['<p>one\ntwo</p>\nthree\nfour', ['one two', 'three four']],
  ];
  for (const [text, paragraphs] of borders) {
    for (const format of ['plain', 'markdown'] as const) {
      test(`tags of blocks end sentences, in ${format}: ${text}`, () => {
        const prose = ExtractedText.of({ text, format });
        const found = prose.paragraphs.map(({ start, end }) => prose.text.slice(start, end));
        assert.deepEqual(found, paragraphs);
      });
    }
  }

  test('blocks of a document: words alone are translated', () => {
    const document = [
      '---\ntitle: Words\n---',
      '# A heading #',
      'Setext\n======',
      '- [ ] a task\n  - nested item\n1. first',
      '> quoted words\n> > twice',
      '| name | use |\n| --- | :-: |\n| one | `two` three |',
      '```ts\nconst words = 1;\n```',
      '    indented code\n',
      '<div align="center">\n  shown <i>words</i>\n</div>',
      '<pre>\nkept\n</pre>',
      '[g]: https://a.b "Title"',
      'a [g] and [words][g], a line  \nbroken\\\nagain',
      '[^1]: the note',
      '::: warning Mind it\nwords inside\n:::',
      '$$\nthe cat\n$$\nbehind a formula',
      '***',
    ].join('\n\n');
    assert.deepEqual(wordsOfLines(document, 'markdown'), [
      'A heading',
      'Setext',
      'a task',
      'nested item',
      'first',
      'quoted words',
      'twice',
      'name',
      'use',
      'one',
      '`two` three',
      'shown <i>words</i>',
      'a [g] and [words][g], a line',
      'broken',
      'again',
      'the note',
      'words inside',
      'behind a formula',
    ]);
  });

  test('what an escaped line of a table divides are words apart', () => {
    const document = '| Open \\| close | name |\n| --- | --- |\n';
    assert.deepEqual(wordsOfLines(document, 'markdown'), ['Open', 'close', 'name']);
  });

  test('a footnote has the same pieces in every language', () => {
    const pieces = (note: string): string[] =>
      piecesOf(`a note[^1] on it\n\n${note}\n`, 'markdown');
    const expected = ['[^1]', '[^1]:'];
    for (const note of ['The file does not exist.', 'Gone.', '文件不存在。']) {
      assert.deepEqual(pieces(`[^1]: ${note}`), expected, note);
    }
    assert.deepEqual(pieces('[^1]: 文件`a`不存在。'), [...expected, '`a`']);
    assert.deepEqual(pieces('[^1]: 文件不存在。\n    打开文件。\n[^2]: 是'), [
      ...expected,
      '[^2]:',
    ]);
  });

  test('MDX: statements, expressions and tags stay', () => {
    const document = [
      '---\ntitle: The cat\n---',
      "import { Tabs } from './the cat';\nimport Cat from 'cat'",
      'export const cat = {\n  name: "the cat",\n\n  sat: true,\n};',
      'import the file from here.',
      '{/* the cat\n\nsat */}',
      'The {cat.name + " sat"} on {/* a mat */} it.',
      '<Tabs value={one > 2} {...more}>\n    An <Icon.Open size={{ a: "the" }} /> icon\n</Tabs>',
      '```js\nimport { a\n```',
      '# A heading {#the-cat}',
      'The end.',
    ].join('\n\n');
    const { lines, marks } = readMarkup(document, 'mdx');
    assert.deepEqual(
      lines
        .filter(({ words }) => words.start < words.end)
        .map(({ words }) => [
          document.slice(words.start, words.end),
          ...marksIn(marks, words).map(({ start, end }) => document.slice(start, end)),
        ]),
      [
        ['import the file from here.'],
        ['The {cat.name + " sat"} on {/* a mat */} it.', '{cat.name + " sat"}', '{/* a mat */}'],
        ['An <Icon.Open size={{ a: "the" }} /> icon', '<Icon.Open size={{ a: "the" }} />'],
        ['A heading {#the-cat}', '{#the-cat}'],
        ['The end.'],
      ],
    );
  });

  test('fenced code in a comment stays', () => {
    const comment =
      '/**\n * Opens it.\n *\n * ```ts\n * open(the file);\n * ```\n * Then reads.\n */';
    assert.deepEqual(wordsOfLines(comment, 'plain'), ['Opens it.', 'Then reads.']);
  });

  test('a summary reads the words of links, and code and addresses as they are', () => {
    const text =
      'See **[the guide](https://a.b)** and `x`.[^1]\n\n![no](a.png)\n\n```\nnone\n```\n';
    const prose = ExtractedText.of({ text, format: 'markdown' });
    assert.equal(prose.text, 'See the guide and `x`.');
  });

  const signs: [source: string, result: string, missing: string[], added: string[]][] = [
    ['the sum = all | none', '总和所有', ['=', '|'], []],
    ['an [optional] file', '可选文件', ['[', ']'], []],
    ['the file', '文件 > <', [], ['>', '<']],
    ['a [file] > `a > b` = all', '文件 [全部] > `a > b` = 所有', [], []],
    ['**Yes**, and/or "no" (A & B): 50%!', '**是**，和/或“否”（甲 & 乙）：50％！', [], []],
    ['Save & close: A/B.', '保存并关闭：A/B。', ['&'], []],
    ['R&D at 100 % and/or at 50%', '研发在 100% 和或在 50', ['R&D', '50%', '/'], ['50']],
    ['TCP/IP of {0} % or N/A', 'TCP 的 {0} 或无', ['TCP/IP', 'N/A', '%'], []],
    ['Cannot open "%s": no ("file").', '打不开“%s”：没有（“文件”）。', [], []],
    ['{"key": open("it")}', '{“键”：打开“它”}', ['"', '("'], []],
    ['Read/write it.', '读写/它/。', [], ['/']],
    ['E001 in UTF-8 at H2', 'E01 在 UTF-8', ['E001', 'H2'], ['E01']],
    ['as YYYY-MM-DD hh:mm', '如 YYYY-M-DDD hh:mm', ['YYYY-MM-DD'], ['YYYY']],
  ];
  for (const [text, result, missing, added] of signs) {
    test(`signs and figures: ${text} → ${result}`, () => {
      const part = { source: { start: 0, end: text.length }, text: result, tokens: [] };
      const answer = {
        ...{ text: result, parts: [part], stop: 'end' as const },
        ...{ sampled: false, timing: NO_TIME, warnings: [], unsure: [] },
      };
      const found = withLostPieces({ text, format: 'markdown' }, answer).warnings.map((warning) =>
        warning.kind === 'pieces'
          ? { missing: warning.missing.toSorted(), added: warning.added.toSorted() }
          : warning,
      );
      assert.deepEqual(
        found,
        missing.length + added.length === 0
          ? []
          : [{ missing: missing.toSorted(), added: added.toSorted() }],
      );
    });
  }

  test('hostile nesting takes no long time', () => {
    for (const text of [
      '[',
      '**a ',
      '> ',
      '<b>',
      '- ',
      '`',
      '![](',
      '{{',
      '*_',
      '$a',
      '[[a',
      '\\(',
      'a=',
      '~a',
      '<0>',
      '<code>',
      ':::\n',
      '$$\n',
      '{a,',
      '<A b={',
      '{',
    ].map((one) => one.repeat(5_000))) {
      piecesOf(text, 'markdown');
      piecesOf(text, 'plain');
      piecesOf(text, 'mdx');
    }
  });
});

suite('engine/textToText/markup: a sentence around its marks', () => {
  /** Translates with a dictionary of whole texts. */
  async function around(
    text: string,
    dictionary: Record<string, string>,
  ): ReturnType<typeof generateWithMarkup> {
    const range = { start: 0, end: text.length };
    const { marks } = readMarkup(text, 'markdown');
    const { within } = withoutOuterMarks(text, range, marksIn(marks, range));
    return generateWithMarkup(
      [
        templateOf(text, range, within),
        templateOf(text, range, withNumberMarks(text, range, within)),
      ],
      {
        write: (words): Promise<GeneratedPart> =>
          Promise.resolve({ text: dictionary[words] ?? words, tokens: [], stop: 'end' }),
        canRead: () => true,
        keepsMarks: (source, result) => {
          const { missing, added } = compareSentences(source, result, 'markdown');
          return missing.length + added.length === 0;
        },
      },
    );
  }

  test('code and placeholders go where the model puts their stand-ins', async () => {
    const { text, kept } = await around('Use `a` before %s.', {
      'Use {0} before {1}.': '在 {1} 前用 {0}。',
    });
    assert.deepEqual([text, kept], ['在 %s 前用 `a`。', 'whole']);
  });

  test('a link’s words are found in the sentence', async () => {
    const { text } = await around('See [the guide](x.md) now.', {
      'See the guide now.': '现在看指南。',
      'the guide': '指南。',
    });
    assert.equal(text, '现在看[指南](x.md)。');
  });

  test('words that are not found by themselves are found by leaving them out', async () => {
    const { text } = await around('This is **not** a file.', {
      'This is not a file.': '这不是文件。',
      'This is a file.': '这是文件。',
      not: '否',
    });
    assert.equal(text, '这**不**是文件。');
  });

  test('else the link as a whole gets a stand-in', async () => {
    const { text, kept } = await around('See [the guide](x.md) now.', {
      'See the guide now.': '现在看手册。',
      'See now.': '看吧',
      'the guide': '指南',
      'See {0} now.': '现在看 {0}。',
    });
    assert.deepEqual([text, kept], ['现在看 [指南](x.md)。', 'whole']);
  });

  test('a model without braces gets names', async () => {
    const { text, kept } = await around('Use `a` now.', {
      'Use {0} now.': '用',
      'Use X0 now.': '现在用 X0。',
    });
    assert.deepEqual([text, kept], ['现在用 `a`。', 'whole']);
  });

  test('what the model loses is put back, and that is said', async () => {
    const lost = { 'Use {0} now.': '用', 'Use X0 now.': '用 X0 X0', Use: '用。', 'now.': '现在。' };
    const { text, kept } = await around('Use `a` now.', lost);
    assert.deepEqual([text, kept], ['用 `a` 现在。', 'apart']);
    const spoilt = await around('Use `a` now.', { ...lost, Use: '`' });
    assert.deepEqual([spoilt.text, spoilt.kept], ['Use `a` now.', 'untranslated']);
  });

  test('a number that the model spoils gets a stand-in', async () => {
    const dictionary = {
      'Wait 5s or 1,000 times.': '等待 5 秒或 1 次。',
      'Wait {0} or {1} times.': '等待 {0} 或 {1} 次。',
      'Wait 5s.': '等待 5 秒。',
    };
    const spoilt = await around('Wait 5s or 1,000 times.', dictionary);
    assert.deepEqual([spoilt.text, spoilt.kept], ['等待 5s 或 1,000 次。', 'whole']);
    assert.equal((await around('Wait 5s.', dictionary)).text, '等待 5 秒。');
  });

  test('numbers are compared as they are written, in any width and with any decimal mark', () => {
    const compare = (source: string, result: string): unknown =>
      compareSentences(source, result, 'plain');
    const same = { missing: [], added: [] };
    assert.deepEqual(compare('at 4.50 in 5s', '4,50 在 ５ 秒'), same);
    assert.deepEqual(compare('at 4.50', '450'), { missing: ['4.50'], added: ['450'] });
    assert.deepEqual(compare('0x1F, 10:30', '0x1 10:3'), {
      missing: ['0x1F', '10:30'],
      added: ['0x1', '10:3'],
    });
    assert.deepEqual(compare('on 2024-01-02', '2024-01-2'), {
      missing: ['2024-01-02'],
      added: ['2024', '01', '2'],
    });
    // A fraction is one number, also in the form that normalization (NFKC) gives it.
    assert.deepEqual(compare('add ½ or 1½', '加 ½ 或 1\u20442 或 1½'), {
      missing: [],
      added: ['1\u20442'],
    });
    assert.deepEqual(compare('add ½ or 1½', '加 11\u20442 或 1\u20442'), same);
    assert.deepEqual(compare('add ½', '加 ¼'), { missing: ['½'], added: ['¼'] });
    assert.deepEqual(compare('add 1½', '加 1'), { missing: ['1½'], added: ['1'] });
  });

  test('a percent sign and a name with digits get stand-ins', async () => {
    const dictionary = {
      'At 50 % of E001.': '在 E01 的 50。',
      'At {0} of {1}.': '在 {1} 的 {0}。',
      'It is {0} % full.': '满 {0}。',
      'It is X0 % full.': '满 X0。',
      'It is {0} {1} full.': '满 {0} {1}。',
    };
    const spoilt = await around('At 50 % of E001.', dictionary);
    assert.deepEqual([spoilt.text, spoilt.kept], ['在 E001 的 50 %。', 'whole']);
    const behind = await around('It is {x} % full.', dictionary);
    assert.deepEqual([behind.text, behind.kept], ['满 {x} %。', 'whole']);
    const same = await around('At 50 % of it.', { 'At 50 % of it.': '50% 的时间。' });
    assert.deepEqual([same.text, same.kept], ['50% 的时间。', 'whole']);
  });

  test('where the model loses stand-ins, clauses that have fewer are read apart', async () => {
    const dictionary = {
      'It is in {0}, and {1} has more.': '它在 {0}，更多。',
      'It is in X0, and X1 has more.': '它在 X0，更多。',
      'It is in {0},': '它在 {0} 中。',
      'and {0} has more.': '{0} 有更多。',
    };
    const text = 'It is in `a`, and `b` has more.';
    const found = await around(text, dictionary);
    assert.deepEqual([found.text, found.kept], ['它在 `a` 中, `b` 有更多。', 'whole']);
    const lost = { ...dictionary, 'and {0} has more.': '更多', 'and X0 has more.': '更多' };
    const apart = await around(text, { ...lost, and: '和', 'has more.': '有更多。' });
    assert.deepEqual([apart.text, apart.kept], ['它在 `a` 中, 和 `b` 有更多。', 'apart']);
  });

  test('a link within emphasis is found as its words are', async () => {
    const { text, kept } = await around('See **[the guide](x.md)** now.', {
      'See the guide now.': '现在看指南。',
      'the guide': '指南',
    });
    assert.deepEqual([text, kept], ['现在看 **[指南](x.md)**。', 'whole']);
  });

  test('a number that the model loses even so is put back, and that is said', async () => {
    const dictionary = {
      'Costs 4.50 now.': '现在 450。',
      'Costs {0} now.': '现在',
      'Costs X0 now.': '现在',
      Costs: '价格',
    };
    const { text, kept } = await around('Costs 4.50 now.', { ...dictionary, 'now.': '现在。' });
    assert.deepEqual([text, kept], ['价格 4.50 现在。', 'apart']);
  });

  test('spaces keep addresses and emphasis what they are', async () => {
    const address = await around('Open https://a.b/c now.', { 'Open {0} now.': '打开{0}吧。' });
    assert.equal(address.text, '打开 https://a.b/c 吧。');
    const emphasis = await around('The _file_ is here.', {
      'The file is here.': '这文件在这里。',
      file: '文件',
    });
    assert.equal(emphasis.text, '这 _文件_ 在这里。');
    assert.equal(emphasis.kept, 'whole');
  });
});

suite('engine/textToText/markup: random documents', () => {
  test('keep every piece through a model that writes nonsense, or say which not', async function () {
    this.timeout(60_000);
    const { engine } = listen();
    const model = { folder: tinySeq2seq('marian') };
    for (let seed = 1; seed <= 40; seed++) {
      const { text, pieces } = randomMarkdown(seededRandom(seed));
      const answer = await engine.translate(
        { model, text, format: 'markdown', options: { maxNewTokens: 6 } },
        context(),
      );
      const flagged = answer.warnings.some(({ kind }) => kind === 'pieces');
      for (const piece of pieces) {
        // Each is there once, since it has a number of its own.
        assert.equal(text.split(piece).length, 2, `${seed}: ${piece}`);
        assert.ok(
          flagged || answer.text.split(piece).length === 2,
          `${seed}: ${piece}\n${answer.text}`,
        );
      }
      // What stands around the parts is copied byte by byte.
      let from = 0;
      let at = 0;
      for (const part of answer.parts) {
        const between = text.slice(from, part.source.start);
        assert.equal(answer.text.slice(at, at + between.length), between, `${seed}`);
        at += between.length;
        assert.equal(answer.text.slice(at, at + part.text.length), part.text);
        at += part.text.length;
        from = part.source.end;
      }
      assert.equal(answer.text.slice(at), text.slice(from));
    }
  });
});

/** The words of each line that has some. */
function wordsOfLines(text: string, format: TextFormat): string[] {
  return readMarkup(text, format)
    .lines.map(({ words }) => text.slice(words.start, words.end))
    .filter((words) => words !== '');
}
