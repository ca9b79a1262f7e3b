// node mocha.mjs --report FILE [--grep TEXT] [--timeout MS] [--retries N] TEST…: runs bundled tests in this process.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import Mocha from 'mocha';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    report: { type: 'string' },
    grep: { type: 'string' },
    timeout: { type: 'string', default: '60000' },
    retries: { type: 'string', default: '0' },
  },
});

/** How long open handles may keep a finished run alive before they count as a failure. */
const lingerMs = 5000;

const mocha = new Mocha({
  ui: 'tdd',
  reporter: 'spec',
  timeout: Number(values.timeout),
  retries: Number(values.retries),
  forbidOnly: process.env['CI'] !== undefined,
  ...(values.grep ? { grep: values.grep } : {}),
});

// One by one, so that a file that throws while it loads leaves the others running.
mocha.lazyLoadFiles(true);
let broken = 0;
for (const file of positionals) {
  mocha.files = [file];
  try {
    mocha.loadFiles();
  } catch (error) {
    console.error(`${file} does not load:`, error);
    broken += 1;
  }
}

const runner = mocha.run((failed) => {
  const { passes, pending, duration } = runner.stats;
  const failures = failed + broken;
  writeFileSync(values.report, JSON.stringify({ stats: { passes, failures, pending, duration } }));
  process.exitCode = failures > 0 ? 1 : 0;
  setTimeout(() => {
    const open = process.getActiveResourcesInfo().filter((resource) => resource !== 'Timeout');
    console.error(
      `The tests are over, yet something keeps their process alive: ${open.join(', ')}`,
    );
    process.exit(3);
  }, lingerMs).unref();
});
