import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';

/** A file on this machine, which may be gone after {@link LocalFile.dispose}. */
export interface LocalFile {
  path: string;
  dispose(): Promise<void>;
}

/** A file that is there anyway. */
export function localFile(path: string): LocalFile {
  return { path, dispose: () => Promise.resolve() };
}

/**
 * Writes what a URI of any scheme stands for into a folder of its own, which goes with it.
 * @throws vscode.FileSystemError where it cannot be read.
 */
export async function localCopy(uri: vscode.Uri): Promise<LocalFile> {
  const bytes = await vscode.workspace.fs.readFile(uri);
  const folder = await mkdtemp(path.join(tmpdir(), 'headlight-'));
  const file = path.join(folder, path.basename(uri.path));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(file, bytes, { mode: 0o600 });
    return { path: file, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
