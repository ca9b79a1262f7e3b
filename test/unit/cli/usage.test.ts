import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { HELP } from '../../../src/cli/help';
import { parseInvocation, type Invocation } from '../../../src/cli/usage';
import { UsageError } from '../../../src/cli/usageError';
import { parseParams } from '../../../src/engine/params';
import { LARGEST_SEED } from '../../../src/shared/limits';
import { root } from '../../support/root';

const generate: Extract<Invocation, { command: 'generate' }> = {
  command: 'generate',
  task: 'complete',
  source: 'pipe',
  languages: {},
  json: false,
};

const trace: Extract<Invocation, { command: 'trace' }> = {
  command: 'trace',
  source: { text: 'a' },
  languages: {},
  reference: false,
  ablate: [],
  mask: [],
  lens: false,
  rollout: false,
  values: false,
  json: false,
};

const fill: Extract<Invocation, { command: 'fill' }> = {
  command: 'fill',
  source: 'pipe',
  count: 5,
  json: false,
};

const tensors: Extract<Invocation, { command: 'tensors' }> = {
  command: 'tensors',
  path: 'm',
  stats: false,
  force: false,
  json: false,
};

const accepted: [line: string[], invocation: Invocation][] = [
  [['--help'], { command: 'help' }],
  [['help'], { command: 'help' }],
  [['help', 'trace'], { command: 'help' }],
  [['trace', '-h'], { command: 'help' }],
  [['trace', '--json', '-h'], { command: 'help' }],
  [['--version'], { command: 'version' }],
  [['inspect', 'model.onnx'], { command: 'inspect', path: 'model.onnx', json: false }],
  [['check', 'models/x', '--json'], { command: 'check', path: 'models/x', json: true }],
  [['profile', 'x'], { command: 'profile', path: 'x', json: false }],
  [
    ['profile', 'x', '--text', 'a', '--runs', '7', '--json'],
    { command: 'profile', path: 'x', source: { text: 'a' }, runs: 7, json: true },
  ],
  [['diff', 'x', 'y'], { command: 'diff', a: 'x', b: 'y', run: true, json: false }],
  [
    ['diff', 'x', 'y', '--no-run', '--json'],
    { command: 'diff', a: 'x', b: 'y', run: false, json: true },
  ],
  [
    ['diff', 'x', 'y', '--text', 'a b'],
    { command: 'diff', a: 'x', b: 'y', source: { text: 'a b' }, run: true, json: false },
  ],
  [
    ['diff', 'x', 'y', '--file', 'f.txt'],
    { command: 'diff', a: 'x', b: 'y', source: { file: 'f.txt' }, run: true, json: false },
  ],
  [['--json', 'inspect', 'm'], { command: 'inspect', path: 'm', json: true }],
  [['inspect', 'm', '--cost'], { command: 'inspect', path: 'm', cost: { batch: 1 }, json: false }],
  [
    ['inspect', 'm', '--cost', '--context', '2048', '--batch=8'],
    { command: 'inspect', path: 'm', cost: { context: 2048, batch: 8 }, json: false },
  ],
  [['tensors', 'm'], tensors],
  [
    ['tensors', 'm', '--stats', '--sort', 'size', '--json'],
    { ...tensors, stats: true, sort: 'size', json: true },
  ],
  [['tensors', 'm', 'w', '--stats'], { ...tensors, name: 'w', stats: true }],
  [
    ['tensors', 'm', 'w', '--npy', 'w.npy', '--force'],
    { ...tensors, name: 'w', npy: 'w.npy', force: true },
  ],
  [['tokenize', '--text', ''], { command: 'tokenize', source: { text: '' }, json: false }],
  [
    ['tokenize', '--model=m', '--text=-x', '--json'],
    { command: 'tokenize', model: 'm', source: { text: '-x' }, json: true },
  ],
  [['trace', '--text', 'a b'], { ...trace, source: { text: 'a b' } }],
  [
    ['trace', '--text', 'a', '--target', 'b', '--head', 'decoder.blocks.0.cross_attn.12'],
    { ...trace, target: 'b', head: { site: 'decoder.blocks.0.cross_attn', head: 12 } },
  ],
  [
    ['trace', '--text', 'a', '--head', 'decoder.blocks.0.cross_attn.mean'],
    { ...trace, head: { site: 'decoder.blocks.0.cross_attn', head: 'mean' } },
  ],
  [
    ['trace', '--text', 'a', '--source', 'en', '--target-language', 'French'],
    { ...trace, languages: { source: 'en', target: 'French' } },
  ],
  [
    ['trace', '--text', 'a', '--reference', '--points', 'hook_embed, blocks.0.attn.hook_q'],
    { ...trace, reference: true, points: ['hook_embed', 'blocks.0.attn.hook_q'] },
  ],
  [
    ['trace', '--text', 'a', '--mask', '0,12', '--lens', '--rollout'],
    { ...trace, mask: [0, 12], lens: true, rollout: true },
  ],
  [['trace', '--text', 'a', '--points', 'list'], { ...trace, points: 'list' }],
  [
    ['trace', '--text', 'a', '--ablate', 'blocks.3.attn.7,blocks.0.attn.1'],
    {
      ...trace,
      ablate: [
        { site: 'blocks.3.attn', head: 7 },
        { site: 'blocks.0.attn', head: 1 },
      ],
    },
  ],
  [['complete'], generate],
  [['complete', '--text', 'x'], { ...generate, source: { text: 'x' } }],
  [['summarize', '--file', 'f'], { ...generate, task: 'summarize', source: { file: 'f' } }],
  [
    [
      ...['translate', '--max-new-tokens', '7', '--beams', '4'],
      ...['--temperature', '0.75', '--seed', '0', '--model', 'm', '--json'],
    ],
    {
      ...generate,
      task: 'translate',
      model: 'm',
      maxNewTokens: 7,
      beams: 4,
      temperature: 0.75,
      seed: 0,
      json: true,
    },
  ],
  [
    ['translate', '--text', 'x', '--source', 'en', '--target', 'zh'],
    {
      ...generate,
      task: 'translate',
      source: { text: 'x' },
      languages: { source: 'en', target: 'zh' },
    },
  ],
  [['fill', 'a [MASK]'], { ...fill, source: { text: 'a [MASK]' } }],
  [['fill', '--text', 'a [MASK]', '--json'], { ...fill, source: { text: 'a [MASK]' }, json: true }],
  [
    ['fill', '--file', 'f', '--count', '3', '--model', 'm'],
    { ...fill, source: { file: 'f' }, count: 3, model: 'm' },
  ],
  [['fill'], fill],
  [['complete', 'The function returns'], { ...generate, source: { text: 'The function returns' } }],
  [
    ['complete', '- an item', '--max-new-tokens', '3'],
    { ...generate, source: { text: '- an item' }, maxNewTokens: 3 },
  ],
  [
    ['summarize', 'a b', '--json'],
    { ...generate, task: 'summarize', source: { text: 'a b' }, json: true },
  ],
  [['translate', '-'], { ...generate, task: 'translate', source: 'standard input' }],
  [['trace', 'a', '--lens'], { ...trace, lens: true }],
  [['trace', '--file', 'f'], { ...trace, source: { file: 'f' } }],
  [['tokenize', 'words'], { command: 'tokenize', source: { text: 'words' }, json: false }],
  // What a shell has taken apart.
  [['trace', '--text', 'a', 'b', 'c'], { ...trace, source: { text: 'a b c' } }],
  [
    ['--json', 'trace', '--text', 'a', '--lens', 'b'],
    { ...trace, source: { text: 'a b' }, lens: true, json: true },
  ],
  [['--text', 'a', 'trace', 'b'], { ...trace, source: { text: 'a b' } }],
  [['fill', 'a', '[MASK]'], { ...fill, source: { text: 'a [MASK]' } }],
];

const refused: [line: string[], says: RegExp][] = [
  [[], /command/],
  [['paint'], /“paint”/],
  [['toString'], /“toString”/],
  [['inspect'], /“inspect”/],
  [['check', 'a', 'b'], /“check” takes one path/],
  [['diff', 'a'], /“diff” takes two paths/],
  [['profile'], /“profile” takes one path/],
  [['profile', 'a', '--runs', '0'], /--runs must be a whole number from 1 to 1000, not “0”/],
  [['diff', 'a', 'b', 'c'], /“diff” takes two paths/],
  [['diff', 'a', 'b', '--text', 't', '--file', 'f'], /--text and --file exclude each other/],
  [['diff', 'a', 'b', '--text', 't', '--no-run'], /--no-run and a text do not go together/],
  [['diff', 'a', 'b', '--model', 'm'], /“diff” takes no --model/],
  [['check', 'a', '--model', 'm'], /“check” takes no --model/],
  [['inspect', 'a', 'b'], /“inspect”/],
  [['inspect', 'a', '--text', 'b'], /“inspect”.*--text/],
  [['inspect', 'a', '--loud'], /--loud/],
  [['inspect', 'a', '--context', '3'], /^--context needs --cost$/],
  [['inspect', 'a', '--batch', '3'], /^--batch needs --cost$/],
  [['inspect', 'a', '--cost', '--context', '0'], /--context.*“0”/],
  [['inspect', 'a', '--cost', '--batch', '1e99'], /--batch.*“1e99”/],
  [['tokenize', 'a', '--cost'], /“tokenize”.*--cost/],
  [['tensors'], /“tensors”/],
  [['tensors', 'm', 'w', 'x'], /“tensors”/],
  [['tensors', 'm', '--sort', 'shape'], /--sort/],
  [['tensors', 'm', 'w', '--sort', 'name'], /--sort/],
  [['tensors', 'm', '--npy', 'w.npy'], /--npy/],
  [['tensors', 'm', 'w', '--force'], /--force/],
  [['tensors', 'm', 'w', '--npy', 'w.npy', '--stats'], /--stats/],
  [['tokenize', '--text'], /--text/],
  [['trace', '--text', 'a', '--head', '3'], /SITE\.H/],
  [['trace', '--text', 'a', '--head', 'blocks.0.attn.'], /SITE\.H/],
  [['trace', '--text', 'a', '--ablate', 'blocks.0.attn'], /--ablate.*SITE\.H/],
  [['trace', '--text', 'a', '--ablate', 'blocks.0'], /--ablate.*SITE\.H.*“blocks\.0”/],
  [['trace', '--text', 'a', '--head', 'decoder.blocks.0'], /--head.*SITE\.H/],
  [['trace', '--text', 'a', '--points', ', '], /--points/],
  [['trace', '--text', 'a', '--mask', '-1'], /--mask/],
  [['trace', '--text', 'a', '--values'], /--values needs --head/],
  [['trace', '--text', 'a', '--values', '--head', 'blocks.0.attn.mean'], /not of a mean/],
  [['trace', '--text', 'a', '--head', 'blocks.0.mean'], /SITE\.H/],
  [['trace', '--text', 'a', '--ablate', 'blocks.0.attn.mean'], /SITE\.H/],
  [['trace', '--text', 'a', '--head', 'blocks.0.attn.-1'], /SITE\.H/],
  [['complete', '--text', 'a', '--file', 'b'], /--text.*--file/],
  [['complete', '--text', 'a', '--head', 'blocks.0.attn.1'], /“complete”.*--head/],
  [['complete', '--max-new-tokens', '0'], /--max-new-tokens.*1.*“0”/],
  [['complete', '--max-new-tokens', '1.5'], /--max-new-tokens/],
  [['complete', '--max-new-tokens', 'many'], /“many”/],
  [['complete', '--max-new-tokens', ''], /--max-new-tokens/],
  [['complete', '--temperature', 'hot'], /--temperature.*“hot”/],
  [['complete', '--temperature=-1'], /--temperature.*“-1”/],
  [['complete', '--temperature', '-1'], /--temperature/],
  [['complete', '--temperature', 'Infinity'], /“Infinity”/],
  [['complete', '--beams', '0'], /--beams/],
  [['complete', '--beams', '257'], /^--beams must be a whole number from 1 to 256, not “257”$/],
  [['complete', '--seed', '1e999'], /--seed/],
  [['complete', '--seed', '-4'], /--seed/],
  [
    ['complete', '--seed', '4294967296'],
    /^--seed must be a whole number from 0 to 4294967295, not “4294967296”$/,
  ],
  [['complete', '--json=yes'], /--json/],
  [['complete', '--target', 'zh'], /“complete”.*--target/],
  [['summarize', '--target', 'zh'], /“summarize”.*--target/],
  [['complete', '--count', '2'], /“complete”.*--count/],
  [['fill', 'a', '--text', 'b'], /“fill” takes one text/],
  [['trace', 'a', '--file', 'b'], /“trace” takes one text, not “a”/],
  [['tokenize', '--text', 'a', '--file', 'b'], /--text.*--file/],
  [['fill', '--text', 'a', '--file', 'b'], /--text.*--file/],
  [['fill', 'a', '--count', '0'], /--count.*1.*“0”/],
  [['fill', 'a', '--count', '1001'], /^--count must be a whole number from 1 to 1000, not “1001”$/],
  [['fill', 'a', '--seed', '1'], /“fill”.*--seed/],
];

suite('cli/usage', () => {
  test('what is most for an option is most for the engine, and stands in the help', () => {
    const model = { bundled: 'complete' };
    const generation = (option: 'beams' | 'seed') => (value: number) => () =>
      parseParams('complete', { model, text: '', options: { maxNewTokens: 1, [option]: value } });
    const filling = (count: number) => () =>
      parseParams('fillMask', { model, text: 'a', blank: { start: 0, end: 1 }, count });
    for (const [line, option, ofEngine] of [
      [['complete'], 'beams', generation('beams')],
      [['complete'], 'seed', generation('seed')],
      [['fill', 'a'], 'count', filling],
    ] as const) {
      const accepts = (value: number): boolean => {
        try {
          parseInvocation([...line, `--${option}`, String(value)]);
          return true;
        } catch {
          return false;
        }
      };
      const [, most] = new RegExp(`--${option} N [^-]*? [01] to (\\d+)`).exec(HELP) ?? [];
      assert.ok(accepts(Number(most)) && !accepts(Number(most) + 1), `${option}: ${most}`);
      assert.doesNotThrow(ofEngine(Number(most)));
      assert.throws(ofEngine(Number(most) + 1));
    }
  });

  test('the editor’s setting has as many seeds', () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      contributes: { configuration: { properties: Record<string, { maximum?: number }> } };
    };
    const { properties } = manifest.contributes.configuration;
    assert.equal(properties['headlight.complete.seed']?.maximum, LARGEST_SEED);
  });

  for (const [line, invocation] of accepted) {
    test(`understood: headlight ${line.join(' ')}`, () => {
      assert.deepEqual(parseInvocation(line), invocation);
    });
  }

  for (const [line, says] of refused) {
    test(`refused: headlight ${line.join(' ')}`, () => {
      assert.throws(
        () => parseInvocation(line),
        (error) => {
          assert.ok(error instanceof UsageError, String(error));
          assert.match(error.message, says);
          return true;
        },
      );
    });
  }
});
