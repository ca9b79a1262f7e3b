import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { root } from '../../support/root';

/** Where the source lies, and below which folder of test/unit/ its tests do. */
const SOURCES = { src: '', webview: 'webview/' };

/**
 * What is wrong with where unit tests lie and what their suites are called.
 *
 * @param tests the title of each suite by file, relative to test/unit/
 * @param sources files of the source, as test/unit/ would name them
 */
function misplaced(tests: Map<string, string[]>, sources: readonly string[]): string[] {
  return [...tests].flatMap(([file, titles]) => {
    const folder = path.posix.dirname(file);
    const name = path.posix.basename(file, '.test.ts');
    const namesakes = sources.filter((source) => path.posix.parse(source).name === name);
    const folders = namesakes.map((source) => path.posix.dirname(source));
    const elsewhere = titles
      .map((title) => /^\w+(?:\/\w+)+/.exec(title)?.[0])
      .filter((named) => named !== undefined)
      .filter((named) => named !== folder && path.posix.dirname(named) !== folder);
    return [
      ...(folders.length > 0 && !folders.includes(folder)
        ? [`${file} is named like ${namesakes.join(' and ')}`]
        : []),
      ...elsewhere.map((named) => `${file} has a suite that says ${named}`),
    ];
  });
}

suite('house: unit tests', () => {
  test('lie in the folder of what they are named after, and their suites say so', () => {
    const tests = new Map(
      filesOf('test/unit')
        .filter((file) => file.endsWith('.test.ts'))
        .map((file) => {
          const text = readFileSync(path.join(root, 'test/unit', file), 'utf8');
          return [file, [...text.matchAll(/^ *suite\('([^']+)'/gm)].map(([, title = '']) => title)];
        }),
    );
    const sources = Object.entries(SOURCES).flatMap(([folder, below]) =>
      filesOf(folder)
        .filter((file) => /(?<!\.d)\.tsx?$/.test(file))
        .map((file) => below + file),
    );
    assert.ok(tests.size > 100 && sources.length > 300);
    assert.deepEqual(misplaced(tests, sources), []);
  });

  test('are told when they lie elsewhere', () => {
    const sources = ['cli.ts', 'engine/tasks/trace.ts', 'cli/trace.ts', 'webview/ui/rpc.ts'];
    const tests = new Map([
      ['cli.test.ts', ['cli']],
      ['cli/trace.test.ts', ['cli/trace']],
      ['engine/tasks/trace.test.ts', ['engine/tasks/trace, of a text', 'engine/tasks: more']],
      ['engine/trace.test.ts', []],
      ['webview/rpc.test.ts', ['webview: calls']],
      ['webview/ui/other.test.ts', ['webview/other']],
    ]);
    assert.deepEqual(misplaced(tests, sources), [
      'engine/trace.test.ts is named like engine/tasks/trace.ts and cli/trace.ts',
      'webview/rpc.test.ts is named like webview/ui/rpc.ts',
      'webview/ui/other.test.ts has a suite that says webview/other',
    ]);
  });
});

/** All files below a folder, relative to it, with forward slashes. */
function filesOf(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
    file.replaceAll(path.sep, '/'),
  );
}
