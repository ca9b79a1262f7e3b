// node scripts/start.mjs [--port N]: opens a real VS Code with the extension installed in it.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { command } from '../tools/command.mjs';
import { findDesktop, installOnDesktop, onPath, startDesktop } from '../tools/desktop.mjs';
import { installPackages } from '../tools/install.mjs';
import { start } from '../tools/processes.mjs';
import { buildFolder } from '../tools/root.mjs';
import { copySample, firstDocument, workbenchUrl } from '../tools/sample.mjs';
import { installExtension, startServer } from '../tools/server.mjs';
import { quietSettings, settingsFile, writeSettings } from '../tools/settings.mjs';
import { setUpServer } from '../tools/toolchain/setup.mjs';
import { packageExtension, targetHere } from '../tools/vsix.mjs';

/** A profile of its own: the reader's VS Code and its settings stay as they are. */
const folder = path.join(buildFolder, 'start');

await command(async () => {
  const { values } = parseArgs({ options: { port: { type: 'string' } } });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
    console.error(`${values.port} is no port. Example: npm start -- --port 8080`);
    return 2;
  }

  await installPackages();
  const desktop = await findDesktop({ seen: true });
  if (desktop === undefined) await setUpServer();
  console.log('Building and packing the extension …');
  const { file } = await packageExtension(targetHere());

  const workspace = copySample(path.join(folder, 'workspace'));
  if (!existsSync(settingsFile(folder))) writeSettings(folder, quietSettings);

  if (desktop !== undefined) {
    await installOnDesktop(desktop, folder, file);
    console.log(`Headlight is open in ${desktop}. Ctrl+C closes it.`);
    const log = path.join(folder, 'desktop.log');
    return startDesktop(desktop, folder, [workspace, path.join(workspace, firstDocument)], { log })
      .ended;
  }

  await installExtension(folder, file);
  const server = await startServer({ folder, ...(port === undefined ? {} : { port }) });
  const url = workbenchUrl(server, workspace);
  console.log(`\nHeadlight is open in VS Code at\n\n  ${url}\n\nCtrl+C ends it.`);
  const opener = onPath('xdg-open');
  if (opener !== undefined && process.env.DISPLAY) start(opener, [url]);
  return server.ended;
});
