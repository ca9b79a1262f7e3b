import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// Every test file is a bundle by itself; what they share is the process.
const shared = globalThis as { headlightTestFolders?: string[] };

/**
 * A new, empty folder that goes when the tests' process ends.
 *
 * @param parent where it lies; the system's folder for such things unless said otherwise
 */
export function temporaryFolder(parent = tmpdir()): string {
  shared.headlightTestFolders ??= removedAtExit();
  const folder = mkdtempSync(path.join(parent, 'headlight-test-'));
  shared.headlightTestFolders.push(folder);
  return folder;
}

function removedAtExit(): string[] {
  const folders: string[] = [];
  process.once('exit', () => {
    for (const folder of folders) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  });
  return folders;
}
