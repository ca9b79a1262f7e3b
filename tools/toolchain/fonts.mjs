// Fonts for Chinese and emoji, so that pictures show what a user sees, whatever fonts the system has.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

const packages = {
  'noto-sans-sc': '@fontsource-variable/noto-sans-sc/files',
  'noto-color-emoji': '@infolektuell/noto-color-emoji/files',
};

/**
 * Unpacks the fonts, unless that was done. npm has them for web pages, compressed as WOFF2, which
 * Chromium takes from pages alone.
 *
 * @param {string} modules where the packages are installed
 * @param {string} cache takes a folder of the fonts
 * @returns {Promise<string>} that folder
 */
export async function unpackFonts(modules, cache) {
  const unpacked = path.join(cache, 'fonts');
  if (existsSync(unpacked)) return unpacked;
  const { decompress } = await import('wawoff2');
  const staging = path.join(cache, `fonts-${process.pid}`);
  mkdirSync(staging, { recursive: true });
  for (const [name, files] of Object.entries(packages)) {
    const folder = path.join(modules, files);
    for (const file of readdirSync(folder).filter((entry) => entry.endsWith('.woff2'))) {
      const font = await decompress(readFileSync(path.join(folder, file)));
      writeFileSync(path.join(staging, `${name}-${path.basename(file, '.woff2')}.ttf`), font);
    }
  }
  // A folder that has its final name is complete, whatever interrupts this.
  renameSync(staging, unpacked);
  return unpacked;
}

/**
 * A fontconfig file.
 *
 * @param {object} choice
 * @param {string[]} choice.folders of fonts, beside the user's own
 * @param {boolean} [choice.system] begin with the system's configuration
 * @param {string} choice.cache where fontconfig keeps what it found
 */
export function fontConfiguration({ folders, system = false, cache }) {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${system ? '  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n' : ''}${folders
    .map((folder) => `  <dir>${folder}</dir>\n`)
    .join('')}  <dir prefix="xdg">fonts</dir>
  <cachedir>${path.join(cache, 'fontconfig')}</cachedir>
</fontconfig>
`;
}
