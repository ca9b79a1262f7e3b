import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { endsInCode } from '../../../../src/engine/warnings/code';
import { repeatsItself } from '../../../../src/engine/warnings/repetition';
import {
  hasSameLanguage,
  isInTarget,
  sameLanguage,
  writesSpaces,
} from '../../../../src/engine/warnings/scripts';
import {
  isOddlyTokenized,
  isSurprisingInput,
  isUnsureOutput,
} from '../../../../src/engine/warnings/outOfDomain';
import { unknownCharacters } from '../../../../src/engine/warnings/unknownCharacters';
import type { GeneratedToken } from '../../../../src/shared/generation';
import { createTokenizer, type Tokenizer } from '../../../../src/tokenizer/tokenizer';
import { root } from '../../../support/root';

/** A token for each word of a text. */
function generated(text: string, logprob = -1): GeneratedToken[] {
  const words = text.split(/(?=\s)/);
  return words.map((word) => ({ id: words.indexOf(word), text: word, logprob }));
}

suite('engine/warnings: repetition', () => {
  const repeated = [
    ' the the the',
    ' a b a b a b',
    ' so it goes on and goes on and goes on and',
    ' one two three four five six seven eight'.repeat(3),
    ['x', 'y', 'z'].map((between) => ` q w e r t y u i o p a s d f g h ${between}`).join(''),
  ];
  for (const text of repeated) {
    test(`found: ${text}`, () => assert.ok(repeatsItself(generated(text))));
  }

  const sound = [
    '',
    ' the',
    ' very very good',
    ' = = = = = =',
    ' ='.repeat(24),
    ' a b a b c',
    ' it is what it is',
  ];
  for (const text of sound) {
    test(`none: ${text}`, () => assert.ok(!repeatsItself(generated(text))));
  }
});

suite('engine/warnings: languages', () => {
  const toChinese = { source: 'en', target: 'zh' };
  const cases: [source: string, result: string, languages: typeof toChinese, same: boolean][] = [
    ['Open the file.', '打开文件。', toChinese, false],
    ['Install the TypeScript compiler.', '安装 TypeScript 编译器。', toChinese, false],
    ['Open the file.', 'Open the file.', toChinese, true],
    ['打开文件。', '打开文件。', toChinese, true],
    ['打开文件。', 'Open.', toChinese, true],
    ['Open the file.', '', toChinese, false],
    ['打开文件。', 'Open the file.', { source: 'zh', target: 'en' }, false],
    ['打开文件。', '打开文件。', { source: 'zh', target: 'en' }, true],
    ['Open the file.', 'Öffnen Sie die Datei.', { source: 'en', target: 'de' }, false],
    ['Open the file.', ' Open the file. ', { source: 'en', target: 'de' }, true],
    ['OK', 'OK', { source: 'en', target: 'de' }, false],
    ['Open the file.', 'Откройте файл.', { source: 'en', target: 'ru-RU' }, false],
    ['打开文件。', 'ファイルを開く。', { source: 'zh', target: 'ja' }, false],
  ];
  for (const [source, result, languages, same] of cases) {
    test(`${languages.source} → ${languages.target}: ${source} → ${result}`, () => {
      assert.equal(sameLanguage({ source, result }, languages), same);
    });
  }

  const toEnglish = { source: 'zh', target: 'en' };
  const inTarget: [text: string, languages: typeof toChinese, is: boolean][] = [
    ['打开 README 文件。', toChinese, true],
    ['使用 Transformer 模型的注意力头', toChinese, true],
    ['在 VS Code 中打开 Visual Studio Code 扩展。', toChinese, true],
    ['运行“Trace Attention in This Text”命令。', toChinese, true],
    ['The word 文件 means file.', toChinese, false],
    ['Press the 打开 button.', toChinese, false],
    ['Press “打开文件夹”.', toChinese, false],
    ["It's in '打开文件夹和设置'.", toChinese, false],
    ['打开 the cat。', toChinese, false],
    ['“打开文件夹”', toChinese, true],
    ['API', toChinese, false],
    // A word of another script than Latin letters is no name.
    ['打开 файл 文件。', { source: 'ru', target: 'zh' }, false],
    ['打开 API 文件。', { source: 'ru', target: 'zh' }, true],
    ['Open the file.', toEnglish, true],
    ['Open the 文件 now.', toEnglish, false],
    ['Open the file.', { source: 'de', target: 'en' }, false],
  ];
  for (const [text, languages, is] of inTarget) {
    test(`${languages.source} → ${languages.target}: ${text} ${is ? 'stays' : 'is translated'}`, () => {
      assert.equal(isInTarget(text, languages), is);
    });
  }

  test('a word quoted in its sentence does not make a translation one of the source’s language', () => {
    const source = 'Press “打开文件夹和设置”.';
    assert.equal(sameLanguage({ source, result: '按“打开文件夹和设置”。' }, toChinese), false);
  });

  test('one sentence left as it is is noticed, one name is not', () => {
    const good = { source: 'Open the file.', result: '打开文件。' };
    const name = { source: 'API', result: 'API' };
    const left = { source: 'Close all files.', result: 'Close all files.' };
    assert.equal(hasSameLanguage([name, good, good], toChinese), false);
    assert.equal(hasSameLanguage([good, good, left], toChinese), true);
    assert.equal(hasSameLanguage([name, name], toChinese), true, 'nothing was translated');
    assert.equal(hasSameLanguage([{ ...good, result: '' }], toChinese), false);
  });

  test('which languages put spaces between sentences', () => {
    assert.deepEqual(['en', 'zh', 'zh-Hant', 'ja', 'ko', 'th'].map(writesSpaces), [
      true,
      false,
      false,
      false,
      true,
      false,
    ]);
  });
});

suite('engine/warnings: unknown characters', () => {
  const read = (name: string): Tokenizer =>
    createTokenizer(
      JSON.parse(readFileSync(path.join(root, 'test/fixtures', name, 'tokenizer.json'), 'utf8')),
      undefined,
    );
  const warning = (tokenizer: Tokenizer, text: string) =>
    unknownCharacters(tokenizer, text, tokenizer.encode(text, { addSpecialTokens: true }));

  test('are named by frequency, with their share of what is visible', () => {
    assert.deepEqual(warning(read('seq2seq/t5'), 'a ♥ b 🙂🙂 c'), {
      kind: 'unknownCharacters',
      characters: ['🙂', '♥'],
      share: 0.5,
    });
  });

  test('of a part of a text that was read, with their share of that part', () => {
    const tokenizer = read('seq2seq/t5');
    const text = 'the cat sat on the mat ♥ ♥ a b';
    const part = tokenizer
      .encode(text, { addSpecialTokens: true })
      .filter(({ start }) => start >= text.indexOf('♥ a'));
    const found = unknownCharacters(tokenizer, text, part);
    assert.deepEqual(found, { kind: 'unknownCharacters', characters: ['♥'], share: 1 / 3 });
  });

  test('of a word that is unknown as a whole, only the characters that are', () => {
    const found = warning(read('seq2seq/bert'), 'the c♥t');
    assert.deepEqual(found, { kind: 'unknownCharacters', characters: ['♥'], share: 1 / 6 });
  });

  test('are none in a text that is known, an empty one, or where bytes stand in', () => {
    assert.equal(warning(read('seq2seq/t5'), 'the cat sat'), undefined);
    assert.equal(warning(read('seq2seq/t5'), ' \n'), undefined);
    assert.equal(warning(read('engine/llama'), 'cat'), undefined);
  });
});

suite('engine/warnings: unfamiliar texts', () => {
  const domain = { name: 'cats', minimumLogprob: -2, minimumCharactersPerToken: 2 };

  test('by what a model thinks of its own words', () => {
    assert.equal(isUnsureOutput(domain, generated(' a b c', -2.1)), true);
    assert.equal(isUnsureOutput(domain, generated(' a b c', -1.9)), false);
    assert.equal(isUnsureOutput(domain, []), false);
    assert.equal(isUnsureOutput({ name: 'cats' }, generated(' a b c', -9)), false);
  });

  test('by the characters of a token, of eight tokens or more', () => {
    const tokens = (count: number, length: number) => [
      { id: 0, text: '<s>', piece: '<s>', special: true, start: 0, end: 0 },
      ...Array.from({ length: count }, (_, i) => ({
        ...{ id: 1, text: '', piece: '', special: false },
        ...{ start: i * length, end: (i + 1) * length },
      })),
    ];
    assert.equal(isOddlyTokenized(domain, tokens(8, 1)), true);
    assert.equal(isOddlyTokenized(domain, tokens(8, 2)), false);
    assert.equal(isOddlyTokenized(domain, tokens(7, 1)), false);
    assert.equal(isOddlyTokenized({ name: 'cats' }, tokens(8, 1)), false);
  });

  test('by how a model rates what it reads, where it returns every row', () => {
    const ids = Array.from({ length: 17 }, (_, i) => i % 3);
    const logits = (height: number, rows = ids.length) => {
      const data = new Float32Array(rows * 3);
      for (let row = 0; row < rows; row++) {
        data[row * 3 + ((row + 1) % 3)] = height;
      }
      return { type: 'float32' as const, data, dims: [1, rows, 3] };
    };
    assert.equal(isSurprisingInput(domain, ids, logits(5)), false, 'it expected each token');
    assert.equal(isSurprisingInput(domain, ids, logits(-5)), true, 'it expected any other');
    assert.equal(
      isSurprisingInput(domain, ids, logits(-5, 1)),
      false,
      'it gave the last row alone',
    );
    assert.equal(
      isSurprisingInput(domain, ids.slice(0, 16), logits(-5, 16)),
      false,
      'too short to tell',
    );
    assert.equal(isSurprisingInput({ name: 'cats' }, ids, logits(-5)), false);
    assert.equal(isSurprisingInput(domain, ids, undefined), false);
  });
});

suite('engine/warnings: code', () => {
  for (const text of [
    'def add(a, b):',
    'async def read(path) -> str:',
    'function add(a, b) {',
    'public static void main(String[] args) {',
    'fn main()',
    'class Queue(Base):',
    'const x = require("fs");',
    'from os import path',
    '#include <stdio.h>',
    'if (x > 3)',
    'result = compute(',
    'Adds two numbers:\n\n    return a + b;\n',
    'if (done) {\n  stop();\n}\n\n',
  ]) {
    test(`is ${JSON.stringify(text)}`, () => assert.equal(endsInCode(text), true));
  }

  for (const text of [
    '',
    'The server starts',
    'def add(a, b):\n\nThis function adds two numbers.',
    'Use the following function(s):',
    'If the file exists (see below):',
    'Licensed under the Apache License, Version 2.0 (the "License");',
    '- Check for own property;',
    'All hazards are avoided by setting `{',
    'Let the client = the program that asks',
    'Hello {name}',
    'for each class of the model:',
    'import the settings',
  ]) {
    test(`is not ${JSON.stringify(text)}`, () => assert.equal(endsInCode(text), false));
  }
});
