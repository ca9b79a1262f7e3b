import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setup, suite, suiteSetup, suiteTeardown, test } from 'mocha';
import type { Locator } from 'playwright-core';
import { root } from '../support/root';
import { useWorkbench } from '../support/session';
import { skipUnless } from '../support/skips';
import { temporaryFolder } from '../support/temporary';
import type { Workbench } from '../support/workbench';

/** Names come from whoever made a model or a file: they are shown, and nothing is done with them. */
suite('Hostile names', () => {
  const session = useWorkbench();
  let listener: net.Server;
  let port: number;
  let connections = 0;
  /** Addresses that pages asked for which are none of the workbench's own. */
  let foreign: string[];

  suiteSetup(async function () {
    skipUnless(this, process.platform !== 'win32', 'Windows lets no file have such a name');
    listener = net.createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    ({ port } = listener.address() as net.AddressInfo);
  });

  setup(() => {
    connections = 0;
    foreign = [];
  });

  suiteTeardown(() => {
    listener.close();
  });

  /** Markdown, HTML, an icon, a link and emphasis; its slashes are references, so it can name a file. */
  function hostile(name: string): string {
    const address = `https:&#47;&#47;127.0.0.1:${port}&#47;${name}.png`;
    return `![x](${address}) <img src="${address}"> [go](command:a.b) $(trash) **${name}**`;
  }

  /** A token as hostile, with the slashes of an address, and short enough for one line. */
  function hostileToken(): string {
    return `![t](https://127.0.0.1:${port}/t.png)$(trash)`;
  }

  /**
   * A copy of a bundled model in a folder of that name.
   * @param piece the piece of its vocabulary that reads as a hostile token instead.
   */
  function model(bundled: 'complete' | 'fill-mask', name: string, piece: string): string {
    const folder = path.join(temporaryFolder(), name);
    cpSync(path.join(root, `models/headlight-${bundled}`), folder, { recursive: true });
    const file = path.join(folder, 'tokenizer.json');
    const tokenizer = JSON.parse(readFileSync(file, 'utf8')) as {
      added_tokens: object[];
      model: { vocab: Record<string, number>; merges?: (string | [string, string])[] };
    };
    const { vocab, merges } = tokenizer.model;
    const { [piece]: id, ...others } = vocab;
    assert.ok(id !== undefined);
    const token = hostileToken();
    tokenizer.model.vocab = { ...others, [token]: id };
    if (merges) {
      tokenizer.model.merges = merges.filter((merge) => {
        const parts = typeof merge === 'string' ? merge.split(' ') : merge;
        return !parts.includes(piece) && parts.join('') !== piece;
      });
    }
    const added = { single_word: false, lstrip: false, rstrip: false, normalized: false };
    tokenizer.added_tokens.push({ ...added, id, content: token, special: false });
    writeFileSync(file, JSON.stringify(tokenizer));
    return folder;
  }

  async function open(
    files: Record<string, string>,
    settings: Record<string, unknown>,
  ): Promise<Workbench> {
    const [file = ''] = Object.keys(files);
    const workbench = await session.open({
      files: { ...files, '.vscode/settings.json': JSON.stringify(settings) },
      file: encodeURIComponent(file),
    });
    const own = new URL(workbench.page.url()).host;
    workbench.page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol.startsWith('http') && host !== own && !isOfWebview(host)) {
        foreign.push(request.url());
      }
    });
    return workbench;
  }

  /** A file that holds a hostile token, traced with a hostile model. */
  const traced = (): Promise<Workbench> =>
    session.share('traced', async () => {
      const folder = model('complete', hostile('folder'), 'Ġthe');
      const blank = model('fill-mask', hostile('blank'), 'exist');
      const workbench = await open(
        {
          [`${hostile('file')}.txt`]: `The server opens${hostileToken()} file.\n`,
          'blank.txt': 'If the file does not [MASK], a new one is created.\n',
        },
        { 'headlight.trace.model': folder, 'headlight.fillMask.model': blank },
      );
      await workbench.placeCursorAfter('opens');
      await workbench.press('ControlOrMeta+A');
      await workbench.palette('Headlight: Trace Attention');
      await workbench.view().getByRole('gridcell').first().waitFor();
      return workbench;
    });

  /** A place shows these texts as they are, and nothing of the kind of a picture or a link. */
  async function isPlain(place: Locator, ...texts: string[]): Promise<void> {
    const shown = (await place.innerText()).replaceAll('\u00a0', ' ');
    for (const text of texts) {
      assert.ok(shown.includes(text), `“${text}” in “${shown}”`);
    }
    const markup = 'img, strong strong, a[href*="127.0.0.1"], a[href^="command:a"], .codicon-trash';
    assert.equal(await place.locator(markup).count(), 0, shown);
    assert.deepEqual(foreign, []);
    assert.equal(connections, 0);
  }

  test('of folder, file and token in the panel', async () => {
    const workbench = await traced();
    const view = workbench.view();
    await view.getByRole('heading', { name: hostile('folder') }).waitFor();
    await view.getByText(`${hostile('file')}.txt`, { exact: true }).waitFor();
    await view.getByText(hostileToken()).first().waitFor();
    await isPlain(view.locator('body'));
  });

  test('of a folder in the list of models', async () => {
    const workbench = await traced();
    await workbench.palette('Headlight: Trace Attention With…');
    const row = workbench.page.locator('.quick-input-list .monaco-list-row', {
      hasText: hostile('folder'),
    });
    await row.first().waitFor();
    await isPlain(row.first().locator('.label-name'), hostile('folder'));
    await isPlain(row.first(), hostile('folder'));
    await workbench.press('Escape');
  });

  test('of a token and the folder in the hover of that token', async () => {
    const workbench = await traced();
    const hover = await workbench.hover('trash', 'attends to');
    await workbench.screenshot('hostile-hover');
    const token = hostileToken();
    await isPlain(hover, `piece ${token}`, hostile('folder'));
    assert.match(await hover.innerText(), new RegExp(`^\\s*·?${escaped(token)}`));
    // It is what the model expected as well.
    const choices = /top choices: (.*)/.exec(await hover.innerText())?.[1] ?? '';
    assert.ok(choices.includes(token), choices);
  });

  test('of a token in the hover of one that attends to it', async () => {
    const workbench = await traced();
    const hover = await workbench.hover('file', 'attends to');
    const attended = /attends to: (.*)/.exec(await hover.innerText())?.[1] ?? '';
    assert.ok(attended.includes(hostileToken()), attended);
    await isPlain(hover);
  });

  test('of a folder in the language status', async () => {
    const workbench = await traced();
    const status = await languageStatus(workbench, 'is ready');
    await isPlain(status, inStatus(hostile('folder')));
  });

  test('of a token in the list of words for a blank', async () => {
    const workbench = await traced();
    await workbench.startOver('blank.txt');
    await workbench.placeCursorAfter('[MASK');
    await workbench.palette('Headlight: Fill In the Blank');
    const row = workbench.page.locator('.quick-input-list .monaco-list-row', {
      hasText: hostileToken(),
    });
    await row.first().waitFor();
    await isPlain(row.first(), hostileToken());
    await workbench.press('Escape');
  });

  test('of a folder that is not there in message, panel and status', async () => {
    const missing = `/no/such/${hostile('missing')}`;
    const workbench = await open(
      { 'note.txt': 'The function returns\n' },
      { 'headlight.complete.model': missing },
    );
    await workbench.select('The function returns');
    await workbench.palette('Headlight: Complete Selection');
    const message = workbench.notification('/no/such/');
    await message.waitFor();
    const words = message.locator('.notification-list-item-message');
    await isPlain(words, inStatus(missing));
    assert.equal(await words.locator('a').count(), 0);
    await isPlain(await languageStatus(workbench, '/no/such/'), inStatus(missing));
    await workbench.palette('Headlight: Trace Attention');
    await workbench.view().getByText(inStatus(missing)).first().waitFor();
    await isPlain(workbench.view().locator('body'));
  });

  async function languageStatus({ page }: Workbench, words: string): Promise<Locator> {
    await page.mouse.move(0, 0);
    await page.locator('.statusbar-item[id="status.languageStatus"]').hover();
    const status = page.locator('.hover-language-status', { hasText: words }).first();
    await status.waitFor();
    return status;
  }
});

/** A name under which a view asks for the extension's own files; a worker in the page answers. */
function isOfWebview(host: string): boolean {
  return host.endsWith('.vscode-resource.vscode-cdn.net');
}

/** How the places write it that would make a link of it. */
function inStatus(name: string): string {
  return name.replaceAll('](', '] (');
}

function escaped(text: string): string {
  return text.replaceAll(/[^\w ]/g, '\\$&');
}
