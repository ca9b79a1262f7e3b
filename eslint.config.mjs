import { existsSync, readdirSync } from 'node:fs';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/*
 * Besides the usual, this file keeps the rules of the house: which room may import which, and what
 * only certain rooms may touch. test/unit/house/layers.test.ts proves that they bite.
 */

/** Rooms whose code computes and does nothing else: no process, no network, no clock. */
const pureRooms = ['inspect', 'onnx', 'reference', 'trace', 'tokenizer', 'weights'];

const webview = new URL('webview/', import.meta.url);
const views = readdirSync(webview).filter((name) =>
  existsSync(new URL(`${name}/main.tsx`, webview)),
);

/** What views are written in. */
const ofViews = 'webview/**/*.{ts,tsx}';

const noVscode = {
  name: 'vscode',
  message: 'Only src/extension.ts and src/host know the editor.',
};
const noRuntime = {
  name: 'onnxruntime-node',
  message: 'Only src/engine/runtime/onnxruntime.ts loads it, with its telemetry off.',
};
const noToolkit = {
  name: '@vscode/webview-ui-toolkit',
  message:
    'Only webview/ui/toolkit.tsx knows the toolkit: its successor must be a change there alone.',
};
const noPreact = {
  name: 'preact',
  message: 'Only components know Preact; what paints and what computes does without.',
};

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'dist-test/',
      'build/',
      'models/',
      '.vscode-test/',
      '**/node_modules/',
      '**/.cache/',
      'test/fixtures/',
    ],
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({ extensions: ['.ts', '.tsx', '.mjs', '.js'] }),
      ],
      'import-x/extensions': ['.ts', '.tsx', '.mjs'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'import-x/no-duplicates': 'error',
      'import-x/no-self-import': 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' },
      ],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },

  // Tests take apart what their own helpers return.
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/unbound-method': 'off' } },

  // Arrows point down: extension → host → shared ← engine → {onnx, reference, trace, …}.
  {
    files: ['src/**/*.ts', ofViews],
    rules: {
      'no-console': 'error',
      'import-x/no-extraneous-dependencies': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          basePath: import.meta.dirname,
          zones: [
            room('src/shared', [], 'The contracts stand below every room.'),
            room('src/wording', ['shared'], 'Words are made of contracts alone.'),
            room(
              'src/host',
              ['shared', 'wording'],
              'The host reaches everything else through the engine.',
            ),
            room('src/engine', ['shared', 'library', ...pureRooms], 'Arrows point down.'),
            room('src/library', ['shared', ...pureRooms], 'Arrows point down.'),
            room('src/trace', ['shared'], 'Views use this room: keep it small.'),
            room('src/weights', ['shared', 'onnx'], 'Weights are read from files and no more.'),
            room('src/inspect', ['shared', 'onnx', 'weights'], 'Files are looked into, not run.'),
            room('src/onnx/graph', ['shared'], 'A graph knows nothing of files or attention.'),
            ...['file', 'shapes', 'attention'].map((name) =>
              room(`src/onnx/${name}`, ['shared', 'onnx/graph'], 'Arrows point down.'),
            ),
            room(
              'src/onnx/instrument',
              ['shared', 'onnx/graph', 'onnx/file', 'onnx/attention'],
              'Arrows point down.',
            ),
            room('src/onnx/outline', ['shared', 'onnx/graph', 'onnx/shapes'], 'Arrows point down.'),
            ...pureRooms
              .filter((name) => !['trace', 'weights', 'onnx', 'inspect'].includes(name))
              .map((name) => room(`src/${name}`, ['shared', ...pureRooms], 'Arrows point down.')),
            zone('src/extension.ts', 'src', ['host', 'shared'], 'It builds the host and no more.'),
            ...['src/cli.ts', 'src/cli'].map((target) =>
              zone(target, 'src/host', ['engine'], 'The command line is a host of its own.'),
            ),
            zone('src', 'webview', [], 'Views are bundles of their own.'),
            zone('webview', 'src', ['shared', 'trace'], 'Views know contracts and pure maths.'),
            zone('webview/chart', 'webview', ['chart'], 'Painting knows no component.'),
            zone('webview/ui', 'webview', ['ui', 'chart'], 'What views share knows no view.'),
            ...views.map((view) =>
              zone(
                `webview/${view}`,
                'webview',
                [view, 'ui', 'chart'],
                'Views do not know each other.',
              ),
            ),
          ],
        },
      ],
    },
  },
  { files: ['src/cli.ts'], rules: { 'no-console': 'off' } },

  // Packages that a few rooms have for themselves.
  without([ofViews], noVscode, noRuntime, noToolkit),
  without(
    ['src/**/*.ts', 'test/**/*.ts', 'webview/chart/**/*.ts'],
    noVscode,
    noRuntime,
    noToolkit,
    noPreact,
  ),
  without(
    ['src/extension.ts', 'src/host/**/*.ts', 'test/{integration,bench,webview}/**/*.ts'],
    noRuntime,
    noToolkit,
    noPreact,
  ),
  without(['src/engine/runtime/onnxruntime.ts'], noVscode, noToolkit, noPreact),
  without(['webview/ui/toolkit.tsx'], noVscode, noRuntime),

  // What computes or is shown in a browser takes nothing from Node.
  {
    files: [
      ...pureRooms.map((name) => `src/${name}/**/*.ts`),
      'src/{shared,wording}/**/*.ts',
      ofViews,
    ],
    rules: { 'import-x/no-nodejs-modules': 'error' },
  },
  {
    files: pureRooms.map((name) => `src/${name}/**/*.ts`),
    rules: {
      'no-restricted-globals': [
        'error',
        ...restricted('This room has no process.', ['process', 'Buffer', 'require', 'Worker']),
        ...restricted('This room has no network.', [
          'fetch',
          'WebSocket',
          'XMLHttpRequest',
          'EventSource',
        ]),
        ...restricted('This room has no clock.', [
          'Date',
          'performance',
          'setTimeout',
          'setInterval',
          'setImmediate',
        ]),
        ...restricted('Take what you need from elsewhere by name.', ['globalThis', 'crypto']),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Take random numbers as a parameter.' },
      ],
    },
  },

  { files: ['**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
);

/**
 * A room of src/ may import itself and the rooms in `allowed`, and nothing else of src/.
 *
 * @param {string} target
 * @param {string[]} allowed rooms, relative to src/
 * @param {string} message
 */
function room(target, allowed, message) {
  return zone(target, 'src', [...new Set([target.slice('src/'.length), ...allowed])], message);
}

/**
 * @param {string} target the files that this zone is about
 * @param {string} from what they must not import
 * @param {string[]} except folders and files of `from` that they may
 * @param {string} message
 */
function zone(target, from, except, message) {
  return { target: `./${target}`, from: `./${from}`, except: except.map((e) => `./${e}`), message };
}

/**
 * Forbids packages in `files`, in every form of import. A later block for the same files replaces
 * an earlier one.
 *
 * @param {string[]} files
 * @param {{ name: string, message: string }[]} packages
 */
function without(files, ...packages) {
  return {
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: packages.map(({ name, message }) => ({ regex: `^${name}(/|$)`, message })),
        },
      ],
      'no-restricted-syntax': [
        'error',
        ...packages.flatMap(({ name, message }) => {
          const literal = `[value=/^${name.replaceAll('/', '\\/')}(\\/|$)/]`;
          return [
            { selector: `ImportExpression > Literal.source${literal}`, message },
            { selector: `CallExpression[callee.name="require"] > Literal${literal}`, message },
          ];
        }),
      ],
    },
  };
}

/**
 * @param {string} message
 * @param {string[]} names
 */
function restricted(message, names) {
  return names.map((name) => ({ name, message }));
}
