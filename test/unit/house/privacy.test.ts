import { suite, suiteSetup, test } from 'mocha';
import assert from 'node:assert/strict';
import { execFileSync, fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type { Completion } from '../../../src/shared/generation';
import { freshUser, type FreshUser } from '../../support/freshUser';
import { programs } from '../../support/programs';
import { root } from '../../support/root';
import { needsStrace } from '../../support/skips';
import { temporaryFolder } from '../../support/temporary';

/** A text whose summary is one of its sentences, of which nothing is warned. */
const SESSION =
  'When a client connects, the server creates a session. The session keeps the settings of the client until it disconnects.';

/** What reaches the runtime, at least one for each of the models that come with Headlight. */
const COMMANDS = [
  ['complete', '--text', 'The file is', '--max-new-tokens', '4'],
  ['translate', '--text', 'Cannot open the file.'],
  ['summarize', '--text', SESSION],
  ['fill', 'The [MASK] is empty.'],
  ['trace', '--text', 'The parser reads the file.', '--head', 'blocks.0.attn.0'],
] as const;

/** The runtime's telemetry asks for its collector 9 seconds after the library is loaded. */
const PATIENCE_MS = 15_000;

/** Nothing leaves the machine, and nothing is left on it that Headlight did not mean to write. */
suite('privacy', () => {
  let dist: string;

  suiteSetup(async () => {
    dist = path.join(await programs(), 'dist');
  });

  for (const command of COMMANDS) {
    test(`headlight ${command[0]} leaves no file behind`, async () => {
      const user = freshUser();
      const child = spawn(process.execPath, [path.join(dist, 'cli.js'), ...command], {
        ...user.options,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const [err] = await Promise.all([readAll(child.stderr), once(child, 'close')]);
      assert.deepEqual([child.exitCode, err], [0, '']);
      assert.deepEqual(user.written(), []);
    });
  }

  test('the engine process leaves no file behind', async () => {
    const user = freshUser();
    await completes(engine(user), (child) => child.kill());
    assert.deepEqual(user.written(), []);
  });

  test('neither opens a socket but the channel between processes', async function () {
    needsStrace(this);
    this.timeout(4 * PATIENCE_MS);
    const folder = temporaryFolder();
    const log = (name: string): string => path.join(folder, name);
    const traced = (name: string): string[] => [
      ...['-f', '-e', 'trace=%network', '-o', log(name)],
      process.execPath,
    ];
    await completes(
      engine(freshUser(), { execPath: 'strace', execArgv: traced('engine') }),
      async (child) => {
        const patience = sleep(PATIENCE_MS);
        for (const command of COMMANDS) {
          const words = [...traced(command[0]), path.join(dist, 'cli.js'), ...command];
          const one = spawn('strace', words, { ...freshUser().options, stdio: 'ignore' });
          const [code] = (await once(one, 'exit')) as [number];
          assert.deepEqual([code, sockets(log(command[0]))], [0, []], command[0]);
        }
        await patience;
        child.disconnect();
      },
    );
    assert.deepEqual(sockets(log('engine')), []);
  });

  test('what a script starts finds the telemetry of ONNX Runtime off', () => {
    const folder = path.join(root, 'scripts');
    for (const name of readdirSync(folder).filter((name) => name.endsWith('.mjs'))) {
      assert.match(readFileSync(path.join(folder, name), 'utf8'), /^await command\(/m, name);
    }
    const script = `import { command } from '${pathToFileURL(path.join(root, 'tools/command.mjs')).href}';
      await command(() => console.log(process.env.ORT_DISABLE_TELEMETRY));`;
    const args = ['--input-type=module', '-e', script];
    assert.equal(execFileSync(process.execPath, args, freshUser().options).toString(), '1\n');
  });

  test('Python scripts switch it off ahead of the first package that loads ONNX Runtime', () => {
    const loads = /^(?:from|import) (?:onnxruntime|optimum|models\.builder)\b/m;
    const off = /^os\.environ\["ORT_DISABLE_TELEMETRY"\] = "1"$/m;
    const loading = ['src', 'test/fixtures', 'models/train']
      .flatMap((folder) =>
        readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.py'))
          .map((name) => path.join(root, folder, name)),
      )
      .filter((file) => loads.test(readFileSync(file, 'utf8')));
    assert.ok(loading.length > 10);
    for (const file of loading) {
      const [ahead = ''] = readFileSync(file, 'utf8').split(loads);
      assert.match(packageSource(path.dirname(file)) + ahead, off, path.relative(root, file));
    }
  });

  /** As the host forks it, but for the environment, so that the engine has to see to itself. */
  function engine(
    { options }: FreshUser,
    program: { execPath?: string; execArgv?: string[] } = {},
  ): ChildProcess {
    return fork(path.join(dist, 'engine.js'), [root], {
      ...options,
      ...program,
      serialization: 'advanced',
      silent: true,
    });
  }
});

/** Has an engine complete a text, then ends it in a certain way. */
async function completes(
  child: ChildProcess,
  end: (child: ChildProcess) => unknown,
): Promise<void> {
  const connection = createMessageConnection(
    new IPCMessageReader(child),
    new IPCMessageWriter(child),
  );
  connection.listen();
  const answer = await connection.sendRequest<Completion>('complete', {
    params: { model: { bundled: 'complete' }, text: 'The file is', options: { maxNewTokens: 4 } },
    progress: 0,
  });
  assert.notEqual(answer.text, '');
  const ended = once(child, 'exit');
  await end(child);
  await ended;
  connection.dispose();
}

/** The calls of a log that open a socket or speak to one. A pair joins processes, not machines. */
function sockets(log: string): string[] {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => /\b(socket|connect|bind|listen|accept4?|sendto|sendm?msg)\(/.test(line));
}

/** What is carried out ahead of a Python file because of the packages that it is in. */
function packageSource(folder: string): string {
  const init = path.join(folder, '__init__.py');
  return existsSync(init) ? packageSource(path.dirname(folder)) + readFileSync(init, 'utf8') : '';
}
