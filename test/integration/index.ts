import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/**
 * Runs every test beside this file inside the extension host: VS Code, on the desktop or behind a
 * browser, calls it. The report goes to the file that `HEADLIGHT_TEST_REPORT` names and decides the
 * run: when the extension host crashes, VS Code reports success.
 *
 * @throws when a test failed
 */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const { HEADLIGHT_TEST_GREP: grep, HEADLIGHT_TEST_REPORT: output } = process.env;
  const mocha = new Mocha({
    ui: 'tdd',
    timeout: 60_000,
    reporter: 'json',
    reporterOptions: { output },
    ...(grep ? { grep } : {}),
  });
  for (const file of readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).sort()) {
    if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  }
  await new Promise<void>((resolve, reject) => {
    mocha
      .run((failures) => {
        if (failures === 0) resolve();
        else reject(new Error(`${failures} tests failed`));
      })
      .on('pass', (test) => say(`  ✔ ${test.fullTitle()} (${test.duration ?? 0} ms)`))
      .on('pending', (test) => say(`  - ${test.fullTitle()}`))
      .on('fail', (test, error: Error) => {
        // In one line at once: a run that is given up leaves no report.
        say(`  ✘ ${test.fullTitle()}: ${error.message.replaceAll(/\s+/g, ' ')}`);
      });
  });
}

/** The runner shows lines that begin like these and drops what else the host prints. */
function say(line: string): void {
  console.log(line);
}
