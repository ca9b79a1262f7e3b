import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, suiteSetup, test } from 'mocha';
import { readTokenizerFiles } from '../../../src/library/modelFolder';
import { createTokenizer, type Tokenizer } from '../../../src/tokenizer/tokenizer';
import { tokenizerClass } from '../../../src/tokenizer/tokenizerClass';
import { root } from '../../support/root';
import { writtenFolder } from '../../support/library/writtenFolder';
import { FIELDS, tokenizerSection, withSection } from '../../support/tokenizer/configFields';
import { fixtures, readJson, variantOf } from '../../support/tokenizer/fixtures';

/** What makeConfig.py wrote: what `AutoTokenizer` makes of a folder. */
interface Case {
  fields: string[];
  tokenizer: string;
  config: Record<string, unknown>;
  files: Record<string, unknown>;
  changes: Record<string, unknown>;
  expected: { text: string; ids: number[]; offsets: number[]; decoded: string }[];
}

const { fields, modelTypes, cases } = readJson(fixtures, 'expectedConfig.json') as {
  fields: string[];
  modelTypes: { classes: Record<string, string[]>; misnamed: string[] };
  cases: Case[];
};

async function open({ tokenizer, config, files, changes }: Case): Promise<Tokenizer> {
  const folder = writtenFolder({
    'tokenizer.json': variantOf(tokenizer, changes),
    'tokenizer_config.json': config,
    ...files,
  });
  const read = await readTokenizerFiles(folder);
  return createTokenizer(read.json, read.config, read.modelConfig);
}

suite('tokenizer: fields of tokenizer_config.json as for AutoTokenizer', () => {
  for (const one of cases) {
    test(`${one.tokenizer}: ${JSON.stringify({ ...one.config, ...one.files })}`, async () => {
      const made = await open(one);
      assert.ok(one.expected.length > 0);
      for (const { text, ids, offsets, decoded } of one.expected) {
        const tokens = made.encode(text, { addSpecialTokens: true });
        assert.deepEqual(
          tokens.map(({ id }) => id),
          ids,
          text,
        );
        assert.deepEqual(
          tokens.flatMap(({ start, end }) => [start, end]),
          offsets,
          text,
        );
        assert.equal(made.decode(ids), decoded);
        const stream = made.streamDecoder([]);
        assert.equal(ids.map((id) => stream.push(id)).join('') + stream.flush(), decoded);
      }
    });
  }
});

suite('tokenizer: classes by the types of models as for AutoTokenizer', () => {
  const usual = new Map(
    Object.entries(modelTypes.classes).flatMap(([name, types]) =>
      types.map((type) => [type, name] as const),
    ),
  );

  test('every type has its class', () => {
    for (const [type, name] of usual) {
      assert.equal(tokenizerClass(undefined, type), tokenizerClass(name, undefined), type);
    }
  });

  test('a class that is named counts, but for types whose class is another', () => {
    for (const [type, name] of usual) {
      const isUsual = name === 'TokenizersBackend' || modelTypes.misnamed.includes(type);
      const wanted = tokenizerClass(isUsual ? name : 'LlamaTokenizer', undefined);
      assert.equal(tokenizerClass('LlamaTokenizerFast', type), wanted, type);
    }
  });
});

suite('tokenizer: docs/support.md', () => {
  const page = path.join(root, 'docs/support.md');
  let tested: ReadonlySet<string>;

  suiteSetup(() => {
    tested = new Set(cases.flatMap((one) => one.fields));
  });

  test('has every field that a class of transformers takes', () => {
    const named = new Set(FIELDS.flatMap(({ names }) => names));
    const missing = fields.filter((field) => !named.has(field));
    assert.deepEqual(missing, []);
  });

  test('says of a field that it counts as for AutoTokenizer where a case above shows it', () => {
    for (const { names, use } of FIELDS) {
      for (const name of names) {
        assert.equal(tested.has(name), use === 'as AutoTokenizer', name);
      }
    }
  });

  test('says what this table says', () => {
    const written = readFileSync(page, 'utf8');
    const wanted = withSection(written, tokenizerSection());
    if (process.env['UPDATE_SUPPORT'] === '1') {
      writeFileSync(page, wanted);
    }
    assert.equal(
      readFileSync(page, 'utf8'),
      wanted,
      'UPDATE_SUPPORT=1 npm run test:unit -- docs/support.md rewrites it',
    );
  });
});
