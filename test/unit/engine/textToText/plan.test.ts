import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { splitToFit } from '../../../../src/engine/textToText/splitToFit';
import { TokenBudget } from '../../../../src/engine/textToText/tokenBudget';
import { readLines } from '../../../../src/engine/textToText/lines';
import { ExtractedText } from '../../../../src/engine/textToText/extractedText';
import { splitSentences } from '../../../../src/engine/textToText/sentences';
import { planSummary } from '../../../../src/engine/tasks/summarize';
import { createTokenizer, type Tokenizer } from '../../../../src/tokenizer/tokenizer';
import { CHARACTER_TOKENIZER } from '../../../support/engine/characterTokenizer';
import { root } from '../../../support/root';

suite('engine/textToText: lines', () => {
  const lines: [line: string, words: string, item?: boolean][] = [
    ['  indented words', 'indented words'],
    ['\t// a comment  ', 'a comment'],
    ['//without a space', 'without a space'],
    ['/// <doc>', '<doc>'],
    ['/** begins. */', 'begins.'],
    [' * goes on', 'goes on'],
    [' */', ''],
    ['# a comment', 'a comment'],
    ['### A heading', 'A heading'],
    ['-- SQL', 'SQL'],
    [';; Lisp', 'Lisp'],
    ['<!-- HTML -->', 'HTML'],
    ['"""Python."""', 'Python.'],
    ['> > quoted', 'quoted'],
    ['- item', 'item', true],
    ['// 12. item', 'item', true],
    ['+ [x] done', 'done', true],
    ['| cell | cell |', 'cell | cell'],
    ['-v says more', '-v says more'],
    ['**Bold** text', '**Bold** text'],
    ['/usr/bin is a folder', '/usr/bin is a folder'],
    ['3 files', '3 files'],
    ['“Quoted.”', '“Quoted.”'],
    ['------', ''],
    ['42', ''],
    ['', ''],
    ['　打开文件。', '打开文件。'],
  ];
  for (const [line, wanted, item = false] of lines) {
    test(`${JSON.stringify(line)}: ${JSON.stringify(wanted)}`, () => {
      const text = `first\r\n${line}\nlast`;
      const found = readLines(text)[1];
      assert.ok(found);
      assert.equal(text.slice(found.words.start, found.words.end), wanted);
      assert.equal(found.item, item);
    });
  }

  test('long runs of white space and marks take no long time', () => {
    for (const filler of [' ', '#', '- ', '\t/* ']) {
      assert.equal(readLines(`${filler.repeat(50_000)}.`).length, 2);
    }
  });
});

suite('engine/textToText: sentences', () => {
  const texts: string[][] = [
    ['It opens.', 'It closes!', 'Does it?', 'Yes.'],
    ['Use e.g. Foo or i.e. Bar vs. Baz.', 'See Fig. 5 and No. 7.', 'Next.'],
    ['Open config.json and v1.2.3.', 'See https://a.b/c?d=e and x!=y.'],
    ['J. Smith and Dr. Who wrote it.', 'We read it.'],
    ['Run `npm i. Then` twice.', 'Stop.'],
    ['He said “Stop.”', 'She did (at once).', '(They did not.)'],
    ['Files, folders, etc.', 'All of them.'],
    ['Say “Who is it?” before you open (now!) and wait.', 'Ask “Who?”', 'Then wait.'],
    ['Wait... and see.', 'One sentence without an end'],
  ];
  for (const sentences of texts) {
    test(sentences.join(' | '), () => {
      const text = `>> ${sentences.join(' ')} <<`;
      const range = { start: 3, end: text.length - 3 };
      const found = splitSentences(text, range, 'en');
      assert.deepEqual(
        found.map(({ start, end }) => text.slice(start, end)),
        sentences,
      );
    });
  }

  test('of Chinese, without spaces', () => {
    const sentences = ['打开文件。', '关闭“窗口！”', '真的吗？', '是的'];
    const text = sentences.join('');
    const found = splitSentences(text, { start: 0, end: text.length }, 'zh');
    assert.deepEqual(
      found.map(({ start, end }) => text.slice(start, end)),
      sentences,
    );
  });

  test('longer than what is looked at once, with or without full stops', () => {
    const ends = 'It opens. '.repeat(2000);
    assert.equal(splitSentences(ends, { start: 0, end: ends.length }, 'en').length, 2000);
    const long = `${'word '.repeat(3000)}ends. Next.`;
    assert.equal(splitSentences(long, { start: 0, end: long.length }, 'en').length, 2);
  });

  test('a file without spaces takes no long time', () => {
    const code = 'if(a!=b){c?d:`e.f()`};'.repeat(10_000);
    assert.equal(splitSentences(code, { start: 0, end: code.length }, 'en').length, 1);
  });
});

suite('engine/textToText: what fits', () => {
  const tokenizer = createTokenizer(
    JSON.parse(readFileSync(path.join(root, 'test/fixtures/seq2seq/t5/tokenizer.json'), 'utf8')),
    undefined,
  );

  /** Texts of the pieces that a model with so small a context reads. */
  function pieces(text: string, context: number, prefix = ''): [string[], boolean] {
    const budget = new TokenBudget(tokenizer, prefix, context);
    const around = `( ${text} )`;
    const range = { start: 2, end: 2 + text.length };
    const { pieces, truncation } = splitToFit(around, range, budget);
    const found = pieces.map(({ start, end }) => around.slice(start, end));
    assert.ok(found.every((piece) => piece !== '' && budget.fits(piece)));
    return [found, truncation !== undefined];
  }

  /** The same tokenizer, which counts the characters that it is given. */
  function countingTokenizer(): { counting: Tokenizer; charactersRead: () => number } {
    let read = 0;
    const counting: Tokenizer = {
      ...tokenizer,
      encode: (text, options) => {
        read += text.length;
        return tokenizer.encode(text, options);
      },
    };
    return { counting, charactersRead: () => read };
  }

  test('stays whole', () => {
    assert.deepEqual(pieces('the cat, the dog', 20), [['the cat, the dog'], false]);
  });

  test('is cut behind the last clause that fits, at every length', () => {
    const clauses = ['the cat sat,', 'the dog sang;', 'then', 'it is.'];
    for (const context of [7, 8, 9, 12, 15]) {
      const [found, cut] = pieces(clauses.join(' '), context);
      assert.equal(found.join(' '), clauses.join(' '));
      assert.ok(found.slice(0, -1).every((piece) => /[,;]$/.test(piece)));
      assert.equal(cut, false);
    }
  });

  test('is cut between words, and that is said; a prefix takes its room', () => {
    const text = 'the cat sat on the mat and the dog sang';
    const [found, cut] = pieces(text, 6);
    assert.equal(found.join(' '), text);
    assert.equal(cut, true);
    const [more] = pieces(text, 6, 'open ');
    assert.ok(more.length > found.length);
  });

  test('is cut between tokens where there are no words', () => {
    const [found, cut] = pieces('qxqxqxqxqxqxqx', 5);
    assert.equal(found.join(''), 'qxqxqxqxqxqxqx');
    assert.equal(cut, true);
  });

  test('letters keep their accents, and emoji their skin colour', () => {
    const characters = ['e\u0301\u0323', '\u{1f44d}\u{1f3fd}', 'x'];
    const text = characters.join('').repeat(5);
    for (const context of [1, 2, 3, 4, 5]) {
      const budget = new TokenBudget(CHARACTER_TOKENIZER, '', context);
      const { pieces } = splitToFit(text, { start: 0, end: text.length }, budget);
      assert.equal(pieces.map(({ start, end }) => text.slice(start, end)).join(''), text);
      for (const { start, end } of pieces) {
        const whole = text.slice(start, end);
        assert.equal(
          characters.reduce((rest, one) => rest.replaceAll(one, ''), whole),
          '',
        );
      }
    }
  });

  test('a long text is not read from where it was cut to its end each time', () => {
    const { counting, charactersRead } = countingTokenizer();
    const text = 'qxqxqxqxqxqxqxqxqxqx'.repeat(500);
    const budget = new TokenBudget(counting, '', 50);
    const { pieces } = splitToFit(text, { start: 0, end: text.length }, budget);
    assert.ok(pieces.length > 100);
    assert.ok(charactersRead() < 8 * text.length, `${charactersRead()} characters read`);
  });

  test('a summary’s parts are not read anew for each sentence that they take in', () => {
    const { counting, charactersRead } = countingTokenizer();
    const text = 'The cat sat. '.repeat(1000).trim();
    const { parts } = planSummary(
      { text, format: 'plain' },
      new TokenBudget(counting, '', 250),
      'en',
    );
    assert.ok(parts.length > 10 && parts.length < 100);
    assert.ok(parts.every((part) => new TokenBudget(tokenizer, '', 250).fits(part.text)));
    assert.ok(charactersRead() < 6 * text.length, `${charactersRead() / text.length} times`);
  });

  test('white space between what a summary’s part takes in takes room too', () => {
    const text = new Array(10).fill('the cat').join(' '.repeat(60));
    const budget = new TokenBudget(tokenizer, '', 50);
    const { parts } = planSummary({ text, format: 'plain' }, budget, 'en');
    assert.ok(parts.length > 1);
    assert.ok(parts.every((part) => budget.fits(part.text)));
  });

  test('a context that has no room for anything makes an end nevertheless', () => {
    const budget = new TokenBudget(tokenizer, '', 1);
    const { pieces } = splitToFit('the cat sat', { start: 0, end: 11 }, budget);
    assert.deepEqual(
      pieces.map(({ start, end }) => 'the cat sat'.slice(start, end)),
      ['the', 'cat', 'sat'],
    );
  });
});

suite('engine/textToText: extracted text', () => {
  test('joins lines, keeps paragraphs and items apart, and knows where all of it stands', () => {
    const source =
      '/**\n * Opens the\n * file.\n *\n * - one\n *   more\n * - two\n */\n打开\n文件\n';
    const prose = ExtractedText.of({ text: source, format: 'plain' });
    const paragraphs = prose.paragraphs.map(({ start, end }) => prose.text.slice(start, end));
    assert.deepEqual(paragraphs, ['Opens the file.', 'one more', 'two', '打开文件']);
    const places = prose.paragraphs.map((range) => {
      const { start, end } = prose.sourceOf(range);
      return source.slice(start, end);
    });
    assert.deepEqual(places, ['Opens the\n * file.', 'one\n *   more', 'two', '打开\n文件']);
    assert.equal(prose.text, 'Opens the file. one more two 打开文件');
  });

  test('a text of many lines takes no long time', () => {
    const prose = ExtractedText.of({
      text: 'one line of twenty-five\n'.repeat(20_000),
      format: 'plain',
    });
    assert.equal(prose.paragraphs.length, 1);
  });
});
