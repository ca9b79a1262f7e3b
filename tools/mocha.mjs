// node mocha.mjs --report FILE [--jobs N] [--grep TEXT] [--timeout MS] [--retries N] TEST…: runs bundled tests.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Mocha from 'mocha';
import { mochaHooks } from './openHandles.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    report: { type: 'string' },
    jobs: { type: 'string', default: '1' },
    grep: { type: 'string' },
    timeout: { type: 'string', default: '60000' },
    retries: { type: 'string', default: '0' },
  },
});

/** With more than one job, test files run in processes of their own, so many at once. */
const jobs = Number(values.jobs);

const mocha = new Mocha({
  ui: 'tdd',
  reporter: 'spec',
  timeout: Number(values.timeout),
  retries: Number(values.retries),
  forbidOnly: process.env['CI'] !== undefined,
  ...(values.grep ? { grep: values.grep } : {}),
  ...(jobs > 1
    ? {
        parallel: true,
        jobs,
        require: [fileURLToPath(new URL('openHandles.mjs', import.meta.url))],
      }
    : { rootHooks: mochaHooks }),
});

let broken = 0;
if (jobs > 1) {
  mocha.files = positionals;
} else {
  // One by one, so that a file that throws while it loads leaves the others running.
  mocha.lazyLoadFiles(true);
  for (const file of positionals) {
    mocha.files = [file];
    try {
      mocha.loadFiles();
    } catch (error) {
      console.error(`${file} does not load:`, error);
      broken += 1;
    }
  }
}

const runner = mocha.run((failed) => {
  const { passes, pending, duration } = runner.stats;
  const failures = failed + broken;
  writeFileSync(values.report, JSON.stringify({ stats: { passes, failures, pending, duration } }));
  process.exitCode = failures > 0 ? 1 : 0;
  // What is left open has been told as a failure; it must not keep the run alive.
  setTimeout(() => process.exit(), 1000).unref();
});
