import { suite, suiteSetup, test } from 'mocha';
import assert from 'node:assert/strict';
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelOutline } from '../../src/shared/modelOutline';
import { printableText } from '../../src/shared/printable';
import { gone, isAlive, processes, type Listed } from '../support/processes';
import { programs } from '../support/programs';
import { root } from '../support/root';
import { needsProcessList, needsTerminal } from '../support/skips';
import { temporaryFolder } from '../support/temporary';
import { change, generated, tinyModel } from '../support/engine/models';
import { slowToLoad } from '../support/engine/slowLoad';
import { stuckModel } from '../support/engine/stuckModel';

interface Outcome {
  /** Null when a signal ended the process. */
  status: number | null;
  out: string;
  err: string;
}

/** A control character other than a tab and those at the end of a line. */
const NOT_OF_LINES = /(?![\t\r\n])\p{Cc}/u;

/** The program as a shell runs it. What needs no process of its own is in run.test.ts. */
suite('cli', () => {
  let program: string;
  const model = tinyModel('llama', 'with-cache');
  const { prompt, ids, newIds } = generated.llama;

  suiteSetup(async () => {
    program = path.join(await programs(), 'dist/cli.js');
  });

  async function headlight(args: string[], input = ''): Promise<Outcome> {
    const child = spawn(process.execPath, [program, ...args]);
    child.stdin.end(input);
    const [out, err] = await Promise.all([
      readAll(child.stdout),
      readAll(child.stderr),
      once(child, 'close'),
    ]);
    return { status: child.exitCode, out, err };
  }

  /** The JSON of a run that must succeed. */
  async function answer<T>(args: string[], input?: string): Promise<T> {
    const { status, out, err } = await headlight([...args, '--json'], input);
    assert.deepEqual([status, err], [0, '']);
    assert.equal(out.trimEnd().split('\n').length, 1, 'one line');
    return JSON.parse(out) as T;
  }

  test('tokenize', async () => {
    assert.deepEqual(await answer(['tokenize', '--model', model, '--text', prompt]), {
      tokens: [
        { id: ids[0], text: '<s>', start: 0, end: 0 },
        { id: ids[1], text: 'the', start: 0, end: 3 },
        { id: ids[2], text: ' cat', start: 3, end: 7 },
        { id: ids[3], text: ' sat', start: 7, end: 11 },
      ],
    });
  });

  test('trace', async () => {
    interface Trace {
      tokens: { id: number; text: string; start: number; end: number }[];
      sites: Record<string, unknown>[];
      matrix?: number[][];
      reading?: { kind: string };
      scores?: Record<string, number>;
    }
    const line = ['trace', '--model', model, '--text', prompt];
    const [all, one] = await Promise.all([
      answer<Trace>(line),
      answer<Trace>([...line, '--head', 'blocks.1.attn.3']),
    ]);
    assert.deepEqual(Object.keys(all).sort(), ['sites', 'tokens']);
    assert.deepEqual(
      all.tokens.map(({ id }) => id),
      ids,
    );
    for (const [layer, site] of all.sites.entries()) {
      const { entropy, ...rest } = site;
      assert.deepEqual(rest, {
        id: `blocks.${layer}.attn`,
        component: 'decoder',
        kind: 'masked',
        layer,
        heads: 4,
        queries: 4,
        keys: 4,
      });
      assert.ok(Array.isArray(entropy) && entropy.length === 4);
      assert.ok(entropy.every((value) => value > 0 && value < Math.log(4)));
    }
    assert.equal(all.sites.length, 2);
    const { matrix, reading, scores, ...others } = one;
    assert.deepEqual(others, all);
    assert.ok(reading?.kind);
    assert.deepEqual(Object.keys(scores ?? {}), [
      'induction',
      'duplicateToken',
      'previousToken',
      'chance',
      'limit',
    ]);
    assert.equal(matrix?.length, 4);
    for (const [query, row] of matrix.entries()) {
      assert.ok(Math.abs(row.reduce((sum, value) => sum + value, 0) - 1) < 1e-5);
      assert.deepEqual(row.slice(query + 1), new Array(3 - query).fill(0));
    }
  });

  test('inspect', async () => {
    const file = path.join(model, 'onnx/model.onnx');
    const outline = await answer<ModelOutline>(['inspect', file]);
    assert.equal(outline.file, file);
    assert.equal(outline.attention.length, 2);
    assert.equal(outline.inputs[0]?.name, 'input_ids');
  });

  test('complete, with the text in the line, in a file or on standard input', async () => {
    interface Completion {
      text: string;
      tokens: { id: number; text: string; logprob: number }[];
      stop: string;
      timing: Record<string, number>;
    }
    const file = path.join(temporaryFolder(), 'text.txt');
    writeFileSync(file, prompt);
    const line = ['complete', '--model', model, '--max-new-tokens', '5'];
    const answers = await Promise.all([
      answer<Completion>([...line, '--text', prompt]),
      answer<Completion>([...line, '--file', file]),
      answer<Completion>(line, prompt),
    ]);
    for (const found of answers) {
      assert.deepEqual(Object.keys(found).sort(), [
        'sampled',
        'stop',
        'text',
        'timing',
        'tokens',
        'unsure',
        'warnings',
      ]);
      assert.deepEqual(
        found.tokens.map(({ id }) => id),
        newIds.slice(0, 5),
      );
      for (const token of found.tokens) {
        assert.deepEqual(Object.keys(token).sort(), ['id', 'logprob', 'text']);
        assert.ok(token.logprob < 0);
      }
      assert.equal(found.text, found.tokens.map(({ text }) => text).join(''));
      assert.equal(found.stop, 'length');
      const { loadMs, prefillMs, decodeMs, tokensPerSecond, ...rest } = found.timing;
      assert.deepEqual(rest, {});
      assert.ok([loadMs, prefillMs, decodeMs, tokensPerSecond].every((value) => Number(value) > 0));
    }
  });

  test('the bundled model is there when none is named', async () => {
    const { text } = await answer<{ text: string }>([
      ...['complete', '--text', 'The function returns the', '--max-new-tokens', '4'],
    ]);
    assert.notEqual(text.trim(), '');
  });

  test('failures: status 1, nothing on standard output, one line that says what to do', async () => {
    const damaged = tinyModel('llama', 'with-cache');
    change(path.join(damaged, 'config.json'), { num_attention_heads: 'four' });
    // A word that the embedding lacks: ONNX Runtime stops in the middle of its work.
    const tooMany = tinyModel('llama', 'with-cache');
    const tokenizer = path.join(tooMany, 'tokenizer.json');
    writeFileSync(
      tokenizer,
      readFileSync(tokenizer, 'utf8').replace('"added_tokens":[', '$&{"id":900,"content":"zzz"},'),
    );
    const text = ['--text', 'x'];
    const lines: [args: string[], says: RegExp][] = [
      [['inspect', 'nowhere.onnx'], /nowhere\.onnx\)/],
      [['trace', '--model', damaged, ...text], /\(.*config\.json\)/],
      [
        ['complete', '--model', tooMany, '--text', 'zzz'],
        /“zzz” has the number 48, but the model knows 48 tokens only/,
      ],
      [['translate', '--model', model, ...text], /cannot translate \(/],
      [['summarize', '--model', model, ...text, '--json'], /cannot summarize \(/],
      [['translate', '--target', 'fr', ...text], /into “zh” only, not into “fr”/],
      [['fill', '--model', model, '[MASK]'], /cannot fill blanks \(/],
    ];
    const outcomes = await Promise.all(lines.map(([args]) => headlight(args)));
    for (const [index, [args, says]] of lines.entries()) {
      const { status, out, err } = outcomes[index] as Outcome;
      assert.deepEqual([status, out], [1, ''], args.join(' '));
      assert.match(err, /^headlight: [^\n]+ \([^\n]+\): [^\n]+\n$/, args.join(' '));
      assert.match(err, says);
    }
  });

  test('wrong usage: status 2, and one line that points to the help', async () => {
    const lines = [[], ['inspect', 'x', '--loud'], ['complete', '--temperature', '-1']];
    const outcomes = await Promise.all(lines.map((args) => headlight(args)));
    for (const [index, { status, out, err }] of outcomes.entries()) {
      const line = `headlight ${lines[index]?.join(' ')}`;
      assert.deepEqual([status, out], [2, ''], line);
      assert.match(err, /^headlight: [^\n]+ headlight --help\n$/, line);
    }
  });

  test('the version is that of package.json', async () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    assert.deepEqual(await headlight(['--version']), {
      status: 0,
      out: `${manifest.version}\n`,
      err: '',
    });
  });

  test('an interrupt ends a text: what came is written, and its status and a line say so', async () => {
    const line = ['complete', '--text', 'The', '--max-new-tokens', '450', '--temperature', '1'];
    const child = spawn(process.execPath, [program, ...line, '--seed', '1']);
    child.stdin.end();
    child.stdout.once('data', () => child.kill('SIGINT'));
    const [out, err] = await Promise.all([
      readAll(child.stdout),
      readAll(child.stderr),
      once(child, 'close'),
    ]);
    // The engine may take its time to stop on a busy machine, and the program says so then.
    const lines = err.replace(/^headlight: stopping; [^\n]+\n/, '');
    assert.deepEqual([child.exitCode, lines], [130, 'headlight: stopped; what came is above\n']);
    assert.ok(out.endsWith('\n'));
  });

  test('a second interrupt ends what is stuck in the runtime, and the engine with it', async function () {
    needsProcessList(this);
    const { child, engine } = await busyWith(stuckModel());
    interrupt(child);
    // The first one is heard by both and ends neither, but a line says how to end them.
    const [line] = (await once(child.stderr, 'data')) as [Buffer];
    assert.match(
      String(line),
      /^headlight: stopping; press Ctrl\+C once more to end it at once\n$/,
    );
    assert.ok(child.exitCode === null && child.signalCode === null && isAlive(engine));
    const closed = once(child, 'close');
    interrupt(child);
    await closed;
    assert.equal(child.signalCode, 'SIGINT');
    await gone(engine);
  });

  test('an interrupt ends the loading of a model, and the engine with it', async function () {
    needsProcessList(this);
    const { child, engine } = await busyWith(slowToLoad());
    const ended = Promise.all([readAll(child.stderr), once(child, 'close')]);
    interrupt(child);
    const [err] = await ended;
    // A busy machine may take so long that the program says that it is stopping.
    const lines = err.replace(/^headlight: stopping; [^\n]+\n/, '');
    assert.deepEqual([child.exitCode, lines], [130, 'headlight: stopped before any text came\n']);
    await gone(engine);
  });

  test('an engine that is ended from outside: one line that says so', async function () {
    needsProcessList(this);
    const { child, engine } = await busyWith(stuckModel());
    const ended = Promise.all([readAll(child.stderr), once(child, 'close')]);
    process.kill(engine, 'SIGKILL');
    const [err] = await ended;
    assert.match(err, /^headlight: [^\n]+ \(SIGKILL\): close other programs[^\n]+\n$/);
    assert.equal(child.exitCode, 1);
  });

  /** A program whose engine is in the runtime over a model, and does not come out of it. */
  async function busyWith(
    stuck: string,
  ): Promise<{ child: ChildProcessWithoutNullStreams; engine: number }> {
    const line = ['complete', '--model', stuck, '--text', prompt];
    // A group of its own, so that it can be interrupted as a terminal does it.
    const child = spawn(process.execPath, [program, ...line], { detached: true });
    child.stdin.end();
    let engine: Listed | undefined;
    while (engine === undefined || engine.seconds < 3) {
      assert.equal(child.exitCode, null);
      await sleep(100);
      engine = processes().find(({ parent }) => parent === child.pid);
    }
    return { child, engine: engine.pid };
  }

  test('what tokens hold is shown on a terminal, not obeyed, and goes into a file as it is', async function () {
    needsTerminal(this);
    const folder = tinyModel('llama', 'with-cache');
    const tokenizer = path.join(folder, 'tokenizer.json');
    const hostile = '\u001b]0;title\u0007\u001b[31m';
    const json = JSON.parse(readFileSync(tokenizer, 'utf8')) as {
      model: { vocab: Record<string, number>; merges: string[] };
      added_tokens: { id: number; content: string; special: boolean; normalized: boolean }[];
      decoder: unknown;
    };
    const renamed = new Set(newIds.slice(1, 3));
    const nameOf = (id: number): string => `${hostile}${id}`;
    const vocab = Object.entries(json.model.vocab).map(([piece, id]): [string, number] => [
      renamed.has(id) ? nameOf(id) : piece,
      id,
    ]);
    json.model.vocab = Object.fromEntries(vocab);
    // What merges into a piece that has another name now would be missing.
    json.model.merges = [];
    json.decoder = { type: 'Fuse' };
    for (const id of renamed) {
      json.added_tokens.push({ id, content: nameOf(id), special: false, normalized: false });
    }
    writeFileSync(tokenizer, JSON.stringify(json));

    const line = ['complete', '--model', folder, '--text', prompt, '--max-new-tokens', '8'];
    const { out } = await headlight(line);
    assert.ok(out.includes(hostile), JSON.stringify(out));
    const shown = await onTerminal(line);
    assert.equal(shown.replaceAll('\r\n', '\n'), printableText(out));
    assert.ok(shown.includes('\\u001b]0;title\\u0007'));

    // Whatever else a command shows, as a text for people, as JSON, and as a failure.
    for (const words of [
      ['complete', '--json', ...line.slice(1)],
      ['tokenize', '--model', folder, '--text', nameOf(newIds[1] ?? 0)],
      ['tokenize', '--json', '--model', folder, '--text', nameOf(newIds[1] ?? 0)],
      ['trace', '--model', folder, '--text', nameOf(newIds[1] ?? 0)],
      ['inspect', `${hostile}.onnx`],
    ]) {
      const shown = await onTerminal(words);
      assert.match(shown, /u001b|U\+001B/, words[0]);
      assert.doesNotMatch(shown, NOT_OF_LINES, words[0]);
    }
  });

  /** What a command line writes to a terminal. */
  async function onTerminal(args: string[]): Promise<string> {
    const command = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return readAll(child.stdout);
  }

  test('a reader that goes away is no failure', async () => {
    const child = spawn(process.execPath, [program, 'inspect', model, '--json']);
    child.stdin.end();
    child.stdout.destroy();
    const [err] = await Promise.all([readAll(child.stderr), once(child, 'close')]);
    assert.deepEqual([child.exitCode, err], [0, '']);
  });
});

/** Ctrl+C: every process of the group hears it. */
function interrupt({ pid }: ChildProcess): void {
  assert.ok(pid !== undefined);
  process.kill(-pid, 'SIGINT');
}
