import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setup, suite, suiteSetup, teardown, test } from 'mocha';
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
  let connections: number;

  suiteSetup(function () {
    skipUnless(this, process.platform !== 'win32', 'Windows lets no file have such a name');
  });

  setup(async () => {
    connections = 0;
    listener = net.createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    ({ port } = listener.address() as net.AddressInfo);
  });

  teardown(() => {
    listener.close();
  });

  /** Markdown, HTML, an icon and emphasis; its slashes are references, so it can name a file. */
  function hostile(name: string): string {
    const address = `https:&#47;&#47;127.0.0.1:${port}&#47;${name}.png`;
    return `![x](${address}) <img src="${address}"> $(trash) **${name}**`;
  }

  /** A copy of the bundled model in a folder of that name; one of its tokens reads `token`. */
  function model(name: string, token: string): string {
    const folder = path.join(temporaryFolder(), name);
    cpSync(path.join(root, 'models/headlight-complete'), folder, { recursive: true });
    const file = path.join(folder, 'tokenizer.json');
    const tokenizer = JSON.parse(readFileSync(file, 'utf8')) as {
      added_tokens: object[];
      model: { vocab: Record<string, number>; merges: unknown[] };
    };
    // Nothing is merged with the piece that was made last.
    const { vocab, merges } = tokenizer.model;
    const [last] = Object.entries(vocab).reduce((one, other) => (other[1] > one[1] ? other : one));
    const { [last]: id, ...others } = vocab;
    tokenizer.model = { ...tokenizer.model, vocab: { ...others, [token]: id ?? 0 } };
    tokenizer.model.merges = merges.slice(0, -1);
    const added = { single_word: false, lstrip: false, rstrip: false, normalized: false };
    tokenizer.added_tokens.push({ ...added, id, content: token, special: false });
    writeFileSync(file, JSON.stringify(tokenizer));
    return folder;
  }

  /** Addresses that a page asks for from now on which are none of the workbench's own. */
  function foreignRequests(workbench: Workbench): string[] {
    const foreign: string[] = [];
    const own = new URL(workbench.page.url()).host;
    workbench.page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol.startsWith('http') && host !== own && !isOfWebview(host)) {
        foreign.push(request.url());
      }
    });
    return foreign;
  }

  test('of folder, token and file cause no request in panel, hover, lists and status', async () => {
    const token = '![t](https://127.0.0.1:' + `${port}/token.png)`;
    const folder = model(hostile('folder'), token);
    const file = `${hostile('file')}.txt`;
    const workbench = await session.open({
      files: {
        [file]: `${token} opens\n`,
        '.vscode/settings.json': JSON.stringify({ 'headlight.trace.model': folder }),
      },
      file: encodeURIComponent(file),
    });
    const foreign = foreignRequests(workbench);
    await workbench.placeCursorAfter('opens');
    await workbench.press('ControlOrMeta+A');

    // The list shows the folder's name as it is.
    await workbench.palette('Headlight: Trace Attention With…');
    const row = workbench.page.locator('.quick-input-list .monaco-list-row', {
      hasText: hostile('folder'),
    });
    await row.first().click();

    const view = workbench.view();
    await view.getByRole('heading', { name: hostile('folder') }).waitFor();
    await view.getByText(file, { exact: true }).waitFor();
    await view.getByText(token).first().waitFor();

    // The last line of the hover is the folder's name.
    const hover = await workbench.hover('opens', hostile('folder'));
    assert.equal(await hover.locator('img, .codicon-trash').count(), 0);
    await workbench.screenshot('hostile-hover');

    await workbench.page.mouse.move(0, 0);
    await workbench.page.locator('.statusbar-item[id="status.languageStatus"]').hover();
    const status = workbench.page.locator('.hover-language-status', { hasText: 'is ready' });
    await status.first().waitFor();
    assert.ok((await status.first().innerText()).includes(inStatus(hostile('folder'))));
    assert.equal(await status.locator('img, a[href^="http"], .codicon-trash').count(), 0);

    assert.deepEqual(foreign, []);
    assert.equal(connections, 0);
  });

  test('of a folder that is not there are text in message, panel and status', async () => {
    const missing = `/no/such/${hostile('missing')}[go](command:workbench.action.quit)`;
    const workbench = await session.open({
      files: {
        'note.txt': 'The function returns\n',
        '.vscode/settings.json': JSON.stringify({ 'headlight.complete.model': missing }),
      },
      file: 'note.txt',
    });
    const foreign = foreignRequests(workbench);
    await workbench.select('The function returns');
    await workbench.palette('Headlight: Complete Selection');
    const message = workbench.notification('/no/such/');
    await message.waitFor();
    assert.ok((await message.innerText()).includes(inStatus(hostile('missing'))));
    assert.equal(await message.locator('img, .notification-list-item-message a').count(), 0);
    assert.deepEqual(foreign, []);
    assert.equal(connections, 0);
  });
});

/** A name under which a view asks for the extension's own files; a worker in the page answers. */
function isOfWebview(host: string): boolean {
  return host.endsWith('.vscode-resource.vscode-cdn.net');
}

/** How the places write it that would make a link of it. */
function inStatus(name: string): string {
  return name.replaceAll('](', '] (');
}
