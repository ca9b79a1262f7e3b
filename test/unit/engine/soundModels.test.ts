import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { inEnglish } from '../../../src/shared/failure';
import type { Finding } from '../../../src/shared/modelCheck';
import { report, words } from '../../support/inspect/checked';
import { int8Products } from '../../../src/engine/runtime/int8Products';
import { readObjectIfAny } from '../../../src/library/files';
import { root } from '../../support/root';
import { temporaryFolder } from '../../support/temporary';
import { openModel } from '../../support/weights/files';

const fixtures = path.join(root, 'test/fixtures');

/** Files that are made to hold what no sound model holds, or no attention. */
const ODD: ReadonlyMap<string, readonly string[]> = new Map([
  // Every kind of field, element type and place, and an operator of nobody.
  [
    'onnx/parts.onnx',
    ['weights/external-data', 'graph/runtime', 'attention/untraceable', 'weights/unused'],
  ],
  // Every element type with its infinities and largest numbers, used by no node.
  [
    'weights/types.onnx',
    ['weights/not-finite', 'weights/half-overflow', 'attention/untraceable', 'weights/unused'],
  ],
  // Numbers of all kinds, used by no node.
  ['tensors/external.onnx', ['attention/untraceable', 'weights/unused']],
  [
    'tensors/tensors.onnx',
    ['weights/not-finite', 'weights/half-overflow', 'attention/untraceable', 'weights/unused'],
  ],
  // A few products, and one weight with NaN and infinities.
  ['diff/a.onnx', ['weights/not-finite', 'attention/untraceable']],
  ['diff/b.onnx', ['weights/not-finite', 'attention/untraceable']],
  // A product and nothing else.
  ['weights/packed.onnx', ['attention/untraceable']],
  // Models that have no attention map to be traced: that is what they are for.
  ['engine/noAttention.onnx', ['attention/untraceable']],
  ['families/without-map/bigbird.onnx', ['attention/untraceable']],
  ['families/without-map/fnet.onnx', ['attention/untraceable']],
  ['families/without-map/mamba.onnx', ['attention/untraceable']],
]);

/** Why a finding of a sound model is right. */
async function isJustified(finding: Finding, vocabulary: number | undefined): Promise<boolean> {
  const { rule, severity, place } = finding;
  switch (rule) {
    case 'weights/stored-twice': {
      // Exporters turn a tied output layer and store it again: one of its sizes is that of the vocabulary.
      const { model } = await openModel(place.file);
      const tensor = model.graph.initializers.find(({ name }) => name === place.tensor);
      const isTable = tensor?.dims.some((size) => size === (vocabulary ?? size)) === true;
      return severity === 'note' && isTable;
    }
    case 'quantization/saturation':
      // True on processors without VNNI, of models whose quantiser used all 8 bits.
      return (await int8Products()) === 'saturating';
    default:
      return false;
  }
}

/** `vocab_size` of the next config.json above a file. */
async function vocabularyAbove(file: string): Promise<number | undefined> {
  for (let folder = path.dirname(file); folder.startsWith(root); folder = path.dirname(folder)) {
    const config = await readObjectIfAny(path.join(folder, 'config.json'));
    if (config !== undefined) {
      const size = config['vocab_size'];
      return typeof size === 'number' ? size : undefined;
    }
  }
  return undefined;
}

async function unjustified(found: readonly Finding[], vocabulary?: number): Promise<string[]> {
  const bad: string[] = [];
  for (const finding of found) {
    if (!(await isJustified(finding, vocabulary))) {
      bad.push(`${finding.rule}: ${words(finding)}`);
    }
  }
  return bad;
}

function graphsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.onnx'))
    .map((name) => path.join(folder, name));
}

suite('engine: a check of sound models finds nothing but what is true', () => {
  for (const name of readdirSync(path.join(root, 'models')).filter((each) =>
    each.startsWith('headlight-'),
  )) {
    test(`${name}, which comes with Headlight`, async () => {
      const { findings, skipped, passed } = await report(path.join(root, 'models', name));
      assert.deepEqual(await unjustified(findings, 4096), []);
      // Encoder and decoder are two files, and have the embedding each.
      const shared = findings.filter(({ rule }) => rule === 'weights/stored-twice');
      assert.equal(shared.length, /summarize|translate/.test(name) ? 2 : 0);
      assert.deepEqual(skipped, []);
      assert.ok(passed.length >= 18, passed.join(', '));
    });
  }

  test('every fixture, alone', async () => {
    const bad: string[] = [];
    let files = 0;
    for (const file of graphsIn(fixtures)) {
      const name = path.relative(fixtures, file).replaceAll('\\', '/');
      const expected = ODD.get(name) ?? [];
      const { findings } = await report(file);
      const others = findings.filter(({ rule }) => !expected.includes(rule));
      const told = new Set(findings.map(({ rule }) => rule));
      bad.push(
        ...(await unjustified(others, await vocabularyAbove(file))).map(
          (line) => `${name} ${line}`,
        ),
      );
      bad.push(
        ...expected.filter((rule) => !told.has(rule)).map((rule) => `${name} lacks ${rule}`),
      );
      files += 1;
    }
    assert.deepEqual(bad, []);
    assert.ok(files > 250, String(files));
  }).timeout(120_000);

  test('every family of models, with its config.json', async () => {
    const bad: string[] = [];
    let folders = 0;
    const families = path.join(fixtures, 'families');
    for (const family of foldersIn(families)) {
      for (const { source, config } of exportsOf(path.join(families, family))) {
        const { findings } = await report(folderOf(source, config));
        const others = findings.filter((finding) => !isMissing(finding, source));
        bad.push(
          ...(await unjustified(others, await vocabularyAbove(config))).map(
            (line) => `${source} ${line}`,
          ),
        );
        folders += 1;
      }
    }
    assert.deepEqual(bad, []);
    assert.ok(folders > 90, String(folders));
  }).timeout(120_000);

  for (const [name, expected] of [
    ['engine/llama', []],
    // Its generation_config.json says nothing.
    [
      'engine/gpt2',
      [
        'warning: No token ends a text (eos_token_id): each goes on to its limit (generation_config.json)',
      ],
    ],
    ['seq2seq/bert', []],
    ['seq2seq/marian', [/^note: The folder has no tokenizer_config\.json/]],
    ['seq2seq/t5', [/^note: The folder has no tokenizer_config\.json/]],
  ] as const) {
    test(`the folder ${name}`, async () => {
      const { findings } = await report(path.join(fixtures, name));
      const others = findings.filter(({ rule }) => rule !== 'weights/stored-twice').map(words);
      assert.equal(others.length, expected.length, others.join('\n'));
      for (const [index, one] of expected.entries()) {
        assert.match(
          others[index] ?? '',
          typeof one === 'string' ? new RegExp(one.replaceAll(/[()]/g, '.')) : one,
        );
      }
    });
  }
});

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** Folders with files of one export, and the config.json that is theirs. */
function exportsOf(family: string): { source: string; config: string }[] {
  return foldersIn(family).flatMap((name) => {
    const source = path.join(family, name);
    const configs = [source, family].map((folder) => path.join(folder, 'config.json'));
    const config = configs.find((file) => existsSync(file));
    return config === undefined ? [] : [{ source, config }];
  });
}

/** A folder as it is published, without a tokenizer, which the fixtures have none of. */
function folderOf(source: string, config: string): string {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'onnx'));
  for (const file of readdirSync(source).filter((name) => name.includes('.onnx'))) {
    copyFileSync(path.join(source, file), path.join(folder, 'onnx', file));
  }
  copyFileSync(config, path.join(folder, 'config.json'));
  return folder;
}

/** Whether a finding tells a file that the fixture lacks. */
function isMissing({ rule, message }: Finding, source: string): boolean {
  const text = inEnglish(message);
  const lacksCache = !readdirSync(source).some((name) => /with_past|merged/.test(name));
  return (
    rule === 'folder/missing-files' &&
    (/has no (tokenizer|generation_config)\.json/.test(text) ||
      (lacksCache && /^The decoder makes a cache/.test(text)))
  );
}
