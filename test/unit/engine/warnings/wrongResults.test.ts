import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { nonExtractive } from '../../../../src/engine/warnings/nonExtractive';
import { stemOf, unmatchedWords, type Unmatched } from '../../../../src/engine/warnings/lostWords';
import { compareNames } from '../../../../src/engine/warnings/names';
import { negationChange } from '../../../../src/engine/warnings/negation';
import { repeatedWords } from '../../../../src/engine/warnings/repeatedWords';
import {
  unsureWords,
  wordLimits,
  type WordLimits,
} from '../../../../src/engine/warnings/unsureWords';
import {
  errorProbability,
  isLikelyWrong,
  totalLogprob,
} from '../../../../src/engine/warnings/errorProbability';

const toChinese = { source: 'en', target: 'zh' };

suite('engine/warnings: negation', () => {
  const cases: [source: string, result: string, change: 'lost' | 'added' | undefined][] = [
    ['The file is not open.', '文件已打开。', 'lost'],
    ['The file isn’t open.', '文件已打开。', 'lost'],
    ['It is deleted without warning.', '将删除它。', 'lost'],
    ['The file is open.', '文件未打开。', 'added'],
    ['Not here.', '否。', undefined],
    ['Do not stop.', '别停止。', undefined],
    ['The request was not accepted.', '请求被拒绝。', undefined],
    ['Whether the file is open', '文件是否打开', undefined],
    ['Two different files.', '两个不一样的文件。', undefined],
    ['A special class.', '特别的类别。', undefined],
    ['The file is not open.', '文件未打开。', undefined],
    ['The file is open.', '文件已打开。', undefined],
    // A denying prefix may become a negation, and need not.
    ['The value is invalid.', '值无效。', undefined],
    ['The file is unused.', '文件闲置。', undefined],
    ['The cache is empty unless it is filled.', '除非填充，否则缓存中没有内容。', undefined],
    // Characters that deny, in words that do not.
    ['Both files differ.', '两个文件不同。', undefined],
    ['A very large file.', '非常大的文件。', undefined],
    ['Not only files are kept.', '文件也会保留。', undefined],
    // The value of programs stays as it is; the word is translated.
    ['The function returns None.', '函数返回 None。', undefined],
    ['The value is None.', '值为None。', undefined],
    ['Set the option to none.', '将选项设置为 none。', undefined],
    ['None of the files is open.', '文件已打开。', 'lost'],
    ['None of the values is none.', '所有的值都是 none。', 'lost'],
    ['The value is not None.', '值为 None。', 'lost'],
    // A limit is said with a negation or without one, but not the other way round.
    ['Use no more than 10 characters.', '最多使用 10 个字符。', undefined],
    ['Use no more than 10 characters.', '使用不超过 10 个字符。', undefined],
    ['Use at most 10 characters.', '使用不超过 10 个字符。', undefined],
    ['Use up to 10 characters.', '使用不超过 10 个字符。', undefined],
    ['No more than five items can be selected.', '最多可以选择五个项。', undefined],
    ['The size must not exceed 10 MB.', '最大为 10 MB。', undefined],
    ['The size must not exceed 10 MB.', '大小不得超过 10 MB。', undefined],
    ['Do not select more than five items.', '最多选择五个项。', undefined],
    ['Send it no later than Friday.', '最迟在星期五发送。', undefined],
    ['Wait no longer than 10 seconds.', '最长等待 10 秒。', undefined],
    ['Use no less than two threads.', '至少使用两个线程。', undefined],
    ['Use no fewer than two threads.', '使用不少于两个线程。', undefined],
    ['Start no earlier than Friday.', '最早在星期五开始。', undefined],
    ['Use no more than 10 characters.', '使用多于 10 个字符。', 'lost'],
    ['Use no more than 10 characters.', '至少使用 10 个字符。', 'lost'],
    ['No more than five items are saved, and they are not sent.', '最多保存并发送五个项。', 'lost'],
    ['At most five items are saved and sent.', '不超过五个项被保存，未被发送。', 'added'],
  ];
  for (const [source, result, change] of cases) {
    test(`${source} → ${result}`, () => {
      assert.equal(negationChange(source, result, toChinese), change);
    });
  }

  test('of other languages nothing is known', () => {
    const result = 'Die Datei ist offen.';
    const languages = { source: 'en', target: 'de' };
    assert.equal(negationChange('The file is not open.', result, languages), undefined);
  });
});

suite('engine/warnings: names', () => {
  const cases: [source: string, result: string, missing: string[], added: string[]][] = [
    ['Open GitHub.', '打开 GitHub。', [], []],
    ['Open GitHub.', '打开代码托管。', ['GitHub'], []],
    [
      'Set verbatimModuleSyntax.',
      '设置 verbatModuleSyntax。',
      ['verbatimModuleSyntax'],
      ['verbatModuleSyntax'],
    ],
    ['The JSON files and their URLs', 'JSON 文件及其 URL', [], []],
    ['Read the CSV file.', '读取文件。', ['CSV'], []],
    ['Install Node.js on macOS.', '在 macOS 上安装 node.js。', [], []],
    ['Call read_file twice.', '调用两次 read。', ['read_file'], []],
    // Capitals of a beginning, or of everything, make no name.
    ['Open the File.', '打开文件。', [], []],
    ['WARNING: FILE LOST', '警告：文件丢失', [], []],
    ['Returns null.', '返回 null。', [], []],
    ['Returns nothing.', '返回 void。', [], ['void']],
    ['Files of 10MB, e.g. logs', '10 MB 的文件，例如日志', [], []],
  ];
  for (const [source, result, missing, added] of cases) {
    test(`${source} → ${result}`, () => {
      assert.deepEqual(compareNames(source, result), { missing, added });
    });
  }
});

suite('engine/warnings: words of capitals', () => {
  test('are no names where the translator knows them as words', () => {
    const known = new Map([['not', ['不']]]);
    const compared = (source: string) => compareNames(source, '请勿删除。', known).missing;
    assert.deepEqual(compared('Do NOT delete it.'), []);
    assert.deepEqual(compared('Do NOT delete CSV.'), ['CSV']);
  });
});

suite('engine/warnings: words without a counterpart', () => {
  const lexicon = new Map([
    ['file', ['文件']],
    ['fil', ['文件']],
    ['delet', ['删', '除']],
    ['the', []],
    ['warn', ['警告']],
  ]);
  const unmatched = (source: string, result: string): Unmatched =>
    unmatchedWords(source, result, lexicon);
  const lost = (source: string, result: string): string[] => unmatched(source, result).lost;

  test('one whose translations do not come out', () => {
    assert.deepEqual(lost('Deleting the files', '删除文件'), []);
    assert.deepEqual(lost('Deleting the files', '打开文件'), ['Deleting']);
    assert.deepEqual(lost('The warning, the warning', '文件'), ['warning']);
  });

  test('one that is not known is not lost, but had to be guessed', () => {
    assert.deepEqual(unmatched('the heartbeat file', '文件'), { lost: [], rare: ['heartbeat'] });
    assert.deepEqual(unmatched('Nobody deletes the file.', '删除文件'), {
      lost: [],
      rare: ['Nobody'],
    });
  });

  test('what is shortened counts as the word before it; whether it denies is looked at elsewhere', () => {
    assert.deepEqual(unmatched('The file’s warning isn’t here', '文件'), {
      lost: ['warning'],
      rare: ['here'],
    });
    assert.deepEqual(unmatched("the file's", '文件'), { lost: [], rare: [] });
  });

  test('words are whole: a part of a name, a path or a compound is none', () => {
    const none = { lost: [], rare: [] };
    for (const name of ['original/main', 'original.txt', 'warning-free', 'warning_x', 'warn4']) {
      assert.deepEqual(unmatched(`the file ${name}`, '文件'), none, name);
    }
  });

  test('not names that stay, nor parts of placeholders, options, paths and names', () => {
    assert.deepEqual(lost('Delete Docker files', '删除 Docker 文件'), []);
    assert.deepEqual(lost('the file {name} --help %s a/b x.y w3', '文件'), []);
  });

  test('stems', () => {
    assert.deepEqual(['files', 'deleted', 'deleting', 'copies', 'use', 'class'].map(stemOf), [
      'fil',
      'delet',
      'delet',
      'copy',
      'use',
      'clas',
    ]);
  });
});

suite('engine/warnings: words that a continuation says again', () => {
  const cases: [start: string, continuation: string, again: string[]][] = [
    ['A class is', ' a class of the class.', ['class', 'class']],
    ['The file is', ' opened by the program.', []],
    // The start’s own repetition is the user’s, and another sentence may speak of the same.
    ['The file of a file is', ' open.', []],
    ['The file is', ' open. The file is closed.', []],
    ['The parser', ' reads it\n- The parser stops.', []],
    ['It does not', ' do that which does not do that.', []],
  ];
  for (const [start, continuation, again] of cases) {
    test(start + continuation, () => assert.deepEqual(repeatedWords(start, continuation), again));
  }
});

suite('engine/warnings: how likely a result is wrong', () => {
  const wrong = { intercept: -1, weights: { logprob: -0.5, unmatchedWords: 2 }, limit: 0.5 };
  const signs = { logprob: -2, unmatchedWords: 0, negation: 1 };

  test('by hand', () => {
    // −1 + 0.5 · 2 = 0, and a sign without a weight does not count.
    assert.equal(errorProbability(signs, wrong), 0.5);
    // −1 + 0.5 · 2 + 2 = 2: 1 / (1 + e⁻²)
    const chance = errorProbability({ ...signs, unmatchedWords: 1 }, wrong);
    assert.ok(Math.abs(chance - 0.880797) < 1e-6);
    assert.equal(isLikelyWrong(signs, wrong), false, 'the limit itself is allowed');
    assert.equal(isLikelyWrong({ ...signs, logprob: -2.1 }, wrong), true);
  });

  test('the probability of all tokens together', () => {
    const tokens = [-0.5, -1.25].map((logprob) => ({ id: 0, text: '', logprob }));
    assert.equal(totalLogprob(tokens), -1.75);
    assert.equal(totalLogprob([]), 0);
  });
});

suite('engine/warnings: summaries that are no sentences of their text', () => {
  const text = 'Opens the file “a.txt” and reads it. It is closed at the end.';
  const cases: [summary: string, words: string[], sentences: string[]][] = [
    ['It is closed at the end.', [], []],
    ['opens the file a.txt and reads it', [], []],
    ['Opens the file.', [], ['Opens the file.']],
    ['It reads the file.', [], ['It reads the file.']],
    ['Deletes the file. It is closed at the end.', ['Deletes'], []],
    // A word with another ending is no new word, but may say something else.
    ['Open the file “a.txt” and read it.', [], ['Open the file “a.txt” and read it.']],
    ['Its files are closed.', ['Its', 'are'], []],
    ['Opens a.txts.', ['a.txts'], []],
    ['Note the file.', ['Note'], []],
    ['', [], []],
  ];
  test('short words with an ending and without', () => {
    const pairs = [
      ['Set', 'Sets'],
      ['Use', 'Uses'],
      ['File', 'Files'],
      ['Copy', 'Copies'],
      ['Remove', 'Removed'],
    ] as const;
    for (const [one, other] of pairs) {
      assert.deepEqual(nonExtractive(`${one} it.`, `${other} it.`, 'en').words, [], other);
      assert.deepEqual(nonExtractive(`${other} it.`, `${one} it.`, 'en').words, [], one);
    }
    assert.deepEqual(nonExtractive('It is not open.', 'Note its end.', 'en').words, [
      'Note',
      'its',
      'end',
    ]);
  });

  for (const [summary, words, sentences] of cases) {
    test(summary, () => assert.deepEqual(nonExtractive(text, summary, 'en'), { words, sentences }));
  }
});

suite('engine/warnings: words that a model was unsure of', () => {
  const token = (text: string, probability: number) => ({
    id: 0,
    text,
    logprob: Math.log(probability),
  });

  const both = (limit: number) => ({ first: limit, later: limit });

  test('by the product of the tokens that have letters of them', () => {
    const tokens = [token(' un', 0.5), token('sure', 0.5), token(' words', 0.9), token('.', 0.1)];
    const [word, ...others] = unsureWords('unsure words.', tokens, 'en', both(0.3));
    assert.deepEqual([word?.start, word?.end, others], [0, 6, []]);
    assert.ok(Math.abs((word?.probability ?? 0) - 0.25) < 1e-12);
    assert.deepEqual(unsureWords('unsure words.', tokens, 'en', both(0.2)), []);
  });

  test('in Chinese, which has no spaces', () => {
    const tokens = [token('打开', 0.9), token('文件', 0.1), token('。', 0.9)];
    const found = unsureWords('打开文件。', tokens, 'zh', both(0.5));
    assert.deepEqual(
      found.map(({ start, end }) => [start, end]),
      [[2, 4]],
    );
  });

  test('what a text begins with has a limit of its own', () => {
    const tokens = [token('a', 0.1), token(' b', 0.1)];
    const starts = (limits: WordLimits): number[] =>
      unsureWords('a b', tokens, 'en', limits).map(({ start }) => start);
    assert.deepEqual(starts({ first: 0.05, later: 0.5 }), [2]);
    assert.deepEqual(starts({ first: 0.5, later: 0.05 }), [0]);
    assert.deepEqual(wordLimits({ name: 'x', minimumWordProbability: 0.2 }), both(0.2));
    assert.equal(wordLimits({ name: 'x' }), undefined);
  });

  test('a text that ends before its tokens, and one that is not what they say', () => {
    const tokens = [token(' a', 0.1), token(' b', 0.1), token(' c', 0.1)];
    assert.equal(unsureWords(' a b', tokens, 'en', both(0.5)).length, 2);
    assert.deepEqual(unsureWords('a `x` b', tokens, 'en', both(0.5)), []);
    assert.deepEqual(unsureWords('', [], 'en', both(0.5)), []);
  });
});
