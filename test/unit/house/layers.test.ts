import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { root } from '../../support/root';
import { temporaryFolder } from '../../support/temporary';

/** One line of code where it must not stand, and the rule that says so. */
interface Forbidden {
  file: string;
  code: string;
  rule: string;
}

const paths = 'import-x/no-restricted-paths';
const imports = 'no-restricted-imports';
const syntax = 'no-restricted-syntax';
const node = 'import-x/no-nodejs-modules';
const globals = 'no-restricted-globals';

const forbidden: Record<string, Forbidden[]> = {
  'only the host knows the editor': [
    { file: 'src/engine/x.ts', code: `import 'vscode';`, rule: imports },
    { file: 'src/shared/x.ts', code: `import type { Uri } from 'vscode';`, rule: imports },
    { file: 'src/library/x.ts', code: `void import('vscode');`, rule: syntax },
    { file: 'src/cli.ts', code: `require('vscode');`, rule: syntax },
    { file: 'webview/attention/x.tsx', code: `export * from 'vscode';`, rule: imports },
  ],
  'nobody imports the engine but its entry, the command line and tests': [
    { file: 'src/extension.ts', code: `import './engine/main';`, rule: paths },
    { file: 'src/host/x.ts', code: `import '../engine/main';`, rule: paths },
    { file: 'src/host/commands/x.ts', code: `void import('../../engine/main');`, rule: paths },
    { file: 'src/trace/x.ts', code: `import '../engine/main';`, rule: paths },
    { file: 'src/library/x.ts', code: `import '../engine/main';`, rule: paths },
  ],
  'the command line takes from the editor its way to start an engine, and no more': [
    { file: 'src/cli.ts', code: `import './host/messages';`, rule: paths },
    { file: 'src/cli/x.ts', code: `import '../host/messages';`, rule: paths },
    { file: 'src/cli/x.ts', code: `import '../extension';`, rule: paths },
  ],
  'arrows point down': [
    { file: 'src/wording/x.ts', code: `import '../trace/headKind';`, rule: paths },
    { file: 'src/engine/x.ts', code: `import '../wording/sentence';`, rule: paths },
    { file: 'src/shared/x.ts', code: `import '../engine/main';`, rule: paths },
    { file: 'src/inspect/x.ts', code: `import '../library/files';`, rule: paths },
    { file: 'src/inspect/check/x.ts', code: `import '../../engine/main';`, rule: paths },
    { file: 'src/engine/x.ts', code: `import '../cli';`, rule: paths },
    ...(
      [
        ['src/onnx/graph', 'src/onnx/file'],
        ['src/onnx/file', 'src/onnx/attention'],
        ['src/onnx/shapes', 'src/onnx/attention'],
        ['src/onnx/attention', 'src/onnx/instrument'],
        ['src/onnx/attention', 'src/library'],
        ['src/onnx/instrument', 'src/onnx/outline'],
        ['src/onnx/outline', 'src/weights'],
        ['src/inspect', 'src/library'],
        ['src/inspect', 'src/reference'],
      ] as const
    ).map(([from, to]) => ({
      file: `${from}/x.ts`,
      code: `import '${anyFileOf(to, from)}';`,
      rule: paths,
    })),
    {
      file: 'src/weights/x.ts',
      code: `import '${anyFileOf('src/trace', 'src/weights')}';`,
      rule: paths,
    },
    {
      file: 'src/inspect/check/x.ts',
      code: `import '${anyFileOf('src/library', 'src/inspect/check')}';`,
      rule: paths,
    },
  ],
  'what stands in no room may import nothing of the house': [
    ...['engine/main', 'host/messages', 'shared/failure'].map((target) => ({
      file: 'src/fresh/x.ts',
      code: `import '../${target}';`,
      rule: paths,
    })),
    { file: 'src/x.ts', code: `import './host/messages';`, rule: paths },
    ...['src/onnx', 'src/onnx/fresh'].flatMap((from) =>
      ['src/onnx/graph', 'src/engine', 'src/library'].map((to) => ({
        file: `${from}/x.ts`,
        code: `import '${anyFileOf(to, from)}';`,
        rule: paths,
      })),
    ),
    { file: 'webview/x.tsx', code: `import './attention/main';`, rule: paths },
    { file: 'webview/lesson/x.tsx', code: `import '../attention/main';`, rule: paths },
    { file: 'webview/lesson/x.tsx', code: `import '../ui/toolkit';`, rule: paths },
  ],
  'what ships does without scripts, tools and tests': [
    ...['src/host', 'src/cli', 'src/engine', 'webview/ui', 'webview/attention'].flatMap((from) =>
      ['test/support/root', 'tools/root.mjs', 'scripts/build.mjs'].map((to) => ({
        file: `${from}/x.ts`,
        code: `import '${path.posix.relative(from, to)}';`,
        rule: paths,
      })),
    ),
    ...['x.mjs', 'x.cjs', 'toolchain/x.mjs'].map((name) => ({
      file: `tools/${name}`,
      code: `void import('${path.posix.relative(path.posix.dirname(`tools/${name}`), 'test/webview/support/themes.json')}');`,
      rule: paths,
    })),
    { file: 'tools/x.mjs', code: `import '../scripts/build.mjs';`, rule: paths },
    {
      file: 'scripts/x.mjs',
      code: `import '../test/webview/support/themes.json';`,
      rule: paths,
    },
    { file: 'scripts/x.mjs', code: `import '../src/shared/failure.ts';`, rule: paths },
  ],
  'a view imports contracts, trace and what views share': [
    { file: 'webview/attention/x.ts', code: `import '../../src/engine/main';`, rule: paths },
    { file: 'webview/attention/x.tsx', code: `import '../../src/engine/main';`, rule: paths },
    {
      file: 'webview/chart/x.ts',
      code: `import '${anyFileOf('webview/ui', 'webview/chart')}';`,
      rule: paths,
    },
    {
      file: 'webview/ui/x.tsx',
      code: `import '${anyFileOf('webview/attention', 'webview/ui')}';`,
      rule: paths,
    },
    {
      file: 'src/host/x.ts',
      code: `import '${anyFileOf('webview/attention', 'src/host')}';`,
      rule: paths,
    },
  ],
  'pure rooms take nothing from the process, the network or the clock': [
    { file: 'src/onnx/x.ts', code: `import 'node:fs';`, rule: node },
    { file: 'src/inspect/check/x.ts', code: `import 'node:fs';`, rule: node },
    { file: 'src/inspect/x.ts', code: `Date.now();`, rule: globals },
    { file: 'src/trace/x.ts', code: `import 'fs';`, rule: node },
    { file: 'src/tokenizer/x.ts', code: `void import('node:path');`, rule: node },
    { file: 'src/reference/x.ts', code: `process.exit();`, rule: globals },
    { file: 'src/onnx/x.ts', code: `void fetch('');`, rule: globals },
    { file: 'src/trace/x.ts', code: `Date.now();`, rule: globals },
    { file: 'src/tokenizer/x.ts', code: `performance.now();`, rule: globals },
    { file: 'src/reference/x.ts', code: `setTimeout(() => undefined);`, rule: globals },
    { file: 'src/reference/x.ts', code: `Math.random();`, rule: 'no-restricted-properties' },
    { file: 'src/shared/x.ts', code: `import 'node:fs';`, rule: node },
  ],
  'one file loads ONNX Runtime': [
    { file: 'src/engine/runtime/session.ts', code: `import 'onnxruntime-node';`, rule: imports },
    { file: 'src/engine/tasks/x.ts', code: `import 'onnxruntime-node';`, rule: imports },
    { file: 'src/cli.ts', code: `void import('onnxruntime-node');`, rule: syntax },
    { file: 'src/host/x.ts', code: `import 'onnxruntime-node';`, rule: imports },
  ],
  'only components know Preact': [
    ...['x.ts', 'x.tsx', 'axes/x.tsx'].flatMap((name) =>
      ['preact', 'preact/hooks', '@vscode/l10n'].map((taken) => ({
        file: `webview/chart/${name}`,
        code: `import '${taken}';`,
        rule: imports,
      })),
    ),
    { file: 'webview/chart/x.tsx', code: `void import('preact/hooks');`, rule: syntax },
    { file: 'webview/chart/x.tsx', code: `export const X = () => <p />;`, rule: syntax },
    { file: 'src/host/x.ts', code: `import 'preact/hooks';`, rule: imports },
  ],
  'one file knows the toolkit': [
    {
      file: 'webview/attention/x.tsx',
      code: `import '@vscode/webview-ui-toolkit';`,
      rule: imports,
    },
    {
      file: 'webview/ui/x.ts',
      code: `void import('@vscode/webview-ui-toolkit/dist/toolkit');`,
      rule: syntax,
    },
  ],
};

const allowed: Omit<Forbidden, 'rule'>[] = [
  { file: 'src/extension.ts', code: `import 'vscode';` },
  { file: 'src/host/x.ts', code: `import 'vscode';\nimport '../shared/rpc';` },
  {
    file: 'src/cli/x.ts',
    code: `import '../host/engine/engineProcess';\nimport '../engine/main';`,
  },
  { file: 'src/engine/x.ts', code: `import 'node:fs';\nimport '../onnx/graph/model';` },
  { file: 'src/engine/runtime/onnxruntime.ts', code: `import 'onnxruntime-node';` },
  { file: 'webview/ui/toolkit.tsx', code: `import '@vscode/webview-ui-toolkit';` },
  { file: 'webview/attention/x.tsx', code: `import 'preact';\nimport '../../src/shared/rpc';` },
  { file: 'webview/attention/x.tsx', code: `import './attentionView';\nimport '../ui/toolkit';` },
  { file: 'src/onnx/outline/x.ts', code: `import './outline';\nimport '../shapes/inferShapes';` },
  { file: 'scripts/x.mjs', code: `import 'esbuild';\nimport '../tools/root.mjs';` },
  { file: 'tools/x.mjs', code: `import 'esbuild';\nimport './toolchain/setup.mjs';` },
  { file: 'test/unit/engine/x.ts', code: `import '../../../src/engine/main';` },
];

suite('layers', () => {
  const eslint = new ESLint({
    cwd: root,
    // The snippets are not on disk, so there is no type information about them.
    overrideConfig: tseslint.configs.disableTypeChecked as Linter.Config,
  });

  for (const [title, snippets] of Object.entries(forbidden)) {
    test(title, async () => {
      for (const { file, code, rule } of snippets) {
        const rules = await complaints(file, code);
        assert.ok(rules.includes(rule), `${file}: ${code} is not refused by ${rule}`);
      }
    });
  }

  test('what a room needs is allowed', async () => {
    for (const { file, code } of allowed) {
      assert.deepEqual(await complaints(file, code), [], `${file}: ${code}`);
    }
  });

  test('a circle of imports is refused, of types too', async () => {
    const folder = temporaryFolder();
    const write = (name: string, code: string) => writeFile(path.join(folder, name), code);
    await write('a.ts', `import type { B } from './b';\nexport type A = B;\n`);
    await write('b.ts', `import { c } from './c';\nexport type B = typeof c;\n`);
    await write('c.ts', `export const c = 1;\n`);
    assert.equal(circlesIn(folder), 0);
    await write('c.ts', `import type { A } from './a';\nexport const c: A | 1 = 1;\n`);
    assert.equal(circlesIn(folder), 1);
  });

  test('a circle of imports through a component is refused', async () => {
    const folder = temporaryFolder();
    const write = (name: string, code: string) => writeFile(path.join(folder, name), code);
    await write('a.ts', `import { B } from './b';\nexport const a = B;\n`);
    await write('b.tsx', `import { c } from './c';\nexport const B = () => <p>{c}</p>;\n`);
    await write('c.ts', `import { a } from './a';\nexport const c = String(a);\n`);
    assert.equal(circlesIn(folder), 1);
  });

  async function complaints(file: string, code: string): Promise<(string | null)[]> {
    const [result] = await eslint.lintText(`${code}\n`, { filePath: path.join(root, file) });
    assert.ok(result);
    return result.messages.map((message) => message.ruleId);
  }
});

/** How many circles the check of imports finds, by the settings of the house. */
function circlesIn(folder: string): number {
  const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const settings = path.join(root, '.dependency-cruiser.json');
  const options = ['--config', settings, '--output-type', 'json', folder];
  const { stdout } = spawnSync(process.execPath, [program, ...options], {
    cwd: root,
    encoding: 'utf8',
  });
  const { summary } = JSON.parse(stdout) as { summary: { totalCruised: number; error: number } };
  assert.equal(summary.totalCruised, 3);
  return summary.error;
}

/**
 * A file that exists, because the rule about rooms sees only imports that lead somewhere.
 *
 * @returns its path as an import in `importer` writes it
 */
function anyFileOf(folder: string, importer: string): string {
  const file = readdirSync(path.join(root, folder)).find((name) => name.endsWith('.ts'));
  assert.ok(file, `${folder} holds no file`);
  const relative = path.posix.join(path.posix.relative(importer, folder), path.parse(file).name);
  return relative.startsWith('.') ? relative : `./${relative}`;
}
