// TMPDIR=FOLDER node unpackChromium.mjs: Chromium with its libraries and fonts, into FOLDER.
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const chromium = path.join(
  path.dirname(fileURLToPath(import.meta.url)),
  'node_modules/@sparticuz/chromium',
);
// The package's main entry leaves the libraries out unless it runs in the cloud it was made for.
const { inflate } = await import(pathToFileURL(path.join(chromium, 'build/esm/lambdafs.js')).href);
for (const part of ['chromium.br', 'fonts.tar.br', 'al2023.tar.br', 'swiftshader.tar.br']) {
  await inflate(path.join(chromium, 'bin', part));
}
