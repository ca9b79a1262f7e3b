import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { createTokenizer, type Tokenizer } from '../../../src/tokenizer/tokenizer';
import { root } from '../../support/root';
import { fixtures, readJson, variantOf } from './fixtures';

/** What make.py wrote of one text; `offsets` are pairs, flat. */
interface Expected {
  text: number;
  ids: number[];
  offsets: number[];
  decoded?: string;
}

const realModels = path.join(root, '../shared/real-models');

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
    const file = path.join(realModels, folder, 'tokenizer.json');
    const present = existsSync(file);
    const title = present ? folder : `${folder}: skipped, ${file} is not here`;
    (present ? test : test.skip)(title, () => {
      const made = createTokenizer(readJson(file), undefined);
      for (const one of expected) {
        compare(made, texts[one.text] ?? assert.fail(), one);
      }
    });
  }

  const file = path.join(realModels, 'tokenizers/vectors.json');
  const present = existsSync(file);
  const title = 'texts and tokens of the Transformers.js test suite';
  (present ? test : test.skip)(present ? title : `${title}: skipped, ${file} is not here`, () => {
    const vectors = readJson(file) as Record<
      string,
      Record<string, { text: string; text_pair?: string; ids: number[] }>
    >;
    for (const [name, entries] of Object.entries(vectors)) {
      const json = readJson(realModels, 'tokenizers', name, 'tokenizer.json');
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
