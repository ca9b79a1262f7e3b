import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchOptions } from './browser.mjs';
import { build, filesBelow, testBundles } from './bundles.mjs';
import { openStage } from './e2eStage.mjs';
import { runInExtensionHost } from './integration.mjs';
import { run } from './processes.mjs';
import { buildFolder, root } from './root.mjs';
import { temporaryFolder } from './temporary.mjs';

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * @typedef {object} Choice
 * @property {string} grep only tests whose full title matches this expression; '' for all
 * @property {string} [file] only tests of this file, relative to the root
 */

/** Packages that unit tests load at run time: native code, and the tools that a test drives. */
const loadedAtRunTime = ['onnxruntime-node', 'mocha', 'eslint', 'typescript-eslint'];

/**
 * Format, lint and types, as one test.
 *
 * @returns {Promise<Outcome>}
 */
export async function check() {
  const status = await run('npm', ['run', '--silent', 'check'], { cwd: root });
  return status === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/**
 * The unit tests, one file more at once than there are processors: some wait, for a process or a time.
 *
 * @param {Choice} choice
 * @returns {Promise<Outcome>}
 */
export async function unit(choice) {
  const { tests, broken } = await bundleTests('test/unit', choice, loadedAtRunTime);
  const options = ['--parallel', '--jobs', String(os.availableParallelism() + 1)];
  return plusFailures(await runMocha('unit', tests, choice, { options }), broken);
}

/**
 * The tests of the views in a real browser, with no workbench around them.
 *
 * @param {Choice} choice
 * @returns {Promise<Outcome>}
 */
export async function webview(choice) {
  await build({ production: false });
  const { tests, broken } = await bundleTests(
    'test/webview',
    choice,
    ['mocha', 'playwright-core'],
    {
      alias: { vscode: './test/webview/support/vscode.ts' },
    },
  );
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launchServer(await launchOptions());
  try {
    const outcome = await runMocha('webview', tests, choice, {
      options: ['--timeout', '120000'],
      env: { ...process.env, HEADLIGHT_BROWSER: browser.wsEndpoint() },
    });
    return plusFailures(outcome, broken);
  } finally {
    await browser.close();
  }
}

/**
 * The tests that run inside the extension host of a real VS Code.
 *
 * @param {Choice} choice
 * @returns {Promise<Outcome>}
 */
export async function integration(choice) {
  await build({ production: false });
  const external = ['vscode', 'mocha'];
  const { outdir, broken } = await bundleTests('test/integration', choice, external, {
    entries: ['index.ts'],
  });
  const report = reportFile('integration');
  const status = await runInExtensionHost(path.join(outdir, 'index.js'), {
    HEADLIGHT_TEST_REPORT: report,
    HEADLIGHT_TEST_GREP: choice.grep,
  });
  return plusFailures(readOutcome(report, status), broken);
}

/**
 * The tests that drive the real workbench, with the packaged extension installed, as a user does.
 *
 * @param {Choice} choice
 * @returns {Promise<Outcome>}
 */
export async function e2e(choice) {
  const { tests, broken } = await bundleTests('test/e2e', choice, [
    'mocha',
    'playwright-core',
    'pngjs',
  ]);
  const stage = await openStage();
  try {
    const outcome = await runMocha('e2e', tests, choice, {
      // A second try: a browser on a busy machine can miss a click, a broken feature fails twice.
      options: ['--timeout', '120000', '--retries', '1'],
      env: { ...process.env, HEADLIGHT_E2E: JSON.stringify(stage.description) },
    });
    return plusFailures(outcome, broken);
  } finally {
    await stage.close();
  }
}

/**
 * Bundles every test file of a folder afresh: all at once, which reads each source once, or, where
 * one does not build, each by itself, so that the others run.
 *
 * @param {string} folder relative to the root
 * @param {Choice} choice
 * @param {string[]} external packages that the tests load at run time
 * @param {object} [more]
 * @param {string[]} [more.entries] further files of the folder that are bundled with them
 * @param {Record<string, string>} [more.alias] files that stand in for packages
 * @returns {Promise<{ outdir: string, tests: string[], broken: number }>}
 *   where the bundles lie, the tests among them, and how many files do not build
 */
async function bundleTests(folder, { file }, external, { entries = [], alias = {} } = {}) {
  const esbuild = await import('esbuild');
  const outdir = temporaryFolder(path.join(root, 'dist-test'), path.basename(folder));
  const sources = [
    ...filesBelow(folder, '.test.ts').filter((test) => file === undefined || test === file),
    ...entries.map((entry) => `${folder}/${entry}`),
  ];
  /** @param {string[]} some */
  const options = (some) => ({ ...testBundles(folder, some, outdir, external), alias });
  const broken = await esbuild.build({ ...options(sources), logLevel: 'silent' }).then(
    () => 0,
    async () => {
      const builds = sources.map((source) => esbuild.build(options([source])));
      return (await Promise.allSettled(builds)).filter(({ status }) => status === 'rejected')
        .length;
    },
  );
  return {
    outdir,
    tests: filesBelow(path.relative(root, outdir), '.test.js').map((file) => path.join(root, file)),
    broken,
  };
}

/**
 * Runs bundled tests with mocha in a process of their own.
 *
 * @param {string} stage
 * @param {string[]} tests
 * @param {Choice} choice
 * @param {{ options?: string[], env?: NodeJS.ProcessEnv }} [more] for mocha
 * @returns {Promise<Outcome>}
 */
async function runMocha(stage, tests, { grep }, { options = [], env = process.env } = {}) {
  const report = reportFile(stage);
  const all = [
    ...['--enable-source-maps', path.join(root, 'node_modules/mocha/bin/mocha.js')],
    ...['--config', path.join(root, 'test/.mocharc.json')],
    ...['--reporter-option', `report=${report}`],
    ...(grep ? ['--grep', grep] : []),
    ...(env['CI'] === undefined ? [] : ['--forbid-only']),
    ...options,
    ...tests,
  ];
  return readOutcome(report, await run(process.execPath, all, { cwd: root, env }));
}

/**
 * @param {string} stage
 * @returns {string} where the run writes its report; nothing lies there yet
 */
function reportFile(stage) {
  return path.join(temporaryFolder(buildFolder, `report-${stage}`), 'mocha.json');
}

/**
 * The report decides, and the exit status may only make it worse: a run that crashed half-way
 * leaves no report, and one that crashed at the end still failed.
 *
 * @param {string} report
 * @param {number} status
 * @returns {Outcome}
 */
function readOutcome(report, status) {
  let content;
  try {
    content = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    console.error('The run ended without a report.');
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const { stats, failures = [] } = content;
  for (const { fullTitle, err } of failures) console.error(`\n✘ ${fullTitle}\n${err.stack}`);
  const crashed = status !== 0 && stats.failures === 0;
  return {
    passed: stats.passes,
    failed: stats.failures + (crashed ? 1 : 0),
    skipped: stats.pending,
  };
}

/**
 * @param {Outcome} outcome
 * @param {number} failures
 * @returns {Outcome}
 */
function plusFailures(outcome, failures) {
  return { ...outcome, failed: outcome.failed + failures };
}
