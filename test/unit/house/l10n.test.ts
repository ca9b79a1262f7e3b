import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../support/root';
import {
  parseFolders,
  parseText,
  translationCalls,
  untranslated,
  untranslatedInView,
  type Place,
} from '../../support/house/sentences';

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
    const literals = parseFolders('src/host').flatMap(untranslated);
    assertNone(
      'A text is shown in English only, wrap it into l10n.t',
      literals.map((literal) => `${locate(literal)}  ${literal.text}`),
    );
  });
});

suite('l10n: the sentences of the views', () => {
  test('go through translation', () => {
    const literals = parseFolders('webview').flatMap(untranslatedInView);
    // The sign for the mean of all heads, and the end of a hook point's name.
    const others = literals.filter(({ text }) => !['μ', '.hook_pattern'].includes(text));
    assertNone(
      'A text is shown in English only, wrap it into l10n.t',
      others.map((literal) => `${locate(literal)}  ${literal.text}`),
    );
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
});

/** Fails with the whole list, one entry a line. */
function assertNone(complaint: string, entries: readonly string[]): void {
  if (entries.length > 0) {
    assert.fail([`${complaint} (${entries.length}):`, ...entries].join('\n  '));
  }
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
