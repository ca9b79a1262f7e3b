import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../support/root';
import {
  parseFolders,
  parseText,
  translationCalls,
  type Place,
} from '../../support/house/sentences';
import {
  handmadePhrases,
  untranslated,
  untranslatedInView,
  type Untranslated,
} from '../../support/house/untranslated';

type Table = Record<string, string>;

/** The calls whose sentence is no literal: they translate phrases, which are checked themselves. */
const translators = [
  { file: 'src/host/messages.ts', within: 'translate' },
  { file: 'webview/ui/translate.ts', within: 'translate' },
];

const folder = 'l10n';
const bundleFile = `${folder}/bundle.l10n.zh-cn.json`;

suite('l10n: the sentences of the source', () => {
  const calls = parseFolders('src', 'webview').flatMap(translationCalls);
  const keys = new Set(calls.flatMap(({ key }) => (key === undefined ? [] : [key])));
  const bundle = readTable(bundleFile);

  test('are literals, so that they can be found', () => {
    const others = calls.filter(
      (call) =>
        call.key === undefined &&
        !translators.some(({ file, within }) => call.file === file && call.within === within),
    );
    assertNone('The first argument is no string literal', others.map(locate));
  });

  test('have a translation each', () => {
    const missing = [...keys].filter((key) => !Object.hasOwn(bundle, key)).sort();
    assertNone(
      `${bundleFile} lacks a translation, paste and fill in`,
      missing.map((key) => `${JSON.stringify(key)}: "",`),
    );
  });

  test('have all that is translated', () => {
    assertNone(
      `${bundleFile} translates what no longer occurs in the source`,
      Object.keys(bundle).filter((key) => !keys.has(key)),
    );
  });

  test('that the editor shows go through translation', () => {
    const sources = parseFolders('src/host', 'src/shared', 'src/wording');
    const hosts = sources.filter(({ fileName }) => fileName.startsWith('src/host/'));
    assertTranslated(hosts.flatMap((source) => untranslated(source, sources)));
  });

  test('are phrases by phrase(…), so that they are found', () => {
    const sources = parseFolders('src', 'webview');
    assertNone(
      'A phrase is written down by hand, call phrase',
      lines(sources.flatMap((source) => handmadePhrases(source, sources))),
    );
  });
});

suite('l10n: the sentences of the views', () => {
  test('go through translation', () => {
    const sources = parseFolders('webview', 'src/shared', 'src/trace');
    const views = sources.filter(({ fileName }) => fileName.startsWith('webview/'));
    const literals = views.flatMap((source) => untranslatedInView(source, sources));
    // The sign for the mean of all heads, and the end of a hook point's name.
    assertTranslated(literals.filter(({ text }) => !['μ', '.hook_pattern'].includes(text)));
  });
});

suite('l10n: the translations', () => {
  const bundle = Object.entries(readTable(bundleFile));

  test('lie where the editor looks for them, a flat object of sentences', () => {
    const { l10n } = JSON.parse(readText('package.json')) as { l10n?: string };
    assert.equal(path.posix.normalize(l10n ?? ''), folder);
    // JSON.parse keeps the last of two equal keys and says nothing.
    assert.equal(readText(bundleFile), `${JSON.stringify(readTable(bundleFile), null, 2)}\n`);
  });

  test('are in order, so that one is found and two changes seldom meet', () => {
    const keys = bundle.map(([key]) => key);
    assert.deepEqual(keys, [...keys].sort(), `sort the keys of ${bundleFile}`);
  });

  test('are not empty', () => {
    assertNone(
      'The translation is empty',
      bundle.filter(([, translation]) => translation.trim() === '').map(([key]) => key),
    );
  });

  test('have the placeholders of the English text', () => {
    assertNone(
      'The placeholders differ',
      bundle
        .filter(([key, translation]) => placeholders(key) !== placeholders(translation))
        .map(([key, translation]) => `${key} → ${translation}`),
    );
  });

  test('end with a full stop where the English text does, as they are parts of sentences', () => {
    assertNone(
      'The full stop at the end differs',
      bundle
        .filter(([key, translation]) => key.endsWith('.') !== translation.endsWith('。'))
        .map(([key, translation]) => `${key} → ${translation}`),
    );
  });
});

suite('l10n: package.json', () => {
  const english = readTable('package.nls.json');
  const chinese = readTable('package.nls.zh-cn.json');
  const used = [...readText('package.json').matchAll(/"%([^%"]+)%"/g)].map(([, key = '']) => key);

  test('uses texts that exist', () => {
    assertNone(
      'package.nls.json lacks the text',
      used.filter((key) => !english[key]?.trim()),
    );
  });

  test('uses every text that exists', () => {
    assertNone(
      'package.json does not use the text',
      Object.keys(english).filter((key) => !used.includes(key)),
    );
  });

  test('has the same texts in every language', () => {
    assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
    assertNone(
      'package.nls.zh-cn.json has an empty text',
      Object.keys(chinese).filter((key) => !chinese[key]?.trim()),
    );
  });
});

suite('l10n: reading the source', () => {
  test('finds each way of handing over a sentence', () => {
    const calls = translationCalls(
      parseText(
        'x.ts',
        `phrase('a {0}', 1);
        function translate() { l10n.t("b"); }
        vscode.l10n.t(text);
        table.t('c'); phrase;`,
      ),
    );
    assert.deepEqual(calls, [
      { file: 'x.ts', line: 1, key: 'a {0}' },
      { file: 'x.ts', line: 2, key: 'b', within: 'translate' },
      { file: 'x.ts', line: 3 },
    ]);
  });

  test('finds the sentences of components', () => {
    const source = parseText(
      'x.tsx',
      `const X = () => <p title={l10n.t('a')}>{l10n.t('b', 1)}</p>;`,
    );
    assert.deepEqual(
      translationCalls(source).map(({ key }) => key),
      ['a', 'b'],
    );
  });

  test('finds the literals that components would show', () => {
    const source = parseText(
      'x.tsx',
      `const X = () => (
        <p class="quiet" title="one" aria-label={busy ? 'two' : l10n.t('yes')}>
          three {kind === 'both' && <b role="status">{'four'}</b>} {1} · {l10n.t('no')}
          {busy ? 'five' : \`six \${n}\`}
        </p>
      );`,
    );
    assert.deepEqual(
      untranslatedInView(source).map(({ line, text }) => [line, text]),
      [
        [2, 'one'],
        [2, 'two'],
        [3, 'three'],
        [3, 'four'],
        [4, 'five'],
        [4, 'six'],
      ],
    );
  });

  test('finds the literals that the editor would show', () => {
    const source = parseText(
      'x.ts',
      `showErrorMessage('one');
      vscode.window.showQuickPick(items, { title: busy === 'no' ? l10n.t('yes') : \`two \${n}\` });
      const item = { label: '$(folder) ' + 'three', command: 'x.y', description: name };
      status.text = \`$(sync) \${l10n.t('Idle')}\`;
      status.text = \`\${count} four\`;
      log.info('said to nobody');`,
    );
    assert.deepEqual(
      untranslated(source).map(({ line, text }) => [line, text]),
      [
        [1, 'one'],
        [2, 'two '],
        [3, 'three'],
        [5, ' four'],
      ],
    );
  });

  test('finds the literals in properties of components, and what is read aloud', () => {
    const source = parseText(
      'x.tsx',
      `const X = () => (
        <Card class="quiet small one" heading="One" kind="wide" hint="press to see"
          aria-description={'two'} label="three" tone={isBusy ? 'busy' : 'idle'}>
          <p aria-roledescription="four" data-kind="Plain" aria-valuetext={\`\${n} five\`} />
        </Card>
      );`,
    );
    assert.deepEqual(found(untranslatedInView(source)), [
      [2, 'One'],
      [2, 'press to see'],
      [3, 'two'],
      [3, 'three'],
      [4, 'four'],
      [4, 'five'],
    ]);
  });

  test('finds the literals that reach components by variables and functions', () => {
    const sources = [
      parseText(
        'view/x.tsx',
        `import { words as said } from './words';
        const names = { on: 'one', off: l10n.t('Off') };
        function state(kind) { if (kind === 'never') { return l10n.t('b'); } return 'two'; }
        const list = () => ['three'];
        const X = ({ kind, title }) => {
          const { text } = props;
          const mode = isWide ? 'wide' : 'narrow';
          let last = '';
          last = 'four';
          return <ul class={mode} id={state('key')}>
            {names.on} {state(kind)} {list().join(', ')} {last} {said('x')} {mode === 'wide' && kind}
            {items.map((item) => (item.isNew ? 'five' : item.name))} {title} {text} {l10n.t(mode)}
            {useMemo(() => { const inner = () => 'unseen'; return 'six'; }, [])}
          </ul>;
        };`,
      ),
      parseText(
        'view/words.ts',
        `export const words = (key) => TABLE[key];
        const TABLE: Record<string, string> = { x: 'seven', y: l10n.t('Y') } as const;`,
      ),
    ];
    const literals = sources.flatMap((source) => untranslatedInView(source, sources));
    assert.deepEqual(literals.map(({ file, line, text }) => `${file}:${line} ${text}`).sort(), [
      'view/words.ts:2 seven',
      'view/x.tsx:12 five',
      'view/x.tsx:13 six',
      'view/x.tsx:2 one',
      'view/x.tsx:3 two',
      'view/x.tsx:4 three',
      'view/x.tsx:9 four',
    ]);
  });

  test('finds what reads as words in the other files of views, and nothing else', () => {
    const source = parseText(
      'x.ts',
      `import { x } from './Words';
      export const figure = { name: 'Entropy', kind: 'rowAlignment', key: 'row chosen' };
      export const words = (n) => \`no more than \${n} tokens\`;
      if (key === 'Enter' || kind === 'Wide' || keys.has('ArrowUp')) { log.warn('A view has gone'); }
      throw new RangeError('There is no such row');
      type Mode = 'Wide';
      l10n.t('Open the file', 'English name');`,
    );
    assert.deepEqual(found(untranslatedInView(source)), [
      [2, 'Entropy'],
      [3, 'no more than'],
      [7, 'English name'],
    ]);
  });

  test('finds the literals that the editor would show by variables and Markdown', () => {
    const source = parseText(
      'x.ts',
      `const question = isNew ? 'one' : l10n.t('Yes');
      showErrorMessage(question, answer);
      const title = 'two';
      showQuickPick(items, { title });
      const lines = [l10n.t('Head'), '**three**'];
      const hover = new vscode.MarkdownString(lines.filter(Boolean).join('\\n\\n'));
      hover.appendMarkdown(\`four \${n}\`);
      hover.appendText('five');
      const command = 'headlight.open';
      vscode.commands.registerCommand(command, run);`,
    );
    assert.deepEqual(found(untranslated(source)), [
      [1, 'one'],
      [3, 'two'],
      [5, '**three**'],
      [7, 'four '],
      [8, 'five'],
    ]);
  });

  test('finds phrases that are written down by hand', () => {
    const source = parseText(
      'x.ts',
      `const what = { text: 'The file is gone', args: [] };
      const text = 'two';
      export const remedy = { text, args };
      const result = { text: 'a result', tokens: [] };
      const made = { text: translate(what), args: [] };
      function phrase(text, ...args) { return { text, args }; }`,
    );
    assert.deepEqual(found(handmadePhrases(source)), [
      [1, 'The file is gone'],
      [2, 'two'],
    ]);
  });
});

/** Line and text of each. */
function found(literals: readonly Untranslated[]): (string | number)[][] {
  return literals.map(({ line, text }) => [line, text]);
}

/** Fails with the whole list, one entry a line. */
function assertNone(complaint: string, entries: readonly string[]): void {
  if (entries.length > 0) {
    assert.fail([`${complaint} (${entries.length}):`, ...entries].join('\n  '));
  }
}

function assertTranslated(literals: readonly Untranslated[]): void {
  assertNone('A text is shown in English only, wrap it into l10n.t', lines(literals));
}

/** One line for each literal: what one file takes from another is found twice. */
function lines(literals: readonly Untranslated[]): string[] {
  return [...new Set(literals.map((literal) => `${locate(literal)}  ${literal.text}`))];
}

function locate({ file, line }: Place): string {
  return `${file}:${line}`;
}

/** The different placeholders of a text, in order. */
function placeholders(text: string): string {
  return [...new Set(text.match(/\{[^{}]*\}/g))].sort().join(' ');
}

/** A JSON file that holds a flat object of texts. */
function readTable(file: string): Table {
  const table: unknown = JSON.parse(readText(file));
  assert.ok(typeof table === 'object' && table !== null && !Array.isArray(table), file);
  for (const [key, value] of Object.entries(table)) {
    assert.equal(typeof value, 'string', `${file}: ${key}`);
  }
  return table as Table;
}

function readText(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}
