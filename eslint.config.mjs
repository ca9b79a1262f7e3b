import { readdirSync } from 'node:fs';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/*
 * Besides the usual, this file keeps the rules of the house: which room may import which, and what
 * only certain rooms may touch. test/unit/house/layers.test.ts proves that they bite.
 */

/** Rooms whose code computes and does nothing else: no process, no network, no clock. */
const pureRooms = ['inspect', 'onnx', 'reference', 'trace', 'tokenizer', 'weights'];

const down = 'Arrows point down.';

/**
 * What each room may import besides itself, relative to the root, and why no more. What stands in
 * no room of this list, or of {@link views}, may import nothing of the house.
 *
 * @type {Record<string, [allowed: string[], why: string]>}
 */
const rooms = {
  'src/extension.ts': [['src/host', 'src/shared'], 'It builds the host and no more.'],
  'src/host': [['src/shared', 'src/wording'], 'The host reaches all else through the engine.'],
  'src/cli.ts': [['src/cli', 'src/shared'], 'It runs the command line and no more.'],
  'src/cli': [
    ['src/engine', 'src/host/engine', 'src/library', 'src/shared', 'src/wording'],
    'The command line is a host of its own.',
  ],
  'src/engine': [['src/shared', 'src/library', ...pureRooms.map((name) => `src/${name}`)], down],
  'src/shared': [[], 'The contracts stand below every room.'],
  'src/wording': [['src/shared'], 'Words are made of contracts alone.'],
  'src/library': [['src/shared', 'src/onnx', 'src/tokenizer'], down],
  'src/inspect': [
    ['src/shared', 'src/wording', 'src/onnx', 'src/weights'],
    'A model is judged by its files.',
  ],
  'src/reference': [['src/shared', 'src/weights'], down],
  'src/tokenizer': [['src/shared'], down],
  'src/trace': [['src/shared'], 'Views use this room: keep it small.'],
  'src/weights': [['src/shared', 'src/onnx'], 'Weights are read from files and no more.'],
  'src/onnx/graph': [['src/shared'], 'A graph knows nothing of files or attention.'],
  'src/onnx/file': [['src/shared', 'src/onnx/graph'], down],
  'src/onnx/shapes': [['src/shared', 'src/onnx/graph'], down],
  'src/onnx/attention': [['src/shared', 'src/onnx/graph'], down],
  'src/onnx/instrument': [
    ['src/shared', 'src/onnx/graph', 'src/onnx/file', 'src/onnx/attention'],
    down,
  ],
  'src/onnx/outline': [['src/shared', 'src/onnx/graph', 'src/onnx/shapes'], down],
  'webview/chart': [['src/shared', 'src/trace'], 'Painting knows no component.'],
  'webview/ui': [['webview/chart', 'src/shared', 'src/trace'], 'What views share knows no view.'],
  scripts: [['tools'], 'What ships and starts does without the tests.'],
  tools: [[], 'What ships and starts does without the tests.'],
};

/** Every other folder of webview/ is a view. */
const views = readdirSync(new URL('webview/', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !(`webview/${entry.name}` in rooms))
  .map(({ name }) => `webview/${name}`);

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
  // Elements import it unwritten.
  syntax: [':matches(JSXElement, JSXFragment)'],
};
const noTranslation = {
  name: '@vscode/l10n',
  message: 'Sentences stand in components, which hand them to what paints.',
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

  {
    files: ['src/**/*.ts', ofViews],
    rules: { 'no-console': 'error', 'import-x/no-extraneous-dependencies': 'error' },
  },
  { files: ['src/cli.ts'], rules: { 'no-console': 'off' } },

  // Arrows point down: extension → host → shared ← engine → {onnx, reference, trace, …}.
  mayImport(
    ['src/**/*.ts', ofViews],
    [],
    'This file is in no room: name the room in eslint.config.mjs, and what it may import.',
  ),
  ...views.map((view) =>
    mayImport(
      filesOf(view),
      [view, 'webview/ui', 'webview/chart', 'src/shared', 'src/trace'],
      'Views know contracts, pure maths and what views share, and not each other.',
    ),
  ),
  ...Object.entries(rooms).map(([room, [allowed, why]]) =>
    mayImport(filesOf(room), [room, ...allowed], why),
  ),

  // Packages that a few rooms have for themselves.
  without([ofViews], noVscode, noRuntime, noToolkit),
  without(['src/**/*.ts', 'test/**/*.ts'], noVscode, noRuntime, noToolkit, noPreact),
  without(['webview/chart/**/*.{ts,tsx}'], noVscode, noRuntime, noToolkit, noPreact, noTranslation),
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

/** @param {string} room a folder or a file, relative to the root */
function filesOf(room) {
  return /\.ts$/.test(room) ? [room] : [`${room}/**/*.{ts,tsx,mjs,cjs}`];
}

/**
 * Of what is in this repository, `files` may import what lies in `allowed` and nothing else. A later
 * block for the same files replaces an earlier one.
 *
 * @param {string[]} files
 * @param {string[]} allowed folders and files, relative to the root
 * @param {string} message
 */
function mayImport(files, allowed, message) {
  const except = [...allowed, 'node_modules'].map((place) => `./${place}`);
  return {
    files,
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          basePath: import.meta.dirname,
          zones: [{ target: '.', from: '.', except, message }],
        },
      ],
    },
  };
}

/**
 * Forbids packages in `files`, in every form of import, and syntax that stands for an import. A
 * later block for the same files replaces an earlier one.
 *
 * @param {string[]} files
 * @param {{ name: string, message: string, syntax?: string[] }[]} packages
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
        ...packages.flatMap(({ name, message, syntax = [] }) => {
          const literal = `[value=/^${name.replaceAll('/', '\\/')}(\\/|$)/]`;
          return [
            { selector: `ImportExpression > Literal.source${literal}`, message },
            { selector: `CallExpression[callee.name="require"] > Literal${literal}`, message },
            ...syntax.map((selector) => ({ selector, message })),
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
