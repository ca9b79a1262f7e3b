import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { teardown } from 'mocha';

const made: string[] = [];

teardown(() => {
  for (const folder of made.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Writes files into a new folder that lasts for one test; objects are written as JSON. */
export function writtenFolder(files: Record<string, unknown> = {}): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'headlight-')));
  made.push(folder);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    const isRaw = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(file, isRaw ? content : JSON.stringify(content));
  }
  return folder;
}
