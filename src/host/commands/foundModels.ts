import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';

/** A model that may be inspected: a file, or a folder of the hub's cache. */
export interface FoundModel {
  name: string;
  /** Where it lies, for people. */
  place: string;
  uri: vscode.Uri;
}

/** Files that are offered at most. */
const MOST = 200;

/** Model files of the open folders, as the workbench finds files: what it leaves out of searches, too. */
export async function modelsOfWorkspace(token: vscode.CancellationToken): Promise<FoundModel[]> {
  const pattern = '**/*.{onnx,safetensors,gguf}';
  const files = await vscode.workspace.findFiles(pattern, '**/node_modules/**', MOST, token);
  return files
    .map((uri) => ({
      name: path.basename(uri.fsPath),
      place: vscode.workspace.asRelativePath(path.dirname(uri.fsPath)),
      uri,
    }))
    .sort((one, other) => one.uri.fsPath.localeCompare(other.uri.fsPath, 'en'));
}

const REPOSITORY = 'models--';

/**
 * Models that the Hugging Face hub's libraries have downloaded.
 * @param env tells where they keep them, as `huggingface_hub` reads it.
 */
export async function modelsOfHubCache(env = process.env): Promise<FoundModel[]> {
  const cache = hubCache(env);
  const names = await readdir(cache).catch((): string[] => []);
  return names
    .filter((name) => name.startsWith(REPOSITORY))
    .sort()
    .map((name) => ({
      name: name.slice(REPOSITORY.length).replaceAll('--', '/'),
      place: cache,
      uri: vscode.Uri.file(path.join(cache, name)),
    }));
}

function hubCache(env: NodeJS.ProcessEnv): string {
  const { HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = env;
  const home =
    HF_HOME ?? path.join(XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'huggingface');
  return HF_HUB_CACHE ?? path.join(home, 'hub');
}
