import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { createTokenizer, type Tokenizer } from '../../../src/tokenizer/tokenizer';
import { realModel } from '../../support/skips';
import { fixtures, readJson, variantOf } from '../../support/tokenizer/fixtures';

/** What make.py wrote of one text; `offsets` are pairs, flat. */
interface Expected {
  text: number;
  ids: number[];
  offsets: number[];
  decoded?: string;
}

function compare(tokenizer: Tokenizer, text: string, expected: Expected): void {
  const tokens = tokenizer.encode(text, { addSpecialTokens: true });
  const label = JSON.stringify(text);
  assert.deepEqual(
    tokens.map(({ id }) => id),
    expected.ids,
    label,
  );
  assert.deepEqual(
    tokens.map(({ piece, start, end }) => `${piece} ${start}-${end}`),
    expected.ids.map(
      (id, index) =>
        `${tokenizer.pieceText(id)} ${expected.offsets[index * 2]}-${expected.offsets[index * 2 + 1]}`,
    ),
    label,
  );
  if (expected.decoded !== undefined) {
    assert.equal(tokenizer.decode(expected.ids), expected.decoded, label);
  }
}

suite('tokenizer: ids and offsets of the Python package', () => {
  const { texts, cases } = readJson(fixtures, 'expected.json') as {
    texts: string[];
    cases: {
      tokenizer: string;
      variant: string;
      changes: Record<string, unknown>;
      expected: Expected[];
    }[];
  };

  for (const { tokenizer, variant, changes, expected } of cases) {
    test(`${tokenizer}: ${variant}`, () => {
      const made = createTokenizer(variantOf(tokenizer, changes), undefined);
      assert.ok(expected.length > 10);
      for (const one of expected) {
        compare(made, texts[one.text] ?? assert.fail(), one);
      }
    });
  }
});

suite('tokenizer: published tokenizers', () => {
  const { texts, cases } = readJson(fixtures, 'expectedReal.json') as {
    texts: string[];
    cases: { folder: string; expected: Expected[] }[];
  };

  for (const { folder, expected } of cases) {
    test(folder, function () {
      const made = createTokenizer(readJson(realModel(this, folder), 'tokenizer.json'), undefined);
      for (const one of expected) {
        compare(made, texts[one.text] ?? assert.fail(), one);
      }
    });
  }

  test('texts and tokens of the Transformers.js test suite', function () {
    const published = realModel(this, 'tokenizers');
    const vectors = readJson(published, 'vectors.json') as Record<
      string,
      Record<string, { text: string; text_pair?: string; ids: number[] }>
    >;
    for (const [name, entries] of Object.entries(vectors)) {
      const json = readJson(published, name, 'tokenizer.json');
      const made = createTokenizer(json, undefined);
      for (const [title, { text, text_pair, ids }] of Object.entries(entries)) {
        if (text_pair !== undefined) {
          continue;
        }
        const tokens = made.encode(text, { addSpecialTokens: true });
        assert.deepEqual(
          tokens.map(({ id }) => id),
          ids,
          `${name} ${title}`,
        );
      }
    }
  });
});

suite('tokenizer: long texts', () => {
  test('a text of marks alone takes no longer than others', () => {
    const made = createTokenizer(
      variantOf('byteLevel', { normalizer: { type: 'NFD' } }),
      undefined,
    );
    // Sorted as a whole, they would take a minute.
    const marks = '\u0301\u0323'.repeat(100_000);
    const tokens = made.encode(marks, { addSpecialTokens: false });
    assert.ok(tokens.length > marks.length / 2);
    assert.equal(tokens.at(-1)?.end, marks.length);
  }).timeout(20_000);
});
