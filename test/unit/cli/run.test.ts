import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { run } from '../../../src/cli/run';
import { HELP, parseInvocation } from '../../../src/cli/usage';
import { rejection } from '../../support/failures';
import { root } from '../../support/root';
import { generated, tinyModel } from '../engine/models';

suite('cli/run', () => {
  const model = tinyModel('llama', 'with-cache');
  const { prompt } = generated.llama;

  /** Carries out a command line in this process; answers what it wrote. */
  async function headlight(args: string[], input = '', notes: string[] = []): Promise<string> {
    const written: string[] = [];
    await run(parseInvocation(args), {
      root,
      interruptible: () => new AbortController().signal,
      stdin: Readable.from([input]),
      out: (text) => written.push(text),
      note: (text) => notes.push(text),
    });
    return written.join('');
  }

  test('a text that begins with a dash is a text', async () => {
    const tokens = async (...args: string[]): Promise<string> =>
      headlight(['tokenize', '--model', model, '--json', ...args]);
    assert.equal(await tokens('--text', '- the cat'), await tokens('--text=- the cat'));
    assert.equal(await tokens('--text=the', '--model', model), await tokens('--text', 'the'));
  });

  test('a text that does not fit is used in part, and a note says so', async () => {
    const notes: string[] = [];
    await headlight(['complete', '--model', model, '--text', 'the cat '.repeat(300)], '', notes);
    assert.match(notes.join(), /^only the last \d+ of \d+ tokens were used$/);
  });

  test('help', async () => {
    assert.equal(await headlight(['--help']), HELP);
  });

  test('tokens for people: id, characters, text', async () => {
    const out = await headlight(['tokenize', '--model', model, '--text', prompt]);
    const lines = out.trimEnd().split('\n');
    assert.equal(lines.length, 4);
    assert.match(lines[2] ?? '', /^ +44 {2}3–7 +" cat"$/);
  });

  test('a trace for people: ratings, entropies, and the head that was asked for', async () => {
    const line = ['trace', '--model', model, '--text', prompt, '--head', 'blocks.1.attn.3'];
    const { matrix } = JSON.parse(await headlight([...line, '--json'])) as { matrix: number[][] };
    const out = await headlight(line);
    assert.match(out, /0\.\d{4} +\d+ {2}" sat"\n/);
    assert.match(out, /blocks\.1\.attn( +\d\.\d\d){4}\n/);
    const map = matrix.map((row) => row.map((value) => value.toFixed(2)).join(' ')).join('\n');
    assert.ok(out.includes(map), out);
  });

  test('a trace says how much of a long text it is about', async () => {
    const line = ['trace', '--model', model, '--text', 'cat '.repeat(40)];
    const { truncation } = JSON.parse(await headlight([...line, '--json'])) as {
      truncation?: { total: number };
    };
    assert.ok(truncation);
    assert.ok(truncation.total > 32);
    assert.deepEqual(
      { ...truncation, total: 0 },
      { used: 32, total: 0, context: 32, kept: 'start' },
    );
    const out = await headlight(line);
    assert.ok(out.includes(`32 of ${truncation.total} tokens`), out);
  });

  test('an outline for people', async () => {
    const out = await headlight(['inspect', model]);
    assert.match(out, /past_key_values\.0\.key float32 \[batch_size, 2, past_sequence_length, 4\]/);
    assert.match(out, /blocks\.1\.attn/);
    assert.match(out, / 2 × Softmax\n/);
  });

  test('a text for people streams as it comes, and is the text of the JSON', async () => {
    const line = ['complete', '--model', model, '--max-new-tokens', '5'];
    const { text } = JSON.parse(await headlight([...line, '--json'], prompt)) as { text: string };
    assert.equal(await headlight(line, prompt), `${text}\n`);
  });

  test('the same seed writes the same text, another one another', async () => {
    const endless = tinyModel('gpt2', 'with-cache');
    const line = ['complete', '--model', endless, '--text', prompt, '--temperature', '1', '--seed'];
    const first = await headlight([...line, '3']);
    assert.equal(await headlight([...line, '3']), first);
    assert.notEqual(await headlight([...line, '4']), first);
    assert.notEqual(first.trim(), '');
  });

  const failing: [args: string[], kind: string, where: RegExp][] = [
    [['tokenize', '--model', 'no/such/folder', '--text', 'x'], 'model', /folder$/],
    [['complete', '--file', 'nowhere.txt'], 'input', /^nowhere\.txt$/],
    [['complete', '--file', root], 'input', /./],
    [['trace', '--model', model, '--text', ''], 'input', /^$/],
    [
      ['trace', '--model', model, '--text', 'x', '--head', 'blocks.7.attn.0'],
      'input',
      /^blocks\.7/,
    ],
    [['trace', '--model', model, '--text', 'x', '--head', 'blocks.0.attn.4'], 'input', /attn\.4$/],
  ];
  for (const [args, kind, where] of failing) {
    test(`a failure of kind ${kind}: headlight ${args.join(' ').replace(model, 'M').replace(root, '.')}`, async () => {
      const failure = await rejection(() => headlight(args));
      assert.equal(failure.kind, kind);
      assert.match(failure.where ?? '', where);
    });
  }
});
