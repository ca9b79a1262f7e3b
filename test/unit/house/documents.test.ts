import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { root } from '../../support/root';

/** Folders of the repository whose files documents name. */
const FOLDERS = [
  'docs',
  'l10n',
  'media',
  'models',
  'scripts',
  'src',
  'test',
  'tools',
  'webview',
] as const;

const EXTENSION = /\w\.(?:ts|tsx|mjs|cjs|json|md|py|wat|yml)$/;

/**
 * The paths in backticks of a document that lead nowhere. A path from the root must be a file or a
 * folder as it stands; another one, `markup/plan.ts` or `plan.ts`, the end of a file's path.
 *
 * @param places files and folders, relative to the root, with forward slashes
 */
function missingPaths(text: string, places: ReadonlySet<string>): string[] {
  const ends = [...places];
  return [...text.matchAll(/`([\w./-]+)…?`/g)]
    .map(([, named = '']) => named.replace(/\/$/, ''))
    .filter((named) => {
      const fromRoot = FOLDERS.some((folder) => named.startsWith(`${folder}/`));
      return fromRoot
        ? !places.has(named)
        : EXTENSION.test(named) &&
            !places.has(named) &&
            !ends.some((place) => place.endsWith(`/${named}`));
    });
}

suite('house: documents', () => {
  const documents = [
    'CONTRIBUTING.md',
    ...['docs', 'docs/decisions'].flatMap((folder) =>
      readdirSync(path.join(root, folder))
        .filter((name) => name.endsWith('.md'))
        .map((name) => `${folder}/${name}`),
    ),
  ];
  const places = new Set([
    ...readdirSync(root),
    ...FOLDERS.flatMap((folder) => [folder, ...below(folder)]),
  ]);

  for (const document of documents) {
    test(`${document} names files that exist`, () => {
      assert.deepEqual(missingPaths(readFileSync(path.join(root, document), 'utf8'), places), []);
    });
  }

  test('are told of paths that lead nowhere', () => {
    const text =
      '`src/a/b.ts` `src/b.ts` `src/a/` `src/c/…` `a/b.ts` `b.ts` `c.ts` `d/b.ts` `x.onnx` `f(x)`';
    assert.deepEqual(missingPaths(text, new Set(['src', 'src/a', 'src/a/b.ts'])), [
      'src/b.ts',
      'src/c',
      'c.ts',
      'd/b.ts',
    ]);
  });
});

/** What lies below a folder, packages and caches of tools aside. */
function below(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== '.cache')
    .flatMap((entry) => {
      const place = `${folder}/${entry.name}`;
      return entry.isDirectory() ? [place, ...below(place)] : [place];
    });
}
