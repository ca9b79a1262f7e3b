import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { piecesOf } from '../../../src/engine/textToText/markup/pieces';
import type { TextToTextResult } from '../../../src/shared/textToText';
import { root } from '../../support/root';
import { context, listen } from '../../support/engine/models';

/** What `python -m headlight_train MODEL reference` writes for an encoder–decoder model. */
interface PairReference {
  cases: {
    text: string;
    ids: number[];
    /** Without the token that starts an output and the one that ends it. */
    written: { ids: number[]; text: string; logProbabilities: number[] };
    /** Head 0 of the last layer of each kind, [query][key]. */
    attention?: { encoder: number[][]; decoder: number[][]; cross: number[][] };
  }[];
}

/** The same for `fill-mask`: the best tokens for each blank. */
interface BlankReference {
  cases: { text: string; ids: number[]; best: number[]; probabilities: number[] }[];
}

const MASK = '[MASK]';

for (const task of ['translate', 'summarize'] as const) {
  suite(`engine, with the bundled model that can ${task}, against PyTorch`, () => {
    const { engine } = listen();
    const model = { bundled: task };
    const { cases } = reference(task) as PairReference;

    for (const { text, ids, written, attention } of cases) {
      test(`${text}: tokens`, async () => {
        const { tokens } = await engine.tokenize({ model, text }, context());
        assert.deepEqual(
          tokens.map(({ id }) => id),
          ids,
        );
      });

      test(`${text}: attention and the rating of each token`, async () => {
        const summary = await engine.trace({ model, text, target: written.text }, context());
        const [start, ...read] = summary.sequences.decoder ?? [];
        assert.equal(start?.special, true);
        assert.deepEqual(read.map(({ id }) => id).slice(0, written.ids.length), written.ids);
        for (const [index, expected] of written.logProbabilities.entries()) {
          const probability = read[index]?.prediction?.probability ?? 0;
          assert.ok(Math.abs(Math.log(probability) - expected) <= 1e-4, `token ${index}`);
        }
        for (const [kind, pattern] of Object.entries(attention ?? {})) {
          const site = summary.sites.findLast(
            (candidate) => (candidate.kind === 'cross' ? 'cross' : candidate.component) === kind,
          );
          const map = await engine.headMap(
            { trace: summary.trace, site: site?.id ?? '', head: 0 },
            context(),
          );
          for (const [query, row] of pattern.entries()) {
            for (const [key, expected] of row.entries()) {
              const value = map.values[query * map.keys + key] ?? NaN;
              assert.ok(Math.abs(value - expected) <= 1e-5, `${kind}[${query}][${key}]`);
            }
          }
        }
      });
    }
  });
}

suite('engine, with the bundled translator', () => {
  const { engine } = listen();
  const translate = async (text: string) =>
    engine.translate({ model: { bundled: 'translate' }, text, options: {} }, context());

  test('writes what PyTorch writes', async () => {
    for (const { text, written } of (reference('translate') as PairReference).cases) {
      assert.equal((await translate(text)).text, written.text);
    }
  });

  test('knows its own kind of text, and says when it does not', async () => {
    assert.deepEqual((await translate('Cannot open the file.')).warnings, []);
    const kinds = (await translate('这个文件已经打开。')).warnings.map(({ kind }) => kind);
    assert.ok(kinds.includes('sameLanguage'), kinds.join(', '));
    const strange = await translate('Qwrtz xkjhgf vbnmpl zzzyyx wqwq kkrt hjkl, brrgh wxyzzy.');
    assert.ok(strange.warnings.some(({ kind }) => kind === 'unfamiliar'));
    const unknown = await translate('The file is ☃ Ж.');
    assert.ok(unknown.warnings.some(({ kind }) => kind === 'unknownCharacters'));
  });
});

suite('engine, with the bundled translator: wrong sentences', () => {
  const { engine } = listen();
  const translate = async (text: string) =>
    engine.translate({ model: { bundled: 'translate' }, text, options: {} }, context());
  const right = 'Cannot open the file. The old file was deleted.';

  test('a lost negation is told of by its sentence, in a long text too', async () => {
    const wrong = 'Some tests were skipped because Docker is not running.';
    const { warnings } = await translate(`${right} ${wrong} ${right}`);
    const [negation] = warnings.filter(({ kind }) => kind === 'negation');
    assert.deepEqual(negation, { kind: 'negation', lost: [wrong], added: [] });
  });

  test('a value that is kept and a limit are no lost negation', async () => {
    for (const [text, result] of [
      ['The function returns None.', /None/],
      ['Use no more than 10 characters.', /最多/],
      ['No more than five items can be selected.', /最多/],
    ] as const) {
      const { text: written, warnings } = await translate(text);
      assert.match(written, result);
      assert.ok(!warnings.some(({ kind }) => kind === 'negation'), text);
    }
  });

  test('fractions come out as they are, and none is called lost', async () => {
    for (const fraction of ['½', '1½', '⅓']) {
      const { text, warnings } = await translate(`Add ${fraction} to the value.`);
      assert.ok(text.includes(fraction), text);
      assert.ok(!warnings.some(({ kind }) => kind === 'pieces' || kind === 'untranslated'), text);
    }
  });

  test('words that nothing stands for are named, with their sentence where there are others', async () => {
    const wrong = 'Avoid global variables where possible.';
    const lostIn = async (text: string) => {
      const { warnings } = await translate(text);
      const [lost] = warnings.filter(({ kind }) => kind === 'lostWords');
      return lost?.kind === 'lostWords' ? lost.found : [];
    };
    assert.deepEqual(await lostIn(`${right} ${wrong}`), [{ words: ['Avoid'], sentence: wrong }]);
    assert.deepEqual(await lostIn(wrong), [{ words: ['Avoid'] }]);
  });

  test('a word that the translator hardly met is not called lost', async () => {
    const { warnings } = await translate('The server sends a heartbeat every ten seconds.');
    assert.deepEqual(
      warnings.filter(({ kind }) => kind === 'lostWords' || kind === 'rareWords'),
      [{ kind: 'rareWords', found: [{ words: ['heartbeat'] }] }],
    );
  });

  test('Chinese sentences follow one another without a space, behind an address too', async () => {
    const { text } = await translate('Read https://example.com/docs. Close the window. Save it.');
    assert.match(text, /https:\/\/example\.com\/docs ?。关闭窗口。\S/);
  });

  test('words that the model was unsure of are found in the text, sure ones are not', async () => {
    assert.deepEqual((await translate('Cannot open the file.')).unsure, []);
    const { text, unsure } = await translate(`${right}\nThe server sends a heartbeat.`);
    assert.ok(unsure.length > 0);
    for (const { start, end, probability } of unsure) {
      assert.ok(start > text.indexOf('\n') && end > start && end <= text.length);
      assert.ok(probability < 0.3);
    }
  });
});

suite('engine, with the bundled translator: Markdown', () => {
  const translated = async (text: string): Promise<TextToTextResult> =>
    listen().engine.translate(
      { model: { bundled: 'translate' }, text, format: 'markdown', options: {} },
      context(),
    );

  test('the marks of the sample that ships come out whole, and none gets a warning', async function () {
    this.timeout(600_000);
    const sample = readFileSync(path.join(root, 'media/sample/welcome.md'), 'utf8');
    const paragraphs = sample.split('\n\n').filter((paragraph) => /[*`[#]/.test(paragraph));
    const text = paragraphs.join('\n\n');
    const { text: result, warnings } = await translated(text);
    const ofMarks = new Set(['pieces', 'apart', 'untranslated', 'empty', 'repetition']);
    assert.deepEqual(
      warnings.filter(({ kind }) => ofMarks.has(kind)),
      [],
    );
    const pieces = piecesOf(text, 'markdown');
    assert.ok(pieces.length > 30);
    assert.deepEqual(piecesOf(result, 'markdown').toSorted(), pieces.toSorted());
  });

  test('codes, percentages, acronyms and placeholders of messages come out as they are', async () => {
    const kept = ['E001', '50%', 'R&D', 'TCP/IP', 'N/A', '%1$s', '{{count}}', '${name}', '{0}:{1}'];
    const text = [
      '| E001 | The file {0}:{1} was not found. |\n| - | - |',
      'The disk is at 50% now.\n\nThe R&D page reports TCP/IP errors as N/A.',
      'Hello, ${name}! You have {{count}} new messages from %1$s.',
    ].join('\n\n');
    const { text: result } = await translated(text);
    assert.deepEqual(
      kept.filter((piece) => !result.replace(/(\d) %/g, '$1%').includes(piece)),
      [],
    );
  });

  test('what stands behind a summary stays behind it', async () => {
    const { text } = await translated('<details><summary>Do not click</summary>Hidden</details>\n');
    assert.match(text, /^<details><summary>[^<]*不[^<]*<\/summary>[^<]*隐藏<\/details>\n$/);
  });

  test('a Chinese sentence with names stays, an English one with a Chinese word does not', async () => {
    const { text, parts } = await translated('打开 README 文件。\n\nThe word 文件 means file.');
    assert.ok(text.startsWith('打开 README 文件。\n\n'));
    assert.equal(parts.length, 1);
  });
});

suite('engine, with the bundled summarizer', () => {
  const { engine } = listen();

  test('writes what PyTorch writes, and stands by it', async () => {
    for (const { text, written } of (reference('summarize') as PairReference).cases) {
      const params = { model: { bundled: 'summarize' as const }, text, options: {} };
      const answer = await engine.summarize(params, context());
      assert.equal(answer.text, written.text);
      assert.deepEqual(answer.warnings, []);
    }
  });

  test('a word with another ending is not called new, and a sentence is named once', async () => {
    const sentence = 'Set the size option to limit the memory that it uses.';
    const text = Array.from({ length: 75 }, () => sentence).join(' ');
    const { text: written, warnings } = await engine.summarize(
      { model: { bundled: 'summarize' }, text, options: {} },
      context(),
    );
    const sets = 'Sets the size option to limit the memory that it uses.';
    assert.ok(written.split(sets).length > 2, written);
    assert.deepEqual(
      warnings.filter(({ kind }) => kind === 'newWords' || kind === 'pieced'),
      [{ kind: 'pieced', sentences: [sets] }],
    );
  });
});

suite('engine, with the bundled fill-mask model, against PyTorch', () => {
  const { engine } = listen();
  const model = { bundled: 'fillMask' } as const;

  for (const { text, ids, best, probabilities } of (reference('fill-mask') as BlankReference)
    .cases) {
    test(text, async () => {
      const { tokens } = await engine.tokenize({ model, text }, context());
      assert.deepEqual(
        tokens.map(({ id }) => id),
        ids,
      );
      const start = text.indexOf(MASK);
      const { candidates } = await engine.fillMask(
        { model, text, blank: { start, end: start + MASK.length }, count: 20 },
        context(),
      );
      // Parts of words are no answers to a blank that is a word.
      const found = candidates.filter(({ id }) => best.includes(id));
      assert.ok(found.length > 0);
      for (const { id, probability } of found) {
        const expected = probabilities[best.indexOf(id)] ?? NaN;
        assert.ok(Math.abs(probability - expected) <= 1e-4, `${id}: ${probability}, ${expected}`);
      }
    });
  }
});

function reference(name: string): unknown {
  const file = path.join(root, 'test/fixtures', name, 'reference.json');
  return JSON.parse(readFileSync(file, 'utf8'));
}
